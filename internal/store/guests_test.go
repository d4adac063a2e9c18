package store_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func TestGuestsAndContacts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		nova, top := w.organization("nova")
		alice, bob, other := w.member(acme, root, "alice"), w.member(acme, root, "bob"), w.member(nova, top, "carol")
		contact := func(p identity.Person, mail string) {
			t.Helper()
			w.update(func(tx *store.Tx) error {
				p.Account.Email = mail
				if err := tx.Accounts.Put(p.Account, nil); err != nil {
					return err
				}
				return tx.Members.Put(p)
			})
		}
		contact(alice, "long-enough-1@example.com")
		contact(bob, "long-enough-2@example.com")
		contact(other, "long-enough-1@example.com")
		for mail, want := range map[string]identity.MemberID{
			"long-enough-1@example.com": alice.Member.ID, "long-enough-2@example.com": bob.Member.ID,
			"long-enough-3@example.com": "", "long-enough": "", "xy": "",
		} {
			w.update(func(tx *store.Tx) error {
				got, err := tx.Members.ByContact(acme.ID, mail)
				if err != nil || len(got) > 1 || (len(got) == 1) != (want != "") || want != "" && got[0].Member.ID != want {
					t.Errorf("%s: got %v, %v", mail, got, err)
				}
				return nil
			})
		}
		w.update(func(tx *store.Tx) error {
			_, err := store.Exec(tx, `UPDATE accounts SET kind = 'outside' WHERE id = '`+string(bob.Account.ID)+`'`)
			return err
		})
		for kind, want := range map[identity.MemberKind]identity.MemberID{identity.KindGuest: bob.Member.ID, identity.KindMember: alice.Member.ID} {
			w.update(func(tx *store.Tx) error {
				got, err := tx.Members.Page(acme.ID, store.MemberQuery{Kind: kind, Limit: 10})
				if err != nil || len(got) != 1 || got[0].Member.ID != want || got[0].Kind() != kind {
					t.Errorf("%s: got %v, %v", kind, got, err)
				}
				return nil
			})
		}
	})
}

func TestLinksOfSeveralMembers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		nova, _ := w.organization("nova")
		source := w.source(acme, "acme.example")
		alice, bob, carol := w.member(acme, root, "alice"), w.member(acme, root, "bob"), w.member(acme, root, "carol")
		for _, p := range []identity.Person{alice, bob, carol} {
			w.link(source, p, p.Account.Name)
		}
		ids := []identity.MemberID{alice.Member.ID, carol.Member.ID, "mem_none"}
		w.update(func(tx *store.Tx) error {
			got, err := tx.Links.OfMembers(acme.ID, ids)
			slices.SortFunc(got, func(a, b identity.Link) int { return strings.Compare(a.Subject, b.Subject) })
			if err != nil || len(got) != 2 || got[0].Subject != "alice" || got[1].Subject != "carol" {
				t.Errorf("got %v, %v", got, err)
			}
			for org, ids := range map[identity.OrganizationID][]identity.MemberID{nova.ID: ids, acme.ID: nil} {
				if none, err := tx.Links.OfMembers(org, ids); err != nil || len(none) > 0 {
					t.Errorf("got %v, %v, want none", none, err)
				}
			}
			return nil
		})
	})
}
