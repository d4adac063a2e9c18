package tryout

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

const (
	issuer     = "https://id.example"
	accessWord = "an-access-token-that-nobody-sees"
	secret     = "a-secret-that-nobody-sees-0123456789"
)

// provider stands for the handlers of the protocol, with one thing wrong at a
// time.
type provider struct {
	t      *testing.T
	key    *rsa.PrivateKey
	claims map[string]any // of the ID token
	tokens map[string]any // the answer of the token endpoint
	info   map[string]any
	status map[string]int // by path
}

func newProvider(t *testing.T, p plan, now time.Time) *provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return &provider{
		t: t, key: key, status: map[string]int{},
		claims: map[string]any{
			"iss": issuer, "aud": "try_1", "sub": "s1", "exp": now.Add(time.Hour).Unix(), "iat": now.Unix(), "nonce": p.Nonce,
			"at_hash": half("RS256", accessWord), "team": "Research",
		},
		tokens: map[string]any{"access_token": accessWord, "token_type": "Bearer", "expires_in": 60, "scope": "openid email"},
		info:   map[string]any{"sub": "s1", "email": "a@b.example", "team": "Research"},
	}
}

func segment(value any) string {
	text, _ := json.Marshal(value)
	return base64.RawURLEncoding.EncodeToString(text)
}

func (p *provider) idToken() string {
	text := segment(map[string]any{"alg": "RS256", "kid": "k"}) + "." + segment(p.claims)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, p.key, crypto.SHA256, sum[:])
	if err != nil {
		p.t.Fatal(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Host != "id.example" {
		p.t.Errorf("asked %s", r.Host)
	}
	if status := p.status[r.URL.Path]; status != 0 {
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, `{"error":"invalid_grant","error_description":"no"}`)
		return
	}
	var answer any
	switch r.URL.Path {
	case "/oauth2/jwks":
		e := base64.RawURLEncoding.EncodeToString(big.NewInt(int64(p.key.E)).Bytes())
		answer = map[string]any{"keys": []any{map[string]any{"kty": "RSA", "kid": "k", "n": base64.RawURLEncoding.EncodeToString(p.key.N.Bytes()), "e": e}}}
	case "/oauth2/userinfo":
		answer = p.info
	default:
		if _, has := p.tokens["id_token"]; !has {
			p.tokens["id_token"] = p.idToken()
		}
		answer = p.tokens
	}
	text, _ := json.Marshal(answer)
	_, _ = w.Write(text)
}

// played plays a try against a provider.
func played(t *testing.T, wrong func(*provider, *plan), query url.Values) *game {
	t.Helper()
	now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	base, _ := url.Parse(issuer)
	settings := identity.DefaultOAuth(identity.ProtocolOIDC, false)
	settings.Scopes, settings.Grants = []string{"openid", "email"}, []identity.GrantType{identity.GrantCode}
	p := plan{
		Application: identity.Application{
			Protocol: identity.ProtocolOIDC, OAuth: &settings,
			Claims: []identity.ClaimRule{{Attribute: "department", Claim: "team"}, {Attribute: "title", Claim: "job"}},
		},
		Secret: secret, Verifier: strings.Repeat("v", 52), State: "state", Nonce: "nonce", Callback: issuer + "/callback",
	}
	front := newProvider(t, p, now)
	if wrong != nil {
		wrong(front, &p)
	}
	scope := func(claim string) string { return map[string]string{"email": "email"}[claim] }
	g := newGame(New(nil, Options{Now: func() time.Time { return now }, BaseURL: base, Front: front, Scope: scope}), "try_1", p)
	g.play(t.Context(), query)
	return g
}

func good() url.Values { return url.Values{"code": {"c"}, "state": {"state"}, "iss": {issuer}} }

func TestAGoodTry(t *testing.T) {
	t.Parallel()
	g := played(t, nil, good())
	if g.state() != store.TryPassed {
		t.Fatalf("got %+v", g.kept.Steps)
	}
	want := []Claim{
		{Name: "email", Value: "a@b.example", UserInfo: true, Scope: "email"},
		{Name: "sub", Value: "s1", IDToken: true, UserInfo: true, Scope: "openid"},
		{Name: "team", Value: "Research", IDToken: true, UserInfo: true, Attribute: "department"},
		{Name: "job", Attribute: "title"},
	}
	if !slices.Equal(g.kept.Claims, want) {
		t.Errorf("claims: got %+v, want %+v", g.kept.Claims, want)
	}
	if last := g.kept.Steps[len(g.kept.Steps)-1]; last.Mark != Noted {
		t.Errorf("a rule without a value: got %s", last.Mark)
	}
	text, err := json.Marshal(g.kept)
	if err != nil {
		t.Fatal(err)
	}
	for _, hidden := range []string{secret, accessWord, strings.Repeat("v", 52), segment(map[string]any{"alg": "RS256", "kid": "k"}), "code=c"} {
		if strings.Contains(string(text), hidden) {
			t.Errorf("the report shows %s", hidden)
		}
	}
}

