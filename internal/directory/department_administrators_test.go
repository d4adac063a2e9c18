package directory

import (
	"slices"
	"testing"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// lab is a tree: 1 > rd > core, and 1 > sales; heads administers rd.
type lab struct {
	*house
	head             identity.Actor
	headID           identity.MemberID
	core, sales, top identity.Person // members of core, of sales and of the root
}

func newLab(t *testing.T, h *house) lab {
	t.Helper()
	for _, n := range []NewDepartment{{Code: "rd", Name: "Research"}, {Code: "core", Name: "Core", ParentCode: "rd"}, {Code: "sales", Name: "Sales"}} {
		if _, err := h.AddDepartment(t.Context(), console, h.org.ID, n); err != nil {
			t.Fatalf("add department %s: %v", n.Code, err)
		}
	}
	l := lab{house: h}
	l.core, l.sales, l.top = l.person("core", "core"), l.person("sales", "sales"), l.person("top", "")
	head := l.person("head", "sales")
	l.headID = head.Member.ID
	if err := h.GiveDepartments(t.Context(), console, h.org.ID, l.headID, []string{"RD", "rd"}); err != nil {
		t.Fatalf("give departments: %v", err)
	}
	l.head = identity.Actor{
		Kind: identity.ActsAsMember, OrganizationID: h.org.ID, AccountID: head.Account.ID, MemberID: l.headID, Role: identity.RoleDepartmentAdministrator,
	}
	return l
}

func (l lab) person(name, department string) identity.Person {
	l.t.Helper()
	added, err := l.AddMember(l.t.Context(), console, l.org.ID, NewMember{Account: name, Name: name, DepartmentCode: department, Email: name + "@house.example"})
	if err != nil {
		l.t.Fatalf("add %s: %v", name, err)
	}
	return added.Person
}

func TestDepartmentAdministratorOfMembers(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		l := newLab(t, h)
		ctx, org := t.Context(), l.org.ID
		second := l.person("second", "core")
		if err := l.GiveDepartments(ctx, console, org, second.Member.ID, []string{"core"}); err != nil {
			t.Fatal(err)
		}
		chief := l.person("chief", "core")
		if err := l.SetRole(ctx, console, org, chief.Member.ID, identity.RoleAdministrator); err != nil {
			t.Fatal(err)
		}

		people, err := l.Members(ctx, l.head, org, store.MemberQuery{})
		if names := namesIn(people); err != nil || !slices.Equal(names, []string{"chief", "core", "second"}) {
			t.Errorf("the list shows %v, %v", names, err)
		}
		people, err = l.Members(ctx, l.head, org, store.MemberQuery{Text: "s"})
		if names := namesIn(people); err != nil || !slices.Equal(names, []string{"second"}) {
			t.Errorf("the search finds %v, %v", names, err)
		}
		change := func(id identity.MemberID, c MemberChange) error {
			_, err := l.ChangeMember(ctx, l.head, org, id, 0, c)
			return err
		}
		add := func(n NewMember) error {
			_, err := l.AddMember(ctx, l.head, org, n)
			return err
		}
		get := func(id identity.MemberID) error {
			_, err := l.Member(ctx, l.head, org, id)
			return err
		}
		title := MemberChange{Title: new("Engineer")}
		for _, row := range []struct {
			what string
			err  error
			want fault.Code
		}{
			{"read one's own", get(l.core.Member.ID), ""},
			{"read oneself", get(l.headID), ""},
			{"read one elsewhere", get(l.sales.Member.ID), fault.CodeMemberNotFound},
			{"change one's own", change(l.core.Member.ID, title), ""},
			{"change one elsewhere", change(l.top.Member.ID, title), fault.CodeMemberNotFound},
			{"change another head", change(second.Member.ID, title), fault.CodeForbidden},
			{"change an administrator", change(chief.Member.ID, title), fault.CodeForbidden},
			{"move one's own away", change(l.core.Member.ID, MemberChange{DepartmentCode: new("sales")}), fault.CodeOutsideDepartments},
			{"move one's own to the root", change(l.core.Member.ID, MemberChange{DepartmentCode: new("")}), fault.CodeOutsideDepartments},
			{"move one's own within", change(l.core.Member.ID, MemberChange{DepartmentCode: new("rd")}), ""},
			{"add to one's own", add(NewMember{Account: "new", Name: "new", DepartmentCode: "core"}), ""},
			{"add to the root", add(NewMember{Account: "new2", Name: "new"}), fault.CodeOutsideDepartments},
			{"add elsewhere", add(NewMember{Account: "new2", Name: "new", DepartmentCode: "sales"}), fault.CodeOutsideDepartments},
			{"add an administrator", add(NewMember{Account: "new2", Name: "new", DepartmentCode: "core", Role: identity.RoleAdministrator}), fault.CodeForbidden},
			{"add a head", add(NewMember{
				Account: "new2", Name: "new", DepartmentCode: "core", Role: identity.RoleDepartmentAdministrator, Administers: []string{"core"},
			}), fault.CodeForbidden},
			{"suspend one's own", l.SuspendMember(ctx, l.head, org, l.core.Member.ID), ""},
			{"resume one's own", l.ResumeMember(ctx, l.head, org, l.core.Member.ID), ""},
			{"suspend one elsewhere", l.SuspendMember(ctx, l.head, org, l.sales.Member.ID), fault.CodeMemberNotFound},
			{"reset one's own", l.ResetPassword(ctx, l.head, org, l.core.Member.ID), ""},
			{"reset one elsewhere", l.ResetPassword(ctx, l.head, org, l.sales.Member.ID), fault.CodeMemberNotFound},
			{"reset another head", l.ResetPassword(ctx, l.head, org, second.Member.ID), fault.CodePasswordForbidden},
			{"appoint", l.GiveDepartments(ctx, l.head, org, l.core.Member.ID, []string{"core"}), fault.CodeForbidden},
			{"raise oneself", l.SetRole(ctx, l.head, org, l.headID, identity.RoleAdministrator), fault.CodeForbidden},
			{"remove one elsewhere", l.RemoveMember(ctx, l.head, org, l.top.Member.ID), fault.CodeMemberNotFound},
			{"remove one's own", l.RemoveMember(ctx, l.head, org, l.core.Member.ID), ""},
		} {
			wants(t, row.what, row.err, row.want)
		}
	})
}

