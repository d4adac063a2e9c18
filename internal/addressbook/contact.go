package addressbook

import (
	"context"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Whose says which contacts outside are meant.
type Whose uint8

// The contacts of an organisation.
const (
	Everybodys Whose = iota // shared by all members, kept by administrators
	Own                     // those of the member who acts
	Both                    // for lists alone
)

// Contact is somebody outside as people write them down.
type Contact struct {
	Name, Company, Department, Title string
	identity.ContactDetails
}

// Change is an edit of a contact; nil leaves a field alone, "" clears it.
type Change struct {
	Name, Company, Department, Title *string
	Mobile, Country                  *string
	OtherNumber, OtherCountry        *string
	Email, Address, Remarks          *string
	CustomNumber                     *string
}

// allow asks whether an actor may read contacts, and whose.
func allow(actor identity.Actor, org identity.OrganizationID, whose Whose) error {
	if err := access.Allow(actor, access.ReadOrganization, org); err != nil {
		return err
	}
	if whose == Own && !isMember(actor, org) {
		return fault.New(fault.Forbidden, fault.CodeForbidden)
	}
	return nil
}

// allowEdit asks whether an actor may change contacts.
func allowEdit(actor identity.Actor, org identity.OrganizationID, whose Whose) error {
	if whose == Own {
		return allow(actor, org, Own)
	}
	return access.Allow(actor, access.ManageContacts, org)
}

func isMember(actor identity.Actor, org identity.OrganizationID) bool {
	return actor.Kind == identity.ActsAsMember && actor.MemberID != "" && actor.OrganizationID == org
}

// contactOf finds a contact among those that are meant.
func contactOf(tx *store.Tx, actor identity.Actor, org identity.OrganizationID, whose Whose, id identity.ExternalContactID) (x identity.ExternalContact, err error) {
	x, err = tx.ExternalContacts.Get(org, id)
	if err == nil && (whose == Everybodys && x.Owner != "" || whose == Own && x.Owner != actor.MemberID) {
		return identity.ExternalContact{}, fault.New(fault.NotFound, fault.CodeContactNotFound)
	}
	return x, err
}

// Listed is a part of a list of contacts. Count and Offset are told where the
// query asked for the whole to be counted.
type Listed struct {
	Items         []identity.ExternalContact
	Count, Offset int
}

// ContactQuery narrows a list of contacts. Empty fields do not narrow.
type ContactQuery struct {
	Text string // part of name, its sound or company, or the beginning of number or mail
	store.NameOrder
	store.Slice
}

// Slice is the part of a list that is wanted; surfaces name it from here.
type Slice = store.Slice

// NameOrder asks for a list in the order of names; surfaces name it from here.
type NameOrder = store.NameOrder

// Contacts returns contacts in the order of their making, or of names: up to 1,000, and 100
// for no limit.
func (b *Book) Contacts(ctx context.Context, actor identity.Actor, org identity.OrganizationID, whose Whose, q ContactQuery) (l Listed, err error) {
	if err := allow(actor, org, whose); err != nil {
		return l, err
	}
	rows := store.ExternalQuery{Text: q.Text, Shared: whose != Own, NameOrder: q.NameOrder, Slice: q.Slice}
	if whose != Everybodys && isMember(actor, org) {
		rows.Owner = actor.MemberID
	}
	rows.Limit = store.PageSize(rows.Limit)
	err = b.db.View(ctx, func(tx *store.Tx) error {
		if rows.Counted {
			if l.Count, err = tx.ExternalContacts.Count(org, rows); err != nil {
				return err
			}
			if rows.Offset >= l.Count {
				rows.Offset = max(l.Count-1, 0) / rows.Limit * rows.Limit
			}
			l.Offset = rows.Offset
		}
		l.Items, err = tx.ExternalContacts.Page(org, rows)
		return err
	})
	return l, err
}

// Contact returns one contact.
func (b *Book) Contact(ctx context.Context, actor identity.Actor, org identity.OrganizationID, whose Whose, id identity.ExternalContactID) (x identity.ExternalContact, err error) {
	if err := allow(actor, org, whose); err != nil {
		return x, err
	}
	err = b.db.View(ctx, func(tx *store.Tx) error {
		x, err = contactOf(tx, actor, org, whose, id)
		return err
	})
	return x, err
}

// AddContact writes somebody down, shared or as the actor's own. More than
// identity.MaxSharedContacts or MaxOwnContacts are a Conflict (contact_limit).
func (b *Book) AddContact(ctx context.Context, actor identity.Actor, org identity.OrganizationID, whose Whose, c Contact) (x identity.ExternalContact, err error) {
	if err := allowEdit(actor, org, whose); err != nil {
		return x, err
	}
	details, err := normal(c.ContactDetails)
	if err != nil {
		return x, err
	}
	err = b.db.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.Organizations.Get(org); err != nil {
			return err
		}
		x = identity.ExternalContact{
			ID: identity.NewExternalContactID(tx.Now()), OrganizationID: org, Name: strings.TrimSpace(c.Name), Company: c.Company, Department: c.Department,
			Title: c.Title, Details: details, Version: 1, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
		}
		if whose == Own {
			x.Owner = actor.MemberID
		}
		if err := x.Validate(); err != nil {
			return err
		}
		if err := room(tx, x); err != nil {
			return err
		}
		if err := tx.ExternalContacts.Insert(x); err != nil {
			return err
		}
		return record(tx, actor, audit.ContactAdded, x, nil)
	})
	return x, err
}

