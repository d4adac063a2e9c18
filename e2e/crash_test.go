package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/e2e/harness"
)

// load is a stream of App ID logins: whatever was acknowledged is kept.
type load struct {
	mu     sync.Mutex
	tokens []string
	calls  []harness.Call // the logins behind the tokens
	faults []string       // answers that were neither a token nor a broken connection

	stop    context.CancelFunc
	workers sync.WaitGroup
}

const (
	loadWorkers = 8
	// loadPerPerson stays below the cap of tokens of one person.
	loadPerPerson = 20
)

// startLoad sends logins to a node until end is called or the node is gone.
func startLoad(t *testing.T, n *harness.Node, name string) *load {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	l := &load{stop: stop}
	t.Cleanup(l.end)
	for w := range loadWorkers {
		l.workers.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				if !l.login(ctx, t, n, fmt.Sprintf("%s-%d-%d", name, w, i/loadPerPerson)) {
					return
				}
			}
		})
	}
	return l
}

// login reports whether the node still answers.
func (l *load) login(ctx context.Context, t *testing.T, n *harness.Node, userID string) bool {
	call := harness.SignedCall(t, harness.AcmeApp(), person(userID))
	a, err := n.Try(ctx, call)
	if err != nil {
		return false
	}
	var token harness.Token
	fault := ""
	if err := json.Unmarshal(a.Body, &token); err != nil || a.Status != http.StatusOK || token.AccessToken == "" {
		fault = fmt.Sprintf("%d %s", a.Status, a.Body)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if fault != "" {
		l.faults = append(l.faults, fault)
		return true
	}
	l.tokens, l.calls = append(l.tokens, token.AccessToken), append(l.calls, call)
	return true
}

func (l *load) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.tokens)
}

// await waits for a number of acknowledged logins.
func (l *load) await(t *testing.T, n int) {
	t.Helper()
	harness.Until(t, 20*time.Second, fmt.Sprintf("%d logins under load", n), func() bool { return l.count() >= n })
}

// end waits until no login is under way any more.
func (l *load) end() {
	l.stop()
	l.workers.Wait()
}

// drain waits until the workers have noticed that the node is gone.
func (l *load) drain() { l.workers.Wait() }

// check fails for every acknowledged token that a node does not know.
func (l *load) check(t *testing.T, n *harness.Node) {
	t.Helper()
	for _, fault := range l.faults {
		t.Errorf("a login under load was answered with %s", fault)
	}
	lost := 0
	for _, token := range l.tokens {
		n.Secret(token)
		if a := n.Validate(t, token); a.Status != http.StatusOK {
			lost++
		}
	}
	if lost > 0 {
		t.Errorf("%d of %d acknowledged tokens were lost", lost, len(l.tokens))
	}
}

// TestKilledNode kills one of two nodes in the middle of its work: what it had
// acknowledged holds at the other.
func TestKilledNode(t *testing.T) {
	onPostgres(t, func(t *testing.T, o harness.Options) {
		house := harness.New(t, o)
		a, b := house.Start(t), house.Start(t)
		load := startLoad(t, a, "kill")
		load.await(t, 60)
		a.Kill(t)
		load.drain()
		load.check(t, b)
		for _, call := range load.calls[len(load.calls)-5:] {
			b.Do(t, call).Want(t, http.StatusUnauthorized, "USG.206010025")
		}
		enter(t, b, "alice")
	})
}

// TestKilledAndRestarted does the same to the only node.
func TestKilledAndRestarted(t *testing.T) {
	onEach(t, func(t *testing.T, o harness.Options) {
		house := harness.New(t, o)
		a := house.Start(t)
		owner := a.SignIn(t, harness.Owner)
		load := startLoad(t, a, "again")
		load.await(t, 60)
		a.Kill(t)
		load.drain()
		b := house.Start(t)
		load.check(t, b)
		// A nonce is as lasting as the token it gave.
		for _, call := range load.calls[len(load.calls)-5:] {
			b.Do(t, call).Want(t, http.StatusUnauthorized, "USG.206010025")
		}
		b.Use(t, owner.AccessToken).Want(t, http.StatusOK, "")
	})
}