func TestDepartmentAdministratorOfDepartments(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		l := newLab(t, h)
		ctx, org := t.Context(), l.org.ID
		add := func(n NewDepartment) error {
			_, err := l.AddDepartment(ctx, l.head, org, n)
			return err
		}
		change := func(code string, c DepartmentChange) error {
			_, err := l.ChangeDepartment(ctx, l.head, org, code, 0, c)
			return err
		}
		for _, row := range []struct {
			what string
			err  error
			want fault.Code
		}{
			{"add below", add(NewDepartment{Code: "lab", Name: "Lab", ParentCode: "rd"}), ""},
			{"add at the root", add(NewDepartment{Name: "Lab"}), fault.CodeOutsideDepartments},
			{"add elsewhere", add(NewDepartment{Name: "Lab", ParentCode: "sales"}), fault.CodeOutsideDepartments},
			{"rename one's own", change("rd", DepartmentChange{Name: new("R & D")}), ""},
			{"rename another", change("sales", DepartmentChange{Name: new("Shop")}), fault.CodeOutsideDepartments},
			{"rename the root", change("1", DepartmentChange{Note: new("x")}), fault.CodeOutsideDepartments},
			{"move the top", change("rd", DepartmentChange{ParentCode: new("sales")}), fault.CodeOutsideDepartments},
			{"move out", change("lab", DepartmentChange{ParentCode: new("sales")}), fault.CodeOutsideDepartments},
			{"move to the root", change("lab", DepartmentChange{ParentCode: new("")}), fault.CodeOutsideDepartments},
			{"move within", change("lab", DepartmentChange{ParentCode: new("core")}), ""},
			{"remove below", l.RemoveDepartment(ctx, l.head, org, "lab"), ""},
			{"remove the top", l.RemoveDepartment(ctx, l.head, org, "rd"), fault.CodeOutsideDepartments},
			{"remove another", l.RemoveDepartment(ctx, l.head, org, "sales"), fault.CodeOutsideDepartments},
		} {
			wants(t, row.what, row.err, row.want)
		}
		// A subtree that somebody moves away is out of reach at once.
		if _, err := l.ChangeDepartment(ctx, console, org, "core", 0, DepartmentChange{ParentCode: new("sales")}); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Member(ctx, l.head, org, l.core.Member.ID); !fault.Is(err, fault.CodeMemberNotFound) {
			t.Errorf("a member of what was moved away: %v", err)
		}
	})
}

