package directory

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
)

const (
	// invitationPrefix starts the word of an invitation.
	invitationPrefix = "ogi_"
	// maxInvitations bounds how many invitations of an organisation are open.
	maxInvitations = 1_000
	// resendAfter is how soon an invitation may be sent again.
	resendAfter = time.Minute
)

var errNoInvitation = fault.New(fault.NotFound, fault.CodeInvitationNotFound)

// NewInvitation is what an invitation is made from. Zero fields take the defaults
// named beside them.
type NewInvitation struct {
	Contact        string // a mail address or a mobile number
	Country        string // of a number without a country code; DefaultCountry
	Name           string // what they are called in the organisation
	DepartmentCode string // the root
	Title          string
	Description    string
	SortLevel      int           // 10000
	Role           identity.Role // identity.RoleMember
	Administers    []string      // codes of departments, of a department administrator
	Attributes     map[string]string
	Groups         []identity.GroupID
	Language       string // of the message; "" is the person's own, or the default
}

// Invite sends somebody an invitation to become a member with an account of
// their own. It lives for identity.InvitationLife, works once and is bound to the
// contact. known tells that somebody signs in by the contact already.
//
// Whoever may add members may invite, department administrators within their
// departments; a role takes the permission to give it, and groups that to manage
// them. Conflicts: an open invitation for the contact (invitation_exists; one
// that has expired gives way), a member who has it (member_exists), an
// organisation that is full (member_limit) or has too many open invitations
// (invitation_limit). A channel by which nothing leaves is sms_unsupported
// (Invalid) or code_send_failed (Unavailable). The other faults are those of
// AddMember.
func (d *Directory) Invite(ctx context.Context, actor identity.Actor, org identity.OrganizationID, n NewInvitation) (i identity.Invitation, known bool, err error) {
	if err := access.AllowSomewhere(actor, access.ManageMembers, org); err != nil {
		return i, false, err
	}
	blueprint, err := n.invitation(actor, org)
	if err != nil {
		return i, false, err
	}
	if err := d.reaches(ctx, blueprint.Channel); err != nil {
		return i, false, err
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		i = blueprint
		known, err = d.invite(tx, actor, n, &i)
		return err
	})
	if err != nil {
		return identity.Invitation{}, false, err
	}
	return i, known, nil
}

// reaches refuses a channel by which nothing leaves.
func (d *Directory) reaches(ctx context.Context, by identity.Channel) error {
	switch {
	case d.Reaches(ctx, by):
		return nil
	case by == identity.BySMS:
		return fault.New(fault.Invalid, fault.CodeSMSUnsupported).At("contact")
	}
	return fault.New(fault.Unavailable, fault.CodeCodeSend)
}

// invitation is the invitation as asked for, checked as far as it can be without
// a database.
func (n NewInvitation) invitation(actor identity.Actor, org identity.OrganizationID) (i identity.Invitation, err error) {
	i = identity.Invitation{
		OrganizationID: org, Name: n.Name, Title: n.Title, Description: n.Description, SortLevel: n.SortLevel, Role: n.Role,
		Administers: n.Administers, Attributes: n.Attributes, Groups: n.Groups, Language: n.Language,
		State: identity.InvitationOpen, InvitedBy: actor.Name, Version: 1,
	}
	if i.Channel, i.Contact, err = readContact(n.Contact, n.Country); err != nil {
		return i, err
	}
	if i.Role == "" {
		i.Role = identity.RoleMember
	}
	if i.SortLevel == 0 {
		i.SortLevel = lastSortLevel
	}
	switch {
	case i.Role == identity.RoleOwner:
		return i, fault.New(fault.Invalid, fault.CodeFieldChoice).At("role").With("choices", roleNames()[1:])
	case i.Role != identity.RoleDepartmentAdministrator && len(i.Administers) > 0:
		return i, fault.New(fault.Invalid, fault.CodeFieldUnwanted).At("administers")
	}
	if err := checkTexts([]textRule{{"language", i.Language, 35}}); err != nil {
		return i, err
	}
	if err := checkPerson(identity.Person{Member: memberInvited(i)}); err != nil {
		return i, err
	}
	if len(i.Groups) > 0 {
		if err := access.Allow(actor, access.ManageGroups, org); err != nil {
			return i, err
		}
	}
	return i, mayAppoint(actor, memberInvited(i))
}

