package directory

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// peopled is the tree of branch with somebody named after it in each
// department; top is in the root, beside the owner.
func (h *house) peopled() {
	h.t.Helper()
	h.branch()
	h.clock.Advance(time.Second) // the order of making is that of moments
	h.member("top", func(n *NewMember) { n.SortLevel = 5 })
	for i, code := range []string{"rd", "lab", "hr", "law", "tax"} {
		h.clock.Advance(time.Second)
		h.member(code, func(n *NewMember) {
			n.DepartmentCode, n.SortLevel, n.Disabled = code, 100-i, code == "lab"
		})
	}
}

// finds are the accounts on a part of a list.
func (h *house) finds(in Within, q MemberSearch) (told string, page MemberPage) {
	h.t.Helper()
	page, err := h.SearchMembers(h.t.Context(), actorOf(h.owner), h.org.ID, in, q)
	if err != nil {
		h.t.Errorf("%+v, %+v: %v", in, q, err)
	}
	var all []string
	for _, p := range page.People {
		all = append(all, p.Account.Name)
	}
	return strings.Join(all, " "), page
}

func TestSearchMembers(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		h.peopled()
		law := h.called("law").Member.Department
		for _, row := range []struct {
			what  string
			in    Within
			q     MemberSearch
			want  string
			count int
		}{
			{"everybody", Within{}, MemberSearch{}, "owner@house top rd lab hr law tax", 7},
			{"a department and below", Within{Department: "RD"}, MemberSearch{}, "rd lab", 2},
			{"a department alone", Within{Department: "rd", Alone: true}, MemberSearch{}, "rd", 1},
			{"the whole tree by its root", Within{Department: "1"}, MemberSearch{}, "owner@house top rd lab hr law tax", 7},
			{"the root alone", Within{Department: "1", Alone: true}, MemberSearch{}, "owner@house top", 2},
			{"alone, but nowhere in particular", Within{Alone: true}, MemberSearch{Text: "a"}, "lab law tax", 3},
			{"a code outweighs an identifier", Within{Department: "rd"}, MemberSearch{Department: law}, "rd lab", 2},
			{"a text in a branch", Within{Department: "law"}, MemberSearch{Text: "TA"}, "tax", 1},
			{"a text of somebody elsewhere", Within{Department: "rd"}, MemberSearch{Text: "tax"}, "", 0},
			{"who is off", Within{}, MemberSearch{Disabled: new(true)}, "lab", 1},
			{"who is not, in a branch", Within{Department: "rd"}, MemberSearch{Disabled: new(false)}, "rd", 1},
			{"by place", Within{}, MemberSearch{Sort: SortByPlace, Limit: 3}, "top tax law", 7},
			{"by place backwards", Within{Department: "law"}, MemberSearch{Sort: SortByPlace, Descending: true}, "law tax", 2},
			{"by department", Within{Department: "1"}, MemberSearch{Sort: SortByDepartment, Limit: 4}, "owner@house top hr lab", 7},
			{"a second part", Within{}, MemberSearch{Offset: 2, Limit: 2}, "rd lab", 7},
			{"beyond the end", Within{}, MemberSearch{Offset: 70, Limit: 3}, "tax", 7},
			{"beyond the end of a branch", Within{Department: "rd"}, MemberSearch{Offset: 2, Limit: 2}, "rd lab", 2},
			{"more than there may be", Within{}, MemberSearch{Limit: 100_000}, "owner@house top rd lab hr law tax", 7},
		} {
			got, page := h.finds(row.in, row.q)
			if got != row.want || page.Count != row.count {
				t.Errorf("%s: got %d: %q, want %d: %q", row.what, page.Count, got, row.count, row.want)
			}
		}
		_, err := h.SearchMembers(t.Context(), console, h.org.ID, Within{Department: "nowhere"}, MemberSearch{})
		wants(t, "an unknown department", err, fault.CodeDepartmentNotFound)
	})
}

// Each page tells where its people are placed, and of no other department.
func TestSearchMembersTellsTrails(t *testing.T) {
	h := sqliteHouse(t)
	h.peopled()
	_, page := h.finds(Within{Department: "rd"}, MemberSearch{})
	if len(page.Trails) != 2 {
		t.Errorf("got %d trails, want those of rd and lab", len(page.Trails))
	}
	for _, p := range page.People {
		var codes []string
		for _, d := range page.Trails[p.Member.Department] {
			codes = append(codes, d.Code)
		}
		want := map[string]string{"rd": "1 rd", "lab": "1 rd lab"}[p.Account.Name]
		if got := strings.Join(codes, " "); got != want {
			t.Errorf("%s: the trail is %q, want %q", p.Account.Name, got, want)
		}
	}
	if _, page := h.finds(Within{}, MemberSearch{Text: "nobody"}); page.Count != 0 || len(page.People)+len(page.Trails) != 0 {
		t.Errorf("nobody: got %+v", page)
	}
}

