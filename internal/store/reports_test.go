package store_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// slot is a period of an organisation.
func slot(o identity.Organization, d identity.Dimension, day identity.Day, client string) store.TallySlot {
	return store.TallySlot{Organization: o.ID, Dimension: d, Day: day, ClientID: client}
}

func TestTalliesAddUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		nova, _ := w.organization("nova")
		gone := identity.Organization{ID: "org_gone"}
		w.update(func(tx *store.Tx) error {
			for _, x := range []struct {
				slot store.TallySlot
				more store.Tally
			}{
				{slot(acme, identity.ByDay, 10, ""), store.Tally{SignIns: 3, People: 2, Registered: 5, Removed: 1}},
				{slot(acme, identity.ByDay, 10, ""), store.Tally{SignIns: 1, People: 1}},
				{slot(acme, identity.ByDay, 12, ""), store.Tally{SignIns: 7, Removed: 2}},
				{slot(acme, identity.ByDay, 10, "wiki"), store.Tally{SignIns: 2, People: 1}},
				{slot(acme, identity.ByWeek, 10, ""), store.Tally{SignIns: 99}},
				{slot(nova, identity.ByDay, 10, ""), store.Tally{SignIns: 10, Registered: 4}},
				{slot(gone, identity.ByDay, 10, ""), store.Tally{SignIns: 1000}},
			} {
				if err := tx.Reports.Add(x.slot, x.more); err != nil {
					return err
				}
			}
			return nil
		})
		for name, tt := range map[string]struct {
			q    store.TallyQuery
			want map[identity.Day]store.Tally
		}{
			"of one": {store.TallyQuery{Organization: acme.ID, Dimension: identity.ByDay, From: 0, To: 20}, map[identity.Day]store.Tally{
				10: {SignIns: 4, People: 3, Registered: 5, Removed: 1}, 12: {SignIns: 7, Removed: 2},
			}},
			"of all":     {store.TallyQuery{Dimension: identity.ByDay, From: 10, To: 11}, map[identity.Day]store.Tally{10: {SignIns: 14, People: 3, Registered: 9, Removed: 1}}},
			"of a week":  {store.TallyQuery{Organization: acme.ID, Dimension: identity.ByWeek, From: 10, To: 10}, map[identity.Day]store.Tally{10: {SignIns: 99}}},
			"of nothing": {store.TallyQuery{Organization: nova.ID, Dimension: identity.ByDay, From: 11, To: 99}, map[identity.Day]store.Tally{}},
		} {
			w.update(func(tx *store.Tx) error {
				got, err := tx.Reports.Tallies(tt.q)
				if err != nil || !maps.Equal(got, tt.want) {
					t.Errorf("%s: got %v, %v, want %v", name, got, err, tt.want)
				}
				return nil
			})
		}
		w.update(func(tx *store.Tx) error {
			sumsOf(t, tx, acme.ID, nova.ID)
			return nil
		})
	})
}

// sumsOf compares what else is told of the tallies of TestTalliesAddUp.
func sumsOf(t *testing.T, tx *store.Tx, acme, nova identity.OrganizationID) {
	t.Helper()
	for org, want := range map[identity.OrganizationID]int64{acme: -2, nova: 0, "": -2} {
		if n, err := tx.Reports.Grown(org, 10); err != nil || n != want {
			t.Errorf("%q grew by %d, %v, want %d", org, n, err, want)
		}
	}
	apps, err := tx.Reports.Applications(store.TallyQuery{Organization: acme, Dimension: identity.ByDay, From: 0, To: 20})
	if err != nil || len(apps) != 1 || apps[0].ClientID != "wiki" || apps[0].SignIns != 2 || apps[0].Name != "" {
		t.Errorf("applications: got %+v, %v", apps, err)
	}
	if n, err := tx.Reports.SweepTallies(identity.ByDay, 11, 2); err != nil || n != 2 {
		t.Errorf("swept %d, %v, want as many as were allowed", n, err)
	}
}

func TestMetOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		day, week := slot(acme, identity.ByDay, 10, ""), slot(acme, identity.ByWeek, 10, "")
		many := make([]identity.MemberID, 120)
		for i := range many {
			many[i] = identity.NewMemberID(w.now)
		}
		w.update(func(tx *store.Tx) error {
			for _, x := range []struct {
				slot store.TallySlot
				who  []identity.MemberID
				want int64
			}{{day, many, 120}, {day, many[:7], 0}, {week, many[:7], 7}, {day, append(slices.Clone(many[:3]), "mem_new"), 1}, {day, nil, 0}} {
				if n, err := tx.Reports.Meet(x.slot, x.who); err != nil || n != x.want {
					t.Errorf("%v: met %d, %v, want %d", x.slot, n, err, x.want)
				}
			}
			if n, err := tx.Reports.SweepPeople(identity.ByDay, 11, 1000); err != nil || n != 121 {
				t.Errorf("swept %d, %v", n, err)
			}
			if n, err := tx.Reports.SweepPeople(identity.ByWeek, 10, 1000); err != nil || n != 0 {
				t.Errorf("swept %d of a week that is not over, %v", n, err)
			}
			return nil
		})
	})
}

func TestProgressOfReports(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		first := store.ReportProgress{Zone: "UTC", After: "evt_1", Until: w.now}
		second := store.ReportProgress{Zone: "UTC", After: "evt_2", Until: w.now}
		w.update(func(tx *store.Tx) error {
			if p, err := tx.Reports.Progress(); err != nil || p != (store.ReportProgress{}) {
				t.Errorf("at first: got %+v, %v", p, err)
			}
			return tx.Reports.Advance(store.ReportProgress{}, first)
		})
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.Reports.Advance(store.ReportProgress{}, second) })
		w.update(func(tx *store.Tx) error { return tx.Reports.Advance(first, second) })
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.Reports.Advance(first, second) })
		w.update(func(tx *store.Tx) error {
			p, err := tx.Reports.Progress()
			if err != nil || p.After != "evt_2" || !p.Until.Equal(w.now) {
				t.Errorf("got %+v, %v", p, err)
			}
			return nil
		})
	})
}
