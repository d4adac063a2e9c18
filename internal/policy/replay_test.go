package policy

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// entered puts the entry of a member into the log, a minute after the one before.
func (h *house) entered(client string, what audit.Type, details map[string]string) {
	h.t.Helper()
	h.clock.Advance(time.Minute)
	application := identity.Actor{Kind: identity.ActsAsApplication, AppID: client, OrganizationID: h.acme.ID, Name: client}
	h.write(func(tx *store.Tx) error {
		return audit.Record(tx, application, what, audit.About{Organization: h.acme.ID, Target: "gra_x", Details: details})
	})
}

func by(member identity.MemberID, address string, more ...string) map[string]string {
	details := map[string]string{"member": string(member), "address": address}
	if len(more) > 0 {
		details[more[0]] = more[1]
	}
	return details
}

// weekOfEntries is a wiki with a region and its entries: alice in the office and
// away, bob away, and whoever counts for nothing.
func weekOfEntries(h *house) (alice, bob identity.MemberID, office identity.RegionID) {
	h.t.Helper()
	h.wiki(nil)
	alice, bob = h.member("alice", identity.RoleMember).Member.ID, h.member("bob", identity.RoleMember).Member.ID
	r, err := h.AddRegion(h.t.Context(), h.somebody(identity.RoleAdministrator), h.acme.ID, NewRegion{Name: "Office", Network: "10.0.0.0/8"})
	wants(h.t, "region", err, "")
	h.entered("wiki", audit.GrantIssued, by(alice, "10.1.1.1")) // eight days ago: too old
	h.clock.Advance(8 * 24 * time.Hour)
	h.entered("wiki", audit.GrantIssued, by(alice, "10.1.1.1"))
	h.entered("wiki", audit.ServiceEntered, by(alice, "192.0.2.1"))
	h.entered("wiki", audit.GrantIssued, by(alice, "192.0.2.2", "verified", "true"))
	h.entered("wiki", audit.GrantIssued, by(bob, "192.0.2.3"))
	h.entered("wiki", audit.GrantIssued, map[string]string{"member": string(bob)})
	h.entered("wiki", audit.GrantIssued, map[string]string{}) // for no member
	h.entered("wiki", audit.ProxyGranted, by(bob, "192.0.2.4"))
	h.entered("crm", audit.GrantIssued, by(bob, "192.0.2.5"))
	return alice, bob, r.ID
}

func (h *house) replays(d Draft) Replayed {
	h.t.Helper()
	r, err := h.Replay(h.t.Context(), h.somebody(identity.RoleAdministrator), h.acme.ID, "wiki", Replay{Draft: d, Limit: 50})
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

// A draft is asked about each entry at its time and address, and with the proof
// that had been given; it is saved nowhere.
func TestReplay(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		alice, bob, office := weekOfEntries(h)
		told := len(h.events())
		inOffice := NewPolicy{Name: "Office", Regions: []identity.RegionID{office}, Decision: identity.PolicyAllow}
		verify := NewPolicy{Name: "Elsewhere", Decision: identity.PolicyVerify}
		for _, row := range []struct {
			what string
			d    Draft
			want string
			met  []string
		}{
			{"as stored", Draft{}, "5 entries, 1 unplaced, 0 stopped of 0, 0 asked of 0", nil},
			{"deny by default", Draft{Default: identity.PolicyDeny}, "5 entries, 1 unplaced, 5 stopped of 2, 0 asked of 0", []string{
				"bob  deny ", "bob 192.0.2.3 deny ", "alice 192.0.2.2 deny ", "alice 192.0.2.1 deny ", "alice 10.1.1.1 deny ",
			}},
			{
				"only in the office",
				Draft{Default: identity.PolicyDeny, Policies: &[]NewPolicy{inOffice}},
				"5 entries, 1 unplaced, 4 stopped of 2, 0 asked of 0",
				[]string{"bob  deny ", "bob 192.0.2.3 deny ", "alice 192.0.2.2 deny ", "alice 192.0.2.1 deny "},
			},
			{
				"elsewhere with a second proof",
				Draft{Policies: &[]NewPolicy{inOffice, verify}},
				"5 entries, 1 unplaced, 0 stopped of 0, 3 asked of 2",
				[]string{"bob  second_verification Elsewhere", "bob 192.0.2.3 second_verification Elsewhere", "alice 192.0.2.1 second_verification Elsewhere"},
			},
			{
				"that only reports",
				Draft{Policies: &[]NewPolicy{{Name: "x", Decision: identity.PolicyDeny, ReportOnly: true}}},
				"5 entries, 1 unplaced, 0 stopped of 0, 0 asked of 0", nil,
			},
			{
				"on a day that was not",
				Draft{Policies: &[]NewPolicy{{Name: "x", Schedule: identity.Schedule{From: "2001-01-01", Until: "2001-01-02"}, Decision: identity.PolicyDeny}}},
				"5 entries, 1 unplaced, 0 stopped of 0, 0 asked of 0", nil,
			},
		} {
			r := h.replays(row.d)
			got := fmt.Sprintf("%d entries, %d unplaced, %d stopped of %d, %d asked of %d", r.Entries, r.Unplaced, r.Stopped, r.PeopleStopped, r.Asked, r.PeopleAsked)
			if got != row.want || !r.Complete || !r.Until.Equal(h.clock.Now()) || r.Until.Sub(r.Since) != ReplayDays*24*time.Hour {
				t.Errorf("%s: got %s from %s to %s, want %s", row.what, got, r.Since, r.Until, row.want)
			}
			if got := shownMet(r.Met); !slices.Equal(got, row.met) {
				t.Errorf("%s: met %q, want %q", row.what, got, row.met)
			}
		}
		if r := h.replays(Draft{Default: identity.PolicyDeny}); r.Met[0].Member != bob || r.Met[4].Member != alice {
			t.Errorf("got %+v", r.Met)
		}
		if got := len(h.events()); got != told {
			t.Errorf("%d events more: something was saved", got-told)
		}
	})
}

