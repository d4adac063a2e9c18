package oidc

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/protocol"
)

// access returns an access token of wiki for scopes.
func (h *house) access(t testing.TB, scope string, more ...string) string {
	t.Helper()
	return object(t, h.redeem(h.code(t, append([]string{"scope", scope}, more...)...)))["access_token"].(string)
}

// ownAccess returns wiki's token for itself.
func (h *house) ownAccess(t testing.TB) string {
	t.Helper()
	w := h.post(pathToken, url.Values{"grant_type": {"client_credentials"}}, "Authorization", basicOf("wiki", wikiSecret))
	return object(t, w)["access_token"].(string)
}

func TestUserInfo(t *testing.T) {
	for name, format := range map[string]identity.TokenFormat{"opaque": identity.Opaque, "JWT": identity.JWT} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.changeWiki(func(a *identity.Application) { a.OAuth.AccessFormat = format })
			token := h.access(t, "openid profile email phone")
			answers := []*httptest.ResponseRecorder{
				h.get(pathUserInfo, nil, "Authorization", "Bearer "+token),
				h.get(pathUserInfo2, nil, "Authorization", "bearer "+token),
				h.post(pathUserInfo, nil, "Authorization", "BEARER "+token),
				h.post(pathUserInfo, url.Values{"access_token": {token}}),
			}
			for i, w := range answers {
				if w.Code != http.StatusOK || w.Header().Get("Access-Control-Allow-Origin") != "*" || w.Body.String() != answers[0].Body.String() {
					t.Fatalf("%d: got %d %s", i, w.Code, w.Body)
				}
			}
			golden(t, "userinfo.json", answers[0].Body.Bytes())
		})
	}
}

// TestUserInfoByScope: each scope opens its claims and no others.
func TestUserInfoByScope(t *testing.T) {
	h := newHouse(t)
	for _, tt := range []struct {
		scope, claims string
		want          []string
	}{
		{"openid", "", []string{"sub", "badge"}},
		{"openid email", "", []string{"sub", "badge", "email", "email_verified"}},
		{"openid phone", "", []string{"sub", "badge", "phone_number", "phone_number_verified"}},
		{"openid", `{"userinfo":{"name":{"essential":true},"email":null,"address":null}}`, []string{"sub", "badge", "name", "email"}},
		{"openid", `{"id_token":{"name":null}}`, []string{"sub", "badge"}},
	} {
		got := object(t, h.get(pathUserInfo, nil, "Authorization", "Bearer "+h.access(t, tt.scope, "claims", tt.claims)))
		if len(got) != len(tt.want) || slices.ContainsFunc(tt.want, func(name string) bool { return got[name] == nil }) {
			t.Errorf("%s %s: got %v, want %v", tt.scope, tt.claims, got, tt.want)
		}
		if got["iss"] != nil || got["sub"] != "alice-sub" {
			t.Errorf("a rule of the application replaced a claim of ours: %v", got)
		}
	}
	h.changeWiki(func(a *identity.Application) { a.OAuth.Scopes = []string{"openid"} })
	token := h.access(t, "openid", "claims", `{"userinfo":{"email":null}}`)
	if got := object(t, h.get(pathUserInfo, nil, "Authorization", "Bearer "+token)); got["email"] != nil {
		t.Errorf("the claims parameter opened what the registration closes: %v", got)
	}
}

func TestWhatIsNotKnownIsLeftOut(t *testing.T) {
	got := map[string]any{}
	release(got, identity.Subject{Name: "Bob"}, []string{"profile", "email", "phone"}, nil)
	if len(got) != 2 || got["name"] != "Bob" || got["role"] != "user" {
		t.Errorf("got %v", got)
	}
}

