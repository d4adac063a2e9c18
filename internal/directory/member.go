package directory

import (
	"context"
	"log/slog"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/store"
)

// Added is a person who was just added, with the password when one was drawn:
// it is told this once.
type Added struct {
	Person   identity.Person
	Password string
}

// String keeps the password out of logs.
func (Added) String() string { return "[redacted]" }

// GoString keeps the password out of %#v.
func (Added) GoString() string { return "[redacted]" }

// LogValue keeps the password out of structured logs.
func (Added) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// AddMember adds a person with a managed account. Login names are unique in
// the whole system: a taken one is a Conflict (account_taken, mobile_taken,
// email_taken). One member more than the organisation may have is a Conflict
// (member_limit), a second owner too (owner_protected). Without a password one
// is drawn.
func (d *Directory) AddMember(ctx context.Context, actor identity.Actor, org identity.OrganizationID, n NewMember) (added Added, err error) {
	permission := access.ManageMembers
	switch n.Role {
	case "", identity.RoleMember:
	case identity.RoleDepartmentAdministrator:
		permission = access.ManageDepartmentAdministrators
	default:
		permission = access.ManageAdministrators
	}
	if err := access.AllowSomewhere(actor, permission, org); err != nil {
		return added, err
	}
	rules, err := d.signInRules(ctx, org)
	if err != nil {
		return added, err
	}
	p, err := d.prepare(ctx, rules, n)
	if err != nil {
		return added, err
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		o, err := tx.Organizations.Get(org)
		if err != nil {
			return err
		}
		if err := intoReach(tx, actor, permission, org, n.DepartmentCode); err != nil {
			return err
		}
		if added.Person, err = p.add(tx, o); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.MemberAdded, aboutMember(added.Person,
			map[string]string{"name": n.Name, "role": string(added.Person.Member.Role)}))
	})
	if err != nil {
		return Added{}, err
	}
	added.Password = p.drawn
	return added, nil
}

// signInRules reads an organisation's rules ahead of the transaction that
// acts on them, because hashing comes between the two.
func (d *Directory) signInRules(ctx context.Context, org identity.OrganizationID) (rules identity.SignInRules, err error) {
	err = d.db.View(ctx, func(tx *store.Tx) error {
		o, err := tx.Organizations.Get(org)
		rules = o.Rules
		return err
	})
	return rules, err
}

func aboutMember(p identity.Person, details map[string]string) audit.About {
	return audit.About{Organization: p.Member.OrganizationID, Target: string(p.Member.ID), Details: details}
}

// Member returns a member with the account behind it. Members may read
// themselves, with their attributes as they are shown to them.
func (d *Directory) Member(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.MemberID) (p identity.Person, err error) {
	permission := access.ReadMembers
	if isSelf(actor, org, id) {
		permission = access.ReadOrganization
	}
	if err := access.AllowSomewhere(actor, permission, org); err != nil {
		return p, err
	}
	return d.read(ctx, actor, permission, func(tx *store.Tx) (identity.Person, error) { return tx.Members.Get(org, id) })
}

// MemberByAccount returns the member whose account has this name, letter case
// aside.
func (d *Directory) MemberByAccount(ctx context.Context, actor identity.Actor, org identity.OrganizationID, name string) (p identity.Person, err error) {
	if err := access.AllowSomewhere(actor, access.ReadMembers, org); err != nil {
		return p, err
	}
	return d.read(ctx, actor, access.ReadMembers, func(tx *store.Tx) (p identity.Person, err error) {
		account, err := tx.Lookup.Account(identity.LoginName{Kind: identity.ByAccount, Text: identity.FoldAccount(name)})
		if err == nil {
			p, err = tx.Members.ByAccount(org, account.ID)
		}
		return p, asMember(err)
	})
}

// MemberByThirdAccount returns the member with this id in the third party's
// system, compared byte by byte.
func (d *Directory) MemberByThirdAccount(ctx context.Context, actor identity.Actor, org identity.OrganizationID, third string) (p identity.Person, err error) {
	if err := access.AllowSomewhere(actor, access.ReadMembers, org); err != nil {
		return p, err
	}
	return d.read(ctx, actor, access.ReadMembers, func(tx *store.Tx) (identity.Person, error) {
		return tx.Members.ByThirdAccount(org, third)
	})
}

// read returns a person whom the actor reaches with the permission.
func (d *Directory) read(ctx context.Context, actor identity.Actor, permission access.Permission, find func(*store.Tx) (identity.Person, error)) (p identity.Person, err error) {
	err = d.db.View(ctx, func(tx *store.Tx) error {
		if p, err = find(tx); err != nil {
			return err
		}
		if err := inReach(tx, actor, permission, p.Member); err != nil {
			return err
		}
		p, err = shownTo(tx, actor, p)
		return err
	})
	if err != nil {
		return identity.Person{}, err
	}
	return p, nil
}

