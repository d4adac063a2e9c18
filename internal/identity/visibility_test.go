package identity

import (
	"slices"
	"testing"

	"github.com/orgate/orgate/internal/fault"
)

func TestVisibilityRules(t *testing.T) {
	many := slices.Repeat([]string{"a"}, maxDesignated+1)
	for _, c := range []struct {
		name      string
		v         Visibility
		code      fault.Code
		wantField string
	}{
		{"nothing said", Visibility{}, "", ""},
		{"open to all", Visibility{Open: true, Sees: SeesOwn}, "", ""},
		{"as many as may be", Visibility{Sees: SeesDesignated, Designated: many[1:]}, "", ""},
		{"none designated", Visibility{Sees: SeesDesignated}, "", ""},
		{"too many", Visibility{Sees: SeesDesignated, Designated: many}, fault.CodeFieldRange, "designated"},
		{"designated for nothing", Visibility{Sees: SeesBelow, Designated: []string{"a"}}, fault.CodeFieldUnwanted, "designated"},
		{"designated without a sight", Visibility{Designated: []string{"a"}}, fault.CodeFieldUnwanted, "designated"},
		{"an unknown sight", Visibility{Sees: "nobody"}, fault.CodeFieldChoice, "sees"},
	} {
		d := Department{Code: "rd", Name: "R&D", SortLevel: 1, Visibility: c.v}
		err := d.Validate()
		if c.code == "" && err != nil || c.code != "" && (!fault.Is(err, c.code) || fault.Of(err).Field != c.wantField) {
			t.Errorf("%s: got %v, want %q at %q", c.name, err, c.code, c.wantField)
		}
	}
}

func TestScope(t *testing.T) {
	at := func(path string, open bool) Department {
		return Department{Path: path, Visibility: Visibility{Open: open}}
	}
	places := map[string]Department{
		"root": at("1/", false), "own": at("1/rd/", false), "below": at("1/rd/lab/", false), "beside": at("1/rd2/", false),
		"open": at("1/hr/", true), "below open": at("1/hr/pay/", false), "named": at("1/law/", false), "below named": at("1/law/tax/", false),
	}
	for sees, want := range map[Sight][]string{
		"":             {"below", "below named", "below open", "beside", "named", "open", "own", "root"},
		SeesAll:        {"below", "below named", "below open", "beside", "named", "open", "own", "root"},
		SeesOwn:        {"open", "own"},
		SeesBelow:      {"below", "open", "own"},
		SeesDesignated: {"below named", "named", "open", "own"},
	} {
		own := places["own"]
		own.Visibility.Sees = sees
		scope := own.Scope([]string{"1/law/"})
		var got []string
		for name, d := range places {
			if scope.Includes(d) {
				got = append(got, name)
			}
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", sees, got, want)
		}
	}
	if (Scope{}).Includes(places["own"]) || !(Scope{}).Includes(places["open"]) {
		t.Error("a scope of nothing is the open departments alone")
	}
}
