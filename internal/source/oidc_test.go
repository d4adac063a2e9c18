package source

import (
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/coreos/go-oidc/v3/oidc/oidctest"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// configuration is what a provider of the tests publishes; a change of nil
// takes a field away.
func (c *fakeCentre) configuration(change map[string]any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		published := map[string]any{
			"issuer": c.server.URL, "authorization_endpoint": c.server.URL + "/authorize", "token_endpoint": c.server.URL + "/token",
			"jwks_uri": c.server.URL + "/keys", "userinfo_endpoint": c.server.URL + "/userinfo",
		}
		for name, value := range change {
			published[name] = value
		}
		answer(w, http.StatusOK, published)
	}
}

// provider is settings of an OpenID provider that work with the centre as it
// stands, which publishes its configuration.
func (c *fakeCentre) provider(change ...Values) Values {
	if c.replace[discoveryPath] == nil {
		c.replace[discoveryPath] = c.configuration(nil)
	}
	v := Values{"issuer": c.server.URL, "client_id": goodClient, "client_secret": goodSecret}
	for _, more := range change {
		v = v.with(more)
	}
	return v
}

func TestAnOpenIDProviderNamesThePerson(t *testing.T) {
	type said = map[string]string
	explicit := Values{"authorize_url": "/authorize", "token_url": "/token", "jwks_url": "/keys"}
	tests := []struct {
		name   string
		with   Values
		claims map[string]any // of the ID token
		person map[string]any // of user info; nil is the centre's
		asked  int            // how often the configuration was asked for
		want   identity.Profile
	}{
		{
			"by discovery", nil,
			map[string]any{"sid": "s-1", "groups": []any{"a", "b"}},
			nil, 1,
			identity.Profile{Subject: "zhang", Account: "zhang.san", Email: "zhang@acme.example", SessionID: "s-1", Said: said{"email": "zhang@acme.example", "groups": "a"}},
		},
		{
			"addresses of its own, without user info", explicit,
			map[string]any{"email": "a@b.example", "email_verified": true},
			nil, 0,
			identity.Profile{Subject: "zhang", Account: "zhang.san", Email: "a@b.example", EmailVerified: true, Said: said{"email": "a@b.example"}},
		},
		{
			"a proof that is no JSON true", explicit,
			map[string]any{"email": "a@b.example", "email_verified": "true"},
			nil, 0,
			identity.Profile{Subject: "zhang", Account: "zhang.san", Email: "a@b.example", EmailDoubted: true, Said: said{"email": "a@b.example"}},
		},
		{
			"a proof for another address than user info names", nil,
			map[string]any{"email": "victim@acme.example", "email_verified": true},
			map[string]any{"sub": "zhang", "email": "mine@acme.example"},
			1,
			identity.Profile{Subject: "zhang", Account: "zhang.san", Email: "mine@acme.example", EmailDoubted: true, Said: said{"email": "mine@acme.example"}},
		},
		{
			"the same address twice", nil,
			map[string]any{"email": "a@b.example"},
			map[string]any{"sub": "zhang", "email": "a@b.example", "email_verified": true},
			1,
			identity.Profile{Subject: "zhang", Account: "zhang.san", Email: "a@b.example", EmailVerified: true, Said: said{"email": "a@b.example"}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h, c := begin(t)
			c.claims = func(all map[string]any) {
				for name, value := range tt.claims {
					all[name] = value
				}
			}
			if tt.person != nil {
				c.person = tt.person
			}
			with := Values{}
			for key, value := range tt.with {
				with[key] = c.server.URL + value
			}
			f := h.add(identity.SourceOIDC, c.provider(with), byMail(identity.Mapping{Ours: "title", Theirs: "groups"}))
			got, story, err := h.signInAt(f, c)
			if err != nil {
				check, detail := firstBad(story)
				t.Fatalf("%v at %s: %+v", err, check, detail)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
			if n := len(c.asked(discoveryPath)); n != tt.asked {
				t.Errorf("the configuration was asked for %d times, want %d", n, tt.asked)
			}
			link := c.asked("/authorize")[0].URL.Query()
			if link.Get("nonce") == "" || link.Get("code_challenge") == "" || link.Get("scope") != "openid profile email" {
				t.Errorf("the authorisation link has %v", link)
			}
		})
	}
}

// A provider that publishes that it names itself in each answer has to do so
// (RFC 9207, 2.4).
func TestTheIssuerIsNamedWhereItIsPromised(t *testing.T) {
	for name, tt := range map[string]struct{ iss, want string }{
		"named": {"own", ""}, "missing": {"", "authorize_issuer"}, "another": {"https://evil.example", "authorize_issuer"},
	} {
		h, c := begin(t)
		c.replace[discoveryPath] = c.configuration(map[string]any{"authorization_response_iss_parameter_supported": true})
		if tt.iss == "own" {
			tt.iss = c.server.URL
		}
		f := h.add(identity.SourceOIDC, c.provider(), byMail())
		_, a, err := h.NewAttempt(t.Context(), f, AttemptOptions{Purpose: ForWeb})
		if err != nil {
			t.Fatal(err)
		}
		step, err := h.Begin(t.Context(), f, a)
		if err != nil {
			t.Fatal(err)
		}
		query, err := h.browse(step.URL, c.roots)
		if err != nil {
			t.Fatal(err)
		}
		if tt.iss != "" {
			query.Set("iss", tt.iss)
		}
		story := trace.Begin(trace.SourceLogin, identity.Origin{})
		_, err = h.Finish(t.Context(), f, a, Answer{Query: query}, story)
		if check, _ := firstBad(story); string(check) != tt.want {
			t.Errorf("%s: %v at %q, want %q", name, err, check, tt.want)
		}
	}
}

// A key that was changed just now is fetched once, and a name that nobody
// published does not make the provider be asked again and again.
func TestKeysRotate(t *testing.T) {
	h, c := begin(t)
	f := h.add(identity.SourceOIDC, c.provider(), byMail())
	signsIn := func(want string, asked int) {
		t.Helper()
		_, story, err := h.signInAt(f, c)
		check, detail := firstBad(story)
		if string(check) != want || len(c.asked("/keys")) != asked {
			t.Errorf("%v at %q (%+v), want %q; the keys were asked for %d times, want %d", err, check, detail, want, len(c.asked("/keys")), asked)
		}
	}
	signsIn("", 1)
	signsIn("", 1)
	// The provider signs with a new key, which it publishes.
	next := ecKey(t, c.key.Curve)
	c.signed = func(claims string) string { return oidctest.SignIDToken(next, "key-2", oidc.ES256, claims) }
	c.replace["/keys"] = func(w http.ResponseWriter, r *http.Request) {
		s := &oidctest.Server{PublicKeys: []oidctest.PublicKey{{PublicKey: next.Public(), KeyID: "key-2", Algorithm: oidc.ES256}}}
		s.SetIssuer(c.server.URL)
		s.ServeHTTP(w, r)
	}
	signsIn("id_token_signature", 1) // too soon after the last look
	h.clock.Advance(keysPause)
	signsIn("", 2)
	c.signed = func(claims string) string { return oidctest.SignIDToken(c.key, "key-3", oidc.ES256, claims) }
	signsIn("id_token_signature", 2)
	signsIn("id_token_signature", 2)
	// What was withdrawn is believed no longer than a quarter of an hour.
	c.signed = func(claims string) string { return oidctest.SignIDToken(next, "key-2", oidc.ES256, claims) }
	delete(c.replace, "/keys")
	h.clock.Advance(keysLife)
	signsIn("id_token_signature", 3)
}

// The exit is the configured one, or else the published one.
func TestExitOfAnOpenIDProvider(t *testing.T) {
	h, c := begin(t)
	c.replace[discoveryPath] = c.configuration(map[string]any{"end_session_endpoint": c.server.URL + "/bye?a=b"})
	f := h.add(identity.SourceOIDC, c.provider(), byMail())
	got, err := h.Exit(t.Context(), f.Source.ID, "/out")
	if want := c.server.URL + "/bye?a=b&client_id=orgate&post_logout_redirect_uri=" + url.QueryEscape("https://gate.example/out"); err != nil || got != want {
		t.Errorf("got  %s, %v\nwant %s", got, err, want)
	}
	own := h.add(identity.SourceOIDC, c.provider(Values{"exit_url": "https://c.example/x"}), byMail())
	if got, err := h.Exit(t.Context(), own.Source.ID, "/out"); err != nil || got != "https://c.example/x" {
		t.Errorf("configured: %s, %v", got, err)
	}
	h.clock.Advance(issuerLife)
	c.replace[discoveryPath] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }
	if got, err := h.Exit(t.Context(), f.Source.ID, "/out"); err != nil || got != "" {
		t.Errorf("while the provider is down: %q, %v", got, err)
	}
}

