package policy

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// wiki adds an application of acme.
func (h *house) wiki(edit func(a *identity.Application)) identity.Application {
	h.t.Helper()
	a := identity.Application{
		ID: identity.NewApplicationID(h.clock.Now()), OrganizationID: h.acme.ID, ClientID: "wiki", Name: "wiki",
		Protocol: identity.ProtocolOIDC, Status: identity.ApplicationActive, OAuth: &identity.OAuthSettings{}, Generation: 1, Version: 1,
		Access: identity.Access{Everyone: true},
	}
	if edit != nil {
		edit(&a)
	}
	h.write(func(tx *store.Tx) error { return tx.Applications.Insert(a) })
	return a
}

// member adds somebody to acme.
func (h *house) member(name string, role identity.Role) identity.Person {
	h.t.Helper()
	d := identity.Department{ID: identity.NewDepartmentID(h.clock.Now()), OrganizationID: h.acme.ID, Code: name, Name: name, Path: name + "/", Level: 1, SortLevel: 1}
	account := identity.Account{
		ID: identity.NewAccountID(h.clock.Now()), Kind: identity.Managed, OrganizationID: h.acme.ID, Name: name, Status: identity.AccountActive, Version: 1,
	}
	p := identity.Person{Account: account, Member: identity.Member{
		ID: identity.NewMemberID(h.clock.Now()), OrganizationID: h.acme.ID, AccountID: account.ID, Name: name, Role: role,
		Status: identity.MemberActive, Department: d.ID, SortLevel: 1, Version: 1,
	}}
	h.write(func(tx *store.Tx) error {
		if err := tx.Departments.Insert(d); err != nil {
			return err
		}
		if err := tx.Accounts.Insert(account, account.LoginNames(true)); err != nil {
			return err
		}
		return tx.Members.Insert(p)
	})
	return p
}

// add adds a policy to the wiki and fails the test when that does.
func (h *house) add(n NewPolicy) identity.AccessPolicy {
	h.t.Helper()
	h.clock.Advance(time.Second)
	p, err := h.AddPolicy(h.t.Context(), h.somebody(identity.RoleAdministrator), h.acme.ID, "wiki", n)
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

func (h *house) aims(p identity.AccessPolicy, version int64) PolicyAim {
	return PolicyAim{Organization: h.acme.ID, ClientID: "wiki", Policy: p.ID, Version: version}
}

func TestPolicyLife(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		ctx, actor := t.Context(), h.somebody(identity.RoleAdministrator)
		wiki := h.wiki(nil)
		p := h.add(NewPolicy{Name: "Office hours", Schedule: identity.Schedule{Starts: 540, Ends: 1080}, Decision: identity.PolicyAllow})
		if p.Version != 1 || p.ApplicationID != wiki.ID || p.OrganizationID != h.acme.ID {
			t.Fatalf("got %+v", p)
		}
		for name, tt := range map[string]struct {
			n    NewPolicy
			want fault.Code
		}{
			"the name":       {NewPolicy{Name: "OFFICE HOURS", Decision: identity.PolicyDeny}, fault.CodePolicyExists},
			"no decision":    {NewPolicy{Name: "x"}, fault.CodeFieldChoice},
			"unknown region": {NewPolicy{Name: "x", Decision: identity.PolicyDeny, Regions: []identity.RegionID{"reg_x"}}, fault.CodeRegionNotFound},
		} {
			_, err := h.AddPolicy(ctx, actor, h.acme.ID, "wiki", tt.n)
			wants(t, name, err, tt.want)
		}
		_, err := h.AddPolicy(ctx, actor, h.acme.ID, "none", NewPolicy{Name: "x", Decision: identity.PolicyDeny})
		wants(t, "of no application", err, fault.CodeApplicationNotFound)
		h.clock.Advance(time.Second)
		decision, none := identity.PolicyDeny, identity.Schedule{}
		changed, err := h.ChangePolicy(ctx, actor, h.aims(p, 1), PolicyChange{Decision: &decision, Schedule: &none})
		if err != nil || changed.Decision != decision || !changed.Schedule.Always() || changed.Version != 2 || changed.Name != p.Name {
			t.Errorf("changed: got %+v, %v", changed, err)
		}
		_, err = h.ChangePolicy(ctx, actor, h.aims(p, 1), PolicyChange{Decision: &decision})
		wants(t, "late", err, fault.CodeStale)
		bad := identity.PolicyDecision("perhaps")
		_, err = h.ChangePolicy(ctx, actor, h.aims(p, 0), PolicyChange{Decision: &bad})
		wants(t, "to nothing", err, fault.CodeFieldChoice)
		same, err := h.ChangePolicy(ctx, actor, h.aims(p, 2), PolicyChange{Decision: &decision})
		if err != nil || same.Version != 2 {
			t.Errorf("nothing changed: got %+v, %v", same, err)
		}
		got, err := h.Policy(ctx, actor, h.acme.ID, "wiki", p.ID)
		if err != nil || got.Decision != decision {
			t.Errorf("read: got %+v, %v", got, err)
		}
		h.clock.Advance(time.Second)
		wants(t, "removed late", h.RemovePolicy(ctx, actor, h.aims(p, 1)), fault.CodeStale)
		wants(t, "removed", h.RemovePolicy(ctx, actor, h.aims(p, 2)), "")
		wants(t, "removed twice", h.RemovePolicy(ctx, actor, h.aims(p, 0)), fault.CodePolicyNotFound)
		want := []string{string(audit.PolicyRemoved), string(audit.PolicyChanged), string(audit.PolicyAdded)}
		if got := h.events(); !slices.Equal(got, want) {
			t.Errorf("told %v, want %v", got, want)
		}
	})
}

