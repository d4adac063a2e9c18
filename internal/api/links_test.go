package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// guest lets somebody in whom a source of the estate alone knows.
func (h *house) guest(e estate) identity.Person {
	h.t.Helper()
	now := h.clock.Now()
	s := identity.Source{
		ID: identity.NewSourceID(now), OrganizationID: e.organization.ID, Kind: identity.SourceOIDC, Name: "partners", Enabled: true, Settings: []byte("{}"),
		Rules: identity.SourceRules{Strategy: identity.CreateOnly}, CreatedAt: now, UpdatedAt: now,
	}
	must(0, h.db.Update(h.t.Context(), func(tx *store.Tx) error {
		tx.NoEvent("a test arranges things")
		return tx.Sources.Add(s)
	}))(h.t)
	proof := directory.SourceProof{Source: s, Profile: identity.Profile{Subject: "p-1"}, Entry: directory.EnterBrowser{}}
	return must(h.o.Directory.SignInBySource(h.t.Context(), proof))(h.t).Person
}

// Guests are listed with their source, apart from members (OrgID, A.5).
func TestGuestsAreListedWithTheirSource(t *testing.T) {
	h := newHouse(t)
	p := h.guest(h.acme)
	people := "/organizations/acme/members"
	w := h.as(administrator, http.MethodGet, people+"?kind=guest", "")
	for _, want := range []string{`"kind":"guest"`, `"source_name":"partners"`, `"subject":"p-1"`, string(p.Member.ID)} {
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("guests: %d without %s: %s", w.Code, want, w.Body)
		}
	}
	if w := h.as(administrator, http.MethodGet, people+"?kind=member", ""); strings.Contains(w.Body.String(), "guest") || strings.Contains(w.Body.String(), `"links"`) {
		t.Errorf("members: %s", w.Body)
	}
	one := people + "/" + string(p.Member.ID)
	if w := h.as(administrator, http.MethodGet, one, ""); !strings.Contains(w.Body.String(), `"subject":"p-1"`) {
		t.Errorf("the guest: %s", w.Body)
	}
	links := one + "/links"
	if w := h.as(administrator, http.MethodGet, links, ""); !strings.Contains(w.Body.String(), `"last":true`) {
		t.Errorf("links: %s", w.Body)
	}
	for _, row := range []struct {
		link   string
		status int
		code   string
	}{
		{"src_none", http.StatusNotFound, "link_not_found"},
		{h.linkOf(p), http.StatusConflict, "link_last"},
	} {
		if w := h.as(administrator, http.MethodDelete, links+"/"+row.link, ""); w.Code != row.status || !strings.Contains(w.Body.String(), row.code) {
			t.Errorf("remove %s: %d %s", row.link, w.Code, w.Body)
		}
	}
	if w := h.as(theOwner, http.MethodPost, one+"/role", `{"role":"administrator"}`); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "member_guest") {
		t.Errorf("another role: %d %s", w.Code, w.Body)
	}
}

func (h *house) linkOf(p identity.Person) string {
	h.t.Helper()
	links := must(h.o.Directory.Links(h.t.Context(), console(), p.Member.OrganizationID, p.Member.ID))(h.t)
	return string(links[0].SourceID)
}
