package api

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/resource"
)

// grants gives an organisation a resource that nothing uses.
func (h *house) grants(org identity.OrganizationID) string {
	h.t.Helper()
	all := must(h.o.Resources.Grant(h.t.Context(), console(), org, []resource.Grant{
		{Kind: identity.ResourceParticipants, Count: 50, EndsAt: h.clock.Now().AddDate(20, 0, 0)},
	}))(h.t)
	return string(all[0].ID)
}

const resourcesPath = "/organizations/acme/resources"

// TestResourceLife grants, reads, edits and takes a resource back.
func TestResourceLife(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		end := h.clock.Now().Add(48 * time.Hour).UTC().Truncate(time.Millisecond)
		body := fmt.Sprintf(`{"ref":"r-1","kind":"meeting_rooms","package":"vmr50","count":2,"ends_at":%q,"order":"o-7"}`, end.Format(time.RFC3339Nano))
		w := h.as(providerToken, "POST", resourcesPath, body)
		r := read[Resource](t, w, http.StatusCreated)
		want := Resource{
			ID: r.ID, Ref: "r-1", Kind: "meeting_rooms", Package: "vmr50", Count: 2, EndsAt: end, Order: "o-7", Status: "live", Version: 1,
			CreatedAt: r.CreatedAt, UpdatedAt: r.CreatedAt,
		}
		if r != want || w.Header().Get("ETag") != `"1"` {
			t.Fatalf("got %s", w.Body)
		}
		if want := "https://id.example:8443/api/v1/organizations/" + string(h.acme.organization.ID) + "/resources/" + r.ID; w.Header().Get("Location") != want {
			t.Errorf("Location: %s, want %s", w.Header().Get("Location"), want)
		}
		one := resourcesPath + "/" + r.ID
		// To grant once more under the same name is no edit.
		p := refused(t, h.as(providerToken, "POST", resourcesPath, body), http.StatusConflict, "resource_exists")
		if len(p.Errors) != 1 || p.Errors[0].Field != "ref" {
			t.Errorf("got %+v, want the field named", p)
		}
		changed := read[Resource](t, h.as(providerAdmin, "PATCH", one, `{"count":3,"disabled":true}`, `If-Match: "1"`), http.StatusOK)
		want.Count, want.Status, want.Version = 3, "disabled", 2
		if changed != want {
			t.Errorf("got %+v, want %+v", changed, want)
		}
		refused(t, h.as(providerToken, "PATCH", one, `{"count":4}`, `If-Match: "1"`), http.StatusPreconditionFailed, "stale")
		refused(t, h.as(providerToken, "DELETE", one, "", `If-Match: "1"`), http.StatusPreconditionFailed, "stale")
		if w := h.as(administrator, "GET", one, "", `If-None-Match: "2"`); w.Code != http.StatusNotModified {
			t.Errorf("unchanged: got %d", w.Code)
		}
		read[Resource](t, h.as(providerToken, "PATCH", one, `{"disabled":false}`), http.StatusOK)
		h.clock.Advance(48 * time.Hour)
		if r := read[Resource](t, h.as(providerToken, "GET", one, ""), http.StatusOK); r.Status != "expired" {
			t.Errorf("at its end: got %s", r.Status)
		}
		read[any](t, h.as(providerToken, "DELETE", one, ""), http.StatusNoContent)
		refused(t, h.as(providerToken, "GET", one, ""), http.StatusNotFound, "resource_not_found")
	})
}

