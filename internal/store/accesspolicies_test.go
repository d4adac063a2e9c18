package store_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// guarded adds the application "wiki" with the policies of these names, in their order.
func (w town) guarded(o identity.Organization, regions []identity.RegionID, names ...string) (identity.AccessControl, []identity.AccessPolicy) {
	w.t.Helper()
	a := identity.Application{
		ID: identity.NewApplicationID(w.now), OrganizationID: o.ID, ClientID: "wiki", Name: "wiki", Protocol: identity.ProtocolOIDC,
		Status: identity.ApplicationActive, OAuth: &identity.OAuthSettings{}, Generation: 1,
	}
	w.update(func(tx *store.Tx) error { return tx.Applications.Insert(a) })
	var all []identity.AccessPolicy
	for i, name := range names {
		at := w.now.Add(-time.Duration(i) * time.Second) // the identifiers have another order
		p := identity.AccessPolicy{
			ID: identity.NewPolicyID(at), OrganizationID: o.ID, ApplicationID: a.ID, Name: name, Description: "of " + name, Regions: regions,
			Schedule: identity.Schedule{
				Weekdays: []identity.Weekday{identity.Monday}, From: "2026-01-01", Until: "2026-12-31", Starts: 60, Ends: 120, Zone: "UTC",
			},
			Decision: identity.PolicyVerify, ReportOnly: i > 0, Version: 1, CreatedAt: at, UpdatedAt: at,
		}
		w.update(func(tx *store.Tx) error { return tx.AccessPolicies.Insert(p) })
		all = append(all, p)
	}
	var c identity.AccessControl
	w.update(func(tx *store.Tx) (err error) { c, err = tx.AccessPolicies.Control(o.ID, a.ID); return err })
	return c, all
}

// rules reads the names of the policies in their order.
func (w town) rules(c identity.AccessControl) (r identity.AccessRules, names []string) {
	w.t.Helper()
	w.update(func(tx *store.Tx) (err error) { r, err = tx.AccessPolicies.Rules(c); return err })
	for _, p := range r.Policies {
		names = append(names, p.Name)
	}
	return r, names
}

func TestAccessPolicies(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		nova, _ := w.organization("nova")
		office, lab := w.region(acme, "Office", "10.0.0.0/8", 0), w.region(acme, "Lab", "2001:db8::/48", time.Second)
		c, all := w.guarded(acme, []identity.RegionID{lab.ID, office.ID}, "first", "second", "third")
		if want := (identity.AccessControl{ApplicationID: c.ApplicationID, OrganizationID: acme.ID, Version: 1}); c != want {
			t.Errorf("before anything was chosen: got %+v", c)
		}
		r, names := w.rules(c)
		if !slices.Equal(names, []string{"first", "second", "third"}) || !reflect.DeepEqual(r.Policies, all) {
			t.Errorf("got %v\n%+v, want\n%+v", names, r.Policies, all)
		}
		if len(r.Regions) != 2 || r.Regions[lab.ID].Network != lab.Network || r.Regions[office.ID].Name != "Office" {
			t.Errorf("regions: got %+v", r.Regions)
		}
		edited := all[1]
		edited.Name, edited.Schedule, edited.Regions, edited.Decision = "Second", identity.Schedule{}, nil, identity.PolicyDeny
		w.update(func(tx *store.Tx) error {
			if err := tx.AccessPolicies.Put(edited); err != nil {
				return err
			}
			edited.Version++
			got, err := tx.AccessPolicies.Get(c, edited.ID)
			if err != nil || !reflect.DeepEqual(got, edited) {
				t.Errorf("edited: got %+v, %v, want %+v", got, err, edited)
			}
			if err := tx.AccessPolicies.Order(c, []identity.PolicyID{all[2].ID, all[0].ID, all[1].ID}); err != nil {
				return err
			}
			return tx.AccessPolicies.Remove(c, all[0].ID)
		})
		if _, names := w.rules(c); !slices.Equal(names, []string{"third", "Second"}) {
			t.Errorf("ordered and removed: got %v", names)
		}
		w.foreignPolicies(nova, c, all)
		twin := all[2]
		twin.ID, twin.Name = "pol_twin", "SECOND"
		w.refused(fault.CodePolicyExists, func(tx *store.Tx) error { return tx.AccessPolicies.Insert(twin) })
		renamed := all[2]
		renamed.Name = "second"
		w.refused(fault.CodePolicyExists, func(tx *store.Tx) error { return tx.AccessPolicies.Put(renamed) })
		late := all[2]
		late.Version = 9
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.AccessPolicies.Put(late) })
	})
}

