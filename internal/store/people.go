package store

import (
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// People is the table of what only people with an account of their own have. Who
// has no row has the zero of everything.
type People struct{ c *conn }

// PersonRow is what the table knows of a person.
type PersonRow struct {
	Last identity.OrganizationID // where they were last, "" or one that is gone
	More int                     // organisations they may make beyond the usual number
}

// Get returns what is known of a person.
func (t People) Get(id identity.AccountID) (row PersonRow, err error) {
	err = t.c.row(`SELECT last_organization_id, more_organizations FROM people WHERE account_id = $1`, id).scan(&row.Last, &row.More)
	if fault.KindOf(err) == fault.NotFound {
		return PersonRow{}, nil
	}
	return row, err
}

// Visit remembers where a person was last.
func (t People) Visit(id identity.AccountID, org identity.OrganizationID) error {
	_, err := t.c.exec(`INSERT INTO people (account_id, last_organization_id, more_organizations) VALUES ($1, $2, 0)
		ON CONFLICT (account_id) DO UPDATE SET last_organization_id = excluded.last_organization_id`, id, org)
	return err
}

// Grant lets a person make one organisation more.
func (t People) Grant(id identity.AccountID) error {
	_, err := t.c.exec(`INSERT INTO people (account_id, last_organization_id, more_organizations) VALUES ($1, '', 1)
		ON CONFLICT (account_id) DO UPDATE SET more_organizations = people.more_organizations + 1`, id)
	return err
}
