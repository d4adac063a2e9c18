package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// patience is how long a test waits for what other goroutines do.
const patience = 10 * time.Second

// await returns when ok holds; it asks again at every tick.
func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(patience)
	for !ok() {
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatalf("waited %v for %s", patience, what)
		}
	}
}

// hear returns when key arrives.
func hear(t *testing.T, heard <-chan string, key string) {
	t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case got := <-heard:
			if got == key {
				return
			}
			if got != "" {
				t.Fatalf("heard %q, want %q", got, key)
			}
		case <-deadline:
			t.Fatalf("waited %v to hear %q", patience, key)
		}
	}
}

func TestFeedReachesEveryNode(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		here, there := open(), open()
		await(t, "both feeds", func() bool { return here.Feed().Current() && there.Feed().Current() })
		near, far, cancelled := make(chan string, 16), make(chan string, 16), make(chan string, 16)
		here.Feed().Subscribe("members", func(key string) { near <- key })
		there.Feed().Subscribe("members", func(key string) { far <- key })
		there.Feed().Subscribe("applications", func(key string) {
			if key != "" {
				t.Errorf("heard %q under another topic", key)
			}
		})
		there.Feed().Subscribe("members", func(key string) { cancelled <- key })()
		change := func(key string, outcome error) error {
			return here.Update(t.Context(), func(tx *store.Tx) error {
				tx.NoEvent("test")
				if err := tx.Changed("members", key); err != nil {
					return err
				}
				return outcome
			})
		}
		if err := change("rolled back", errWanted); err == nil {
			t.Fatal("the failing update succeeded")
		}
		if err := change("mem_1", nil); err != nil {
			t.Fatal(err)
		}
		select {
		case got := <-near:
			if got != "mem_1" && got != "" {
				t.Errorf("heard %q, want mem_1", got)
			}
		default:
			t.Error("the node that made the change had not heard of it when Update returned")
		}
		hear(t, far, "mem_1")
		if len(cancelled) > 0 {
			t.Error("a cancelled subscription was called")
		}
		if err := change(strings.Repeat("k", 8000), nil); fault.KindOf(err) != fault.Internal {
			t.Errorf("a key longer than an announcement: got %v", err)
		}
	})
}

func TestSweepChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		db := open(storetest.WithClock(clock))
		for range 5 {
			err := db.Update(t.Context(), func(tx *store.Tx) error { tx.NoEvent("test"); return tx.Changed("members", "m") })
			if err != nil {
				t.Fatal(err)
			}
			clock.Advance(time.Hour)
		}
		sweep := func(limit int) (n int64) {
			err := db.Act(t.Context(), store.ActSweep, func(tx *store.Tx) (err error) {
				n, err = tx.SweepChanges(tx.Now().Add(-3*time.Hour), limit)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if a, b := sweep(1), sweep(10); a != 1 || b != 1 {
			t.Errorf("swept %d and %d, want 1 and 1 of the two old ones", a, b)
		}
	})
}
