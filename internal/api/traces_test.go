package api

import (
	"net/http"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// TestTracesOfAnApplication reads the stories about one application, by either of
// its names.
func TestTracesOfAnApplication(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		wiki := must(h.o.Applications.Application(t.Context(), console(), h.acme.organization.ID, h.acme.application))(t)
		story := h.o.Traces.Begin(trace.Authorizing, identity.Origin{RequestID: "entry"})
		story.AboutApplication(wiki)
		story.End(trace.Succeeded)
		h.o.Traces.Keep(story)
		must(0, h.o.Traces.Flush(t.Context()))(t)
		of := func(query string) []Trace {
			return read[page[Trace]](t, h.as(administrator, "GET", "/organizations/acme/traces?"+query, ""), http.StatusOK).Items
		}
		if all := of(""); len(all) != 2 {
			t.Errorf("there are %d stories", len(all))
		}
		for _, query := range []string{"client_id=" + wiki.ClientID, "application=" + string(wiki.ID)} {
			if got := of(query); len(got) != 1 || got[0].Code != story.Code() || got[0].ApplicationID != string(wiki.ID) {
				t.Errorf("%s: got %+v", query, got)
			}
		}
		refused(t, h.as(administrator, "GET", "/organizations/acme/traces?client_id="+h.beta.application, ""), http.StatusNotFound, "application_not_found")
	})
}
