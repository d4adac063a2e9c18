package oidc

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/protocol"
)

// basicOf is the header of client_secret_basic (RFC 6749, 2.3.1).
func basicOf(clientID, secret string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(clientID)+":"+url.QueryEscape(secret)))
}

// code walks the authorization endpoint and returns the code.
func (h *house) code(t testing.TB, changes ...string) string {
	t.Helper()
	q := plain(changes...)
	return back(t, h.get(pathAuthorize, q), q.Get("redirect_uri")).Get("code")
}

// redeem redeems a code as wiki does.
func (h *house) redeem(code string) *httptest.ResponseRecorder {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {wikiBack}}
	return h.post(pathToken, form, "Authorization", basicOf("wiki", wikiSecret))
}

func TestTokenAnswer(t *testing.T) {
	h := newHouse(t)
	w := h.redeem(h.code(t))
	got := object(t, w)
	for name, want := range map[string]any{
		"token_type": "Bearer", "expires_in": 7200.0, "scope": "openid profile", "access_token": "oga_0", "refresh_token": "ogr_0",
	} {
		if got[name] != want {
			t.Errorf("%s: got %v, want %v", name, got[name], want)
		}
	}
	for name, want := range map[string]string{"Cache-Control": "no-store", "Pragma": "no-cache", "Content-Type": "application/json"} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	claims, typ := h.claimsOf(t, got["id_token"].(string))
	want := map[string]any{
		"iss": issuer, "sub": "alice-sub", "aud": "wiki", "iat": float64(moment.Unix()), "exp": float64(moment.Add(time.Hour).Unix()),
		"auth_time": float64(moment.Add(-10 * time.Minute).Unix()), "nonce": "n-1", "acr": protocol.OneProof, "sid": sidOf(h.gate.session.ID),
		"at_hash": hashOf(identity.RS256, got["access_token"].(string)),
	}
	for name, value := range want {
		if claims[name] != value {
			t.Errorf("%s: got %v, want %v", name, claims[name], value)
		}
	}
	if typ != "JWT" || len(claims) != len(want)+1 || claims["amr"].([]any)[0] != "pwd" {
		t.Errorf("got typ %q and %v: nothing may be there that was not asked for", typ, claims)
	}
	if h.people.reads != 0 {
		t.Error("nothing of the person was asked for")
	}
}

// TestHash holds at_hash against the example of OpenID Connect Core 1.0, A.3.
func TestHash(t *testing.T) {
	if got := hashOf(identity.RS256, "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"); got != "77QmUPtjPfzWtF2AnpK9RQ" {
		t.Errorf("got %s", got)
	}
	for alg, length := range map[identity.Algorithm]int{identity.RS256: 22, identity.ES256: 22, identity.RS384: 32, identity.RS512: 43} {
		if got := len(hashOf(alg, "x")); got != length {
			t.Errorf("%s: got %d characters, want %d", alg, got, length)
		}
	}
}

func TestIDTokenAsAskedFor(t *testing.T) {
	for _, alg := range []identity.Algorithm{identity.RS256, identity.RS384, identity.RS512, identity.ES256} {
		h := newHouse(t)
		h.changeWiki(func(a *identity.Application) {
			a.OAuth.IDTokenAlgorithm = alg
			a.Claims = []identity.ClaimRule{{Attribute: "badge", Claim: "badge"}}
		})
		code := h.code(t, "nonce", "", "claims", `{"id_token":{"email":{"essential":true},"phone_number":null,"unheard":null,"sub":null}}`)
		claims, _ := h.claimsOf(t, object(t, h.redeem(code))["id_token"].(string))
		if claims["email"] != "alice@acme.example" || claims["phone_number"] != "+8613800000001" || claims["badge"] != "42" {
			t.Errorf("%s: got %v", alg, claims)
		}
		if claims["iss"] != issuer || claims["name"] != nil || claims["nonce"] != nil || claims["unheard"] != nil {
			t.Errorf("%s: got %v", alg, claims)
		}
	}
}

func TestNoIDToken(t *testing.T) {
	h := newHouse(t)
	if got := object(t, h.redeem(h.code(t, "scope", "profile email"))); got["id_token"] != nil || got["scope"] != "profile email" {
		t.Errorf("without openid: got %v", got)
	}
	forum := []string{"client_id", "forum", "redirect_uri", "https://forum.example/cb", "scope", "openid profile"}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {h.code(t, forum...)}, "redirect_uri": {"https://forum.example/cb"}}
	got := object(t, h.post(pathToken, form, "Authorization", basicOf("forum", wikiSecret)))
	if got["id_token"] != nil || got["scope"] != "profile" {
		t.Errorf("an application of OAuth 2.0: got %v", got)
	}
}

