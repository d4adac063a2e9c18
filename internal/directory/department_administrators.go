package directory

import (
	"context"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// MaxAdministered is how many departments one member administers at most; what
// hangs below them is not counted.
const MaxAdministered = 50

// Administered returns which departments are administered by whom: codes by
// member, in the order of the tree.
func (d *Directory) Administered(ctx context.Context, actor identity.Actor, org identity.OrganizationID) (by map[identity.MemberID][]string, err error) {
	if err := access.AllowSomewhere(actor, access.ReadMembers, org); err != nil {
		return nil, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		by, err = tx.Administrations.All(org)
		return err
	})
	return by, err
}

// DepartmentHeads returns who administers a department itself; whoever does so
// from above is not among them.
func (d *Directory) DepartmentHeads(ctx context.Context, actor identity.Actor, org identity.OrganizationID, code string) (people []identity.Person, err error) {
	if err := access.Allow(actor, access.ReadMembers, org); err != nil {
		return nil, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		dep, err := tx.Departments.ByCode(org, code)
		if err == nil {
			people, err = tx.Administrations.Heads(org, dep.ID)
		}
		return err
	})
	return people, err
}

// GiveDepartments makes a member administrator of exactly the departments with
// these codes. The owner is protected, an administrator of the organisation
// takes the permission to manage those, and a guest is never more than a member
// (member_guest). Without a code it is Invalid (administrator_nowhere): SetRole
// makes an ordinary member.
func (d *Directory) GiveDepartments(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.MemberID, codes []string) error {
	if err := access.Allow(actor, access.ManageDepartmentAdministrators, org); err != nil {
		return err
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		p, err := tx.Members.Get(org, id)
		switch {
		case err != nil:
			return err
		case p.Guest():
			return errGuest
		case p.Member.Role == identity.RoleOwner:
			return errOwner
		}
		if err := mayTouch(tx, actor, p.Member); err != nil {
			return err
		}
		return appoint(tx, actor, p, codes)
	})
}

// appoint gives a member the role of a department administrator and these
// departments, where either differs.
func appoint(tx *store.Tx, actor identity.Actor, p identity.Person, codes []string) error {
	wanted, err := administered(tx, p.Member.OrganizationID, codes)
	if err != nil {
		return err
	}
	before, err := tx.Administrations.Of(p.Member.OrganizationID, p.Member.ID)
	if err != nil {
		return err
	}
	same := func(a, b identity.Department) bool { return a.ID == b.ID }
	if p.Member.Role == identity.RoleDepartmentAdministrator && slices.EqualFunc(before, wanted, same) {
		tx.NoEvent("the member administers exactly these already")
		return nil
	}
	if p.Member.Role != identity.RoleDepartmentAdministrator {
		if err := changeRole(tx, actor, p, identity.RoleDepartmentAdministrator); err != nil {
			return err
		}
	}
	if err := give(tx, p.Member, wanted); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.MemberDepartmentsGiven, aboutMember(p, map[string]string{"departments": namesOf(wanted)}))
}

// administered returns the departments with these codes, in the order of the
// tree and each once.
func administered(tx *store.Tx, org identity.OrganizationID, codes []string) ([]identity.Department, error) {
	if len(codes) == 0 {
		return nil, fault.New(fault.Invalid, fault.CodeAdministratorNowhere).At("administers")
	}
	if len(codes) > MaxAdministered {
		return nil, fault.New(fault.Invalid, fault.CodeAdministeredLimit).At("administers").With("max", MaxAdministered)
	}
	all := make([]identity.Department, 0, len(codes))
	for _, code := range codes {
		dep, err := tx.Departments.ByCode(org, code)
		if err != nil {
			return nil, err
		}
		all = append(all, dep)
	}
	slices.SortFunc(all, func(a, b identity.Department) int { return strings.Compare(a.Path, b.Path) })
	return slices.CompactFunc(all, func(a, b identity.Department) bool { return a.ID == b.ID }), nil
}

func give(tx *store.Tx, m identity.Member, departments []identity.Department) error {
	ids := make([]identity.DepartmentID, 0, len(departments))
	for _, dep := range departments {
		ids = append(ids, dep.ID)
	}
	return tx.Administrations.Set(m.OrganizationID, m.ID, ids)
}

func namesOf(departments []identity.Department) string {
	codes := make([]string, 0, len(departments))
	for _, dep := range departments {
		codes = append(codes, dep.Code)
	}
	return strings.Join(codes, ",")
}
