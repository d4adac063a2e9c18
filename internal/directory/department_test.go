package directory

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// department adds one below a parent.
func (h *house) department(code, parent string) identity.Department {
	h.t.Helper()
	d, err := h.AddDepartment(h.t.Context(), console, h.org.ID, NewDepartment{Code: code, Name: "Dept " + code, ParentCode: parent})
	if err != nil {
		h.t.Fatalf("add department %s: %v", code, err)
	}
	return d
}

// limits sets the limits of the house's organisation.
func (h *house) limits(l identity.Limits) {
	h.t.Helper()
	if _, err := h.ChangeOrganization(h.t.Context(), console, h.org.ID, 0, OrganizationChange{Limits: &l}); err != nil {
		h.t.Fatalf("limits: %v", err)
	}
}

func TestAddDepartment(t *testing.T) {
	h := sqliteHouse(t)
	d, err := h.AddDepartment(t.Context(), console, h.org.ID, NewDepartment{Name: "Research", Note: "a note"})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Code) != 4 || d.Path != "1/"+d.Code+"/" || d.Level != 2 || d.SortLevel != 10_000 || d.Version != 1 {
		t.Errorf("got %+v, want a drawn code below the root", d)
	}
	stored, err := h.Department(t.Context(), console, h.org.ID, strings.ToUpper(d.Code))
	if err != nil || !reflect.DeepEqual(stored, d) {
		t.Errorf("stored: got %+v, %v, want %+v", stored, err, d)
	}
	h.recorded(h.org.ID, audit.DepartmentAdded, "")
}

func TestAddDepartmentRefusals(t *testing.T) {
	h := sqliteHouse(t)
	h.department("rd", "")
	tests := []struct {
		name string
		n    NewDepartment
		want fault.Code
	}{
		{"taken code", NewDepartment{Code: "RD", Name: "X"}, fault.CodeDepartmentExists},
		{"the root's code", NewDepartment{Code: "1", Name: "X"}, fault.CodeDepartmentExists},
		{"name of a sibling", NewDepartment{Code: "x", Name: "DEPT RD"}, fault.CodeDepartmentExists},
		{"unknown parent", NewDepartment{Code: "x", Name: "X", ParentCode: "none"}, fault.CodeDepartmentNotFound},
		{"code with a slash", NewDepartment{Code: "a/b", Name: "X"}, fault.CodeFieldFormat},
		{"no name", NewDepartment{Code: "x"}, fault.CodeFieldLength},
		{"long note", NewDepartment{Code: "x", Name: "X", Note: strings.Repeat("é", 97)}, fault.CodeFieldLength},
		{"note with NUL", NewDepartment{Code: "x", Name: "X", Note: "\x00"}, fault.CodeMalformed},
		{"sort level", NewDepartment{Code: "x", Name: "X", SortLevel: 10_001}, fault.CodeFieldRange},
	}
	for _, tt := range tests {
		_, err := h.AddDepartment(t.Context(), console, h.org.ID, tt.n)
		wants(t, tt.name, err, tt.want)
	}
	_, err := h.AddDepartment(t.Context(), console, "org_none", NewDepartment{Name: "X"})
	wants(t, "unknown organisation", err, fault.CodeDepartmentNotFound)
}

// Each limit lets exactly as many in as it says and refuses one more.
func TestDepartmentLimits(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		add := func(code, parent string) error {
			_, err := h.AddDepartment(t.Context(), console, h.org.ID, NewDepartment{Code: code, Name: code, ParentCode: parent})
			return err
		}
		h.limits(identity.Limits{DepartmentLevels: 3})
		wants(t, "level 2", add("l2", "1"), "")
		wants(t, "level 3", add("l3", "l2"), "")
		wants(t, "level 4", add("l4", "l3"), fault.CodeDepartmentLevels)

		h.limits(identity.Limits{DepartmentChildren: 2})
		wants(t, "second child", add("c2", "1"), "")
		wants(t, "third child", add("c3", "1"), fault.CodeDepartmentChildren)
		wants(t, "elsewhere", add("l4", "l3"), "")

		h.limits(identity.Limits{Departments: 6})
		wants(t, "sixth, the root counted", add("n6", "1"), "")
		wants(t, "seventh", add("n7", "1"), fault.CodeDepartmentCount)
		wants(t, "after one is gone", h.RemoveDepartment(t.Context(), console, h.org.ID, "n6"), "")
		wants(t, "sixth again", add("n7", "1"), "")

		h.limits(identity.Limits{})
		for i := range 12 {
			wants(t, "no limit", add(fmt.Sprint("f", i), "1"), "")
		}
		parent := "1"
		for level := 2; level <= deepestLevel; level++ {
			code := fmt.Sprint("d", level)
			wants(t, "no limit on levels", add(code, parent), "")
			parent = code
		}
		wants(t, "what an index can hold", add("deeper", parent), fault.CodeDepartmentLevels)
	})
}