func TestScopes(t *testing.T) {
	h := newHouse(t)
	for asked, want := range map[string]string{
		"openid  email openid nonsense": "openid email", "": "profile email phone reports", "offline_access openid": "offline_access openid",
	} {
		if got := object(t, h.redeem(h.code(t, "scope", asked)))["scope"]; got != want {
			t.Errorf("%q: got %q, want %q", asked, got, want)
		}
	}
	h.changeWiki(func(a *identity.Application) { a.OAuth.Grants = []identity.GrantType{identity.GrantCode} })
	if got := object(t, h.redeem(h.code(t, "scope", "openid offline_access")))["scope"]; got != "openid" {
		t.Errorf("offline access without the grant refresh_token: got %q", got)
	}
}

// TestClientAuthentication: every way to prove an application, and what is wrong
// with each.
func TestClientAuthentication(t *testing.T) {
	form := func(pairs ...string) url.Values {
		v := url.Values{"grant_type": {"client_credentials"}, "scope": {"reports"}}
		for i := 0; i+1 < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v
	}
	good := basicOf("wiki", wikiSecret)
	tests := []struct {
		name, header string
		form         url.Values
		status       int
		code         string
	}{
		{"basic", good, form(), 200, ""},
		{"basic in other case", "bAsIc " + strings.TrimPrefix(good, "Basic "), form(), 200, ""},
		{"basic with its own client_id", good, form("client_id", "wiki"), 200, ""},
		{"post", "", form("client_id", "wiki", "client_secret", wikiSecret), 200, ""},
		{"basic with another client_id", good, form("client_id", "forum"), 401, "invalid_client"},
		{"both", good, form("client_id", "wiki", "client_secret", wikiSecret), 400, "invalid_request"},
		{"wrong secret by basic", basicOf("wiki", "x"), form(), 401, "invalid_client"},
		{"unknown by basic", basicOf("nobody", wikiSecret), form(), 401, "invalid_client"},
		{"no base64", "Basic ???", form(), 401, "invalid_client"},
		{"no colon", "Basic " + base64.StdEncoding.EncodeToString([]byte("wiki")), form(), 401, "invalid_client"},
		{"broken escape", "Basic " + base64.StdEncoding.EncodeToString([]byte("wiki:%zz")), form(), 401, "invalid_client"},
		{"bearer", "Bearer x", form(), 401, "invalid_client"},
		{"wrong secret by post", "", form("client_id", "wiki", "client_secret", "x"), 400, "invalid_client"},
		{"unknown by post", "", form("client_id", "nobody", "client_secret", "x"), 400, "invalid_client"},
		{"no secret", "", form("client_id", "wiki"), 400, "invalid_client"},
		{"nothing", "", form(), 400, "invalid_request"},
		{"public with a secret", "", form("client_id", "phone", "client_secret", wikiSecret), 400, "invalid_client"},
		{"public for itself", "", form("client_id", "phone"), 400, "unauthorized_client"},
		{"secret twice", "", url.Values{"client_id": {"wiki"}, "client_secret": {wikiSecret, wikiSecret}, "grant_type": {"client_credentials"}}, 400, "invalid_request"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			w := h.post(pathToken, tt.form, "Authorization", tt.header)
			if tt.header == "" {
				w = h.post(pathToken, tt.form)
			}
			if tt.status == 200 {
				if w.Code != 200 {
					t.Errorf("got %d %s", w.Code, w.Body)
				}
				return
			}
			wantError(t, w, tt.status, tt.code)
			if got := w.Header().Get("WWW-Authenticate"); (got != "") != (tt.status == 401) {
				t.Errorf("challenge: got %q", got)
			}
		})
	}
}

// TestUnknownClientsLookLikeWrongSecrets, and cost the same.
func TestUnknownClientsLookLikeWrongSecrets(t *testing.T) {
	h := newHouse(t)
	var bodies []string
	for _, id := range []string{"wiki", "nobody"} {
		h.proofs, h.lookups = 0, 0
		w := h.post(pathToken, url.Values{"grant_type": {"client_credentials"}}, "Authorization", basicOf(id, "wrong"))
		bodies = append(bodies, w.Body.String())
		if h.proofs != 1 || h.lookups != 1 {
			t.Errorf("%s: got %d proofs and %d lookups, want one each", id, h.proofs, h.lookups)
		}
	}
	if bodies[0] != bodies[1] {
		t.Errorf("got %s and %s", bodies[0], bodies[1])
	}
}

