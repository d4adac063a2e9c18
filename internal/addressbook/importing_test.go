package addressbook

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// row reads "name, mail, mobile, company"; what is empty is left alone.
func row(text string) (r ImportRow) {
	cells := append(strings.Split(text, ","), "", "", "", "")
	for i, into := range []**string{&r.Change.Name, &r.Change.Email, &r.Change.Mobile, &r.Change.Company} {
		if cells[i] != "" {
			*into = &cells[i]
		}
	}
	return r
}

// imports takes rows over and tells what became of each.
func (h *house) imports(b ImportBatch, rows ...string) (told []string) {
	h.t.Helper()
	for _, text := range rows {
		b.Rows = append(b.Rows, row(text))
	}
	b.Also = func(_ *store.Tx, outcomes []directory.ImportOutcome) error {
		told = nil
		for _, o := range outcomes {
			switch what := []string{"refused", "created", "changed", "unchanged"}[o.Result]; {
			case o.Refusal != nil:
				told = append(told, string(o.Refusal.Code)+"@"+o.Refusal.Field)
			default:
				told = append(told, what)
			}
		}
		return nil
	}
	if err := h.ImportContacts(h.t.Context(), console, h.org, &b); err != nil {
		h.t.Fatal(err)
	}
	return told
}

func (h *house) shared() string {
	h.t.Helper()
	l := must(h.Contacts(h.t.Context(), console, h.org, Everybodys, ContactQuery{}))(h.t)
	var names []string
	for _, x := range l.Items {
		names = append(names, x.Name)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func TestImportRecognises(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		must(h.AddContact(t.Context(), actorOf(h.rita), h.org, Own, Contact{Name: "Mine", ContactDetails: identity.ContactDetails{Email: "mine@nova.example"}}))(t)
		h.imports(ImportBatch{}, "Zoe,zoe@nova.example,13700000001,Nova", "Tom,,13700000002", "Max,,,Nova")
		for _, tt := range []struct{ name, row, want string }{
			{"by mail, whatever its case", "Zoe Z,ZOE@nova.example", "changed"},
			{"the same", "Zoe Z,zoe@nova.example,+8613700000001,Nova", "unchanged"},
			{"by number", "Thomas,,+8613700000002", "changed"},
			{"by name and company", "MAX,,,nova", "changed"},
			{"another company", "Max,,,Other", "created"},
			{"an address decides before the number", "Tim,tim@nova.example,13700000002", "created"},
			{"the number is that of two now", "Tam,,13700000002", "import_unclear@id"},
			{"a contact of somebody's own", "Mine,mine@nova.example", "created"},
			{"no name", ",new@nova.example", "field_length@name"},
			{"no address", "New,none", "email_format@email"},
			{"a number that is none", "New,,none", "mobile_format@mobile"},
		} {
			if got := h.imports(ImportBatch{}, tt.row); got[0] != tt.want {
				t.Errorf("%s: got %v, want %s", tt.name, got, tt.want)
			}
		}
		if got := h.shared(); got != "MAX Max Mine Thomas Tim Zoe Z" {
			t.Errorf("got %q", got)
		}
		// Rows find what those before them in the batch left behind.
		got := h.imports(ImportBatch{}, "Eve,eve@nova.example,13700000009", "Eva,,13700000009", "Eva,eve@nova.example")
		if want := []string{"created", "changed", "unchanged"}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

// A row names a contact by its identifier before all else, its own organisation's
// alone.
func TestImportByIdentifier(t *testing.T) {
	h := sqliteHouse(t)
	zoe := must(h.AddContact(t.Context(), console, h.org, Everybodys, contact("Zoe")))(t)
	mine := must(h.AddContact(t.Context(), actorOf(h.rita), h.org, Own, contact("Mine")))(t)
	for id, want := range map[identity.ExternalContactID]string{zoe.ID: "changed", mine.ID: "contact_not_found@id", "ctc_none": "contact_not_found@id"} {
		r := row("Named,named@nova.example")
		r.ID = id
		if got := h.imports(ImportBatch{Rows: []ImportRow{r}}); got[0] != want {
			t.Errorf("%s: got %v, want %s", id, got, want)
		}
	}
	after := must(h.Contact(t.Context(), console, h.org, Everybodys, zoe.ID))(t)
	if after.Name != "Named" || after.Details.Email != "named@nova.example" || after.Version != 2 || after.CreatedAt != zoe.CreatedAt {
		t.Errorf("got %+v", after)
	}
}

// Nothing is stored where nothing is to be, and batches of a dry run know what
// those before them would have made.
func TestImportStoresNothingWhenItMust(t *testing.T) {
	h := sqliteHouse(t)
	for _, mode := range []directory.ImportMode{directory.ImportDry, directory.ImportAllOrNone} {
		if got := h.imports(ImportBatch{Mode: mode}, "A,a@nova.example", ",b@nova.example"); got[0] != "created" || h.shared() != "" {
			t.Errorf("mode %d: got %v and %q", mode, got, h.shared())
		}
	}
	var earlier ImportEarlier
	for _, step := range []struct{ row, want string }{
		{"A,a@nova.example,13700000001", "created"}, {"B,,13700000001", "changed"}, {"B,a@nova.example", "unchanged"},
	} {
		if got := h.imports(ImportBatch{Mode: directory.ImportDry, Earlier: &earlier}, step.row); got[0] != step.want {
			t.Errorf("%s: got %v, want %s", step.row, got, step.want)
		}
	}
	if got := h.shared(); got != "" {
		t.Errorf("got %q", got)
	}
}

// The address book has its limit for files too, and thousands come in by few
// statements.
func TestImportKeepsTheLimit(t *testing.T) {
	h := sqliteHouse(t)
	for part := range 2 {
		var rows []string
		for n := range 5000 {
			rows = append(rows, fmt.Sprintf("C,c%d@nova.example", part*5000+n))
		}
		if part == 1 {
			rows = append(rows, "One,more@nova.example", "Known,c1@nova.example")
		}
		got := h.imports(ImportBatch{}, rows...)
		if part == 1 && !slices.Equal(got[4999:], []string{"created", "contact_limit@", "changed"}) {
			t.Errorf("got %v", got[4999:])
		}
	}
}

func TestImportAsksAccess(t *testing.T) {
	h := sqliteHouse(t)
	for name, actor := range map[string]identity.Actor{"nobody": {}, "a member": actorOf(h.rita)} {
		wants(t, name, h.ImportContacts(t.Context(), actor, h.org, &ImportBatch{Rows: []ImportRow{row("A")}}), fault.CodeForbidden)
	}
	was := actorOf(h.rita)
	was.Role = identity.RoleAdministrator
	wants(t, "who was an administrator", h.ImportContacts(t.Context(), was, h.org, &ImportBatch{Rows: []ImportRow{row("A")}}), fault.CodeForbidden)
	h.imports(ImportBatch{Details: map[string]string{"task": "7"}}, "A,a@nova.example", "B,b@nova.example")
	h.imports(ImportBatch{}, "A,a@nova.example")
	h.update(func(tx *store.Tx) error {
		events, err := tx.Events.Page(store.EventQuery{Organization: h.org, Limit: 100})
		var found []map[string]string
		for _, e := range events {
			if e.Type == "contact.imported" {
				found = append(found, e.Details)
			}
		}
		if len(found) != 1 || found[0]["created"] != "2" || found[0]["changed"] != "0" || found[0]["task"] != "7" {
			t.Errorf("got %v", found)
		}
		return err
	})
}
