package store_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// named adds a source that is found by no domain.
func (w town) named(o identity.Organization, name string, kind identity.SourceKind) identity.Source {
	w.t.Helper()
	s := w.sso(o, "")
	s.ID, s.Name, s.Kind = identity.NewSourceID(w.now), name, kind
	w.update(func(tx *store.Tx) error { return tx.Sources.Add(s) })
	return s
}

func TestApplicationSources(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		nova, _ := w.organization("nova")
		wiki, mail := w.registered(acme, "wiki"), w.registered(acme, "mail")
		one, two, three := w.named(acme, "one", identity.SourceOIDC), w.named(acme, "two", identity.SourceCAS), w.named(acme, "three", identity.SourceOAuth2)
		offered := func(a identity.Application, want ...identity.Source) {
			t.Helper()
			w.update(func(tx *store.Tx) error {
				got, err := tx.Sources.OfApplication(acme.ID, a.ID)
				if err != nil || !slices.EqualFunc(got, want, func(a, b identity.Source) bool { return reflect.DeepEqual(a, b) }) {
					t.Errorf("%s: got %v, %v, want %v", a.ClientID, got, err, want)
				}
				none, err := tx.Sources.OfApplication(nova.ID, a.ID)
				if err != nil || len(none) > 0 {
					t.Errorf("another organisation sees %v, %v", none, err)
				}
				return nil
			})
		}
		offered(wiki)
		for _, list := range [][]identity.SourceID{{one.ID, two.ID}, {three.ID, one.ID, two.ID}} {
			w.update(func(tx *store.Tx) error { return tx.Applications.SetSources(wiki.ID, list) })
		}
		w.update(func(tx *store.Tx) error { return tx.Applications.SetSources(mail.ID, []identity.SourceID{one.ID}) })
		offered(wiki, three, one, two)
		offered(mail, one)
		w.update(func(tx *store.Tx) error {
			if got, err := tx.Sources.UsedBy(one.ID); err != nil || !slices.Equal(got, []string{"mail", "wiki"}) {
				t.Errorf("used by %v, %v", got, err)
			}
			if err := tx.Applications.SetSources(wiki.ID, nil); err != nil {
				return err
			}
			return tx.Sources.Remove(acme.ID, two.ID)
		})
		offered(wiki)
		// Neither an organisation nor an application is held back by its list.
		w.update(func(tx *store.Tx) error { return tx.Organizations.Delete(acme.ID) })
	})
}

func TestSourceIcons(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		s := w.named(acme, "one", identity.SourceOIDC)
		none := func() {
			t.Helper()
			w.refused(fault.CodeIconNotFound, func(tx *store.Tx) error { _, err := tx.Lookup.SourceIcon(s.ID); return err })
		}
		none()
		for _, want := range []store.Icon{{Digest: "a", Type: "image/png", Content: []byte{1}}, {Digest: "b", Type: "image/png", Content: []byte{2}}} {
			w.update(func(tx *store.Tx) error {
				if err := tx.Sources.PutIcon(s.ID, want); err != nil {
					return err
				}
				got, err := tx.Lookup.SourceIcon(s.ID)
				if !reflect.DeepEqual(got, want) {
					t.Errorf("got %+v, want %+v", got, want)
				}
				return err
			})
		}
		w.update(func(tx *store.Tx) error { return tx.Sources.RemoveIcon(s.ID) })
		none()
	})
}
