package directory

import (
	"context"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
)

// handoverPrefix starts the word of a hand-over.
const handoverPrefix = "ogh_"

var errNoHandover = fault.New(fault.NotFound, fault.CodeHandoverNotFound)

// NewHandover is what the offer of an organisation is made from.
type NewHandover struct {
	Name     string // the receiver's, 1–64 characters
	Contact  string // the receiver's mail address or mobile number
	Country  string // of a number without a country code; DefaultCountry
	Leaves   bool   // the giver leaves the organisation with it
	Language string // of the message; "" is the receiver's own, or the default
}

// OfferOrganization offers an organisation to somebody else (OrgID, B.10), who is
// told by a message and becomes its owner when they accept, within
// identity.InvitationLife. Until then nothing changes. An organisation without an
// owner has nobody to give it: NotFound (member_not_found). While another offer
// is open it is a Conflict (handover_exists). Channels as for Invite.
func (d *Directory) OfferOrganization(ctx context.Context, actor identity.Actor, org identity.OrganizationID, n NewHandover) (h identity.Handover, err error) {
	// What only the owner may do to an organisation as a whole.
	if err := access.Allow(actor, access.DissolveOrganization, org); err != nil {
		return h, err
	}
	blueprint := identity.Handover{OrganizationID: org, Name: strings.TrimSpace(n.Name), Leaves: n.Leaves}
	if blueprint.Channel, blueprint.Contact, err = readContact(n.Contact, n.Country); err != nil {
		return h, err
	}
	if c := len([]rune(blueprint.Name)); c < 1 || c > 64 || !identity.CleanText(blueprint.Name) {
		return h, fault.New(fault.Invalid, fault.CodeFieldLength).At("name").With("min", 1).With("max", 64)
	}
	if err := d.reaches(ctx, blueprint.Channel); err != nil {
		return h, err
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		h = blueprint
		return d.offer(tx, actor, n, &h)
	})
	return h, err
}

func (d *Directory) offer(tx *store.Tx, actor identity.Actor, n NewHandover, h *identity.Handover) error {
	o, err := openOrganization(tx, h.OrganizationID)
	if err != nil {
		return err
	}
	giver, err := tx.Members.Owner(o.ID)
	if err != nil {
		return err
	}
	if owns(giver.Account, h.Channel, h.Contact) {
		return fault.New(fault.Conflict, fault.CodeAlreadyOwner)
	}
	holder, _, err := holderOf(tx, h.Channel, h.Contact)
	if err != nil {
		return err
	}
	if err := clearHandover(tx, o.ID); err != nil {
		return err
	}
	secret := ticket.NewSecret(tx.Now())
	h.ID, h.Giver = identity.HandoverIDOf(secret.ID), giver.Member.ID
	h.CreatedAt, h.EndsAt = tx.Now(), tx.Now().Add(identity.InvitationLife)
	if err := tx.Handovers.Add(store.HandoverRow{Handover: *h, Hash: secret.Hash()}); err != nil {
		return err
	}
	language := n.Language
	if language == "" {
		language = holder.Language
	}
	if err := outbox.Bound(tx, h.Channel, h.Contact, o.ID); err != nil {
		return err
	}
	if err := outbox.Put(tx, outbox.Message{
		Channel: h.Channel, Target: h.Contact, Language: language, Organization: o.ID, Until: h.EndsAt, Template: outbox.TemplateHandover,
		Params: map[string]string{
			"giver": giver.Member.Name, "organization": o.Name, "address": d.address + "/handover/" + secret.Text(handoverPrefix),
		},
	}); err != nil {
		return err
	}
	return recordHandover(tx, actor, audit.HandoverOffered, *h)
}

// clearHandover makes room where an offer has run out.
func clearHandover(tx *store.Tx, org identity.OrganizationID) error {
	before, err := tx.Handovers.Get(org)
	switch {
	case fault.Is(err, fault.CodeHandoverNotFound):
		return nil
	case err != nil:
		return err
	case tx.Now().Before(before.Handover.EndsAt):
		return fault.New(fault.Conflict, fault.CodeHandoverExists)
	}
	return tx.Handovers.Delete(org, before.Handover.ID)
}

func recordHandover(tx *store.Tx, actor identity.Actor, what audit.Type, h identity.Handover) error {
	details := map[string]string{"receiver": h.Name, "giver": string(h.Giver)}
	if h.Leaves {
		details["leaves"] = "true"
	}
	return audit.Record(tx, actor, what, audit.About{Organization: h.OrganizationID, Target: string(h.ID), Details: details})
}

// Handover returns the open offer of an organisation, or NotFound
// (handover_not_found).
func (d *Directory) Handover(ctx context.Context, actor identity.Actor, org identity.OrganizationID) (h identity.Handover, err error) {
	if err := access.Allow(actor, access.DissolveOrganization, org); err != nil {
		return h, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		row, err := tx.Handovers.Get(org)
		if err == nil && !tx.Now().Before(row.Handover.EndsAt) {
			err = errNoHandover
		}
		h = row.Handover
		return err
	})
	if err != nil {
		return identity.Handover{}, err
	}
	return h, nil
}

