package e2e_test

import (
	"fmt"
	"slices"
	"testing"

	"golang.org/x/oauth2"

	"github.com/orgate/orgate/e2e/harness"
)

// TestContextsAskedFor asks for authentication contexts where no access policy
// does: an essential one is reached or nobody passes, another one is a wish
// (OpenID Connect Core 1.0, 5.5.1.1; RFC 9470).
func TestContextsAskedFor(t *testing.T) {
	onEach(t, func(t *testing.T, o harness.Options) {
		h := newGated(t, o)
		h.open(t)
		p := h.wiki[h.a]
		b := harness.NewBrowser(t, "http://127.0.0.1:9")
		const one, two = "urn:orgate:loa:1", "urn:orgate:loa:2"
		silent := harness.Param("prompt", "none")
		wish := harness.Param("acr_values", two)
		essential := func(value string) oauth2.AuthCodeOption {
			return harness.Param("claims", fmt.Sprintf(`{"id_token":{"acr":{"essential":true,"values":[%q]}}}`, value))
		}
		ask := func(more ...oauth2.AuthCodeOption) (harness.Asked, harness.Page) {
			a := p.Ask(more...)
			return a, b.Open(t, a.URL)
		}
		refused := func(what, want string, more ...oauth2.AuthCodeOption) {
			t.Helper()
			a, page := ask(more...)
			if got := h.a.Answer(t, p, a, page).Get("error"); got != want {
				t.Errorf("%s: error %q, want %q", what, got, want)
			}
		}
		enters := func(what, want string, a harness.Asked, page harness.Page) {
			t.Helper()
			in, err := p.Redeem(t.Context(), a, h.a.Answer(t, p, a, page).Get("code"))
			if err != nil {
				t.Fatalf("%s: %v at %s (%d)", what, err, page.URL, page.Status)
			}
			if in.Claims["acr"] != want {
				t.Errorf("%s: acr %v, want %s", what, in.Claims["acr"], want)
			}
		}
		passes := func(what, want string, more ...oauth2.AuthCodeOption) {
			t.Helper()
			a, page := ask(more...)
			enters(what, want, a, page)
		}

		refused("nobody is signed in", "login_required", silent, essential(two))
		refused("nobody can reach it", "unmet_authentication_requirements", essential("gold"))
		a, page := ask()
		enters("signed in", one, a, b.SignIn(t, page, harness.Bob))
		refused("essential, silent", "interaction_required", silent, essential(two))
		refused("essential and unknown, silent", "unmet_authentication_requirements", silent, essential("gold"))
		passes("a wish, silent", one, silent, wish)
		passes("unknown values", one, harness.Param("acr_values", "gold silver"))
		for what, option := range map[string]oauth2.AuthCodeOption{"a wish": wish, "a wish, with an age": harness.Param("acr_values", two+" gold")} {
			more := []oauth2.AuthCodeOption{option}
			if option != wish {
				more = append(more, harness.Param("max_age", "3600"))
			}
			if _, page := ask(more...); h.seen(t, page, "code") != unproven {
				t.Errorf("%s: no second proof is asked for at %s", what, page.URL)
			}
		}
		a, page = ask(essential(two))
		enters("essential", two, a, h.prove(t, b, page))
		for _, more := range [][]oauth2.AuthCodeOption{{silent, essential(two)}, {silent, wish}, {silent}} {
			passes("from then on", two, more...)
		}
		passes("essential, of a single proof", one, silent, essential(one))
		a, page = ask(silent, essential(two))
		in, err := p.Redeem(t.Context(), a, h.a.Answer(t, p, a, page).Get("code"))
		if amr, _ := in.Claims["amr"].([]any); err != nil || !slices.Contains(amr, any("mfa")) {
			t.Errorf("amr %v, %v, want mfa among them", in.Claims["amr"], err)
		}
	})
}
