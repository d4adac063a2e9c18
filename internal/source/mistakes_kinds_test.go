package source

import (
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// kindMistake is one thing done wrong at a source of its own, or in its
// settings, and what must be said of it.
type kindMistake struct {
	title string
	check trace.Check
	warns bool // people can sign in all the same
	kind  identity.SourceKind
	set   func(*house) Values
	rules identity.SourceRules // zero is byMail
}

// atCentre, atProvider and atCAS turn a change of the other side into a row.
func atCentre(change func(*fakeCentre) Values) func(*house) Values {
	return func(h *house) Values {
		c := newCentre(h.t, nil)
		c.now = h.clock.Now
		v := change(c)
		return c.oauth2(v)
	}
}

func atProvider(change func(*fakeCentre) Values) func(*house) Values {
	return func(h *house) Values {
		c := newCentre(h.t, nil)
		c.now = h.clock.Now
		v := change(c)
		return c.provider(v)
	}
}

func atCAS(change func(*house, *fakeCAS) Values) func(*house) Values {
	return func(h *house) Values {
		c := newCAS(h.t)
		v := change(h, c)
		return c.settings(v)
	}
}

// only is a setting in place of the good one.
func only(key, value string) func(*fakeCentre) Values {
	return func(*fakeCentre) Values { return Values{key: value} }
}

// replaced answers a path otherwise.
func replaced(path string, handler http.HandlerFunc) func(*fakeCentre) Values {
	return func(c *fakeCentre) Values {
		c.replace[path] = handler
		return nil
	}
}

func claimed(name string, value any) func(*fakeCentre) Values {
	return func(c *fakeCentre) Values {
		c.claims = func(said map[string]any) { said[name] = value }
		return nil
	}
}

// published changes one field of the provider's configuration.
func published(name string, value func(*fakeCentre) any) func(*fakeCentre) Values {
	return func(c *fakeCentre) Values {
		c.replace[discoveryPath] = c.configuration(map[string]any{name: value(c)})
		return nil
	}
}

// answers is a CAS server that validates with a fixed answer.
func answers(body string) func(*house, *fakeCAS) Values {
	return func(_ *house, c *fakeCAS) Values {
		c.replace = text(http.StatusOK, "application/xml", body)
		return nil
	}
}

// strange is a TLS server whose authority is not trusted.
func strange(h *house) string {
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.TLS = &tls.Config{Certificates: []tls.Certificate{newAuthority(h.t).issue(h.t, "centre.test", time.Now().Add(time.Hour))}}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	h.t.Cleanup(s.Close)
	return strings.Replace(s.URL, "127.0.0.1", "centre.test", 1)
}

func failureOf(code string) string {
	return "<cas:serviceResponse xmlns:cas='" + casNamespace + "'><cas:authenticationFailure code='" + code + "'>said the server</cas:authenticationFailure></cas:serviceResponse>"
}

func atOwnOAuth2() []kindMistake {
	rows := []kindMistake{
		{title: "The client secret is another than at the source", check: trace.TokenClient, set: atCentre(only("client_secret", "another-secret-of-the-centre"))},
		{title: "The source knows no JWT for authentication", check: trace.TokenClient, set: atCentre(only("auth_method", "client_secret_jwt"))},
		{title: "The call-back address of the source is not registered", check: trace.AuthorizeRedirect, set: atCentre(func(c *fakeCentre) Values {
			c.domain = "other.example"
			return nil
		})},
		{title: "The subject field is misspelt", check: trace.AccountField, set: atCentre(only("subject_field", "usrid"))},
		{title: "The subject field holds a mail address", check: trace.SubjectStable, warns: true, set: atCentre(only("subject_field", "email"))},
		{title: "The binding attribute is not released", check: trace.AttributeCame, warns: true, set: atCentre(only("key_id", "")), rules: identity.SourceRules{
			Ours: identity.MatchAccount, Theirs: "employee_number",
		}},
		{title: "The user info address is wrong", check: trace.UserInfoStatus, set: atCentre(func(c *fakeCentre) Values {
			return Values{"userinfo_url": c.server.URL + "/nowhere"}
		})},
	}
	return ofKind(identity.SourceOAuth2, rows)
}

func ofKind(kind identity.SourceKind, rows []kindMistake) []kindMistake {
	for i := range rows {
		rows[i].kind = kind
	}
	return rows
}

func atOwnProvider() []kindMistake {
	issuer := func(address func(*house) string) func(*house) Values {
		return func(h *house) Values {
			return Values{"issuer": address(h), "client_id": goodClient, "client_secret": goodSecret}
		}
	}
	return ofKind(identity.SourceOIDC, []kindMistake{
		{title: "The host of the issuer is misspelt", check: trace.DiscoveryResolves, set: issuer(func(*house) string { return "https://login.acme.invalid" })},
		{title: "The issuer lies inside the network and is not allowed", check: trace.DiscoveryOpen, set: issuer(func(*house) string { return "https://inside.acme.example" })},
		{title: "Nothing listens at the port of the issuer", check: trace.DiscoveryReached, set: issuer(func(h *house) string { return nobodyListens(h.t) })},
		{title: "The issuer's certificate is of an authority that is not trusted", check: trace.DiscoveryTLS, set: issuer(strange)},
		{title: "The issuer publishes no configuration", check: trace.DiscoveryAnswer, set: atProvider(replaced(discoveryPath, http.NotFound))},
		{title: "The issuer is written with a slash at its end", check: trace.DiscoveryIssuer, set: atProvider(func(c *fakeCentre) Values {
			return Values{"issuer": c.server.URL + "/"}
		})},
		{title: "The configuration names no token address", check: trace.DiscoveryFields, set: atProvider(published("token_endpoint", func(*fakeCentre) any { return nil }))},
		{title: "The configuration names an address that is none", check: trace.DiscoveryFields, set: atProvider(published("userinfo_endpoint", func(*fakeCentre) any { return "/userinfo" }))},
		{title: "The keys lie inside the network", check: trace.KeysOpen, set: atProvider(published("jwks_uri", func(*fakeCentre) any { return "http://inside.acme.example/keys" }))},
		{title: "The address of the keys cannot be reached", check: trace.KeysReached, set: atProvider(published("jwks_uri", func(c *fakeCentre) any { return nobodyListens(c.t) }))},
		{title: "The JWK Set URL leads to a page", check: trace.KeysAnswer, set: atProvider(replaced("/keys", text(http.StatusOK, "text/html", html)))},
		{title: "The provider sends no ID token", check: trace.IDTokenMissing, set: atProvider(replaced("/token", text(http.StatusOK, "application/json", `{"access_token":"abc","token_type":"Bearer"}`)))},
		{title: "The ID token is for another client", check: trace.IDTokenAudience, set: atProvider(claimed("aud", "another"))},
		{title: "The ID token is of another issuer than the configuration's", check: trace.IDTokenIssuer, set: atProvider(claimed("iss", "https://other.example"))},
		{title: "The clocks of provider and server differ", check: trace.IDTokenTime, set: atProvider(claimed("exp", 1))},
		{title: "The provider does not return the nonce", check: trace.IDTokenNonce, set: atProvider(claimed("nonce", ""))},
		{title: "The provider signs with the client secret (HS256)", check: trace.IDTokenSignature, set: atProvider(func(c *fakeCentre) Values {
			c.signed = hmacSigned
			return nil
		})},
		{title: "The JWK Set URL leads to the keys of another provider", check: trace.IDTokenSignature, set: atProvider(func(c *fakeCentre) Values {
			c.signed = func(claims string) string { return selfSigned(c.t, claims) }
			return nil
		})},
		{title: "User info speaks of another person", check: trace.UserInfoSubject, set: atProvider(func(c *fakeCentre) Values {
			c.person["sub"] = "li"
			return nil
		})},
	})
}

func atOwnCAS() []kindMistake {
	validate := func(address func(*house) string) func(*house) Values {
		return atCAS(func(h *house, _ *fakeCAS) Values { return Values{"validate_url": address(h) + "/p3/serviceValidate"} })
	}
	return ofKind(identity.SourceCAS, []kindMistake{
		{title: "The host of the ticket validation address is misspelt", check: trace.ValidateResolves, set: validate(func(*house) string { return "https://cas.acme.invalid" })},
		{title: "The ticket validation address lies inside the network and is not allowed", check: trace.ValidateOpen, set: validate(func(*house) string { return "https://inside.acme.example" })},
		{title: "Nothing listens at the port of the ticket validation address", check: trace.ValidateReached, set: validate(func(h *house) string { return nobodyListens(h.t) })},
		{title: "The CAS server's certificate is of an authority that is not trusted", check: trace.ValidateTLS, set: validate(strange)},
		{title: "The ticket validation address is the sign-in page", check: trace.ValidateAnswer, set: atCAS(answers(html))},
		{title: "Version 1 is set for an address of version 3", check: trace.ValidateAnswer, set: atCAS(func(_ *house, _ *fakeCAS) Values { return Values{"version": "1"} })},
		{title: "The call-back address is no service of the CAS server", check: trace.UpstreamService, set: atCAS(answers(failureOf("INVALID_SERVICE")))},
		{title: "The CAS server fails", check: trace.UpstreamRefused, set: atCAS(answers(failureOf("INTERNAL_ERROR")))},
		{title: "Login address and ticket validation address belong to two servers", check: trace.UpstreamTaken, set: atCAS(func(h *house, _ *fakeCAS) Values {
			return Values{"login_url": newCAS(h.t).server.URL + "/cas/login"}
		})},
		{title: "The login address leads back without a ticket", check: trace.UpstreamTicket, set: atCAS(func(h *house, _ *fakeCAS) Values {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, r.URL.Query().Get("service"), http.StatusFound)
			}))
			h.t.Cleanup(s.Close)
			return Values{"login_url": s.URL}
		})},
		{title: "The subject field is an attribute that is not released", check: trace.AccountField, set: atCAS(func(*house, *fakeCAS) Values { return Values{"subject_field": "employeeNumber"} })},
		{title: "The CAS server shows an error for our call-back address", check: trace.LoginPage, warns: true, set: atCAS(func(_ *house, c *fakeCAS) Values {
			c.service = "https://other.example"
			return nil
		})},
		{title: "The login address cannot be reached from this server", check: trace.LoginReached, warns: true, set: atCAS(func(*house, *fakeCAS) Values {
			return Values{"login_url": "https://login.acme.invalid/cas/login"}
		})},
	})
}

