package directory

import (
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
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
