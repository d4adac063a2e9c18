package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

func equal(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\ngot  %s\nwant %s", what, strings.Join(got, " | "), strings.Join(want, " | "))
	}
}

// Whoever comes on several days of a week is one person of that week.
func TestDifferentPeople(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.add(h.acme, "alice", "bob", "carol")
		h.add(h.nova, "dave")
		h.signIn(h.acme, "alice", "alice", "bob")
		h.signIn(h.nova, "dave")
		h.settled()
		h.days(1)
		h.signIn(h.acme, "alice", "carol")
		h.tell(member(h.acme, "alice", identity.RoleMember), audit.SessionRenewed, h.acme, nil)
		h.settled()
		h.days(6) // the next Monday
		h.signIn(h.acme, "bob")
		h.settled()
		equal(t, "days", h.people(h.acme, identity.ByDay, 9), "2026-11-22 0 0 0 0 0", "2026-11-23 3 2 3 3 0", "2026-11-24 3 2 3 0 0",
			"2026-11-25 3 0 0 0 0", "2026-11-26 3 0 0 0 0", "2026-11-27 3 0 0 0 0", "2026-11-28 3 0 0 0 0", "2026-11-29 3 0 0 0 0",
			"2026-11-30 3 1 1 0 0")
		equal(t, "weeks", h.people(h.acme, identity.ByWeek, 2), "2026-11-23 3 3 6 3 0", "2026-11-30 3 1 1 0 0")
		equal(t, "the month", h.people(h.acme, identity.ByMonth, 1), "2026-11-01 3 3 7 3 0")
		equal(t, "everybody", h.people("", identity.ByMonth, 1), "2026-11-01 4 4 8 4 0")
		p, err := h.People(t.Context(), console(), h.acme, Query{Dimension: identity.ByDay, To: identity.DayAt(2026, 11, 24), Count: 1})
		if err != nil || p.People != 3 || p.Activated != 1 || p.Days[0].String() != "2026-11-24" || p.Last(0) != p.Days[0] || p.Periods[0].Active != 2 {
			t.Errorf("an earlier day: got %+v, %v", p, err)
		}
		if !p.Until.Equal(h.clock.Now().Add(-settle)) || p.Zone != "UTC" {
			t.Errorf("counted until %s in %s", p.Until, p.Zone)
		}
		o, err := h.Organizations(t.Context(), console(), Query{Dimension: identity.ByWeek}, Page{Limit: 10})
		if err != nil || len(o.Organizations) != 2 || o.Organizations[0].People != 1 || o.Organizations[0].Members != 3 || o.Organizations[1].SignIns != 0 {
			t.Errorf("by organisation: got %+v, %v", o, err)
		}
	})
}

func TestApplicationsOfAReport(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.enter(h.acme, "crm", "alice")
		h.enter(h.acme, "wiki", "alice", "bob", "alice")
		h.enter(h.nova, "shop", "dave")
		h.tell(identity.Actor{Kind: identity.ActsAsApplication, AppID: "crm"}, audit.GrantIssued, h.acme, nil) // for no member
		h.settled()
		h.days(1)
		h.tell(identity.Actor{Kind: identity.ActsAsApplication, AppID: "wiki"}, audit.ServiceEntered, h.acme, map[string]string{"member": "mem_carol"})
		h.settled()
		lines := func(d identity.Dimension, count int) (all []string) {
			a, err := h.Applications(t.Context(), console(), h.acme, Query{Dimension: d, Count: count})
			if err != nil {
				t.Fatal(err)
			}
			for _, use := range a.Applications {
				all = append(all, fmt.Sprintf("%s %d %v", use.ClientID, use.Entries, use.Periods))
			}
			return all
		}
		equal(t, "days", lines(identity.ByDay, 2), "wiki 4 [{3 2} {1 1}]", "crm 1 [{1 1} {0 0}]")
		equal(t, "the week", lines(identity.ByWeek, 1), "wiki 4 [{4 3}]", "crm 1 [{1 1}]")
		equal(t, "people who enter are not people who sign in", h.people(h.acme, identity.ByWeek, 1), "2026-11-23 0 0 0 0 0")
	})
}

