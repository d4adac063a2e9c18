package e2e_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"

	"github.com/orgate/orgate/e2e/harness"
)

var rpLogoutPlan = []module{
	{"OIDCCRpInitiatedLogoutDiscoveryEndpointVerification", logoutDiscovery},
	{"OIDCCRpInitiatedLogout", leads(rpExit+"?"+url.Values{"state": {rpState}}.Encode(), func(_ *testing.T, hint string) url.Values {
		return url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {rpExit}, "state": {rpState}}
	})},
	{"OIDCCRpInitiatedLogoutNoState", leads(rpExit, func(_ *testing.T, hint string) url.Values {
		return url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {rpExit}}
	})},
	{"OIDCCRpInitiatedLogoutBadLogoutRedirectUri", leads("", func(_ *testing.T, hint string) url.Values {
		return url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {"https://rp.example/evil"}}
	})},
	{"OIDCCRpInitiatedLogoutQueryAddedToLogoutRedirectUri", leads("", func(_ *testing.T, hint string) url.Values {
		return url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {rpExit + "?foo=bar"}}
	})},
	{"OIDCCRpInitiatedLogoutModifiedIdTokenHint", asksFirst(func(_ *testing.T, hint string) url.Values {
		return url.Values{"id_token_hint": {unsignedHint(hint)}, "post_logout_redirect_uri": {rpExit}}
	})},
	{"OIDCCRpInitiatedLogoutBadIdTokenHint", asksFirst(func(t *testing.T, hint string) url.Values {
		return url.Values{"id_token_hint": {strangersHint(t, hint)}, "post_logout_redirect_uri": {rpExit}}
	})},
	{"OIDCCRpInitiatedLogoutNoIdTokenHint", asksFirst(func(*testing.T, string) url.Values {
		return url.Values{"post_logout_redirect_uri": {rpExit}}
	})},
	{"OIDCCRpInitiatedLogoutNoParams", asksFirst(func(*testing.T, string) url.Values { return nil })},
	{"OIDCCRpInitiatedLogoutNoPostLogoutRedirectUri", leads("", func(_ *testing.T, hint string) url.Values {
		return url.Values{"id_token_hint": {hint}}
	})},
	{"OIDCCRpInitiatedLogoutOnlyState", asksFirst(func(*testing.T, string) url.Values { return url.Values{"state": {rpState}} })},
}

func logoutDiscovery(t *testing.T, p party) {
	if got := p.discovery(t)["end_session_endpoint"]; got != p.n.URL+"/oauth2/logout" {
		t.Errorf("got %v", got)
	}
}

// unsignedHint is a hint as if it had been signed by nobody.
func unsignedHint(hint string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + strings.Split(hint, ".")[1] + "."
}

// strangersHint is what a hint says, signed by a key that is not ours under the
// name of one that is.
func strangersHint(t *testing.T, hint string) string {
	t.Helper()
	ours, err := jose.ParseSignedCompact(hint, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		t.Fatal(err)
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: ours.Signatures[0].Protected.KeyID}},
		(&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(ours.UnsafePayloadWithoutVerification())
	if err != nil {
		t.Fatal(err)
	}
	compact, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return compact
}

// leads is a sign-out without a question that ends at an address, or at a page
// of ours when to is "". Afterwards nobody is signed in.
func leads(to string, ask func(t *testing.T, hint string) url.Values) func(*testing.T, party) {
	return func(t *testing.T, p party) {
		b, _, said := p.login(t)
		page := b.Open(t, p.n.URL+"/oauth2/logout?"+ask(t, said.IDToken).Encode())
		if to == "" {
			p.goodbye(t, page)
		} else if page.Status != 0 || page.URL.String() != to {
			t.Errorf("got %d at %s, want %s", page.Status, page.URL, to)
		}
		failed(t, p.answer(t, p.open(t, b, "prompt", "none")), "login_required", "interaction_required")
	}
}