// order reads the names of the wiki's policies and the version of its switch.
func (h *house) order() (names string, version int64) {
	h.t.Helper()
	r, err := h.Rules(h.t.Context(), h.somebody(identity.RoleOwner), h.acme.ID, "wiki")
	if err != nil {
		h.t.Fatal(err)
	}
	for _, p := range r.Policies {
		names += p.Name
	}
	return names, r.Version
}

func TestPoliciesHaveAnOrder(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		ctx, actor := t.Context(), h.somebody(identity.RoleAdministrator)
		h.wiki(nil)
		a, b := h.add(NewPolicy{Name: "a", Decision: identity.PolicyAllow}), h.add(NewPolicy{Name: "b", Decision: identity.PolicyDeny})
		names, version := h.order()
		if names != "ab" || version != 3 {
			t.Errorf("got %s in version %d", names, version)
		}
		_, err := h.ReorderPolicies(ctx, actor, h.acme.ID, "wiki", version-1, []identity.PolicyID{b.ID, a.ID})
		wants(t, "late", err, fault.CodeStale)
		for name, ids := range map[string][]identity.PolicyID{"one": {a.ID}, "twice": {a.ID, a.ID}, "another": {a.ID, b.ID, "pol_x"}, "none": nil} {
			_, err := h.ReorderPolicies(ctx, actor, h.acme.ID, "wiki", 0, ids)
			wants(t, name, err, fault.CodePolicyOrder)
		}
		same, err := h.ReorderPolicies(ctx, actor, h.acme.ID, "wiki", 0, []identity.PolicyID{a.ID, b.ID})
		if err != nil || same.Version != version {
			t.Errorf("as it is: got %+v, %v", same, err)
		}
		now, err := h.ReorderPolicies(ctx, actor, h.acme.ID, "wiki", version, []identity.PolicyID{b.ID, a.ID})
		if names, stored := h.order(); err != nil || names != "ba" || stored != version+1 || now.Version != stored {
			t.Errorf("turned round: got %s in version %d, told %+v, %v", names, stored, now, err)
		}
	})
}

func TestAccessControl(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		ctx, actor := t.Context(), h.somebody(identity.RoleAdministrator)
		h.wiki(nil)
		on, deny, verify := true, identity.PolicyDeny, identity.PolicyVerify
		_, err := h.ChangeAccessControl(ctx, actor, h.acme.ID, "wiki", 0, ControlChange{Enabled: &on})
		wants(t, "without a default", err, fault.CodeFieldChoice)
		_, err = h.ChangeAccessControl(ctx, actor, h.acme.ID, "wiki", 0, ControlChange{Enabled: &on, Default: &verify})
		wants(t, "with a default that verifies", err, fault.CodeFieldChoice)
		c, err := h.ChangeAccessControl(ctx, actor, h.acme.ID, "wiki", 1, ControlChange{Enabled: &on, Default: &deny})
		if err != nil || !c.Enabled || c.Default != deny || c.Version != 2 {
			t.Errorf("got %+v, %v", c, err)
		}
		_, err = h.ChangeAccessControl(ctx, actor, h.acme.ID, "wiki", 1, ControlChange{Enabled: &on})
		wants(t, "late", err, fault.CodeStale)
		c, err = h.ChangeAccessControl(ctx, actor, h.acme.ID, "wiki", 0, ControlChange{Enabled: &on})
		if err != nil || c.Version != 2 {
			t.Errorf("nothing changed: got %+v, %v", c, err)
		}
		if got := h.events(); !slices.Equal(got, []string{string(audit.AccessControlChanged)}) {
			t.Errorf("told %v", got)
		}
	})
}