func TestWhatIsRefusedOfAnOpenIDProvider(t *testing.T) {
	h := newHouse(t, houseOptions{})
	good := Values{"issuer": "https://p.example", "client_id": "c", "client_secret": "s"}
	for want, change := range map[string]Values{
		"field_missing at settings.issuer":        {"issuer": ""},
		"field_format at settings.issuer":         {"issuer": "https://p.example?x=1"},
		"field_format at settings.scope":          {"scope": "profile"},
		"grant_nobody at settings.grant_type":     {"grant_type": "client_credentials"},
		"field_unknown at settings.subject_field": {"subject_field": "email"},
	} {
		_, err := h.Add(t.Context(), console, h.org.ID, NewSource{Name: "p", Kind: identity.SourceOIDC, Enabled: true, Settings: good.with(change), Rules: byMail()})
		if codes(err) != want {
			t.Errorf("got %s, want %s", codes(err), want)
		}
	}
	made, err := h.Add(t.Context(), console, h.org.ID, NewSource{Name: "p", Kind: identity.SourceOIDC, Enabled: true, Settings: good, Rules: byMail()})
	if err != nil || made.LogoutURL != "https://gate.example/login/source/"+string(made.ID)+"/logout" {
		t.Errorf("got %+v, %s", made, codes(err))
	}
	_, err = h.Change(t.Context(), console, h.org.ID, made.ID, 0, SourceChange{Settings: Values{"issuer": "https://evil.example"}})
	if codes(err) != "sso_secret_required at settings.client_secret" {
		t.Errorf("another issuer: %s", codes(err))
	}
}

