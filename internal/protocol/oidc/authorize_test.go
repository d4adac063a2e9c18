package oidc

import (
	"crypto/sha256"
	"encoding/base64"
	"maps"
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

// challenge is the PKCE challenge of the verifier "v".
func challenge() string {
	sum := sha256.Sum256([]byte("v"))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// plain is a request that is granted; changes are names and values in turn, ""
// takes a name out.
func plain(changes ...string) url.Values {
	q := url.Values{
		"response_type": {"code"}, "client_id": {"wiki"}, "redirect_uri": {wikiBack}, "scope": {"openid profile"},
		"state": {"st&te=1"}, "nonce": {"n-1"},
	}
	for i := 0; i+1 < len(changes); i += 2 {
		if q.Set(changes[i], changes[i+1]); changes[i+1] == "" {
			q.Del(changes[i])
		}
	}
	return q
}

// back returns what a redirect to the application says; the test fails when
// the answer is none.
func back(t testing.TB, w *httptest.ResponseRecorder, to string) url.Values {
	t.Helper()
	location := w.Header().Get("Location")
	query, ok := strings.CutPrefix(location, to)
	if w.Code != http.StatusFound || !ok {
		t.Fatalf("got %d %q %.200s, want a redirect to %s", w.Code, location, w.Body, to)
	}
	values, err := url.ParseQuery(strings.TrimLeft(query, "?&#"))
	if err != nil {
		t.Fatal(err)
	}
	if values.Get("iss") != issuer {
		t.Errorf("iss: got %q, want %q", values.Get("iss"), issuer)
	}
	if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("the redirect may be kept: %v", w.Header())
	}
	return values
}

func TestAuthorizeGrantsACode(t *testing.T) {
	h := newHouse(t)
	got := back(t, h.get(pathAuthorize, plain("code_challenge", challenge(), "code_challenge_method", "S256", "unknown", "x")), wikiBack)
	if got.Get("state") != "st&te=1" || got.Get("error") != "" || len(got) != 3 {
		t.Errorf("answer: got %v", got)
	}
	a := h.codes.made[got.Get("code")]
	if a.Application.ID != "app_wiki" || a.Nonce != "n-1" || a.RedirectURI != wikiBack || a.Challenge != challenge() ||
		!slices.Equal(a.Scopes, []string{"openid", "profile"}) || a.Key != sidOf(h.gate.session.ID) || a.Session.ID != h.gate.session.ID {
		t.Errorf("authorization: got %+v", a)
	}
	if len(h.tickets.kept) != 0 {
		t.Error("a plain request needs no ticket")
	}
}

// TestAuthorizePages are requests after which nobody may be sent anywhere (RFC
// 6749, 4.1.2.1): the application or its address is not proven.
func TestAuthorizePages(t *testing.T) {
	twice := func(name string) url.Values {
		q := plain()
		q.Add(name, q.Get(name))
		return q
	}
	tests := []struct {
		name   string
		query  url.Values
		status int
	}{
		{"no client", plain("client_id", ""), http.StatusBadRequest},
		{"unknown client", plain("client_id", "nobody"), http.StatusNotFound},
		{"client in other case", plain("client_id", "WIKI"), http.StatusNotFound},
		{"endless client", plain("client_id", strings.Repeat("w", 65)), http.StatusNotFound},
		{"client twice", twice("client_id"), http.StatusBadRequest},
		{"no redirect URI", plain("redirect_uri", ""), http.StatusBadRequest},
		{"redirect URI twice", twice("redirect_uri"), http.StatusBadRequest},
		{"another address", plain("redirect_uri", "https://evil.example/cb"), http.StatusBadRequest},
		{"1 somebody before the host", plain("redirect_uri", "https://wiki.example@evil.example/cb"), http.StatusBadRequest},
		{"1 an escaped at", plain("redirect_uri", "https://wiki.example%40evil.example/cb"), http.StatusBadRequest},
		{"1 a backslash", plain("redirect_uri", `https://evil.example\@wiki.example/cb`), http.StatusBadRequest},
		{"1 a port before an at", plain("redirect_uri", "https://wiki.example:443@evil.example/cb"), http.StatusBadRequest},
		{"4 a neighbour", plain("redirect_uri", wikiBack+"/../cb2"), http.StatusBadRequest},
		{"4 a query added", plain("redirect_uri", wikiBack+"?x=1"), http.StatusBadRequest},
		{"5 a script", plain("redirect_uri", "javascript:alert(1)"), http.StatusBadRequest},
		{"5 a script by form_post", plain("redirect_uri", "javascript:alert(1)", "response_mode", "form_post.jwt"), http.StatusBadRequest},
		{"5 data by fragment", plain("redirect_uri", "data:text/html,x", "response_mode", "fragment"), http.StatusBadRequest},
		{"8 upper case", plain("redirect_uri", "HTTPS://WIKI.EXAMPLE/cb"), http.StatusBadRequest},
		{"8 a loopback look-alike", plain("client_id", "phone", "redirect_uri", "http://127.0.0.1.evil/cb"), http.StatusBadRequest},
		{"2 loopback with somebody", plain("client_id", "phone", "redirect_uri", "http://127.0.0.1:80@evil/cb"), http.StatusBadRequest},
		{"NUL", plain("state", "a\x00b"), http.StatusBadRequest},
		{"broken UTF-8", plain("nonce", "\xff"), http.StatusBadRequest},
		{"too much", plain("state", strings.Repeat("x", maxForm)), http.StatusBadRequest},
		{"a kept request that is not", url.Values{"asked": {"none"}, "client_id": {"wiki"}}, http.StatusNotFound},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			w := h.get(pathAuthorize, tt.query)
			if w.Code != tt.status || w.Header().Get("Location") != "" || !strings.Contains(w.Body.String(), h.story(t).Code) {
				t.Errorf("got %d, to %q, want the page %d", w.Code, w.Header().Get("Location"), tt.status)
			}
			if len(h.gate.demands) != 0 {
				t.Error("the Gate was asked")
			}
		})
	}
}

