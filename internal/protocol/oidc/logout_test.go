package oidc

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/protocol"
)

// TestLogout is RP-Initiated Logout 1.0, 2 and 3 (attack row 13).
func TestLogout(t *testing.T) {
	h := newHouse(t)
	ours := h.idToken(t, map[string]any{"exp": 1})
	session := h.gate.session.ID
	tests := []struct {
		name    string
		query   url.Values
		to      string
		session identity.SessionID
		app     string
	}{
		{"nothing", url.Values{}, "", "", ""},
		{"state alone", url.Values{"state": {"s"}}, "", "", ""},
		{"hint alone", url.Values{"id_token_hint": {ours}}, "", session, "wiki"},
		{"exit", url.Values{"id_token_hint": {ours}, "post_logout_redirect_uri": {wikiExit}}, wikiExit, session, "wiki"},
		{"exit with state", url.Values{"id_token_hint": {ours}, "post_logout_redirect_uri": {wikiExit}, "state": {"a b"}}, wikiExit + "?state=a+b", session, "wiki"},
		{"exit with client", url.Values{"id_token_hint": {ours}, "client_id": {"wiki"}, "post_logout_redirect_uri": {wikiExit}}, wikiExit, session, "wiki"},
		{"another address", url.Values{"id_token_hint": {ours}, "post_logout_redirect_uri": {"https://evil.example/"}}, "", session, "wiki"},
		{"a query added", url.Values{"id_token_hint": {ours}, "post_logout_redirect_uri": {wikiExit + "?foo=bar"}}, "", session, "wiki"},
		{"no hint", url.Values{"post_logout_redirect_uri": {wikiExit}}, "", "", ""},
		{"client in place of a hint", url.Values{"client_id": {"wiki"}, "post_logout_redirect_uri": {wikiExit}}, "", "", "wiki"},
		{"a stranger's hint", url.Values{"id_token_hint": {newHouse(t).idToken(t, nil)[:40] + "." + ours[41:]}, "post_logout_redirect_uri": {wikiExit}}, "", "", ""},
		{"hint without signature", url.Values{"id_token_hint": {unsigned(ours)}, "client_id": {"wiki"}, "post_logout_redirect_uri": {wikiExit}}, "", "", "wiki"},
		{"hint of an application that is gone", url.Values{"id_token_hint": {h.idToken(t, map[string]any{"aud": "gone"})}, "post_logout_redirect_uri": {wikiExit}}, "", "", ""},
		{"an access token as hint", url.Values{
			"id_token_hint":            {h.sign(t, identity.ES256, protocol.TypAccessToken, map[string]any{"iss": issuer, "sub": "x", "aud": "wiki"})},
			"post_logout_redirect_uri": {wikiExit},
		}, "", "", ""},
		{"sid that is none", url.Values{"id_token_hint": {h.idToken(t, map[string]any{"sid": "x"})}}, "", "", "wiki"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h.gate.left = nil
			h.get(pathLogout, tt.query)
			if len(h.gate.left) != 1 {
				t.Fatal("the Gate was not asked")
			}
			got := h.gate.left[0]
			app := ""
			if got.Application != nil {
				app = got.Application.ClientID
			}
			if got.To != tt.to || got.Session != tt.session || app != tt.app || got.Sure {
				t.Errorf("got %q %q %q, want %q %q %q", got.To, got.Session, app, tt.to, tt.session, tt.app)
			}
		})
	}
}

func TestLogoutRefusals(t *testing.T) {
	h := newHouse(t)
	for name, q := range map[string]url.Values{
		"hint of another application": {"id_token_hint": {h.idToken(t, nil)}, "client_id": {"forum"}},
		"a parameter twice":           {"state": {"a", "b"}},
		"NUL":                         {"state": {"\x00"}},
	} {
		if w := h.get(pathLogout, q); w.Code != http.StatusBadRequest || len(h.gate.left) != 0 {
			t.Errorf("%s: got %d, asked the Gate %d times", name, w.Code, len(h.gate.left))
		}
	}
}