// memberInvited is what becomes of an invitation.
func memberInvited(i identity.Invitation) identity.Member {
	return identity.Member{
		OrganizationID: i.OrganizationID, Name: i.Name, Title: i.Title, Description: i.Description, SortLevel: i.SortLevel,
		Role: i.Role, Attributes: i.Attributes, Department: i.Department,
	}
}

func (d *Directory) invite(tx *store.Tx, actor identity.Actor, n NewInvitation, i *identity.Invitation) (known bool, err error) {
	o, err := openOrganization(tx, i.OrganizationID)
	if err != nil {
		return false, err
	}
	if err := bindInvitation(tx, actor, n, i); err != nil {
		return false, err
	}
	if err := roomForInvitation(tx, o, *i); err != nil {
		return false, err
	}
	holder, known, err := holderOf(tx, i.Channel, i.Contact)
	if err != nil {
		return known, err
	}
	if known {
		_, err := tx.Members.ByAccount(o.ID, holder.ID)
		if err == nil {
			return known, fault.New(fault.Conflict, fault.CodeMemberExists).At("contact")
		}
		if !fault.Is(err, fault.CodeMemberNotFound) {
			return known, err
		}
		if i.Language == "" {
			i.Language = holder.Language
		}
	}
	secret := ticket.NewSecret(tx.Now())
	i.ID = identity.InvitationIDOf(secret.ID)
	i.CreatedAt, i.SentAt, i.EndsAt = tx.Now(), tx.Now(), tx.Now().Add(identity.InvitationLife)
	if err := tx.Invitations.Add(store.InvitationRow{Invitation: *i, Hash: secret.Hash()}); err != nil {
		return known, err
	}
	if err := d.sendInvitation(tx, o, *i, secret.Text(invitationPrefix)); err != nil {
		return known, err
	}
	return known, recordInvitation(tx, actor, audit.InvitationSent, *i, map[string]string{"role": string(i.Role), "name": i.Name})
}

// openOrganization returns an organisation that people can still come to.
func openOrganization(tx *store.Tx, id identity.OrganizationID) (identity.Organization, error) {
	o, err := tx.Organizations.Get(id)
	if err == nil && !o.Active() {
		err = errFrozen
	}
	return o, err
}

// bindInvitation binds an invitation to what is there: its department, within the
// actor's reach, those to administer and its groups.
func bindInvitation(tx *store.Tx, actor identity.Actor, n NewInvitation, i *identity.Invitation) error {
	if err := intoReach(tx, actor, access.ManageMembers, i.OrganizationID, n.DepartmentCode); err != nil {
		return err
	}
	dep, err := departmentOrRoot(tx, i.OrganizationID, n.DepartmentCode)
	if err != nil {
		return err
	}
	i.Department = dep.ID
	if i.Role == identity.RoleDepartmentAdministrator {
		if _, err := administered(tx, i.OrganizationID, i.Administers); err != nil {
			return err
		}
	}
	for _, id := range i.Groups {
		if _, err := tx.Groups.Get(i.OrganizationID, id); err != nil {
			return err
		}
	}
	return nil
}

