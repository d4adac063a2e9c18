package store_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// TestSigningKeysOfAFamily: at most one key of each state counts, whoever adds.
func TestSigningKeysOfAFamily(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		db := open(storetest.WithClock(clock))
		write := func(fn func(tx *store.Tx) error) {
			t.Helper()
			err := db.Update(t.Context(), func(tx *store.Tx) error {
				tx.NoEvent("test")
				return fn(tx)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		add := func(id string, active bool) {
			write(func(tx *store.Tx) error {
				r := store.SigningKeyRow{ID: id, Family: "P-256", Material: []byte("material of " + id), CreatedAt: tx.Now()}
				if active {
					r.ActiveAt = tx.Now()
				}
				return tx.SigningKeys.Insert(r)
			})
		}
		all := func() (rows []store.SigningKeyRow) {
			write(func(tx *store.Tx) (err error) {
				rows, err = tx.SigningKeys.All()
				return err
			})
			return rows
		}
		add("a", true)
		add("b", false)
		add("c", true)
		add("d", false)
		rows := all()
		if len(rows) != 2 || rows[0].ID != "a" || rows[1].ID != "b" || !bytes.Equal(rows[1].Material, []byte("material of b")) {
			t.Fatalf("got %v, want the first of each state", rows)
		}
		clock.Advance(time.Hour)
		write(func(tx *store.Tx) error { return tx.SigningKeys.Succeed("P-256") })
		rows = all()
		if !rows[0].RetiredAt.Equal(clock.Now()) || !rows[1].ActiveAt.Equal(clock.Now()) || !rows[1].RetiredAt.IsZero() {
			t.Errorf("got %+v", rows)
		}
		write(func(tx *store.Tx) error {
			n, err := tx.SigningKeys.Forget(tx.Now())
			if n != 0 {
				t.Error("forgot a key that was retired just now")
			}
			return err
		})
		write(func(tx *store.Tx) error {
			_, err := tx.SigningKeys.Forget(tx.Now().Add(time.Millisecond))
			return err
		})
		if rows = all(); len(rows) != 1 || rows[0].ID != "b" {
			t.Errorf("got %v, want the key that signs", rows)
		}
	})
}
