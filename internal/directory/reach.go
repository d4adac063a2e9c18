package directory

import (
	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// reachOf returns the part of the tree in which an actor has a permission that
// AllowSomewhere granted: the whole of it, or the departments that the member
// administers at this moment.
func reachOf(tx *store.Tx, actor identity.Actor, p access.Permission, org identity.OrganizationID) (access.Reach, error) {
	if access.Everywhere(actor, p, org) {
		return access.Whole(), nil
	}
	if err := access.AllowSomewhere(actor, p, org); err != nil {
		return access.Reach{}, err
	}
	tops, err := tx.Administrations.Of(org, actor.MemberID)
	if err != nil {
		return access.Reach{}, err
	}
	paths := make([]string, 0, len(tops))
	for _, d := range tops {
		paths = append(paths, d.Path)
	}
	return access.Below(paths...), nil
}

// inReach refuses what an actor wants with a member whose department is out of
// their reach: for them the member is not there.
func inReach(tx *store.Tx, actor identity.Actor, p access.Permission, m identity.Member) error {
	reach, err := reachOf(tx, actor, p, m.OrganizationID)
	if err != nil {
		return err
	}
	if _, limited := reach.Paths(); !limited {
		return nil
	}
	d, err := tx.Departments.Get(m.OrganizationID, m.Department)
	if err == nil && !reach.Covers(d.Path) {
		err = fault.New(fault.NotFound, fault.CodeMemberNotFound)
	}
	return err
}

// intoReach refuses a department that is out of an actor's reach; "" is the
// root.
func intoReach(tx *store.Tx, actor identity.Actor, p access.Permission, org identity.OrganizationID, code string) error {
	reach, err := reachOf(tx, actor, p, org)
	if err != nil {
		return err
	}
	if _, limited := reach.Paths(); !limited {
		return nil
	}
	d, err := departmentOrRoot(tx, org, code)
	if err != nil {
		return err
	}
	return reach.Require(d.Path)
}

// reachable returns those of some members whom the actor may read.
func reachable(tx *store.Tx, actor identity.Actor, org identity.OrganizationID, ids []identity.MemberID) (reached []identity.MemberID, err error) {
	if access.Everywhere(actor, access.ReadMembers, org) {
		return ids, nil
	}
	for _, id := range ids {
		p, err := tx.Members.Get(org, id)
		if err == nil {
			err = inReach(tx, actor, access.ReadMembers, p.Member)
		}
		switch {
		case err == nil:
			reached = append(reached, id)
		case fault.KindOf(err) != fault.NotFound:
			return nil, err
		}
	}
	return reached, nil
}
