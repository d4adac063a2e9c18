package store_test

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func (w town) try(o identity.Organization) store.Try {
	w.t.Helper()
	k := store.Try{
		ID: identity.NewTryID(w.now), OrganizationID: o.ID, SourceID: identity.SSOSourceID(o.ID), StartedBy: "acc_x",
		Settings: []byte("hush-hush"), Digest: []byte("exactly this"), State: store.TryWaiting, Report: []byte{},
		CreatedAt: w.now, EndsAt: w.now.Add(24 * time.Hour),
	}
	w.update(func(tx *store.Tx) error { return tx.Tries.Add(k) })
	return k
}

func (w town) passed(o identity.Organization, digest string, want bool) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		if got, err := tx.Tries.Passed(o.ID, []byte(digest)); err != nil || got != want {
			w.t.Errorf("passed %q: got %v, %v, want %v", digest, got, err, want)
		}
		return nil
	})
}

func TestTryKeepsEveryField(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, _ := w.organization("acme")
		other, _ := w.organization("other")
		want := w.try(o)
		w.passed(o, "exactly this", false)
		want.State, want.Report = store.TryPassed, []byte(`{"name":"Alice"}`)
		w.update(func(tx *store.Tx) error { return tx.Tries.Put(want) })
		w.update(func(tx *store.Tx) error {
			got, err := tx.Tries.Get(o.ID, want.ID)
			got.Digest = want.Digest // it is not read back
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %#v, %v, want %#v", got, err, want)
			}
			var settings, digest, report []byte
			for column, into := range map[string]*[]byte{"settings": &settings, "digest": &digest, "report": &report} {
				if err := store.Scan(tx, into, `SELECT `+column+` FROM tries`); err != nil {
					return err
				}
			}
			if bytes.Contains(settings, []byte("hush")) || bytes.Contains(report, []byte("Alice")) || string(digest) == "exactly this" {
				t.Error("something lies open")
			}
			return nil
		})
		w.passed(o, "exactly this", true)
		w.passed(o, "exactly that", false)
		w.passed(other, "exactly this", false)
		w.refused(fault.CodeTryNotFound, func(tx *store.Tx) error { _, err := tx.Tries.Get(other.ID, want.ID); return err })
		// What was decided stays decided.
		want.State = store.TryFailed
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.Tries.Put(want) })
	})
}

func TestTriesAreForgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		w := town{t, open(storetest.WithoutEvents(), storetest.WithClock(clock)), clock.Now()}
		o, _ := w.organization("acme")
		k := w.try(o)
		k.State = store.TryPassed
		w.update(func(tx *store.Tx) error { return tx.Tries.Put(k) })
		clock.Advance(24*time.Hour - time.Millisecond)
		w.passed(o, "exactly this", true)
		clock.Advance(time.Millisecond)
		w.passed(o, "exactly this", false)
		w.refused(fault.CodeTryNotFound, func(tx *store.Tx) error { _, err := tx.Tries.Get(o.ID, k.ID); return err })
		for _, want := range []int64{0, 1, 0} {
			w.update(func(tx *store.Tx) error {
				if n, err := tx.Tries.Sweep(tx.Now(), 10); err != nil || n != want {
					t.Errorf("got %d, %v, want %d", n, err, want)
				}
				return nil
			})
			clock.Advance(time.Millisecond)
		}
	})
}
