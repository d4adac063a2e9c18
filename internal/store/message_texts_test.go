package store_test

import (
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// wording is a text of an organisation, or of the installation.
func wording(org identity.OrganizationID, kind, language string) identity.MessageText {
	return identity.MessageText{
		MessageTextKey: identity.MessageTextKey{OrganizationID: org, Kind: kind, Language: language},
		Subject:        "S of " + kind, Body: "B {code}\n", SMS: string(org) + " {code}",
	}
}

func TestMessageTexts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		nova, _ := w.organization("nova")
		ours, theirs, all := wording(acme.ID, "code", "en-US"), wording(nova.ID, "code", "en-US"), wording("", "code", "en-US")
		for _, m := range []identity.MessageText{ours, theirs, all, wording(acme.ID, "welcome", "zh-CN")} {
			w.update(func(tx *store.Tx) error { return tx.MessageTexts.Put(m) })
			w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.MessageTexts.Put(m) }) // there is one by now
		}
		edited := ours
		edited.Version, edited.Subject, edited.Body = 1, "", ""
		w.update(func(tx *store.Tx) error { return tx.MessageTexts.Put(edited) })
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.MessageTexts.Put(edited) })
		edited.Version, edited.UpdatedAt = 2, w.now
		w.update(func(tx *store.Tx) error {
			got, err := tx.MessageTexts.Get(ours.MessageTextKey)
			got.UpdatedAt = w.now // the clock of the database is its own
			if err != nil || got != edited {
				t.Errorf("got %+v, %v, want %+v", got, err, edited)
			}
			for key, want := range map[identity.MessageTextKey]int{
				ours.MessageTextKey: 2, all.MessageTextKey: 1, wording("", "welcome", "zh-CN").MessageTextKey: 0,
				wording(acme.ID, "welcome", "zh-CN").MessageTextKey: 1, wording(acme.ID, "code", "zh-CN").MessageTextKey: 0,
			} {
				found, err := tx.MessageTexts.InForce(key)
				if err != nil || len(found) != want || want > 0 && found[0].OrganizationID != key.OrganizationID {
					t.Errorf("%+v: got %+v, %v, want %d", key, found, err, want)
				}
			}
			for org, want := range map[identity.OrganizationID]int{acme.ID: 2, nova.ID: 1, "": 1, "org_none": 0} {
				if found, err := tx.MessageTexts.All(org); err != nil || len(found) != want || want > 0 && found[0].Kind != "code" {
					t.Errorf("all of %q: got %+v, %v, want %d", org, found, err, want)
				}
			}
			return tx.MessageTexts.Remove(ours.MessageTextKey)
		})
		w.refused(fault.CodeMessageTextNotFound, func(tx *store.Tx) error { return tx.MessageTexts.Remove(ours.MessageTextKey) })
		w.refused(fault.CodeMessageTextNotFound, func(tx *store.Tx) error { _, err := tx.MessageTexts.Get(ours.MessageTextKey); return err })
	})
}