func TestWhatGoesWrongIsNamed(t *testing.T) {
	t.Parallel()
	set := func(claim string, value any) func(*provider, *plan) {
		return func(p *provider, _ *plan) { p.claims[claim] = value }
	}
	for name, row := range map[string]struct {
		wrong  func(*provider, *plan)
		query  url.Values
		step   StepName
		check  string
		remedy string
	}{
		"refused":        {nil, url.Values{"error": {"access_denied"}, "state": {"state"}}, StepAuthorize, "code", "access_denied"},
		"another error":  {nil, url.Values{"error": {"server_error"}, "state": {"state"}}, StepAuthorize, "code", "authorize"},
		"foreign issuer": {nil, url.Values{"code": {"c"}, "state": {"state"}, "iss": {"https://evil.example"}}, StepAuthorize, "iss", "authorize"},
		"no tokens":      {func(p *provider, _ *plan) { p.status["/oauth2/token"] = 400 }, good(), StepToken, "status", "token"},
		"no ID token":    {func(p *provider, _ *plan) { p.tokens["id_token"] = "" }, good(), StepIDToken, "id_token_there", "openid"},
		"another key": {func(p *provider, _ *plan) {
			p.tokens["id_token"] = p.idToken()[:40] + "A" + p.idToken()[41:]
		}, good(), StepIDToken, "signature", "id_token"},
		"algorithm":    {func(_ *provider, p *plan) { p.Application.OAuth.IDTokenAlgorithm = identity.ES256 }, good(), StepIDToken, "signature", "id_token"},
		"audience":     {set("aud", "wiki"), good(), StepIDToken, "signature", "id_token"},
		"expired":      {set("exp", 1), good(), StepIDToken, "signature", "id_token"},
		"nonce":        {set("nonce", "another"), good(), StepIDToken, "nonce", "id_token"},
		"at_hash":      {set("at_hash", "another"), good(), StepIDToken, "at_hash", "id_token"},
		"user info":    {func(p *provider, _ *plan) { p.status["/oauth2/userinfo"] = 403 }, good(), StepUserInfo, "status", "user_info"},
		"other person": {func(p *provider, _ *plan) { p.info["sub"] = "s2" }, good(), StepUserInfo, "sub", "user_info"},
		"not rotated":  {func(p *provider, _ *plan) { p.tokens["refresh_token"] = "same" }, good(), StepRefresh, "rotated", "refresh"},
	} {
		g := played(t, row.wrong, row.query)
		last := g.kept.Steps[len(g.kept.Steps)-1]
		failing := slices.ContainsFunc(last.Checks, func(c Check) bool { return c.Name == row.check && c.Mark == Failed })
		if g.state() != store.TryFailed || last.Name != row.step || !failing || last.Remedy != "tryout.remedy."+row.remedy {
			t.Errorf("%s: got %s, %+v", name, g.state(), last)
		}
	}
}

func TestOtherApplications(t *testing.T) {
	t.Parallel()
	public := played(t, func(_ *provider, p *plan) { p.Application.OAuth.Public, p.Secret = true, "" }, good())
	if request := public.kept.Steps[1].Request; public.state() != store.TryPassed || strings.Contains(request, "client_secret") || strings.Contains(request, "Authorization") {
		t.Errorf("a public one: %s\n%s", public.state(), request)
	}
	plain := played(t, func(_ *provider, p *plan) { p.Application.Protocol = identity.ProtocolOAuth2 }, good())
	if plain.state() != store.TryPassed || plain.request("try_1").Get("scope") != "email" {
		t.Errorf("OAuth 2.0: %+v", plain.kept.Steps)
	}
	own := played(t, func(_ *provider, p *plan) { p.Application.OAuth.Grants = []identity.GrantType{identity.GrantClient} }, nil)
	if len(own.kept.Steps) != 1 || own.kept.Steps[0].Name != StepOwn || own.state() != store.TryPassed {
		t.Errorf("one that acts for itself: %+v", own.kept.Steps)
	}
}
