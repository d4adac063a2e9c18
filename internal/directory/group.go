package directory

import (
	"cmp"
	"context"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// MaxGroupChange is how many members come into a group, or leave it, at once.
const MaxGroupChange = 200

// NewGroup is what a group is made from.
type NewGroup struct {
	Name        string // unique in the organisation, letter case aside
	Description string
}

// GroupChange is an edit of a group; nil leaves a field alone.
type GroupChange struct {
	Name        *string
	Description *string
}

// AddGroup makes a group without members. A taken name is a Conflict
// (group_exists).
func (d *Directory) AddGroup(ctx context.Context, actor identity.Actor, org identity.OrganizationID, n NewGroup) (g identity.Group, err error) {
	if err := access.Allow(actor, access.ManageGroups, org); err != nil {
		return g, err
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		g = identity.Group{
			ID: identity.NewGroupID(tx.Now()), OrganizationID: org, Kind: identity.OrdinaryGroup, Name: n.Name, Description: n.Description,
			Version: 1, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
		}
		if err := g.Validate(); err != nil {
			return err
		}
		if _, err := tx.Organizations.Get(org); err != nil {
			return err
		}
		if err := tx.Groups.Insert(g); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.GroupAdded, aboutGroup(g, nil))
	})
	return g, err
}

func aboutGroup(g identity.Group, details map[string]string) audit.About {
	if details == nil {
		details = map[string]string{}
	}
	details["name"] = g.Name
	return audit.About{Organization: g.OrganizationID, Target: string(g.ID), Details: details}
}

// Group returns a group of an organisation, to who manages groups and to its
// owners.
func (d *Directory) Group(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.GroupID) (g identity.Group, err error) {
	if err := access.Allow(actor, access.FillGroups, org); err != nil {
		return g, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		g, err = groupFor(tx, actor, org, id)
		return err
	})
	return g, err
}

// GroupByName returns the group with a name, letter case aside.
func (d *Directory) GroupByName(ctx context.Context, actor identity.Actor, org identity.OrganizationID, name string) (g identity.Group, err error) {
	if err := access.Allow(actor, access.ManageGroups, org); err != nil {
		return g, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		g, err = tx.Groups.ByName(org, name)
		return err
	})
	return g, err
}

// Groups returns a page of groups (100 when q.Limit is 0, at most 1,000): all
// to who manages groups, to others those they own.
func (d *Directory) Groups(ctx context.Context, actor identity.Actor, org identity.OrganizationID, q GroupQuery) (all []identity.Group, err error) {
	if err := access.Allow(actor, access.FillGroups, org); err != nil {
		return nil, err
	}
	if !access.Everywhere(actor, access.ManageGroups, org) {
		q.Owner = actor.MemberID
	}
	q.Limit = store.PageSize(q.Limit)
	err = d.db.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Groups.Page(org, q)
		return err
	})
	return all, err
}

// ChangeGroup edits an ordinary group. Members and owners are changed in ways
// of their own, and leave its version alone.
func (d *Directory) ChangeGroup(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.GroupID, version int64, c GroupChange) (g identity.Group, err error) {
	if err := access.Allow(actor, access.ManageGroups, org); err != nil {
		return g, err
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		if g, err = tx.Groups.Get(org, id); err != nil {
			return err
		}
		if err := cmp.Or(g.Editable(), store.CheckVersion(version, g.Version)); err != nil {
			return err
		}
		var changed audit.Edit
		audit.Set(&changed, "name", &g.Name, c.Name)
		audit.Set(&changed, "description", &g.Description, c.Description)
		if err := g.Validate(); err != nil || len(changed) == 0 {
			return err
		}
		g.UpdatedAt = tx.Now()
		if err := tx.Groups.Put(g); err != nil {
			return err
		}
		g.Version++
		return audit.Record(tx, actor, audit.GroupChanged, aboutGroup(g, changed.Details()))
	})
	return g, err
}

// RemoveGroup removes an ordinary group; its members stay in the organisation.
// One that an application lets in is a Conflict (group_in_use), which names
// those applications: nobody is shut out by the way.
func (d *Directory) RemoveGroup(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.GroupID) error {
	if err := access.Allow(actor, access.ManageGroups, org); err != nil {
		return err
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		g, err := tx.Groups.Get(org, id)
		if err != nil {
			return err
		}
		if err := g.Editable(); err != nil {
			return err
		}
		admitted, err := tx.Groups.Admitted(org, id)
		if err != nil {
			return err
		}
		if len(admitted) > 0 {
			return fault.New(fault.Conflict, fault.CodeGroupInUse).With("applications", strings.Join(admitted, ", "))
		}
		if err := tx.Groups.Delete(org, id); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.GroupRemoved, aboutGroup(g, nil))
	})
}

// GroupUses returns the client ids of the applications that let a group in, in
// their order.
func (d *Directory) GroupUses(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.GroupID) (clients []string, err error) {
	if err := access.Allow(actor, access.ManageGroups, org); err != nil {
		return nil, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		clients, err = tx.Groups.Admitted(org, id)
		return err
	})
	return clients, err
}

// GroupMembers returns up to limit people of a group (100 when 0, at most
// 1,000) in the order of their making, after the given one. Owners may ask too.
func (d *Directory) GroupMembers(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.GroupID, after identity.MemberID, limit int) (people []identity.Person, err error) {
	if err := access.Allow(actor, access.FillGroups, org); err != nil {
		return nil, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		g, err := groupFor(tx, actor, org, id)
		if err != nil {
			return err
		}
		people, err = tx.Groups.Members(g, after, store.PageSize(limit))
		return err
	})
	return people, err
}

// AddGroupMembers puts up to MaxGroupChange members into a group. Who is there
// already stays; one that the organisation does not have is NotFound
// (member_not_found), and then nobody comes in. Owners may do it too.
func (d *Directory) AddGroupMembers(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.GroupID, members []identity.MemberID) error {
	if err := access.Allow(actor, access.FillGroups, org); err != nil {
		return err
	}
	return d.changeGroupMembers(ctx, groupMembersChange{actor: actor, org: org, group: id, members: members, event: audit.GroupMembersAdded}, addGroupMember)
}

// AddGroupAccounts is AddGroupMembers by account names, which is how owners
// know the people beside them.
func (d *Directory) AddGroupAccounts(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.GroupID, accounts []string) error {
	if err := access.Allow(actor, access.FillGroups, org); err != nil {
		return err
	}
	return d.changeGroupMembers(ctx, groupMembersChange{actor: actor, org: org, group: id, accounts: accounts, event: audit.GroupMembersAdded}, addGroupMember)
}

func addGroupMember(tx *store.Tx, g identity.Group, m identity.MemberID) (bool, error) {
	if _, err := tx.Members.Get(g.OrganizationID, m); err != nil {
		return false, err
	}
	return tx.Groups.Add(g, m)
}

// RemoveGroupMembers takes up to MaxGroupChange members out of a group; one
// that is not in it, or nowhere, needs no removal. Owners may do it too.
func (d *Directory) RemoveGroupMembers(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.GroupID, members []identity.MemberID) error {
	if err := access.Allow(actor, access.FillGroups, org); err != nil {
		return err
	}
	return d.changeGroupMembers(ctx, groupMembersChange{actor: actor, org: org, group: id, members: members, event: audit.GroupMembersRemoved},
		func(tx *store.Tx, g identity.Group, m identity.MemberID) (bool, error) { return tx.Groups.Remove(g, m) })
}