// roomForInvitation refuses an invitation that could not be accepted now, and one
// too many. One for the same contact that has expired gives way.
func roomForInvitation(tx *store.Tx, o identity.Organization, i identity.Invitation) error {
	if err := checkRoom(tx, o); err != nil {
		return err
	}
	before, err := tx.Invitations.Open(o.ID, i.Contact)
	switch {
	case err == nil && before.Invitation.Standing(tx.Now()) == identity.InvitationExpired:
		before.Invitation.State, before.Invitation.DecidedAt = identity.InvitationCancelled, tx.Now()
		if err := tx.Invitations.Put(before); err != nil {
			return err
		}
	case err == nil:
		return fault.New(fault.Conflict, fault.CodeInvitationExists).At("contact")
	case !fault.Is(err, fault.CodeInvitationNotFound):
		return err
	}
	open, err := tx.Invitations.Live(o.ID)
	if err == nil && open >= maxInvitations {
		err = fault.New(fault.Conflict, fault.CodeInvitationLimit).With("max", maxInvitations)
	}
	return err
}

// checkRoom refuses to ask somebody in where nobody fits any more.
func checkRoom(tx *store.Tx, o identity.Organization) error {
	most, limited, err := memberLimit(tx, o)
	if err != nil || !limited {
		return err
	}
	members, _, err := tx.Organizations.Counts(o.ID)
	if err == nil && members >= most {
		err = fault.New(fault.Conflict, fault.CodeMemberLimit).With("max", most)
	}
	return err
}

// sendInvitation leaves the message.
func (d *Directory) sendInvitation(tx *store.Tx, o identity.Organization, i identity.Invitation, word string) error {
	inviter := i.InvitedBy
	if inviter == "" {
		inviter = o.Name
	}
	if err := outbox.Bound(tx, i.Channel, i.Contact, o.ID); err != nil {
		return err
	}
	return outbox.Put(tx, outbox.Message{
		Channel: i.Channel, Target: i.Contact, Language: i.Language, Organization: o.ID, Until: i.EndsAt, Template: outbox.TemplateInvitation,
		Params: map[string]string{"inviter": inviter, "organization": o.Name, "address": d.address + "/invitations/" + word},
	})
}

func recordInvitation(tx *store.Tx, actor identity.Actor, what audit.Type, i identity.Invitation, details map[string]string) error {
	return audit.Record(tx, actor, what, audit.About{Organization: i.OrganizationID, Target: string(i.ID), Details: details})
}

// InvitationQuery narrows a page of invitations.
type InvitationQuery = store.InvitationQuery

// Invitations returns a page of invitations, newest first; q.Limit is 100 when 0
// and at most 1,000. A department administrator is shown those into their
// departments.
func (d *Directory) Invitations(ctx context.Context, actor identity.Actor, org identity.OrganizationID, q InvitationQuery) (all []identity.Invitation, err error) {
	if err := access.AllowSomewhere(actor, access.ManageMembers, org); err != nil {
		return nil, err
	}
	q.Limit = store.PageSize(q.Limit)
	err = d.db.View(ctx, func(tx *store.Tx) error {
		reach, err := reachOf(tx, actor, access.ManageMembers, org)
		if err != nil {
			return err
		}
		all = nil
		within := map[identity.DepartmentID]bool{}
		for next := q; len(all) < q.Limit; {
			rows, err := tx.Invitations.Page(org, next)
			if err != nil {
				return err
			}
			for _, row := range rows {
				in, err := intoDepartment(tx, reach, row.Invitation, within)
				if err != nil {
					return err
				}
				if in && len(all) < q.Limit {
					all = append(all, row.Invitation)
				}
			}
			if len(rows) < next.Limit {
				return nil
			}
			next.Before = rows[len(rows)-1].Invitation.ID
		}
		return nil
	})
	return all, err
}

// intoDepartment reports whether an invitation leads into a department in reach;
// known remembers those that were looked at.
func intoDepartment(tx *store.Tx, reach access.Reach, i identity.Invitation, known map[identity.DepartmentID]bool) (bool, error) {
	if _, limited := reach.Paths(); !limited {
		return true, nil
	}
	if i.Department == "" {
		return false, nil // the root, which is given to nobody
	}
	within, looked := known[i.Department]
	if looked {
		return within, nil
	}
	dep, err := tx.Departments.Get(i.OrganizationID, i.Department)
	if err != nil {
		return false, err
	}
	known[i.Department] = reach.Covers(dep.Path)
	return known[i.Department], nil
}

