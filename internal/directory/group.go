package directory

import (
	"context"
	"slices"
	"strconv"
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
			ID: identity.NewGroupID(tx.Now()), OrganizationID: org, Name: n.Name, Description: n.Description,
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

// Group returns a group of an organisation.
func (d *Directory) Group(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.GroupID) (g identity.Group, err error) {
	if err := access.Allow(actor, access.ManageGroups, org); err != nil {
		return g, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		g, err = tx.Groups.Get(org, id)
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

// Groups returns up to limit groups (100 when 0, at most 1,000) in the order of
// their making, after the given one.
func (d *Directory) Groups(ctx context.Context, actor identity.Actor, org identity.OrganizationID, after identity.GroupID, limit int) (all []identity.Group, err error) {
	if err := access.Allow(actor, access.ManageGroups, org); err != nil {
		return nil, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Groups.Page(org, after, pageSize(limit))
		return err
	})
	return all, err
}

// ChangeGroup edits a group. The members are changed by AddGroupMembers and
// RemoveGroupMembers, and leave its version alone.
func (d *Directory) ChangeGroup(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.GroupID, version int64, c GroupChange) (g identity.Group, err error) {
	if err := access.Allow(actor, access.ManageGroups, org); err != nil {
		return g, err
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		if g, err = tx.Groups.Get(org, id); err != nil {
			return err
		}
		if err := checkVersion(version, g.Version); err != nil {
			return err
		}
		var changed []string
		set(&g.Name, c.Name, "name", &changed)
		set(&g.Description, c.Description, "description", &changed)
		if err := g.Validate(); err != nil || len(changed) == 0 {
			return err
		}
		g.UpdatedAt = tx.Now()
		if err := tx.Groups.Put(g); err != nil {
			return err
		}
		g.Version++
		return audit.Record(tx, actor, audit.GroupChanged, aboutGroup(g, fieldsOf(changed)))
	})
	return g, err
}

// RemoveGroup removes a group; its members stay in the organisation. An
// application that admitted the group admits it no longer: the event names
// those applications.
func (d *Directory) RemoveGroup(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.GroupID) error {
	if err := access.Allow(actor, access.ManageGroups, org); err != nil {
		return err
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		g, err := tx.Groups.Get(org, id)
		if err != nil {
			return err
		}
		admitted, err := tx.Groups.Admitted(org, id)
		if err != nil {
			return err
		}
		if err := tx.Groups.Delete(org, id); err != nil {
			return err
		}
		details := map[string]string{}
		if len(admitted) > 0 {
			details["applications"] = strings.Join(admitted, ",")
		}
		return audit.Record(tx, actor, audit.GroupRemoved, aboutGroup(g, details))
	})
}

// GroupMembers returns up to limit people of a group (100 when 0, at most
// 1,000) in the order of their making, after the given one.
func (d *Directory) GroupMembers(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.GroupID, after identity.MemberID, limit int) (people []identity.Person, err error) {
	if err := access.Allow(actor, access.ManageGroups, org); err != nil {
		return nil, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		g, err := tx.Groups.Get(org, id)
		if err != nil {
			return err
		}
		people, err = tx.Groups.Members(g, after, pageSize(limit))
		return err
	})
	return people, err
}

// AddGroupMembers puts up to MaxGroupChange members into a group. Who is there
// already stays; one that the organisation does not have is NotFound
// (member_not_found), and then nobody comes in.
func (d *Directory) AddGroupMembers(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.GroupID, members []identity.MemberID) error {
	if err := access.Allow(actor, access.ManageGroups, org); err != nil {
		return err
	}
	return d.changeGroupMembers(ctx, groupMembersChange{actor, org, id, members, audit.GroupMembersAdded},
		func(tx *store.Tx, g identity.Group, m identity.MemberID) (bool, error) {
			if _, err := tx.Members.Get(org, m); err != nil {
				return false, err
			}
			return tx.Groups.Add(g, m)
		})
}

// RemoveGroupMembers takes up to MaxGroupChange members out of a group; one
// that is not in it, or nowhere, needs no removal.
func (d *Directory) RemoveGroupMembers(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.GroupID, members []identity.MemberID) error {
	if err := access.Allow(actor, access.ManageGroups, org); err != nil {
		return err
	}
	return d.changeGroupMembers(ctx, groupMembersChange{actor, org, id, members, audit.GroupMembersRemoved},
		func(tx *store.Tx, g identity.Group, m identity.MemberID) (bool, error) { return tx.Groups.Remove(g, m) })
}

// groupMembersChange is who comes into a group or leaves it, by whose wish.
type groupMembersChange struct {
	actor   identity.Actor
	org     identity.OrganizationID
	group   identity.GroupID
	members []identity.MemberID
	event   audit.Type
}

// changeGroupMembers does one thing to every member and records those for whom
// it made a difference.
func (d *Directory) changeGroupMembers(ctx context.Context, c groupMembersChange, do func(*store.Tx, identity.Group, identity.MemberID) (bool, error)) error {
	if n := len(c.members); n > MaxGroupChange {
		return fault.New(fault.Invalid, fault.CodeFieldLength).At("members").With("min", 0).With("max", MaxGroupChange)
	}
	// One order for all callers: two of them wait for each other, never in a ring.
	members := slices.Compact(slices.Sorted(slices.Values(c.members)))
	return d.db.Update(ctx, func(tx *store.Tx) error {
		g, err := tx.Groups.Get(c.org, c.group)
		if err != nil {
			return err
		}
		var done []string
		for _, m := range members {
			changed, err := do(tx, g, m)
			if err != nil {
				return err
			}
			if changed {
				done = append(done, string(m))
			}
		}
		if len(done) == 0 {
			tx.NoEvent("nobody came or left")
			return nil
		}
		if err := tx.Groups.Changed(g); err != nil {
			return err
		}
		return audit.Record(tx, c.actor, c.event, aboutGroup(g, map[string]string{
			"members": strings.Join(done, ","), "count": strconv.Itoa(len(done)),
		}))
	})
}