// TestRegistrations counts every way to become and to cease to be a member.
func TestRegistrations(t *testing.T) {
	h := sqliteHouse(t)
	for _, e := range []struct {
		what    audit.Type
		details map[string]string
	}{
		{audit.MemberAdded, nil},
		{audit.MemberAutoCreated, nil},
		{audit.MembersImported, map[string]string{"created": "7", "changed": "3"}},
		{audit.MembersImported, map[string]string{"created": "many"}},
		{audit.OrganizationAdded, map[string]string{"owner": "mem_x"}},
		{audit.OrganizationAdded, nil},
		{audit.RequestApproved, map[string]string{"kind": string(identity.RequestJoin)}},
		{audit.RequestApproved, map[string]string{"kind": "entry"}},
		{audit.MemberRemoved, nil},
		{audit.MemberLeft, nil},
		{audit.MemberSuspended, nil},
		{audit.SignInRefused, nil},
	} {
		h.tell(console(), e.what, h.acme, e.details)
	}
	h.tell(console(), audit.SessionStarted, h.acme, nil) // nobody who is a member
	h.tell(member("", "root", identity.RoleMember), audit.SessionStarted, "", nil)
	h.settled()
	equal(t, "the day", h.people(h.acme, identity.ByDay, 1), "2026-11-23 0 0 0 11 2")
	equal(t, "nowhere", h.people("", identity.ByDay, 1), "2026-11-23 0 0 0 11 2")
}

// TestOnce counts a log of several stretches, broken off and by two nodes at once:
// each event counts once.
func TestOnce(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		if err := h.fold(t.Context()); err != nil {
			t.Fatal(err)
		}
		const n = stretch + 20
		h.write(func(tx *store.Tx) error {
			for i := range n {
				actor := member(h.acme, fmt.Sprint(i%7), identity.RoleMember)
				if err := audit.Record(tx, actor, audit.SessionStarted, audit.About{Organization: h.acme}); err != nil {
					return err
				}
			}
			return nil
		})
		if err := h.fold(t.Context()); err != nil {
			t.Fatal(err)
		}
		equal(t, "before it settled", h.people(h.acme, identity.ByDay, 1), "2026-11-23 0 0 0 0 0")
		h.clock.Advance(settle + time.Second)
		first, err := h.step(t.Context())
		if err != nil || len(first.events) != stretch {
			t.Fatalf("got %d events, %v", len(first.events), err)
		}
		// Another node that had read the same stretch stores nothing of it.
		late := newTallies(first.zone)
		for _, e := range first.events {
			late.count(e)
		}
		err = h.db.Act(t.Context(), store.ActReport, func(tx *store.Tx) error {
			if err := late.store(tx); err != nil {
				return err
			}
			return tx.Reports.Advance(first.from, first.to)
		})
		wants(t, "the same stretch again", err, fault.CodeStale)
		for range 3 {
			if err := h.fold(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		equal(t, "counted", h.people(h.acme, identity.ByDay, 1), fmt.Sprintf("2026-11-23 0 7 %d 0 0", n))
	})
}

