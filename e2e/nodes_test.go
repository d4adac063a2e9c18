package e2e_test

import (
	"net/http"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

// TestTwoNodes runs two processes on one database: what one of them decides
// holds at the other.
func TestTwoNodes(t *testing.T) {
	onEach(t, func(t *testing.T, o harness.Options) {
		house := harness.New(t, o)
		a, b := house.Start(t), house.Start(t)
		t.Run("a token of one counts at the other", func(t *testing.T) {
			token := enter(t, a, "alice")
			b.Validate(t, token.AccessToken).Want(t, http.StatusOK, "")
			b.Use(t, token.AccessToken).Want(t, http.StatusOK, "")
		})
		t.Run("a token ended at one is refused at the other", func(t *testing.T) { endedElsewhere(t, a, b) })
		t.Run("a nonce used at one is refused at the other", func(t *testing.T) {
			call := harness.SignedCall(t, harness.AcmeApp(), person("alice"))
			a.Do(t, call).Want(t, http.StatusOK, "")
			b.Do(t, call).Want(t, http.StatusUnauthorized, "USG.206010025")
		})
		t.Run("an App ID disabled at one is refused at the other", func(t *testing.T) { disabledElsewhere(t, a, b) })
		t.Run("wrong passwords add up", func(t *testing.T) {
			for i := range 5 {
				[]*harness.Node{a, b}[i%2].Do(t, harness.PasswordCall(harness.Bob, "not-the-password", 72)).
					Want(t, http.StatusUnauthorized, "USG.206010000")
			}
			for _, n := range []*harness.Node{a, b} {
				n.Do(t, harness.PasswordCall(harness.Bob, harness.Password(harness.Bob), 72)).Want(t, http.StatusLocked, "USG.206030015")
			}
		})
	})
}

func endedElsewhere(t *testing.T, a, b *harness.Node) {
	t.Helper()
	token := enter(t, a, "alice")
	// The other node knows the token by now and keeps it in memory.
	for range 3 {
		b.Validate(t, token.AccessToken).Want(t, http.StatusOK, "")
	}
	a.SignOut(t, token.AccessToken).Want(t, http.StatusOK, "")
	a.Use(t, token.AccessToken).Want(t, http.StatusUnauthorized, "USG.206020000")
	harness.Until(t, spread, "the other node refuses the token", func() bool {
		return b.Validate(t, token.AccessToken).Code() == "USG.000000004"
	})
	b.Use(t, token.AccessToken).Want(t, http.StatusUnauthorized, "USG.206020000")
}

// disabledElsewhere switches acme's App ID off at one node and on again.
func disabledElsewhere(t *testing.T, a, b *harness.Node) {
	t.Helper()
	owner := a.SignIn(t, harness.Owner).AccessToken
	token := enter(t, b, "alice")
	setStatus(t, a, owner, 1)
	harness.Until(t, spread, "the other node refuses the App ID", func() bool {
		return b.Do(t, harness.SignedCall(t, harness.AcmeApp(), person("alice"))).Code() == "USG.206010025"
	})
	// Tokens made through it end with it (Meeting API, 3.1).
	harness.Until(t, spread, "the other node refuses the App ID's token", func() bool {
		return b.Validate(t, token.AccessToken).Status == http.StatusUnauthorized
	})
	setStatus(t, a, owner, 0)
	harness.Until(t, spread, "the other node takes the App ID again", func() bool {
		return b.Do(t, harness.SignedCall(t, harness.AcmeApp(), person("alice"))).Status == http.StatusOK
	})
	b.Validate(t, token.AccessToken).Want(t, http.StatusUnauthorized, "USG.000000004")
}

// setStatus enables (0) or disables (1) acme's App ID.
func setStatus(t *testing.T, n *harness.Node, owner string, status int) {
	t.Helper()
	n.Do(t, harness.Call{
		Method: http.MethodPut, Path: "/v2/usg/acs/corp/app/" + harness.AcmeApp().ID, Header: with(owner),
		Body: map[string]any{"status": status},
	}).Want(t, http.StatusOK, "")
}
