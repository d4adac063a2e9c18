package directory

import (
	"context"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Administrators returns owner and administrators, oldest first.
func (d *Directory) Administrators(ctx context.Context, actor identity.Actor, org identity.OrganizationID) (people []identity.Person, err error) {
	if err := access.Allow(actor, access.ReadMembers, org); err != nil {
		return nil, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		people, err = tx.Members.Administrators(org)
		return err
	})
	return people, err
}

// SetRole makes a member an administrator or an ordinary member. The owner is
// protected; who becomes the owner is TransferOwnership's matter, and who
// administers departments GiveDepartments's. A guest is never more than a
// member (member_guest). A department administrator is made an ordinary member
// by whoever may make one; all else takes the permission to manage
// administrators.
func (d *Directory) SetRole(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.MemberID, role identity.Role) error {
	if err := access.Allow(actor, access.ManageDepartmentAdministrators, org); err != nil {
		return err
	}
	if role != identity.RoleAdministrator && role != identity.RoleMember {
		return fault.New(fault.Invalid, fault.CodeFieldChoice).At("role").
			With("choices", []string{string(identity.RoleAdministrator), string(identity.RoleMember)})
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		p, err := tx.Members.Get(org, id)
		switch {
		case err != nil:
			return err
		case p.Member.Role == identity.RoleOwner:
			return errOwner
		case p.Guest() && p.Member.Role != role:
			return errGuest
		}
		if role != identity.RoleMember || p.Member.Role != identity.RoleDepartmentAdministrator {
			if err := access.Allow(actor, access.ManageAdministrators, org); err != nil {
				return err
			}
		}
		if p.Member.Role == role {
			return nil
		}
		return changeRole(tx, actor, p, role)
	})
}

// TransferOwnership makes another member the owner; the one before takes the
// role that the new one had, but departments are not handed over with it. One
// who is suspended, or whose membership has an end, cannot become the owner
// (member_state), nor can a guest (member_guest), and who is it already is a
// Conflict (already_owner).
func (d *Directory) TransferOwnership(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.MemberID) error {
	if err := access.Allow(actor, access.ManageAdministrators, org); err != nil {
		return err
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		heir, err := tx.Members.Get(org, id)
		switch {
		case err != nil:
			return err
		case heir.Member.Role == identity.RoleOwner:
			return fault.New(fault.Conflict, fault.CodeAlreadyOwner)
		case heir.Guest():
			return errGuest
		case !heir.Active(tx.Now()), !heir.Member.ExpiresAt.IsZero():
			return fault.New(fault.Conflict, fault.CodeMemberState)
		}
		owner, err := tx.Members.Owner(org)
		switch {
		case err == nil:
			if err := changeRole(tx, actor, owner, roleAfter(heir.Member.Role)); err != nil {
				return err
			}
		case !fault.Is(err, fault.CodeMemberNotFound):
			return err
		}
		return changeRole(tx, actor, heir, identity.RoleOwner)
	})
}

// roleAfter is what an owner becomes whose heir had a role.
func roleAfter(heir identity.Role) identity.Role {
	if heir == identity.RoleDepartmentAdministrator {
		return identity.RoleMember
	}
	return heir
}

// changeRole gives a member a role and records both roles. Who was a department
// administrator administers no department any more.
func changeRole(tx *store.Tx, actor identity.Actor, p identity.Person, role identity.Role) error {
	before := p.Member.Role
	p.Member.Role = role
	if before == identity.RoleDepartmentAdministrator {
		if err := give(tx, p.Member, nil); err != nil {
			return err
		}
	}
	if _, err := putMember(tx, p); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.MemberRoleChanged,
		aboutMember(p, map[string]string{"before": string(before), "after": string(role)}))
}