func kindMistakes() []kindMistake {
	return append(append(atOwnOAuth2(), atOwnProvider()...), atOwnCAS()...)
}

// Each mistake is made, and the report of a try must name it.
func TestMistakesAtSourcesOfEveryKind(t *testing.T) {
	for _, m := range kindMistakes() {
		t.Run(string(m.kind)+": "+m.title, func(t *testing.T) {
			h := newHouse(t, houseOptions{})
			rules := m.rules
			if rules.Theirs == "" {
				rules = identity.SourceRules{Strategy: identity.CreateOnly}
			}
			try := h.trySource(h.disabled(m.kind), m.set(h), rules)
			if m.check == trace.LoginReached || m.check == trace.LoginPage {
				// The browser of the test gets no further than this server.
				m.warned(t, h.report(try))
				return
			}
			h.roundTrip(&fakeCentre{}, try)
			mistake{check: m.check, warns: m.warns}.judge(t, h, try)
		})
	}
}

// warned looks for a warning before the browser comes back.
func (m kindMistake) warned(t *testing.T, r Report) {
	t.Helper()
	for _, s := range r.Steps {
		if s.Name == m.check && s.State == trace.Warned && s.Remedy == m.check.RemedyKey() && r.State == TryWaiting {
			return
		}
	}
	t.Errorf("no warning %s, %s: %+v", m.check, r.State, r.Steps)
}
