package policy

import (
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// gate counts failures of one database.
type gate struct {
	t     *testing.T
	db    *store.DB
	clock *storetest.Clock
}

func newGate(t *testing.T, open func(...storetest.Option) *store.DB) gate {
	t.Helper()
	clock := storetest.NewClock()
	return gate{t, open(storetest.WithClock(clock)), clock}
}

func each(t *testing.T, test func(g gate)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) { test(newGate(t, open)) })
}

// fail counts a failure of alice.
func (g gate) fail(l Lockout) (locked bool) {
	g.t.Helper()
	err := g.db.Act(g.t.Context(), store.ActAttempt, func(tx *store.Tx) (err error) {
		locked, err = Failed(tx, "alice", l)
		return err
	})
	if err != nil {
		g.t.Fatalf("failed: %v", err)
	}
	return locked
}

// left is how many seconds a subject stays locked, 0 when it is open. It asks
// in a View, as sign-in does before the hash.
func (g gate) left(subject string) int {
	g.t.Helper()
	err := g.db.View(g.t.Context(), func(tx *store.Tx) error { return Locked(tx, subject) })
	if err == nil {
		return 0
	}
	f := fault.Of(err)
	if f.Kind != fault.TooMany || f.Code != fault.CodeLocked {
		g.t.Fatalf("locked: %v", err)
	}
	seconds, _ := f.Params["seconds"].(int)
	return seconds
}

func TestFiveFailuresLockForFiveMinutes(t *testing.T) {
	each(t, func(g gate) {
		for n := 1; n <= 5; n++ {
			if got := g.fail(Lockout{}); got != (n == 5) {
				g.t.Errorf("failure %d: locked %v", n, got)
			}
		}
		if got := g.left("alice"); got != 301 {
			g.t.Errorf("%d seconds left, want 301", got)
		}
		if got := g.left("bob"); got != 0 {
			g.t.Errorf("another subject is locked for %d seconds", got)
		}
		// Failures while locked neither prolong it nor lock anew.
		g.clock.Advance(4 * time.Minute)
		if g.fail(Lockout{}) {
			g.t.Error("a locked subject was locked again")
		}
		if got := g.left("alice"); got != 61 {
			g.t.Errorf("%d seconds left, want 61", got)
		}
		g.clock.Advance(time.Minute - time.Millisecond)
		if got := g.left("alice"); got != 1 {
			g.t.Errorf("%d seconds left, want 1", got)
		}
		g.clock.Advance(time.Millisecond)
		if got := g.left("alice"); got != 0 {
			g.t.Errorf("locked for %d seconds after its end", got)
		}
		// The count begins anew.
		for n := 1; n <= 5; n++ {
			if got := g.fail(Lockout{}); got != (n == 5) {
				g.t.Errorf("after the lock, failure %d: locked %v", n, got)
			}
		}
	})
}

func TestOldFailuresAreForgotten(t *testing.T) {
	each(t, func(g gate) {
		l := Lockout{After: 3, For: time.Minute}
		g.fail(l)
		g.fail(l)
		g.clock.Advance(time.Minute)
		for range 2 {
			if g.fail(l) {
				g.t.Error("failures of an earlier minute count")
			}
		}
		if !g.fail(l) {
			g.t.Error("three failures in a minute do not lock")
		}
	})
}

func TestClear(t *testing.T) {
	each(t, func(g gate) {
		l := Lockout{After: 2, For: time.Minute}
		clearAll := func() {
			err := g.db.Act(g.t.Context(), store.ActAttempt, func(tx *store.Tx) error { return Clear(tx, "alice") })
			if err != nil {
				g.t.Errorf("clear: %v", err)
			}
		}
		clearAll()
		g.fail(l)
		clearAll()
		if g.fail(l) {
			g.t.Error("a failure before a good proof counts")
		}
		if !g.fail(l) {
			g.t.Error("two failures do not lock")
		}
		clearAll()
		if got := g.left("alice"); got != 0 {
			g.t.Errorf("locked for %d seconds after it was cleared", got)
		}
	})
}

func TestParallelFailuresAreAllCounted(t *testing.T) {
	each(t, func(g gate) {
		var mu sync.Mutex
		var work sync.WaitGroup
		locks := 0
		for range 20 {
			work.Go(func() {
				if g.fail(Lockout{After: 7, For: time.Minute}) {
					mu.Lock()
					locks++
					mu.Unlock()
				}
			})
		}
		work.Wait()
		if locks != 1 || g.left("alice") == 0 {
			g.t.Errorf("locked %d times", locks)
		}
		var a store.Attempt
		err := g.db.View(g.t.Context(), func(tx *store.Tx) (err error) {
			a, err = tx.Attempts.Get("alice")
			return err
		})
		if err != nil || a.Failures != 7 {
			g.t.Errorf("%d failures are counted, %v, want the 7 that locked", a.Failures, err)
		}
	})
}

func TestDefaults(t *testing.T) {
	for _, row := range []struct{ given, want Lockout }{
		{Lockout{}, Lockout{5, 5 * time.Minute}},
		{Lockout{After: -1, For: -time.Second}, Lockout{5, 5 * time.Minute}},
		{Lockout{After: 3}, Lockout{3, 5 * time.Minute}},
		{Lockout{For: time.Hour}, Lockout{5, time.Hour}},
	} {
		if got := row.given.orDefault(); got != row.want {
			t.Errorf("%+v: got %+v, want %+v", row.given, got, row.want)
		}
	}
}
