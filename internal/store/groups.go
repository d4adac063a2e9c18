package store

import (
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// TopicGroup announces that a group or who is in it has changed; the key is
// the group's identifier.
const TopicGroup Topic = "group"

// Groups is the table of sets of members. Every method takes the organisation;
// what belongs to another one is NotFound.
type Groups struct{ c *conn }

const groupColumns = `g.id, g.organization_id, g.kind, g.name, g.description, g.version, g.created_at, g.updated_at`

func scanGroup(scan func(...any) error) (identity.Group, error) {
	var g identity.Group
	var created, updated int64
	err := scan(&g.ID, &g.OrganizationID, &g.Kind, &g.Name, &g.Description, &g.Version, &created, &updated)
	g.CreatedAt, g.UpdatedAt = at(created), at(updated)
	return g, err
}

var (
	errNoGroup    = fault.New(fault.NotFound, fault.CodeGroupNotFound)
	errGroupTaken = fault.New(fault.Conflict, fault.CodeGroupExists).At("name")
)

// Get returns a group, or NotFound.
func (t Groups) Get(org identity.OrganizationID, id identity.GroupID) (identity.Group, error) {
	return found(t.c, errNoGroup, scanGroup,
		`SELECT `+groupColumns+` FROM member_groups g WHERE g.organization_id = $1 AND g.id = $2`, org, id)
}

// ByName returns the group with a name, compared folded, or NotFound.
func (t Groups) ByName(org identity.OrganizationID, name string) (identity.Group, error) {
	return found(t.c, errNoGroup, scanGroup,
		`SELECT `+groupColumns+` FROM member_groups g WHERE g.organization_id = $1 AND g.name_key = $2`, org, identity.Fold(name))
}

// GroupQuery narrows a page of groups. Empty fields do not narrow.
type GroupQuery struct {
	Text   string // part of the name, compared folded
	Kind   identity.GroupKind
	Owner  identity.MemberID // the groups of this owner
	ByName bool              // in the order of the folded names, else of their making
	// After is the key of the last group of the page before: its folded name when
	// ByName, else its identifier.
	After string
	Limit int
}

// Page returns up to q.Limit groups after q.After. Without Text, the cost of a
// page does not depend on its place.
func (t Groups) Page(org identity.OrganizationID, q GroupQuery) ([]identity.Group, error) {
	n := within(`g.organization_id`, org)
	n.containing(q.Text, `g.name_key`)
	if q.Kind != "" {
		n.and(`g.kind = `, q.Kind)
	}
	from := `member_groups g`
	if q.Owner != "" {
		from += ` JOIN group_owners o ON o.group_id = g.id`
		n.and(`o.member_id = `, q.Owner)
	}
	key := `g.id`
	if q.ByName {
		key = `g.name_key`
	}
	query, args := n.page(`SELECT `+groupColumns+` FROM `+from, key, Slice{After: q.After, Limit: q.Limit})
	return list(t.c, scanGroup, query, args...)
}

// Insert adds a group with version 1. A name that the organisation uses already
// is a Conflict.
func (t Groups) Insert(g identity.Group) error {
	n, err := t.c.exec(`INSERT INTO member_groups (id, organization_id, kind, name, name_key, description, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8) ON CONFLICT DO NOTHING`,
		g.ID, g.OrganizationID, g.Kind, g.Name, identity.Fold(g.Name), g.Description, ms(g.CreatedAt), ms(g.UpdatedAt))
	if err == nil && n == 0 {
		return errGroupTaken
	}
	return err
}

// Put stores an edited group if it still has the version that was read, else
// Stale. A name that another group has is a Conflict.
func (t Groups) Put(g identity.Group) error {
	other, err := t.ByName(g.OrganizationID, g.Name)
	if err == nil && other.ID != g.ID {
		return errGroupTaken
	}
	if err != nil && !fault.Is(err, fault.CodeGroupNotFound) {
		return err
	}
	n, err := t.c.exec(`UPDATE member_groups SET name = $4, name_key = $5, description = $6, version = version + 1, updated_at = $7
		WHERE organization_id = $1 AND id = $2 AND version = $3`,
		g.OrganizationID, g.ID, g.Version, g.Name, identity.Fold(g.Name), g.Description, ms(g.UpdatedAt))
	if isUnique(err, "groups_name") {
		return errGroupTaken.Because(err)
	}
	return t.c.changed(n, err, TopicGroup, string(g.ID))
}

// Delete removes a group. Its members stay in the organisation; whoever was
// admitted to an application as one of the group is so no longer.
func (t Groups) Delete(org identity.OrganizationID, id identity.GroupID) error {
	n, err := t.c.exec(`DELETE FROM member_groups WHERE organization_id = $1 AND id = $2`, org, id)
	if err == nil && n == 0 {
		return errNoGroup
	}
	if _, err := t.c.exec(`DELETE FROM application_access WHERE kind = 'group' AND target_id = $1`, id); err != nil {
		return err
	}
	return t.c.changed(n, err, TopicGroup, string(id))
}

// Admitted returns the client ids of the applications that name a group among
// those who may enter, in their order.
func (t Groups) Admitted(org identity.OrganizationID, id identity.GroupID) ([]string, error) {
	return list(t.c, func(scan func(...any) error) (client string, err error) { return client, scan(&client) },
		`SELECT a.client_id FROM application_access x JOIN applications a ON a.id = x.application_id
		WHERE x.kind = 'group' AND x.target_id = $2 AND a.organization_id = $1 AND a.tried_by = '' ORDER BY a.client_id`, org, id)
}

// Members returns up to limit people of a group in the order of their making,
// after the member with the identifier after.
func (t Groups) Members(g identity.Group, after identity.MemberID, limit int) ([]identity.Person, error) {
	return list(t.c, t.c.scanPerson, personSelect+`JOIN group_members g ON g.member_id = m.id
		WHERE g.group_id = $2 AND m.organization_id = $1 AND g.member_id > $3 ORDER BY g.member_id LIMIT $4`,
		g.OrganizationID, g.ID, after, limit)
}

// OfMember returns the groups that a member is in, by their names.
func (t Groups) OfMember(org identity.OrganizationID, id identity.MemberID) ([]identity.Group, error) {
	return list(t.c, scanGroup, `SELECT `+groupColumns+` FROM group_members x JOIN member_groups g ON g.id = x.group_id
		WHERE x.member_id = $2 AND g.organization_id = $1 ORDER BY g.name_key`, org, id)
}

// Add puts a member of the same organisation into a group and reports whether
// it was not there yet. Changed tells the caches afterwards.
func (t Groups) Add(g identity.Group, id identity.MemberID) (bool, error) {
	n, err := t.c.exec(`INSERT INTO group_members (group_id, member_id)
		SELECT g.id, m.id FROM member_groups g JOIN members m ON m.organization_id = g.organization_id
		WHERE g.organization_id = $1 AND g.id = $2 AND m.id = $3 ON CONFLICT DO NOTHING`, g.OrganizationID, g.ID, id)
	return n > 0, err
}

// Remove takes a member out of a group and reports whether it was there.
// Changed tells the caches afterwards.
func (t Groups) Remove(g identity.Group, id identity.MemberID) (bool, error) {
	n, err := t.c.exec(`DELETE FROM group_members WHERE group_id = $1 AND member_id = $2`, g.ID, id)
	return n > 0, err
}

// Changed announces that somebody came into a group or left it.
func (t Groups) Changed(g identity.Group) error { return t.c.tx.Changed(TopicGroup, string(g.ID)) }

// Owners returns the people who own a group, in the order of their making.
func (t Groups) Owners(g identity.Group) ([]identity.Person, error) {
	return list(t.c, t.c.scanPerson, personSelect+`JOIN group_owners g ON g.member_id = m.id
		WHERE g.group_id = $2 AND m.organization_id = $1 ORDER BY m.id`, g.OrganizationID, g.ID)
}

// Owns reports whether a member owns a group of the organisation.
func (t Groups) Owns(org identity.OrganizationID, id identity.GroupID, owner identity.MemberID) (bool, error) {
	var n int
	err := t.c.row(`SELECT count(*) FROM group_owners WHERE organization_id = $1 AND group_id = $2 AND member_id = $3`, org, id, owner).scan(&n)
	return n > 0, err
}

// AddOwner makes a member of the same organisation an owner of a group and
// reports whether they were none yet. Who owns a group is in no cache.
func (t Groups) AddOwner(g identity.Group, id identity.MemberID) (bool, error) {
	n, err := t.c.exec(`INSERT INTO group_owners (group_id, member_id, organization_id)
		SELECT g.id, m.id, g.organization_id FROM member_groups g JOIN members m ON m.organization_id = g.organization_id
		WHERE g.organization_id = $1 AND g.id = $2 AND m.id = $3 ON CONFLICT DO NOTHING`, g.OrganizationID, g.ID, id)
	return n > 0, err
}

// RemoveOwner takes a group from an owner and reports whether they were one.
func (t Groups) RemoveOwner(g identity.Group, id identity.MemberID) (bool, error) {
	n, err := t.c.exec(`DELETE FROM group_owners WHERE group_id = $1 AND member_id = $2`, g.ID, id)
	return n > 0, err
}
