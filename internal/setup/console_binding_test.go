package setup

import (
	"reflect"
	"testing"

	"github.com/orgate/orgate/internal/identity"
)

func TestRulesAreTypedAsTheyAreShown(t *testing.T) {
	for name, want := range map[string]identity.SourceRules{
		"none":            {},
		"a guest each":    {Strategy: identity.CreateOnly},
		"by mail":         {Ours: identity.MatchEmail, Theirs: "mail", Strategy: identity.BindOnly, Trusted: []identity.MatchAttribute{"email", "mobile"}},
		"with attributes": {Ours: identity.MatchAccount, Theirs: "user", Strategy: identity.BindOrCreate, Mappings: []identity.Mapping{{Ours: "name", Theirs: "a.b"}, {Ours: "title", Fixed: "x = y: z"}}},
	} {
		got, err := typedRules(generalOf("Partner", want))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %v, want %+v", name, got, err, want)
		}
	}
	for _, text := range []string{"name", "=cn", ":x", "name=cn,title"} {
		if _, err := typedRules(map[string]string{"mappings": text}); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

func FuzzTypedRules(f *testing.F) {
	f.Add("mail", "email, mobile", "name=cn, title:Guest")
	f.Fuzz(func(t *testing.T, theirs, trusted, mappings string) {
		typed := map[string]string{"match.ours": "email", "match.strategy": "bind", "match.theirs": theirs, "match.trusted": trusted, "mappings": mappings}
		rules, err := typedRules(typed)
		if err != nil || rules.Validate() != nil {
			return
		}
		again, err := typedRules(generalOf("", rules))
		if err != nil || !reflect.DeepEqual(again, rules) {
			t.Errorf("%+v came back as %+v, %v", rules, again, err)
		}
	})
}
