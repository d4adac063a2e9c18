package source

import (
	"crypto/elliptic"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/coreos/go-oidc/v3/oidc/oidctest"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// party is a source of one kind with its other side.
type party struct {
	name  string
	kind  identity.SourceKind
	found Found
	// claims changes what the other side says in ID tokens, signed how; both do
	// nothing where there is none.
	centre *fakeCentre
}

// parties are the kinds, each twice over: whoever adds one adds it here, and
// answers every attack below.
func parties(h *house) []party {
	plain, openid, provider := newCentre(h.t, nil), newCentre(h.t, nil), newCentre(h.t, nil)
	for _, c := range []*fakeCentre{plain, openid, provider} {
		c.now = h.clock.Now
	}
	return []party{
		{"oauth2", identity.SourceOAuth2, h.add(identity.SourceOAuth2, plain.oauth2(), byMail()), plain},
		{"oauth2 with openid", identity.SourceOAuth2, h.add(identity.SourceOAuth2, openid.oauth2(Values{"scope": "openid"}), byMail()), openid},
		{"oidc", identity.SourceOIDC, h.add(identity.SourceOIDC, provider.provider(), byMail()), provider},
		{"cas", identity.SourceCAS, h.add(identity.SourceCAS, newCAS(h.t).settings(), byMail()), &fakeCentre{}},
	}
}

// goes begins a sign-in and comes back with the answer.
func (h *house) goes(f Found) (Attempt, url.Values) {
	h.t.Helper()
	_, a, err := h.NewAttempt(h.t.Context(), f, AttemptOptions{Purpose: ForWeb, Flow: "a browser"})
	if err != nil {
		h.t.Fatal(err)
	}
	step, err := h.Begin(h.t.Context(), f, a)
	if err != nil {
		h.t.Fatal(err)
	}
	query, err := h.browse(step.URL, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return a, query
}

// ends finishes a sign-in and tells the check that failed, "" for none.
func (h *house) ends(f Found, a Attempt, query url.Values) string {
	h.t.Helper()
	story := trace.Begin(trace.SourceLogin, identity.Origin{})
	p, err := h.Finish(h.t.Context(), f, a, Answer{Query: query}, story)
	check, _ := firstBad(story)
	if (err == nil) != (check == "") || err != nil && (p.Subject != "" || fault.KindOf(err) != fault.Unauthenticated) {
		h.t.Errorf("%v at %q with %q", err, check, p.Subject)
	}
	return string(check)
}

// attack is one way to be let in as somebody else, with the check that refuses
// it at each kind; "-" where the kind has nothing to be attacked.
type attack struct {
	name string
	run  func(h *house, p party) string
	want map[string]string
}

// everywhere is the same check for every kind.
func everywhere(check string) map[string]string {
	return map[string]string{"oauth2": check, "oauth2 with openid": check, "oidc": check, "cas": check}
}

// inTokens is for attacks on ID tokens.
func inTokens(check string) map[string]string {
	return map[string]string{"oauth2": "-", "oauth2 with openid": check, "oidc": check, "cas": "-"}
}

// says is an attack by what stands in ID tokens.
func says(name string, value any) func(*house, party) string {
	return func(h *house, p party) string {
		p.centre.claims = func(said map[string]any) {
			if said[name] = value; value == nil {
				delete(said, name)
			}
		}
		a, query := h.goes(p.found)
		return h.ends(p.found, a, query)
	}
}

// signs is an attack by how ID tokens are signed.
func signs(sign func(c *fakeCentre, claims string) string) func(*house, party) string {
	return func(h *house, p party) string {
		p.centre.signed = func(claims string) string { return sign(p.centre, claims) }
		a, query := h.goes(p.found)
		return h.ends(p.found, a, query)
	}
}

func attacksOnAnswers() []attack {
	return []attack{
		{"nothing wrong", func(h *house, p party) string {
			a, query := h.goes(p.found)
			return h.ends(p.found, a, query)
		}, everywhere("")},
		{"a replayed answer", func(h *house, p party) string {
			a, query := h.goes(p.found)
			h.ends(p.found, a, query)
			return h.ends(p.found, a, query)
		}, map[string]string{"oauth2": "token_code", "oauth2 with openid": "token_code", "oidc": "token_code", "cas": "upstream_taken"}},
		{"a replayed state", func(h *house, p party) string {
			a, _ := h.goes(p.found)
			return h.taken(a.State, a.State)
		}, everywhere("attempt_ended")},
		{"a state of nobody", func(h *house, p party) string { return h.taken(randomWord()) }, everywhere("attempt_ended")},
		{"an answer that comes too late", func(h *house, p party) string {
			a, _ := h.goes(p.found)
			h.clock.Advance(attemptLife)
			return h.taken(a.State)
		}, everywhere("attempt_ended")},
		{"the answer to another sign-in here", func(h *house, p party) string {
			_, theirs := h.goes(p.found)
			mine, _ := h.goes(p.found)
			return h.ends(p.found, mine, theirs)
		}, map[string]string{"oauth2": "token_code", "oauth2 with openid": "token_code", "oidc": "token_code", "cas": "upstream_service"}},
		{"the state of a sign-in at another source", func(h *house, p party) string {
			other := h.add(identity.SourceOAuth2, newCentre(h.t, nil).oauth2(), byMail())
			_, query := h.goes(p.found)
			_, foreign, err := h.NewAttempt(h.t.Context(), other, AttemptOptions{Purpose: ForWeb})
			if err != nil {
				h.t.Fatal(err)
			}
			return h.ends(p.found, foreign, query)
		}, everywhere("source_state")},
		{"an answer meant for settings that were changed", func(h *house, p party) string {
			a, query := h.goes(p.found)
			a.Version++
			return h.ends(p.found, a, query)
		}, everywhere("source_state")},
		{"claims in the address", func(h *house, p party) string {
			a, _ := h.goes(p.found)
			return h.ends(p.found, a, url.Values{
				"state": {a.State}, "sub": {"zhang"}, "user": {"zhang"}, "access_token": {goodToken}, "id_token": {"e30.e30.e30"}, "email": {"zhang@acme.example"},
			})
		}, map[string]string{"oauth2": "authorize_answer", "oauth2 with openid": "authorize_answer", "oidc": "authorize_answer", "cas": "upstream_ticket"}},
		{"two answers in one", func(h *house, p party) string {
			a, query := h.goes(p.found)
			for _, name := range []string{"code", "ticket"} {
				if query.Has(name) {
					query.Add(name, "ST-1-another")
				}
			}
			return h.ends(p.found, a, query)
		}, map[string]string{"oauth2": "authorize_answer", "oauth2 with openid": "authorize_answer", "oidc": "authorize_answer", "cas": "upstream_ticket"}},
		{"another issuer in the answer", func(h *house, p party) string {
			a, query := h.goes(p.found)
			query.Set("iss", "https://evil.example")
			return h.ends(p.found, a, query)
		}, map[string]string{"oauth2": "authorize_issuer", "oauth2 with openid": "authorize_issuer", "oidc": "authorize_issuer", "cas": "-"}},
	}
}

func attacksOnTokens() []attack {
	return []attack{
		{"another issuer", says("iss", "https://evil.example"), inTokens("id_token_issuer")},
		{"no issuer", says("iss", nil), inTokens("id_token_issuer")},
		{"another audience", says("aud", "another"), inTokens("id_token_audience")},
		{"no audience", says("aud", []string{}), inTokens("id_token_audience")},
		{"meant for another party", says("azp", "another"), inTokens("id_token_audience")},
		{"an audience that is a number", says("aud", 7), inTokens("id_token_form")},
		{"expired", says("exp", 1), inTokens("id_token_time")},
		{"without an end", says("exp", nil), inTokens("id_token_time")},
		{"of the future", says("iat", 1<<40), inTokens("id_token_time")},
		{"not yet valid", says("nbf", 1<<40), inTokens("id_token_time")},
		{"the nonce of another sign-in", says("nonce", "n"), inTokens("id_token_nonce")},
		{"no nonce", says("nonce", nil), inTokens("id_token_nonce")},
		{"nobody", says("sub", nil), inTokens("id_token_form")},
		{"somebody else than user info says", says("sub", "li"), inTokens("userinfo_subject")},
		{"unsigned", signs(func(_ *fakeCentre, claims string) string { return unsigned(`{"alg":"none"}`, claims) }), inTokens("id_token_signature")},
		{"signed with the secret", signs(func(_ *fakeCentre, claims string) string { return hmacSigned(claims) }), inTokens("id_token_signature")},
		{"signed with a key of its own", signs(func(c *fakeCentre, claims string) string { return selfSigned(c.t, claims) }), inTokens("id_token_signature")},
	}
}

func TestEveryKindRefuses(t *testing.T) {
	for _, attack := range append(attacksOnAnswers(), attacksOnTokens()...) {
		t.Run(attack.name, func(t *testing.T) {
			h := newHouse(t, houseOptions{})
			all := parties(h)
			seen := map[identity.SourceKind]bool{}
			for _, p := range all {
				seen[p.kind] = true
				want, there := attack.want[p.name]
				if !there {
					t.Errorf("nobody says what becomes of it at %s", p.name)
				}
				if want == "-" {
					continue
				}
				if got := attack.run(h, p); got != want {
					t.Errorf("at %s it ends at %q, want %q", p.name, got, want)
				}
			}
			for _, kind := range Kinds() {
				if !seen[kind] {
					t.Errorf("the kind %s is not attacked", kind)
				}
			}
		})
	}
}

// taken redeems states and returns the code of the last one's fault.
func (h *house) taken(states ...string) (code string) {
	h.t.Helper()
	for _, state := range states {
		_, err := h.TakeAttempt(h.t.Context(), state)
		code = strings.TrimSuffix(codes(err), " at ")
	}
	return code
}

// The answer of one source, given to another that trusts the same centre, is
// told apart by the address at which it comes (RFC 9700, 4.4).
func TestCallBackAddressesDiffer(t *testing.T) {
	h := newHouse(t, houseOptions{})
	seen := map[string]bool{}
	for _, p := range parties(h) {
		callback := h.CallbackOf(p.found.Source)
		if seen[callback] || !strings.Contains(callback, string(p.found.Source.ID)) {
			t.Errorf("%s comes back to %s", p.name, callback)
		}
		seen[callback] = true
		if _, query := h.goes(p.found); query.Get("state") == "" {
			t.Errorf("%s brings no state", p.name)
		}
	}
}

// No call follows a redirect with a secret in it.
func TestSecretsFollowNoRedirect(t *testing.T) {
	for _, kind := range []identity.SourceKind{identity.SourceOAuth2, identity.SourceCAS} {
		h := newHouse(t, houseOptions{})
		caught := newCentre(t, nil)
		var f Found
		if kind == identity.SourceCAS {
			c := newCAS(t)
			c.replace = redirectTo(caught.server.URL + "/caught")
			f = h.add(kind, c.settings(), byMail())
		} else {
			c := newCentre(t, nil)
			c.now = h.clock.Now
			c.replace["/token"] = func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, caught.server.URL+"/caught", http.StatusTemporaryRedirect)
			}
			f = h.add(kind, c.oauth2(), byMail())
		}
		a, query := h.goes(f)
		if got := h.ends(f, a, query); got != "token_redirect" && got != "validate_answer" || len(caught.asked("/caught")) > 0 {
			t.Errorf("%s: %q, caught %d times", kind, got, len(caught.asked("/caught")))
		}
	}
}

// unsigned is a token whose header says how it is not signed.
func unsigned(header, claims string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + "."
}

func hmacSigned(claims string) string {
	return oidctest.SignIDToken([]byte(goodSecret+goodSecret), "key-1", "HS256", claims)
}

func selfSigned(t *testing.T, claims string) string {
	t.Helper()
	return oidctest.SignIDToken(ecKey(t, elliptic.P256()), "key-1", oidc.ES256, claims)
}
