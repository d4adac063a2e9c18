package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/addressbook"
	"github.com/orgate/orgate/internal/identity"
)

// Contact is somebody outside in an address book.
type Contact struct {
	ID string `json:"id"`
	ContactFields
	Version   int64     `json:"version"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// ContactFields are what is known of a contact.
type ContactFields struct {
	Name         string `json:"name" doc:"The name, 1 to 64 characters."`
	Company      string `json:"company,omitempty"`
	Department   string `json:"department,omitempty" doc:"Of the company."`
	Title        string `json:"title,omitempty"`
	Mobile       string `json:"mobile,omitempty" doc:"With the country code, such as +8613800000001, or as it is dialled in the country."`
	Country      string `json:"country,omitempty" doc:"Of the number, by its symbolic name, such as chinaPR."`
	OtherNumber  string `json:"other_number,omitempty" doc:"Another number, as mobile."`
	OtherCountry string `json:"other_country,omitempty" doc:"Of the other number."`
	Email        string `json:"email,omitempty"`
	Address      string `json:"address,omitempty"`
	Remarks      string `json:"remarks,omitempty" doc:"At most 512 characters."`
	CustomNumber string `json:"custom_number,omitempty" doc:"A number that a meeting server knows."`
}

func (f ContactFields) contact() addressbook.Contact {
	return addressbook.Contact{
		Name: f.Name, Company: f.Company, Department: f.Department, Title: f.Title,
		ContactDetails: identity.ContactDetails{
			Mobile: f.Mobile, Country: f.Country, OtherNumber: f.OtherNumber, OtherCountry: f.OtherCountry, Email: f.Email,
			Address: f.Address, Remarks: f.Remarks, CustomNumber: f.CustomNumber,
		},
	}
}

func contactShown(x identity.ExternalContact) Contact {
	d := x.Details
	return Contact{
		ID: string(x.ID),
		ContactFields: ContactFields{
			Name: x.Name, Company: x.Company, Department: x.Department, Title: x.Title, Mobile: d.Mobile, Country: d.Country,
			OtherNumber: d.OtherNumber, OtherCountry: d.OtherCountry, Email: d.Email, Address: d.Address, Remarks: d.Remarks,
			CustomNumber: d.CustomNumber,
		},
		Version: x.Version, CreatedAt: x.CreatedAt.UTC(), UpdatedAt: x.UpdatedAt.UTC(),
	}
}

// ContactChange is an edit of a contact; what is left out stays, an empty text
// clears a field.
type ContactChange struct {
	Name         *string `json:"name,omitempty"`
	Company      *string `json:"company,omitempty"`
	Department   *string `json:"department,omitempty"`
	Title        *string `json:"title,omitempty"`
	Mobile       *string `json:"mobile,omitempty"`
	Country      *string `json:"country,omitempty"`
	OtherNumber  *string `json:"other_number,omitempty"`
	OtherCountry *string `json:"other_country,omitempty"`
	Email        *string `json:"email,omitempty"`
	Address      *string `json:"address,omitempty"`
	Remarks      *string `json:"remarks,omitempty"`
	CustomNumber *string `json:"custom_number,omitempty"`
}

// shelf is one address book: whose it is, and where it is found.
type shelf struct {
	org   identity.OrganizationID
	whose addressbook.Whose
	path  string
}

// shared is the address book of all members of the organisation in a path.
func (c *call) shared(ctx context.Context, in InOrganization) (shelf, error) {
	o, err := c.organization(ctx, in)
	return shelf{o.ID, addressbook.Everybodys, "/organizations/" + string(o.ID) + "/contacts/"}, err
}

// ownShelf is that of the caller.
func (c *call) ownShelf() shelf {
	return shelf{c.actor.OrganizationID, addressbook.Own, "/me/contacts/"}
}

// ContactSearch is what lists of contacts are asked with.
type ContactSearch struct {
	Named
	Q string `query:"q" doc:"Only those in whose name, its sound or company this is, or whose number or mail address begins so."`
}

func (c *call) contacts(ctx context.Context, at shelf, in ContactSearch) (*listed[Contact], error) {
	order, part, err := in.part("ctc_")
	if err != nil {
		return nil, err
	}
	found, err := c.s.o.Addressbook.Contacts(ctx, c.actor, at.org, at.whose, addressbook.ContactQuery{Text: in.Q, NameOrder: order, Slice: part})
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found.Items, func(x identity.ExternalContact) string { return in.key(string(x.ID), x.Name) }, contactShown), nil
}

func (c *call) addTo(ctx context.Context, at shelf, body ContactFields) (*made[Contact], error) {
	x, err := c.s.o.Addressbook.AddContact(ctx, c.actor, at.org, at.whose, body.contact())
	if err != nil {
		return nil, err
	}
	return &made[Contact]{ETag: etag(x.Version), Location: c.at(at.path + string(x.ID)), Body: contactShown(x)}, nil
}

func (c *call) contact(ctx context.Context, at shelf, id string) (identity.ExternalContact, error) {
	return c.s.o.Addressbook.Contact(ctx, c.actor, at.org, at.whose, identity.ExternalContactID(id))
}

func (c *call) showContact(ctx context.Context, at shelf, id string, known Known) (*single[Contact], error) {
	x, err := c.contact(ctx, at, id)
	if err != nil {
		return nil, err
	}
	return shown(known, x.Version, contactShown(x))
}

// edit is what an edit of a contact is made on.
func (c *call) edit(ctx context.Context, at shelf, id string, u Unchanged) (e addressbook.Edit, err error) {
	x, err := c.contact(ctx, at, id)
	if err != nil {
		return e, err
	}
	e.ID = x.ID
	e.Version, err = u.version(x.Version)
	return e, err
}

func (c *call) changeContact(ctx context.Context, at shelf, e addressbook.Edit, body ContactChange) (*single[Contact], error) {
	x, err := c.s.o.Addressbook.ChangeContact(ctx, c.actor, at.org, at.whose, e, addressbook.Change(body))
	if err != nil {
		return nil, err
	}
	return &single[Contact]{ETag: etag(x.Version), Body: contactShown(x)}, nil
}

type contactsQuery struct {
	InOrganization
	ContactSearch
}

func listContacts(ctx context.Context, c *call, in *contactsQuery) (*listed[Contact], error) {
	at, err := c.shared(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	return c.contacts(ctx, at, in.ContactSearch)
}

type addContactInput struct {
	InOrganization
	Body ContactFields
}

func addContact(ctx context.Context, c *call, in *addContactInput) (*made[Contact], error) {
	at, err := c.shared(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	return c.addTo(ctx, at, in.Body)
}

// InContact is embedded by everything about one contact of an organisation.
type InContact struct {
	InOrganization
	Contact string `path:"contact" doc:"The contact's identifier."`
}

type contactInput struct {
	InContact
	Known
}

func getContact(ctx context.Context, c *call, in *contactInput) (*single[Contact], error) {
	at, err := c.shared(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	return c.showContact(ctx, at, in.Contact, in.Known)
}

type changeContactInput struct {
	InContact
	Unchanged
	Body ContactChange
}

func changeContact(ctx context.Context, c *call, in *changeContactInput) (*single[Contact], error) {
	at, err := c.shared(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	e, err := c.edit(ctx, at, in.Contact, in.Unchanged)
	if err != nil {
		return nil, err
	}
	return c.changeContact(ctx, at, e, in.Body)
}

type removeContactInput struct {
	InContact
	Unchanged
}

func removeContact(ctx context.Context, c *call, in *removeContactInput) (*empty, error) {
	at, err := c.shared(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	e, err := c.edit(ctx, at, in.Contact, in.Unchanged)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Addressbook.RemoveContact(ctx, c.actor, at.org, at.whose, e)
}
