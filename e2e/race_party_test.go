package e2e_test

import (
	"net/http"
	"sync"
	"testing"

	"golang.org/x/oauth2"

	"github.com/orgate/orgate/e2e/harness"
)

// contenders is how many try for one thing at once.
const contenders = 50

// race lets everybody begin at the same instant and returns the tokens of those
// who won.
func race(t *testing.T, try func(i int) (*oauth2.Token, error)) (won []*oauth2.Token) {
	t.Helper()
	var begin, done sync.WaitGroup
	var mu sync.Mutex
	begin.Add(1)
	for i := range contenders {
		done.Go(func() {
			begin.Wait()
			token, err := try(i)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won = append(won, token)
				return
			}
			refusedGrant(t, "a contender", err)
		})
	}
	begin.Done()
	done.Wait()
	return won
}

// TestOneWinner: of many who redeem one code, or one refresh token, at once and
// at two nodes, one is given something. Whoever came second had what was not
// theirs, so that what the first one has ends too.
func TestOneWinner(t *testing.T) {
	onEach(t, func(t *testing.T, o harness.Options) {
		house := harness.NewWithApplications(t, o)
		nodes := [2]*harness.Node{house.Start(t), house.Start(t)}
		var parties [2]*harness.Party
		for i, n := range nodes {
			parties[i] = n.Party(t, harness.Wiki)
		}
		b := harness.ApplicationBrowser(t)
		t.Run("a code", func(t *testing.T) {
			asked, code := nodes[0].Code(t, b, parties[0], harness.Alice)
			won := race(t, func(i int) (*oauth2.Token, error) {
				return parties[i%2].Config.Exchange(t.Context(), code, oauth2.VerifierOption(asked.Verifier))
			})
			spent(t, parties, won)
		})
		t.Run("a refresh token", func(t *testing.T) {
			in := nodes[0].Enter(t, b, parties[0], harness.Alice)
			won := race(t, func(i int) (*oauth2.Token, error) { return redeem(t.Context(), parties[i%2], in.Token.RefreshToken) })
			spent(t, parties, won)
		})
		t.Run("a refresh token with grace", func(t *testing.T) { graceful(t, nodes, b) })
	})
}

// spent checks that one won, and that nothing of it counts at either node.
func spent(t *testing.T, parties [2]*harness.Party, won []*oauth2.Token) {
	t.Helper()
	if len(won) != 1 {
		t.Fatalf("got %d winners, want 1", len(won))
	}
	for i, p := range parties {
		harness.Until(t, spread, "the winner's access token ends", func() bool {
			_, err := p.Provider.UserInfo(t.Context(), oauth2.StaticTokenSource(won[0]))
			return err != nil
		})
		_, err := redeem(t.Context(), p, won[0].RefreshToken)
		refusedGrant(t, "the winner's refresh token at node "+string(rune('a'+i)), err)
	}
}

// graceful: where an application may be hasty, everybody is given the same
// successor, and that one counts.
func graceful(t *testing.T, nodes [2]*harness.Node, b *harness.Browser) {
	t.Helper()
	parties := [2]*harness.Party{nodes[0].Party(t, harness.Hasty), nodes[1].Party(t, harness.Hasty)}
	in := nodes[0].Enter(t, b, parties[0], harness.Alice)
	won := race(t, func(i int) (*oauth2.Token, error) { return redeem(t.Context(), parties[i%2], in.Token.RefreshToken) })
	if len(won) != contenders {
		t.Fatalf("%d were given a successor, want all %d", len(won), contenders)
	}
	for _, token := range won {
		if token.RefreshToken != won[0].RefreshToken {
			t.Fatal("there are two successors")
		}
	}
	renew(t, parties[1], won[0])
}

// TestKeysRotateWhileSigningIn changes the keys that sign again and again while
// people come in: no verification fails.
func TestKeysRotateWhileSigningIn(t *testing.T) {
	house := harness.NewWithApplications(t, harness.Options{})
	n := house.Start(t)
	p, desk := n.Party(t, harness.Wiki), n.Party(t, harness.Desk, "profile")
	rotated := make(chan harness.Result, 1)
	b := harness.ApplicationBrowser(t)
	for range 4 {
		go func() { rotated <- house.Run(t, "keys", "rotate", "--signing") }()
		for entries, done := 0, false; entries < 2 || !done; entries++ {
			entersWithKeys(t, n, b, p, desk)
			select {
			case result := <-rotated:
				result.Want(t, 0)
				done = true
			default:
			}
		}
	}
}

// entersWithKeys lets somebody in to an application that verifies ID tokens,
// and to one whose JWT access tokens we verify ourselves.
func entersWithKeys(t *testing.T, n *harness.Node, b *harness.Browser, p, desk *harness.Party) {
	t.Helper()
	n.Enter(t, b, p, harness.Alice)
	asked, code := n.Code(t, b, desk, harness.Alice)
	token, err := desk.Config.Exchange(t.Context(), code, oauth2.VerifierOption(asked.Verifier))
	if err != nil {
		t.Fatal(err)
	}
	n.Secret(token.AccessToken, token.RefreshToken)
	n.Do(t, harness.Call{Path: "/oauth2/userinfo", Header: bearer(token.AccessToken)}).Want(t, http.StatusOK, "")
}
