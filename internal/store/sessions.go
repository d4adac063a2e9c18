package store

import (
	"encoding/json"
	"net/netip"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Sessions is the table of signed-in browsers. A row is found by its
// time-ordered id; the hash of the secret is compared by the caller. One that
// ended stays until it is swept, so that its end can be told.
type Sessions struct{ c *conn }

// SessionRow is a session with what proves it.
type SessionRow struct {
	Session identity.Session
	Hash    []byte // SHA-256 of the secret
}

// String keeps hashes out of logs.
func (r SessionRow) String() string { return "session " + string(r.Session.ID) }

// SignedIn is a session with how everybody it depends on stands at the moment.
// The nouns hold what a page shows and a check compares (ids, names, status,
// role, end, generation); what does not exist is the zero value. They are not to be
// stored.
type SignedIn struct {
	Row          SessionRow
	Account      identity.Account
	Member       identity.Member
	Organization identity.Organization
	Administers  bool // the account administers the provider
	StatementDue bool // the privacy statement that counts was not accepted
}

// sessionSelect reads sessions and all they depend on at once, and opens
// nothing that is sealed: a page costs one statement.
const sessionSelect = `SELECT s.id, s.hash, s.account_id, s.organization_id, s.member_id, s.methods, s.source_id, s.source_session, s.proven_at,
	s.created_at, s.seen_at, s.idle_ends_at, s.ends_at, s.address, s.request_id, s.user_agent, s.must_change,
	s.account_generation, s.member_generation, s.organization_generation, s.ended_at, s.ended_by, s.verified_at,
	coalesce(a.id, ''), coalesce(a.kind, ''), coalesce(a.organization_id, ''), coalesce(a.name, ''), coalesce(a.display_name, ''),
	coalesce(a.language, ''), coalesce(a.status, ''), coalesce(a.generation, 0),
	coalesce(m.id, ''), coalesce(m.name, ''), coalesce(m.role, ''), coalesce(m.status, ''), coalesce(m.expires_at, 0), coalesce(m.generation, 0),
	coalesce(o.id, ''), coalesce(o.code, ''), coalesce(o.name, ''), coalesce(o.domain, ''), coalesce(o.status, ''),
	coalesce(o.generation, 0), v.account_id IS NOT NULL, ` + privacyDue + `
	FROM sessions s LEFT JOIN accounts a ON a.id = s.account_id
	LEFT JOIN members m ON m.id = s.member_id AND m.organization_id = s.organization_id AND m.account_id = s.account_id
	LEFT JOIN organizations o ON o.id = s.organization_id
	LEFT JOIN provider_administrators v ON v.account_id = s.account_id `

// sessionScan gathers one row of sessionSelect.
type sessionScan struct {
	signed                             SignedIn
	member                             *string
	methods, address                   string
	proven, created, seen, idle, ended int64
	ends, memberEnds, verified         int64
}

func (s *sessionScan) into() []any {
	k, g := &s.signed.Row.Session, &s.signed.Row.Session.Generation
	a, m, o := &s.signed.Account, &s.signed.Member, &s.signed.Organization
	return []any{
		&k.ID, &s.signed.Row.Hash, &k.AccountID, &k.OrganizationID, &s.member, &s.methods, &k.SourceID, &k.SourceSession, &s.proven,
		&s.created, &s.seen, &s.idle, &s.ends, &s.address, &k.Origin.RequestID, &k.UserAgent, &k.MustChange,
		&g.Account, &g.Member, &g.Organization, &s.ended, &k.EndedBy, &s.verified,
		&a.ID, &a.Kind, &a.OrganizationID, &a.Name, &a.DisplayName, &a.Language, &a.Status, &a.Generation,
		&m.ID, &m.Name, &m.Role, &m.Status, &s.memberEnds, &m.Generation,
		&o.ID, &o.Code, &o.Name, &o.Domain, &o.Status, &o.Generation, &s.signed.Administers, &s.signed.StatementDue,
	}
}

func scanSignedIn(scan func(...any) error) (SignedIn, error) {
	var s sessionScan
	if err := scan(s.into()...); err != nil {
		return s.signed, err
	}
	k := &s.signed.Row.Session
	k.ProvenAt, k.CreatedAt, k.SeenAt, k.IdleEndsAt, k.EndsAt, k.EndedAt = at(s.proven), at(s.created), at(s.seen), at(s.idle), at(s.ends), at(s.ended)
	k.VerifiedAt = at(s.verified)
	s.signed.Member.ExpiresAt = at(s.memberEnds)
	k.Origin.Address, _ = netip.ParseAddr(s.address)
	if s.member != nil {
		k.MemberID = identity.MemberID(*s.member)
	}
	if s.signed.Member.ID != "" {
		s.signed.Member.AccountID, s.signed.Member.OrganizationID = k.AccountID, k.OrganizationID
	}
	return s.signed, json.Unmarshal([]byte(s.methods), &k.Methods)
}

var errNoSession = fault.New(fault.NotFound, fault.CodeSessionNotFound)

// Session returns a session whatever its state, with how everybody it depends
// on stands, or NotFound.
func (t Lookup) Session(id identity.SessionID) (SignedIn, error) {
	return found(t.c, errNoSession, scanSignedIn, sessionSelect+`WHERE s.id = $1`, id)
}

// Live returns the sessions of an account whose own time has not run out at
// the instant of the transaction, newest first. Whether who they depend on
// still stands is for the caller to see.
func (t Sessions) Live(account identity.AccountID) ([]SignedIn, error) {
	return list(t.c, scanSignedIn, sessionSelect+`WHERE s.account_id = $1 AND s.ended_at = 0 AND s.idle_ends_at > $2 AND s.ends_at > $2
		ORDER BY s.id DESC`, account, ms(t.c.tx.now))
}

// OfSource returns the sessions that a source proved under its own name for
// them, of which there is one, and whose own time has not run out. "" names
// none.
func (t Sessions) OfSource(source identity.SourceID, name string) ([]SignedIn, error) {
	return list(t.c, scanSignedIn, sessionSelect+`WHERE s.source_id = $1 AND s.source_session = $2 AND s.source_session <> ''
		AND s.ended_at = 0 AND s.idle_ends_at > $3 AND s.ends_at > $3 ORDER BY s.id`, source, name, ms(t.c.tx.now))
}

// Add adds a session.
func (t Sessions) Add(s identity.Session, hash []byte) error {
	methods, err := json.Marshal(s.Methods)
	if err != nil {
		return err
	}
	g := s.Generation
	_, err = t.c.exec(`INSERT INTO sessions (id, hash, account_id, organization_id, member_id, methods, source_id, proven_at, created_at,
		seen_at, idle_ends_at, ends_at, address, request_id, user_agent, must_change, account_generation, member_generation,
		organization_generation, source_session, verified_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
		$17, $18, $19, $20, $21)`,
		s.ID, hash, s.AccountID, s.OrganizationID, nullable(string(s.MemberID)), string(methods), s.SourceID, ms(s.ProvenAt),
		ms(s.CreatedAt), ms(s.SeenAt), ms(s.IdleEndsAt), ms(s.EndsAt), addressText(s.Origin.Address), s.Origin.RequestID,
		s.UserAgent, s.MustChange, g.Account, g.Member, g.Organization, s.SourceSession, ms(s.VerifiedAt))
	return err
}

// Renew stores a new proof of the person of a session that goes on, under
// another hash. Whose it is and its beginning stay. One that ended is NotFound
// and stays ended.
func (t Sessions) Renew(s identity.Session, hash []byte) error {
	methods, err := json.Marshal(s.Methods)
	if err != nil {
		return err
	}
	g := s.Generation
	n, err := t.c.exec(`UPDATE sessions SET hash = $2, methods = $3, source_id = $4, proven_at = $5, seen_at = $6, idle_ends_at = $7,
		ends_at = $8, must_change = $9, account_generation = $10, member_generation = $11, organization_generation = $12,
		source_session = $13, verified_at = $14 WHERE id = $1 AND ended_at = 0`,
		s.ID, hash, string(methods), s.SourceID, ms(s.ProvenAt), ms(s.SeenAt), ms(s.IdleEndsAt), ms(s.EndsAt), s.MustChange,
		g.Account, g.Member, g.Organization, s.SourceSession, ms(s.VerifiedAt))
	return t.went(n, err, s.ID)
}

// went announces that a session of which n rows were written is another now; none
// is NotFound.
func (t Sessions) went(n int64, err error, id identity.SessionID) error {
	if err == nil && n == 0 {
		return errNoSession
	}
	if err != nil {
		return err
	}
	return t.c.tx.Changed(TopicSession, string(id))
}

// Verify stores a second proof of the person of a session that goes on, with all
// methods by which they are proven now. One that ended is NotFound.
func (t Sessions) Verify(s identity.Session) error {
	methods, err := json.Marshal(s.Methods)
	if err != nil {
		return err
	}
	n, err := t.c.exec(`UPDATE sessions SET methods = $2, verified_at = $3 WHERE id = $1 AND ended_at = 0`, s.ID, string(methods), ms(s.VerifiedAt))
	return t.went(n, err, s.ID)
}

// Touch notes that a session was used and moves its idle end. One that ended
// meanwhile is NotFound and stays ended. It announces nothing: whoever remembers
// the session takes the end that they know for too early, never for too late.
func (t Sessions) Touch(id identity.SessionID, seen, idleEnds time.Time) error {
	n, err := t.c.exec(`UPDATE sessions SET seen_at = $2, idle_ends_at = $3 WHERE id = $1 AND ended_at = 0`, id, ms(seen), ms(idleEnds))
	if err == nil && n == 0 {
		return errNoSession
	}
	return err
}

// End ends a session before its time. One that ended already is NotFound and
// keeps its first end.
func (t Sessions) End(id identity.SessionID, when time.Time, by identity.SessionEnd) error {
	n, err := t.c.exec(`UPDATE sessions SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at = 0`, id, ms(when), by)
	return t.went(n, err, id)
}

// EndAll ends every session of an account in an organisation that still
// counts, and returns where they were used. "" stands for all accounts of the
// organisation, or for all organisations of the account.
func (t Sessions) EndAll(account identity.AccountID, org identity.OrganizationID, by identity.SessionEnd) ([]Entered, error) {
	const counts = ` AND ended_at = 0 AND idle_ends_at > $1 AND ends_at > $1`
	const ended = `UPDATE sessions SET ended_at = $1, ended_by = $2 WHERE `
	const used = `JOIN sessions s ON s.id = p.session_id WHERE s.ended_at = $1 AND p.state = '' AND `
	now := ms(t.c.tx.now)
	// An organisation's sessions are found through its people: no index stands
	// on the organisation of a session.
	if account == "" {
		const people = `account_id IN (SELECT account_id FROM members WHERE organization_id = $3) AND organization_id = $3`
		if _, err := t.c.exec(ended+people+counts, now, by, org); err != nil {
			return nil, err
		}
		if err := t.c.tx.Changed(TopicSession, string(org)); err != nil {
			return nil, err
		}
		return list(t.c, scanEntered, enteredSelect+used+`s.account_id IN (SELECT account_id FROM members WHERE organization_id = $2)
			AND s.organization_id = $2`, now, org)
	}
	if _, err := t.c.exec(ended+`account_id = $3 AND ($4 = '' OR organization_id = $4)`+counts, now, by, account, org); err != nil {
		return nil, err
	}
	if err := t.c.tx.Changed(TopicSession, string(account)); err != nil {
		return nil, err
	}
	return list(t.c, scanEntered, enteredSelect+used+`s.account_id = $2 AND ($3 = '' OR s.organization_id = $3)`, now, account, org)
}

// Sweep deletes up to limit sessions whose last possible end lies before an
// instant and returns how many there were.
func (t Sessions) Sweep(before time.Time, limit int) (int64, error) {
	return t.c.exec(`DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE ends_at < $1 LIMIT $2)`, ms(before), limit)
}
