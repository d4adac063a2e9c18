package store_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func TestWebhooks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		nova, _ := w.organization("nova")
		hook := identity.Webhook{
			ID: identity.NewWebhookID(w.now), OrganizationID: acme.ID, Name: "Payroll", URL: "https://a.example", Secret: "secret",
			Events: []string{"member.*", "*"}, Enabled: true, Version: 1, CreatedAt: w.now, UpdatedAt: w.now,
		}
		w.update(func(tx *store.Tx) error { return tx.Webhooks.Insert(hook) })
		twin := hook
		twin.ID, twin.Name = identity.NewWebhookID(w.now), "PAYROLL"
		w.refused(fault.CodeWebhookExists, func(tx *store.Tx) error { return tx.Webhooks.Insert(twin) })
		w.refused(fault.CodeWebhookNotFound, func(tx *store.Tx) error { _, err := tx.Webhooks.Get(nova.ID, hook.ID); return err })
		w.refused(fault.CodeWebhookNotFound, func(tx *store.Tx) error { return tx.Webhooks.Remove(nova.ID, hook.ID) })
		edited := hook
		edited.Name, edited.Events, edited.Secret, edited.Enabled = "Wages", []string{"group.added"}, "other", false
		edited.Previous, edited.PreviousEndsAt = "secret", w.now.Add(time.Hour)
		w.update(func(tx *store.Tx) error { return tx.Webhooks.Put(edited) })
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.Webhooks.Put(edited) })
		edited.Version = 2
		w.update(func(tx *store.Tx) error {
			got, err := tx.Webhooks.Get(acme.ID, hook.ID)
			if !reflect.DeepEqual(got, edited) {
				t.Errorf("got %#v, want %#v", got, edited)
			}
			due, err2 := tx.Webhooks.Due(10)
			if len(due) != 0 || err2 != nil {
				t.Errorf("one that is off is due: %v, %v", due, err2)
			}
			return err
		})
		edited.Enabled = true
		later := store.WebhookState{ReadUntil: w.now.Add(time.Minute), NextAt: w.now.Add(time.Hour), Attempts: 3}
		w.update(func(tx *store.Tx) error {
			if err := tx.Webhooks.Put(edited); err != nil {
				return err
			}
			one, err := tx.Webhooks.Lease(hook.ID, "one", w.now.Add(time.Minute))
			two, err2 := tx.Webhooks.Lease(hook.ID, "two", w.now.Add(time.Minute))
			lost, err3 := tx.Webhooks.Note(hook.ID, store.WebhookState{}, "two", time.Time{})
			noted, err4 := tx.Webhooks.Note(hook.ID, later, "one", time.Time{})
			if !one || two || lost || !noted || err != nil || err2 != nil || err3 != nil || err4 != nil {
				t.Errorf("leased %v and %v, noted %v and %v", one, two, lost, noted)
			}
			got, err := tx.Webhooks.State(hook.ID)
			if got != later {
				t.Errorf("state %+v, want %+v", got, later)
			}
			return err
		})
	})
}

// TestPreviousSecretsAreForgotten when they sign no longer, and no other ones.
func TestPreviousSecretsAreForgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		hook := identity.Webhook{ID: identity.NewWebhookID(w.now), OrganizationID: acme.ID, Name: "a", URL: "https://a.example", Secret: "s", Version: 1, CreatedAt: w.now}
		w.update(func(tx *store.Tx) error { return tx.Webhooks.Insert(hook) })
		hook.Previous, hook.PreviousEndsAt = "before", w.now.Add(time.Hour)
		w.update(func(tx *store.Tx) error { return tx.Webhooks.Put(hook) })
		for _, row := range []struct {
			after time.Duration
			swept int64
			left  string
		}{{time.Hour - time.Millisecond, 0, "before"}, {time.Hour, 1, ""}, {2 * time.Hour, 0, ""}} {
			w.update(func(tx *store.Tx) error {
				n, err := tx.Webhooks.SweepPrevious(w.now.Add(row.after), 10)
				if err != nil {
					return err
				}
				got, err := tx.Webhooks.Get(acme.ID, hook.ID)
				if n != row.swept || got.Previous != row.left || got.PreviousEndsAt.IsZero() != (row.left == "") || got.Secret != "s" {
					t.Errorf("after %s: %d swept, left %q until %v", row.after, n, got.Previous, got.PreviousEndsAt)
				}
				return err
			})
		}
	})
}

func TestWebhookDeliveries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		hook := identity.Webhook{ID: identity.NewWebhookID(w.now), OrganizationID: acme.ID, Name: "a", URL: "https://a.example", Secret: "s", CreatedAt: w.now}
		w.update(func(tx *store.Tx) error { return tx.Webhooks.Insert(hook) })
		var all []store.WebhookDelivery
		for i, status := range []store.SyncStatus{store.SyncPending, store.SyncSuccess, store.SyncPending} {
			at := w.now.Add(time.Duration(i) * time.Hour)
			d := store.WebhookDelivery{
				WebhookID: hook.ID, EventID: identity.NewEventID(at), OrganizationID: acme.ID, Type: "member.added", Status: status, Body: "{}",
				Answer: "fine", HTTPStatus: 200, Failure: "abnormal", Duration: 7 * time.Millisecond, Attempts: i, At: at,
			}
			w.update(func(tx *store.Tx) error { return tx.Deliveries.Put(d) })
			all = append(all, d)
		}
		all[2].Type = "member.added"
		w.update(func(tx *store.Tx) error {
			waiting, err := tx.Deliveries.Waiting(hook.ID, 10)
			if err != nil || len(waiting) != 2 || waiting[0] != all[0] || waiting[1] != all[2] {
				t.Errorf("waiting: %#v, %v", waiting, err)
			}
			page, err := tx.Deliveries.Page(hook.ID, store.DeliveryQuery{Type: "member.added", Before: all[2].EventID, Limit: 1})
			if err != nil || len(page) != 1 || page[0] != all[1] {
				t.Errorf("page: %v, %v", page, err)
			}
			known, err := tx.Deliveries.Known(hook.ID, w.now.Add(time.Hour))
			if err != nil || len(known) != 2 || known[all[0].EventID] {
				t.Errorf("known: %v, %v", known, err)
			}
			n, err := tx.Deliveries.Sweep(w.now.Add(90*time.Minute), 10)
			if n != 2 {
				t.Errorf("swept %d, want 2", n)
			}
			return err
		})
		w.refused(fault.CodeDeliveryNotFound, func(tx *store.Tx) error { _, err := tx.Deliveries.Get(hook.ID, all[0].EventID); return err })
		w.update(func(tx *store.Tx) error { return tx.Webhooks.Remove(acme.ID, hook.ID) })
		w.refused(fault.CodeDeliveryNotFound, func(tx *store.Tx) error { _, err := tx.Deliveries.Get(hook.ID, all[2].EventID); return err })
	})
}
