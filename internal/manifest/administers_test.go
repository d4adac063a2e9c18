package manifest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// heads is a manifest with three departments, an owner, and these members
// besides, one to a line.
func heads(members ...string) string {
	return org("    departments: [{code: rd, name: R}, {code: core, name: C, parent: rd}, {code: sales, name: S}]\n" +
		"    members:\n      - {account: a, name: A, role: owner}\n      - " + strings.Join(members, "\n      - ") + "\n")
}

// administered tells which departments a member administers, and in which role.
func (s *site) administered(account string) string {
	t, ctx := s.t, s.t.Context()
	t.Helper()
	o, err := s.Directory.OrganizationByRef(ctx, console, "acme")
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Directory.MemberByAccount(ctx, console, o.ID, account)
	if err != nil {
		t.Fatal(err)
	}
	by, err := s.Directory.Administered(ctx, console, o.ID)
	if err != nil {
		t.Fatal(err)
	}
	codes := by[p.Member.ID]
	slices.Sort(codes)
	return fmt.Sprint(p.Member.Role, codes)
}

func TestAdministersIsPlannedAndApplied(t *testing.T) {
	const role = "department_administrator"
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		s := newSite(t, open)
		s.apply(heads("{account: b, name: B}"), false)
		for _, step := range []struct{ name, member, plan, want string }{
			{"appointed", "{account: b, name: B, role: " + role + ", administers: [rd]}", "~ change member b of acme: role: member → " + role + ", administers: [] → [rd]", role + "[rd]"},
			{"the same, written otherwise", "{account: B, name: B, role: " + role + ", administers: [RD]}", "no changes", role + "[rd]"},
			{"nothing said", "{account: b, name: B}", "no changes", role + "[rd]"},
			{"one more", "{account: b, name: B, role: " + role + ", administers: [sales, rd]}", "~ change member b of acme: administers: [rd] → [rd, sales]", role + "[rd sales]"},
			{"others", "{account: b, name: B, role: " + role + ", administers: [core]}", "~ change member b of acme: administers: [rd, sales] → [core]", role + "[core]"},
			{"above and below", "{account: b, name: B, role: " + role + ", administers: [rd, core]}", "~ change member b of acme: administers: [core] → [core, rd]", role + "[core rd]"},
			{"the root", "{account: b, name: B, role: " + role + ", administers: [\"1\"]}", "~ change member b of acme: administers: [core, rd] → [1]", role + "[1]"},
			{"raised", "{account: b, name: B, role: administrator}", "~ change member b of acme: role: " + role + " → administrator", "administrator[]"},
			{"lowered again", "{account: b, name: B, role: " + role + ", administers: [sales]}", "~ change member b of acme: role: administrator → " + role + ", administers: [] → [sales]", role + "[sales]"},
			{"dismissed", "{account: b, name: B, role: member}", "~ change member b of acme: role: " + role + " → member", "member[]"},
		} {
			text := heads(step.member)
			if got := strings.Join(s.plan(text, false), "\n"); got != step.plan {
				t.Errorf("%s: planned\n%s\nwant\n%s", step.name, got, step.plan)
			}
			s.apply(text, false)
			if got := s.administered("b"); got != step.want {
				t.Errorf("%s: got %s, want %s", step.name, got, step.want)
			}
		}
	})
}

// Somebody new comes with what they administer, departments that the manifest
// makes among it, and the export tells it back.
func TestAdministersIsExportedAndReadBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		s := newSite(t, open)
		s.apply(heads("{account: c, name: C, role: department_administrator, administers: [Sales, core, rd, SALES]}", "{account: d, name: D}"), false)
		if got := s.administered("c"); got != "department_administrator[core rd sales]" {
			t.Errorf("got %s", got)
		}
		text := s.export()
		if !strings.Contains(text, "administers: [core, rd, sales]") || strings.Count(text, "administers:") != 1 {
			t.Errorf("exported:\n%s", text)
		}
		same(t, s.plan(text, true), "no changes")
		// Elsewhere the same comes of it.
		other := sqliteSite(t)
		other.apply(text, false)
		if got := other.administered("c"); got != "department_administrator[core rd sales]" || other.export() != text {
			t.Errorf("got %s, exported\n%s\nwant\n%s", got, other.export(), text)
		}
	})
}