// Invitation returns an invitation.
func (d *Directory) Invitation(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.InvitationID) (i identity.Invitation, err error) {
	if err := access.AllowSomewhere(actor, access.ManageMembers, org); err != nil {
		return i, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		row, err := reachedInvitation(tx, actor, org, id)
		i = row.Invitation
		return err
	})
	return i, err
}

// reachedInvitation returns an invitation into a department within the actor's
// reach; another is not there.
func reachedInvitation(tx *store.Tx, actor identity.Actor, org identity.OrganizationID, id identity.InvitationID) (row store.InvitationRow, err error) {
	reach, err := reachOf(tx, actor, access.ManageMembers, org)
	if err != nil {
		return row, err
	}
	if row, err = tx.Invitations.Get(org, id); err != nil {
		return row, err
	}
	in, err := intoDepartment(tx, reach, row.Invitation, map[identity.DepartmentID]bool{})
	if err == nil && !in {
		return store.InvitationRow{}, errNoInvitation
	}
	return row, err
}

// openInvitation returns an invitation that the actor may still change.
func openInvitation(tx *store.Tx, actor identity.Actor, org identity.OrganizationID, id identity.InvitationID) (store.InvitationRow, error) {
	row, err := reachedInvitation(tx, actor, org, id)
	if err != nil {
		return row, err
	}
	if row.Invitation.State != identity.InvitationOpen {
		return row, fault.New(fault.Conflict, fault.CodeInvitationState).With("state", string(row.Invitation.State))
	}
	return row, mayAppoint(actor, memberInvited(row.Invitation))
}

// ResendInvitation sends an invitation again, expired or not, with a new secret
// and its whole life before it; the link that was sent before is dead. One that
// was accepted or cancelled is a Conflict (invitation_state), one that was sent
// less than a minute ago TooMany (rate_limited).
func (d *Directory) ResendInvitation(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.InvitationID) (i identity.Invitation, err error) {
	if err := access.AllowSomewhere(actor, access.ManageMembers, org); err != nil {
		return i, err
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		row, err := openInvitation(tx, actor, org, id)
		if err != nil {
			return err
		}
		o, err := openOrganization(tx, org)
		if err != nil {
			return err
		}
		i = row.Invitation
		if tx.Now().Sub(i.SentAt) < resendAfter {
			return fault.New(fault.TooMany, fault.CodeRateLimited)
		}
		if err := checkRoom(tx, o); err != nil {
			return err
		}
		secret := ticket.NewSecret(tx.Now())
		secret.ID, _ = identity.UUID(i.ID)
		i.SentAt, i.EndsAt = tx.Now(), tx.Now().Add(identity.InvitationLife)
		if err := tx.Invitations.Put(store.InvitationRow{Invitation: i, Hash: secret.Hash()}); err != nil {
			return err
		}
		i.Version++
		if err := d.sendInvitation(tx, o, i, secret.Text(invitationPrefix)); err != nil {
			return err
		}
		return recordInvitation(tx, actor, audit.InvitationResent, i, nil)
	})
	return i, err
}

// CancelInvitation takes an invitation back. One that was accepted or cancelled
// is a Conflict (invitation_state).
func (d *Directory) CancelInvitation(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.InvitationID) error {
	if err := access.AllowSomewhere(actor, access.ManageMembers, org); err != nil {
		return err
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		row, err := openInvitation(tx, actor, org, id)
		if err != nil {
			return err
		}
		row.Invitation.State, row.Invitation.DecidedAt = identity.InvitationCancelled, tx.Now()
		if err := tx.Invitations.Put(row); err != nil {
			return err
		}
		return recordInvitation(tx, actor, audit.InvitationCancelled, row.Invitation, nil)
	})
}

// InvitationStanding is the state in which an invitation is at the moment.
func (d *Directory) InvitationStanding(i identity.Invitation) identity.InvitationState {
	return i.Standing(d.now())
}
