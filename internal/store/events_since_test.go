package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// TestEventsSince reads what happened in one organisation, in pages.
func TestEventsSince(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		nova, _ := w.organization("nova")
		start := w.now.Add(time.Hour)
		var ids []identity.EventID
		for i, kind := range []string{"member.added", "sign_in.done", "member.changed", "group.added"} {
			at := start.Add(time.Duration(i) * time.Minute)
			for _, org := range []identity.OrganizationID{acme.ID, nova.ID} {
				e := identity.Event{
					ID: identity.NewEventID(at), OrganizationID: org, Type: kind, At: at, Target: "x", Details: map[string]string{"a": "b"},
				}
				w.update(func(tx *store.Tx) error { return tx.Events.Insert(e) })
				if org == acme.ID {
					ids = append(ids, e.ID)
				}
			}
		}
		for name, row := range map[string]struct {
			q    store.EventsSince
			want []identity.EventID
		}{
			"all":           {store.EventsSince{Since: start, Limit: 10}, ids},
			"later ones":    {store.EventsSince{Since: start.Add(2 * time.Minute), Limit: 10}, ids[2:]},
			"after one":     {store.EventsSince{Since: start, After: ids[0], Limit: 10}, ids[1:]},
			"some":          {store.EventsSince{Since: start, Limit: 2}, ids[:2]},
			"but for some":  {store.EventsSince{Since: start, Besides: []string{"sign_in.done", "group.added"}, Limit: 10}, []identity.EventID{ids[0], ids[2]}},
			"of the future": {store.EventsSince{Since: start.Add(time.Hour), Limit: 10}, nil},
		} {
			w.update(func(tx *store.Tx) error {
				all, err := tx.Events.Since(acme.ID, row.q)
				var got []identity.EventID
				for _, e := range all {
					got = append(got, e.ID)
					if e.Details["a"] != "b" || e.OrganizationID != acme.ID {
						t.Errorf("%s: got %+v", name, e)
					}
				}
				if !slices.Equal(got, row.want) {
					t.Errorf("%s: got %v, want %v", name, got, row.want)
				}
				return err
			})
		}
	})
}

// TestWebhookLists counts and pages the webhooks of one organisation, and moves
// their marks.
func TestWebhookLists(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		nova, _ := w.organization("nova")
		var ids []identity.WebhookID
		for i, name := range []string{"a", "b", "c", "d"} {
			org := acme.ID
			if name == "d" {
				org = nova.ID
			}
			at := w.now.Add(time.Duration(i) * time.Second)
			hook := identity.Webhook{
				ID: identity.NewWebhookID(at), OrganizationID: org, Name: name, URL: "https://a.example", Secret: "s",
				Events: []string{"*"}, Enabled: true, CreatedAt: at, UpdatedAt: at,
			}
			w.update(func(tx *store.Tx) error { return tx.Webhooks.Insert(hook) })
			ids = append(ids, hook.ID)
		}
		w.update(func(tx *store.Tx) error {
			n, err := tx.Webhooks.Count(acme.ID)
			page, err2 := tx.Webhooks.Page(acme.ID, ids[0], 1)
			if n != 3 || err != nil || len(page) != 1 || page[0].ID != ids[1] || err2 != nil {
				t.Errorf("counted %d, %v; the page is %v, %v", n, err, page, err2)
			}
			due, err := tx.Webhooks.Due(10)
			if len(due) != 4 {
				t.Errorf("%d are due, want 4", len(due))
			}
			return err
		})
		w.update(func(tx *store.Tx) error {
			if _, err := tx.Webhooks.Lease(ids[0], "one", w.now.Add(time.Minute)); err != nil {
				return err
			}
			_, err := tx.Webhooks.Note(ids[0], store.WebhookState{NextAt: w.now.Add(time.Hour), Attempts: 4, ReadUntil: w.now}, "one", time.Time{})
			return err
		})
		for _, step := range []struct {
			name string
			do   func(tx *store.Tx) error
			want store.WebhookState
		}{
			{"noted", func(*store.Tx) error { return nil }, store.WebhookState{NextAt: w.now.Add(time.Hour), Attempts: 4, ReadUntil: w.now}},
			{"hastened", func(tx *store.Tx) error { return tx.Webhooks.Hasten(ids[0]) }, store.WebhookState{Attempts: 4, ReadUntil: w.now}},
			{
				"restarted", func(tx *store.Tx) error { return tx.Webhooks.Restart(ids[0], w.now.Add(time.Hour)) },
				store.WebhookState{ReadUntil: w.now.Add(time.Hour)},
			},
		} {
			w.update(step.do)
			w.update(func(tx *store.Tx) error {
				got, err := tx.Webhooks.State(ids[0])
				if got != step.want {
					t.Errorf("%s: got %+v, want %+v", step.name, got, step.want)
				}
				return err
			})
		}
	})
}