// TestResourcesAreChecked: what cannot be granted is refused, with the field.
func TestResourcesAreChecked(t *testing.T) {
	h := newHouse(t)
	for body, want := range map[string][2]string{
		`{"kind":"members","count":0,"ends_at":"2040-01-01T00:00:00Z"}`:                        {"field_range", "count"},
		`{"kind":"meeting_rooms","count":1001,"ends_at":"2040-01-01T00:00:00Z"}`:               {"field_range", "count"},
		`{"kind":"members","package":"vmr10","count":1,"ends_at":"2040-01-01T00:00:00Z"}`:      {"field_unwanted", "package"},
		`{"kind":"members","ref":"two words","count":1,"ends_at":"2040-01-01T00:00:00Z"}`:      {"field_format", "ref"},
		`{"kind":"chairs","count":1,"ends_at":"2040-01-01T00:00:00Z"}`:                         {"field_choice", "kind"},
		`{"kind":"members","count":1}`:                                                         {"field_missing", "ends_at"},
		`{"kind":"members","count":1,"ends_at":"2040-01-01T00:00:00Z","colour":"red"}`:         {"field_unknown", "colour"},
		`{"kind":"meeting_rooms","package":"vmr1","count":1,"ends_at":"2040-01-01T00:00:00Z"}`: {"field_choice", "package"},
	} {
		p := refused(t, h.as(providerToken, "POST", resourcesPath, body), http.StatusUnprocessableEntity, want[0])
		if len(p.Errors) == 0 || p.Errors[0].Field != want[1] {
			t.Errorf("%s: got %+v, want the field %s", body, p.Errors, want[1])
		}
	}
}

// TestResourcePages walks through the list in its orders, and narrows it.
func TestResourcePages(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		// Those of the house come first, and end last.
		for i, g := range []resource.Grant{
			{Ref: "A", Kind: identity.ResourceMembers, Count: 100, Order: "x"},
			{Ref: "b", Kind: identity.ResourceRooms, Package: "vmr25", Count: 1},
			{Ref: "c", Kind: identity.ResourceStreams, Count: 1, Disabled: true},
			{Ref: "d", Kind: identity.ResourceStreams, Count: 1},
		} {
			h.clock.Advance(time.Minute)
			g.EndsAt = h.clock.Now().Add(time.Duration([]int{5, 3, 3, 1}[i]) * 24 * time.Hour).Truncate(24 * time.Hour)
			must(h.o.Resources.Grant(t.Context(), console(), h.acme.organization.ID, []resource.Grant{g}))(t)
		}
		h.clock.Advance(30 * time.Hour)
		refs := func(query string) (got string) {
			for cursor := ""; ; {
				p := read[page[Resource]](t, h.as(orgToken, "GET", resourcesPath+"?limit=1&"+query+cursor, ""), http.StatusOK)
				for _, r := range p.Items {
					if len(r.Ref) > 1 {
						r.Ref = "house"
					}
					got += r.Ref + " "
				}
				if cursor = "&cursor=" + p.Next; p.Next == "" {
					return got
				}
			}
		}
		for query, want := range map[string]string{
			"":                             "house house A b c d ",
			"sort=ends":                    "d b c A house house ",
			"sort=ends&kind=members":       "A ",
			"q=a&order=x":                  "A ",
			"status=disabled":              "c ",
			"status=expired":               "d ",
			"status=live&sort=ends":        "b A house house ",
			"package=vmr25":                "b ",
			"ends_to=2001-01-01T00:00:00Z": "",
		} {
			if got := refs(query); got != want {
				t.Errorf("%q: got %q, want %q", query, got, want)
			}
		}
		first := read[page[Resource]](t, h.as(orgToken, "GET", resourcesPath+"?limit=1&sort=ends", ""), http.StatusOK)
		refused(t, h.as(orgToken, "GET", resourcesPath+"?cursor="+first.Next, ""), 422, "cursor_malformed")
		for _, key := range []string{"ends:res_x", "ends:res_x y"} {
			refused(t, h.as(orgToken, "GET", resourcesPath+"?sort=ends&cursor="+encodeCursor(key), ""), 422, "cursor_malformed")
		}
	})
}

