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

func (w town) link(s identity.Source, p identity.Person, subject string) identity.Link {
	w.t.Helper()
	l := identity.Link{
		SourceID: s.ID, Subject: subject, OrganizationID: p.Member.OrganizationID, MemberID: p.Member.ID,
		Said: map[string]string{"mail": "alice@acme.example"}, CreatedAt: w.now, UsedAt: w.now.Truncate(time.Minute),
	}
	w.update(func(tx *store.Tx) error { return tx.Links.Add(l) })
	return l
}

// linkSays stores what a source says now, and looks whether it lies open.
func (w town) linkSays(l *identity.Link, said map[string]string) {
	w.t.Helper()
	l.Said = said
	w.update(func(tx *store.Tx) error {
		if err := tx.Links.Say(*l); err != nil {
			return err
		}
		var stored []byte
		err := store.Scan(tx, &stored, `SELECT said FROM links WHERE subject = $1`, l.Subject)
		if bytes.Contains(stored, []byte("phone")) {
			w.t.Error("what the source said lies open")
		}
		return err
	})
}

func (w town) noLink(l identity.Link) {
	w.t.Helper()
	w.refused(fault.CodeMemberNotFound, func(tx *store.Tx) error { _, err := tx.Links.Find(l.SourceID, l.Subject); return err })
}

func TestLinks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		nova, _ := w.organization("nova")
		source := w.source(acme, "acme.example")
		alice, bob := w.member(acme, root, "alice"), w.member(acme, root, "bob")
		want := w.link(source, alice, "E/001")
		w.refused(fault.CodeLinkExists, func(tx *store.Tx) error {
			other := want
			other.MemberID = bob.Member.ID
			return tx.Links.Add(other)
		})
		w.noLink(identity.Link{SourceID: source.ID, Subject: "e/001"})
		w.noLink(identity.Link{SourceID: identity.SSOSourceID(nova.ID), Subject: want.Subject})
		used := w.now.Add(time.Hour)
		for _, when := range []time.Time{used, w.now, used.Add(59 * time.Second).Truncate(time.Minute)} {
			w.update(func(tx *store.Tx) error { return tx.Links.Use(want, when) })
		}
		want.UsedAt = used.Add(59 * time.Second).Truncate(time.Minute)
		w.linkSays(&want, map[string]string{"mail": "", "phone": "+8613800000001"})
		w.update(func(tx *store.Tx) error {
			if got, err := tx.Links.Find(source.ID, want.Subject); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, %v, want %+v", got, err, want)
			}
			if got, err := first(tx.Links.OfMember(acme.ID, alice.Member.ID)); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("of the member: got %+v, %v, want %+v", got, err, want)
			}
			none, err := tx.Links.OfMember(nova.ID, alice.Member.ID)
			if err != nil || len(none) != 0 {
				t.Errorf("of another organisation: got %v, %v", none, err)
			}
			return tx.Links.Remove(source.ID, want.Subject)
		})
		w.refused(fault.CodeMemberNotFound, func(tx *store.Tx) error { return tx.Links.Remove(source.ID, want.Subject) })
	})
}

// What is removed takes what hangs on it along, and nothing else.
func TestRemovalsCascade(t *testing.T) {
	removals := map[string]struct {
		remove func(tx *store.Tx, s identity.Source, p identity.Person) error
		gone   []string
	}{
		"source": {func(tx *store.Tx, s identity.Source, _ identity.Person) error {
			return tx.Sources.Remove(s.OrganizationID, s.ID)
		}, []string{"links", "sources"}},
		"member": {func(tx *store.Tx, s identity.Source, p identity.Person) error {
			return tx.Members.Delete(s.OrganizationID, p.Member.ID)
		}, []string{"links", "sessions"}},
		"account": {func(tx *store.Tx, _ identity.Source, p identity.Person) error {
			return tx.Accounts.Delete(p.Account.ID)
		}, []string{"links", "sessions"}},
		"organisation": {func(tx *store.Tx, s identity.Source, _ identity.Person) error {
			return tx.Organizations.Delete(s.OrganizationID)
		}, []string{"links", "sessions", "sources", "tries"}},
	}
	for name, tt := range removals {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
				w := newTown(t, open)
				for _, code := range []string{"kept", "gone"} {
					o, root := w.organization(code)
					p, s := w.member(o, root, "alice@"+code), w.source(o, code)
					w.link(s, p, "1")
					w.session(p)
					w.try(o)
					if code == "gone" {
						w.update(func(tx *store.Tx) error { return tt.remove(tx, s, p) })
					}
				}
				for _, table := range []string{"links", "sessions", "sources", "tries"} {
					want := 2
					if slices.Contains(tt.gone, table) {
						want = 1
					}
					var got int
					w.update(func(tx *store.Tx) error { return store.Scan(tx, &got, `SELECT count(*) FROM `+table) })
					if got != want {
						t.Errorf("%s: got %d, want %d", table, got, want)
					}
				}
			})
		})
	}
}
