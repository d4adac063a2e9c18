package store

import (
	"encoding/json"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Privacy is the tables of privacy statements, of their versions, and of who
// accepted them. "" is the installation's wherever an organisation is asked for.
type Privacy struct{ c *conn }

// privacyDue tells of a session s whether the statement that counts for it, the
// organisation's or else the installation's, was not accepted as it is now.
const privacyDue = `EXISTS (SELECT 1 FROM privacy_statements p WHERE p.current > 0
	AND p.scope = coalesce((SELECT q.scope FROM privacy_statements q WHERE q.scope = s.organization_id AND q.current > 0), '')
	AND NOT EXISTS (SELECT 1 FROM privacy_acceptances x WHERE x.account_id = s.account_id AND x.scope = p.scope AND x.number >= p.current))`

func privacyText(texts identity.PrivacyTexts) (string, error) {
	text, err := json.Marshal(texts)
	return string(text), err
}

func readPrivacyText(text string) (texts identity.PrivacyTexts, err error) {
	err = json.Unmarshal([]byte(text), &texts)
	return texts, err
}

// Get returns a statement; one that was never written is the zero statement.
func (t Privacy) Get(org identity.OrganizationID) (identity.PrivacyStatement, error) {
	p, err := one(t.c, func(scan func(...any) error) (p identity.PrivacyStatement, err error) {
		var draft string
		var updated int64
		if err = scan(&draft, &p.Current, &p.Last, &p.Version, &updated); err != nil {
			return p, err
		}
		p.OrganizationID, p.UpdatedAt = org, at(updated)
		p.Draft, err = readPrivacyText(draft)
		return p, err
	}, `SELECT draft, current, last, version, updated_at FROM privacy_statements WHERE scope = $1`, org)
	if fault.Is(err, fault.CodeNotFound) {
		return identity.PrivacyStatement{OrganizationID: org}, nil
	}
	return p, err
}

// Put stores a statement if it still has the version that was read, 0 for one
// that is new; else it is Stale.
func (t Privacy) Put(p identity.PrivacyStatement) error {
	draft, err := privacyText(p.Draft)
	if err != nil {
		return err
	}
	n, err := t.c.exec(`INSERT INTO privacy_statements (scope, organization_id, draft, current, last, version, updated_at)
		VALUES ($1, $2, $3, $4, $5, 1, $6) ON CONFLICT (scope) DO UPDATE SET draft = excluded.draft, current = excluded.current,
		last = excluded.last, version = privacy_statements.version + 1, updated_at = excluded.updated_at
		WHERE privacy_statements.version = $7`,
		p.OrganizationID, nullable(string(p.OrganizationID)), draft, p.Current, p.Last, ms(p.UpdatedAt), p.Version)
	return t.c.changed(n, err, TopicPrivacy, string(p.OrganizationID))
}

// Publish adds a version.
func (t Privacy) Publish(v identity.PrivacyVersion) error {
	texts, err := privacyText(v.Texts)
	if err != nil {
		return err
	}
	_, err = t.c.exec(`INSERT INTO privacy_versions (scope, number, organization_id, texts, published_by, published_at)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		v.OrganizationID, v.Number, nullable(string(v.OrganizationID)), texts, v.PublishedBy, ms(v.PublishedAt))
	return err
}

const privacyVersionSelect = `SELECT scope, number, texts, published_by, published_at FROM privacy_versions WHERE scope = `

func scanPrivacyVersion(scan func(...any) error) (v identity.PrivacyVersion, err error) {
	var texts string
	var when int64
	if err = scan(&v.OrganizationID, &v.Number, &texts, &v.PublishedBy, &when); err != nil {
		return v, err
	}
	v.PublishedAt = at(when)
	v.Texts, err = readPrivacyText(texts)
	return v, err
}

var errNoPrivacyVersion = fault.New(fault.NotFound, fault.CodePrivacyVersion)

// VersionOf returns a version of a statement, or NotFound.
func (t Privacy) VersionOf(org identity.OrganizationID, number int64) (identity.PrivacyVersion, error) {
	return found(t.c, errNoPrivacyVersion, scanPrivacyVersion, privacyVersionSelect+`$1 AND number = $2`, org, number)
}

// Versions returns up to limit versions of a statement before a number, newest
// first; 0 begins with the newest.
func (t Privacy) Versions(org identity.OrganizationID, before int64, limit int) ([]identity.PrivacyVersion, error) {
	return list(t.c, scanPrivacyVersion, privacyVersionSelect+`$1 AND ($2 = 0 OR number < $2) ORDER BY number DESC LIMIT $3`, org, before, limit)
}

// Accept notes an acceptance; a second one changes nothing and is false.
func (t Privacy) Accept(a identity.PrivacyAcceptance) (bool, error) {
	n, err := t.c.exec(`INSERT INTO privacy_acceptances (account_id, scope, number, organization_id, member_id, name, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
		a.AccountID, a.Statement, a.Number, nullable(string(a.OrganizationID)), a.MemberID, a.Name, ms(a.At))
	return n > 0, err
}

const acceptanceSelect = `SELECT account_id, scope, number, coalesce(organization_id, ''), member_id, name, at FROM privacy_acceptances WHERE `

func scanAcceptance(scan func(...any) error) (a identity.PrivacyAcceptance, err error) {
	var when int64
	err = scan(&a.AccountID, &a.Statement, &a.Number, &a.OrganizationID, &a.MemberID, &a.Name, &when)
	a.At = at(when)
	return a, err
}

// Accepted returns up to limit acceptances of a version after an account, in the
// order of accounts.
func (t Privacy) Accepted(org identity.OrganizationID, number int64, after string, limit int) ([]identity.PrivacyAcceptance, error) {
	return list(t.c, scanAcceptance, acceptanceSelect+`scope = $1 AND number = $2 AND account_id > $3 ORDER BY account_id LIMIT $4`,
		org, number, after, limit)
}

// Of returns what an account accepted, the newest hundred, newest first.
func (t Privacy) Of(account identity.AccountID) ([]identity.PrivacyAcceptance, error) {
	return list(t.c, scanAcceptance, acceptanceSelect+`account_id = $1 ORDER BY at DESC, scope, number DESC LIMIT 100`, account)
}
