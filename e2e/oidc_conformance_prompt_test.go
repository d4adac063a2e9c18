package e2e_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/orgate/orgate/e2e/harness"
)

// again lets somebody who signed in come back with a request that has to ask
// again, and returns auth_time of both ID tokens, in seconds. The clock is past
// the first one by more than that many seconds when the second begins.
func (p party) again(t *testing.T, seconds float64, changes ...string) (first, second float64) {
	t.Helper()
	b, before, _ := p.login(t)
	first, ok := before["auth_time"].(float64)
	if !ok {
		t.Fatalf("auth_time: got %v", before["auth_time"])
	}
	harness.Until(t, 10*time.Second, "a later moment", func() bool { return float64(time.Now().Unix()) > first+seconds })
	page := p.open(t, b, changes...)
	if page.Status != http.StatusOK {
		t.Fatalf("got %d at %s, want the sign-in page", page.Status, page.URL)
	}
	after := p.identify(t, p.redeem(t, p.answer(t, b.SignIn(t, page, harness.Alice))), rpNonce)
	if before["sub"] != after["sub"] {
		t.Errorf("sub: got %v, want %v", after["sub"], before["sub"])
	}
	second, _ = after["auth_time"].(float64)
	return first, second
}

func promptLogin(t *testing.T, p party) {
	if first, second := p.again(t, 0, "prompt", "login"); second <= first {
		t.Errorf("auth_time: got %v, want later than %v", second, first)
	}
}

func maxAge1(t *testing.T, p party) {
	if first, second := p.again(t, 1, "max_age", "1"); second <= first {
		t.Errorf("auth_time: got %v, want later than %v", second, first)
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
		if second[name] == nil || second[name] != first[name] {
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