func TestAuthMethodsOfTheApplication(t *testing.T) {
	h := newHouse(t)
	h.changeWiki(func(a *identity.Application) { a.OAuth.AuthMethods = []identity.AuthMethod{identity.AuthPost} })
	form := url.Values{"grant_type": {"client_credentials"}}
	wantError(t, h.post(pathToken, form, "Authorization", basicOf("wiki", wikiSecret)), 401, "invalid_client")
	h.changeWiki(func(a *identity.Application) { a.Status = identity.ApplicationDisabled })
	form.Set("client_id", "wiki")
	form.Set("client_secret", wikiSecret)
	wantError(t, h.post(pathToken, form), 400, "unauthorized_client")
	h.changeWiki(func(a *identity.Application) { a.Protocol = "saml" })
	wantError(t, h.post(pathToken, form), 400, "invalid_client")
}

func TestTokenRefusals(t *testing.T) {
	h := newHouse(t)
	good := []string{"Authorization", basicOf("wiki", wikiSecret)}
	for name, tt := range map[string]struct {
		form url.Values
		code string
	}{
		"no grant type":      {url.Values{}, "invalid_request"},
		"unknown grant type": {url.Values{"grant_type": {"password"}}, "unsupported_grant_type"},
		"no code":            {url.Values{"grant_type": {"authorization_code"}}, "invalid_request"},
		"unknown code":       {url.Values{"grant_type": {"authorization_code"}, "code": {"x"}}, "invalid_grant"},
		"no refresh token":   {url.Values{"grant_type": {"refresh_token"}}, "invalid_request"},
		"unknown refresh":    {url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"x"}}, "invalid_grant"},
		"scope of persons":   {url.Values{"grant_type": {"client_credentials"}, "scope": {"openid email"}}, "invalid_scope"},
		"NUL":                {url.Values{"grant_type": {"client_credentials\x00"}}, "invalid_request"},
	} {
		t.Run(name, func(t *testing.T) { wantError(t, h.post(pathToken, tt.form, good...), 400, tt.code) })
	}
	h.changeWiki(func(a *identity.Application) { a.OAuth.Grants = nil })
	wantError(t, h.post(pathToken, url.Values{"grant_type": {"refresh_token"}}, good...), 400, "unauthorized_client")
	json := h.do(httptest.NewRequest(http.MethodPost, pathToken, strings.NewReader(`{}`)), append(good, "Content-Type", "application/json"))
	wantError(t, json, 400, "invalid_request")
	big := h.post(pathToken, url.Values{"x": {strings.Repeat("x", maxForm)}}, good...)
	wantError(t, big, 413, "invalid_request")
	inAddress := h.do(httptest.NewRequest(http.MethodPost, pathToken+"?grant_type=client_credentials&client_id=wiki&client_secret="+wikiSecret,
		strings.NewReader("")), []string{"Content-Type", formType})
	wantError(t, inAddress, 400, "invalid_request")
}

// TestWhateverRefusesACode is invalid_grant; what is wrong inside is not.
func TestWhateverRefusesACode(t *testing.T) {
	for _, kind := range fault.Kinds() {
		h := newHouse(t)
		h.codes.err = fault.New(kind, fault.CodeEntryRefused)
		w := h.redeem("x")
		switch kind {
		case fault.Internal, fault.Unavailable:
			if w.Code < 500 {
				t.Errorf("%s: got %d", kind, w.Code)
			}
		case fault.TooMany:
			wantError(t, w, 429, "temporarily_unavailable")
		default:
			wantError(t, w, 400, "invalid_grant")
		}
	}
}

func TestRedemptionIsPassedOn(t *testing.T) {
	h := newHouse(t)
	form := url.Values{"grant_type": {"authorization_code"}, "code": {"x"}, "redirect_uri": {wikiBack}, "code_verifier": {"v"}}
	h.post(pathToken, form, "Authorization", basicOf("wiki", wikiSecret))
	if got := h.codes.last; got.Code != "x" || got.Verifier != "v" || got.RedirectURI != wikiBack || got.Application.ID != "app_wiki" {
		t.Errorf("got %+v", got)
	}
}