// TestAuthorizeErrors are told to the application.
func TestAuthorizeErrors(t *testing.T) {
	tests := []struct {
		name, want string
		query      url.Values
	}{
		{"no response type", "invalid_request", plain("response_type", "")},
		{"unknown response type", "unsupported_response_type", plain("response_type", "ticket")},
		{"none", "unsupported_response_type", plain("response_type", "none")},
		{"fragment", "invalid_request", plain("response_mode", "fragment")},
		{"form_post", "invalid_request", plain("response_mode", "form_post")},
		{"request object", "request_not_supported", plain("request", "eyJ")},
		{"request by address", "request_uri_not_supported", plain("request_uri", "https://wiki.example/r")},
		{"prompt none with others", "invalid_request", plain("prompt", "none login")},
		{"max_age that is none", "invalid_request", plain("max_age", "soon")},
		{"negative max_age", "invalid_request", plain("max_age", "-1")},
		{"endless max_age", "invalid_request", plain("max_age", "99999999999999999999")},
		{"plain PKCE", "invalid_request", plain("code_challenge", challenge(), "code_challenge_method", "plain")},
		{"PKCE without method", "invalid_request", plain("code_challenge", challenge())},
		{"method without PKCE", "invalid_request", plain("code_challenge_method", "S256")},
		{"short challenge", "invalid_request", plain("code_challenge", "abc", "code_challenge_method", "S256")},
		{"challenge of other characters", "invalid_request", plain("code_challenge", strings.Repeat("+", 43), "code_challenge_method", "S256")},
		{"no scope that is allowed", "invalid_scope", plain("scope", "admin")},
		{"claims that are no JSON", "invalid_request", plain("claims", "{")},
		{"claims of another shape", "invalid_request", plain("claims", `{"userinfo":[]}`)},
		{"a context that is out of reach", "unmet_authentication_requirements", plain("claims", `{"id_token":{"acr":{"essential":true,"values":["gold"]}}}`)},
		{"a hint that is no token", "invalid_request", plain("id_token_hint", "x.y.z")},
		{"nonce too long", "invalid_request", plain("nonce", strings.Repeat("n", 513))},
		{"silent and not signed in", "login_required", plain("prompt", "none")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.gate.session = identity.Session{}
			got := back(t, h.get(pathAuthorize, tt.query), wikiBack)
			if got.Get("error") != tt.want || got.Get("error_description") == "" || got.Has("code") || got.Get("state") != "st&te=1" {
				t.Errorf("got %v, want %s", got, tt.want)
			}
		})
	}
}

// TestFrontChannelTypes: nobody gets a token from the front, and the error
// stands where the sender looks (attack row 25; RFC 6749, 4.2.2.1).
func TestFrontChannelTypes(t *testing.T) {
	h := newHouse(t)
	for _, kind := range []string{"token", "id_token", "id_token token", "code token", "code id_token", "code id_token token"} {
		got := back(t, h.get(pathAuthorize, plain("response_type", kind)), wikiBack+"#")
		if got.Get("error") != "unauthorized_client" || got.Get("state") == "" || got.Has("code") || got.Has("access_token") {
			t.Errorf("%s: got %v", kind, got)
		}
	}
	if len(h.gate.demands) != 0 {
		t.Error("the Gate was asked")
	}
}

