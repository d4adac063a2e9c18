package directory

import (
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func TestSetContacts(t *testing.T) {
	tests := []struct {
		name        string
		typed, want contacts
		code        fault.Code
	}{
		{"nothing", contacts{}, contacts{country: DefaultCountry}, ""},
		{"mail folded", contacts{email: " A@Mail.Example "}, contacts{"a@mail.example", "", DefaultCountry}, ""},
		{"number of the default country", contacts{mobile: "138-0000 0001"}, contacts{"", "+8613800000001", DefaultCountry}, ""},
		{"number of another country", contacts{mobile: "7700900123", country: "UK"}, contacts{"", "+447700900123", "UK"}, ""},
		{"its own prefix before the country's", contacts{mobile: "+4915100000", country: "UK"}, contacts{"", "+4915100000", "UK"}, ""},
		{"two zeros for a plus", contacts{mobile: "004915100000"}, contacts{"", "+4915100000", DefaultCountry}, ""},
		{"unknown country with a prefix", contacts{mobile: "+99915100000", country: "atlantis"}, contacts{"", "+99915100000", "atlantis"}, ""},
		{"unknown country without one", contacts{mobile: "15100000", country: "atlantis"}, contacts{}, fault.CodeMobileFormat},
		{"letters", contacts{mobile: "call me"}, contacts{}, fault.CodeMobileFormat},
		{"no domain", contacts{email: "a"}, contacts{}, fault.CodeEmailFormat},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var a identity.Account
			err := setContacts(&a, tt.typed)
			wants(t, tt.name, err, tt.code)
			if got := (contacts{a.Email, a.Mobile, a.Country}); err == nil && got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

// What is stored reads as itself, so that writing back what was read changes
// nothing and a login name has one spelling.
func FuzzContacts(f *testing.F) {
	f.Add("A@Mail.Example", "138-0000 0001", "chinaPR")
	f.Add("", "0044 7700 900123", "UK")
	f.Add("a@b.c", "+1", "atlantis")
	f.Fuzz(func(t *testing.T, email, mobile, country string) {
		var once, twice identity.Account
		if setContacts(&once, contacts{email, mobile, country}) != nil {
			return
		}
		if err := setContacts(&twice, contacts{once.Email, once.Mobile, once.Country}); err != nil || once != twice {
			t.Errorf("got %+v, then %+v, %v", once, twice, err)
		}
		if once.Mobile != "" && !strings.HasPrefix(once.Mobile, "+") {
			t.Errorf("mobile without its code: %q", once.Mobile)
		}
	})
}

// Where an organisation requires a contact, nobody is entered without one and
// nobody's last one is taken away; both fields say so. Who had none before may
// be edited otherwise, and who comes by a good proof comes in.
func TestContactRequired(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		silent := h.member("silent", func(*NewMember) {})
		known := h.member("known", func(n *NewMember) { n.Email, n.Mobile = "known@acme.example", "+8613800000001" })
		h.edit(func(o *identity.Organization) { o.Rules.ContactRequired = true })
		fields := func(err error) (all []string) {
			if err == nil {
				return nil
			}
			f := fault.Of(err)
			for _, one := range append([]*fault.Error{f}, f.Others...) {
				all = append(all, string(one.Code)+"@"+one.Field)
			}
			return all
		}
		both := []string{"contact_missing@mobile", "contact_missing@email"}
		for _, n := range []NewMember{{Account: "new", Name: "New"}, {Name: "New", ThirdAccount: "third"}} {
			_, err := h.AddMember(t.Context(), console, h.org.ID, n)
			if got := fields(err); !slices.Equal(got, both) {
				t.Errorf("%q: got %v, want %v", n.Account, got, both)
			}
		}
		h.member("mailed", func(n *NewMember) { n.Email = "mailed@acme.example" })
		h.member("called", func(n *NewMember) { n.Mobile = "+8613800000002" })
		empty, title := new(""), new("Dr")
		for _, step := range []struct {
			name string
			of   identity.Person
			c    MemberChange
			want []string
		}{
			{"the first of two", known, MemberChange{Mobile: empty}, nil},
			{"the last", known, MemberChange{Email: empty}, both},
			{"one for another", known, MemberChange{Email: empty, Mobile: new("+8613800000003")}, nil},
			{"who had none", silent, MemberChange{Title: title, Email: empty}, nil},
		} {
			_, err := h.ChangeMember(t.Context(), console, h.org.ID, step.of.Member.ID, 0, step.c)
			if got := fields(err); !slices.Equal(got, step.want) {
				t.Errorf("%s: got %v, want %v", step.name, got, step.want)
			}
		}
		got := h.imports(ImportBatch{Rows: []ImportRow{
			row("imported", "A", nil),
			row("reached", "B", func(r *ImportRow) { r.Change.Email = new("b@acme.example") }),
			row("known", "", func(r *ImportRow) { r.Change.Mobile = empty }),
			row("silent", "Renamed", nil),
		}})
		if want := []string{"contact_missing at mobile", "created", "contact_missing at mobile", "changed"}; !slices.Equal(got, want) {
			t.Errorf("imported: got %v, want %v", got, want)
		}
		h.write(func(tx *store.Tx) error {
			_, err := createMember(tx, h.org, NewMember{Name: "At the door", ThirdAccount: "door", automatic: true}, identity.Credential{})
			return err
		})
	})
}
