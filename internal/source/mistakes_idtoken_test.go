package source

import (
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/coreos/go-oidc/v3/oidc/oidctest"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/trace"
)

func inTheIDToken() []mistake {
	ago := func(h *house, d time.Duration) int64 { return h.clock.Now().Add(-d).Unix() }
	timed := func(change func(*house, map[string]any)) func(*house, *fakeCentre) SSO {
		return func(h *house, c *fakeCentre) SSO {
			c.claims = func(said map[string]any) { change(h, said) }
			return c.openID()
		}
	}
	signed := func(sign func(*fakeCentre, string) string) func(*house, *fakeCentre) SSO {
		return openID(func(c *fakeCentre, _ *SSO) { c.signed = func(said string) string { return sign(c, said) } })
	}
	return []mistake{
		{
			title: "The scope asks for an ID token and none comes", check: trace.IDTokenMissing, warns: true,
			set: openID(at("/token", text(http.StatusOK, "application/json", `{"access_token":"`+goodToken+`"}`))),
		},
		{title: "The ID token is no JSON Web Token", check: trace.IDTokenForm, set: signed(func(*fakeCentre, string) string { return "opaque-token-0123456789" })},
		{
			title: "The clock of the centre is behind: the ID token has expired", check: trace.IDTokenTime,
			set: timed(func(h *house, said map[string]any) {
				said["exp"], said["iat"] = ago(h, 2*time.Minute), ago(h, time.Hour)
			}),
		},
		{
			title: "The clock of the centre is ahead: the ID token is not valid yet", check: trace.IDTokenTime,
			set: timed(func(h *house, said map[string]any) { said["iat"] = ago(h, -2*time.Minute) }),
		},
		{
			title: "The ID token says that it is not valid before later", check: trace.IDTokenTime,
			set: timed(func(h *house, said map[string]any) { said["nbf"] = ago(h, -2*time.Minute) }),
		},
		{title: "The ID token never ends", check: trace.IDTokenTime, set: timed(func(_ *house, said map[string]any) { delete(said, "exp") })},
		{title: "The ID token is meant for another application", check: trace.IDTokenAudience, set: openID(claim("aud", "another"))},
		{title: "The ID token was given to another application", check: trace.IDTokenAudience, set: openID(claim("azp", "another"))},
		{title: "The ID token has another nonce", check: trace.IDTokenNonce, set: openID(claim("nonce", "another"))},
		{title: "The ID token has no nonce", check: trace.IDTokenNonce, set: openID(claim("nonce", ""))},
		{title: "The issuer of the ID token is at another host", check: trace.IDTokenIssuer, set: openID(claim("iss", "https://evil.example"))},
		{
			title: "The issuer publishes no configuration", check: trace.IDTokenKeys,
			set: openID(at("/.well-known/openid-configuration", http.NotFound)),
		},
		{title: "The published configuration is that of another issuer", check: trace.IDTokenKeys, set: openID(func(c *fakeCentre, _ *SSO) {
			c.claims = func(said map[string]any) { said["iss"] = c.server.URL + "/realms/other" }
			c.replace["/realms/other/.well-known/openid-configuration"] = func(w http.ResponseWriter, _ *http.Request) {
				answer(w, http.StatusOK, map[string]any{"issuer": c.server.URL, "jwks_uri": c.server.URL + "/keys"})
			}
		})},
		{title: "The ID token is not signed (alg none)", check: trace.IDTokenSignature, set: signed(func(_ *fakeCentre, said string) string {
			return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(said)) + "."
		})},
		{title: "The ID token is signed with the client secret (HS256)", check: trace.IDTokenSignature, set: signed(func(_ *fakeCentre, said string) string {
			return oidctest.SignIDToken([]byte(goodSecret+goodSecret), "key-1", "HS256", said)
		})},
		{title: "The ID token is signed with a key that is not published", check: trace.IDTokenSignature, set: signed(func(c *fakeCentre, said string) string {
			return oidctest.SignIDToken(newCentre(c.t, nil).key, "key-1", oidc.ES256, said)
		})},
		{title: "The ID token belongs to another access token", check: trace.IDTokenAccess, set: openID(claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"))},
		{title: "UserInfo speaks of somebody else than the ID token", check: trace.UserInfoSubject, set: openID(person("sub", "li"))},
	}
}

// moved puts another host into the addresses of the centre.
func (s SSO) moved(host string) SSO {
	for _, address := range []*string{&s.AuthorizeURL, &s.TokenURL, &s.UserInfoURL} {
		*address = strings.Replace(*address, "127.0.0.1", host, 1)
	}
	return s
}

// prepare builds the house and the centre of a row.
func (m mistake) prepare(t *testing.T) (*house, *fakeCentre, SSO) {
	t.Helper()
	var o houseOptions
	a := newAuthority(t)
	if !m.foreign {
		o.cas = []string{a.file}
	}
	if m.quick {
		o.timeout = 2 * time.Second
	}
	h := newHouse(t, o)
	var secure *tls.Config
	if m.tls != nil {
		secure = m.tls(t, a)
	}
	c := newCentre(t, secure)
	c.now, c.roots = h.clock.Now, a.pool
	s := m.set(h, c)
	if m.host != "" {
		s = s.moved(m.host)
	}
	return h, c, s
}

func TestMistakes(t *testing.T) {
	for _, m := range mistakes() {
		t.Run(m.title, func(t *testing.T) {
			h, c, s := m.prepare(t)
			try, err := h.StartTry(t.Context(), console, h.org.ID, TryRequest{SSO: s})
			if m.code != "" {
				if f := fault.Of(err); f == nil || f.Code != m.code || f.Field != m.field {
					t.Fatalf("got %v, want %s at %s", err, m.code, m.field)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			h.roundTrip(c, try)
			m.judge(t, h, try)
		})
	}
}

// roundTrip is the part of the administrator's browser.
func (h *house) roundTrip(c *fakeCentre, try Try) {
	h.t.Helper()
	if try.URL == "" {
		return
	}
	query, err := h.browse(try.URL, c.roots)
	if err != nil {
		h.t.Fatal(err)
	}
	a, err := h.TakeAttempt(h.t.Context(), query.Get("state"))
	if err != nil {
		h.t.Fatal(err)
	}
	id, err := h.FinishTry(h.t.Context(), a, Answer{Query: query}, outlook)
	if err != nil || id != try.ID {
		h.t.Fatalf("FinishTry = %s, %v; want %s", id, err, try.ID)
	}
}

// judge holds the report against the row.
func (m mistake) judge(t *testing.T, h *house, try Try) {
	t.Helper()
	report, err := h.TryReport(t.Context(), console, h.org.ID, try.ID)
	if err != nil {
		t.Fatal(err)
	}
	want, state := TryFailed, trace.Failing
	if m.warns {
		want, state = TryPassed, trace.Warned
	}
	if report.State != want {
		t.Errorf("the try is %s, want %s", report.State, want)
	}
	for _, step := range report.Steps {
		if step.State != state || m.warns && step.Name != m.check {
			continue
		}
		if step.Name != m.check {
			t.Fatalf("failed first at %s (%+v), want %s", step.Name, step, m.check)
		}
		if step.Remedy != m.check.RemedyKey() {
			t.Errorf("remedy %q, want %q", step.Remedy, m.check.RemedyKey())
		}
		if step.Expected == "" && step.Received == "" {
			t.Error("the step tells neither what was expected nor what came")
		}
		noSecrets(t, step)
		return
	}
	t.Fatalf("no step %s in state %s: %+v", m.check, state, report.Steps)
}

// noSecrets finds what must not be in a report.
func noSecrets(t *testing.T, step ReportStep) {
	t.Helper()
	text, err := json.Marshal(step)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{goodSecret, "wrong-secret-9876", goodToken, "REFRESH-TOKEN", "10.0.0.7/"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("the step shows %q: %s", secret, text)
		}
	}
}