func TestReadKeys(t *testing.T) {
	const (
		x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU" // RFC 7517, A.1
		y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
	)
	n := strings.Repeat("_", 342) + "8" // 2056 bits
	tests := []struct {
		name, key string
		want      bool
	}{
		{"EC", `{"kty":"EC","crv":"P-256","x":"` + x + `","y":"` + y + `"}`, true},
		{"for signatures", `{"kty":"EC","crv":"P-256","use":"sig","x":"` + x + `","y":"` + y + `"}`, true},
		{"RSA", `{"kty":"RSA","n":"` + n + `","e":"AQAB"}`, true},
		{"Ed25519", `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`, true}, // RFC 8037, A.2
		{"for encryption", `{"kty":"EC","crv":"P-256","use":"enc","x":"` + x + `","y":"` + y + `"}`, false},
		{"not on the curve", `{"kty":"EC","crv":"P-256","x":"` + x + `","y":"` + x + `"}`, false},
		{"an unknown curve", `{"kty":"EC","crv":"P-192","x":"` + x + `","y":"` + y + `"}`, false},
		{"a short RSA key", `{"kty":"RSA","n":"` + n[:170] + `","e":"AQAB"}`, false},
		{"an even exponent of one", `{"kty":"RSA","n":"` + n + `","e":"AQ"}`, false},
		{"a huge exponent", `{"kty":"RSA","n":"` + n + `","e":"` + strings.Repeat("_", 40) + `"}`, false},
		{"a secret one", `{"kty":"oct","k":"` + x + `"}`, false},
		{"no object", `7`, false},
		{"numbers", `{"kty":"EC","crv":7}`, false},
	}
	for _, tt := range tests {
		if got := len(readKeys([]byte(`{"keys":[` + tt.key + `]}`))); (got == 1) != tt.want {
			t.Errorf("%s: %d keys", tt.name, got)
		}
	}
	many := `{"keys":[` + strings.Repeat(tests[0].key+",", 2*maxKeys) + tests[0].key + `]}`
	if got := len(readKeys([]byte(many))); got != maxKeys {
		t.Errorf("%d keys are kept", got)
	}
}

