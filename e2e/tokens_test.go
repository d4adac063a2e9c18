package e2e_test

import (
	"net/http"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

// TestTokenCaps: a person holds 64 tokens as an API client and one as each
// other kind of client; the next one ends the oldest (Meeting API, 3.1).
func TestTokenCaps(t *testing.T) {
	onEach(t, func(t *testing.T, o harness.Options) {
		n := harness.New(t, o).Start(t)
		t.Run("the 65th API token ends the first", func(t *testing.T) {
			var tokens []harness.Token
			for range 65 {
				tokens = append(tokens, enter(t, n, "alice"))
			}
			n.Use(t, tokens[0].AccessToken).Want(t, http.StatusUnauthorized, "USG.206020002")
			n.Validate(t, tokens[0].AccessToken).Want(t, http.StatusUnauthorized, "USG.000000004")
			for _, token := range []harness.Token{tokens[1], tokens[64]} {
				n.Use(t, token.AccessToken).Want(t, http.StatusOK, "")
			}
		})
		t.Run("kinds of clients coexist", func(t *testing.T) {
			held := map[int]harness.Token{}
			for _, client := range []int{0, 5, 6, 72} {
				held[client] = n.SignInAs(t, harness.Bob, client)
			}
			for client, token := range held {
				if token.ClientType != client {
					t.Errorf("got client type %d, want %d", token.ClientType, client)
				}
				n.Use(t, token.AccessToken).Want(t, http.StatusOK, "")
			}
			second := n.SignInAs(t, harness.Bob, 0)
			n.Use(t, held[0].AccessToken).Want(t, http.StatusUnauthorized, "USG.206020002")
			for _, token := range []harness.Token{second, held[5], held[6], held[72]} {
				n.Use(t, token.AccessToken).Want(t, http.StatusOK, "")
			}
		})
	})
}

// TestLockout: five wrong passwords lock, the right one too, and a name that
// nobody has is answered with the same bytes.
func TestLockout(t *testing.T) {
	onEach(t, func(t *testing.T, o harness.Options) {
		n := harness.New(t, o).Start(t)
		type step struct {
			password string
			status   int
			code     string
		}
		wrong := step{"not-the-password", http.StatusUnauthorized, "USG.206010000"}
		locked := step{"not-the-password", http.StatusLocked, "USG.206030015"}
		right := step{harness.Password(harness.Bob), http.StatusLocked, "USG.206030015"}
		for i, s := range []step{wrong, wrong, wrong, wrong, wrong, locked, right} {
			known := n.Do(t, harness.PasswordCall(harness.Bob, s.password, 72)).Want(t, s.status, s.code)
			unknown := n.Do(t, harness.PasswordCall("nobody@acme.example", s.password, 72))
			if got, want := faceOf(t, unknown), faceOf(t, known); got != want {
				t.Errorf("attempt %d: an unknown name is answered with\n%s\na known one with\n%s", i+1, got, want)
			}
		}
		for _, name := range []string{"bob@acme.example", "BOB@ACME.EXAMPLE", harness.BobMobile} {
			n.Do(t, harness.PasswordCall(name, harness.Password(harness.Bob), 72)).Want(t, http.StatusLocked, "USG.206030015")
		}
		// Nobody else is locked out.
		n.SignIn(t, harness.Alice)
	})
}
