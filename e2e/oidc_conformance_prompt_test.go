package e2e_test

import (
	"net/http"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

// TestOIDCConformancePrompts are the modules of the Basic plan in which somebody
// who is signed in comes again.
func TestOIDCConformancePrompts(t *testing.T) {
	p := newParty(t, "")
	for _, module := range []struct {
		name string
		test func(*testing.T, party)
	}{
		{"OIDCCPromptLogin", promptLogin},
		{"OIDCCPromptNoneNotLoggedIn", promptNoneNotLoggedIn},
		{"OIDCCPromptNoneLoggedIn", promptNoneLoggedIn},
		{"OIDCCMaxAge1", maxAge1},
		{"OIDCCMaxAge10000", maxAge10000},
		{"OIDCCIdTokenHint", idTokenHint},
	} {
		t.Run(module.name, func(t *testing.T) { module.test(t, p) })
	}
}

// again signs in a second time in the same browser and returns the claims of
// both ID tokens.
func (p party) again(t *testing.T, changes ...string) (first, second map[string]any) {
	t.Helper()
	b, first, _ := p.login(t)
	pause(t, 2)
	page := p.open(t, b, changes...)
	if page.Status != http.StatusOK {
		t.Fatalf("got %d at %s, want the sign-in page", page.Status, page.URL)
	}
	second = p.identify(t, p.redeem(t, p.answer(t, b.SignIn(t, page, harness.Alice))), rpNonce)
	if first["sub"] != second["sub"] {
		t.Errorf("sub: got %v, want %v", second["sub"], first["sub"])
	}
	return first, second
}

func promptLogin(t *testing.T, p party) {
	if first, second := p.again(t, "prompt", "login"); second["auth_time"].(float64) <= first["auth_time"].(float64) {
		t.Errorf("auth_time: got %v, want later than %v", second["auth_time"], first["auth_time"])
	}
}

func maxAge1(t *testing.T, p party) {
	if first, second := p.again(t, "max_age", "1"); second["auth_time"].(float64) <= first["auth_time"].(float64) {
		t.Errorf("auth_time: got %v, want later than %v", second["auth_time"], first["auth_time"])
	}
}

func promptNoneNotLoggedIn(t *testing.T, p party) {
	failed(t, p.answer(t, p.open(t, p.browser(t), "prompt", "none")), "login_required", "interaction_required")
}

// silent signs in again without a page and wants the same person and the same
// auth_time.
func (p party) silent(t *testing.T, b *harness.Browser, first map[string]any, changes ...string) {
	t.Helper()
	second := p.identify(t, p.redeem(t, p.answer(t, p.open(t, b, changes...))), rpNonce)
	for _, name := range []string{"sub", "auth_time", "sid"} {
		if second[name] != first[name] {
			t.Errorf("%s: got %v, want %v", name, second[name], first[name])
		}
	}
}

func promptNoneLoggedIn(t *testing.T, p party) {
	b, first, _ := p.login(t)
	p.silent(t, b, first, "prompt", "none")
}

func maxAge10000(t *testing.T, p party) {
	b, first, _ := p.login(t)
	p.silent(t, b, first, "max_age", "10000")
}

func idTokenHint(t *testing.T, p party) {
	b, first, said := p.login(t)
	p.silent(t, b, first, "prompt", "none", "id_token_hint", said.IDToken)
}
