package store

import (
	"net/netip"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// AccessTokens is the table of REST callers' tokens. A row is found by its
// time-ordered id; the hash of the secret is compared by the caller, and the
// seed from which both secrets come is sealed.
type AccessTokens struct{ c *conn }

// AccessTokenRow is a token with what proves it.
type AccessTokenRow struct {
	Token identity.AccessToken
	Hash  []byte // SHA-256 of the access secret
	// Seed is what both secrets derive from. Reading a row leaves it out: see
	// AccessTokens.Seed.
	Seed []byte
}

// String keeps seeds out of logs.
func (AccessTokenRow) String() string { return "[redacted]" }

// Standing is how everybody a token depends on stands at the moment. What does
// not exist, or is not asked for, is the zero value.
type Standing struct {
	Account      identity.Account // id, status, generation and display name
	Member       identity.Member  // role, status, end, generation and name
	Organization identity.Organization
	AppID        identity.AppID
	Administers  bool // the account administers the provider
}

// bearerSelect reads a token and all it depends on at once: a check that is not
// remembered costs one statement, which opens nothing that is sealed.
const bearerSelect = `SELECT t.id, t.hash, t.account_id, t.organization_id, t.member_id, t.client_type, t.app_id, t.address,
	t.created_at, t.expires_at, t.refreshed_at, t.refresh_ends_at, t.account_generation, t.member_generation,
	t.organization_generation, t.app_id_generation, t.ended_at, t.ended_by,
	coalesce(a.kind, ''), coalesce(a.status, ''), coalesce(a.generation, 0), coalesce(a.display_name, ''),
	coalesce(m.status, ''), coalesce(m.expires_at, 0), coalesce(m.generation, 0), coalesce(m.role, ''), coalesce(m.name, ''),
	coalesce(o.status, ''), coalesce(o.generation, 0), coalesce(p.status, ''), coalesce(p.generation, 0), v.account_id IS NOT NULL`

const bearerFrom = ` FROM access_tokens t LEFT JOIN accounts a ON a.id = t.account_id
	LEFT JOIN members m ON m.id = t.member_id AND m.organization_id = t.organization_id
	LEFT JOIN organizations o ON o.id = t.organization_id LEFT JOIN app_ids p ON p.id = t.app_id
	LEFT JOIN provider_administrators v ON v.account_id = t.account_id WHERE t.id = $1`

// Bearer is a token with how everybody it depends on stands.
type Bearer struct {
	Row      AccessTokenRow
	Standing Standing
}

func scanBearer(scan func(...any) error) (b Bearer, err error) { return scanBearerAnd(scan) }

// scanBearerAnd scans what bearerSelect reads and more behind it.
func scanBearerAnd(scan func(...any) error, more ...any) (b Bearer, err error) {
	var address string
	var created, expires, refreshed, refreshEnds, ended, memberEnds int64
	t, g, s := &b.Row.Token, &b.Row.Token.Generation, &b.Standing
	err = scan(append([]any{
		&t.ID, &b.Row.Hash, &t.AccountID, &t.OrganizationID, &t.MemberID, &t.ClientType, &t.AppID, &address,
		&created, &expires, &refreshed, &refreshEnds, &g.Account, &g.Member, &g.Organization, &g.AppID, &ended, &t.EndedBy,
		&s.Account.Kind, &s.Account.Status, &s.Account.Generation, &s.Account.DisplayName,
		&s.Member.Status, &memberEnds, &s.Member.Generation, &s.Member.Role, &s.Member.Name,
		&s.Organization.Status, &s.Organization.Generation, &s.AppID.Status, &s.AppID.Generation, &s.Administers,
	}, more...)...)
	s.Member.ExpiresAt = at(memberEnds)
	t.Address, _ = netip.ParseAddr(address)
	t.CreatedAt, t.ExpiresAt, t.RefreshedAt, t.RefreshEndsAt, t.EndedAt = at(created), at(expires), at(refreshed), at(refreshEnds), at(ended)
	return b, err
}

var errNoToken = fault.New(fault.NotFound, fault.CodeTokenUnknown)

// insertToken adds a token for whoever has no member or, with one, only while
// account, member and organisation stand as the caller read them.
const insertToken = `INSERT INTO access_tokens (id, hash, seed, account_id, organization_id, member_id, client_type, app_id,
	address, created_at, expires_at, refreshed_at, refresh_ends_at, account_generation, member_generation,
	organization_generation, app_id_generation)
	SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17 WHERE $6 = '' OR EXISTS (
		SELECT 1 FROM members m JOIN accounts a ON a.id = m.account_id JOIN organizations o ON o.id = m.organization_id
		WHERE m.id = $6 AND m.account_id = $4 AND m.organization_id = $5
		AND a.generation = $14 AND m.generation = $15 AND o.generation = $16
		AND a.status = 'active' AND m.status = 'active' AND o.status = 'active'
		AND (m.expires_at = 0 OR m.expires_at > $10))`

// errStanding: the caller read who they are too long ago, and may read again.
var errStanding = fault.New(fault.Stale, fault.CodeStale)

// Insert adds a token. When the person or the organisation has changed since
// the caller read them, so that tokens of before are dead, or is not active, it
// is Stale, here or at a later call: what a caller remembers never lets anybody
// in whom the database would not.
func (t AccessTokens) Insert(r AccessTokenRow) error {
	k, g := r.Token, r.Token.Generation
	stands := func(affected int64) error {
		if affected == 0 {
			return errStanding
		}
		return nil
	}
	return t.c.expect(stands, insertToken,
		k.ID, r.Hash, t.c.box().Seal(r.Seed, "access_tokens.seed:"+string(k.ID)), k.AccountID, k.OrganizationID, k.MemberID,
		int64(k.ClientType), k.AppID, addressText(k.Address), ms(k.CreatedAt), ms(k.ExpiresAt), ms(k.RefreshedAt),
		ms(k.RefreshEndsAt), g.Account, g.Member, g.Organization, g.AppID)
}

// Extend stores new times and, when the secrets were made anew, hash and seed.
// A token that ended meanwhile is NotFound, here or at a later call.
func (t AccessTokens) Extend(r AccessTokenRow) error {
	k := r.Token
	err := t.c.expect(live, `UPDATE access_tokens SET hash = $2, seed = $3, created_at = $4, expires_at = $5, refreshed_at = $6,
		refresh_ends_at = $7 WHERE id = $1 AND ended_at = 0`,
		k.ID, r.Hash, t.c.box().Seal(r.Seed, "access_tokens.seed:"+string(k.ID)), ms(k.CreatedAt), ms(k.ExpiresAt),
		ms(k.RefreshedAt), ms(k.RefreshEndsAt))
	if err != nil {
		return err
	}
	return t.c.tx.Changed(TopicToken, string(k.ID))
}

// live refuses a write that met no token that was alive.
func live(affected int64) error {
	if affected == 0 {
		return errNoToken
	}
	return nil
}

const endToken = `UPDATE access_tokens SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at = 0`

// End ends a token before its time. One that ended already is NotFound, here
// or at a later call.
func (t AccessTokens) End(id identity.TokenID, by identity.TokenEnd) error {
	if err := t.c.expect(live, endToken, id, ms(t.c.tx.now), by); err != nil {
		return err
	}
	return t.c.tx.Changed(TopicToken, string(id))
}

// Fell ends a token because of a later one. That it ended already by another
// way does not matter.
func (t AccessTokens) Fell(id identity.TokenID) error {
	if err := t.c.later(endToken, id, ms(t.c.tx.now), identity.EndedByLogin); err != nil {
		return err
	}
	return t.c.tx.Changed(TopicToken, string(id))
}

// AgedTokens is what a look at the oldest tokens found.
type AgedTokens struct {
	Over []identity.TokenID // those that nobody can refresh any more
	Read int                // how many tokens were looked at
	Last identity.TokenID   // the youngest of those, "" for none
}

// Aged looks at up to limit tokens above one id and below another, oldest
// first. Those count as over whose refresh ended before the instant of the
// transaction.
func (t AccessTokens) Aged(above, below identity.TokenID, limit int) (found AgedTokens, err error) {
	now := ms(t.c.tx.now)
	err = t.c.each(`SELECT id, refresh_ends_at FROM access_tokens WHERE id > $1 AND id < $2 ORDER BY id LIMIT $3`,
		[]any{above, below, limit}, func(scan func(...any) error) error {
			var end int64
			if err := scan(&found.Last, &end); err != nil {
				return err
			}
			found.Read++
			if end < now {
				found.Over = append(found.Over, found.Last)
			}
			return nil
		})
	return found, err
}

// Drop deletes tokens that were found to be over. One that was refreshed
// meanwhile stays.
func (t AccessTokens) Drop(ids []identity.TokenID) error {
	for _, id := range ids {
		if err := t.c.later(`DELETE FROM access_tokens WHERE id = $1 AND refresh_ends_at < $2`, id, ms(t.c.tx.now)); err != nil {
			return err
		}
	}
	return nil
}

// Hold appends an entry to the list of an account's live tokens of one client
// type. trim is given the whole list and returns what is to be kept of it. Until
// the transaction ends no other reads that list to change it, so that two
// logins cannot both pass the cap.
func (t AccessTokens) Hold(account identity.AccountID, client identity.ClientType, entry []byte, trim func(list []byte) ([]byte, error)) error {
	if t.c.traits.forUpdate == "" {
		return t.holdAlone(account, client, entry, trim)
	}
	var list []byte
	err := t.c.row(`INSERT INTO token_holders (account_id, client_type, tokens) VALUES ($1, $2, $3)
		ON CONFLICT (account_id, client_type) DO UPDATE SET tokens = token_holders.tokens || excluded.tokens RETURNING tokens`,
		account, int64(client), entry).scan(&list)
	if err != nil {
		return err
	}
	kept, err := trim(list)
	if err != nil || len(kept) == len(list) {
		return err
	}
	return t.SetHeld(account, client, kept)
}

// holdAlone is Hold where one transaction writes at a time. SQLite keeps a copy
// of every page for a statement that writes and returns, so it is two of them.
func (t AccessTokens) holdAlone(account identity.AccountID, client identity.ClientType, entry []byte, trim func([]byte) ([]byte, error)) error {
	list, err := t.Held(account, client)
	if err == nil {
		list, err = trim(append(list, entry...))
	}
	if err != nil {
		return err
	}
	return t.SetHeld(account, client, list)
}

// Held returns the list, empty when there is none, and locks it like Hold.
func (t AccessTokens) Held(account identity.AccountID, client identity.ClientType) (list []byte, err error) {
	err = t.c.row(`SELECT tokens FROM token_holders WHERE account_id = $1 AND client_type = $2`+t.c.forUpdate(), account, int64(client)).
		scan(&list)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	return list, err
}

// SetHeld stores the list in place of the one before.
func (t AccessTokens) SetHeld(account identity.AccountID, client identity.ClientType, list []byte) error {
	return t.c.later(`INSERT INTO token_holders (account_id, client_type, tokens) VALUES ($1, $2, $3)
		ON CONFLICT (account_id, client_type) DO UPDATE SET tokens = excluded.tokens`, account, int64(client), list)
}

func addressText(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

// APITokens is the table of management tokens.
type APITokens struct{ c *conn }

const apiTokenColumns = `id, hash, name, organization_id, created_at, expires_at, revoked_at`

// APITokenRow is a management token with the hash that proves it.
type APITokenRow struct {
	Token identity.APIToken
	Hash  []byte
}

func scanAPIToken(scan func(...any) error) (r APITokenRow, err error) {
	var created, expires, revoked int64
	err = scan(&r.Token.ID, &r.Hash, &r.Token.Name, &r.Token.OrganizationID, &created, &expires, &revoked)
	r.Token.CreatedAt, r.Token.ExpiresAt, r.Token.RevokedAt = at(created), at(expires), at(revoked)
	return r, err
}

// Insert adds a management token; a name in use is a Conflict.
func (t APITokens) Insert(r APITokenRow) error {
	n, err := t.c.exec(`INSERT INTO api_tokens (id, hash, name, organization_id, created_at, expires_at, revoked_at)
		VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT DO NOTHING`,
		r.Token.ID, r.Hash, r.Token.Name, r.Token.OrganizationID, ms(r.Token.CreatedAt), ms(r.Token.ExpiresAt))
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, fault.CodeAPITokenName).At("name")
	}
	return err
}

// All returns every management token, oldest first.
func (t APITokens) All() ([]APITokenRow, error) {
	return list(t.c, scanAPIToken, `SELECT `+apiTokenColumns+` FROM api_tokens ORDER BY id`)
}

// Revoke ends a management token and frees its name.
func (t APITokens) Revoke(id identity.APITokenID) error {
	n, err := t.c.exec(`DELETE FROM api_tokens WHERE id = $1`, id)
	if err == nil && n == 0 {
		return errNoToken
	}
	return t.c.changed(n, err, TopicAPIToken, string(id))
}