func TestDuplicatesAreRefused(t *testing.T) {
	h := newHouse(t)
	for _, name := range []string{"state", "nonce", "scope", "unknown"} {
		q := plain("unknown", "1")
		q.Add(name, "2")
		got := back(t, h.get(pathAuthorize, q), wikiBack)
		if got.Get("error") != "invalid_request" || !strings.Contains(got.Get("error_description"), name) {
			t.Errorf("%s: got %v", name, got)
		}
	}
	q := plain()
	q["resource"] = []string{"https://a.example", "https://b.example"}
	if got := back(t, h.get(pathAuthorize, q), wikiBack); !got.Has("code") {
		t.Errorf("resource may come twice (RFC 8707, 2): got %v", got)
	}
}

func TestPKCEIsDemanded(t *testing.T) {
	h := newHouse(t)
	public := plain("client_id", "phone", "redirect_uri", "com.example.phone:/cb")
	if got := back(t, h.get(pathAuthorize, public), "com.example.phone:/cb"); got.Get("error") != "invalid_request" {
		t.Errorf("public: got %v", got)
	}
	public.Set("code_challenge", challenge())
	public.Set("code_challenge_method", "S256")
	if got := back(t, h.get(pathAuthorize, public), "com.example.phone:/cb"); !got.Has("code") {
		t.Errorf("public with PKCE: got %v", got)
	}
	public.Set("redirect_uri", "http://127.0.0.1:49152/cb")
	if got := back(t, h.get(pathAuthorize, public), "http://127.0.0.1:49152/cb"); !got.Has("code") {
		t.Errorf("loopback with another port: got %v", got)
	}
	h.changeWiki(func(a *identity.Application) { a.OAuth.RequirePKCE = true })
	if got := back(t, h.get(pathAuthorize, plain()), wikiBack); got.Get("error") != "invalid_request" {
		t.Errorf("required: got %v", got)
	}
}

func TestRedirectKeepsItsQuery(t *testing.T) {
	h := newHouse(t)
	h.changeWiki(func(a *identity.Application) { a.HomeURLs = []string{wikiBack + "?a=%41&b"} })
	if got := back(t, h.get(pathAuthorize, plain("redirect_uri", wikiBack+"?a=%41&b")), wikiBack+"?a=%41&b&"); !got.Has("code") {
		t.Errorf("got %v", got)
	}
}

// TestDemand is what the Gate is asked for.
func TestDemand(t *testing.T) {
	h := newHouse(t)
	h.get(pathAuthorize, plain("prompt", "consent select_account", "login_hint", "alice@acme.example", "domain_hint", "acme.example",
		"ui_locales", "zh-CN en", "acr_values", "gold", "display", "popup", "claims_locales", "fr", "claims", `{"userinfo":{"email":{"essential":true}}}`))
	got := h.gate.last()
	if !got.Ask || !got.Select || got.Silent || got.LoginName != "alice@acme.example" || got.Domain != "acme.example" ||
		!slices.Equal(got.Languages, []string{"zh-CN", "en"}) || got.EndsAt != wikiBack || !slices.Equal(got.Scopes, []string{"openid", "profile", "email"}) {
		t.Errorf("got %+v", got)
	}
	if h.get(pathAuthorize, plain("prompt", "none")); !h.gate.last().Silent {
		t.Error("prompt=none is silent")
	}
}

func TestGateRefusals(t *testing.T) {
	for code, want := range map[fault.Code]string{
		fault.CodeLoginRequired: "login_required", fault.CodeConsentRequired: "consent_required",
		fault.CodeInteractionRequired: "interaction_required", fault.CodeAccessDenied: "access_denied", fault.CodeEntryRefused: "access_denied",
	} {
		h := newHouse(t)
		h.gate.err = fault.New(fault.Forbidden, code)
		if got := back(t, h.get(pathAuthorize, plain("prompt", "none")), wikiBack); got.Get("error") != want {
			t.Errorf("%s: got %v, want %s", code, got, want)
		}
	}
}

// follow goes where a kept request is led.
func (h *house) follow(t testing.TB, w *httptest.ResponseRecorder) *httptest.ResponseRecorder {
	t.Helper()
	to := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(to, pathAuthorize+"?asked=") {
		t.Fatalf("got %d %q, want 303 to the kept request", w.Code, to)
	}
	return h.get(to, nil)
}

