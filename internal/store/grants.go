package store

import (
	"net/netip"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Grants is the table of what applications were granted. A row carries every
// token under it: they derive from its sealed seed, so that nothing is written
// for a token and one write ends them all.
type Grants struct{ c *conn }

// GrantRow is a grant with the seed of its tokens.
type GrantRow struct {
	Grant identity.Grant
	Seed  []byte // sealed at rest
}

// String keeps seeds out of logs.
func (r GrantRow) String() string { return "grant " + string(r.Grant.ID) }

// GoString keeps seeds out of %#v.
func (r GrantRow) GoString() string { return r.String() }

// GrantStanding is a grant with how everybody it depends on stands at the
// moment: status, generation and a member's end. What does not exist is the zero value.
type GrantStanding struct {
	Row          GrantRow
	Account      identity.Account
	Member       identity.Member
	Organization identity.Organization
	Application  identity.Application
}

const grantColumns = `g.id, g.application_id, g.organization_id, g.account_id, coalesce(g.member_id, ''), coalesce(g.session_id, ''),
	g.scopes, g.claims, g.nonce, g.methods, g.proven_at, g.offline, g.round, g.round_at, g.account_generation, g.member_generation,
	g.organization_generation, g.application_generation, g.created_at, g.ends_at, g.revoked_at, g.verified_at, g.address`

// grantScan gathers one row of grantColumns.
type grantScan struct {
	grant                                   identity.Grant
	scopes, claims, methods, address        string
	proven, roundAt, created, ends, revoked int64
	verified                                int64
}

func (s *grantScan) into() []any {
	g := &s.grant
	return []any{
		&g.ID, &g.ApplicationID, &g.OrganizationID, &g.AccountID, &g.MemberID, &g.SessionID,
		&s.scopes, &s.claims, &g.Nonce, &s.methods, &s.proven, &g.Offline, &g.Round, &s.roundAt, &g.Generation.Account, &g.Generation.Member,
		&g.Generation.Organization, &g.ApplicationGeneration, &s.created, &s.ends, &s.revoked, &s.verified, &s.address,
	}
}

func (s *grantScan) read() identity.Grant {
	g := s.grant
	g.Scopes, g.Methods = strings.Fields(s.scopes), strings.Fields(s.methods)
	if s.claims != "" {
		g.Claims = []byte(s.claims)
	}
	g.ProvenAt, g.RoundAt, g.CreatedAt, g.EndsAt, g.RevokedAt = at(s.proven), at(s.roundAt), at(s.created), at(s.ends), at(s.revoked)
	g.VerifiedAt = at(s.verified)
	g.Address, _ = netip.ParseAddr(s.address) // "" and what cannot be read lie in no region
	return g
}

var errNoGrant = fault.New(fault.NotFound, fault.CodeNotFound)

func seedContext(id identity.GrantID) string { return "grants.seed:" + string(id) }

// Grant returns a grant whatever its state, with how everybody it depends on
// stands, or NotFound.
func (t Lookup) Grant(id identity.GrantID) (GrantStanding, error) {
	var sealed []byte
	found, err := found(t.c, errNoGrant, func(scan func(...any) error) (s GrantStanding, err error) {
		var g grantScan
		var memberEnds int64
		err = scan(append(g.into(), &sealed, &s.Account.Status, &s.Account.Generation, &s.Member.Status, &memberEnds, &s.Member.Generation,
			&s.Organization.Status, &s.Organization.Generation, &s.Application.Status, &s.Application.Generation)...)
		s.Row.Grant, s.Member.ExpiresAt = g.read(), at(memberEnds)
		return s, err
	}, `SELECT `+grantColumns+`, g.seed, coalesce(a.status, ''), coalesce(a.generation, 0), coalesce(m.status, ''), coalesce(m.expires_at, 0), coalesce(m.generation, 0),
		coalesce(o.status, ''), coalesce(o.generation, 0), coalesce(p.status, ''), coalesce(p.generation, 0)
		FROM grants g LEFT JOIN accounts a ON a.id = g.account_id
		LEFT JOIN members m ON m.id = g.member_id AND m.organization_id = g.organization_id AND m.account_id = g.account_id
		LEFT JOIN organizations o ON o.id = g.organization_id
		LEFT JOIN applications p ON p.id = g.application_id AND p.organization_id = g.organization_id WHERE g.id = $1`, id)
	if err == nil {
		found.Row.Seed, err = t.c.open(sealed, seedContext(id))
	}
	return found, err
}

const (
	insertGrant = `INSERT INTO grants (id, application_id, organization_id, account_id, member_id, session_id, scopes, claims, nonce,
		methods, proven_at, offline, seed, round, round_at, account_generation, member_generation, organization_generation,
		application_generation, created_at, ends_at, verified_at, address)
		SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, `
	// A person's grant is added only while all that it stands on is as it was:
	// the session above all, whose row is locked, so that its end either comes
	// first and is seen or comes after and finds the grant.
	insertPersonal = insertGrant + `$18, $19, $20, $21, $22, $23 FROM sessions s WHERE s.id = $6 AND ($12 OR s.ended_at = 0) AND EXISTS (
		SELECT 1 FROM members m JOIN accounts a ON a.id = m.account_id JOIN organizations o ON o.id = m.organization_id
		JOIN applications p ON p.organization_id = o.id
		WHERE m.id = $5 AND m.account_id = $4 AND m.organization_id = $3 AND p.id = $2
		AND a.status = 'active' AND m.status = 'active' AND o.status = 'active' AND p.status = 'active'
		AND a.generation = $16 AND m.generation = $17 AND o.generation = $18 AND p.generation = $19
		AND (m.expires_at = 0 OR m.expires_at > $20))`
	insertOwn = insertGrant + `o.generation + $18, $19, $20, $21, $22, $23 FROM applications p JOIN organizations o ON o.id = p.organization_id
		WHERE p.id = $2 AND o.id = $3 AND p.status = 'active' AND o.status = 'active' AND p.generation = $19`
)

// Insert adds a grant. When anybody it depends on is not active, or not as the
// caller read them, or its session was ended, it is Stale, here or at a later
// call, and nothing is committed. A grant to an application itself takes the
// generation that its organisation has.
func (t Grants) Insert(r GrantRow) error {
	g, query := r.Grant, insertPersonal+t.c.forUpdate()
	if g.MemberID == "" {
		query = insertOwn
	}
	stands := func(affected int64) error {
		if affected == 0 {
			return errStanding
		}
		return nil
	}
	return t.c.expect(stands, query, g.ID, g.ApplicationID, g.OrganizationID, g.AccountID, nullable(string(g.MemberID)),
		nullable(string(g.SessionID)), strings.Join(g.Scopes, " "), string(g.Claims), g.Nonce, strings.Join(g.Methods, " "),
		ms(g.ProvenAt), g.Offline, t.c.box().Seal(r.Seed, seedContext(g.ID)), g.Round, ms(g.RoundAt), g.Generation.Account,
		g.Generation.Member, g.Generation.Organization, g.ApplicationGeneration, ms(g.CreatedAt), ms(g.EndsAt),
		ms(g.VerifiedAt), addressText(g.Address))
}

// Advance begins the next round of a grant, which ends later, and reports
// whether it did: not when another began it or the grant was revoked. Of
// several that try at once one succeeds.
func (t Grants) Advance(id identity.GrantID, round int64, ends time.Time) (bool, error) {
	n, err := t.c.exec(`UPDATE grants SET round = $2 + 1, round_at = $3, ends_at = $4 WHERE id = $1 AND round = $2 AND revoked_at = 0`,
		id, round, ms(t.c.tx.now), ms(ends))
	return n != 0, err
}

// Revoke ends a grant and all tokens under it, and reports whether it had not
// ended before.
func (t Grants) Revoke(id identity.GrantID) (bool, error) {
	n, err := t.c.exec(`UPDATE grants SET revoked_at = $2 WHERE id = $1 AND revoked_at = 0`, id, ms(t.c.tx.now))
	if err != nil || n == 0 {
		return false, err
	}
	return true, t.c.tx.Changed(TopicGrant, string(id))
}

// EndSession ends the grants that came from a session and do not outlive it.
// Call it in the transaction that ends the session, after the session.
func (t Grants) EndSession(session identity.SessionID, when time.Time) error {
	return t.revokeEach(`UPDATE grants SET revoked_at = $2 WHERE session_id = $1 AND NOT offline AND revoked_at = 0 RETURNING id`,
		session, ms(when))
}

// RevokeOf ends what a member of an organisation granted to an application, or
// with "" to any, and returns the grants that ended.
func (t Grants) RevokeOf(org identity.OrganizationID, m identity.MemberID, a identity.ApplicationID) (ended []identity.GrantID, err error) {
	return t.revokeList(`UPDATE grants SET revoked_at = $4 WHERE organization_id = $1 AND member_id = $2
		AND ($3 = '' OR application_id = $3) AND revoked_at = 0 RETURNING id`, org, m, a, ms(t.c.tx.now))
}

func (t Grants) revokeEach(query string, args ...any) error {
	_, err := t.revokeList(query, args...)
	return err
}

// revokeList runs an update that returns ids and announces each.
func (t Grants) revokeList(query string, args ...any) ([]identity.GrantID, error) {
	ended, err := list(t.c, func(scan func(...any) error) (id identity.GrantID, err error) { return id, scan(&id) }, query, args...)
	for _, id := range ended {
		if err == nil {
			err = t.c.tx.Changed(TopicGrant, string(id))
		}
	}
	return ended, err
}

// GrantListing is a grant as a list shows it.
type GrantListing struct {
	Grant           identity.Grant
	ClientID        string
	ApplicationName string
}

// Live returns the grants of a member of an organisation that have neither
// ended nor been revoked, newest first. Whether who they depend on still stands
// is for the caller to see.
func (t Grants) Live(org identity.OrganizationID, m identity.MemberID) ([]GrantListing, error) {
	return list(t.c, func(scan func(...any) error) (l GrantListing, err error) {
		var g grantScan
		err = scan(append(g.into(), &l.ClientID, &l.ApplicationName)...)
		l.Grant = g.read()
		return l, err
	}, `SELECT `+grantColumns+`, p.client_id, p.name FROM grants g JOIN applications p ON p.id = g.application_id
		WHERE g.organization_id = $1 AND g.member_id = $2 AND g.revoked_at = 0 AND g.ends_at > $3 AND p.tried_by = '' ORDER BY g.id DESC`,
		org, m, ms(t.c.tx.now))
}

// Sweep deletes up to limit grants that ended before an instant and returns how
// many there were.
func (t Grants) Sweep(before time.Time, limit int) (int64, error) {
	return t.c.exec(`DELETE FROM grants WHERE id IN (SELECT id FROM grants WHERE ends_at < $1 ORDER BY ends_at LIMIT $2)`, ms(before), limit)
}
