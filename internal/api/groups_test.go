package api

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/identity"
)

// TestGroupLife makes, fills, reads, edits and removes a group.
func TestGroupLife(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		const all = "/organizations/acme/groups"
		h.clock.Advance(time.Minute) // those of the house are older
		w := h.as(administrator, "POST", all, `{"name":"Readers","description":"who read"}`)
		g := read[Group](t, w, http.StatusCreated)
		if g.Name != "Readers" || g.Description != "who read" || g.Version != 1 || w.Header().Get("ETag") != `"1"` {
			t.Fatalf("got %s", w.Body)
		}
		if want := "https://id.example:8443/api/v1/organizations/" + string(h.acme.organization.ID) + "/groups/" + g.ID; w.Header().Get("Location") != want {
			t.Errorf("Location: %s, want %s", w.Header().Get("Location"), want)
		}
		one := all + "/" + g.ID
		changed := read[Group](t, h.as(administrator, "PATCH", one, `{"name":"readers"}`, `If-Match: "1"`), http.StatusOK)
		if changed.Name != "readers" || changed.Description != "who read" || changed.Version != 2 {
			t.Errorf("got %+v", changed)
		}
		refused(t, h.as(administrator, "PATCH", one, `{"name":"x"}`, `If-Match: "1"`), http.StatusPreconditionFailed, "stale")
		refused(t, h.as(administrator, "POST", all, `{"name":"WRITERS"}`), http.StatusConflict, "group_exists")
		refused(t, h.as(administrator, "POST", all, `{"name":""}`), 422, "field_length")
		first := read[page[Group]](t, h.as(administrator, "GET", all+"?limit=1", ""), http.StatusOK)
		second := read[page[Group]](t, h.as(administrator, "GET", all+"?limit=1&cursor="+first.Next, ""), http.StatusOK)
		if len(first.Items) != 1 || len(second.Items) != 1 || second.Next != "" || second.Items[0].ID != g.ID {
			t.Errorf("got the pages %+v and %+v", first, second)
		}
		read[any](t, h.as(administrator, "DELETE", one, "", `If-Match: "2"`), http.StatusNoContent)
		refused(t, h.as(administrator, "GET", one, ""), http.StatusNotFound, "group_not_found")
	})
}

// TestGroupMembers lets members in and out.
func TestGroupMembers(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		one := "/organizations/acme/groups/" + h.acme.group
		member, other := string(h.acme.member.Member.ID), string(h.acme.other.Member.ID)
		read[any](t, h.as(administrator, "POST", one+"/members", `{"members":["`+member+`","`+other+`"]}`), http.StatusNoContent)
		refused(t, h.as(administrator, "POST", one+"/members", `{"members":["`+string(h.beta.member.Member.ID)+`"]}`), http.StatusNotFound, "member_not_found")
		people := read[page[Member]](t, h.as(administrator, "GET", one+"/members?limit=1", ""), http.StatusOK)
		if len(people.Items) != 1 || people.Items[0].ID != min(member, other) || people.Items[0].Department == "" || people.Next == "" {
			t.Errorf("got %+v", people)
		}
		read[any](t, h.as(administrator, "DELETE", one+"/members/"+member, ""), http.StatusNoContent)
		people = read[page[Member]](t, h.as(administrator, "GET", one+"/members", ""), http.StatusOK)
		if len(people.Items) != 1 || people.Items[0].ID != other {
			t.Errorf("got %+v, want the other alone", people)
		}
		refused(t, h.as(administrator, "DELETE", one, "", `If-Match: "7"`), http.StatusPreconditionFailed, "stale")
	})
}