func TestPostedRequest(t *testing.T) {
	h := newHouse(t)
	w := h.post(pathAuthorize, plain())
	if len(h.gate.demands) != 0 {
		t.Error("the Gate never sees a POST")
	}
	if got := back(t, h.follow(t, w), wikiBack); !got.Has("code") || got.Get("state") != "st&te=1" {
		t.Errorf("got %v", got)
	}
	if w := h.get(w.Header().Get("Location")+"x", nil); w.Code != http.StatusNotFound {
		t.Errorf("another client's name on a kept request: got %d, want 404", w.Code)
	}
	h.now = h.now.Add(10 * time.Minute)
	if w := h.get(w.Header().Get("Location"), nil); w.Code != http.StatusNotFound {
		t.Errorf("a kept request after its time: got %d, want 404", w.Code)
	}
	r := httptest.NewRequest(http.MethodPost, pathAuthorize, strings.NewReader(`{"client_id":"wiki"}`))
	if w := h.do(r, []string{"Content-Type", "application/json"}); w.Code != http.StatusBadRequest {
		t.Errorf("JSON: got %d, want 400", w.Code)
	}
}

func TestLongRequestIsKept(t *testing.T) {
	h := newHouse(t)
	if got := back(t, h.follow(t, h.get(pathAuthorize, plain("state", strings.Repeat("s", 2000)))), wikiBack); !got.Has("code") {
		t.Errorf("got %v", got)
	}
}

// TestPromptLogin asks again, and lets pass who answered.
func TestPromptLogin(t *testing.T) {
	h := newHouse(t)
	w := h.get(pathAuthorize, plain("prompt", "login"))
	if page := h.follow(t, w); page.Code != http.StatusOK || page.Header().Get("Location") != "" {
		t.Errorf("got %d, want the page of the sign-in", page.Code)
	}
	h.now = h.now.Add(3 * time.Minute)
	h.gate.session.ProvenAt = h.now
	h.now = h.now.Add(time.Minute)
	if got := back(t, h.follow(t, w), wikiBack); !got.Has("code") {
		t.Errorf("after the sign-in: got %v", got)
	}
}

// TestMaxAge: who was proven lately passes at once, others are asked, and the
// age is counted from the first asking.
func TestMaxAge(t *testing.T) {
	h := newHouse(t) // the person was proven ten minutes ago
	if got := back(t, h.get(pathAuthorize, plain("max_age", "10000")), wikiBack); !got.Has("code") || len(h.tickets.kept) != 0 {
		t.Errorf("fresh: got %v", got)
	}
	for _, age := range []string{"0", "1", "599"} {
		w := h.get(pathAuthorize, plain("max_age", age))
		if page := h.follow(t, w); page.Code != http.StatusOK {
			t.Errorf("max_age=%s: got %d, want the page of the sign-in", age, page.Code)
		}
		before := h.gate.session.ProvenAt
		h.gate.session.ProvenAt = h.now.Add(time.Second)
		h.now = h.now.Add(5 * time.Minute)
		if got := back(t, h.follow(t, w), wikiBack); !got.Has("code") {
			t.Errorf("max_age=%s after the sign-in: got %v", age, got)
		}
		h.gate.session.ProvenAt, h.now = before, moment
	}
	if got := back(t, h.get(pathAuthorize, plain("max_age", "1", "prompt", "none")), wikiBack); got.Get("error") != "login_required" {
		t.Errorf("silent: got %v", got)
	}
	h.gate.err = fault.New(fault.Forbidden, fault.CodeConsentRequired)
	h.get(pathAuthorize, plain("max_age", "10000"))
	if h.gate.last().Silent {
		t.Error("where the proof is fresh, what else is to be asked is asked")
	}
}

