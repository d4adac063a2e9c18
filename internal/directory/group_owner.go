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

// MaxGroupOwners is how many owners a group has at most.
const MaxGroupOwners = 50

// groupFor returns a group to who manages groups and to its owners. Everybody
// else is refused alike, whether there is such a group or not.
func groupFor(tx *store.Tx, actor identity.Actor, org identity.OrganizationID, id identity.GroupID) (identity.Group, error) {
	if !access.Everywhere(actor, access.ManageGroups, org) {
		owns, err := tx.Groups.Owns(org, id, actor.MemberID)
		if err == nil && !owns {
			err = fault.New(fault.Forbidden, fault.CodeForbidden)
		}
		if err != nil {
			return identity.Group{}, err
		}
	}
	return tx.Groups.Get(org, id)
}

// GroupOwners returns the people who own a group, in the order of their making,
// to who manages groups and to the owners themselves.
func (d *Directory) GroupOwners(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.GroupID) (people []identity.Person, err error) {
	if err := access.Allow(actor, access.FillGroups, org); err != nil {
		return nil, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		g, err := groupFor(tx, actor, org, id)
		if err != nil {
			return err
		}
		people, err = tx.Groups.Owners(g)
		return err
	})
	return people, err
}

// AddGroupOwners makes members owners of an ordinary group, which has at most
// MaxGroupOwners. An owner says who is in the group; they need not be in it
// themselves. Faults: group_not_found, group_protected, member_not_found,
// member_guest, field_range.
func (d *Directory) AddGroupOwners(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.GroupID, members []identity.MemberID) error {
	if err := access.Allow(actor, access.ManageGroups, org); err != nil {
		return err
	}
	c := groupMembersChange{actor: actor, org: org, group: id, members: members, event: audit.GroupOwnersAdded, most: MaxGroupOwners}
	return d.changeGroupMembers(ctx, c, func(tx *store.Tx, g identity.Group, m identity.MemberID) (bool, error) {
		p, err := tx.Members.Get(org, m)
		if err != nil {
			return false, err
		}
		if p.Guest() {
			return false, fault.New(fault.Conflict, fault.CodeMemberGuest).At("members")
		}
		return tx.Groups.AddOwner(g, m)
	})
}

// RemoveGroupOwners takes an ordinary group from owners; one who does not own
// it needs no removal.
func (d *Directory) RemoveGroupOwners(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.GroupID, members []identity.MemberID) error {
	if err := access.Allow(actor, access.ManageGroups, org); err != nil {
		return err
	}
	c := groupMembersChange{actor: actor, org: org, group: id, members: members, event: audit.GroupOwnersRemoved}
	return d.changeGroupMembers(ctx, c, func(tx *store.Tx, g identity.Group, m identity.MemberID) (bool, error) {
		return tx.Groups.RemoveOwner(g, m)
	})
}

// groupMembersChange is who comes into a group or leaves it, as a member or as
// an owner, by whose wish.
type groupMembersChange struct {
	actor    identity.Actor
	org      identity.OrganizationID
	group    identity.GroupID
	members  []identity.MemberID
	accounts []string // account names of more of them
	event    audit.Type
	most     int // how many owners there may be afterwards, 0 to not ask
}

// changeGroupMembers does one thing to every member and records those for whom
// it made a difference.
func (d *Directory) changeGroupMembers(ctx context.Context, c groupMembersChange, do func(*store.Tx, identity.Group, identity.MemberID) (bool, error)) error {
	if n := len(c.members) + len(c.accounts); n > MaxGroupChange {
		return fault.New(fault.Invalid, fault.CodeFieldLength).At("members").With("min", 0).With("max", MaxGroupChange)
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		g, err := groupFor(tx, c.actor, c.org, c.group)
		if err == nil {
			err = g.Editable()
		}
		if err != nil {
			return err
		}
		members, err := c.named(tx)
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
		return c.settle(tx, g, done)
	})
}

// named are the members that the change names, each once. They are in one order
// for all callers: two of them wait for each other, never in a ring.
func (c groupMembersChange) named(tx *store.Tx) ([]identity.MemberID, error) {
	members := slices.Clone(c.members)
	for _, account := range c.accounts {
		p, err := memberByRef(tx, c.org, MemberRef{Account: account})
		if err != nil {
			return nil, err
		}
		members = append(members, p.Member.ID)
	}
	slices.Sort(members)
	return slices.Compact(members), nil
}

// settle announces and records a change that made a difference.
func (c groupMembersChange) settle(tx *store.Tx, g identity.Group, done []string) error {
	if c.most > 0 {
		owners, err := tx.Groups.Owners(g)
		if err != nil {
			return err
		}
		if len(owners) > c.most {
			return fault.New(fault.Invalid, fault.CodeFieldRange).At("members").With("min", 0).With("max", c.most)
		}
	}
	if err := tx.Groups.Changed(g); err != nil {
		return err
	}
	return audit.Record(tx, c.actor, c.event, aboutGroup(g, map[string]string{
		"members": strings.Join(done, ","), "count": strconv.Itoa(len(done)),
	}))
}
