package application

import (
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// TestRemovalNamesThePolicies that go with an application: nothing else tells of
// them afterwards, and there is no way back.
func TestRemovalNamesThePolicies(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		r := furnish(t, newHouse(t, open(storetest.WithClock(clock)), clock))
		for _, clientID := range []string{"wiki", "board"} {
			_, _, err := r.AddApplication(t.Context(), console, acme, NewApplication{
				ClientID: clientID, Protocol: identity.ProtocolOIDC, Settings: ApplicationChange{Name: &clientID, HomeURLs: &[]string{"https://wiki.example/"}},
			})
			r.wants(err, "")
		}
		wiki, err := r.Find(t.Context(), "wiki")
		r.wants(err, "")
		r.update(func(tx *store.Tx) error {
			for i, name := range []string{"Nights", "Office"} {
				p := identity.AccessPolicy{
					ID: identity.PolicyID("pol_" + string(rune('a'+i))), OrganizationID: acme, ApplicationID: wiki.ID, Name: name,
					Decision: identity.PolicyDeny, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
				}
				if err := tx.AccessPolicies.Insert(p); err != nil {
					return err
				}
			}
			return nil
		})
		for clientID, want := range map[string]string{"wiki": "Nights, Office", "board": ""} {
			r.clock.Advance(time.Second)
			r.wants(r.RemoveApplication(t.Context(), console, acme, clientID), "")
			event := r.lastEvent()
			if event.Type != string(audit.ApplicationRemoved) || event.Details["client_id"] != clientID || event.Details["policies"] != want {
				t.Errorf("%s: recorded %s with %v, want the policies %s", clientID, event.Type, event.Details, want)
			}
		}
	})
}

// lastEvent is the newest one of acme.
func (r *registry) lastEvent() (e identity.Event) {
	r.t.Helper()
	err := r.db.View(r.t.Context(), func(tx *store.Tx) error {
		all, err := tx.Events.Page(store.EventQuery{Organization: acme, Limit: 1})
		if len(all) > 0 {
			e = all[0]
		}
		return err
	})
	r.wants(err, "")
	return e
}
