package directory

import (
	"context"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/store"
)

// MemberRef names a member of an organisation by one of two names; the other
// one is "". There is no falling back from one to the other: the same text may
// be the account of one person and the third account of another.
type MemberRef struct {
	Account      string // letter case aside
	ThirdAccount string // byte by byte
}

// memberByRef finds a member inside the caller's transaction, or NotFound
// (member_not_found).
func memberByRef(tx *store.Tx, org identity.OrganizationID, ref MemberRef) (p identity.Person, err error) {
	if ref.ThirdAccount != "" {
		return tx.Members.ByThirdAccount(org, ref.ThirdAccount)
	}
	account, err := tx.Lookup.Account(identity.LoginName{Kind: identity.ByAccount, Text: identity.FoldAccount(ref.Account)})
	if err == nil {
		p, err = tx.Members.ByAccount(org, account.ID)
	}
	return p, asMember(err)
}

// MemberByRef returns the member whom a reference names.
func (d *Directory) MemberByRef(ctx context.Context, actor identity.Actor, org identity.OrganizationID, ref MemberRef) (p identity.Person, err error) {
	if err := access.Allow(actor, access.ReadMembers, org); err != nil {
		return p, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		p, err = memberByRef(tx, org, ref)
		return err
	})
	return p, err
}

// RemoveMembers removes several members as RemoveMember does one: all or
// nobody.
func (d *Directory) RemoveMembers(ctx context.Context, actor identity.Actor, org identity.OrganizationID, refs []MemberRef) error {
	return d.actOnAll(ctx, actor, org, refs, func(tx *store.Tx, p identity.Person) error { return removeMember(tx, actor, p) })
}

// SetMembersStatus suspends or resumes several members as SuspendMember and
// ResumeMember do one: all or nobody.
func (d *Directory) SetMembersStatus(ctx context.Context, actor identity.Actor, org identity.OrganizationID, refs []MemberRef, status identity.MemberStatus) error {
	return d.actOnAll(ctx, actor, org, refs, func(tx *store.Tx, p identity.Person) error { return setStatus(tx, actor, p, status) })
}

// setStatus suspends or resumes a member, unless that is how they stand.
func setStatus(tx *store.Tx, actor identity.Actor, p identity.Person, status identity.MemberStatus) error {
	if status == identity.MemberDisabled {
		return suspend(tx, actor, p)
	}
	return resume(tx, actor, p)
}

// DismissAdministrators makes administrators ordinary members again: all of
// them or none. One who is no administrator is not found; the owner is
// protected (owner_protected).
func (d *Directory) DismissAdministrators(ctx context.Context, actor identity.Actor, org identity.OrganizationID, refs []MemberRef) error {
	if err := access.Allow(actor, access.ManageAdministrators, org); err != nil {
		return err
	}
	return d.actOnAll(ctx, actor, org, refs, func(tx *store.Tx, p identity.Person) error {
		switch p.Member.Role {
		case identity.RoleOwner:
			return errOwner
		case identity.RoleAdministrator:
			return changeRole(tx, actor, p, identity.RoleMember)
		}
		return fault.New(fault.NotFound, fault.CodeMemberNotFound)
	})
}

// actOnAll is actOn for several members in one transaction. Whoever is named
// twice is acted upon once.
func (d *Directory) actOnAll(ctx context.Context, actor identity.Actor, org identity.OrganizationID, refs []MemberRef,
	act func(tx *store.Tx, p identity.Person) error,
) error {
	if err := access.Allow(actor, access.ManageMembers, org); err != nil {
		return err
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		if len(refs) == 0 {
			tx.NoEvent("nobody is named")
		}
		people, err := membersByRefs(tx, org, refs)
		if err != nil {
			return err
		}
		for _, p := range people {
			if err := mayTouch(tx, actor, p.Member); err != nil {
				return err
			}
			if err := act(tx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

// membersByRefs finds several members, each once under however many names. It
// finds all of them before anything is done to one: who is removed has no
// second name any more.
func membersByRefs(tx *store.Tx, org identity.OrganizationID, refs []MemberRef) (people []identity.Person, err error) {
	named := map[identity.MemberID]bool{}
	for _, ref := range refs {
		p, err := memberByRef(tx, org, ref)
		if err != nil {
			return nil, err
		}
		if !named[p.Member.ID] {
			named[p.Member.ID] = true
			people = append(people, p)
		}
	}
	return people, nil
}

// removeMember removes a member inside the caller's transaction, with the
// account where it belongs to the organisation.
func removeMember(tx *store.Tx, actor identity.Actor, p identity.Person) error {
	org := p.Member.OrganizationID
	if p.Member.Role == identity.RoleOwner {
		return errOwner
	}
	// The rows of the sessions go with the member; applications are told.
	if err := session.EndAllOf(tx, session.Whose{Account: p.Account.ID, Organization: org}, identity.EndedByRemoval); err != nil {
		return err
	}
	if err := tx.Members.Delete(org, p.Member.ID); err != nil {
		return err
	}
	if p.Account.OrganizationID == org {
		if err := tx.Accounts.Delete(p.Account.ID); err != nil {
			return err
		}
	}
	return audit.Record(tx, actor, audit.MemberRemoved, aboutMember(p, map[string]string{"name": p.Member.Name}))
}
