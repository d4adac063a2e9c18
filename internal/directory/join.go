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
	dep, err := departmentOrRoot(tx, org, "")
	if err != nil {
		return p, err
	}
	now := tx.Now()
	p.Member = identity.Member{
		ID: identity.NewMemberID(now), OrganizationID: org, AccountID: id, Name: p.Account.Title(), Role: identity.RoleMember,
		Status: identity.MemberActive, Department: dep.ID, SortLevel: lastSortLevel, Number: newNumber(now), Version: 1,
		ActivatedAt: now, CreatedAt: now, UpdatedAt: now,
	}
	if err := checkPerson(p); err != nil {
		return p, err
	}
	if err := tx.Members.Insert(p); err != nil {
		return p, err
	}
	return p, checkMemberLimit(tx, o)
}
