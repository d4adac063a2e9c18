package store_test

import (
	"bytes"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func (w town) setupLink(s identity.Source) identity.SetupLink {
	w.t.Helper()
	l := identity.SetupLink{
		ID: identity.NewSetupLinkID(w.now), OrganizationID: s.OrganizationID, SourceID: s.ID, State: identity.SetupLinkWaiting,
		For: "root@partner.example", CreatedBy: "acc_1", Version: 1, CreatedAt: w.now, EndsAt: w.now.Add(time.Hour),
	}
	w.update(func(tx *store.Tx) error { return tx.SetupLinks.Add(l) })
	return l
}

func TestSetupLinkKeepsEveryField(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		nova, _ := w.organization("nova")
		want := w.setupLink(w.named(acme, "one", identity.SourceOIDC))
		same := func() {
			t.Helper()
			w.update(func(tx *store.Tx) error {
				for name, read := range map[string]func() (identity.SetupLink, error){
					"get":         func() (identity.SetupLink, error) { return tx.SetupLinks.Get(acme.ID, want.ID) },
					"whoever's":   func() (identity.SetupLink, error) { return tx.Lookup.SetupLink(want.ID) },
					"in the list": func() (identity.SetupLink, error) { return first(tx.SetupLinks.List(acme.ID)) },
				} {
					if got, err := read(); err != nil || !reflect.DeepEqual(got, want) {
						t.Errorf("%s: got %#v, %v, want %#v", name, got, err, want)
					}
				}
				return nil
			})
		}
		same()
		want.State, want.Domain, want.Draft, want.Note = identity.SetupLinkRejected, "partner.example", []byte(`{"client_secret":"hush"}`), "no"
		want.DecidedBy, want.SubmittedAt, want.DecidedAt = "acc_2", w.now.Add(time.Minute), w.now.Add(time.Hour)
		w.update(func(tx *store.Tx) error { return tx.SetupLinks.Put(want) })
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.SetupLinks.Put(want) })
		want.Version = 2
		same()
		w.refused(fault.CodeSetupLinkNotFound, func(tx *store.Tx) error { _, err := tx.SetupLinks.Get(nova.ID, want.ID); return err })
		w.update(func(tx *store.Tx) error {
			var stored []byte
			err := store.Scan(tx, &stored, `SELECT draft FROM setup_links WHERE id = $1`, want.ID)
			if bytes.Contains(stored, []byte("hush")) {
				t.Error("the secret lies open")
			}
			return err
		})
	})
}

func TestSetupLinksEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		source := w.named(acme, "one", identity.SourceOIDC)
		l := w.setupLink(source)
		undecided := func(want int) {
			t.Helper()
			w.update(func(tx *store.Tx) error {
				if got, err := tx.SetupLinks.Undecided(source.ID); err != nil || got != want {
					t.Errorf("got %d undecided, %v, want %d", got, err, want)
				}
				return nil
			})
		}
		undecided(1)
		l.State = identity.SetupLinkApproved
		w.update(func(tx *store.Tx) error { return tx.SetupLinks.Put(l) })
		undecided(0)
		w.setupLink(source)
		undecided(1)
		w.update(func(tx *store.Tx) error {
			if n, err := tx.SetupLinks.Sweep(w.now.Add(time.Minute), 10); err != nil || n != 0 {
				t.Errorf("swept %d that live, %v", n, err)
			}
			n, err := tx.SetupLinks.Sweep(w.now.Add(2*time.Hour), 1)
			if n != 1 {
				t.Errorf("swept %d, want the limit of 1", n)
			}
			return err
		})
		w.update(func(tx *store.Tx) error { return tx.Sources.Remove(acme.ID, source.ID) })
		undecided(0)
	})
}

func TestDomains(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		nova, _ := w.organization("nova")
		source := w.named(acme, "one", identity.SourceOIDC)
		want := identity.Domain{OrganizationID: acme.ID, Name: "acme.example", SourceID: source.ID, Token: "t", CreatedAt: w.now}
		put := func(d identity.Domain) { w.update(func(tx *store.Tx) error { return tx.Domains.Put(d) }) }
		unproven := func() {
			t.Helper()
			w.refused(fault.CodeDomainNotFound, func(tx *store.Tx) error { _, err := tx.Lookup.ProvenDomain(want.Name); return err })
		}
		put(want)
		unproven()
		theirs := want
		theirs.OrganizationID, theirs.SourceID = nova.ID, ""
		put(theirs) // whoever proves it first has it
		want.ProvenAt = w.now
		put(want)
		theirs.ProvenAt = w.now
		w.refused(fault.CodeDomainTaken, func(tx *store.Tx) error { return tx.Domains.Put(theirs) })
		w.update(func(tx *store.Tx) error {
			if got, err := tx.Lookup.ProvenDomain(want.Name); err != nil || got != want {
				t.Errorf("got %+v, %v, want %+v", got, err, want)
			}
			if got, err := tx.Domains.Get(acme.ID, want.Name); err != nil || got != want {
				t.Errorf("got %+v, %v, want %+v", got, err, want)
			}
			if got, err := tx.Domains.List(acme.ID); err != nil || !slices.Equal(got, []identity.Domain{want}) {
				t.Errorf("got %+v, %v, want %+v", got, err, want)
			}
			return tx.Sources.Remove(acme.ID, source.ID)
		})
		want.SourceID = ""
		w.update(func(tx *store.Tx) error {
			if got, err := tx.Lookup.ProvenDomain(want.Name); err != nil || got != want {
				t.Errorf("without its source: got %+v, %v, want %+v", got, err, want)
			}
			return tx.Domains.Remove(acme.ID, want.Name)
		})
		unproven()
		w.refused(fault.CodeDomainNotFound, func(tx *store.Tx) error { return tx.Domains.Remove(acme.ID, want.Name) })
		put(theirs)
	})
}