// TestIDTokenHint names who is meant.
func TestIDTokenHint(t *testing.T) {
	h := newHouse(t)
	ours := h.idToken(t, nil)
	if got := back(t, h.get(pathAuthorize, plain("id_token_hint", ours, "prompt", "none")), wikiBack); !got.Has("code") || h.gate.last().Subject != "alice-sub" {
		t.Errorf("ours: got %v", got)
	}
	h.now = h.now.Add(1000 * time.Hour)
	if got := back(t, h.get(pathAuthorize, plain("id_token_hint", ours)), wikiBack); !got.Has("code") {
		t.Errorf("one that ran out: got %v", got)
	}
	for name, hint := range map[string]string{
		"of another application": h.idToken(t, map[string]any{"aud": "phone"}),
		"of another issuer":      h.idToken(t, map[string]any{"iss": "https://other.example"}),
		"without subject":        h.idToken(t, map[string]any{"sub": ""}),
		"without audience":       h.idToken(t, map[string]any{"aud": []string{}}),
		"audience of number":     h.idToken(t, map[string]any{"aud": 7}),
		"audience null":          h.idToken(t, map[string]any{"aud": nil}),
		"tampered":               ours[:len(ours)-4] + "AAAA",
		"unsigned":               unsigned(ours),
	} {
		if got := back(t, h.get(pathAuthorize, plain("id_token_hint", hint)), wikiBack); got.Get("error") != "invalid_request" {
			t.Errorf("%s: got %v", name, got)
		}
	}
	list := h.idToken(t, map[string]any{"aud": []string{"other", "wiki"}})
	if got := back(t, h.get(pathAuthorize, plain("id_token_hint", list)), wikiBack); !got.Has("code") {
		t.Errorf("a list with the application: got %v", got)
	}
	other := plain("id_token_hint", ours, "claims", `{"id_token":{"sub":{"value":"bob-sub"}}}`)
	if got := back(t, h.get(pathAuthorize, other), wikiBack); got.Get("error") != "invalid_request" {
		t.Errorf("hint and claims of two people: got %v", got)
	}
}

// idToken signs an ID token of wiki's with changes.
func (h *house) idToken(t testing.TB, changes map[string]any) string {
	t.Helper()
	claims := map[string]any{
		"iss": issuer, "sub": "alice-sub", "aud": "wiki", "exp": h.now.Add(time.Hour).Unix(), "iat": h.now.Unix(), "sid": sidOf(h.gate.session.ID),
	}
	maps.Copy(claims, changes)
	return h.sign(t, identity.RS256, typIDToken, claims)
}

// TestOtherTokensAreNoHint: an access token of ours is signed as well.
func TestOtherTokensAreNoHint(t *testing.T) {
	h := newHouse(t)
	claims := map[string]any{"iss": issuer, "sub": "alice-sub", "aud": "wiki"}
	for _, typ := range []string{protocol.TypAccessToken, typLogoutToken, ""} {
		hint := h.sign(t, identity.ES256, typ, claims)
		if got := back(t, h.get(pathAuthorize, plain("id_token_hint", hint)), wikiBack); got.Get("error") != "invalid_request" {
			t.Errorf("%q: got %v", typ, got)
		}
	}
}

func TestClaimsParameterDemandsASubject(t *testing.T) {
	h := newHouse(t)
	h.get(pathAuthorize, plain("claims", `{"id_token":{"sub":{"value":"bob-sub"},"acr":null},"userinfo":{"name":null},"other":{}}`, "prompt", "none"))
	if got := h.gate.last().Subject; got != "bob-sub" {
		t.Errorf("got %q, want bob-sub", got)
	}
}

// FuzzAuthorize: whatever comes, nobody is sent to an address that is not
// registered, and nothing goes wrong inside.
func FuzzAuthorize(f *testing.F) {
	for _, q := range []url.Values{
		plain(), plain("claims", `{"userinfo":{"name":null}}`), plain("prompt", "login"), plain("max_age", "0"), plain("redirect_uri", "https://x"),
		plain("client_id", "phone", "redirect_uri", "http://127.0.0.1:9/cb"),
		{"asked": {"x"}},
		plain("id_token_hint", "a.b.c"),
	} {
		f.Add(q.Encode())
	}
	h := newHouse(f)
	f.Fuzz(func(t *testing.T, query string) {
		r := httptest.NewRequest(http.MethodGet, pathAuthorize, nil)
		r.URL.RawQuery = query
		w := h.do(r, nil)
		if w.Code >= http.StatusInternalServerError {
			t.Fatalf("got %d", w.Code)
		}
		switch to := w.Header().Get("Location"); {
		case to == "", strings.HasPrefix(to, wikiBack+"?"), strings.HasPrefix(to, wikiBack+"#"), strings.HasPrefix(to, pathAuthorize+"?asked="),
			strings.HasPrefix(to, "https://forum.example/cb"), strings.HasPrefix(to, "https://resource.example/cb"), strings.HasPrefix(to, "com.example.phone:/cb"):
		default:
			u, err := url.Parse(to)
			if err != nil || u.Scheme != "http" || u.Hostname() != "127.0.0.1" || u.Path != "/cb" || u.User != nil {
				t.Fatalf("sent to %q", to)
			}
		}
	})
}
