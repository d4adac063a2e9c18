package bulk

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/addressbook"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// outsiders are the shared contacts in the order of their names.
func (h *house) outsiders() (all []identity.ExternalContact) {
	h.t.Helper()
	l, err := h.book.Contacts(h.t.Context(), console, h.org, addressbook.Everybodys, addressbook.ContactQuery{Slice: store.Slice{Limit: 1000}})
	if err != nil {
		h.t.Fatal(err)
	}
	slices.SortFunc(l.Items, func(a, b identity.ExternalContact) int { return strings.Compare(a.Name, b.Name) })
	return l.Items
}

func (h *house) outsiderNames() string {
	var names []string
	for _, x := range h.outsiders() {
		names = append(names, x.Name)
	}
	return strings.Join(names, " ")
}

func TestImportOfContacts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		file := "Name,公司,mobile,email,备注\r\n Zoe ,Nova,137 0000 0001,Zoe@Nova.example,met\r\n,Nova,,,\r\nTom,,nonsense,,\r\nAnn,,,zoe@nova.EXAMPLE,\r\nMax,Nova,,,\r\n"
		dry := h.imports(NewImport{About: Contacts, DryRun: true}, file)
		if got := told(dry); got != "done 5/5 +2 ~0 =0 !3" || h.outsiderNames() != "" || dry.Kind != identity.TaskImportContacts {
			t.Errorf("dry: got %s, %q, %s", got, h.outsiderNames(), dry.Kind)
		}
		k := h.imports(NewImport{About: Contacts, FileName: "outside.csv", MakeDepartments: true}, file)
		if got := told(k); got != "done 5/5 +2 ~0 =0 !3" || k.Options.MakeDepartments {
			t.Errorf("got %s, %+v", got, k.Options)
		}
		want := []string{"3 name field_length", "4 mobile mobile_format", "5  import_repeated"}
		if got := h.refusals(k); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		all := h.outsiders()
		if len(all) != 2 || all[1].Name != "Zoe" || all[1].Details.Email != "zoe@nova.example" || all[1].Details.Remarks != "met" || all[1].Owner != "" {
			t.Fatalf("got %+v", all)
		}
		if result := h.content(h.Result(t.Context(), console, k, i18n.ZhCN)); !strings.Contains(result, "需更正的问题\r\n,Nova,,,,") {
			t.Errorf("got %s", result)
		}
	})
}

// By mail, by number and by name those who are there are known again.
func TestImportOfContactsChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		h.imports(NewImport{About: Contacts}, "name,company,mobile,email,remarks\nZoe,Nova,13700000001,zoe@nova.example,met\nMax,Nova,,,\n")
		again := "name,company,mobile,email,title\nZoe Nova,Nova,,ZOE@nova.example,Chief\n"
		if got := told(h.imports(NewImport{About: Contacts}, again)); got != "done 1/1 +0 ~1 =0 !0" || h.outsiders()[1].Title != "Chief" {
			t.Errorf("again: got %s, %+v", got, h.outsiders()[1])
		}
		again = "name,company,mobile,email,remarks\n,,+8613700000001,,<clear>\nMax,NOVA,,,seen\n"
		if got := told(h.imports(NewImport{About: Contacts}, again)); got != "done 2/2 +0 ~2 =0 !0" || h.outsiders()[1].Details.Remarks != "" {
			t.Errorf("by number and name: got %s, %+v", got, h.outsiders())
		}
	})
}

// What is exported and imported again changes nothing and is exported alike,
// also where two contacts share an address.
func TestExportImportExportOfContacts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		for _, c := range []addressbook.Contact{
			{Name: "=1+1", Company: "'Nova", Department: "R/D", ContactDetails: identity.ContactDetails{Email: "info@nova.example", OtherNumber: "+4930123456", OtherCountry: "germany"}},
			{Name: "Desk", Title: "two\nlines", ContactDetails: identity.ContactDetails{Email: "info@nova.example", Mobile: "+8613700000001", Address: "<clear>", CustomNumber: "007"}},
			{Name: "Desk"},
		} {
			if _, err := h.book.AddContact(t.Context(), console, h.org, addressbook.Everybodys, c); err != nil {
				t.Fatal(err)
			}
		}
		for _, format := range []identity.FileFormat{identity.FormatCSV, identity.FormatXLSX} {
			ask := NewExport{About: Contacts, Format: format, Language: i18n.ZhCN}
			first := h.exports(ask)
			if k := h.imports(NewImport{About: Contacts}, first); told(k) != "done 3/3 +0 ~0 =3 !0" {
				t.Errorf("%s: got %s, %v", format, told(k), h.refusals(k))
			}
			if second := h.exports(ask); format == identity.FormatCSV && (first != second || strings.Contains(first, ",=")) {
				t.Errorf("got\n%s\nwant\n%s", second, first)
			}
		}
		if got := h.exports(NewExport{About: Contacts, Format: identity.FormatCSV, Members: directory.MemberQuery{Text: "info@nova.ex"}}); strings.Count(got, "info@nova.example") != 2 || strings.Count(got, "ctc_") != 2 {
			t.Errorf("narrowed: got %s", got)
		}
		k := h.imports(NewImport{About: Contacts}, "id,name,email\nxct_none,Nobody,\n,Which,info@nova.example\n")
		if want := []string{"2 id contact_not_found", "3 id import_unclear"}; !slices.Equal(h.refusals(k), want) {
			t.Errorf("got %v, want %v", h.refusals(k), want)
		}
	})
}

