package manifest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// people is a manifest with three members and what else an organisation has.
func people(lines string) string {
	return org("    members: [{account: A@x, name: A, role: owner}, {account: b, name: B}, {account: c, name: C}]\n" + lines)
}

func TestGroupPlans(t *testing.T) {
	s := sqliteSite(t)
	s.apply(people("    groups: [{name: Writers, description: who write, members: [b, a@X]}, {name: empty}]\n"), false)
	tests := []struct{ name, text, want string }{
		{"nothing said", people(""), "no changes"},
		{"other letters, another order", people("    groups: [{name: writers, members: [a@x, B]}]\n"), "no changes"},
		{"the name alone", people("    groups: [{name: writers}]\n"), "no changes"},
		{"one comes, one leaves", people("    groups: [{name: writers, members: [c, b]}]\n"), "~ change group Writers of acme: members: [A@x, b] → [b, c]"},
		{
			"all leave", people("    groups: [{name: writers, description: \"\", members: []}]\n"),
			`~ change group Writers of acme: description: who write → "", members: [A@x, b] → []`,
		},
		{"another one", people("    groups: [{name: readers, members: [c]}]\n"), "+ create group readers of acme"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { same(t, s.plan(tt.text, false), tt.want) })
	}
}

func TestGroupsAreAppliedAndPruned(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		s := newSite(t, open)
		s.apply(people("    groups: [{name: writers, members: [a@x, b]}, {name: readers, members: [c]}]\n"), false)
		text := people("    groups: [{name: writers, members: [b, c]}]\n")
		same(t, s.plan(text, true), "~ change group writers of acme: members: [A@x, b] → [b, c]\n- remove group readers of acme")
		s.apply(text, true)
		// Whoever is removed from the organisation leaves its groups.
		s.apply(org("    members: [{account: A@x, name: A, role: owner}, {account: b, name: B}]\n    groups: [{name: writers, members: [b]}]\n"), true)
		if text := s.export(); !strings.Contains(text, "    groups:\n      - {name: writers, members: [b]}\n") {
			t.Errorf("exported:\n%s", text)
		}
	})
}

func TestGroupProblems(t *testing.T) {
	s := sqliteSite(t)
	s.apply(people(""), false)
	nobody := `organizations[0].groups[0].members: there is no member "nobody" in acme`
	tests := []struct {
		name, text, want string
		prune            bool
	}{
		{"nobody", people("    groups: [{name: w, members: [nobody]}]\n"), nobody, false},
		{
			"somebody who is pruned", org("    members: [{account: A@x, name: A, role: owner}]\n    groups: [{name: w, members: [c]}]\n"),
			`there is no member "c" in acme`, true,
		},
		{"somebody stored", org("    groups: [{name: w, members: [nobody]}]\n"), nobody, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Plan(t.Context(), console, s.House, mustLoad(t, tt.text), Options{Prune: tt.prune})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want … %s …", err, tt.want)
			}
		})
	}
	for name, text := range map[string]string{
		"is given twice": "[{name: w}, {name: W}]", "members: names b twice": "[{name: w, members: [B, c, b]}]",
		"groups[0].name: ": "[{name: " + strings.Repeat("x", 65) + "}]",
	} {
		_, err := Load([]File{{"m.yaml", []byte(people("    groups: " + text + "\n"))}}, around)
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v, want … %s …", text, err, name)
		}
	}
}

// A large group is filled and emptied in several steps.
func TestALargeGroup(t *testing.T) {
	s := sqliteSite(t)
	s.apply(org("    members: [{account: owner, name: O, role: owner}]\n"), false)
	accounts := make([]string, 0, 250)
	for i := range cap(accounts) {
		accounts = append(accounts, fmt.Sprintf("m%03d", i))
	}
	lines := strings.Join(accounts, ", name: X, password: Good-word-4711}, {account: ")
	s.apply(org("    members: [{account: owner, name: O, role: owner}, {account: "+lines+", name: X, password: Good-word-4711}]\n    groups: [{name: all, members: ["+
		strings.Join(accounts, ", ")+"]}]\n"), false)
	s.apply(org("    groups: [{name: all, members: []}]\n"), false)
	g, err := s.Directory.GroupByName(t.Context(), console, s.organization(), "all")
	if err != nil || identity.Fold(g.Name) != "all" {
		t.Errorf("got %+v, %v", g, err)
	}
}

func TestGroupOwnersArePlanned(t *testing.T) {
	s := sqliteSite(t)
	s.apply(people("    groups: [{name: writers, members: [b], owners: [b, a@X]}]\n"), false)
	same(t, s.plan(people("    groups: [{name: writers, owners: [A@x, B]}]\n"), false), "no changes")
	text := people("    groups: [{name: writers, owners: [c, b]}]\n")
	same(t, s.plan(text, false), "~ change group writers of acme: owners: [A@x, b] → [b, c]")
	s.apply(text, false)
	if text := s.export(); !strings.Contains(text, "{name: writers, members: [b], owners: [b, c]}\n") {
		t.Errorf("exported:\n%s", text)
	}
	s.apply(people("    groups: [{name: writers, owners: []}]\n"), false)
	_, err := Plan(t.Context(), console, s.House, mustLoad(t, people("    groups: [{name: writers, owners: [nobody]}]\n")), Options{})
	if want := `groups[0].owners: there is no member "nobody" in acme`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want … %s …", err, want)
	}
	many := make([]string, directory.MaxGroupOwners+1)
	for i := range many {
		many[i] = fmt.Sprintf("m%d", i)
	}
	for text, want := range map[string]string{"b, B": "names B twice", strings.Join(many, ", "): "50"} {
		_, err := Load([]File{{"m.yaml", []byte(people("    groups: [{name: w, owners: [" + text + "]}]\n"))}}, around)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want … %s …", err, want)
		}
	}
}

// wiki lets a group in.
const wiki = "    applications: [{name: Wiki, protocol: oidc, client_id: wiki, client_secret: env:WIKI_SECRET, home_urls: [https://wiki.example/cb]%s}]\n"

// A group goes when applications have let it go, in one and the same plan.
func TestAGroupIsPrunedAfterItsUse(t *testing.T) {
	s := sqliteSite(t)
	s.apply(people("    groups: [{name: writers}]\n"+fmt.Sprintf(wiki, ", access: {groups: [writers]}")), false)
	for _, silent := range []string{"", fmt.Sprintf(wiki, "")} {
		_, err := Plan(t.Context(), console, s.House, mustLoad(t, people("    groups: []\n"+silent)), Options{Prune: true})
		if want := "the application wiki lets it in"; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want … %s …", err, want)
		}
	}
	s.apply(people("    groups: []\n"+fmt.Sprintf(wiki, ", access: {everyone: true}")), true)
	s.apply(people("    groups: [{name: writers}]\n"+fmt.Sprintf(wiki, ", access: {groups: [writers]}")), true)
	s.apply(people("    groups: []\n    applications: []\n"), true)
}