func FuzzReadKeys(f *testing.F) {
	f.Add([]byte(`{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"},{"kty":"EC","crv":"P-256","x":"","y":""}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if keys := readKeys(raw); len(keys) > maxKeys {
			t.Errorf("%d keys", len(keys))
		}
	})
}

// Nothing that is published leads from a secure issuer to an insecure address.
func FuzzReadConfiguration(f *testing.F) {
	f.Add([]byte(`{"issuer":"https://p.example","authorization_endpoint":"https://p.example/a","token_endpoint":"http://p.example/t","jwks_uri":7}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		object, got := decodeObject(raw, "application/json")
		if got != "" {
			return
		}
		p, wrong := readConfiguration(object, "https://p.example")
		for _, address := range []string{p.AuthorizeURL, p.TokenURL, p.UserInfoURL, p.KeysURL, p.ExitURL} {
			if address != "" && !strings.HasPrefix(address, "https:") {
				t.Errorf("%q is taken", address)
			}
		}
		if wrong == "" && (p.AuthorizeURL == "" || p.TokenURL == "" || p.KeysURL == "") {
			t.Errorf("%+v lacks an address", p)
		}
	})
}

// logoutToken is a logout token of the centre, with some claims changed; a nil
// one is taken away.
func (c *fakeCentre) logoutToken(change map[string]any) string {
	now := c.now()
	said := map[string]any{
		"iss": c.server.URL, "aud": goodClient, "sub": "zhang", "sid": "s-1", "iat": now.Unix(), "exp": now.Add(2 * time.Minute).Unix(),
		"jti": randomWord(), "events": map[string]any{logoutEvent: map[string]any{}},
	}
	for name, value := range change {
		if said[name] = value; value == nil {
			delete(said, name)
		}
	}
	return oidctest.SignIDToken(c.key, "key-1", oidc.ES256, jsonOf(c.t, said))
}

func TestLogoutTokens(t *testing.T) {
	tests := []struct {
		name   string
		change map[string]any
		want   Ended
		check  trace.Check
	}{
		{"whole", nil, Ended{"zhang", "s-1"}, ""},
		{"a session alone", map[string]any{"sub": nil}, Ended{"", "s-1"}, ""},
		{"a person alone", map[string]any{"sid": nil, "exp": nil}, Ended{"zhang", ""}, ""},
		{"neither", map[string]any{"sid": nil, "sub": nil}, Ended{}, trace.LogoutForm},
		{"an ID token", map[string]any{"events": nil, "nonce": "n"}, Ended{}, trace.LogoutForm},
		{"a nonce", map[string]any{"nonce": "n"}, Ended{}, trace.LogoutForm},
		{"an empty nonce", map[string]any{"nonce": ""}, Ended{}, trace.LogoutForm},
		{"no identifier", map[string]any{"jti": nil}, Ended{}, trace.LogoutForm},
		{"another event", map[string]any{"events": map[string]any{"x": map[string]any{}}}, Ended{}, trace.LogoutForm},
		{"another issuer", map[string]any{"iss": "https://evil.example"}, Ended{}, trace.LogoutMeant},
		{"another client", map[string]any{"aud": []string{"other"}}, Ended{}, trace.LogoutMeant},
		{"expired", map[string]any{"exp": 1}, Ended{}, trace.LogoutMeant},
		{"old", map[string]any{"iat": 1, "exp": nil}, Ended{}, trace.LogoutMeant},
		{"of the future", map[string]any{"iat": 1 << 40}, Ended{}, trace.LogoutMeant},
		{"without a time", map[string]any{"iat": nil}, Ended{}, trace.LogoutMeant},
	}
	h, c := begin(t)
	f := h.add(identity.SourceOIDC, c.provider(), byMail())
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			story := trace.Begin(trace.SourceLogin, identity.Origin{})
			got, err := h.Ended(t.Context(), f, url.Values{"logout_token": {c.logoutToken(tt.change)}}, story)
			if check, detail := firstBad(story); got != tt.want || check != tt.check || (err == nil) != (tt.check == "") {
				t.Errorf("got %+v, %v at %q (%+v), want %+v at %q", got, err, check, detail, tt.want, tt.check)
			}
		})
	}
	if n := len(c.asked("/keys")); n != 1 {
		t.Errorf("the keys were asked for %d times", n)
	}
}

