package identity

import (
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

func TestOrganizationValidate(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*Organization)
		code   fault.Code
		field  string
	}{
		{"good", func(*Organization) {}, "", ""},
		{"one character", func(o *Organization) { o.Code, o.Name = "a", "A" }, "", ""},
		{"32 characters", func(o *Organization) { o.Code = strings.Repeat("a", 32) }, "", ""},
		{"33 characters", func(o *Organization) { o.Code = strings.Repeat("a", 33) }, fault.CodeOrganizationCode, "code"},
		{"no code", func(o *Organization) { o.Code = "" }, fault.CodeOrganizationCode, "code"},
		{"code ends in a hyphen", func(o *Organization) { o.Code = "a-" }, fault.CodeOrganizationCode, "code"},
		{"code with a slash", func(o *Organization) { o.Code = "a/b" }, fault.CodeOrganizationCode, "code"},
		{"no name", func(o *Organization) { o.Name = "" }, fault.CodeFieldLength, "name"},
		{"65 characters", func(o *Organization) { o.Name = strings.Repeat("名", 65) }, fault.CodeFieldLength, "name"},
		{"64 characters", func(o *Organization) { o.Name = strings.Repeat("名", 64) }, "", ""},
		{"forbidden sign", func(o *Organization) { o.Name = "R&D" }, fault.CodeFieldFormat, "name"},
		{"forbidden wide sign", func(o *Organization) { o.Name = "谁？" }, fault.CodeFieldFormat, "name"},
		{"negative limit", func(o *Organization) { o.Limits.Members = -1 }, fault.CodeFieldRange, "limits"},
	} {
		o := Organization{Code: "ent-01", Name: "Enterprise 01"}
		row.change(&o)
		err := o.Validate()
		wants(t, row.name, err, row.code)
		if err != nil && fault.Of(err).Field != row.field {
			t.Errorf("%s: at %q, want %q", row.name, fault.Of(err).Field, row.field)
		}
	}
	if f := fault.Of(Organization{Limits: Limits{Departments: -1}}.Validate()); len(f.Others) != 2 {
		t.Errorf("%d further faults are told, want 2", len(f.Others))
	}
}

func TestPresets(t *testing.T) {
	if got, want := LimitsOrgID(), (Limits{DepartmentLevels: 5, Departments: 999}); got != want {
		t.Errorf("got %+v", got)
	}
	if got, want := LimitsMeeting(), (Limits{DepartmentLevels: 10, Departments: 10_000, DepartmentChildren: 100}); got != want {
		t.Errorf("got %+v", got)
	}
	if r := DefaultSignInRules(); r.LockAfter != 5 || r.LockFor != 5*time.Minute || !r.ContactsAsNames || !r.MustChange || r.Password != DefaultPasswordRules() {
		t.Errorf("got %+v", r)
	}
	if (Organization{}).Active() || (Organization{Status: OrganizationFrozen}).Active() || !(Organization{Status: OrganizationActive}).Active() {
		t.Error("only the active state is active")
	}
}

func TestDepartments(t *testing.T) {
	root := Department{ID: "dep_1", OrganizationID: "org_1", Code: "1", Path: "1/", Level: 1}
	rd := Department{ID: "dep_2", OrganizationID: "org_1", Code: "rd"}.Below(root)
	lab := Department{ID: "dep_3", OrganizationID: "org_1", Code: "lab"}.Below(rd)
	if lab.Path != "1/rd/lab/" || lab.Level != 3 || lab.ParentID != rd.ID || lab.Root() || !root.Root() {
		t.Errorf("got %+v", lab)
	}
	neighbor := Department{OrganizationID: "org_1", Code: "rd2"}.Below(root)
	foreign := lab
	foreign.OrganizationID = "org_2"
	for _, row := range []struct {
		name         string
		above, below Department
		want         bool
	}{
		{"itself", rd, rd, true},
		{"below", rd, lab, true},
		{"above", lab, rd, false},
		{"far below", root, lab, true},
		{"a longer code", rd, neighbor, false},
		{"another organisation", root, foreign, false},
	} {
		if got := row.above.Contains(row.below); got != row.want {
			t.Errorf("%s: got %v", row.name, got)
		}
	}
}

func TestDepartmentValidate(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*Department)
		code   fault.Code
	}{
		{"good", func(*Department) {}, ""},
		{"longest", func(d *Department) {
			d.Code, d.Name, d.Note = strings.Repeat("c", 64), strings.Repeat("名", 128), strings.Repeat("注", 96)
		}, ""},
		{"no code", func(d *Department) { d.Code = "" }, fault.CodeFieldFormat},
		{"code too long", func(d *Department) { d.Code = strings.Repeat("c", 65) }, fault.CodeFieldFormat},
		{"code with a slash", func(d *Department) { d.Code = "a/b" }, fault.CodeFieldFormat},
		{"no name", func(d *Department) { d.Name = "" }, fault.CodeFieldLength},
		{"name too long", func(d *Department) { d.Name = strings.Repeat("n", 129) }, fault.CodeFieldLength},
		{"name with NUL", func(d *Department) { d.Name = "a\x00" }, fault.CodeMalformed},
		{"note too long", func(d *Department) { d.Note = strings.Repeat("n", 97) }, fault.CodeFieldLength},
		{"sorts at 0", func(d *Department) { d.SortLevel = 0 }, fault.CodeFieldRange},
		{"sorts at 10001", func(d *Department) { d.SortLevel = 10_001 }, fault.CodeFieldRange},
	} {
		d := Department{Code: "rd", Name: "Research", SortLevel: 10_000}
		row.change(&d)
		wants(t, row.name, d.Validate(), row.code)
	}
}
