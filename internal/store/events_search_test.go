package store_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// logged adds events of an organisation, a minute apart, and returns their
// identifiers.
func (w town) logged(org identity.OrganizationID, events ...identity.Event) (ids []identity.EventID) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		for i, e := range events {
			e.OrganizationID, e.At = org, w.now.Add(time.Duration(i)*time.Minute)
			e.ID = identity.NewEventID(e.At)
			ids = append(ids, e.ID)
			if err := tx.Events.Insert(e); err != nil {
				return err
			}
		}
		return nil
	})
	return ids
}

func TestEventSearch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		here := netip.MustParseAddr("192.0.2.7")
		ids := w.logged("org_a",
			identity.Event{Type: "member.added", ActorID: "mem_1", ActorName: "Ann", Target: "mem_2"},
			identity.Event{Type: "sign_in.succeeded", ActorID: "mem_2", ActorName: "Bob", Target: "tok_1", Address: here},
			identity.Event{Type: "sign_in.refused", ActorName: "", Target: "mem_2", Address: here},
			identity.Event{Type: "member.changed", ActorID: "mem_1", ActorName: "Ann", Target: "mem_3"},
		)
		foreign := w.logged("org_b", identity.Event{Type: "member.added", ActorID: "mem_1", ActorName: "Ann"})
		of := func(change func(*store.EventSearch)) store.EventSearch {
			q := store.EventSearch{EventQuery: store.EventQuery{Organization: "org_a", Limit: 10}}
			change(&q)
			return q
		}
		for _, tt := range []struct {
			name string
			q    store.EventSearch
			want []identity.EventID
		}{
			{"all of it", of(func(*store.EventSearch) {}), []identity.EventID{ids[3], ids[2], ids[1], ids[0]}},
			{"by name", of(func(q *store.EventSearch) { q.Actor = "Ann" }), []identity.EventID{ids[3], ids[0]}},
			{"by identifier", of(func(q *store.EventSearch) { q.Actor = "mem_2" }), []identity.EventID{ids[1]}},
			{"about somebody", of(func(q *store.EventSearch) { q.Person = "mem_2" }), []identity.EventID{ids[2], ids[1], ids[0]}},
			{"an address", of(func(q *store.EventSearch) { q.Address = "192.0.2.7" }), []identity.EventID{ids[2], ids[1]}},
			{"types", of(func(q *store.EventSearch) { q.Types = []string{"member.added", "sign_in.refused"} }), []identity.EventID{ids[2], ids[0]}},
			{"no type", of(func(q *store.EventSearch) { q.Types = []string{} }), nil},
			{"other types", of(func(q *store.EventSearch) { q.Except = []string{"member.added", "sign_in.refused"} }), []identity.EventID{ids[3], ids[1]}},
			{"a time", of(func(q *store.EventSearch) { q.From, q.To = w.now.Add(time.Minute), w.now.Add(3*time.Minute) }), []identity.EventID{ids[2], ids[1]}},
			{"before one", of(func(q *store.EventSearch) { q.Before = ids[2]; q.Type = "member.added" }), []identity.EventID{ids[0]}},
		} {
			w.update(func(tx *store.Tx) error {
				found, next, err := tx.Events.Search(tt.q)
				var got []identity.EventID
				for _, e := range found {
					got = append(got, e.ID)
				}
				if err != nil || next != "" || !slices.Equal(got, tt.want) {
					t.Errorf("%s: got %v, next %q, %v, want %v", tt.name, got, next, err, tt.want)
				}
				return nil
			})
		}
		w.update(func(tx *store.Tx) error {
			first, next, err := tx.Events.Search(of(func(q *store.EventSearch) { q.Limit = 3 }))
			if err != nil || len(first) != 3 || next != ids[1] {
				t.Errorf("a page: got %d events, next %s, %v, want 3 and %s", len(first), next, err, ids[1])
			}
			everywhere, _, err := tx.Events.Search(of(func(q *store.EventSearch) { q.All, q.Type = true, "member.added" }))
			if err != nil || len(everywhere) != 2 || !slices.ContainsFunc(everywhere, func(e identity.Event) bool { return e.ID == foreign[0] }) {
				t.Errorf("everywhere: got %v, %v", everywhere, err)
			}
			return nil
		})
	})
}

// A search for what is rare looks through so many events and goes on later.
func TestEventSearchIsBounded(t *testing.T) {
	w := newTown(t, func(o ...storetest.Option) *store.DB { return storetest.Open(t, o...) })
	rare := w.logged("org_a", identity.Event{Type: "rare"})
	w.now = w.now.Add(time.Hour)
	common := make([]identity.Event, store.EventsAtOnce)
	for i := range common {
		common[i].Type = "common"
	}
	ids := w.logged("org_a", common...)
	q := store.EventSearch{EventQuery: store.EventQuery{Organization: "org_a", Type: "rare", Limit: 5}}
	w.update(func(tx *store.Tx) error {
		found, next, err := tx.Events.Search(q)
		if err != nil || len(found) != 0 || next != ids[0] {
			t.Errorf("first: got %d events, next %q, %v, want none and %q", len(found), next, err, ids[0])
		}
		q.Before = next
		found, next, err = tx.Events.Search(q)
		if err != nil || len(found) != 1 || found[0].ID != rare[0] || next != "" {
			t.Errorf("then: got %v, next %q, %v, want %s", found, next, err, rare[0])
		}
		return nil
	})
}