func TestAppointingDepartmentAdministrators(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		l := newLab(t, h)
		ctx, org := t.Context(), l.org.ID
		heads, err := l.DepartmentHeads(ctx, console, org, "rd")
		if names := namesIn(heads); err != nil || !slices.Equal(names, []string{"head"}) {
			t.Errorf("heads of rd: %v, %v", names, err)
		}
		if e := l.lastEvent(audit.MemberDepartmentsGiven); e.Details["departments"] != "rd" {
			t.Errorf("the event tells %v", e.Details)
		}
		if err := l.GiveDepartments(ctx, console, org, l.headID, []string{"sales", "rd"}); err != nil {
			t.Fatal(err)
		}
		by, err := l.Administered(ctx, console, org)
		if got := by[l.headID]; err != nil || !slices.Equal(got, []string{"rd", "sales"}) {
			t.Errorf("administers %v, %v", got, err)
		}
		administrator := identity.Actor{Kind: identity.ActsAsMember, OrganizationID: org, MemberID: "mem_x", Role: identity.RoleAdministrator}
		for _, row := range []struct {
			what string
			err  error
			want fault.Code
		}{
			{"no department", l.GiveDepartments(ctx, console, org, l.headID, nil), fault.CodeAdministratorNowhere},
			{"an unknown department", l.GiveDepartments(ctx, console, org, l.headID, []string{"rd", "nowhere"}), fault.CodeDepartmentNotFound},
			{"too many", l.GiveDepartments(ctx, console, org, l.headID, slices.Repeat([]string{"rd"}, MaxAdministered+1)), fault.CodeAdministeredLimit},
			{"the owner", l.GiveDepartments(ctx, console, org, l.owner.Member.ID, []string{"rd"}), fault.CodeOwnerProtected},
			{"by an administrator", l.GiveDepartments(ctx, administrator, org, l.core.Member.ID, []string{"core"}), ""},
			{"back by an administrator", l.SetRole(ctx, administrator, org, l.core.Member.ID, identity.RoleMember), ""},
			{"up by an administrator", l.SetRole(ctx, administrator, org, l.core.Member.ID, identity.RoleAdministrator), fault.CodeForbidden},
		} {
			wants(t, row.what, row.err, row.want)
		}
	})
}

func TestDepartmentsThatNobodyAdministersAnyMore(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		l := newLab(t, h)
		ctx, org := t.Context(), l.org.ID
		// Whoever becomes something else keeps nothing.
		if err := l.TransferOwnership(ctx, console, org, l.headID); err != nil {
			t.Fatal(err)
		}
		if by, err := l.Administered(ctx, console, org); err != nil || len(by) != 0 {
			t.Errorf("after the hand-over %v, %v", by, err)
		}
		if p, err := l.Member(ctx, console, org, l.owner.Member.ID); err != nil || p.Member.Role != identity.RoleMember {
			t.Errorf("the owner before is %q, %v", p.Member.Role, err)
		}
		// Nor does somebody whose department goes.
		if err := l.GiveDepartments(ctx, console, org, l.top.Member.ID, []string{"core"}); err != nil {
			t.Fatal(err)
		}
		if _, err := l.ChangeMember(ctx, console, org, l.core.Member.ID, 0, MemberChange{DepartmentCode: new("")}); err != nil {
			t.Fatal(err)
		}
		if err := l.RemoveDepartment(ctx, console, org, "core"); err != nil {
			t.Fatal(err)
		}
		without := identity.Actor{Kind: identity.ActsAsMember, OrganizationID: org, MemberID: l.top.Member.ID, Role: identity.RoleDepartmentAdministrator}
		if people, err := l.Members(ctx, without, org, store.MemberQuery{}); err != nil || len(people) != 0 {
			t.Errorf("who administers nothing is shown %v, %v", namesIn(people), err)
		}
	})
}

func namesIn(people []identity.Person) (names []string) {
	for _, p := range people {
		names = append(names, p.Member.Name)
	}
	slices.Sort(names)
	return names
}