func TestChangeDepartment(t *testing.T) {
	h := sqliteHouse(t)
	a, b := h.department("a", ""), h.department("b", "")
	h.department("a1", "a")
	h.clock.Advance(time.Hour)
	ctx, org := t.Context(), h.org.ID
	d, err := h.ChangeDepartment(ctx, console, org, "a", 1, DepartmentChange{Name: new("Alpha"), Note: new("n"), SortLevel: new(3), ParentCode: new("b")})
	want := identity.Department{
		ID: a.ID, OrganizationID: org, Code: "a", Name: "Alpha", ParentID: b.ID, Path: "1/b/a/", Level: 3,
		SortLevel: 3, Note: "n", Visibility: identity.Visibility{Sees: identity.SeesAll}, Version: 2, CreatedAt: a.CreatedAt, UpdatedAt: h.clock.Now(),
	}
	if err != nil || !reflect.DeepEqual(d, want) {
		t.Fatalf("got %+v, %v, want %+v", d, err, want)
	}
	stored, err := h.Department(ctx, console, org, "a")
	if err != nil || !reflect.DeepEqual(stored, d) {
		t.Errorf("stored: got %+v, %v, want %+v", stored, err, d)
	}
	h.recorded(org, audit.DepartmentChanged, "name,note,sort_level,parent")
	leaf, err := h.Department(ctx, console, org, "a1")
	if err != nil || leaf.Path != "1/b/a/a1/" || leaf.Level != 4 {
		t.Errorf("leaf: got %+v, %v", leaf, err)
	}
	trail, err := h.DepartmentTrail(ctx, console, org, leaf.ID)
	if err != nil || codesOf(trail) != "1 b a a1" {
		t.Errorf("trail: got %q, %v, want 1 b a a1", codesOf(trail), err)
	}
}

func TestMoveBackAndForth(t *testing.T) {
	h := sqliteHouse(t)
	h.department("b", "")
	h.department("a", "b")
	ctx, org := t.Context(), h.org.ID
	back, err := h.ChangeDepartment(ctx, console, org, "a", 1, DepartmentChange{ParentCode: new("")})
	if err != nil || back.Path != "1/a/" {
		t.Errorf("back below the root: got %q, %v, want 1/a/", back.Path, err)
	}
	same, err := h.ChangeDepartment(ctx, console, org, "a", 2, DepartmentChange{Name: new("Dept a"), ParentCode: new("1"), SortLevel: new(0)})
	if err != nil || same.Version != 2 {
		t.Errorf("nothing new: got version %d, %v, want 2", same.Version, err)
	}
}

func codesOf(all []identity.Department) string {
	codes := []string{}
	for _, d := range all {
		codes = append(codes, d.Code)
	}
	return strings.Join(codes, " ")
}

