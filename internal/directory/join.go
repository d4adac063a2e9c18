package directory

import (
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// JoinIn makes a person who has an account of their own an ordinary member of
// an organisation, inside the caller's transaction, which records why. They
// are placed in the root department under the name of their account.
//
// An account that an organisation manages, or of the provider, joins none:
// Forbidden (request_foreign). One that is a member is a Conflict
// (member_exists), one too many (member_limit). Disabled ones are Forbidden
// (member_disabled, organization_inactive).
func JoinIn(tx *store.Tx, org identity.OrganizationID, id identity.AccountID) (p identity.Person, err error) {
	if p.Account, err = tx.Accounts.Get(id); err != nil {
		return p, err
	}
	o, err := tx.Organizations.Get(org)
	if err != nil {
		return p, err
	}
	switch {
	case p.Account.Kind != identity.Personal:
		return p, fault.New(fault.Forbidden, fault.CodeRequestForeign)
	case !p.Account.Active():
		return p, fault.New(fault.Forbidden, fault.CodeMemberDisabled)
	case !o.Active():
		return p, fault.New(fault.Forbidden, fault.CodeOrganizationInactive)
	}
	return admitMember(tx, o, p.Account, identity.Member{Name: p.Account.Title()})
}

// admitMember makes the holder of an account that no organisation owns a member
// as shaped: with the role and in the department that the shape names, an
// ordinary member in the root where it names none. They stand at the door, so
// they count as having come in.
func admitMember(tx *store.Tx, o identity.Organization, a identity.Account, shape identity.Member) (identity.Person, error) {
	if shape.Department == "" {
		root, err := departmentOrRoot(tx, o.ID, "")
		if err != nil {
			return identity.Person{}, err
		}
		shape.Department = root.ID
	}
	now := tx.Now()
	m := shape
	m.ID, m.OrganizationID, m.AccountID, m.Status = identity.NewMemberID(now), o.ID, a.ID, identity.MemberActive
	m.Number, m.Version, m.ActivatedAt, m.CreatedAt, m.UpdatedAt = newNumber(now), 1, now, now, now
	if m.Role == "" {
		m.Role = identity.RoleMember
	}
	if m.SortLevel == 0 {
		m.SortLevel = lastSortLevel
	}
	p := identity.Person{Member: m, Account: a}
	if err := checkPerson(p); err != nil {
		return p, err
	}
	if err := tx.Members.Insert(p); err != nil {
		return p, err
	}
	return p, checkMemberLimit(tx, o)
}
