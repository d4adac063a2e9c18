package e2e_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/orgate/orgate/e2e/harness"
)

// TestOIDCConformanceRPInitiatedLogout is the plan
// oidcc-rp-initiated-logout-certification-test-plan.
func TestOIDCConformanceRPInitiatedLogout(t *testing.T) {
	p := newParty(t, "")
	t.Run("OIDCCRpInitiatedLogoutDiscoveryEndpointVerification", func(t *testing.T) {
		var d map[string]any
		p.n.Do(t, harness.Call{Path: "/.well-known/openid-configuration"}).Into(t, &d)
		if d["end_session_endpoint"] != p.n.URL+"/oauth2/logout" {
			t.Errorf("got %v", d["end_session_endpoint"])
		}
	})
	modified := func(hint string) string {
		parts := strings.Split(hint, ".")
		return "eyJhbGciOiJub25lIn0." + parts[1] + "."
	}
	stranger := func(hint string) string {
		parts := strings.Split(hint, ".")
		return parts[0] + "." + parts[1] + "." + strings.Repeat("A", len(parts[2]))
	}
	for _, module := range []struct {
		name string
		ask  func(hint string) url.Values
		to   string // "" stays with us
		asks bool   // whether the person is asked first
	}{
		{"OIDCCRpInitiatedLogout", func(hint string) url.Values {
			return url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {rpExit}, "state": {rpState}}
		}, rpExit + "?" + url.Values{"state": {rpState}}.Encode(), false},
		{"OIDCCRpInitiatedLogoutNoState", func(hint string) url.Values {
			return url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {rpExit}}
		}, rpExit, false},
		{"OIDCCRpInitiatedLogoutBadLogoutRedirectUri", func(hint string) url.Values {
			return url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {"https://rp.example/evil"}}
		}, "", false},
		{"OIDCCRpInitiatedLogoutQueryAddedToLogoutRedirectUri", func(hint string) url.Values {
			return url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {rpExit + "?foo=bar"}}
		}, "", false},
		{"OIDCCRpInitiatedLogoutModifiedIdTokenHint", func(hint string) url.Values {
			return url.Values{"id_token_hint": {modified(hint)}, "post_logout_redirect_uri": {rpExit}}
		}, "", true},
		{"OIDCCRpInitiatedLogoutBadIdTokenHint", func(hint string) url.Values {
			return url.Values{"id_token_hint": {stranger(hint)}, "post_logout_redirect_uri": {rpExit}}
		}, "", true},
		{"OIDCCRpInitiatedLogoutNoIdTokenHint", func(string) url.Values {
			return url.Values{"post_logout_redirect_uri": {rpExit}}
		}, "", true},
		{"OIDCCRpInitiatedLogoutNoParams", func(string) url.Values { return nil }, "", true},
		{"OIDCCRpInitiatedLogoutNoPostLogoutRedirectUri", func(hint string) url.Values {
			return url.Values{"id_token_hint": {hint}}
		}, "", false},
		{"OIDCCRpInitiatedLogoutOnlyState", func(string) url.Values { return url.Values{"state": {rpState}} }, "", true},
	} {
		t.Run(module.name, func(t *testing.T) {
			b, _, said := p.login(t)
			page := b.Open(t, p.n.URL+"/oauth2/logout?"+module.ask(said.IDToken).Encode())
			if module.asks {
				failed := p.open(t, b, "prompt", "none")
				if !p.answer(t, failed).Has("code") {
					t.Error("signed out before the person was asked")
				}
				page = b.Fill(t, page, signOutForm(t, page), "", nil)
			}
			if stays := page.Status != 0; stays != (module.to == "") || !stays && page.URL.String() != module.to {
				t.Errorf("got %d at %s, want %q", page.Status, page.URL, module.to)
			}
			if module.to == "" && page.Status != http.StatusOK {
				t.Errorf("got %d, want a page of ours", page.Status)
			}
			failed(t, p.answer(t, p.open(t, b, "prompt", "none")), "login_required", "interaction_required")
		})
	}
}

// signOutForm is the form of a page that signs out.
func signOutForm(t *testing.T, page harness.Page) int {
	t.Helper()
	for i, f := range page.Forms {
		if f.Method == http.MethodPost && strings.Contains(f.Action, "logout") {
			return i
		}
	}
	t.Fatalf("%s does not ask whether to sign out (%d):\n%.2000s", page.URL, page.Status, page.Text)
	return 0
}

// listener is the back-channel address of an application.
type listener struct {
	url  string
	mu   sync.Mutex
	said []string // logout tokens
}

func newListener(t *testing.T) *listener {
	t.Helper()
	l := &listener{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm() // an unreadable form has no token
		l.mu.Lock()
		defer l.mu.Unlock()
		l.said = append(l.said, r.PostForm.Get("logout_token"))
		w.WriteHeader(http.StatusOK)
	}))
	t.Cleanup(server.Close)
	l.url = server.URL + "/backchannel"
	return l
}

func (l *listener) tokens() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.said...)
}

// TestOIDCConformanceBackchannelLogout is the plan
// oidcc-backchannel-rp-initiated-logout-certification-test-plan.
func TestOIDCConformanceBackchannelLogout(t *testing.T) {
	l := newListener(t)
	p := newParty(t, l.url)
	t.Run("OIDCCBackchannelLogoutDiscoveryEndpointVerification", func(t *testing.T) {
		var d map[string]any
		p.n.Do(t, harness.Call{Path: "/.well-known/openid-configuration"}).Into(t, &d)
		if d["backchannel_logout_supported"] != true || d["backchannel_logout_session_supported"] != true || d["end_session_endpoint"] == nil {
			t.Errorf("got %v", d)
		}
	})
	t.Run("OIDCCBackChannelRpInitiatedLogout", func(t *testing.T) {
		b, claims, said := p.login(t)
		page := b.Open(t, p.n.URL+"/oauth2/logout?"+url.Values{"id_token_hint": {said.IDToken}, "post_logout_redirect_uri": {rpExit}}.Encode())
		if page.Status != 0 || page.URL.String() != rpExit {
			t.Errorf("got %d at %s, want %s", page.Status, page.URL, rpExit)
		}
		harness.Until(t, 10*time.Second, "a logout token", func() bool { return len(l.tokens()) > 0 })
		verified, err := p.provider.Verifier(&oidc.Config{ClientID: rpClient}).Verify(t.Context(), l.tokens()[0])
		if err != nil {
			t.Fatalf("logout token: %v", err)
		}
		var told struct {
			Subject string         `json:"sub"`
			Session string         `json:"sid"`
			ID      string         `json:"jti"`
			Nonce   *string        `json:"nonce"`
			Events  map[string]any `json:"events"`
		}
		if err := verified.Claims(&told); err != nil {
			t.Fatal(err)
		}
		if told.Session != claims["sid"] || told.Subject != claims["sub"] || told.ID == "" || told.Nonce != nil ||
			told.Events["http://schemas.openid.net/event/backchannel-logout"] == nil {
			t.Errorf("got %+v, want sid %v and sub %v", told, claims["sid"], claims["sub"])
		}
		failed(t, p.answer(t, p.open(t, b, "prompt", "none")), "login_required")
	})
}