func TestChangeDepartmentRefusals(t *testing.T) {
	h := sqliteHouse(t)
	h.department("a", "")
	h.department("a1", "a")
	h.department("a2", "a1")
	h.department("b", "")
	h.department("b1", "b")
	tests := []struct {
		name, code string
		version    int64
		c          DepartmentChange
		limits     identity.Limits
		want       fault.Code
	}{
		{"below itself", "a", 0, DepartmentChange{ParentCode: new("a")}, identity.Limits{}, fault.CodeDepartmentBelowItself},
		{"below its grandchild", "a", 0, DepartmentChange{ParentCode: new("a2")}, identity.Limits{}, fault.CodeDepartmentBelowItself},
		{"its leaf too deep", "a", 0, DepartmentChange{ParentCode: new("b")}, identity.Limits{DepartmentLevels: 4}, fault.CodeDepartmentLevels},
		{"one child too many", "a", 0, DepartmentChange{ParentCode: new("b")}, identity.Limits{DepartmentChildren: 1}, fault.CodeDepartmentChildren},
		{"unknown parent", "a", 0, DepartmentChange{ParentCode: new("zz")}, identity.Limits{}, fault.CodeDepartmentNotFound},
		{"name of a sibling", "a", 0, DepartmentChange{Name: new("dept B")}, identity.Limits{}, fault.CodeDepartmentExists},
		{"no name", "a", 0, DepartmentChange{Name: new("")}, identity.Limits{}, fault.CodeFieldLength},
		{"old version", "a", 9, DepartmentChange{Note: new("x")}, identity.Limits{}, fault.CodeStale},
		{"root elsewhere", "1", 0, DepartmentChange{ParentCode: new("a")}, identity.Limits{}, fault.CodeDepartmentRoot},
		{"root below itself", "1", 0, DepartmentChange{ParentCode: new("1")}, identity.Limits{}, fault.CodeDepartmentRoot},
		{"root's name", "1", 0, DepartmentChange{Name: new("Other")}, identity.Limits{}, fault.CodeDepartmentRoot},
		{"unknown", "zz", 0, DepartmentChange{}, identity.Limits{}, fault.CodeDepartmentNotFound},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h.limits(tt.limits)
			_, err := h.ChangeDepartment(t.Context(), console, h.org.ID, tt.code, tt.version, tt.c)
			wants(t, tt.name, err, tt.want)
		})
	}
	h.limits(identity.Limits{DepartmentLevels: 5})
	_, err := h.ChangeDepartment(t.Context(), console, h.org.ID, "a", 0, DepartmentChange{ParentCode: new("b")})
	wants(t, "just deep enough", err, "")
	_, err = h.ChangeDepartment(t.Context(), console, h.org.ID, "1", 0, DepartmentChange{Note: new("top"), Name: new(h.org.Name), ParentCode: new("")})
	wants(t, "note of the root", err, "")
}

func TestRemoveDepartment(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		ctx, org := t.Context(), h.org.ID
		h.department("a", "")
		h.department("a1", "a")
		p := h.member("alice", func(n *NewMember) { n.DepartmentCode = "a1" })
		remove := func(code string) error { return h.RemoveDepartment(ctx, console, org, code) }
		wants(t, "the root", remove("1"), fault.CodeDepartmentRoot)
		wants(t, "with a child", remove("a"), fault.CodeDepartmentNotEmpty)
		wants(t, "with a member", remove("a1"), fault.CodeDepartmentNotEmpty)
		wants(t, "unknown", remove("zz"), fault.CodeDepartmentNotFound)
		wants(t, "the member leaves", h.RemoveMember(ctx, console, org, p.Member.ID), "")
		wants(t, "the leaf", remove("a1"), "")
		wants(t, "its parent", remove("a"), "")
		wants(t, "again", remove("a"), fault.CodeDepartmentNotFound)
	})
}

func TestDepartmentPages(t *testing.T) {
	h := sqliteHouse(t)
	for _, d := range [][2]string{{"b", ""}, {"a", ""}, {"a1", "a"}, {"b1", "b"}} {
		h.department(d[0], d[1])
	}
	ctx, org := t.Context(), h.org.ID
	var got []string
	after := ""
	for range 9 {
		page, err := h.Departments(ctx, console, org, after, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, d := range page {
			got = append(got, d.Code)
		}
		after = page[len(page)-1].Path
	}
	if want := []string{"1", "a", "a1", "b", "b1"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	children, err := h.ChildDepartments(ctx, console, org, "1")
	if err != nil || codesOf(children) != "a b" {
		t.Errorf("children: got %q, %v, want a b", codesOf(children), err)
	}
	_, err = h.ChildDepartments(ctx, console, org, "zz")
	wants(t, "children of nothing", err, fault.CodeDepartmentNotFound)
}