// TestZones counts anew in other days, as far back as is shown.
func TestZones(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.days(-250)
		h.signIn(h.acme, "early")
		h.days(250)
		h.clock.Advance(6 * time.Hour) // 18:00 in London, Tuesday in Shanghai
		h.signIn(h.acme, "alice")
		h.settled()
		equal(t, "in UTC", h.people(h.acme, identity.ByDay, 1), "2026-11-23 0 1 1 0 0")
		wants(t, "no zone", h.SetTimeZone(t.Context(), console(), Zone{Name: "Mars/Base"}), fault.CodeFieldFormat)
		wants(t, "the machine's", h.SetTimeZone(t.Context(), console(), Zone{Name: "Local"}), fault.CodeFieldFormat)
		wants(t, "a path", h.SetTimeZone(t.Context(), console(), Zone{Name: "../../etc/passwd"}), fault.CodeFieldFormat)
		wants(t, "Shanghai", h.SetTimeZone(t.Context(), console(), Zone{Name: "Asia/Shanghai"}), "")
		wants(t, "late", h.SetTimeZone(t.Context(), console(), Zone{Name: "Europe/Paris"}), fault.CodeStale)
		z, err := h.TimeZone(t.Context(), console())
		if err != nil || z.Name != "Asia/Shanghai" || z.Version != 1 {
			t.Errorf("got %+v, %v", z, err)
		}
		h.settled()
		equal(t, "in Shanghai", h.people(h.acme, identity.ByDay, 2), "2026-11-23 0 0 0 0 0", "2026-11-24 0 1 1 0 0")
		p, err := h.People(t.Context(), console(), h.acme, Query{Dimension: identity.ByMonth, To: identity.DayAt(2026, 3, 18), Count: 1})
		if err != nil || p.Periods[0].SignIns != 0 {
			t.Errorf("beyond the reach: got %+v, %v", p, err)
		}
	})
}

// TestForgotten keeps who was met no longer than the period, and sums for a
// year.
func TestForgotten(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.signIn(h.acme, "alice")
		h.settled()
		met := func() (n int64) {
			h.write(func(tx *store.Tx) (err error) {
				for _, d := range identity.Dimensions() {
					some, err := tx.Reports.SweepPeople(d, identity.DayAt(2027, 2, 1), 10)
					if err != nil {
						return err
					}
					n += some
				}
				return nil
			})
			return n
		}
		h.days(14) // December: the day, the week and the month are over
		h.settled()
		if n := met(); n != 0 {
			t.Errorf("%d rows of people are left", n)
		}
		equal(t, "the sum stays", h.people(h.acme, identity.ByWeek, 3), "2026-11-23 0 1 1 0 0", "2026-11-30 0 0 0 0 0", "2026-12-07 0 0 0 0 0")
		h.signIn(h.acme, "alice")
		h.settled()
		if n := met(); n != 3 {
			t.Errorf("%d rows of people, want the day's, the week's and the month's", n)
		}
		h.days(keep + 40)
		h.settled()
		old := Query{Dimension: identity.ByMonth, To: identity.DayAt(2026, 11, 1), Count: 1}
		if p, err := h.People(t.Context(), console(), h.acme, old); err != nil || p.Periods[0].SignIns != 0 {
			t.Errorf("after a year: got %+v, %v", p, err)
		}
	})
}

func TestQueries(t *testing.T) {
	h := sqliteHouse(t)
	for _, tt := range []struct {
		q    Query
		want fault.Code
		n    int
	}{
		{Query{}, fault.CodeFieldChoice, 0},
		{Query{Dimension: "year"}, fault.CodeFieldChoice, 0},
		{Query{Dimension: identity.ByDay, Count: 10}, fault.CodeFieldRange, 0},
		{Query{Dimension: identity.ByDay, Count: -1}, fault.CodeFieldRange, 0},
		{Query{Dimension: identity.ByWeek, Count: 9}, fault.CodeFieldRange, 0},
		{Query{Dimension: identity.ByMonth, Count: 7}, fault.CodeFieldRange, 0},
		{Query{Dimension: identity.ByDay}, "", 9},
		{Query{Dimension: identity.ByWeek}, "", 8},
		{Query{Dimension: identity.ByMonth, To: identity.DayAt(2099, 1, 1)}, "", 6},
	} {
		p, err := h.People(t.Context(), console(), h.acme, tt.q)
		wants(t, fmt.Sprint(tt.q), err, tt.want)
		if len(p.Periods) != tt.n || tt.n > 0 && (p.Days[tt.n-1] > identity.DayAt(2026, 11, 23) || p.Last(tt.n-1) < identity.DayAt(2026, 11, 23)) {
			t.Errorf("%+v: got %v", tt.q, p.Days)
		}
	}
}

