package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

var errTaken = fault.New(fault.Conflict, fault.CodeSpent)

// What is refused by a statement that may have waited fails the transaction and
// undoes all of it, whenever the refusal is found.
func TestRefusalOfWhatWaited(t *testing.T) {
	until := time.Unix(1_800_000_000, 0)
	take := func(tx *store.Tx) error { return tx.Claims.Take(until, []byte("word"), errTaken) }
	tests := []struct {
		name  string
		after func(tx *store.Tx) error
	}{
		{"at the commit", func(*store.Tx) error { return nil }},
		{"before a read", func(tx *store.Tx) error {
			var n int64
			return store.Scan(tx, &n, countSettings, "a")
		}},
		{"before a write", func(tx *store.Tx) error { return put(tx, "b") }},
		{"before another that waits", func(tx *store.Tx) error { return tx.Claims.Take(until, []byte("other"), errTaken) }},
		{"swallowed", func(tx *store.Tx) error { _ = put(tx, "b"); return nil }},
	}
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		db := open()
		if err := db.Act(t.Context(), store.ActTicket, take); err != nil {
			t.Fatal(err)
		}
		for _, test := range tests {
			err := db.Act(t.Context(), store.ActTicket, func(tx *store.Tx) error {
				if err := put(tx, "a"); err != nil {
					return err
				}
				if err := take(tx); err != nil {
					return err
				}
				return test.after(tx)
			})
			if !fault.Is(err, fault.CodeSpent) {
				t.Errorf("%s: got %v, want the refusal", test.name, err)
			}
			if n := count(t, db, "%"); n != 0 {
				t.Errorf("%s: %d rows stayed", test.name, n)
			}
		}
		err := db.Act(t.Context(), store.ActTicket, func(tx *store.Tx) error { return tx.Claims.Take(until, []byte("other"), errTaken) })
		if err != nil {
			t.Errorf("what was undone counts: %v", err)
		}
	})
}

// A write that waited and breaks a key fails the commit with the fault it would
// have failed with by itself.
func TestFailureOfWhatWaited(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		db := open()
		event := identity.Event{ID: identity.NewEventID(time.Unix(1_800_000_000, 0)), Type: "test"}
		record := func(tx *store.Tx) error { return errors.Join(put(tx, "a"), tx.Events.Insert(event)) }
		remove := func(tx *store.Tx) error {
			tx.NoEvent("test")
			_, err := store.Exec(tx, `DELETE FROM settings WHERE name = $1`, "a")
			return err
		}
		for _, step := range []struct {
			fn   func(tx *store.Tx) error
			want fault.Kind
		}{{record, 0}, {remove, 0}, {record, fault.Conflict}} {
			err := db.Act(t.Context(), store.ActAudit, step.fn)
			if err != nil && fault.KindOf(err) != step.want || err == nil && step.want != 0 {
				t.Errorf("got %v, want %v", err, step.want)
			}
		}
		if n := count(t, db, "a"); n != 0 {
			t.Error("a row stayed")
		}
	})
}

func TestGlanceIsOneStatement(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		db := open()
		if err := db.Update(t.Context(), func(tx *store.Tx) error { return put(tx, "a") }); err != nil {
			t.Fatal(err)
		}
		for _, want := range []int{1, 2} {
			reads := 0
			err := db.Glance(t.Context(), func(tx *store.Tx) error {
				for range want {
					var n int64
					if err := store.Scan(tx, &n, countSettings, "a"); err != nil {
						return err
					}
					reads++
				}
				return nil
			})
			if reads != 1 || (err == nil) != (want == 1) {
				t.Errorf("of %d statements: %d, %v", want, reads, err)
			}
		}
		err := db.Glance(t.Context(), func(tx *store.Tx) error { return put(tx, "b") })
		if err == nil || count(t, db, "b") != 0 {
			t.Errorf("a write: got %v", err)
		}
	})
}
