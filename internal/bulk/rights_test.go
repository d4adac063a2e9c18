package bulk

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// staff furnishes the house with departments and an administrator of one.
func (h *house) staff() {
	t, ctx := h.t, h.t.Context()
	t.Helper()
	for _, n := range []directory.NewDepartment{{Code: "rd", Name: "Research"}, {Code: "core", Name: "Core", ParentCode: "rd"}} {
		must(t, func() (identity.Department, error) { return h.directory.AddDepartment(ctx, console, h.org, n) })
	}
	for _, n := range []directory.NewMember{
		{Account: "head", Name: "Head", Role: identity.RoleDepartmentAdministrator, Administers: []string{"rd"}},
		{Account: "boss", Name: "Boss", Role: identity.RoleOwner},
		{Account: "admin", Name: "Admin", Role: identity.RoleAdministrator},
		{Account: "plain", Name: "Plain", DepartmentCode: "core"},
	} {
		must(t, func() (directory.Added, error) { return h.directory.AddMember(ctx, console, h.org, n) })
	}
}

// path is that of a department, as lists are narrowed by it.
func (h *house) path(code string) string {
	h.t.Helper()
	return must(h.t, func() (identity.Department, error) {
		return h.directory.Department(h.t.Context(), console, h.org, code)
	}).Path
}

// An export of everybody is read back without changes, whatever role they have;
// a role itself is given elsewhere.
func TestEveryRoleIsExportedAndReadBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		h.staff()
		file := h.exports(NewExport{Format: identity.FormatCSV, Language: i18n.EnUS})
		for _, role := range []string{"owner", "administrator", "department_administrator", "member"} {
			if !strings.Contains(file, ","+role+",") {
				t.Errorf("nobody with the role %s in %s", role, file)
			}
		}
		k := h.imports(NewImport{}, file)
		if got := told(k); got != "done 4/4 +0 ~0 =4 !0" {
			t.Errorf("got %s, %v", got, h.refusals(k))
		}
		k = h.imports(NewImport{}, "account,name,role\nplain,,department_administrator\nhead,,member\nadmin,,owner\nnew,New,Department_Administrator\nboss,,chief\n")
		want := []string{"2 role import_role", "3 role import_role", "4 role import_role", "5 role import_role", "6 role field_choice"}
		if got := h.refusals(k); !slices.Equal(got, want) || told(k) != "done 5/5 +0 ~0 =0 !5" {
			t.Errorf("got %s, %v, want %v", told(k), got, want)
		}
	})
}

// An export keeps to what was asked of it.
func TestExportsAreNarrowed(t *testing.T) {
	h := sqliteHouse(t)
	h.staff()
	ended := h.clock.Now().Add(time.Hour)
	must(t, func() (directory.Added, error) {
		return h.directory.AddMember(t.Context(), console, h.org, directory.NewMember{Account: "temp", Name: "Temp", DepartmentCode: "rd", ExpiresAt: ended})
	})
	h.clock.Advance(time.Hour)
	for _, tt := range []struct {
		name string
		ask  NewExport
		want string
	}{
		{"everybody", NewExport{}, "admin boss head plain temp"},
		{"a department and below", NewExport{Members: directory.MemberQuery{Department: h.path("rd")}}, "plain temp"},
		{"the lowest", NewExport{Members: directory.MemberQuery{Department: h.path("core")}}, "plain"},
		{"a role", NewExport{Members: directory.MemberQuery{Role: identity.RoleDepartmentAdministrator}}, "head"},
		{"a state", NewExport{Members: directory.MemberQuery{Status: identity.MemberExpired}}, "temp"},
		{"both", NewExport{Members: directory.MemberQuery{Department: h.path("core"), Role: identity.RoleOwner}}, ""},
	} {
		tt.ask.Format, tt.ask.Language = identity.FormatCSV, i18n.EnUS
		var got []string
		for _, line := range strings.Split(h.exports(tt.ask), "\r\n")[1:] {
			if name, _, is := strings.Cut(line, ","); is {
				got = append(got, name)
			}
		}
		slices.Sort(got)
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: got %v, want %s", tt.name, got, tt.want)
		}
	}
}

// Whoever lost the right while their task waited brings nobody in, and gets no
// file; what they may not change is refused row by row.
func TestTasksOfWhoeverLostTheRight(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		h.staff()
		admin := must(t, func() (identity.Person, error) {
			return h.directory.MemberByAccount(t.Context(), console, h.org, "admin")
		})
		actor := identity.Actor{
			Kind: identity.ActsAsMember, AccountID: admin.Account.ID, MemberID: admin.Member.ID, OrganizationID: h.org, Role: admin.Member.Role,
		}
		ask := func() (imported, exported identity.Task) {
			imported = must(t, func() (identity.Task, error) {
				return h.Import(t.Context(), actor, h.org, NewImport{}, strings.NewReader("account,name\nboss,Renamed\nfresh,Fresh\n"))
			})
			exported = must(t, func() (identity.Task, error) {
				return h.Export(t.Context(), actor, h.org, NewExport{Format: identity.FormatCSV})
			})
			return imported, exported
		}
		imported, exported := ask()
		if err := h.directory.SetRole(t.Context(), console, h.org, admin.Member.ID, identity.RoleMember); err != nil {
			t.Fatal(err)
		}
		for _, k := range []identity.Task{imported, exported} {
			if k = h.runs(k); k.Status != identity.TaskFailed || k.Reason != string(fault.CodeForbidden) || k.Files.Result != 0 {
				t.Errorf("%s: got %s with %d parts", k.Kind, told(k), k.Files.Result)
			}
		}
		if got := h.people(); !slices.Equal(got, []string{"admin", "boss", "head", "plain"}) {
			t.Errorf("got %v", got)
		}
	})
}

// A task that was cancelled before it ran is not run, and is not cancelled
// twice; one that has ended is not there for ever.
func TestCancelledTasksDoNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		waiting, _ := h.asks(NewImport{}, "account,name\na,A\n")
		k := must(t, func() (identity.Task, error) { return h.Cancel(t.Context(), console, h.org, waiting.ID, waiting.Kind) })
		if k.Status != identity.TaskCancelled || !k.EndsAt.Equal(k.EndedAt.Add(Keep)) {
			t.Errorf("got %+v", k)
		}
		// A node that saw it waiting finds it taken from it.
		if k = h.runs(waiting); k.Status != identity.TaskCancelled || len(h.people()) != 0 {
			t.Errorf("got %s and %v", told(k), h.people())
		}
		if _, err := h.Cancel(t.Context(), console, h.org, k.ID, k.Kind); !fault.Is(err, fault.CodeTaskEnded) {
			t.Errorf("again: got %v", err)
		}
		if _, err := h.Result(t.Context(), console, k, i18n.EnUS); !fault.Is(err, fault.CodeTaskFileNotFound) {
			t.Errorf("its result: got %v", err)
		}
		list := must(t, func() ([]identity.Task, error) {
			return h.List(t.Context(), console, h.org, Query{Kinds: []identity.TaskKind{identity.TaskImportMembers}, Status: identity.TaskCancelled})
		})
		none := must(t, func() ([]identity.Task, error) {
			return h.List(t.Context(), console, h.org, Query{Kinds: []identity.TaskKind{identity.TaskExportMembers}})
		})
		if len(list) != 1 || list[0].ID != k.ID || len(none) != 0 {
			t.Errorf("got %+v and %+v", list, none)
		}
	})
}
