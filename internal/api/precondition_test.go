package api

import (
	"net/http"
	"testing"
)

// TestEntityTags goes the way of two people who edit the same thing.
func TestEntityTags(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		for _, path := range []string{
			"/organizations/acme", "/organizations/acme/departments/acme-rd",
			"/organizations/acme/members/" + string(h.acme.other.Member.ID), "/organizations/acme/app-ids/" + h.acme.appID,
			"/provider/app-ids/" + h.sellerApp,
		} {
			t.Run(path, func(t *testing.T) {
				first := h.as(providerToken, "GET", path, "").Header().Get("ETag")
				if w := h.as(providerToken, "GET", path, "", "If-None-Match: \"x\", W/"+first); w.Code != http.StatusNotModified ||
					w.Body.Len() > 0 || w.Header().Get("ETag") != first {
					t.Errorf("read again: %d %q %s", w.Code, w.Header().Get("ETag"), w.Body)
				}
				w := h.as(providerToken, "PATCH", path, `{"name":"First"}`, "If-Match: "+first)
				second := w.Header().Get("ETag")
				if w.Code != http.StatusOK || second == first || second == "" {
					t.Fatalf("first edit: %d %s %s", w.Code, second, w.Body)
				}
				refused(t, h.as(providerToken, "PATCH", path, `{"name":"Second"}`, "If-Match: "+first), 412, "stale")
				refused(t, h.as(providerToken, "PATCH", path, `{"name":"Second"}`, "If-Match: W/"+second), 412, "stale")
				refused(t, h.as(providerToken, "PATCH", path, `{"name":"Second"}`, "If-Match: garbage"), 412, "stale")
				refused(t, h.as(providerToken, "DELETE", path, "", "If-Match: "+first), 412, "stale")
				if w := h.as(providerToken, "GET", path, "", "If-None-Match: "+first); w.Code != http.StatusOK || w.Header().Get("ETag") != second {
					t.Errorf("read after the edit: %d %s", w.Code, w.Header().Get("ETag"))
				}
				for _, match := range []string{"If-Match: " + first + ", " + second, "If-Match: *", "X-Nothing: x"} {
					w := h.as(providerToken, "PATCH", path, `{"name":"Third"}`, match)
					if w.Code != http.StatusOK {
						t.Errorf("%s: %d %s", match, w.Code, w.Body)
					}
				}
			})
		}
	})
}