// TestPostedLogout: the post of another site carries no cookie, a GET of our own
// does.
func TestPostedLogout(t *testing.T) {
	h := newHouse(t)
	w := h.post(pathLogout, url.Values{"id_token_hint": {h.idToken(t, nil)}, "post_logout_redirect_uri": {wikiExit}, "client_id": {"wiki"}})
	to := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(to, pathLogout+"?asked=") || len(h.gate.left) != 0 {
		t.Fatalf("got %d %q", w.Code, to)
	}
	h.get(to, nil)
	if len(h.gate.left) != 1 || h.gate.left[0].To != wikiExit {
		t.Errorf("got %+v", h.gate.left)
	}
	if w := h.get(strings.Replace(to, pathLogout, pathAuthorize, 1), nil); w.Code != http.StatusNotFound {
		t.Errorf("at another address: got %d, want 404", w.Code)
	}
}

func TestFurtherLogoutAddress(t *testing.T) {
	h := newHouse(t)
	w := httptest.NewRecorder()
	h.Logout().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/oauth/logout", nil))
	if len(h.gate.left) != 1 {
		t.Errorf("got %d", w.Code)
	}
}

// TestEndSession is Back-Channel Logout 1.0, 2.4 to 2.8.
func TestEndSession(t *testing.T) {
	h := newHouse(t)
	var status int
	var posted url.Values
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		posted, _ = url.ParseQuery(string(body))
		if r.Method != http.MethodPost || r.Header.Get("Content-Type") != formType {
			t.Errorf("got %s %s", r.Method, r.Header.Get("Content-Type"))
		}
		w.WriteHeader(status)
	}))
	defer server.Close()
	h.changeWiki(func(a *identity.Application) { a.OAuth.BackchannelURL = server.URL })
	part := identity.Participation{SessionID: h.gate.session.ID, MemberID: h.gate.session.MemberID, Key: sidOf(h.gate.session.ID)}
	for _, tt := range []struct {
		status         int
		good, hopeless bool
	}{
		{200, true, false},
		{204, true, false},
		{400, false, true},
		{404, false, true},
		{201, false, true},
		{302, false, true},
		{500, false, false},
		{503, false, false},
		{429, false, false},
		{408, false, false},
	} {
		status = tt.status
		answer, err := h.EndSession(t.Context(), h.apps["wiki"], part)
		if (err == nil) != tt.good || errors.Is(err, protocol.ErrHopeless) != tt.hopeless || !strings.HasPrefix(answer, strconv.Itoa(tt.status)) {
			t.Errorf("%d: got %q, %v", tt.status, answer, err)
		}
	}
	claims, typ := h.claimsOf(t, posted.Get("logout_token"))
	want := map[string]any{
		"iss": issuer, "aud": "wiki", "sub": "alice-sub", "sid": part.Key, "iat": float64(moment.Unix()), "exp": float64(moment.Unix() + 120),
		"jti": claims["jti"], "events": map[string]any{logoutEvent: map[string]any{}},
	}
	if typ != "logout+jwt" || claims["jti"] == "" || !reflect.DeepEqual(claims, want) {
		t.Errorf("got %s %v, want %v", typ, claims, want)
	}
	server.Close()
	if _, err := h.EndSession(t.Context(), h.apps["wiki"], part); err == nil || errors.Is(err, protocol.ErrHopeless) {
		t.Errorf("no answer: got %v, want one that is tried again", err)
	}
	h.changeWiki(func(a *identity.Application) { a.OAuth.BackchannelURL = "" })
	if _, err := h.EndSession(t.Context(), h.apps["wiki"], part); !errors.Is(err, protocol.ErrHopeless) {
		t.Errorf("no address: got %v", err)
	}
}

func TestSIDs(t *testing.T) {
	id := identity.SessionIDOf([16]byte{1, 2})
	if got := sessionOf(sidOf(id)); got != id {
		t.Errorf("got %q, want %q", got, id)
	}
	for _, sid := range []string{"", "xx", "0102", strings.Repeat("0", 34)} {
		if got := sessionOf(sid); got != "" {
			t.Errorf("%q: got %q", sid, got)
		}
	}
}
