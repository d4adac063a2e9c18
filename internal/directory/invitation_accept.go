package directory

import (
	"context"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
)

// Invited is an invitation as whoever holds its word is shown it.
type Invited struct {
	Invitation   identity.Invitation
	Organization identity.Organization
	// Known tells that somebody signs in by the contact: they accept with that
	// account, and nobody registers with it.
	Known bool
	// Refused is why who is signed in cannot accept it; nil if they can, and for
	// nobody.
	Refused error
}

// OpenInvitation shows an invitation to whoever brings its word, and spends
// nothing: programs that follow links in mails accept none. A word that is
// unknown, or was replaced by a later mail, is NotFound (invitation_not_found);
// an accepted one Conflict (invitation_used), a cancelled one
// (invitation_cancelled); one whose time is over Expired (invitation_expired).
// That the organisation is being dissolved is NotFound (invitation_gone), that it
// is frozen Forbidden (organization_inactive).
//
// viewer is who is signed in, nobody if none is.
func (d *Directory) OpenInvitation(ctx context.Context, word string, viewer identity.Actor) (in Invited, err error) {
	err = d.db.View(ctx, func(tx *store.Tx) error {
		row, o, err := wordOfInvitation(tx, word)
		if err != nil {
			return err
		}
		in.Invitation, in.Organization = row.Invitation, o
		if _, in.Known, err = holderOf(tx, in.Invitation.Channel, in.Invitation.Contact); err != nil || !viewer.Somebody() {
			return err
		}
		a, err := tx.Accounts.Get(viewer.AccountID)
		in.Refused = mayAccept(a, row.Invitation)
		return err
	})
	return in, err
}

// mayAccept refuses an account that cannot accept an invitation.
func mayAccept(a identity.Account, i identity.Invitation) error {
	switch {
	case a.Kind != identity.Personal:
		return fault.New(fault.Forbidden, fault.CodeInvitationManaged)
	case !a.Active():
		return errDisabled
	case !owns(a, i.Channel, i.Contact):
		return fault.New(fault.Forbidden, fault.CodeInvitationForeign)
	}
	return nil
}

// wordOfInvitation finds the invitation that a word proves, while it counts.
func wordOfInvitation(tx *store.Tx, word string) (row store.InvitationRow, o identity.Organization, err error) {
	secret, ok := ticket.ParseSecret(invitationPrefix, word)
	if !ok {
		return row, o, errNoInvitation
	}
	if row, err = tx.Lookup.Invitation(identity.InvitationIDOf(secret.ID)); err != nil {
		return row, o, err
	}
	if !secret.Proves(row.Hash) {
		return store.InvitationRow{}, o, errNoInvitation
	}
	if o, err = tx.Organizations.Get(row.Invitation.OrganizationID); err != nil {
		return row, o, err
	}
	switch {
	case o.Status == identity.OrganizationDissolving:
		return row, o, fault.New(fault.NotFound, fault.CodeInvitationGone)
	case !o.Active():
		return row, o, errFrozen
	}
	switch row.Invitation.Standing(tx.Now()) {
	case identity.InvitationAccepted:
		err = fault.New(fault.Conflict, fault.CodeInvitationUsed)
	case identity.InvitationCancelled:
		err = fault.New(fault.Conflict, fault.CodeInvitationCancelled)
	case identity.InvitationExpired:
		err = fault.New(fault.Expired, fault.CodeInvitationExpired)
	}
	return row, o, err
}

// AcceptInvitation makes the acting person a member as their invitation says.
// Only the account of one's own that signs in by the contact accepts: another one
// is Forbidden (invitation_foreign), and one that an organisation owns or a
// source made never joins another (invitation_managed). Who is a member already
// is a Conflict (member_exists), one too many (member_limit). The other faults
// are those of OpenInvitation.
func (d *Directory) AcceptInvitation(ctx context.Context, actor identity.Actor, word string) (p identity.Person, err error) {
	if err := allowOwn(actor); err != nil {
		return p, err
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		row, o, err := wordOfInvitation(tx, word)
		if err != nil {
			return err
		}
		a, err := tx.Accounts.Get(actor.AccountID)
		if err != nil {
			return err
		}
		if err := mayAccept(a, row.Invitation); err != nil {
			return err
		}
		p, err = accept(tx, actor, row, acceptance{o, a})
		return err
	})
	return p, err
}

