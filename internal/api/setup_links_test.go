package api

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/source"
)

// TestSetupLinkLife makes a link, has it filled in, and approves it.
func TestSetupLinkLife(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.clock.Advance(time.Minute) // that of the house is older
		one := "/organizations/acme/sources/" + h.acme.source
		made := read[AddedSetupLink](t, h.as(administrator, "POST", one+"/setup-links", `{"for":"root@partner.example","life":7200}`), http.StatusCreated)
		secret, ours := strings.CutPrefix(made.URL, "https://id.example:8443/connect/")
		if !ours || made.State != "waiting" || made.For != "root@partner.example" || made.EndsAt.Sub(made.CreatedAt).Hours() != 2 || made.Source != h.acme.source {
			t.Fatalf("got %+v", made)
		}
		refused(t, h.as(administrator, "POST", one+"/setup-links", `{"life":60}`), 422, "field_range")
		link := "/organizations/acme/setup-links/" + made.ID
		refused(t, h.as(administrator, "POST", link+"/approve", ""), http.StatusConflict, "setup_link_state")
		h.submits(secret, made.ID)
		shown := h.as(administrator, "GET", link, "")
		sub := read[SubmittedSetupLink](t, shown, http.StatusOK)
		if sub.State != "submitted" || sub.SubmittedAt == nil || len(sub.Secrets) != 1 || strings.Contains(shown.Body.String(), "a secret of theirs") {
			t.Errorf("got %s", shown.Body)
		}
		read[any](t, h.as(administrator, "POST", link+"/approve", ""), http.StatusNoContent)
		in := read[Source](t, h.as(administrator, "GET", one, ""), http.StatusOK)
		if in.Settings.ClientID == nil || *in.Settings.ClientID != "gate" {
			t.Errorf("in force: %+v", in)
		}
		all := read[collection[SetupLink]](t, h.as(administrator, "GET", "/organizations/acme/setup-links", ""), http.StatusOK).Items
		if len(all) != 2 || all[0].State != "approved" || all[0].DecidedAt == nil {
			t.Errorf("got %+v", all)
		}
		refused(t, h.as(administrator, "DELETE", link, ""), http.StatusConflict, "setup_link_state")
		read[any](t, h.as(administrator, "DELETE", "/organizations/acme/setup-links/"+h.acme.setupLink, ""), http.StatusNoContent)
	})
}

// submits fills a link in as the other side does.
func (h *house) submits(secret, id string) {
	h.t.Helper()
	ctx := h.t.Context()
	word := must(h.o.Sources.OpenSetupLink(ctx, origin, secret))(h.t)
	guest := must(h.o.Sources.SetupGuest(ctx, origin, word))(h.t)
	values := source.Values{
		"authorize_url": "https://p.example/a", "token_url": "https://p.example/t", "userinfo_url": "https://p.example/u",
		"client_id": "gate", "client_secret": "a secret of theirs",
	}
	link := identity.SetupLinkID(id)
	if err := h.o.Sources.FillIn(ctx, guest, link, values, ""); err != nil {
		h.t.Fatal(err)
	}
	if err := h.o.Sources.Submit(ctx, guest, link); err != nil {
		h.t.Fatal(err)
	}
}
