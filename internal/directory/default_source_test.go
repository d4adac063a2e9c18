package directory

import (
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

func TestDefaultSource(t *testing.T) {
	h := sqliteHouse(t)
	corp, off := h.upstream("corp", byMail()), h.upstream("off", byMail())
	h.write(func(tx *store.Tx) error {
		off.Enabled = false
		return tx.Sources.Put(off)
	})
	there := h.org
	h.furnish("other", func(*NewOrganization) {})
	theirs := h.upstream("theirs", byMail())
	lead := func(id identity.SourceID) error {
		_, err := h.ChangeOrganization(t.Context(), console, there.ID, 0, OrganizationChange{DefaultSource: &id})
		return err
	}
	wants(t, "unknown", lead("src_none"), fault.CodeSourceNotFound)
	wants(t, "another organisation's", lead(theirs.ID), fault.CodeSourceNotFound)
	wants(t, "enterprise SSO", lead(identity.SSOSourceID(there.ID)), fault.CodeSourceNotFound)
	wants(t, "not enabled", lead(off.ID), fault.CodeSourceDisabled)
	wants(t, "good", lead(corp.ID), "")
	h.write(func(tx *store.Tx) error {
		corp.Enabled = false
		return tx.Sources.Put(corp)
	})
	wants(t, "the same, switched off since", lead(corp.ID), "")
	o, err := h.Organization(t.Context(), console, there.ID)
	if err != nil || o.Rules.DefaultSource != corp.ID {
		t.Errorf("stored: %s, %v", o.Rules.DefaultSource, err)
	}
	wants(t, "none", lead(""), "")
}