// WithdrawHandover takes the offer of an organisation back; its link is dead.
// Where none is open it is NotFound (handover_not_found).
func (d *Directory) WithdrawHandover(ctx context.Context, actor identity.Actor, org identity.OrganizationID) error {
	if err := access.Allow(actor, access.DissolveOrganization, org); err != nil {
		return err
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		row, err := tx.Handovers.Get(org)
		if err != nil {
			return err
		}
		if err := tx.Handovers.Delete(org, row.Handover.ID); err != nil {
			return err
		}
		return recordHandover(tx, actor, audit.HandoverWithdrawn, row.Handover)
	})
}

// Offered is the offer of an organisation as whoever holds its word is shown it.
type Offered struct {
	Handover     identity.Handover
	Organization identity.Organization
	Giver        identity.Member
}

// OpenHandover shows an offer to whoever brings its word, and spends nothing. A
// word that is unknown, was withdrawn or accepted is NotFound
// (handover_not_found); one whose time is over, or whose giver owns the
// organisation no more, Expired (handover_ended); a frozen organisation is
// Forbidden (organization_inactive).
func (d *Directory) OpenHandover(ctx context.Context, word string) (o Offered, err error) {
	err = d.db.View(ctx, func(tx *store.Tx) error {
		o, err = offered(tx, word)
		return err
	})
	return o, err
}

func offered(tx *store.Tx, word string) (o Offered, err error) {
	secret, ok := ticket.ParseSecret(handoverPrefix, word)
	if !ok {
		return o, errNoHandover
	}
	row, err := tx.Lookup.Handover(identity.HandoverIDOf(secret.ID))
	switch {
	case err != nil:
		return o, err
	case !secret.Proves(row.Hash):
		return o, errNoHandover
	}
	giver, err := tx.Members.Get(row.Handover.OrganizationID, row.Handover.Giver)
	if err != nil {
		return o, err
	}
	if !tx.Now().Before(row.Handover.EndsAt) || giver.Member.Role != identity.RoleOwner {
		return o, fault.New(fault.Expired, fault.CodeHandoverEnded)
	}
	o.Handover, o.Giver = row.Handover, giver.Member
	o.Organization, err = openOrganization(tx, row.Handover.OrganizationID)
	return o, err
}

// AcceptHandover makes the acting person the owner of the organisation that was
// offered to them: with an account of their own, or as a member of it. Only the
// account that has the contact accepts (handover_foreign); one that another
// organisation owns, or a source made, owns none here (invitation_managed). The
// giver becomes an administrator, or leaves. A member who is barred or whose
// membership has an end is a Conflict (member_state); one member too many is
// member_limit. The other faults are those of OpenHandover.
func (d *Directory) AcceptHandover(ctx context.Context, actor identity.Actor, word string) (p identity.Person, err error) {
	if err := allowOwn(actor); err != nil {
		return p, err
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		o, err := offered(tx, word)
		if err != nil {
			return err
		}
		a, err := tx.Accounts.Get(actor.AccountID)
		if err != nil {
			return err
		}
		if !owns(a, o.Handover.Channel, o.Handover.Contact) {
			return fault.New(fault.Forbidden, fault.CodeHandoverForeign)
		}
		p, err = takeOver(tx, actor, o, a)
		return err
	})
	return p, err
}

// takeOver exchanges the owners.
func takeOver(tx *store.Tx, actor identity.Actor, o Offered, a identity.Account) (heir identity.Person, err error) {
	org := o.Organization.ID
	if heir, err = receiver(tx, actor, o, a); err != nil {
		return heir, err
	}
	if err := tx.Handovers.Delete(org, o.Handover.ID); err != nil {
		return heir, err
	}
	giver, err := tx.Members.Get(org, o.Handover.Giver)
	if err != nil {
		return heir, err
	}
	if err := changeRole(tx, actor, giver, identity.RoleAdministrator); err != nil {
		return heir, err
	}
	if err := changeRole(tx, actor, heir, identity.RoleOwner); err != nil {
		return heir, err
	}
	if o.Handover.Leaves {
		if giver, err = tx.Members.Get(org, o.Handover.Giver); err != nil {
			return heir, err
		}
		if err := removeMember(tx, actor, giver); err != nil {
			return heir, err
		}
	}
	return heir, recordHandover(tx, actor, audit.HandoverAccepted, o.Handover)
}

// receiver is the member who becomes the owner, made one where they are none.
func receiver(tx *store.Tx, actor identity.Actor, o Offered, a identity.Account) (identity.Person, error) {
	p, err := tx.Members.ByAccount(o.Organization.ID, a.ID)
	switch {
	case err == nil && p.Guest(), fault.Is(err, fault.CodeMemberNotFound) && a.Kind != identity.Personal:
		return p, fault.New(fault.Forbidden, fault.CodeInvitationManaged)
	case fault.Is(err, fault.CodeMemberNotFound):
		if p, err = admitMember(tx, o.Organization, a, identity.Member{Name: a.Title()}); err != nil {
			return p, err
		}
		return p, audit.Record(tx, actor, audit.MemberAdded, aboutMember(p, map[string]string{"name": p.Member.Name, "role": string(p.Member.Role)}))
	case err == nil && (!p.Active(tx.Now()) || !p.Member.ExpiresAt.IsZero()):
		return p, fault.New(fault.Conflict, fault.CodeMemberState)
	}
	return p, err
}