// room refuses a contact that is one too many.
func room(tx *store.Tx, x identity.ExternalContact) error {
	q, most := store.ExternalQuery{Shared: true}, identity.MaxSharedContacts
	if x.Owner != "" {
		q, most = store.ExternalQuery{Owner: x.Owner}, identity.MaxOwnContacts
	}
	n, err := tx.ExternalContacts.Count(x.OrganizationID, q)
	if err == nil && n >= most {
		err = fault.New(fault.Conflict, fault.CodeContactLimit).With("max", most)
	}
	return err
}

// record tells the operation log of what is shared. What a member writes down is
// nobody else's concern.
func record(tx *store.Tx, actor identity.Actor, what audit.Type, x identity.ExternalContact, changed []string) error {
	if x.Owner != "" {
		tx.NoEvent("a member's own address book")
		return nil
	}
	details := map[string]string{"name": x.Name}
	if len(changed) > 0 {
		details["fields"] = strings.Join(changed, ",")
	}
	return audit.Record(tx, actor, what, audit.About{Organization: x.OrganizationID, Target: string(x.ID), Details: details})
}

// Edit names the contact that is edited, and the version it was read in; 0
// agrees with any.
type Edit struct {
	ID      identity.ExternalContactID
	Version int64
}

// ChangeContact edits a contact.
func (b *Book) ChangeContact(ctx context.Context, actor identity.Actor, org identity.OrganizationID, whose Whose, e Edit, c Change) (x identity.ExternalContact, err error) {
	if err := allowEdit(actor, org, whose); err != nil {
		return x, err
	}
	err = b.db.Update(ctx, func(tx *store.Tx) error {
		if x, err = contactOf(tx, actor, org, whose, e.ID); err != nil {
			return err
		}
		if err := store.CheckVersion(e.Version, x.Version); err != nil {
			return err
		}
		changed, err := c.apply(&x)
		if err != nil || len(changed) == 0 {
			tx.NoEvent("an edit that changes nothing")
			return err
		}
		if err := x.Validate(); err != nil {
			return err
		}
		x.UpdatedAt = tx.Now()
		if err := tx.ExternalContacts.Put(x); err != nil {
			return err
		}
		x.Version++
		return record(tx, actor, audit.ContactChanged, x, changed)
	})
	return x, err
}

// apply edits a contact and tells which fields changed.
func (c Change) apply(x *identity.ExternalContact) (changed []string, err error) {
	before := x.Details
	for _, field := range []struct {
		name   string
		wanted *string
		into   *string
	}{
		{"name", c.Name, &x.Name},
		{"company", c.Company, &x.Company},
		{"department", c.Department, &x.Department},
		{"title", c.Title, &x.Title},
		{"mobile", c.Mobile, &x.Details.Mobile},
		{"country", c.Country, &x.Details.Country},
		{"other_number", c.OtherNumber, &x.Details.OtherNumber},
		{"other_country", c.OtherCountry, &x.Details.OtherCountry},
		{"email", c.Email, &x.Details.Email},
		{"address", c.Address, &x.Details.Address},
		{"remarks", c.Remarks, &x.Details.Remarks},
		{"custom_number", c.CustomNumber, &x.Details.CustomNumber},
	} {
		if field.wanted != nil && *field.wanted != *field.into {
			*field.into = *field.wanted
			changed = append(changed, field.name)
		}
	}
	if x.Details != before {
		x.Details, err = normal(x.Details)
	}
	return changed, err
}

// normal brings numbers and mail address to the form in which they are found. A
// number without its country is one of the directory's default.
func normal(d identity.ContactDetails) (identity.ContactDetails, error) {
	var err error
	if d.Email, err = identity.Email(d.Email); err != nil {
		return d, err
	}
	if d.Mobile, d.Country, err = number(d.Mobile, d.Country); err != nil {
		return d, fault.Of(err).At("mobile")
	}
	if d.OtherNumber, d.OtherCountry, err = number(d.OtherNumber, d.OtherCountry); err != nil {
		return d, fault.Of(err).At("other_number")
	}
	return d, nil
}

func number(typed, country string) (normalised, of string, err error) {
	if country == "" {
		country = directory.DefaultCountry
	}
	code, _ := directory.CallingCode(country)
	if normalised, err = identity.Mobile(typed, code); normalised == "" {
		country = ""
	}
	return normalised, country, err
}

// RemoveContact removes a contact in the version it was read in.
func (b *Book) RemoveContact(ctx context.Context, actor identity.Actor, org identity.OrganizationID, whose Whose, e Edit) error {
	if err := allowEdit(actor, org, whose); err != nil {
		return err
	}
	return b.db.Update(ctx, func(tx *store.Tx) error {
		x, err := contactOf(tx, actor, org, whose, e.ID)
		if err != nil {
			return err
		}
		if err := store.CheckVersion(e.Version, x.Version); err != nil {
			return err
		}
		if err := tx.ExternalContacts.Delete(org, x.ID); err != nil {
			return err
		}
		return record(tx, actor, audit.ContactRemoved, x, nil)
	})
}