// A department that goes takes what hangs on it along: whoever administered it
// alone administers nothing and can be told so.
func TestAdministersOfADepartmentThatIsPruned(t *testing.T) {
	s := sqliteSite(t)
	s.apply(heads("{account: b, name: B, role: department_administrator, administers: [sales, core]}"), false)
	left := org("    departments: [{code: rd, name: R}, {code: core, name: C, parent: rd}]\n    members:\n      - {account: a, name: A, role: owner}\n" +
		"      - {account: b, name: B, role: department_administrator, administers: [core]}\n")
	s.apply(left, true)
	if got := s.administered("b"); got != "department_administrator[core]" {
		t.Errorf("got %s", got)
	}
	if text := s.export(); strings.Contains(text, "sales") {
		t.Errorf("exported:\n%s", text)
	}
}

// Whoever administers nothing any more is exported and read back all the same.
func TestAdministratorOfNothingIsReadBack(t *testing.T) {
	s := sqliteSite(t)
	s.apply(heads("{account: b, name: B, role: department_administrator, administers: [sales]}"), false)
	o, err := s.Directory.OrganizationByRef(t.Context(), console, "acme")
	if err == nil {
		err = s.Directory.RemoveDepartment(t.Context(), console, o.ID, "sales")
	}
	if err != nil {
		t.Fatal(err)
	}
	if got := s.administered("b"); got != "department_administrator[]" {
		t.Errorf("got %s", got)
	}
	text := s.export()
	same(t, s.plan(text, true), "no changes")
	s.apply(strings.Replace(text, "name: B", "name: Bo", 1), true)
	if got := s.administered("b"); got != "department_administrator[]" {
		t.Errorf("renamed: got %s", got)
	}
}

// What is wrong is told with the file, line and column and the key it is about.
func TestAdministersProblems(t *testing.T) {
	s := sqliteSite(t)
	s.apply(heads("{account: b, name: B}"), false)
	const at = "organizations[0].members[1].administers: "
	many := make([]string, 0, directory.MaxAdministered+1)
	for i := range directory.MaxAdministered + 1 {
		many = append(many, fmt.Sprintf("d%d", i))
	}
	// Where the list begins, in its line; a missing one is told at the member.
	tests := []struct{ name, member, want string }{
		{"no such department", "{account: b, name: B, role: department_administrator, administers: [rd, none]}", at + `there is no department "none" in acme, neither here nor stored`},
		{"none at all", "{account: b, name: B, role: department_administrator}", "organizations[0].members[1].role: a department_administrator needs administers with the codes of the departments"},
		{"somebody new without", "{account: new, name: N, role: department_administrator}", "organizations[0].members[1].role: a department_administrator needs administers"},
		{"an empty list", "{account: b, name: B, role: department_administrator, administers: []}", at + "a department_administrator needs the codes"},
		{"of a member", "{account: b, name: B, role: member, administers: [rd]}", at + "only a department_administrator administers departments; set the role too"},
		{"of an administrator", "{account: b, name: B, role: administrator, administers: [rd]}", at + "only a department_administrator"},
		{"without a role", "{account: b, name: B, administers: [rd]}", at + "only a department_administrator"},
		{"too many", "{account: b, name: B, role: department_administrator, administers: [" + strings.Join(many, ", ") + "]}", at + "should be at most 50 departments"},
		{"no list", "{account: b, name: B, role: department_administrator, administers: rd}", at + "should be a list"},
		{"numbers", "{account: b, name: B, role: department_administrator, administers: [1]}", "organizations[0].members[1].administers"},
		{"another spelling", "{account: b, name: B, administer: [rd]}", `organizations[0].members[1].administer: there is no key "administer" here`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := Load([]File{{"m.yaml", []byte(heads(tt.member))}}, around)
			if err == nil {
				_, err = Apply(t.Context(), console, s.House, d, Options{})
			}
			if err == nil || !strings.Contains(err.Error(), "m.yaml:8:") || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want m.yaml:8: … %s", err, tt.want)
			}
		})
	}
	if got := s.administered("b"); got != string(identity.RoleMember)+"[]" {
		t.Errorf("what was refused came in: %s", got)
	}
}
