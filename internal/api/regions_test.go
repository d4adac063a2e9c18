package api

import (
	"net/http"
	"testing"
	"time"
)

// TestRegionLife makes, reads, edits and removes a region.
func TestRegionLife(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		const all = "/organizations/acme/regions"
		h.clock.Advance(time.Minute) // those of the house are older
		w := h.as(administrator, "POST", all, `{"name":"Laboratory","network":"2001:DB8::9/48","description":"upstairs"}`)
		r := read[Region](t, w, http.StatusCreated)
		if r.Name != "Laboratory" || r.Network != "2001:db8::/48" || r.Description != "upstairs" || r.Version != 1 || w.Header().Get("ETag") != `"1"` {
			t.Fatalf("got %s", w.Body)
		}
		if want := "https://id.example:8443/api/v1/organizations/" + string(h.acme.organization.ID) + "/regions/" + r.ID; w.Header().Get("Location") != want {
			t.Errorf("Location: %s, want %s", w.Header().Get("Location"), want)
		}
		one := all + "/" + r.ID
		changed := read[Region](t, h.as(administrator, "PATCH", one, `{"network":"192.0.2.9/24"}`, `If-Match: "1"`), http.StatusOK)
		if changed.Network != "192.0.2.0/24" || changed.Name != "Laboratory" || changed.Version != 2 {
			t.Errorf("got %+v", changed)
		}
		refused(t, h.as(administrator, "PATCH", one, `{"name":"x"}`, `If-Match: "1"`), http.StatusPreconditionFailed, "stale")
		refused(t, h.as(administrator, "POST", all, `{"name":"OFFICE","network":"10.9.0.0/16"}`), http.StatusConflict, "region_exists")
		refused(t, h.as(administrator, "POST", all, `{"name":"Twin","network":"192.0.2.77/24"}`), http.StatusConflict, "region_network")
		refused(t, h.as(administrator, "POST", all, `{"name":"","network":"10.9.0.0/16"}`), 422, "field_length")
		if p := refused(t, h.as(administrator, "POST", all, `{"name":"Bad","network":"10.9.0.0"}`), 422, "field_format"); len(p.Errors) != 1 || p.Errors[0].Field != "network" {
			t.Errorf("got %+v, want the field named", p)
		}
		if w := h.as(administrator, "GET", one, "", `If-None-Match: "2"`); w.Code != http.StatusNotModified {
			t.Errorf("unchanged: got %d", w.Code)
		}
		read[any](t, h.as(administrator, "DELETE", one, "", `If-Match: "2"`), http.StatusNoContent)
		refused(t, h.as(administrator, "GET", one, ""), http.StatusNotFound, "region_not_found")
	})
}

// TestRegionPages walks through the list in its two orders.
func TestRegionPages(t *testing.T) {
	h := newHouse(t)
	const all = "/organizations/acme/regions"
	for _, body := range []string{`{"name":"Zone","network":"10.9.0.0/16"}`, `{"name":"annex","network":"2001:db8::/48"}`} {
		h.clock.Advance(time.Minute)
		read[Region](t, h.as(administrator, "POST", all, body), http.StatusCreated)
	}
	for query, want := range map[string]string{"": "Office Zone annex", "&sort=name": "annex Office Zone", "&q=10.": "Office Zone", "&q=OFF": "Office"} {
		got, cursor := "", ""
		for {
			p := read[page[Region]](t, h.as(administrator, "GET", all+"?limit=1"+query+cursor, ""), http.StatusOK)
			for _, r := range p.Items {
				got += " " + r.Name
			}
			if cursor = "&cursor=" + p.Next; p.Next == "" {
				break
			}
		}
		if got != " "+want {
			t.Errorf("%q: got%s, want %s", query, got, want)
		}
	}
	first := read[page[Region]](t, h.as(administrator, "GET", all+"?limit=1&sort=name", ""), http.StatusOK)
	refused(t, h.as(administrator, "GET", all+"?cursor="+first.Next, ""), 422, "cursor_malformed")
}
