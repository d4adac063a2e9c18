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

func (w town) applicationTry(o identity.Organization) store.ApplicationTry {
	w.t.Helper()
	k := store.ApplicationTry{
		ID: identity.NewTryID(w.now), OrganizationID: o.ID, ApplicationID: identity.NewApplicationID(w.now), ClientID: "wiki", StartedBy: "acc_x",
		Settings: []byte("hush-hush"), State: store.TryWaiting, Report: []byte{}, CreatedAt: w.now, EndsAt: w.now.Add(24 * time.Hour),
	}
	w.update(func(tx *store.Tx) error { return tx.ApplicationTries.Add(k) })
	return k
}

func TestApplicationTryKeepsEveryField(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, _ := w.organization("acme")
		other, _ := w.organization("other")
		want := w.applicationTry(o)
		w.update(func(tx *store.Tx) error { return tx.ApplicationTries.Begin(o.ID, want.ID) })
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.ApplicationTries.Begin(o.ID, want.ID) })
		want.State, want.Report = store.TryPassed, []byte(`{"name":"Alice"}`)
		w.update(func(tx *store.Tx) error { return tx.ApplicationTries.Put(want) })
		w.update(func(tx *store.Tx) error {
			got, err := tx.ApplicationTries.Get(o.ID, want.ID)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %#v, %v, want %#v", got, err, want)
			}
			var settings, report []byte
			for column, into := range map[string]*[]byte{"settings": &settings, "report": &report} {
				if err := store.Scan(tx, into, `SELECT `+column+` FROM application_tries`); err != nil {
					return err
				}
			}
			if bytes.Contains(settings, []byte("hush")) || bytes.Contains(report, []byte("Alice")) {
				t.Error("something lies open")
			}
			return nil
		})
		w.refused(fault.CodeTryNotFound, func(tx *store.Tx) error { _, err := tx.ApplicationTries.Get(other.ID, want.ID); return err })
		want.State = store.TryFailed
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.ApplicationTries.Put(want) })
		w.update(func(tx *store.Tx) error {
			if n, err := tx.ApplicationTries.Sweep(want.EndsAt.Add(time.Second), 10); err != nil || n != 1 {
				t.Errorf("swept %d, %v", n, err)
			}
			return nil
		})
	})
}

// TestWhatIsTriedIsInNoList puts an application that stands in for a tried one
// beside a registered one: whoever lists sees the latter alone.
func TestWhatIsTriedIsInNoList(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, _ := w.organization("acme")
		now := identity.Application{
			OrganizationID: o.ID, Name: "Wiki", Protocol: identity.ProtocolOIDC, Status: identity.ApplicationActive, Generation: 1,
			CreatedAt: w.now, UpdatedAt: w.now,
		}
		tried, registered := now, now
		tried.ID, tried.ClientID, tried.TriedBy = identity.NewApplicationID(w.now), "try_1", "acc_x"
		registered.ID, registered.ClientID = identity.NewApplicationID(w.now), "wiki"
		w.update(func(tx *store.Tx) error {
			if err := tx.Applications.Insert(tried); err != nil {
				return err
			}
			return tx.Applications.Insert(registered)
		})
		w.update(func(tx *store.Tx) error {
			page, err := tx.Applications.Page(o.ID, store.ApplicationQuery{Slice: store.Slice{Limit: 9}})
			if err != nil || len(page) != 1 || page[0].ClientID != "wiki" {
				t.Errorf("page: %v, %v", page, err)
			}
			if n, err := tx.Applications.Count(o.ID); err != nil || n != 1 {
				t.Errorf("count: %d, %v", n, err)
			}
			found, err := tx.Lookup.ApplicationByClientID("try_1")
			if err != nil || found.TriedBy != "acc_x" {
				t.Errorf("by client id: %v, %v", found, err)
			}
			// What is registered is never ended like a try.
			return tx.Applications.EndTry(o.ID, registered.ID)
		})
		w.refused(fault.CodeApplicationNotFound, func(tx *store.Tx) error { _, err := tx.Applications.ByClientID(o.ID, "try_1"); return err })
		w.update(func(tx *store.Tx) error {
			if n, err := tx.Applications.SweepTried(w.now, 9); err != nil || n != 0 {
				t.Errorf("swept %d, %v, want none yet", n, err)
			}
			n, err := tx.Applications.SweepTried(w.now.Add(time.Minute), 9)
			if err != nil || n != 1 {
				t.Errorf("swept %d, %v", n, err)
			}
			_, err = tx.Applications.ByClientID(o.ID, "wiki")
			return err
		})
	})
}