func TestWhoReadsReports(t *testing.T) {
	h := sqliteHouse(t)
	q := Query{Dimension: identity.ByDay}
	calls := map[string]func(identity.Actor) error{
		"people":       func(a identity.Actor) error { _, err := h.People(t.Context(), a, h.acme, q); return err },
		"applications": func(a identity.Actor) error { _, err := h.Applications(t.Context(), a, h.acme, q); return err },
		"everybody":    func(a identity.Actor) error { _, err := h.People(t.Context(), a, "", q); return err },
		"organisations": func(a identity.Actor) error {
			_, err := h.Organizations(t.Context(), a, q, Page{Limit: 1})
			return err
		},
		"zone":     func(a identity.Actor) error { _, err := h.TimeZone(t.Context(), a); return err },
		"set zone": func(a identity.Actor) error { return h.SetTimeZone(t.Context(), a, Zone{Name: "UTC"}) },
	}
	for name, call := range calls {
		own := name == "people" || name == "applications"
		for _, tt := range []struct {
			actor identity.Actor
			may   bool
		}{
			{identity.Actor{}, false},
			{member(h.acme, "a", identity.RoleMember), false},
			{member(h.acme, "a", identity.RoleDepartmentAdministrator), false},
			{member(h.acme, "a", identity.RoleAdministrator), own},
			{member(h.nova, "d", identity.RoleOwner), false},
			{console(), true},
		} {
			want := fault.CodeForbidden
			if tt.may {
				want = ""
			}
			wants(t, name, call(tt.actor), want)
		}
	}
}

// TestFacts reads single events: who came in, and into what.
func TestFacts(t *testing.T) {
	const kind = identity.ActsAsMember
	for name, tt := range map[string]struct {
		e    identity.Event
		want fact
	}{
		"a sign-in":              {identity.Event{Type: string(audit.SignedIn), ActorKind: kind, ActorID: "mem_a"}, fact{member: "mem_a", Tally: store.Tally{SignIns: 1}}},
		"one by a session":       {identity.Event{Type: string(audit.SessionStarted), ActorKind: kind, ActorID: "mem_a"}, fact{member: "mem_a", Tally: store.Tally{SignIns: 1}}},
		"one of the provider":    {identity.Event{Type: string(audit.SessionStarted), ActorKind: identity.ActsAsProvider, ActorID: "acc_a"}, fact{}},
		"a refusal":              {identity.Event{Type: string(audit.SignInRefused), ActorKind: kind, ActorID: "mem_a"}, fact{}},
		"a sign-out":             {identity.Event{Type: string(audit.SignedOut), ActorKind: kind, ActorID: "mem_a"}, fact{}},
		"an entry without a key": {identity.Event{Type: string(audit.GrantIssued), Details: map[string]string{"member": "mem_a"}}, fact{}},
		"an import of nobody":    {identity.Event{Type: string(audit.MembersImported), Details: map[string]string{"created": "0"}}, fact{}},
		"what is not known":      {identity.Event{Type: "moon.risen", ActorKind: kind, ActorID: "mem_a"}, fact{}},
	} {
		if got := factOf(tt.e); got != tt.want {
			t.Errorf("%s: got %+v, want %+v", name, got, tt.want)
		}
	}
}

// TestLater keeps how far the log was counted where a clock was set back.
func TestLater(t *testing.T) {
	early, late := monday(), monday().Add(time.Second)
	if !later(early, late).Equal(late) || !later(late, early).Equal(late) {
		t.Error("the earlier instant was kept")
	}
}