// foreignPolicies tries everything from another organisation.
func (w town) foreignPolicies(other identity.Organization, c identity.AccessControl, all []identity.AccessPolicy) {
	w.t.Helper()
	theirs := w.region(other, "Theirs", "192.0.2.0/24", 0)
	foreign := c
	foreign.OrganizationID = other.ID
	w.refused(fault.CodePolicyNotFound, func(tx *store.Tx) error { _, err := tx.AccessPolicies.Get(foreign, all[2].ID); return err })
	w.refused(fault.CodePolicyNotFound, func(tx *store.Tx) error { return tx.AccessPolicies.Remove(foreign, all[2].ID) })
	w.refused(fault.CodeApplicationNotFound, func(tx *store.Tx) error {
		_, err := tx.AccessPolicies.Control(other.ID, c.ApplicationID)
		return err
	})
	w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.AccessPolicies.PutControl(foreign) })
	p := all[2]
	p.Regions = []identity.RegionID{theirs.ID}
	w.refused(fault.CodeRegionNotFound, func(tx *store.Tx) error { return tx.AccessPolicies.Put(p) })
	if r, _ := w.rules(foreign); len(r.Policies) != 0 {
		w.t.Errorf("another organisation reads %d policies", len(r.Policies))
	}
}

// What admits somebody tells that policies are asked besides, and the switch
// moves once for each edit.
func TestAccessControlIsTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		alice := w.member(acme, root, "alice")
		c, _ := w.guarded(acme, nil)
		c.Enabled, c.Default = true, identity.PolicyDeny
		w.update(func(tx *store.Tx) error { return tx.AccessPolicies.PutControl(c) })
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.AccessPolicies.PutControl(c) })
		w.update(func(tx *store.Tx) error {
			got, err := tx.Applications.Admission(c.ApplicationID, acme.ID, alice.Member.ID)
			if err != nil || !got.Controlled || got.Otherwise != identity.PolicyDeny {
				t.Errorf("got %+v, %v", got, err)
			}
			now, err := tx.AccessPolicies.Control(acme.ID, c.ApplicationID)
			if err != nil || now.Version != 2 || !now.Enabled {
				t.Errorf("got %+v, %v", now, err)
			}
			return err
		})
	})
}

func TestWhoNamesARegion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		office := w.region(acme, "Office", "10.0.0.0/8", 0)
		free := w.region(acme, "Free", "192.0.2.0/24", time.Second)
		c, all := w.guarded(acme, []identity.RegionID{office.ID}, "first", "second")
		w.update(func(tx *store.Tx) error {
			uses, err := tx.AccessPolicies.Naming(acme.ID, office.ID, 5)
			if want := []store.PolicyUse{{ClientID: "wiki", Name: "first"}, {ClientID: "wiki", Name: "second"}}; err != nil || !slices.Equal(uses, want) {
				t.Errorf("got %+v, %v", uses, err)
			}
			if uses, err := tx.AccessPolicies.Naming(acme.ID, free.ID, 5); err != nil || len(uses) != 0 {
				t.Errorf("of one that is free: got %+v, %v", uses, err)
			}
			return tx.Regions.Remove(acme.ID, free.ID)
		})
		heard := make(chan string, 10)
		defer w.db.Feed().Subscribe(store.TopicApplication, func(id string) { heard <- id })()
		w.update(func(tx *store.Tx) error { return tx.AccessPolicies.RegionMoved(acme.ID, office.ID) })
		if got := <-heard; got != string(c.ApplicationID) {
			t.Errorf("heard %s, want the application once", got)
		}
		w.update(func(tx *store.Tx) error {
			moved, err := tx.AccessPolicies.Control(acme.ID, c.ApplicationID)
			if err != nil || moved.Version != c.Version+1 {
				t.Errorf("the version is %d, %v, after %d", moved.Version, err, c.Version)
			}
			return tx.AccessPolicies.Remove(c, all[0].ID)
		})
	})
}

// Rules that stand are read once for each version of their switch, and never
// those of another organisation or application.
func TestRulesThatStand(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		asked := 0
		w := newTown(t, func(o ...storetest.Option) *store.DB {
			return open(append(o, storetest.With(func(o *store.Options) {
				o.Observe = func(query string) {
					if strings.Contains(query, "FROM access_policies") {
						asked++
					}
				}
			}))...)
		})
		acme, _ := w.organization("acme")
		nova, _ := w.organization("nova")
		c, all := w.guarded(acme, nil, "first", "second")
		standing := func(c identity.AccessControl, want int) (queries int) {
			t.Helper()
			before := asked
			if err := w.db.View(t.Context(), func(tx *store.Tx) error {
				r, err := tx.AccessPolicies.Standing(c)
				if err == nil && (len(r.Policies) != want || r.AccessControl != c) {
					t.Errorf("got %d policies of %+v, want %d of %+v", len(r.Policies), r.AccessControl, want, c)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return asked - before
		}
		if first, again := standing(c, 2), standing(c, 2); first == 0 || again != 0 {
			t.Errorf("asked %d times and %d more", first, again)
		}
		edited := c
		edited.Version++
		w.update(func(tx *store.Tx) error {
			if err := tx.AccessPolicies.Remove(c, all[0].ID); err != nil {
				return err
			}
			return tx.AccessPolicies.PutControl(c)
		})
		if first, again := standing(edited, 1), standing(edited, 1); first == 0 || again != 0 {
			t.Errorf("after an edit: asked %d times and %d more", first, again)
		}
		standing(c, 1) // whoever read the version before the edit
		if again := standing(edited, 1); again != 0 {
			t.Errorf("an older version took the place of a newer one: asked %d times", again)
		}
		foreign := edited
		foreign.OrganizationID = nova.ID
		standing(foreign, 0)
		standing(edited, 1)
	})
}
