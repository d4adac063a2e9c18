package store_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func TestFactors(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		alice, bob := w.member(acme, root, "alice"), w.member(acme, root, "bob")
		phone := store.FactorRow{Secret: []byte("twenty bytes of it.."), Step: 7, Factor: identity.Factor{
			ID: identity.NewFactorID(w.now), AccountID: alice.Account.ID, Kind: identity.FactorTOTP, Name: "手机", CreatedAt: w.now,
		}}
		tablet := phone
		tablet.Factor.ID, tablet.Factor.Name, tablet.Step = identity.NewFactorID(w.now.Add(time.Second)), "Tablet", 0
		w.update(func(tx *store.Tx) error {
			if err := tx.Factors.Insert(tablet); err != nil {
				return err
			}
			return tx.Factors.Insert(phone)
		})
		of := func(who identity.Person) (all []store.FactorRow) {
			w.update(func(tx *store.Tx) (err error) {
				all, err = tx.Factors.Of(who.Account.ID)
				return err
			})
			return all
		}
		if got, want := of(alice), []store.FactorRow{phone, tablet}; !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v in the order of their making", got, want)
		}
		if got := of(bob); len(got) != 0 {
			t.Errorf("somebody else has %+v", got)
		}
		for _, row := range []struct {
			what string
			who  identity.Person
			id   identity.FactorID
			step int64
			want bool
		}{
			{"one before", alice, phone.Factor.ID, 6, false},
			{"the last one", alice, phone.Factor.ID, 7, false},
			{"the next", alice, phone.Factor.ID, 8, true},
			{"the same again", alice, phone.Factor.ID, 8, false},
			{"somebody else's", bob, phone.Factor.ID, 9, false},
			{"of the other", alice, tablet.Factor.ID, 1, true},
		} {
			w.update(func(tx *store.Tx) error {
				used, err := tx.Factors.Use(row.who.Account.ID, row.id, row.step)
				if used != row.want {
					t.Errorf("%s: used is %v, want %v", row.what, used, row.want)
				}
				return err
			})
		}
		if got := of(alice)[0]; got.Step != 8 || !got.Factor.UsedAt.Equal(w.now) {
			t.Errorf("got %+v, want step 8 and the instant", got)
		}
		w.refused(fault.CodeFactorNotFound, func(tx *store.Tx) error { return tx.Factors.Remove(bob.Account.ID, phone.Factor.ID) })
		w.update(func(tx *store.Tx) error { return tx.Factors.Remove(alice.Account.ID, phone.Factor.ID) })
		w.update(func(tx *store.Tx) error {
			n, err := tx.Factors.Clear(alice.Account.ID)
			if n != 1 {
				t.Errorf("%d factors were cleared, want the one that was left", n)
			}
			return err
		})
	})
}

// A recovery code counts once, for its account, and is no text in the database.
func TestRecoveryCodes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		alice, bob := w.member(acme, root, "alice").Account.ID, w.member(acme, root, "bob").Account.ID
		w.update(func(tx *store.Tx) error {
			if err := tx.Factors.SetRecoveryCodes(alice, []string{"former"}); err != nil {
				return err
			}
			return tx.Factors.SetRecoveryCodes(alice, []string{"one", "two", "three"})
		})
		uses := func(who identity.AccountID, code string) (used bool) {
			w.update(func(tx *store.Tx) (err error) {
				used, err = tx.Factors.UseRecoveryCode(who, code)
				return err
			})
			return used
		}
		for _, row := range []struct {
			who  identity.AccountID
			code string
			want bool
		}{{alice, "former", false}, {bob, "one", false}, {alice, "one", true}, {alice, "one", false}, {alice, "", false}, {alice, "two", true}} {
			if got := uses(row.who, row.code); got != row.want {
				t.Errorf("%q: used is %v, want %v", row.code, got, row.want)
			}
		}
		w.update(func(tx *store.Tx) error {
			left, err := tx.Factors.RecoveryCodes(alice)
			if left != 1 {
				t.Errorf("%d codes are left, want 1", left)
			}
			if err != nil {
				return err
			}
			kept, err := store.Strings(tx, `SELECT digest FROM recovery_codes`)
			if len(kept) != 1 || strings.Contains(kept[0], "three") {
				t.Errorf("kept is %q, want a digest", kept)
			}
			return err
		})
	})
}
