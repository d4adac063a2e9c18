package store_test

import (
	"net/netip"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// region names a part of the network; the identifiers have the order of the
// calls.
func (w town) region(o identity.Organization, name, network string, after time.Duration) identity.Region {
	w.t.Helper()
	at := w.now.Add(after)
	r := identity.Region{
		ID: identity.NewRegionID(at), OrganizationID: o.ID, Name: name, Network: netip.MustParsePrefix(network), Description: "at " + name,
		Version: 1, CreatedAt: at, UpdatedAt: at,
	}
	w.update(func(tx *store.Tx) error { return tx.Regions.Insert(r) })
	return r
}

func TestRegions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		nova, _ := w.organization("nova")
		a, b := w.region(acme, "Office", "10.0.0.0/8", 0), w.region(acme, "lab", "2001:db8::/48", time.Second)
		w.region(nova, "office", "10.0.0.0/8", 0) // names and networks are an organisation's own
		like := func(name, network string) identity.Region {
			return identity.Region{ID: "reg_x", OrganizationID: acme.ID, Name: name, Network: netip.MustParsePrefix(network)}
		}
		w.refused(fault.CodeRegionExists, func(tx *store.Tx) error { return tx.Regions.Insert(like("OFFICE", "10.0.0.0/9")) })
		w.refused(fault.CodeRegionNetwork, func(tx *store.Tx) error { return tx.Regions.Insert(like("other", "10.0.0.0/8")) })
		// The name of one and the network of another: the network is told, which names whose it is.
		w.refused(fault.CodeRegionNetwork, func(tx *store.Tx) error { return tx.Regions.Insert(like("OFFICE", "2001:db8::/48")) })
		w.refused(fault.CodeRegionNetwork, func(tx *store.Tx) error { return tx.Regions.Insert(like("lab", "10.0.0.0/8")) })
		moved, renamed, late := b, b, a
		moved.Network, renamed.Name, late.Version = a.Network, "OFFICE", 9
		w.refused(fault.CodeRegionNetwork, func(tx *store.Tx) error { return tx.Regions.Put(moved) })
		w.refused(fault.CodeRegionExists, func(tx *store.Tx) error { return tx.Regions.Put(renamed) })
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.Regions.Put(late) })
		w.refused(fault.CodeRegionNotFound, func(tx *store.Tx) error { _, err := tx.Regions.Get(nova.ID, a.ID); return err })
		w.refused(fault.CodeRegionNotFound, func(tx *store.Tx) error { return tx.Regions.Remove(nova.ID, a.ID) })
		edited := b
		edited.Name, edited.Network, edited.Description, edited.UpdatedAt = "Lab", netip.MustParsePrefix("192.0.2.0/24"), "", w.now.Add(time.Hour)
		w.update(func(tx *store.Tx) error {
			if err := tx.Regions.Put(edited); err != nil {
				return err
			}
			edited.Version++
			got, err := tx.Regions.Get(acme.ID, b.ID)
			if err != nil || !reflect.DeepEqual(got, edited) {
				t.Errorf("edited: got %+v, %v, want %+v", got, err, edited)
			}
			if n, err := tx.Regions.Count(acme.ID); err != nil || n != 2 {
				t.Errorf("got %d regions, %v, want 2", n, err)
			}
			return tx.Regions.Remove(acme.ID, a.ID)
		})
		w.refused(fault.CodeRegionNotFound, func(tx *store.Tx) error { _, err := tx.Regions.Get(acme.ID, a.ID); return err })
	})
}

func TestRegionPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		nova, _ := w.organization("nova")
		c, a, b := w.region(acme, "Cork", "10.3.0.0/16", 0), w.region(acme, "aachen", "10.1.0.0/16", time.Second), w.region(acme, "Bonn_1", "2001:db8::/48", 2*time.Second)
		w.region(nova, "Aachen", "10.9.0.0/16", 0)
		for name, tt := range map[string]struct {
			q    store.RegionQuery
			want []identity.RegionID
		}{
			"of their making": {store.RegionQuery{Limit: 9}, []identity.RegionID{c.ID, a.ID, b.ID}},
			"after the first": {store.RegionQuery{After: string(c.ID), Limit: 1}, []identity.RegionID{a.ID}},
			"by name":         {store.RegionQuery{ByName: true, Limit: 2}, []identity.RegionID{a.ID, b.ID}},
			"the next by it":  {store.RegionQuery{ByName: true, After: "bonn_1", Limit: 9}, []identity.RegionID{c.ID}},
			"of a name":       {store.RegionQuery{Text: "BONN", Limit: 9}, []identity.RegionID{b.ID}},
			"of a network":    {store.RegionQuery{Text: "10.", Limit: 9}, []identity.RegionID{c.ID, a.ID}},
			"no pattern":      {store.RegionQuery{Text: "n%1", Limit: 9}, nil},
		} {
			w.update(func(tx *store.Tx) error {
				found, err := tx.Regions.Page(acme.ID, tt.q)
				var got []identity.RegionID
				for _, r := range found {
					got = append(got, r.ID)
				}
				if err != nil || !slices.Equal(got, tt.want) {
					t.Errorf("%s: got %v, %v, want %v", name, got, err, tt.want)
				}
				return nil
			})
		}
	})
}