func shownMet(all []Met) (lines []string) {
	for _, m := range all {
		address := ""
		if m.Address.IsValid() {
			address = m.Address.String()
		}
		lines = append(lines, fmt.Sprintf("%s %s %s %s", m.Name, address, m.Decision, m.Policy))
	}
	return lines
}

// Pages come newest or oldest first, and each entry once.
func TestReplayPages(t *testing.T) {
	h := sqliteHouse(t)
	weekOfEntries(h)
	whole := h.replays(Draft{Default: identity.PolicyDeny}).Met
	for _, oldest := range []bool{false, true} {
		var got []Met
		q := Replay{Draft: Draft{Default: identity.PolicyDeny}, OldestFirst: oldest, Limit: 2}
		for range 3 {
			r, err := h.Replay(t.Context(), h.somebody(identity.RoleAdministrator), h.acme.ID, "wiki", q)
			if err != nil || r.Entries != 5 {
				t.Fatalf("got %+v, %v", r, err)
			}
			more := len(r.Met) > q.Limit
			got = append(got, r.Met[:min(q.Limit, len(r.Met))]...)
			if !more {
				break
			}
			q.After = got[len(got)-1].Event
		}
		want := slices.Clone(whole)
		if oldest {
			slices.Reverse(want)
		}
		if !slices.Equal(got, want) {
			t.Errorf("oldest first is %v: got %+v, want %+v", oldest, got, want)
		}
	}
}

// A draft is checked as what is saved, and the fault says where in the list.
func TestReplayRefuses(t *testing.T) {
	h := sqliteHouse(t)
	_, _, office := weekOfEntries(h)
	allow := func(name string, regions ...identity.RegionID) NewPolicy {
		return NewPolicy{Name: name, Regions: regions, Decision: identity.PolicyAllow}
	}
	for what, row := range map[string]struct {
		d     Draft
		want  fault.Code
		field string
	}{
		"a default there is not": {Draft{Default: "maybe"}, fault.CodeFieldChoice, "default"},
		"a decision":             {Draft{Policies: &[]NewPolicy{allow("a"), {Name: "b", Decision: "maybe"}}}, fault.CodeFieldChoice, "policies[1].decision"},
		"no name":                {Draft{Policies: &[]NewPolicy{allow("")}}, fault.CodeFieldLength, "policies[0].name"},
		"one name twice":         {Draft{Policies: &[]NewPolicy{allow("a", office), allow("A", office)}}, fault.CodePolicyExists, "policies[1].name"},
		"no such region":         {Draft{Policies: &[]NewPolicy{allow("a", office, "reg_x")}}, fault.CodeRegionNotFound, "policies[0].regions"},
		"too many":               {Draft{Policies: ptr(make([]NewPolicy, MaxPolicies+1))}, fault.CodePolicyLimit, ""},
	} {
		_, err := h.Replay(t.Context(), h.somebody(identity.RoleAdministrator), h.acme.ID, "wiki", Replay{Draft: row.d})
		if !fault.Is(err, row.want) || fault.Of(err).Field != row.field {
			t.Errorf("%s: got %v, want %s at %q", what, err, row.want, row.field)
		}
	}
	for who, actor := range map[string]identity.Actor{"nobody": {}, "a member": h.somebody(identity.RoleMember)} {
		_, err := h.Replay(t.Context(), actor, h.acme.ID, "wiki", Replay{})
		wants(t, who, err, fault.CodeForbidden)
	}
	_, err := h.Replay(t.Context(), h.somebody(identity.RoleAdministrator), h.acme.ID, "none", Replay{})
	wants(t, "no such application", err, fault.CodeApplicationNotFound)
}

func ptr[T any](value T) *T { return &value }

// What Judging says is what Judge says, of any number of questions.
func TestJudging(t *testing.T) {
	rules := identity.AccessRules{AccessControl: identity.AccessControl{Enabled: true, Default: identity.PolicyDeny}, Policies: []identity.AccessPolicy{
		{Name: "day", Decision: identity.PolicyAllow, Schedule: identity.Schedule{Starts: 540, Ends: 1080, Zone: "Europe/Berlin"}},
	}}
	judge := rules.Judging()
	for hour := range 48 {
		c := identity.Circumstances{At: time.Date(2026, 3, 28, hour, 30, 0, 0, time.UTC), Address: netip.MustParseAddr("192.0.2.1")}
		if got, want := judge(c).Decision, rules.Judge(c).Decision; got != want {
			t.Errorf("%s: got %s, want %s", c.At, got, want)
		}
	}
}
