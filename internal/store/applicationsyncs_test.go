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

// relying registers an application.
func (w town) relying(o identity.Organization, clientID string) identity.Application {
	w.t.Helper()
	a := identity.Application{
		ID: identity.NewApplicationID(w.now), OrganizationID: o.ID, ClientID: clientID, Name: clientID, Protocol: identity.ProtocolOIDC,
		Status: identity.ApplicationActive, OAuth: &identity.OAuthSettings{}, Version: 1, CreatedAt: w.now, UpdatedAt: w.now,
	}
	w.update(func(tx *store.Tx) error { return tx.Applications.Insert(a) })
	return a
}

func TestApplicationSyncs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		nova, _ := w.organization("nova")
		app := w.relying(acme, "wiki")
		s := identity.Sync{
			OrganizationID: acme.ID, ApplicationID: app.ID, Enabled: true, CallbackURL: "https://app.example", SignatureKey: "key",
			PublicKey: "pem", Digest: identity.SyncSHA1, Wire: identity.SyncV1, VerifyAnswers: true, ReleasePersonal: true,
			ClientSecret: "secret", CreatedAt: w.now, UpdatedAt: w.now,
		}
		w.refused(fault.CodeSyncNotFound, func(tx *store.Tx) error { _, err := tx.ApplicationSyncs.Get(acme.ID, app.ID); return err })
		w.update(func(tx *store.Tx) error { return tx.ApplicationSyncs.Put(s) })
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.ApplicationSyncs.Put(s) }) // it is there already
		s.Version = 1
		s.Enabled, s.SignatureKey, s.ClientSecret, s.Wire, s.UpdatedAt = false, "", "", identity.SyncV2, w.now.Add(time.Hour)
		foreign := s
		foreign.OrganizationID = nova.ID
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.ApplicationSyncs.Put(foreign) })
		w.update(func(tx *store.Tx) error {
			if err := tx.ApplicationSyncs.Put(s); err != nil {
				return err
			}
			s.Version++
			got, err := tx.ApplicationSyncs.Get(acme.ID, app.ID)
			if err != nil || !reflect.DeepEqual(got, s) {
				t.Errorf("got %#v, %v", got, err)
			}
			return nil
		})
		// Whoever is told no secret is told of none that is new; whoever is, is.
		for secret, want := range map[string]string{"": "", "old": "new"} {
			w.update(func(tx *store.Tx) error {
				s.ClientSecret = secret
				if err := tx.ApplicationSyncs.Put(s); err != nil {
					return err
				}
				if err := tx.ApplicationSyncs.Follow(nova.ID, app.ID, "nova's", w.now); err != nil {
					return err
				}
				if err := tx.ApplicationSyncs.Follow(acme.ID, app.ID, "new", w.now); err != nil {
					return err
				}
				got, err := tx.ApplicationSyncs.Get(acme.ID, app.ID)
				if s.Version = got.Version; got.ClientSecret != want {
					t.Errorf("followed from %q to %q, want %q", secret, got.ClientSecret, want)
				}
				return err
			})
		}
		w.refused(fault.CodeSyncNotFound, func(tx *store.Tx) error { _, err := tx.ApplicationSyncs.Get(nova.ID, app.ID); return err })
		w.refused(fault.CodeSyncNotFound, func(tx *store.Tx) error { return tx.ApplicationSyncs.Remove(nova.ID, app.ID) })
		w.update(func(tx *store.Tx) error { return tx.Applications.Delete(acme.ID, app.ID) })
		w.refused(fault.CodeSyncNotFound, func(tx *store.Tx) error { return tx.ApplicationSyncs.Remove(acme.ID, app.ID) }) // it went with the application
	})
}