// TestResourceTotals: what is granted, used and left, and which limit is in the
// way of one more.
func TestResourceTotals(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		org := h.acme.organization.ID
		must(h.o.Resources.Grant(t.Context(), console(), org, []resource.Grant{
			{Ref: "hd", Kind: identity.ResourceFullHD, Count: 2, EndsAt: h.clock.Now().Add(48 * time.Hour)},
			{Ref: "vmr", Kind: identity.ResourceRooms, Package: "vmr100", Count: 3, EndsAt: h.clock.Now().AddDate(1, 0, 0)},
		}))(t)
		terminal := resource.NewTerminal{Name: "Hall", Model: "TE20", Contact: identity.Contact{Email: "it@acme.example"}}
		must(h.o.Resources.AddTerminal(t.Context(), console(), org, terminal))(t)
		view := read[ResourceTotals](t, h.as(administrator, "GET", "/organizations/acme/resource-totals", ""), http.StatusOK)
		told := map[string]string{}
		for _, k := range view.Kinds {
			left := "any"
			if k.Left != nil {
				left = fmt.Sprint(*k.Left)
			}
			told[k.Kind] = fmt.Sprintf("%t %d %d %s %d", k.Limited, k.Granted, k.Used, left, k.Expiring)
		}
		for kind, want := range map[string]string{
			"terminals_1080p": "true 2 2 0 2", "meeting_rooms": "true 4 0 4 0", "participants": "true 50 0 50 0", "smart_screens": "false 0 0 any 0",
		} {
			if told[kind] != want {
				t.Errorf("%s: got %q, want %q", kind, told[kind], want)
			}
		}
		if len(view.Kinds) != len(identity.ResourceKinds()) || !slices.Equal(view.Packages, []RoomTotal{{"vmr10", 1, 0}, {"vmr100", 3, 0}}) || view.Organizations != 1 {
			t.Errorf("got %+v", view)
		}
		all := read[ResourceTotals](t, h.as(providerToken, "GET", "/provider/resource-totals", ""), http.StatusOK)
		if all.Organizations != 2 || all.Kinds[1].Granted != 100 || !slices.Equal(all.Packages, []RoomTotal{}) {
			t.Errorf("of the installation: got %+v", all)
		}
	})
}

// TestResourceRecords lists what was done, newest first.
func TestResourceRecords(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.clock.Advance(time.Hour)
		since := h.clock.Now()
		r := read[Resource](t, h.as(providerAdmin, "POST", resourcesPath, `{"ref":"s","kind":"live_streams","count":1,"ends_at":"2040-01-01T00:00:00Z"}`), http.StatusCreated)
		for _, step := range [][2]string{{"PATCH", `{"count":2}`}, {"PATCH", `{"disabled":true}`}, {"DELETE", ""}} {
			h.clock.Advance(time.Hour)
			h.as(providerAdmin, step[0], resourcesPath+"/"+r.ID, step[1])
		}
		told := func(query string) (got string) {
			for cursor := ""; ; {
				p := read[page[ResourceRecord]](t, h.as(administrator, "GET", "/organizations/acme/resource-records?limit=2"+query+cursor, ""), http.StatusOK)
				for _, r := range p.Items {
					if r.At.Before(since) { // what the house began with, at one instant
						r.Operation, r.Resource.Count = "house", 0
					}
					got += fmt.Sprint(r.Operation, r.Resource.Count, " ")
				}
				if cursor = "&cursor=" + p.Next; p.Next == "" {
					return got
				}
			}
		}
		stamp := func(d time.Duration) string { return since.Add(d).UTC().Format("2006-01-02T15:04:05.000Z") }
		for query, want := range map[string]string{
			"":                                "removed2 disabled2 modified2 added1 house0 house0 ",
			"&kind=live_streams":              "removed2 disabled2 modified2 added1 ",
			"&operation=disabled":             "disabled2 ",
			"&q=S&from=" + stamp(2*time.Hour): "removed2 disabled2 ",
			"&to=" + stamp(time.Hour):         "added1 house0 house0 ",
		} {
			if got := told(query); got != want {
				t.Errorf("%q: got %q, want %q", query, got, want)
			}
		}
		first := read[page[ResourceRecord]](t, h.as(administrator, "GET", "/organizations/acme/resource-records?limit=1", ""), http.StatusOK)
		if first.Items[0].ActorName != "root" || first.Items[0].Resource.ID != r.ID {
			t.Errorf("got %+v", first.Items[0])
		}
	})
}
