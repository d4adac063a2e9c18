package ticket

import (
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// A word is claimed once. Without an end it is remembered for a day wherever
// midnight falls, and the clock that moves on between two uses changes nothing.
func TestClaim(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		db := open(storetest.WithClock(clock))
		claim := func(word string, until time.Time) (ok bool) {
			t.Helper()
			return claimed(t, db, "nonce", word, until)
		}
		end := clock.Now().Add(time.Hour)
		if first, second := claim("ending", end), claim("ending", end); !first || second {
			t.Errorf("ending: got %v then %v, want once", first, second)
		}
		midnight := clock.Now().Truncate(24 * time.Hour).Add(24 * time.Hour)
		for name, start := range map[string]time.Time{"morning": midnight, "noon": midnight.Add(12 * time.Hour), "evening": midnight.Add(24*time.Hour - time.Second)} {
			clock.Set(start)
			if !claim(name, time.Time{}) {
				t.Fatalf("%s: refused the first time", name)
			}
			for _, later := range []time.Duration{0, time.Second, time.Minute, 13 * time.Hour, 24 * time.Hour} {
				clock.Set(start.Add(later))
				sweep(t, db)
				if claim(name, time.Time{}) {
					t.Errorf("%s: taken again %v later", name, later)
				}
			}
			clock.Set(start.Add(48 * time.Hour))
			if !claim(name, time.Time{}) {
				t.Errorf("%s: remembered beyond two days", name)
			}
		}
	})
}

var errTaken = fault.New(fault.Conflict, fault.CodeSpent)

// claimed claims a word in a transaction of its own and tells whether it was
// free.
func claimed(t *testing.T, db *store.DB, space, word string, until time.Time) bool {
	t.Helper()
	err := db.Act(t.Context(), store.ActTicket, func(tx *store.Tx) error { return Claim(tx, space, word, until, errTaken) })
	if err != nil && !fault.Is(err, fault.CodeSpent) {
		t.Fatal(err)
	}
	return err == nil
}

// sweep forgets what may be forgotten by now.
func sweep(t *testing.T, db *store.DB) {
	t.Helper()
	err := db.Act(t.Context(), store.ActSweep, func(tx *store.Tx) error {
		_, err := tx.Claims.Sweep(tx.Now(), 1000)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
