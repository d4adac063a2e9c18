package store_test

import (
	"reflect"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func TestAttributeDefinitions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		nova, _ := w.organization("nova")
		late := identity.Attribute{
			OrganizationID: acme.ID, Key: "size", Label: "Size", Type: identity.AttributeChoice, Candidates: []string{"S", "M"},
			Required: true, Hidden: true, Place: 9, Version: 1, CreatedAt: w.now, UpdatedAt: w.now,
		}
		early := identity.Attribute{
			OrganizationID: acme.ID, Key: "note", Label: "Note", Type: identity.AttributeText, Masked: true, Candidates: []string{},
			Place: 2, Version: 1, CreatedAt: w.now, UpdatedAt: w.now,
		}
		w.update(func(tx *store.Tx) error {
			if err := tx.Attributes.Insert(late); err != nil {
				return err
			}
			return tx.Attributes.Insert(early)
		})
		w.refused(fault.CodeAttributeExists, func(tx *store.Tx) error { return tx.Attributes.Insert(early) })
		w.refused(fault.CodeAttributeNotFound, func(tx *store.Tx) error { _, err := tx.Attributes.Get(nova.ID, "size"); return err })
		w.refused(fault.CodeAttributeNotFound, func(tx *store.Tx) error { return tx.Attributes.Remove(nova.ID, "size") })
		w.update(func(tx *store.Tx) error {
			all, err := tx.Attributes.List(acme.ID)
			if want := (identity.Attributes{early, late}); err != nil || !reflect.DeepEqual(all, want) {
				t.Errorf("got %+v, %v, want %+v", all, err, want)
			}
			edited := late
			edited.Label, edited.Hidden, edited.Place = "Shirt", false, 1
			if err := tx.Attributes.Put(edited); err != nil {
				return err
			}
			edited.Version++
			if got, err := tx.Attributes.Get(acme.ID, "size"); err != nil || !reflect.DeepEqual(got, edited) {
				t.Errorf("edited: got %+v, %v, want %+v", got, err, edited)
			}
			return nil
		})
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.Attributes.Put(late) })
		w.update(func(tx *store.Tx) error { return tx.Attributes.Remove(acme.ID, "note") })
		w.refused(fault.CodeAttributeNotFound, func(tx *store.Tx) error { _, err := tx.Attributes.Get(acme.ID, "note"); return err })
	})
}

// A key is used by who has a value of it, and not by who has a value that
// reads like it.
func TestUsedAttributes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		nova, theirs := w.organization("nova")
		give := func(o identity.Organization, d identity.Department, account string, values map[string]string) {
			p := w.person(o, d, account)
			p.Member.Attributes = values
			w.update(func(tx *store.Tx) error { return insert(tx, p) })
		}
		give(acme, root, "alice", map[string]string{"note": `"floor":"3"`, "a_b": "1", "工号": "7"})
		give(nova, theirs, "bob", map[string]string{"floor": "3"})
		for key, want := range map[string]bool{"note": true, "a_b": true, "工号": true, "floor": false, "axb": false, "no": false, "note%": false} {
			w.update(func(tx *store.Tx) error {
				if got, err := tx.Attributes.Used(acme.ID, key); err != nil || got != want {
					t.Errorf("%s: got %v, %v, want %v", key, got, err, want)
				}
				return nil
			})
		}
	})
}