// Standing is the state in which a member is at the moment.
func (d *Directory) Standing(m identity.Member) identity.MemberStatus { return m.Standing(d.now()) }

// Members returns a page of people; q.Limit is 100 when 0 and at most 1,000.
// A department administrator is shown those of their departments.
func (d *Directory) Members(ctx context.Context, actor identity.Actor, org identity.OrganizationID, q store.MemberQuery) (people []identity.Person, err error) {
	if err := access.AllowSomewhere(actor, access.ReadMembers, org); err != nil {
		return nil, err
	}
	q.Limit = store.PageSize(q.Limit)
	err = d.db.View(ctx, func(tx *store.Tx) error {
		reach, err := reachOf(tx, actor, access.ReadMembers, org)
		if err != nil {
			return err
		}
		q.Below, q.Limited = reach.Paths()
		people, err = tx.Members.Page(org, q)
		return err
	})
	return people, err
}

// SuspendMember bars a member from signing in and ends their access tokens.
// The owner is protected. One who is suspended already stays so.
func (d *Directory) SuspendMember(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.MemberID) error {
	return d.actOn(ctx, actor, org, id, func(tx *store.Tx, p identity.Person) error { return suspend(tx, actor, p) })
}

func suspend(tx *store.Tx, actor identity.Actor, p identity.Person) error {
	if p.Member.Status != identity.MemberActive {
		return nil
	}
	if err := p.Member.Suspend(); err != nil {
		return err
	}
	if _, err := putMember(tx, p); err != nil {
		return err
	}
	whose := session.Whose{Account: p.Account.ID, Organization: p.Member.OrganizationID}
	if err := session.EndAllOf(tx, whose, identity.EndedBySuspension); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.MemberSuspended, aboutMember(p, nil))
}

// ResumeMember lets a suspended member sign in again; earlier access tokens
// stay dead.
func (d *Directory) ResumeMember(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.MemberID) error {
	return d.actOn(ctx, actor, org, id, func(tx *store.Tx, p identity.Person) error { return resume(tx, actor, p) })
}

func resume(tx *store.Tx, actor identity.Actor, p identity.Person) error {
	if p.Member.Status == identity.MemberActive {
		return nil
	}
	p.Member.Resume()
	if _, err := putMember(tx, p); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.MemberResumed, aboutMember(p, nil))
}

// RemoveMember removes a member and, when the account belongs to the
// organisation, the account too: its names are free again, its tokens dead.
// The owner is protected.
func (d *Directory) RemoveMember(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.MemberID) error {
	return d.actOn(ctx, actor, org, id, func(tx *store.Tx, p identity.Person) error { return removeMember(tx, actor, p) })
}

var (
	errOwner = fault.New(fault.Conflict, fault.CodeOwnerProtected)
	errGuest = fault.New(fault.Conflict, fault.CodeMemberGuest)
)

// actOn is the shape of a write upon one member: may they, load, may they with
// this one, act.
func (d *Directory) actOn(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.MemberID,
	act func(tx *store.Tx, p identity.Person) error,
) error {
	if err := access.AllowSomewhere(actor, access.ManageMembers, org); err != nil {
		return err
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		p, err := tx.Members.Get(org, id)
		if err != nil {
			return err
		}
		if err := mayTouch(tx, actor, p.Member); err != nil {
			return err
		}
		return act(tx, p)
	})
}

// mayTouch refuses who is out of the actor's reach, and administrators of any
// kind where the actor may not appoint that kind.
func mayTouch(tx *store.Tx, actor identity.Actor, m identity.Member) error {
	if err := inReach(tx, actor, access.ManageMembers, m); err != nil {
		return err
	}
	return mayAppoint(actor, m)
}

// mayAppoint refuses a member whose role the actor may not give.
func mayAppoint(actor identity.Actor, m identity.Member) error {
	switch {
	case m.Administers():
		return access.Allow(actor, access.ManageAdministrators, m.OrganizationID)
	case m.Role == identity.RoleDepartmentAdministrator:
		return access.Allow(actor, access.ManageDepartmentAdministrators, m.OrganizationID)
	}
	return nil
}

// putMember stores a member and returns the person as now stored.
func putMember(tx *store.Tx, p identity.Person) (identity.Person, error) {
	p.Member.UpdatedAt = tx.Now()
	err := tx.Members.Put(p)
	p.Member.Version++
	return p, err
}