func TestUserInfoRefusals(t *testing.T) {
	h := newHouse(t)
	token := h.access(t, "openid")
	refresh := object(t, h.redeem(h.code(t)))["refresh_token"].(string)
	bearer := func(token string) *httptest.ResponseRecorder {
		return h.get(pathUserInfo, nil, "Authorization", "Bearer "+token)
	}
	tests := []struct {
		name, code string
		status     int
		w          *httptest.ResponseRecorder
	}{
		{"unknown", "invalid_token", 401, bearer("oga_x")},
		{"a character less", "invalid_token", 401, bearer(token[:len(token)-1])},
		{"a refresh token", "invalid_token", 401, bearer(refresh)},
		{"the application's own", "invalid_token", 401, bearer(h.ownAccess(t))},
		{"without openid", "insufficient_scope", 403, bearer(h.access(t, "profile"))},
		{"in the address", "invalid_request", 400, h.get(pathUserInfo, url.Values{"access_token": {token}})},
		{"twice", "invalid_request", 400, h.post(pathUserInfo, url.Values{"access_token": {token}}, "Authorization", "Bearer "+token)},
		{"twice in the form", "invalid_request", 400, h.post(pathUserInfo, url.Values{"access_token": {token, token}})},
		{"an ID token", "invalid_token", 401, bearer(h.idToken(t, nil))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wantError(t, tt.w, tt.status, tt.code)
			if got := tt.w.Header().Get("WWW-Authenticate"); !strings.HasPrefix(got, `Bearer realm="orgate", error="`+tt.code+`", error_description="`) {
				t.Errorf("challenge: got %q", got)
			}
		})
	}
	for _, header := range []string{"", "Basic eDp5"} {
		w := h.get(pathUserInfo, nil, "Authorization", header)
		if got := w.Header().Get("WWW-Authenticate"); w.Code != 401 || got != `Bearer realm="orgate"` || strings.Contains(w.Body.String(), "error") {
			t.Errorf("without a token: got %d %q %s (RFC 6750, 3.1)", w.Code, got, w.Body)
		}
	}
	h.people.err = fault.New(fault.NotFound, fault.CodeMemberNotFound)
	wantError(t, bearer(token), 401, "invalid_token")
	h.people.err = errors.New("broken")
	wantError(t, bearer(token), 500, "server_error")
}

// TestJWTRefusals: nothing but our own access tokens counts (attack rows 41, 42
// and 46).
func TestJWTRefusals(t *testing.T) {
	h := newHouse(t)
	h.changeWiki(func(a *identity.Application) { a.OAuth.AccessFormat = identity.JWT })
	good := h.access(t, "openid")
	claims, _ := h.claimsOf(t, good)
	changed := func(name string, value any) string {
		c := map[string]any{}
		for k, v := range claims {
			c[k] = v
		}
		c[name] = value
		return h.sign(t, identity.ES256, protocol.TypAccessToken, c)
	}
	for name, token := range map[string]string{
		"another issuer": changed("iss", "https://other.example"), "expired": changed("exp", h.now.Unix()), "no end": changed("exp", 0),
		"an end of text": changed("exp", "soon"), "another grant": changed("jti", "gra_x.1"), "no id": changed("jti", ""),
		"an ID token": h.sign(t, identity.ES256, typIDToken, claims), "a logout token": h.sign(t, identity.ES256, typLogoutToken, claims),
		"unsigned": unsigned(good), "tampered": good[:len(good)-6] + "AAAAAA", "endless": good + strings.Repeat("A", maxToken),
		"another application's generation": changed("orgate_generation", 7),
	} {
		if w := h.get(pathUserInfo, nil, "Authorization", "Bearer "+token); w.Code != http.StatusUnauthorized {
			t.Errorf("%s: got %d %s", name, w.Code, w.Body)
		}
	}
	h.grants.revoked = append(h.grants.revoked, identity.GrantIDOf([16]byte{9}))
	if w := h.get(pathUserInfo, nil, "Authorization", "Bearer "+good); w.Code != http.StatusUnauthorized {
		t.Errorf("of a grant that was ended: got %d", w.Code)
	}
}

func TestIntrospection(t *testing.T) {
	h := newHouse(t)
	h.changeWiki(func(a *identity.Application) { a.OAuth.Introspectors = []string{"resource"} })
	tokens := object(t, h.redeem(h.code(t)))
	ask := func(token, clientID string) map[string]any {
		w := h.post(pathIntrospect, url.Values{"token": {token}, "token_type_hint": {"nonsense"}}, "Authorization", basicOf(clientID, wikiSecret))
		if w.Code != http.StatusOK || w.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("got %d %v", w.Code, w.Header())
		}
		return object(t, w)
	}
	for _, who := range []string{"wiki", "resource"} {
		got := ask(tokens["access_token"].(string), who)
		want := map[string]any{
			"active": true, "scope": "openid profile", "client_id": "wiki", "token_type": "Bearer", "sub": "alice-sub", "iss": issuer,
			"exp": float64(moment.Add(2 * time.Hour).Unix()), "iat": float64(moment.Unix()),
			"auth_time": float64(moment.Add(-10 * time.Minute).Unix()), "acr": protocol.OneProof,
		}
		for name, value := range want {
			if got[name] != value {
				t.Errorf("%s: %s: got %v, want %v", who, name, got[name], value)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: got %v", who, got)
		}
	}
	if got := ask(tokens["refresh_token"].(string), "wiki"); got["active"] != true || got["token_type"] != nil {
		t.Errorf("refresh token: got %v", got)
	}
	if got := ask(h.ownAccess(t), "wiki"); got["sub"] != "wiki" || got["auth_time"] != nil {
		t.Errorf("the application's own: got %v", got)
	}
	for name, got := range map[string]map[string]any{
		"another application": ask(tokens["access_token"].(string), "forum"), "unknown": ask("oga_x", "wiki"), "nonsense": ask("a.b.c", "wiki"),
	} {
		if len(got) != 1 || got["active"] != false {
			t.Errorf("%s: got %v, want nothing but active:false", name, got)
		}
	}
}

