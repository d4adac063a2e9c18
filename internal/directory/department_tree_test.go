package directory

import (
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// branch is a tree of seven departments: rd (lab), hr, which is open, law (tax).
func (h *house) branch() {
	h.t.Helper()
	for _, d := range [][2]string{{"rd", ""}, {"lab", "rd"}, {"hr", ""}, {"law", ""}, {"tax", "law"}} {
		h.department(d[0], d[1])
	}
	h.see("hr", DepartmentChange{Open: new(true)})
}

func (h *house) see(code string, c DepartmentChange) {
	h.t.Helper()
	if _, err := h.ChangeDepartment(h.t.Context(), console, h.org.ID, code, 0, c); err != nil {
		h.t.Fatalf("change %s: %v", code, err)
	}
}

func placedCodes(all []Placed) string {
	var codes []string
	for _, p := range all {
		codes = append(codes, p.Department.Code)
	}
	return strings.Join(codes, " ")
}

func TestVisibleDepartments(t *testing.T) {
	h := sqliteHouse(t)
	h.branch()
	p := h.member("alice", func(n *NewMember) { n.DepartmentCode = "rd" })
	ctx, alice := t.Context(), actorOf(p)
	for _, tt := range []struct {
		sees             identity.Sight
		designated       []string
		want             identity.Scope
		named, below     string
		lab, root, other fault.Code
	}{
		{identity.SeesAll, nil, identity.Scope{Everything: true}, "hr law rd lab tax", "hr law rd", "", "", ""},
		{identity.SeesOwn, nil, identity.Scope{Own: "1/rd/"}, "hr rd", "", fault.CodeDepartmentNotFound, fault.CodeDepartmentNotFound, fault.CodeDepartmentNotFound},
		{identity.SeesBelow, nil, identity.Scope{Branches: []string{"1/rd/"}}, "hr rd lab", "", "", fault.CodeDepartmentNotFound, fault.CodeDepartmentNotFound},
		{
			identity.SeesDesignated,
			[]string{"tax", "LAW"},
			identity.Scope{Own: "1/rd/", Branches: []string{"1/law/"}},
			"hr law rd tax", "",
			fault.CodeDepartmentNotFound, fault.CodeDepartmentNotFound, "",
		},
	} {
		c := DepartmentChange{Sees: &tt.sees}
		if tt.designated != nil {
			c.Designated = &tt.designated
		}
		h.see("rd", c)
		got, err := h.VisibleDepartments(ctx, alice, h.org.ID)
		if err != nil || got.Everything != tt.want.Everything || got.Own != tt.want.Own || !slices.Equal(got.Branches, tt.want.Branches) {
			t.Errorf("%s: got %+v, %v, want %+v", tt.sees, got, err, tt.want)
		}
		h.looksAround(alice, string(tt.sees), tt.named, tt.below, map[string]fault.Code{"lab": tt.lab, "1": tt.root, "tax": tt.other, "hr": "", "RD": ""})
	}
	if got, err := h.VisibleDepartments(ctx, actorOf(h.owner), h.org.ID); err != nil || !got.Everything {
		t.Errorf("the owner: got %+v, %v, want everything", got, err)
	}
}

// looksAround checks which departments somebody finds by name, and what becomes
// of asking for each by its code.
func (h *house) looksAround(who identity.Actor, sees, wantNamed, wantBelow string, codes map[string]fault.Code) {
	h.t.Helper()
	t, ctx := h.t, h.t.Context()
	named, err := h.NamedDepartments(ctx, who, h.org.ID, "dept")
	if err != nil || sorted(placedCodes(named)) != sorted(wantNamed) {
		t.Errorf("%s: named: got %q, %v, want %q", sees, placedCodes(named), err, wantNamed)
	}
	for code, want := range codes {
		at, below, err := h.PlacedDepartment(ctx, who, h.org.ID, code)
		wants(t, sees+": "+code, err, want)
		if code == "1" && err == nil && placedCodes(below) != wantBelow {
			t.Errorf("below the root: got %q, want %q", placedCodes(below), wantBelow)
		}
		if err == nil && !strings.EqualFold(at.Department.Code, code) {
			t.Errorf("%s: got %q", code, at.Department.Code)
		}
	}
}

func sorted(words string) string {
	return strings.Join(slices.Sorted(slices.Values(strings.Fields(words))), " ")
}

func TestPlacedDepartment(t *testing.T) {
	h := sqliteHouse(t)
	h.branch()
	h.see("lab", DepartmentChange{Sees: new(identity.SeesDesignated), Designated: &[]string{"tax", "law", "TAX"}})
	at, below, err := h.PlacedDepartment(t.Context(), console, h.org.ID, "LAB")
	if err != nil || len(below) != 0 || !at.Leaf || len(at.Trail) != 3 || at.Trail[1].Code != "rd" || at.Trail[2].Code != "lab" {
		t.Errorf("got %+v, %q, %v", at, placedCodes(below), err)
	}
	if len(at.Designated) != 2 || at.Designated[0].Name != "Dept law" || at.Designated[1].Name != "Dept tax" {
		t.Errorf("designated: got %+v", at.Designated)
	}
	at, below, err = h.PlacedDepartment(t.Context(), console, h.org.ID, "rd")
	if err != nil || at.Leaf || placedCodes(below) != "lab" || !below[0].Leaf || len(below[0].Trail) != 3 {
		t.Errorf("rd: got %+v, %+v, %v", at, below, err)
	}
	_, _, err = h.PlacedDepartment(t.Context(), console, h.org.ID, "nowhere")
	wants(t, "nowhere", err, fault.CodeDepartmentNotFound)
}

func TestVisibilityIsChanged(t *testing.T) {
	h := sqliteHouse(t)
	h.branch()
	ctx := t.Context()
	d, err := h.AddDepartment(ctx, console, h.org.ID, NewDepartment{
		Code: "new", Name: "New", Visibility: identity.Visibility{Sees: identity.SeesDesignated, Designated: []string{"tax", "hr", "HR"}},
	})
	if err != nil || !slices.Equal(d.Visibility.Designated, []string{"hr", "tax"}) {
		t.Fatalf("added: got %+v, %v", d.Visibility, err)
	}
	for _, tt := range []struct {
		name    string
		c       DepartmentChange
		want    fault.Code
		version int64
	}{
		{"the same in other letters", DepartmentChange{Designated: &[]string{"TAX", "hr"}}, "", 1},
		{"fewer", DepartmentChange{Designated: &[]string{"hr"}}, "", 2},
		{"nowhere", DepartmentChange{Designated: &[]string{"nowhere"}}, fault.CodeDepartmentNotFound, 2},
		{"designated and all", DepartmentChange{Sees: new(identity.SeesAll), Designated: &[]string{"hr"}}, fault.CodeFieldUnwanted, 2},
		{"an unknown sight", DepartmentChange{Sees: new(identity.Sight("far"))}, fault.CodeFieldChoice, 2},
		{"all again", DepartmentChange{Sees: new(identity.SeesAll), Open: new(true)}, "", 3},
	} {
		_, err := h.ChangeDepartment(ctx, console, h.org.ID, "new", 0, tt.c)
		wants(t, tt.name, err, tt.want)
		d, err := h.Department(ctx, console, h.org.ID, "new")
		if err != nil || d.Version != tt.version {
			t.Errorf("%s: got version %d, %v, want %d", tt.name, d.Version, err, tt.version)
		}
	}
	d, err = h.Department(ctx, console, h.org.ID, "new")
	if err != nil || !d.Visibility.Open || d.Visibility.Sees != identity.SeesAll || d.Visibility.Designated != nil {
		t.Errorf("at last: got %+v, %v", d.Visibility, err)
	}
}
