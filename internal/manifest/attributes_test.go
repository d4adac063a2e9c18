package manifest

import (
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

const defined = "    attributes: [{key: floor, label: Floor, type: number}, {key: size, label: Size, type: choice, candidates: [S, M], required: true, position: 2}]\n"

func TestAttributesArePlannedAndApplied(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		s := newSite(t, open)
		s.apply(people(defined), false)
		tests := []struct{ name, text, want string }{
			{"nothing said", people(""), "no changes"},
			{"another order", people("    attributes: [{key: size, label: Size, type: choice}, {key: floor, label: Floor, type: number, shown: true}]\n"), "no changes"},
			{"what may change", people("    attributes: [{key: floor, label: Level, type: number, shown: false, position: 1}]\n"), "~ change attribute floor of acme: label: Floor → Level, shown: true → false, position: 10000 → 1"},
			{"one more", people("    attributes: [{key: desk, label: Desk, type: text, masked: true}]\n"), "+ create attribute desk of acme"},
		}
		for _, tt := range tests {
			same(t, s.plan(tt.text, false), tt.want)
		}
		s.apply(tests[2].text, false)
		if text := s.export(); !strings.Contains(text, "    attributes:\n      - {key: floor, label: Level, type: number, shown: false, position: 1}\n"+
			"      - {key: size, label: Size, type: choice, candidates: [S, M], required: true, position: 2}\n") {
			t.Errorf("exported:\n%s", text)
		}
		same(t, s.plan(tests[2].text, true), "- remove attribute size of acme")
		s.apply(tests[2].text, true)
	})
}

// Values come after their definitions, and go before them.
func TestAttributesOfMembersArePlanned(t *testing.T) {
	s := sqliteSite(t)
	of := func(definitions, values string) string {
		return org("    members: [{account: a, name: A, role: owner, attributes: {" + values + "}}]\n" + definitions)
	}
	s.apply(of("", "free: x"), false)
	s.apply(of(defined, "floor: \"3\", size: S, free: x"), false)
	for values, want := range map[string]string{
		`floor: top, size: S`: "organizations[0].members[0].attributes: floor: This value is not written", `size: L`: "size: This value is not one of the choices",
		`size: S, new: x`: "new: There is no field", `floor: "3"`: "size: is required, and a has a value",
	} {
		_, err := Plan(t.Context(), console, s.House, mustLoad(t, of("", values)), Options{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want … %s …", values, err, want)
		}
	}
	s.apply(of("", "floor: \"4\", size: S"), false)
	_, err := Plan(t.Context(), console, s.House, mustLoad(t, of("    attributes: [{key: size, label: Size, type: text}]\n", "size: S")), Options{})
	if want := "organizations[0].attributes[0].type: never changes: it is choice"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want … %s …", err, want)
	}
	s.apply(of("    attributes: [{key: size, label: Size, type: choice}]\n", "size: S"), true)
}

func TestAttributeProblems(t *testing.T) {
	for text, want := range map[string]string{
		"{key: a, label: A, type: text}, {key: a, label: B, type: text}": "attributes[1].key: is given twice",
		"{key: a b, label: A, type: text}":                               "attributes[0].key: This value is not written as it should be",
		"{key: a, label: A, type: colour}":                               "type: should be one of text, choice, choices, date, number",
		"{key: a, label: A, type: number, masked: true}":                 "masked: This field cannot be used here",
	} {
		_, err := Load([]File{{"m.yaml", []byte(people("    attributes: [" + text + "]\n"))}}, around)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want … %s …", text, err, want)
		}
	}
	s := sqliteSite(t)
	_, err := Plan(t.Context(), console, s.House, mustLoad(t, people("    attributes: [{key: a, label: A, type: choice}]\n")), Options{})
	if want := "attributes[0]: candidates: This number is outside its range"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("a choice of nothing: got %v, want … %s …", err, want)
	}
}