// What somebody may see narrows a search, whatever their department sees.
func TestSearchMembersInSight(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		h.peopled()
		rd := actorOf(h.called("rd"))
		for _, row := range []struct {
			sees       identity.Sight
			designated []string
			everybody  string
			withA      string // whose account has an a
			inLaw      string
		}{
			{identity.SeesAll, nil, "owner@house top rd lab hr law tax", "lab law tax", "law tax"},
			{identity.SeesOwn, nil, "rd hr", "", ""},
			{identity.SeesBelow, nil, "rd lab hr", "lab", ""},
			{identity.SeesDesignated, []string{"tax"}, "rd hr tax", "tax", "tax"},
			{identity.SeesDesignated, []string{"law", "tax"}, "rd hr law tax", "law tax", "law tax"},
			{identity.SeesDesignated, []string{"1"}, "owner@house top rd lab hr law tax", "lab law tax", "law tax"},
			{identity.SeesDesignated, []string{}, "rd hr", "", ""},
		} {
			c := DepartmentChange{Sees: &row.sees}
			if row.designated != nil {
				c.Designated = &row.designated
			}
			h.see("rd", c)
			scope, err := h.VisibleDepartments(t.Context(), rd, h.org.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, search := range []struct {
				in   Within
				text string
				want string
			}{{want: row.everybody}, {text: "a", want: row.withA}, {in: Within{Department: "law"}, want: row.inLaw}} {
				what := fmt.Sprintf("%s %v: %q in %+v", row.sees, row.designated, search.text, search.in)
				// The owner's account is "owner@house": no a in it.
				got, page := h.finds(search.in, MemberSearch{Text: search.text, Scope: &scope})
				if got != search.want || page.Count != len(strings.Fields(search.want)) {
					t.Errorf("%s: got %d: %q, want %q", what, page.Count, got, search.want)
				}
			}
		}
	})
}

// A department administrator has no part in what is said of the whole
// organisation, not even for their own departments; what every member may, they
// may.
func TestDepartmentAdministratorOfTheWhole(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		l := newLab(t, h)
		ctx, org, own := t.Context(), l.org.ID, refs("core")
		_, byRef := l.MemberByRef(ctx, l.head, org, own[0])
		_, search := l.SearchMembers(ctx, l.head, org, Within{Department: "core"}, MemberSearch{})
		_, _, cards := l.OrganizationCards(ctx, l.head, "", 0, 0)
		_, add := l.AddOrganization(ctx, l.head, NewOrganization{Code: "new", Name: "New"})
		_, card := l.OrganizationCard(ctx, l.head, org)
		_, change := l.ChangeOwn(ctx, l.head, org, OwnChange{Title: new("Head")})
		for _, row := range []struct {
			what string
			err  error
			want fault.Code
		}{
			{"find by a name", byRef, fault.CodeForbidden},
			{"search", search, fault.CodeForbidden},
			{"list organisations", cards, fault.CodeForbidden},
			{"add an organisation", add, fault.CodeForbidden},
			{"remove several", l.RemoveMembers(ctx, l.head, org, own), fault.CodeForbidden},
			{"remove nobody", l.RemoveMembers(ctx, l.head, org, nil), fault.CodeForbidden},
			{"suspend several", l.SetMembersStatus(ctx, l.head, org, own, identity.MemberDisabled), fault.CodeForbidden},
			{"dismiss", l.DismissAdministrators(ctx, l.head, org, refs("owner@house")), fault.CodeForbidden},
			{"read about the organisation", card, ""},
			{"change one's own", change, ""},
		} {
			wants(t, row.what, row.err, row.want)
		}
		h.stand("untouched", map[string]identity.MemberStatus{"core": l.core.Member.Status, "owner@house": h.owner.Member.Status})
		// They see what their own department sees, not what they administer.
		h.see("sales", DepartmentChange{Sees: new(identity.SeesOwn)})
		if scope, err := l.VisibleDepartments(ctx, l.head, org); err != nil || scope.Everything || scope.Own != "1/sales/" || len(scope.Branches) != 0 {
			t.Errorf("in sight: got %+v, %v, want sales alone", scope, err)
		}
		// An administrator who heads departments only is none to be dismissed.
		wants(t, "dismiss a head", l.DismissAdministrators(ctx, console, org, refs("head")), fault.CodeMemberNotFound)
	})
}