// asksFirst is a sign-out to which the person has to agree; it ends at a page of
// ours, and only then nobody is signed in.
func asksFirst(ask func(t *testing.T, hint string) url.Values) func(*testing.T, party) {
	return func(t *testing.T, p party) {
		b, _, said := p.login(t)
		page := b.Open(t, p.n.URL+"/oauth2/logout?"+ask(t, said.IDToken).Encode())
		if !p.answer(t, p.open(t, b, "prompt", "none")).Has("code") {
			t.Error("signed out before the person was asked")
		}
		p.goodbye(t, b.Fill(t, page, signOutForm(t, page), "", nil))
		failed(t, p.answer(t, p.open(t, b, "prompt", "none")), "login_required", "interaction_required")
	}
}

// goodbye requires a page of ours.
func (p party) goodbye(t *testing.T, page harness.Page) {
	t.Helper()
	if page.Status != http.StatusOK || page.URL.Host != p.n.Host() {
		t.Errorf("got %d at %s, want a page of ours", page.Status, page.URL)
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
		if r.Method == http.MethodPost && r.Header.Get("Content-Type") == "application/x-www-form-urlencoded" {
			l.said = append(l.said, r.PostForm.Get("logout_token"))
		}
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

var backchannelPlan = []module{
	{"OIDCCBackchannelLogoutDiscoveryEndpointVerification", backchannelDiscovery},
	{"OIDCCBackChannelRpInitiatedLogout", backchannelLogout},
}

func backchannelDiscovery(t *testing.T, p party) {
	logoutDiscovery(t, p)
	d := p.discovery(t)
	if d["backchannel_logout_supported"] != true || d["backchannel_logout_session_supported"] != true {
		t.Errorf("got %v", d)
	}
}

// logoutClaims are those of a logout token (Back-Channel Logout 1.0, 2.4).
type logoutClaims struct {
	Subject string                    `json:"sub"`
	Session string                    `json:"sid"`
	ID      string                    `json:"jti"`
	Nonce   *string                   `json:"nonce"`
	Events  map[string]map[string]any `json:"events"`
}

func backchannelLogout(t *testing.T, p party) {
	b, claims, said := p.login(t)
	page := b.Open(t, p.n.URL+"/oauth2/logout?"+url.Values{"id_token_hint": {said.IDToken}, "post_logout_redirect_uri": {rpExit}}.Encode())
	if page.Status != 0 || page.URL.String() != rpExit {
		t.Errorf("got %d at %s, want %s", page.Status, page.URL, rpExit)
	}
	var token *oidc.IDToken
	var told logoutClaims
	// The listener heard of the ends of other sessions before.
	harness.Until(t, 10*time.Second, "a logout token for the session", func() bool {
		for _, word := range p.ends.tokens() {
			token, told = p.logoutToken(t, word)
			if told.Session == claims["sid"] {
				return true
			}
		}
		return false
	})
	event, ok := told.Events["http://schemas.openid.net/event/backchannel-logout"]
	if told.Subject != claims["sub"] || told.ID == "" || told.Nonce != nil || !ok || len(told.Events) != 1 || len(event) != 0 {
		t.Errorf("got %+v, want sub %v", told, claims["sub"])
	}
	if age := time.Since(token.IssuedAt); age < -time.Minute || age > time.Minute {
		t.Errorf("iat: got %s", token.IssuedAt)
	}
	failed(t, p.answer(t, p.open(t, b, "prompt", "none")), "login_required", "interaction_required")
}

// logoutToken verifies a logout token: issuer, audience, times and signature.
func (p party) logoutToken(t *testing.T, word string) (*oidc.IDToken, logoutClaims) {
	t.Helper()
	var told logoutClaims
	token, err := p.provider.Verifier(&oidc.Config{ClientID: rpClient}).Verify(t.Context(), word)
	if err == nil {
		err = token.Claims(&told)
	}
	if err != nil {
		t.Fatalf("logout token: %v", err)
	}
	return token, told
}
