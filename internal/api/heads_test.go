package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// accountsIn are the account names of a page of members, in order.
func accountsIn(members []Member) string {
	names := make([]string, 0, len(members))
	for _, m := range members {
		names = append(names, m.Account)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// A department administrator is shown the people of their departments and
// nobody else, however they ask.
func TestHeadsAreShownTheirsAlone(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		const all = "/organizations/acme/members"
		for query, want := range map[string]string{
			"": "acme-other", "?limit=1": "acme-other", "?q=acme": "acme-other", "?q=owner": "", "?role=owner": "",
			"?department=acme-lab": "acme-other", "?department=acme-rd": "", "?role=department_administrator": "", "?department=1": "acme-other",
			"?status=expired": "",
		} {
			list := read[page[Member]](t, h.as(deptHead, "GET", all+query, ""), http.StatusOK)
			if got := accountsIn(list.Items); got != want || list.Next != "" {
				t.Errorf("%q: got %q and more %q, want %q", query, got, list.Next, want)
			}
		}
		everybody := read[page[Member]](t, h.as(administrator, "GET", all, ""), http.StatusOK)
		if got := accountsIn(everybody.Items); got != "acme-admin acme-head acme-member acme-other acme-owner" {
			t.Errorf("an administrator is shown %q", got)
		}
		for _, m := range everybody.Items {
			if want := map[bool]string{true: "[acme-lab]", false: "[]"}[m.Account == "acme-head"]; fmt.Sprint(m.Administers) != want {
				t.Errorf("%s administers %v, want %s", m.Account, m.Administers, want)
			}
		}
		for name, id := range map[string]string{"member": string(h.acme.member.Member.ID), "owner": string(h.acme.owner.Member.ID), "other": string(h.beta.other.Member.ID)} {
			one := all + "/" + id
			refused(t, h.as(deptHead, "GET", one, ""), http.StatusNotFound, "member_not_found")
			for _, w := range []struct{ method, path, body string }{{"PATCH", one, `{"title":"x"}`}, {"DELETE", one, ""}, {"POST", one + "/suspend", ""}} {
				if got := h.as(deptHead, w.method, w.path, w.body); got.Code != http.StatusNotFound && got.Code != http.StatusForbidden {
					t.Errorf("%s %s: got %d %s", w.method, name, got.Code, got.Body)
				}
			}
		}
	})
}

// What a department administrator may do to whom, over the wire.
func TestHeadsManageTheirsAlone(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		const all = "/organizations/acme/members"
		w := h.as(deptHead, "POST", all, `{"name":"Nina","account":"nina","department":"acme-rd"}`)
		m := read[MadeMember](t, w, http.StatusCreated)
		if m.Department != "acme-rd" || m.Role != "member" {
			t.Errorf("got %+v", m)
		}
		one := all + "/" + m.ID
		read[Member](t, h.as(deptHead, "PATCH", one, `{"title":"Engineer","department":"acme-ops"}`), http.StatusOK)
		for _, tt := range []struct{ name, method, path, body, code string }{
			{"to the root", "POST", all, `{"name":"N"}`, "outside_departments"},
			{"a head", "POST", all, `{"name":"N","department":"acme-rd","role":"department_administrator","administers":["acme-rd"]}`, "forbidden"},
			{"an administrator", "POST", all, `{"name":"N","department":"acme-rd","role":"administrator"}`, "forbidden"},
			{"moved out", "PATCH", one, `{"department":"1"}`, "outside_departments"},
			{"appointed", "POST", one + "/role", `{"role":"department_administrator","administers":["acme-rd"]}`, "forbidden"},
			{"raised", "POST", one + "/role", `{"role":"administrator"}`, "forbidden"},
			{"an import", "POST", "/organizations/acme/imports", "account\na\n", "forbidden"},
			{"an export", "POST", "/organizations/acme/exports", "{}", "forbidden"},
			{"the template", "GET", "/organizations/acme/imports/template", "", "forbidden"},
			{"tasks", "GET", "/organizations/acme/imports", "", "forbidden"},
			{"the end of it all", "POST", "/organizations/acme/dissolve", `{"confirm":"acme"}`, "forbidden"},
			{"heads", "GET", "/organizations/acme/departments/acme-lab/administrators", "", "forbidden"},
			{"a department elsewhere", "POST", "/organizations/acme/departments", `{"name":"S"}`, "outside_departments"},
			{"the own top moved", "PATCH", "/organizations/acme/departments/acme-lab", `{"parent":"1"}`, "outside_departments"},
			{"the own top removed", "DELETE", "/organizations/acme/departments/acme-lab", "", "outside_departments"},
		} {
			got := h.as(deptHead, tt.method, tt.path, tt.body)
			if p := read[Problem](t, got, got.Code); p.Code != tt.code {
				t.Errorf("%s: got %d %q, want %q", tt.name, got.Code, p.Code, tt.code)
			}
		}
		read[any](t, h.as(deptHead, "DELETE", one, ""), http.StatusNoContent)
	})
}

// Appointing, over the wire: exactly the departments that are named, told with
// the member and with the department itself.
func TestAppointingHeads(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		at := "/organizations/acme/members/" + string(h.acme.member.Member.ID)
		headsOf := func(department string) string {
			t.Helper()
			list := read[collection[Member]](t, h.as(administrator, "GET", "/organizations/acme/departments/"+department+"/administrators", ""), http.StatusOK)
			return accountsIn(list.Items)
		}
		for _, step := range []struct {
			who              caller
			body, want       string
			lab, rd, refused string
		}{
			{administrator, `{"role":"department_administrator","administers":["acme-rd","ACME-OPS","acme-rd"]}`, "department_administrator [acme-ops acme-rd]", "acme-head", "acme-member", ""},
			{administrator, `{"role":"department_administrator"}`, "", "acme-head", "acme-member", "administrator_nowhere"},
			{administrator, `{"role":"department_administrator","administers":["acme-rd","none"]}`, "", "acme-head", "acme-member", "department_not_found"},
			{administrator, `{"role":"department_administrator","administers":["beta-lab"]}`, "", "acme-head", "acme-member", "department_not_found"},
			{theOwner, `{"role":"department_administrator","administers":["acme-lab"]}`, "department_administrator [acme-lab]", "acme-head acme-member", "", ""},
			{anyMember, `{"role":"member"}`, "", "acme-head acme-member", "", "forbidden"},
			{orgToken, `{"role":"member"}`, "member []", "acme-head", "", ""},
		} {
			w := h.as(step.who, "POST", at+"/role", step.body)
			if step.refused != "" {
				if p := read[Problem](t, w, w.Code); p.Code != step.refused {
					t.Errorf("%s: got %d %+v, want %s", step.body, w.Code, p, step.refused)
				}
			} else {
				m := read[Member](t, w, http.StatusOK)
				slices.Sort(m.Administers)
				if got := fmt.Sprint(m.Role, " ", m.Administers); got != step.want {
					t.Errorf("%s: got %s, want %s", step.body, got, step.want)
				}
			}
			if lab, rd := headsOf("acme-lab"), headsOf("acme-rd"); lab != step.lab || rd != step.rd {
				t.Errorf("%s: heads of lab %q and of rd %q, want %q and %q", step.body, lab, rd, step.lab, step.rd)
			}
		}
		owner := "/organizations/acme/members/" + string(h.acme.owner.Member.ID)
		refused(t, h.as(providerToken, "POST", owner+"/role", `{"role":"department_administrator","administers":["acme-lab"]}`), http.StatusConflict, "owner_protected")
	})
}