func TestPoliciesAreBounded(t *testing.T) {
	h := sqliteHouse(t)
	h.wiki(nil)
	for i := range MaxPolicies {
		h.add(NewPolicy{Name: fmt.Sprint("policy ", i), Decision: identity.PolicyAllow})
	}
	_, err := h.AddPolicy(t.Context(), h.somebody(identity.RoleOwner), h.acme.ID, "wiki", NewPolicy{Name: "more", Decision: identity.PolicyAllow})
	wants(t, "one more", err, fault.CodePolicyLimit)
}

// A region that a policy names stays; its network may move.
func TestARegionInUseStays(t *testing.T) {
	h := sqliteHouse(t)
	ctx, actor := t.Context(), h.somebody(identity.RoleAdministrator)
	h.wiki(nil)
	r, err := h.AddRegion(ctx, actor, h.acme.ID, NewRegion{Name: "Office", Network: "10.0.0.0/8"})
	wants(t, "region", err, "")
	p := h.add(NewPolicy{Name: "from the office", Regions: []identity.RegionID{r.ID}, Decision: identity.PolicyAllow})
	err = h.RemoveRegion(ctx, actor, h.acme.ID, r.ID)
	wants(t, "in use", err, fault.CodeRegionInUse)
	if named := fmt.Sprint(fault.Of(err).Params["policies"]); !strings.Contains(named, "wiki / from the office") {
		t.Errorf("the refusal names %s", named)
	}
	network := "192.0.2.0/24"
	_, err = h.ChangeRegion(ctx, actor, h.acme.ID, r.ID, 0, RegionChange{Network: &network})
	wants(t, "moved", err, "")
	wants(t, "policy removed", h.RemovePolicy(ctx, actor, h.aims(p, 0)), "")
	wants(t, "free", h.RemoveRegion(ctx, actor, h.acme.ID, r.ID), "")
}

// Whoever may change the application changes its policies, and nobody else.
func TestWhoMayManagePolicies(t *testing.T) {
	h := sqliteHouse(t)
	ctx, org := t.Context(), h.acme.ID
	responsible := h.member("rita", identity.RoleAdministrator)
	h.wiki(func(a *identity.Application) { a.Responsible = responsible.Member.ID })
	foreign := h.somebody(identity.RoleOwner)
	foreign.OrganizationID = h.nova.ID
	rita := h.somebody(identity.RoleAdministrator)
	rita.MemberID = responsible.Member.ID
	for who, tt := range map[string]struct {
		actor        identity.Actor
		reads, edits fault.Code
	}{
		"nobody":                      {identity.Actor{}, fault.CodeForbidden, fault.CodeForbidden},
		"a member":                    {h.somebody(identity.RoleMember), fault.CodeForbidden, fault.CodeForbidden},
		"another organisation":        {foreign, fault.CodeForbidden, fault.CodeForbidden},
		"a department administrator":  {h.somebody(identity.RoleDepartmentAdministrator), fault.CodePolicyNotFound, fault.CodeApplicationOwned},
		"an administrator":            {h.somebody(identity.RoleAdministrator), fault.CodePolicyNotFound, fault.CodeApplicationOwned},
		"the owner":                   {h.somebody(identity.RoleOwner), fault.CodePolicyNotFound, fault.CodeApplicationOwned},
		"the one who is responsible":  {rita, fault.CodePolicyNotFound, ""},
		"the operator at the machine": {identity.Actor{Kind: identity.ActsAsConsole}, fault.CodePolicyNotFound, ""},
	} {
		_, err := h.Policy(ctx, tt.actor, org, "wiki", "pol_x")
		wants(t, who+" reads", err, tt.reads)
		_, err = h.ReorderPolicies(ctx, tt.actor, org, "wiki", 0, nil)
		wants(t, who+" reorders", err, tt.edits)
		_, err = h.ChangeAccessControl(ctx, tt.actor, org, "wiki", 0, ControlChange{})
		wants(t, who+" switches", err, tt.edits)
		_, err = h.Simulate(ctx, tt.actor, org, "wiki", Simulation{Member: responsible.Member.ID})
		wants(t, who+" simulates", err, tt.edits)
		at := PolicyAim{Organization: org, ClientID: "wiki", Policy: "pol_x"}
		missing := tt.edits
		if missing == "" {
			missing = fault.CodePolicyNotFound
		}
		_, err = h.ChangePolicy(ctx, tt.actor, at, PolicyChange{})
		wants(t, who+" changes", err, missing)
		wants(t, who+" removes", h.RemovePolicy(ctx, tt.actor, at), missing)
	}
}

