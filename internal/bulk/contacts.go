package bulk

import (
	"context"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/addressbook"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// outside is files about the contacts that all members share.
func outside() noun {
	return noun{
		permission: access.ManageContacts, columns: contactColumns, suffices: namesContacts, keys: contactKeys,
		named: func(string) (column, bool) { return column{}, false }, take: takeContacts, page: pageOfContacts,
	}
}

func contactColumns([]identity.Attribute) []column {
	in := func(of func(c *addressbook.Change) **string) field {
		return func(l *line) **string { return of(&l.contact.Change) }
	}
	details := func(of func(d identity.ContactDetails) string) func(e exported) string {
		return func(e exported) string { return of(e.contact.Details) }
	}
	return []column{
		{
			key: "id", get: func(e exported) string { return string(e.contact.ID) },
			put: func(l *line, cell string) error {
				l.contact.ID = identity.ExternalContactID(strings.TrimSpace(cell))
				return nil
			},
		},
		word("name", in(func(c *addressbook.Change) **string { return &c.Name }), func(e exported) string { return e.contact.Name }),
		text("company", in(func(c *addressbook.Change) **string { return &c.Company }), func(e exported) string { return e.contact.Company }),
		text("department", in(func(c *addressbook.Change) **string { return &c.Department }), func(e exported) string { return e.contact.Department }),
		text("title", in(func(c *addressbook.Change) **string { return &c.Title }), func(e exported) string { return e.contact.Title }),
		text("mobile", in(func(c *addressbook.Change) **string { return &c.Mobile }), details(func(d identity.ContactDetails) string { return d.Mobile })),
		word("country", in(func(c *addressbook.Change) **string { return &c.Country }), details(func(d identity.ContactDetails) string { return d.Country })),
		text("other_number", in(func(c *addressbook.Change) **string { return &c.OtherNumber }), details(func(d identity.ContactDetails) string { return d.OtherNumber })),
		word("other_country", in(func(c *addressbook.Change) **string { return &c.OtherCountry }), details(func(d identity.ContactDetails) string { return d.OtherCountry })),
		text("email", in(func(c *addressbook.Change) **string { return &c.Email }), details(func(d identity.ContactDetails) string { return d.Email })),
		text("address", in(func(c *addressbook.Change) **string { return &c.Address }), details(func(d identity.ContactDetails) string { return d.Address })),
		text("remarks", in(func(c *addressbook.Change) **string { return &c.Remarks }), details(func(d identity.ContactDetails) string { return d.Remarks })),
		text("custom_number", in(func(c *addressbook.Change) **string { return &c.CustomNumber }), details(func(d identity.ContactDetails) string { return d.CustomNumber })),
		errorColumn(),
	}
}

func namesContacts(seen map[string]bool) error {
	if seen["id"] || seen["name"] || seen["email"] || seen["mobile"] {
		return nil
	}
	return fault.New(fault.Invalid, fault.CodeImportContact).At("name")
}

func contactKeys(row line) []string {
	if key := row.contact.Key(); key != "" {
		return []string{key}
	}
	return nil
}

func takeContacts(ctx context.Context, w *walk, rows []line, b batch) error {
	taken := &addressbook.ImportBatch{Rows: make([]addressbook.ImportRow, len(rows)), Mode: b.mode, Details: b.details, Also: b.also}
	if b.earlier != nil {
		taken.Earlier = &b.earlier.contacts
	}
	for i, row := range rows {
		taken.Rows[i] = row.contact
	}
	return w.t.book.ImportContacts(ctx, w.task.Actor, w.task.OrganizationID, taken)
}

func pageOfContacts(r *run, tx *store.Tx, after string) ([]exported, error) {
	found, err := tx.ExternalContacts.Page(r.task.OrganizationID, store.ExternalQuery{
		Text: r.task.Options.Text, Shared: true, Slice: store.Slice{After: after, Limit: exportPage},
	})
	all := make([]exported, len(found))
	for i, x := range found {
		all[i] = exported{key: string(x.ID), contact: x}
	}
	return all, err
}
