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

// Claimed tells what Claim would find, for words with an end and without, and
// claims nothing itself.
func TestClaimed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		db := open(storetest.WithClock(clock))
		taken := func(space, word string, until time.Time) (is bool) {
			t.Helper()
			err := db.View(t.Context(), func(tx *store.Tx) (err error) {
				is, err = Claimed(tx, space, word, until)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return is
		}
		for name, until := range map[string]time.Time{"ending": clock.Now().Add(time.Hour), "without end": {}} {
			if first, second := taken("nonce", name, until), taken("nonce", name, until); first || second {
				t.Errorf("%s: taken before its use: %t, and once somebody asked: %t", name, first, second)
			}
			if !claimed(t, db, "nonce", name, until) || !taken("nonce", name, until) || taken("other", name, until) {
				t.Errorf("%s: not taken after its use, or in another name space", name)
			}
		}
		clock.Advance(25 * time.Hour) // what is claimed for today and tomorrow is still taken tomorrow
		if !taken("nonce", "without end", time.Time{}) {
			t.Error("forgotten after a day")
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
