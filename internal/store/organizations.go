package store

import (
	"encoding/json"
	"fmt"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Organizations is the table of tenants and their running counts.
type Organizations struct{ c *conn }

const organizationColumns = `id, code, name, domain, status, auto_create, everlasting, rules, limits, profile,
	generation, version, created_at, updated_at`

func scanOrganization(scan func(...any) error) (identity.Organization, error) {
	var o identity.Organization
	var rules, limits, profile string
	var created, updated int64
	if err := scan(&o.ID, &o.Code, &o.Name, &o.Domain, &o.Status, &o.AutoCreate, &o.Everlasting, &rules, &limits,
		&profile, &o.Generation, &o.Version, &created, &updated); err != nil {
		return o, err
	}
	o.CreatedAt, o.UpdatedAt = at(created), at(updated)
	for _, part := range []struct {
		text string
		into any
	}{{rules, &o.Rules}, {limits, &o.Limits}, {profile, &o.Profile}} {
		if err := json.Unmarshal([]byte(part.text), part.into); err != nil {
			return o, fmt.Errorf("organization %s: %w", o.ID, err)
		}
	}
	return o, nil
}

var errNoOrganization = fault.New(fault.NotFound, fault.CodeOrganizationNotFound)

// Get returns an organisation, or NotFound.
func (t Organizations) Get(id identity.OrganizationID) (identity.Organization, error) {
	return found(t.c, errNoOrganization, scanOrganization,
		`SELECT `+organizationColumns+` FROM organizations WHERE id = $1`, id)
}

// OrganizationQuery narrows a list of organisations. Empty fields do not narrow.
type OrganizationQuery struct {
	Text   string // the beginning of code or name
	Status identity.OrganizationStatus
	NameOrder
	Slice
}

// Page returns organisations in the order of their making, or of their names.
func (t Organizations) Page(q OrganizationQuery) ([]identity.Organization, error) {
	n := &narrow{}
	n.and(`o.id > `, "") // all of them, whoever they belong to
	if low := identity.Fold(q.Text); low != "" {
		from, to := n.arg(low), n.arg(prefixEnd(low))
		n.also(`(o.code_key >= ` + from + ` AND o.code_key < ` + to + ` OR o.name_key >= ` + from + ` AND o.name_key < ` + to + `)`)
	}
	if q.Status != "" {
		n.and(`o.status = `, q.Status)
	}
	query, args := n.pageNamed(`SELECT `+organizationColumns+` FROM organizations o`, `o`, q.NameOrder, q.Slice)
	return list(t.c, scanOrganization, query, args...)
}

// Insert adds an organisation with version 1; a taken code is a Conflict.
func (t Organizations) Insert(o identity.Organization) error {
	v, err := organizationValues(o)
	if err != nil {
		return err
	}
	n, err := t.c.exec(`INSERT INTO organizations (id, code, code_key, name, name_key, domain, status, auto_create, everlasting,
		rules, limits, profile, generation, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, $14, $15) ON CONFLICT DO NOTHING`,
		o.ID, o.Code, identity.Fold(o.Code), o.Name, identity.Fold(o.Name), o.Domain, o.Status, o.AutoCreate, o.Everlasting,
		v.rules, v.limits, v.profile, o.Generation, ms(o.CreatedAt), ms(o.UpdatedAt))
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Conflict, fault.CodeOrganizationExists).At("code")
	}
	_, err = t.c.exec(`INSERT INTO organization_counts (organization_id, members, departments) VALUES ($1, 0, 0)`, o.ID)
	return err
}

// Put stores an edited organisation if it still has the version that was read,
// else Stale. The code never changes.
func (t Organizations) Put(o identity.Organization) error {
	v, err := organizationValues(o)
	if err != nil {
		return err
	}
	n, err := t.c.exec(`UPDATE organizations SET name = $3, name_key = $4, domain = $5, status = $6, auto_create = $7,
		everlasting = $8, rules = $9, limits = $10, profile = $11, generation = $12, version = version + 1, updated_at = $13
		WHERE id = $1 AND version = $2`,
		o.ID, o.Version, o.Name, identity.Fold(o.Name), o.Domain, o.Status, o.AutoCreate, o.Everlasting,
		v.rules, v.limits, v.profile, o.Generation, ms(o.UpdatedAt))
	return t.c.changed(n, err, TopicOrganization, string(o.ID))
}

// Delete removes an organisation with everything that hangs on it by key; its
// accounts, App IDs and tokens are removed by directory beforehand.
func (t Organizations) Delete(id identity.OrganizationID) error {
	n, err := t.c.exec(`DELETE FROM organizations WHERE id = $1`, id)
	if err == nil && n == 0 {
		return errNoOrganization
	}
	return t.c.changed(n, err, TopicOrganization, string(id))
}

// Counts returns how many members and departments an organisation has.
func (t Organizations) Counts(id identity.OrganizationID) (members, departments int, err error) {
	err = t.c.row(`SELECT members, departments FROM organization_counts WHERE organization_id = $1`, id).
		scan(&members, &departments)
	return members, departments, err
}

func (c *conn) count(org identity.OrganizationID, members, departments int) error {
	_, err := c.exec(`UPDATE organization_counts SET members = members + $2, departments = departments + $3
		WHERE organization_id = $1`, org, members, departments)
	return err
}

type organizationJSON struct{ rules, limits, profile string }

func organizationValues(o identity.Organization) (v organizationJSON, err error) {
	for _, part := range []struct {
		from any
		into *string
	}{{o.Rules, &v.rules}, {o.Limits, &v.limits}, {o.Profile, &v.profile}} {
		text, err := json.Marshal(part.from)
		if err != nil {
			return v, err
		}
		*part.into = string(text)
	}
	return v, nil
}