// A logout token counts once, at one source, and only with the right signature.
func TestLogoutTokensAreNotForged(t *testing.T) {
	h, c := begin(t)
	f := h.add(identity.SourceOIDC, c.provider(), byMail())
	ended := func(token ...string) trace.Check {
		t.Helper()
		story := trace.Begin(trace.SourceLogin, identity.Origin{})
		_, err := h.Ended(t.Context(), f, url.Values{"logout_token": token}, story)
		check, _ := firstBad(story)
		if (err == nil) != (check == "") {
			t.Errorf("%v at %q", err, check)
		}
		return check
	}
	good := c.logoutToken(nil)
	parts := strings.Split(good, ".")
	evil := ecKey(t, c.key.Curve)
	forged := oidctest.SignIDToken(evil, "key-1", oidc.ES256, jsonOf(t, map[string]any{
		"iss": c.server.URL, "aud": goodClient, "sub": "zhang", "jti": "j", "iat": c.now().Unix(), "events": map[string]any{logoutEvent: nil},
	}))
	for _, tt := range []struct {
		token string
		want  trace.Check
	}{
		{good, ""},
		{good, trace.LogoutFresh},
		{forged, trace.LogoutSignature},
		{parts[0] + "." + parts[1], trace.LogoutForm},
		{"eyJhbGciOiJub25lIn0." + parts[1] + ".", trace.LogoutSignature},
		{"eyJhbGciOiJIUzI1NiJ9." + parts[1] + ".c2ln", trace.LogoutSignature},
	} {
		if got := ended(tt.token); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
	h.clock.Advance(time.Minute) // what was told stays told, whenever it comes again
	if got := ended(good); got != trace.LogoutFresh {
		t.Errorf("a minute later: got %q, want %q", got, trace.LogoutFresh)
	}
	for name, token := range map[string][]string{
		"none": {}, "two": {c.logoutToken(nil), c.logoutToken(nil)},
		"a key of its own": {oidctest.SignIDToken(evil, "key-9", oidc.ES256, "{}")}, "too long": {strings.Repeat("a", maxCode) + ".b.c"},
	} {
		if ended(token...) == "" {
			t.Errorf("%s is taken", name)
		}
	}
	if n := len(c.asked("/keys")); n > 2 {
		t.Errorf("the keys were asked for %d times", n)
	}
}

func FuzzParseLogout(f *testing.F) {
	f.Add("eyJhbGciOiJFUzI1NiJ9.eyJldmVudHMiOnt9fQ.c2ln")
	f.Fuzz(func(t *testing.T, raw string) {
		_, said, err := parseLogout(raw)
		if err == nil && said.current(time.Unix(1_700_000_000, 0)) && said.IssuedAt == "" {
			t.Error("a token without a time is current")
		}
	})
}
