package store

import "github.com/orgate/orgate/internal/identity"

// Dissolutions takes apart what an organisation has, in slices: it may be more
// than one transaction should hold, and what it does again after a crash does
// no harm.
type Dissolutions struct{ c *conn }

// Waiting returns up to limit organisations that are being dissolved, oldest
// first.
func (t Dissolutions) Waiting(limit int) ([]identity.OrganizationID, error) {
	return list(t.c, func(scan func(...any) error) (id identity.OrganizationID, err error) { return id, scan(&id) },
		`SELECT id FROM organizations WHERE status = 'dissolving' ORDER BY id LIMIT $1`, limit)
}

// leaving is a member who goes with the organisation.
type leaving struct {
	member  identity.MemberID
	account identity.AccountID
	owner   identity.OrganizationID // of the account
}

// People removes up to limit members of an organisation with the accounts that
// it owns, and with what hangs on either by key: login names, passwords,
// sessions, links, grants and places in groups. It returns how many there were.
// Accounts of their own stay. Nothing is announced: whoever condemned the
// organisation has announced that.
func (t Dissolutions) People(org identity.OrganizationID, limit int) (int, error) {
	people, err := list(t.c, func(scan func(...any) error) (l leaving, err error) {
		return l, scan(&l.member, &l.account, &l.owner)
	}, `SELECT m.id, m.account_id, a.organization_id FROM members m JOIN accounts a ON a.id = m.account_id
		WHERE m.organization_id = $1 ORDER BY m.id LIMIT $2`, org, limit)
	if err != nil || len(people) == 0 {
		return 0, err
	}
	for _, l := range people {
		if err := t.leave(org, l); err != nil {
			return 0, err
		}
	}
	return len(people), t.c.count(org, -len(people), 0)
}

func (t Dissolutions) leave(org identity.OrganizationID, l leaving) error {
	if _, err := t.c.exec(`DELETE FROM members WHERE organization_id = $1 AND id = $2`, org, l.member); err != nil || l.owner != org {
		return err
	}
	if _, err := t.c.exec(`DELETE FROM token_holders WHERE account_id = $1`, l.account); err != nil {
		return err
	}
	_, err := t.c.exec(`DELETE FROM accounts WHERE id = $1`, l.account)
	return err
}

// Tokens removes the access tokens of an organisation among up to limit tokens
// above an id. It returns the last one it looked at, "" at the end. No index
// tells whose a token is: every login would have to write it.
func (t Dissolutions) Tokens(org identity.OrganizationID, above identity.TokenID, limit int) (identity.TokenID, error) {
	last, err := t.pass(`SELECT id, organization_id FROM access_tokens WHERE id > $1 ORDER BY id LIMIT $2`,
		`DELETE FROM access_tokens WHERE id = $1`, passage{org, string(above), limit})
	return identity.TokenID(last), err
}

// Traces is Tokens for the stories of sign-ins.
func (t Dissolutions) Traces(org identity.OrganizationID, above identity.TraceID, limit int) (identity.TraceID, error) {
	last, err := t.pass(`SELECT id, organization_id FROM traces WHERE id > $1 ORDER BY id LIMIT $2`,
		`DELETE FROM traces WHERE id = $1`, passage{org, string(above), limit})
	return identity.TraceID(last), err
}

// passage is one slice of a table that is read by its identifiers.
type passage struct {
	org   identity.OrganizationID
	above string
	limit int
}

func (t Dissolutions) pass(read, remove string, p passage) (last string, err error) {
	var theirs []string
	seen := 0
	err = t.c.each(read, []any{p.above, p.limit}, func(scan func(...any) error) error {
		var owner identity.OrganizationID
		if err := scan(&last, &owner); err != nil {
			return err
		}
		seen++
		if owner == p.org {
			theirs = append(theirs, last)
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	for _, id := range theirs {
		if err := t.c.later(remove, id); err != nil {
			return "", err
		}
	}
	if seen < p.limit {
		last = ""
	}
	return last, nil
}

// Met forgets up to limit rows of who came into an organisation in the periods
// that reports count, and returns how many there were.
func (t Dissolutions) Met(org identity.OrganizationID, limit int) (int64, error) {
	return t.c.exec(`DELETE FROM report_people WHERE (dimension, day, organization_id, client_id, member_id) IN
		(SELECT dimension, day, organization_id, client_id, member_id FROM report_people WHERE organization_id = $1 LIMIT $2)`, org, limit)
}

// Keys removes the management tokens of an organisation that were revoked.
func (t Dissolutions) Keys(org identity.OrganizationID) error {
	_, err := t.c.exec(`DELETE FROM api_tokens WHERE organization_id = $1 AND revoked_at <> 0`, org)
	return err
}