func TestIntrospectionOfJWTs(t *testing.T) {
	h := newHouse(t)
	h.changeWiki(func(a *identity.Application) { a.OAuth.AccessFormat = identity.JWT })
	ask := func(token string) map[string]any {
		return object(t, h.post(pathIntrospect, url.Values{"token": {token}}, "Authorization", basicOf("wiki", wikiSecret)))
	}
	if got := ask(h.access(t, "openid")); got["active"] != true || got["token_type"] != "Bearer" || got["jti"] == nil || got["aud"] == nil {
		t.Errorf("got %v", got)
	}
	own := h.ownAccess(t)
	if got := ask(own); got["active"] != true || got["sub"] != "wiki" || got["scope"] != "reports" {
		t.Errorf("the application's own: got %v", got)
	}
	h.changeWiki(func(a *identity.Application) { a.Generation++ })
	if got := ask(own); got["active"] != false {
		t.Errorf("of an earlier generation: got %v", got)
	}
}

func TestIntrospectionRefusals(t *testing.T) {
	h := newHouse(t)
	wantError(t, h.post(pathIntrospect, url.Values{"token": {"x"}}), 400, "invalid_request")
	wantError(t, h.post(pathIntrospect, url.Values{"token": {"x"}, "client_id": {"phone"}}), 400, "invalid_client")
	wantError(t, h.post(pathIntrospect, url.Values{}, "Authorization", basicOf("wiki", wikiSecret)), 400, "invalid_request")
	h.grants.err = fault.New(fault.Unavailable, fault.CodeUnavailable)
	wantError(t, h.post(pathIntrospect, url.Values{"token": {"x"}}, "Authorization", basicOf("wiki", wikiSecret)), 503, "temporarily_unavailable")
}

func TestRevocation(t *testing.T) {
	h := newHouse(t)
	revoke := func(token, clientID string) *httptest.ResponseRecorder {
		return h.post(pathRevoke, url.Values{"token": {token}, "token_type_hint": {"access_token"}}, "Authorization", basicOf(clientID, wikiSecret))
	}
	tokens := object(t, h.redeem(h.code(t)))
	for _, name := range []string{"access_token", "refresh_token"} {
		if w := revoke(tokens[name].(string), "wiki"); w.Code != http.StatusOK || w.Body.Len() != 0 {
			t.Errorf("%s: got %d %s", name, w.Code, w.Body)
		}
	}
	if len(h.grants.revoked) != 2 {
		t.Errorf("got %v revoked, want the grant by each of its tokens", h.grants.revoked)
	}
	for _, token := range []string{"oga_unknown", "a.b.c", "x"} {
		if w := revoke(token, "wiki"); w.Code != http.StatusOK {
			t.Errorf("%s: got %d, want 200 (RFC 7009, 2.2)", token, w.Code)
		}
	}
	wantError(t, revoke(tokens["access_token"].(string), "forum"), 400, "unauthorized_client")
	wantError(t, revoke("", "wiki"), 400, "invalid_request")
	h.changeWiki(func(a *identity.Application) { a.OAuth.AccessFormat = identity.JWT })
	wantError(t, revoke(h.ownAccess(t), "wiki"), 400, "unsupported_token_type")
	if len(h.grants.revoked) != 2 {
		t.Errorf("got %v revoked", h.grants.revoked)
	}
}

// TestRevocationFails: a token that lives on is never told to be ended (attack
// row 29).
func TestRevocationFails(t *testing.T) {
	h := newHouse(t)
	token := h.access(t, "openid")
	h.grants.err = errors.New("the disk is full")
	for _, token := range []string{token, "oga_unknown"} {
		w := h.post(pathRevoke, url.Values{"token": {token}}, "Authorization", basicOf("wiki", wikiSecret))
		wantError(t, w, 503, "temporarily_unavailable")
	}
}

func TestPublicApplicationRevokes(t *testing.T) {
	h := newHouse(t)
	if w := h.post(pathRevoke, url.Values{"token": {"x"}, "client_id": {"phone"}}); w.Code != http.StatusOK {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}
