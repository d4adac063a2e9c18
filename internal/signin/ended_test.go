package signin

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
)

// told posts what a source tells of the end of a session, as a program does.
func (h *house) told(id identity.SourceID, request string) int {
	h.t.Helper()
	b := h.browser()
	return b.post(sourceAddress(id)+"/logout", url.Values{"logoutRequest": {request}}).status
}

// logoutRequest is what a CAS server posts (CAS Protocol 3.0, 2.3.3).
func logoutRequest(ticket string) string {
	return `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="LR-1" Version="2.0">` +
		`<samlp:SessionIndex>` + ticket + `</samlp:SessionIndex></samlp:LogoutRequest>`
}

// A source ends the session of which it tells, and no other.
func TestSourcesTellOfEnds(t *testing.T) {
	h := newHouse(t)
	cas := func(s *identity.Source) {
		s.Kind, s.Rules = identity.SourceCAS, identity.SourceRules{Strategy: identity.CreateOnly}
		s.Settings = []byte(`{"login_url":"https://cas.example/login","validate_url":"https://cas.example/v"}`)
	}
	corp, twin, silent := h.upstream(h.acme.ID, "corp", cas), h.upstream(h.acme.ID, "twin", cas), h.upstream(h.acme.ID, "silent")
	open := func(s identity.Source, subject, ticket string) string {
		t.Helper()
		in, err := h.o.Directory.SignInBySource(t.Context(), directory.SourceProof{
			Source: s, Profile: identity.Profile{Subject: subject, SessionID: ticket}, Entry: directory.EnterBrowser{},
		})
		if err != nil {
			t.Fatal(err)
		}
		return in.Session.Word
	}
	first, second, twins := open(corp, "a", "ST-1-first"), open(corp, "a", "ST-2-second"), open(twin, "a", "ST-1-first")
	open(silent, "a", "ST-1-first")
	for what, row := range map[string]struct {
		id      identity.SourceID
		request string
		want    int
	}{
		"no request":              {corp.ID, "", http.StatusBadRequest},
		"another document":        {corp.ID, "<html/>", http.StatusBadRequest},
		"an unknown ticket":       {corp.ID, logoutRequest("ST-9-unknown"), http.StatusOK},
		"a source that is silent": {silent.ID, logoutRequest("ST-1-first"), http.StatusBadRequest},
		"no source":               {"src_none", logoutRequest("ST-1-first"), http.StatusBadRequest},
	} {
		if got := h.told(row.id, row.request); got != row.want {
			t.Errorf("%s: status %d, want %d", what, got, row.want)
		}
	}
	lives := func(word string) bool {
		_, err := h.o.Sessions.Check(t.Context(), word)
		return err == nil
	}
	if !lives(first) || !lives(second) {
		t.Fatal("a session ended that nobody named")
	}
	if got := h.told(corp.ID, logoutRequest("ST-1-first")); got != http.StatusOK || lives(first) || !lives(second) || !lives(twins) {
		t.Errorf("status %d, named %v, second %v, twin's %v", got, lives(first), lives(second), lives(twins))
	}
	if a := h.browser().get(sourceAddress(corp.ID) + "/logout"); a.status != http.StatusMethodNotAllowed {
		t.Errorf("by GET: status %d", a.status)
	}
}