func TestRefresh(t *testing.T) {
	h := newHouse(t)
	first := object(t, h.redeem(h.code(t, "scope", "openid email profile")))
	h.now = h.now.Add(time.Hour)
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {first["refresh_token"].(string)}, "scope": {"openid email"}}
	second := object(t, h.post(pathToken, form, "Authorization", basicOf("wiki", wikiSecret)))
	if second["scope"] != "openid email" || second["access_token"] == first["access_token"] || second["refresh_token"] == first["refresh_token"] {
		t.Errorf("got %v", second)
	}
	claims, _ := h.claimsOf(t, second["id_token"].(string))
	if claims["nonce"] != nil || claims["auth_time"] != float64(moment.Add(-10*time.Minute).Unix()) || claims["iat"] != float64(h.now.Unix()) ||
		claims["sub"] != "alice-sub" {
		t.Errorf("ID token: got %v", claims)
	}
	wantError(t, h.post(pathToken, form, "Authorization", basicOf("forum", wikiSecret)), 400, "invalid_grant")
}

// TestJWTAccessToken is RFC 9068, 2.
func TestJWTAccessToken(t *testing.T) {
	h := newHouse(t)
	h.changeWiki(func(a *identity.Application) {
		a.OAuth.AccessFormat, a.OAuth.Audiences = identity.JWT, []string{"https://api.example"}
	})
	claims, typ := h.claimsOf(t, object(t, h.redeem(h.code(t)))["access_token"].(string))
	if typ != "at+jwt" || claims["client_id"] != "wiki" || claims["sub"] != "alice-sub" || claims["scope"] != "openid profile" ||
		claims["iss"] != issuer || claims["exp"] != float64(moment.Add(2*time.Hour).Unix()) || claims["orgate_generation"] != nil {
		t.Errorf("got %s %v", typ, claims)
	}
	if got := claims["aud"].([]any); !slices.Equal(got, []any{"https://api.example", issuer}) {
		t.Errorf("aud: got %v", got)
	}
	if want := string(identity.GrantIDOf([16]byte{9})) + ".1"; claims["jti"] != want {
		t.Errorf("jti: got %v, want %s", claims["jti"], want)
	}
	own := object(t, h.post(pathToken, url.Values{"grant_type": {"client_credentials"}}, "Authorization", basicOf("wiki", wikiSecret)))
	claims, _ = h.claimsOf(t, own["access_token"].(string))
	if claims["sub"] != "wiki" || claims["scope"] != "reports" || !slices.Equal(claims["aud"].([]any), []any{"https://api.example"}) || own["refresh_token"] != nil {
		t.Errorf("the application's own: got %v %v", claims, own)
	}
}

// TestJWTAccessTokenAlgorithm: the application chooses what its resource servers
// can check, and whatever it chooses is found again here.
func TestJWTAccessTokenAlgorithm(t *testing.T) {
	for _, alg := range []identity.Algorithm{identity.ES256, identity.RS256, identity.RS384, identity.RS512} {
		h := newHouse(t)
		h.changeWiki(func(a *identity.Application) { a.OAuth.AccessFormat, a.OAuth.AccessAlgorithm = identity.JWT, alg })
		token := h.access(t, "openid")
		parsed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(alg)})
		if err != nil {
			t.Fatalf("%s: %v", alg, err)
		}
		public := any(h.keys.rsa.Public())
		if alg == identity.ES256 {
			public = h.keys.ec.Public()
		}
		if _, err := parsed.Verify(public); err != nil {
			t.Errorf("%s: %v", alg, err)
		}
		if typ := parsed.Signatures[0].Protected.ExtraHeaders[jose.HeaderType]; typ != "at+jwt" {
			t.Errorf("%s: got typ %v", alg, typ)
		}
		if w := h.get(pathUserInfo, nil, "Authorization", "Bearer "+token); w.Code != http.StatusOK {
			t.Errorf("%s: user info: got %d %s", alg, w.Code, w.Body)
		}
	}
}

// TestSignatureFails: no answer leaves without what it promises.
func TestSignatureFails(t *testing.T) {
	h := newHouse(t)
	code := h.code(t)
	h.keys.err = errors.New("no key")
	wantError(t, h.redeem(code), 500, "server_error")
}

// TestClientCredentialsCost pins what the most frequent call costs beside what
// stands behind it.
func TestClientCredentialsCost(t *testing.T) {
	h := newHouse(t)
	serve := h.answering(routeOf(pathToken))
	body := url.Values{"grant_type": {"client_credentials"}, "scope": {"reports"}}.Encode()
	w := nothing{http.Header{}}
	got := testing.AllocsPerRun(100, func() {
		r := &http.Request{Method: http.MethodPost, URL: &url.URL{Path: pathToken}, Header: http.Header{
			"Content-Type": {formType}, "Authorization": {basicOf("wiki", wikiSecret)},
		}, Body: readCloser{strings.NewReader(body)}, ContentLength: int64(len(body))}
		serve.ServeHTTP(w, r)
	})
	if got > 30 {
		t.Errorf("got %v allocations, want at most 30", got)
	}
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }
