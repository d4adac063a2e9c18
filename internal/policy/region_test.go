package policy

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

func TestRegionLife(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		ctx, actor := t.Context(), h.somebody(identity.RoleAdministrator)
		r, err := h.AddRegion(ctx, actor, h.acme.ID, NewRegion{Name: "Office", Network: "10.1.2.3/8", Description: "ours"})
		if err != nil || r.Network.String() != "10.0.0.0/8" || r.Version != 1 {
			t.Fatalf("got %+v, %v", r, err)
		}
		for name, tt := range map[string]struct {
			n    NewRegion
			want fault.Code
		}{
			"the name":            {NewRegion{Name: "OFFICE", Network: "10.7.0.0/16"}, fault.CodeRegionExists},
			"the network":         {NewRegion{Name: "Other", Network: "::ffff:10.7.7.7/104"}, fault.CodeRegionNetwork},
			"a network inside":    {NewRegion{Name: "Inside", Network: "10.0.0.0/9"}, ""},
			"no network":          {NewRegion{Name: "None", Network: "10.0.0.0"}, fault.CodeFieldFormat},
			"no name":             {NewRegion{Network: "10.3.0.0/16"}, fault.CodeFieldLength},
			"a name with a break": {NewRegion{Name: "a\x00b", Network: "10.3.0.0/16"}, fault.CodeMalformed},
		} {
			_, err := h.AddRegion(ctx, actor, h.acme.ID, tt.n)
			wants(t, name, err, tt.want)
		}
		_, err = h.AddRegion(ctx, identity.Actor{Kind: identity.ActsAsConsole}, "org_none", NewRegion{Name: "x", Network: "10.0.0.0/8"})
		wants(t, "of nobody", err, fault.CodeOrganizationNotFound)
		h.clock.Advance(time.Hour)
		name, network, bad := "Head office", "192.0.2.0/24", "192.0.2.0"
		changed, err := h.ChangeRegion(ctx, actor, h.acme.ID, r.ID, 1, RegionChange{Name: &name, Network: &network})
		if err != nil || changed.Name != name || changed.Network.String() != network || changed.Description != "ours" || changed.Version != 2 || changed.UpdatedAt.Equal(r.UpdatedAt) {
			t.Errorf("changed: got %+v, %v", changed, err)
		}
		_, err = h.ChangeRegion(ctx, actor, h.acme.ID, r.ID, 1, RegionChange{Name: &name})
		wants(t, "late", err, fault.CodeStale)
		_, err = h.ChangeRegion(ctx, actor, h.acme.ID, r.ID, 0, RegionChange{Network: &bad})
		wants(t, "to no network", err, fault.CodeFieldFormat)
		same, err := h.ChangeRegion(ctx, actor, h.acme.ID, r.ID, 2, RegionChange{Name: &name})
		if err != nil || same.Version != 2 {
			t.Errorf("nothing changed: got %+v, %v", same, err)
		}
		h.clock.Advance(time.Second)
		wants(t, "removed", h.RemoveRegion(ctx, actor, h.acme.ID, r.ID), "")
		wants(t, "removed twice", h.RemoveRegion(ctx, actor, h.acme.ID, r.ID), fault.CodeRegionNotFound)
		added := string(audit.RegionAdded) // "a network inside" is the second
		want := []string{string(audit.RegionRemoved), string(audit.RegionChanged), added, added}
		if got := h.events(); !slices.Equal(got, want) {
			t.Errorf("told %v, want %v", got, want)
		}
	})
}

func TestRegionsAreAnOrganizationsOwn(t *testing.T) {
	h := sqliteHouse(t)
	ctx, actor := t.Context(), h.somebody(identity.RoleOwner)
	theirs, err := h.AddRegion(ctx, identity.Actor{Kind: identity.ActsAsConsole}, h.nova.ID, NewRegion{Name: "Office", Network: "10.0.0.0/8"})
	wants(t, "of nova", err, "")
	_, err = h.AddRegion(ctx, actor, h.acme.ID, NewRegion{Name: "Office", Network: "10.0.0.0/8"})
	wants(t, "of acme", err, "")
	_, err = h.Region(ctx, actor, h.acme.ID, theirs.ID)
	wants(t, "read", err, fault.CodeRegionNotFound)
	_, err = h.ChangeRegion(ctx, actor, h.acme.ID, theirs.ID, 0, RegionChange{})
	wants(t, "changed", err, fault.CodeRegionNotFound)
	wants(t, "removed", h.RemoveRegion(ctx, actor, h.acme.ID, theirs.ID), fault.CodeRegionNotFound)
	all, err := h.Regions(ctx, actor, h.acme.ID, RegionQuery{Text: "off"})
	if err != nil || len(all) != 1 || all[0].OrganizationID != h.acme.ID {
		t.Errorf("got %+v, %v", all, err)
	}
}

func TestRegionsAreBounded(t *testing.T) {
	h := sqliteHouse(t)
	h.write(func(tx *store.Tx) error {
		for i := range MaxRegions {
			network, err := identity.ParseNetwork(fmt.Sprintf("10.%d.%d.0/24", i/256, i%256))
			if err != nil {
				return err
			}
			r := identity.Region{ID: identity.NewRegionID(tx.Now()), OrganizationID: h.acme.ID, Name: fmt.Sprint("net ", i), Network: network}
			if err := tx.Regions.Insert(r); err != nil {
				return err
			}
		}
		return nil
	})
	_, err := h.AddRegion(t.Context(), h.somebody(identity.RoleOwner), h.acme.ID, NewRegion{Name: "more", Network: "192.0.2.0/24"})
	wants(t, "one more", err, fault.CodeRegionLimit)
	all, err := h.Regions(t.Context(), h.somebody(identity.RoleOwner), h.acme.ID, RegionQuery{})
	if err != nil || len(all) != store.PageDefault {
		t.Errorf("got %d, %v, want a page of %d", len(all), err, store.PageDefault)
	}
}

// Administrators of the organisation and nobody else (OrgID, E).
func TestWhoMayManageRegions(t *testing.T) {
	h := sqliteHouse(t)
	ctx, org := t.Context(), h.acme.ID
	foreign := h.somebody(identity.RoleOwner)
	foreign.OrganizationID = h.nova.ID
	for who, actor := range map[string]identity.Actor{
		"nobody": {}, "a member": h.somebody(identity.RoleMember), "a department administrator": h.somebody(identity.RoleDepartmentAdministrator),
		"another organisation's owner": foreign, "an application": {Kind: identity.ActsAsApplication, OrganizationID: org},
		"a person": {Kind: identity.ActsAsPerson, AccountID: "acc_x"},
	} {
		_, err := h.Regions(ctx, actor, org, RegionQuery{})
		wants(t, who+" lists", err, fault.CodeForbidden)
		_, err = h.Region(ctx, actor, org, "reg_x")
		wants(t, who+" reads", err, fault.CodeForbidden)
		_, err = h.AddRegion(ctx, actor, org, NewRegion{Name: "x", Network: "10.0.0.0/8"})
		wants(t, who+" adds", err, fault.CodeForbidden)
		_, err = h.ChangeRegion(ctx, actor, org, "reg_x", 0, RegionChange{})
		wants(t, who+" changes", err, fault.CodeForbidden)
		wants(t, who+" removes", h.RemoveRegion(ctx, actor, org, "reg_x"), fault.CodeForbidden)
	}
}
