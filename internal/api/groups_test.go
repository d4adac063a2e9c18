package api

import (
	"net/http"
	"testing"
	"time"
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