// manyContacts is a file of several batches, of whose rows some are refused.
func manyContacts() string {
	var out strings.Builder
	out.WriteString("name,email,mobile\n")
	for n := range 3*importBatchRows + 7 {
		name := fmt.Sprintf("C%04d", n)
		if n%150 == 3 {
			name = ""
		}
		fmt.Fprintf(&out, "%s,c%d@nova.example,139%08d\n", name, n, n)
	}
	return out.String()
}

// An import of contacts that is killed goes on behind its last whole batch.
func TestImportOfContactsGoesOnAfterADeath(t *testing.T) {
	h := sqliteHouse(t)
	k, _ := h.asks(NewImport{About: Contacts}, manyContacts())
	for _, batches := range []int{0, 1, 2} {
		k = h.dies(k, batches)
	}
	k = h.runs(k)
	if got := told(k); got != "done 607/607 +602 ~0 =0 !5" || len(h.refusals(k)) != 5 || len(h.outsiders()) != 602 {
		t.Errorf("got %s, %v, %d contacts", got, h.refusals(k), len(h.outsiders()))
	}
	if got := told(h.imports(NewImport{About: Contacts, DryRun: true}, manyContacts())); got != "done 607/607 +0 ~0 =602 !5" {
		t.Errorf("again: got %s", got)
	}
}

func TestFilesOfContactsAreTheirOwn(t *testing.T) {
	h := sqliteHouse(t)
	for _, tt := range []struct {
		name string
		n    NewImport
		file string
		want fault.Code
	}{
		{"a column of members", NewImport{About: Contacts}, "name,password\nA,secret\n", fault.CodeImportHeading},
		{"an attribute", NewImport{About: Contacts}, "name,attr:floor\nA,1\n", fault.CodeImportHeading},
		{"nobody", NewImport{About: Contacts}, "company\nNova\n", fault.CodeImportContact},
		{"a column of contacts", NewImport{}, "account,company\na,Nova\n", fault.CodeImportHeading},
		{"something else", NewImport{About: "rooms"}, "name\nA\n", fault.CodeFieldChoice},
	} {
		if _, code := h.asks(tt.n, tt.file); code != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, code, tt.want)
		}
	}
	contacts, _ := h.asks(NewImport{About: Contacts}, "name\nA\n")
	members, _ := h.asks(NewImport{}, "account\na\n")
	for about, want := range map[About]int{"": 2, Members: 1, Contacts: 1} {
		list := must(t, func() ([]identity.Task, error) {
			return h.List(t.Context(), console, h.org, Query{Kinds: about.Imports()})
		})
		if len(list) != want {
			t.Errorf("%q: got %d tasks, want %d", about, len(list), want)
		}
	}
	for _, tt := range []struct {
		k     identity.Task
		about About
	}{{contacts, Members}, {members, Contacts}} {
		if _, err := h.Task(t.Context(), console, h.org, tt.k.ID, tt.about.Imports()...); !fault.Is(err, fault.CodeTaskNotFound) {
			t.Errorf("%s among %s: got %v", tt.k.Kind, tt.about, err)
		}
	}
	f, err := h.Template(t.Context(), console, h.org, NewTemplate{About: Contacts, Format: identity.FormatCSV, Language: i18n.EnUS})
	if text := h.content(f, err); f.Name != "contacts-template.csv" || !strings.HasPrefix(text, "\ufeffName,Company,Department,Title,") {
		t.Errorf("got %s: %q", f.Name, text)
	}
}
