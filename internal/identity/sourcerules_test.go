package identity_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

func TestSourceRulesAreChecked(t *testing.T) {
	good := identity.SourceRules{Ours: identity.MatchEmail, Theirs: "mail"}
	many := make([]identity.Mapping, 51)
	tests := []struct {
		name   string
		change func(*identity.SourceRules)
		want   string // the faults' fields
	}{
		{"the least", func(*identity.SourceRules) {}, ""},
		{"everybody anew needs no attribute", func(r *identity.SourceRules) { *r = identity.SourceRules{Strategy: identity.CreateOnly} }, ""},
		{"no attributes", func(r *identity.SourceRules) { *r = identity.SourceRules{} }, "match.ours match.theirs"},
		{"the attribute of enterprise SSO", func(r *identity.SourceRules) { r.Ours = identity.MatchThirdAccount }, "match.ours"},
		{"an unknown strategy", func(r *identity.SourceRules) { r.Strategy = "both" }, "match.strategy"},
		{"a long name", func(r *identity.SourceRules) { r.Theirs = strings.Repeat("n", 256) }, "match.theirs"},
		{"trusted for names", func(r *identity.SourceRules) { r.Trusted = []identity.MatchAttribute{identity.MatchAccount} }, "match.trusted"},
		{"trusted twice", func(r *identity.SourceRules) {
			r.Trusted = []identity.MatchAttribute{identity.MatchEmail, identity.MatchEmail}
		}, "match.trusted"},
		{"all kinds of mappings", func(r *identity.SourceRules) {
			r.Mappings = []identity.Mapping{{Ours: "name", Theirs: "cn"}, {Ours: "attributes.from", Fixed: "Nova"}}
		}, ""},
		{"mappings that cannot be", func(r *identity.SourceRules) {
			r.Mappings = []identity.Mapping{
				{Ours: "role", Fixed: "owner"},
				{Ours: "name", Theirs: "cn", Fixed: "Nova"},
				{Ours: "name"},
				{Ours: "attributes.", Fixed: "x"},
				{Ours: "title", Theirs: strings.Repeat("n", 256)},
				{Ours: "email", Fixed: "a\x00b"},
			}
		}, "mappings.0.ours mappings.1.theirs mappings.2.ours mappings.2.theirs mappings.3.ours mappings.4.theirs mappings.5.fixed"},
		{"too many mappings", func(r *identity.SourceRules) { r.Mappings = many }, "mappings"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := good
			test.change(&r)
			var fields []string
			if err := r.Validate(); err != nil {
				f := fault.Of(err)
				for _, one := range append([]*fault.Error{f}, f.Others...) {
					fields = append(fields, one.Field)
				}
			}
			if got := strings.Join(fields, " "); got != test.want {
				t.Errorf("got faults at %q, want %q", got, test.want)
			}
		})
	}
}

func TestSourceRulesRead(t *testing.T) {
	r := identity.SourceRules{Theirs: "mail", Mappings: []identity.Mapping{{Ours: "name", Theirs: "cn"}, {Ours: "email", Theirs: "mail"}, {Ours: "title", Fixed: "x"}}}
	if got := r.Reads(); !slices.Equal(got, []string{"cn", "mail"}) {
		t.Errorf("got %v", got)
	}
	if got := (identity.SourceRules{}).Reads(); len(got) > 0 {
		t.Errorf("enterprise SSO reads %v", got)
	}
}

func TestSourceRulesTrust(t *testing.T) {
	r := identity.SourceRules{Trusted: []identity.MatchAttribute{identity.MatchMobile}}
	for attribute, want := range map[identity.MatchAttribute]bool{
		identity.MatchAccount: true, identity.MatchThirdAccount: true, identity.MatchMobile: true, identity.MatchEmail: false,
	} {
		if got := r.Trusts(attribute); got != want {
			t.Errorf("%s: got %v, want %v", attribute, got, want)
		}
	}
	if r.Matches() != identity.MatchThirdAccount || r.Binding() != identity.BindOrCreate {
		t.Errorf("got %s and %s", r.Matches(), r.Binding())
	}
}