// Whoever has set up a factor can be asked for it without any contact.
func TestSimulateWithAFactor(t *testing.T) {
	h := sqliteHouse(t)
	h.wiki(nil)
	alice := h.member("alice", identity.RoleMember)
	h.write(func(tx *store.Tx) error {
		return tx.Factors.Insert(store.FactorRow{Factor: identity.Factor{ID: "fac_1", AccountID: alice.Account.ID, Kind: identity.FactorPasskey, Name: "Key"}})
	})
	out, err := h.Simulate(t.Context(), h.somebody(identity.RoleAdministrator), h.acme.ID, "wiki", Simulation{Member: alice.Member.ID})
	if err != nil || !out.Factors {
		t.Errorf("got %+v, %v", out, err)
	}
}

// A simulation tells what would be decided, switched on or not, and changes
// nothing.
func TestSimulate(t *testing.T) {
	h := sqliteHouse(t)
	ctx, actor := t.Context(), h.somebody(identity.RoleAdministrator)
	h.wiki(nil)
	alice := h.member("alice", identity.RoleMember)
	r, err := h.AddRegion(ctx, actor, h.acme.ID, NewRegion{Name: "Office", Network: "10.0.0.0/8"})
	wants(t, "region", err, "")
	office := h.add(NewPolicy{Name: "office", Regions: []identity.RegionID{r.ID}, Decision: identity.PolicyAllow})
	monday := h.add(NewPolicy{
		Name: "monday", Schedule: identity.Schedule{Weekdays: []identity.Weekday{identity.Monday}, Zone: "UTC"}, Decision: identity.PolicyVerify,
	})
	told := len(h.events())
	noon := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		s        Simulation
		decision identity.PolicyDecision
		policy   identity.PolicyID
		enters   bool
	}{
		"in the office":            {Simulation{Address: netip.MustParseAddr("10.1.1.1"), At: noon}, identity.PolicyAllow, office.ID, true},
		"elsewhere on a Monday":    {Simulation{Address: netip.MustParseAddr("192.0.2.1"), At: noon}, identity.PolicyVerify, monday.ID, false},
		"elsewhere, proven twice":  {Simulation{At: noon, Verified: true}, identity.PolicyVerify, monday.ID, true},
		"elsewhere on another day": {Simulation{At: noon.AddDate(0, 0, 1)}, identity.PolicyAllow, "", true},
	} {
		tt.s.Member = alice.Member.ID
		out, err := h.Simulate(ctx, actor, h.acme.ID, "wiki", tt.s)
		if err != nil || out.Decision != tt.decision || out.Policy.ID != tt.policy || out.Enters != tt.enters || len(out.Looked) != 2 {
			t.Errorf("%s: got %s by %q, enters %v, %v", name, out.Decision, out.Policy.ID, out.Enters, err)
		}
		if out.Controlled || !out.Active || !out.Admitted || out.Factors || out.Status != identity.MemberActive {
			t.Errorf("%s: got %+v", name, out)
		}
	}
	out, err := h.Simulate(ctx, actor, h.acme.ID, "wiki", Simulation{Member: alice.Member.ID})
	if err != nil || !out.At.Equal(h.clock.Now()) {
		t.Errorf("now: got %v, %v", out.At, err)
	}
	_, err = h.Simulate(ctx, actor, h.acme.ID, "wiki", Simulation{Member: "mem_x"})
	wants(t, "nobody", err, fault.CodeMemberNotFound)
	if got := len(h.events()); got != told {
		t.Errorf("%d events more", got-told)
	}
}