// owns reports whether a contact is an account's.
func owns(a identity.Account, by identity.Channel, contact string) bool {
	if by == identity.BySMS {
		return contact != "" && a.Mobile == contact
	}
	return contact != "" && a.Email == contact
}

// RegisterInvited makes an account of their own for whoever holds the word of an
// invitation, whose contact that proves, and makes them a member. It works while
// registration is off, too: somebody asked for them. n.Contact is not looked at,
// and an empty name is the one that they were invited by. A contact that is
// somebody's is a Conflict (email_taken, mobile_taken): they sign in to accept.
func (d *Directory) RegisterInvited(ctx context.Context, origin identity.Origin, word string, n NewPerson) (a identity.Account, err error) {
	// Asked first, so that nobody has the server hash without the word.
	in, err := d.OpenInvitation(ctx, word, identity.Anonymous(origin))
	if err != nil {
		return a, err
	}
	n.Contact = in.Invitation.Contact
	if n.Name == "" {
		n.Name = in.Invitation.Name
	}
	who, err := d.newcomer(ctx, n)
	if err != nil {
		return a, err
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		row, o, err := wordOfInvitation(tx, word)
		if err != nil {
			return err
		}
		if a, err = who.add(tx, origin, "invitation"); err != nil {
			return err
		}
		_, err = accept(tx, personOf(a, origin), row, acceptance{o, a})
		return err
	})
	return a, err
}

// acceptance is who accepts an invitation, and where.
type acceptance struct {
	organization identity.Organization
	account      identity.Account
}

// accept makes the member, gives what the invitation promised as far as it is
// still there, and closes it.
func accept(tx *store.Tx, actor identity.Actor, row store.InvitationRow, by acceptance) (p identity.Person, err error) {
	i := row.Invitation
	shape := memberInvited(i)
	var heads []identity.Department
	if i.Role == identity.RoleDepartmentAdministrator {
		if heads, err = remaining(tx, i); err != nil {
			return p, err
		}
		if len(heads) == 0 {
			shape.Role = identity.RoleMember
		}
	}
	if p, err = admitMember(tx, by.organization, by.account, shape); err != nil {
		return p, err
	}
	if len(heads) > 0 {
		if err := give(tx, p.Member, heads); err != nil {
			return p, err
		}
	}
	if err := joinGroups(tx, i, p.Member.ID); err != nil {
		return p, err
	}
	row.Invitation.State, row.Invitation.MemberID, row.Invitation.DecidedAt = identity.InvitationAccepted, p.Member.ID, tx.Now()
	if err := tx.Invitations.Put(row); err != nil {
		return p, err
	}
	if err := recordInvitation(tx, actor, audit.InvitationAccepted, i, map[string]string{"member": string(p.Member.ID)}); err != nil {
		return p, err
	}
	return p, audit.Record(tx, actor, audit.MemberAdded, aboutMember(p, map[string]string{"name": p.Member.Name, "role": string(p.Member.Role)}))
}

// remaining are the departments to administer that are still there.
func remaining(tx *store.Tx, i identity.Invitation) (all []identity.Department, err error) {
	for _, code := range i.Administers {
		dep, err := tx.Departments.ByCode(i.OrganizationID, code)
		if fault.Is(err, fault.CodeDepartmentNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, dep)
	}
	return all, nil
}

// joinGroups puts a new member into the groups that are still there.
func joinGroups(tx *store.Tx, i identity.Invitation, id identity.MemberID) error {
	for _, group := range i.Groups {
		g, err := tx.Groups.Get(i.OrganizationID, group)
		if fault.Is(err, fault.CodeGroupNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if _, err := tx.Groups.Add(g, id); err != nil {
			return err
		}
		if err := tx.Groups.Changed(g); err != nil {
			return err
		}
	}
	return nil
}