// TestGroupOwners lets an ordinary member say who is in a group.
func TestGroupOwners(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		one := "/organizations/acme/groups/" + h.acme.group
		owner, other := string(h.acme.member.Member.ID), h.acme.other
		refused(t, h.as(anyMember, "GET", one, ""), http.StatusForbidden, "forbidden")
		if own := read[page[Group]](t, h.as(anyMember, "GET", "/organizations/acme/groups", ""), http.StatusOK); len(own.Items) != 0 {
			t.Errorf("whoever owns none sees %+v", own.Items)
		}
		read[any](t, h.as(administrator, "POST", one+"/owners", `{"members":["`+owner+`"]}`), http.StatusNoContent)
		owners := read[collection[Member]](t, h.as(administrator, "GET", one+"/owners", ""), http.StatusOK)
		if len(owners.Items) != 1 || owners.Items[0].ID != owner {
			t.Fatalf("got the owners %+v", owners.Items)
		}
		if own := read[page[Group]](t, h.as(anyMember, "GET", "/organizations/acme/groups", ""), http.StatusOK); len(own.Items) != 1 || own.Items[0].Type != "ordinary" {
			t.Errorf("got the own groups %+v", own.Items)
		}
		refused(t, h.as(anyMember, "POST", one+"/members", `{"members":["x"],"accounts":["y"]}`), 422, "field_unwanted")
		read[any](t, h.as(anyMember, "POST", one+"/members", `{"accounts":["`+other.Account.Name+`"]}`), http.StatusNoContent)
		people := read[page[Member]](t, h.as(anyMember, "GET", one+"/members", ""), http.StatusOK)
		for _, m := range people.Items {
			if m.Account == "" || m.Email+m.Mobile+m.ThirdAccount+m.Number != "" || len(m.Attributes) != 0 {
				t.Errorf("an owner is shown %+v", m)
			}
		}
		read[any](t, h.as(anyMember, "DELETE", one+"/members/"+string(other.Member.ID), ""), http.StatusNoContent)
		for _, w := range []string{"PATCH ", "DELETE ", "POST /owners", "DELETE /owners/" + owner} {
			method, path, _ := strings.Cut(w, " ")
			body := `{"members":[]}`
			if method == http.MethodPatch {
				body = `{"name":"mine"}`
			}
			refused(t, h.as(anyMember, method, one+path, body), http.StatusForbidden, "forbidden")
		}
		read[any](t, h.as(administrator, "DELETE", one+"/owners/"+owner, ""), http.StatusNoContent)
		refused(t, h.as(anyMember, "GET", one+"/members", ""), http.StatusForbidden, "forbidden")
	})
}

// TestGroupsInOrder searches, sorts and pages.
func TestGroupsInOrder(t *testing.T) {
	h := newHouse(t)
	const all = "/organizations/acme/groups"
	for _, name := range []string{"zebras", "Ants"} {
		h.clock.Advance(time.Minute)
		read[Group](t, h.as(administrator, "POST", all, `{"name":"`+name+`"}`), http.StatusCreated)
	}
	first := read[page[Group]](t, h.as(administrator, "GET", all+"?sort=name&limit=1", ""), http.StatusOK)
	if len(first.Items) != 1 || first.Items[0].Name != "Ants" {
		t.Fatalf("got %+v", first)
	}
	rest := read[page[Group]](t, h.as(administrator, "GET", all+"?sort=name&cursor="+first.Next, ""), http.StatusOK)
	if n := len(rest.Items); n < 2 || rest.Items[n-1].Name != "zebras" {
		t.Errorf("got %+v", rest)
	}
	refused(t, h.as(administrator, "GET", all+"?cursor="+first.Next, ""), 422, "cursor_malformed")
	if found := read[page[Group]](t, h.as(administrator, "GET", all+"?q=ANT&type=ordinary", ""), http.StatusOK); len(found.Items) != 1 || found.Items[0].Name != "Ants" {
		t.Errorf("got %+v", found)
	}
	if none := read[page[Group]](t, h.as(administrator, "GET", all+"?type=security", ""), http.StatusOK); len(none.Items) != 0 {
		t.Errorf("got %+v", none)
	}
}

// A group that an application lets in stays until it does so no more.
func TestAGroupInUseStays(t *testing.T) {
	h := newHouse(t)
	one := "/organizations/acme/groups/" + h.acme.group
	lets := func(access identity.Access) {
		must(h.o.Applications.ChangeApplication(t.Context(), console(), h.acme.organization.ID, h.acme.application, 0,
			application.ApplicationChange{Access: &access}))(t)
	}
	lets(identity.Access{Groups: []identity.GroupID{identity.GroupID(h.acme.group)}})
	if p := refused(t, h.as(administrator, "DELETE", one, ""), http.StatusConflict, "group_in_use"); !strings.Contains(p.Detail, h.acme.application) {
		t.Errorf("the refusal does not name the application: %s", p.Detail)
	}
	lets(identity.Access{Everyone: true})
	read[any](t, h.as(administrator, "DELETE", one, ""), http.StatusNoContent)
}
