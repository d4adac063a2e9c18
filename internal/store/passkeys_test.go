package store_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// A passkey has one holder, its counter goes forwards, and it goes with its
// factor.
func TestPasskeys(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		alice, bob := w.member(acme, root, "alice").Account.ID, w.member(acme, root, "bob").Account.ID
		insert := func(tx *store.Tx, who identity.AccountID, r store.PasskeyRow) error {
			r.AccountID = who
			f := identity.Factor{ID: r.FactorID, AccountID: who, Kind: identity.FactorPasskey, Name: "Key", CreatedAt: w.now}
			return errors.Join(tx.Factors.Insert(store.FactorRow{Factor: f}), tx.Passkeys.Insert(r))
		}
		key := store.PasskeyRow{
			FactorID: "fac_1", AccountID: alice, Credential: []byte{0, 1, 255}, PublicKey: []byte("key"), Counter: 1<<32 - 2, Portable: true,
			Transports: []string{"internal", "hybrid"},
		}
		still := store.PasskeyRow{FactorID: "fac_2", AccountID: alice, Credential: []byte("other"), PublicKey: []byte("key"), Transports: []string{}}
		w.update(func(tx *store.Tx) error {
			if err := insert(tx, alice, still); err != nil {
				return err
			}
			return insert(tx, alice, key)
		})
		w.refused(fault.CodePasskeyKnown, func(tx *store.Tx) error {
			return insert(tx, bob, store.PasskeyRow{FactorID: "fac_3", Credential: key.Credential, PublicKey: []byte("mine")})
		})
		of := func(who identity.AccountID) (all []store.PasskeyRow) {
			w.update(func(tx *store.Tx) (err error) {
				all, err = tx.Passkeys.Of(who)
				return err
			})
			return all
		}
		if got, want := of(alice), []store.PasskeyRow{key, still}; !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
		for _, row := range []struct {
			what    string
			who     identity.AccountID
			id      identity.FactorID
			counter uint32
			want    bool
		}{
			{"the last one", alice, key.FactorID, 1<<32 - 2, false},
			{"one before", alice, key.FactorID, 3, false},
			{"none any more", alice, key.FactorID, 0, false},
			{"somebody else's", bob, key.FactorID, 1<<32 - 1, false},
			{"the highest there is", alice, key.FactorID, 1<<32 - 1, true},
			{"one that does not count", alice, still.FactorID, 0, true},
			{"the same again", alice, still.FactorID, 0, true},
			{"one that begins to count", alice, still.FactorID, 1, true},
			{"and stops again", alice, still.FactorID, 0, false},
		} {
			w.update(func(tx *store.Tx) error {
				used, err := tx.Passkeys.Use(row.who, row.id, row.counter)
				if used != row.want {
					t.Errorf("%s: used is %v, want %v", row.what, used, row.want)
				}
				return err
			})
		}
		w.update(func(tx *store.Tx) error {
			all, err := tx.Factors.Of(alice)
			if err == nil && (!all[0].Factor.UsedAt.Equal(w.now) || len(all[0].Secret) != 0) {
				t.Errorf("got %+v, want it used, without a secret", all[0])
			}
			return err
		})
		w.refused(fault.CodeFactorNotFound, func(tx *store.Tx) error { return tx.Factors.Rename(bob, key.FactorID, "Mine") })
		w.update(func(tx *store.Tx) error { return tx.Factors.Rename(alice, key.FactorID, "Laptop") })
		w.update(func(tx *store.Tx) error { return tx.Factors.Remove(alice, key.FactorID) })
		if got := of(alice); len(got) != 1 || got[0].FactorID != still.FactorID || got[0].Counter != 1 {
			t.Errorf("after one was removed: got %+v", got)
		}
	})
}
