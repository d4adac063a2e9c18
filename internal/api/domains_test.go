package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/source"
)

// TestDomainLife adds a domain, looks for its record, leads it to a source, and
// removes it.
func TestDomainLife(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		const all = "/organizations/acme/domains"
		d := read[Domain](t, h.as(administrator, "POST", all, `{"name":"Partner.Example."}`), http.StatusCreated)
		if d.Name != "partner.example" || d.Proven || !strings.HasPrefix(d.Record, "orgate-verification=") {
			t.Fatalf("got %+v", d)
		}
		if again := read[Domain](t, h.as(administrator, "POST", all, `{"name":"partner.example"}`), http.StatusCreated); again != d {
			t.Errorf("added again: %+v, want %+v", again, d)
		}
		refused(t, h.as(administrator, "POST", all, `{"name":"partner"}`), 422, "field_format")
		one := all + "/partner.example"
		refused(t, h.as(administrator, "POST", one+"/verify", ""), http.StatusConflict, "domain_unproven")
		refused(t, h.as(administrator, "PATCH", one, `{"source":"src_x"}`), http.StatusNotFound, "source_not_found")
		if err := h.o.Sources.SetSSO(t.Context(), console(), h.acme.organization.ID, 0, source.SSOChange{Scope: new("openid")}); err != nil {
			t.Fatal(err)
		}
		led := read[Domain](t, h.as(administrator, "PATCH", one, `{"source":"`+string(identity.SSOSourceID(h.acme.organization.ID))+`"}`), http.StatusOK)
		if led.Source != string(identity.SSOSourceID(h.acme.organization.ID)) {
			t.Errorf("got %+v", led)
		}
		if items := read[collection[Domain]](t, h.as(administrator, "GET", all, ""), http.StatusOK).Items; len(items) != 2 || items[1] != led {
			t.Errorf("got %+v, want %+v besides that of the house", items, led)
		}
		read[any](t, h.as(administrator, "DELETE", one, ""), http.StatusNoContent)
		refused(t, h.as(administrator, "DELETE", one, ""), http.StatusNotFound, "domain_not_found")
	})
}
