package directory

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

func TestAccountsUnderADomain(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		h.edit(func(o *identity.Organization) { o.Domain = "Own.Example" })
		h.claims("second.example")
		add := func(account, domain string) (string, error) {
			added, err := h.AddMember(t.Context(), console, h.org.ID, NewMember{Account: account, Domain: domain, Name: "N", Password: goodPassword})
			return added.Person.Account.Name, err
		}
		for _, tt := range []struct {
			account, domain, made string
			want                  fault.Code
		}{
			{"a", "OWN.example", "a@own.example", ""},
			{"a", "Second.Example.", "a@second.example", ""},
			{"b@second.example", "", "b@second.example", ""},
			{"b@elsewhere.example", "", "b@elsewhere.example", ""},
			{"c", "elsewhere.example", "", fault.CodeDomainNotFound},
			{"c", "no domain", "", fault.CodeFieldFormat},
			{"c@x", "second.example", "", fault.CodeFieldUnwanted},
			{"", "second.example", "", fault.CodeFieldUnwanted},
			{"a", "second.example", "", fault.CodeAccountTaken},
		} {
			made, err := add(tt.account, tt.domain)
			wants(t, tt.account+" under "+tt.domain, err, tt.want)
			if made != tt.made {
				t.Errorf("%s under %s: got %s, want %s", tt.account, tt.domain, made, tt.made)
			}
		}
		h.clock.Advance(identity.DomainTrial)
		for _, pair := range [][2]string{{"d", "second.example"}, {"d@SECOND.example", ""}} {
			_, err := add(pair[0], pair[1])
			wants(t, "after the trial", err, fault.CodeDomainFrozen)
		}
		_, err := add("d", "own.example")
		wants(t, "under the organisation's own", err, "")
		got := h.imports(ImportBatch{Rows: []ImportRow{row("e@second.example", "E", func(*ImportRow) {}), row("a@second.example", "F", func(*ImportRow) {})}})
		if want := []string{"domain_frozen at account", "changed"}; !slices.Equal(got, want) {
			t.Errorf("imported: got %v, want %v", got, want)
		}
	})
}

func TestTrialsEnd(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		proven, late := h.claims("proven.example"), h.claims("late.example")
		h.publishes(published{proven.Name: {proven.Record()}})
		if _, err := h.ProveDomain(t.Context(), console, h.org.ID, proven.Name); err != nil {
			t.Fatal(err)
		}
		freeze := func() int {
			t.Helper()
			must(t, h.FreezeDomains(t.Context()))
			return h.countEvents(string(audit.DomainFrozen))
		}
		h.clock.Advance(identity.DomainTrial - time.Second)
		if n := freeze(); n != 0 || h.DomainState(late) != identity.DomainOnTry {
			t.Errorf("a second before: %d events, %s", n, h.DomainState(late))
		}
		h.clock.Advance(time.Second)
		if n := freeze(); n != 1 || h.DomainState(late) != identity.DomainFrozen {
			t.Errorf("at the end: %d events, %s", n, h.DomainState(late))
		}
		if n := freeze(); n != 1 {
			t.Errorf("told again: %d events", n)
		}
		if again := h.claims("late.example"); again.FrozenAt.IsZero() || again.CreatedAt != late.CreatedAt {
			t.Errorf("added again, it begins anew: %+v", again)
		}
		h.publishes(published{late.Name: {late.Record()}})
		got, err := h.ProveDomain(t.Context(), console, h.org.ID, late.Name)
		if err != nil || h.DomainState(got) != identity.DomainProven || !got.FrozenAt.IsZero() {
			t.Errorf("proven at last: got %+v, %v", got, err)
		}
	})
}

// switches gives members another domain and tells what became of each.
func (h *house) switches(actor identity.Actor, dry bool, people ...identity.Person) (told []string) {
	h.t.Helper()
	s := DomainSwitch{Domain: "new.example", DryRun: dry}
	for _, p := range people {
		s.Members = append(s.Members, p.Member.ID)
	}
	all, err := h.SwitchDomain(h.t.Context(), actor, h.org.ID, s)
	if err != nil {
		h.t.Fatalf("switch: %v", err)
	}
	for _, p := range people {
		i := slices.IndexFunc(all, func(one Switched) bool { return one.Member == p.Member.ID })
		line := all[i].Before + " → " + all[i].After
		if f := all[i].Refusal; f != nil {
			line = string(f.Code)
		}
		told = append(told, line)
	}
	return told
}

func TestSwitchDomain(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		h.claims("new.example")
		came := func(account string) identity.Person {
			p := h.member(account, func(n *NewMember) { n.Email = "" })
			must(t, h.tries(account, goodPassword))
			return p
		}
		ann, bob, there := came("ann@old.example"), came("bob"), came("eve@new.example")
		double, off := came("ann@older.example"), came("off@old.example")
		h.suspend(off)
		never := h.member("never@old.example", func(*NewMember) {})
		guest := h.member("guest@old.example", func(n *NewMember) { n.guest = true })
		people := []identity.Person{ann, bob, there, off, never, guest, h.owner}
		want := []string{
			"ann@old.example → ann@new.example", "bob → bob@new.example", "eve@new.example → eve@new.example",
			"member_state", "member_state", "account_foreign", "member_state",
		}
		if got := h.switches(console, true, people...); !slices.Equal(got, want) {
			t.Errorf("dry: got %v\nwant %v", got, want)
		}
		wants(t, "a dry run changes nothing", h.tries("ann@old.example", goodPassword), "")
		if got := h.switches(console, false, people...); !slices.Equal(got, want) {
			t.Errorf("got %v\nwant %v", got, want)
		}
		wants(t, "the new name", h.tries("ann@new.example", goodPassword), "")
		wants(t, "the old name", h.tries("ann@old.example", goodPassword), fault.CodeSignInFailed)
		if e := h.lastEvent(audit.MemberDomainSwitched); e.Details["before"] == "" || e.Details["after"] == "" {
			t.Errorf("the event tells %v", e.Details)
		}
		if n := h.countEvents(string(audit.MemberDomainSwitched)); n != 2 {
			t.Errorf("%d events, want 2", n)
		}
		if got := h.switches(console, false, double); !slices.Equal(got, []string{string(fault.CodeAccountTaken)}) {
			t.Errorf("a taken name: got %v", got)
		}
		came("ann@old.example") // the old name is free
	})
}

// Of two who would have one name the first by their identifiers has it, in a
// dry run too.
func TestSwitchDomainToOneName(t *testing.T) {
	h := sqliteHouse(t)
	h.claims("new.example")
	var people []identity.Person
	for i := range 2 {
		account := fmt.Sprintf("ann@%d.example", i)
		people = append(people, h.member(account, func(*NewMember) {}))
		must(t, h.tries(account, goodPassword))
		h.clock.Advance(time.Second)
	}
	want := []string{"ann@0.example → ann@new.example", string(fault.CodeAccountTaken)}
	for _, dry := range []bool{true, false} {
		if got := h.switches(console, dry, people...); !slices.Equal(got, want) {
			t.Errorf("dry %v: got %v, want %v", dry, got, want)
		}
	}
}

func TestSwitchDomainRefusals(t *testing.T) {
	h := sqliteHouse(t)
	ctx, org := t.Context(), h.org.ID
	h.claims("new.example")
	administrator := h.member("admin", func(n *NewMember) { n.Role = identity.RoleAdministrator })
	p := h.member("p", func(*NewMember) {})
	must(t, h.tries("p", goodPassword))
	if got := h.switches(actorOf(administrator), false, h.owner, p); !slices.Equal(got, []string{"forbidden", "p → p@new.example"}) {
		t.Errorf("by an administrator: got %v", got)
	}
	try := func(s DomainSwitch) error { _, err := h.SwitchDomain(ctx, console, org, s); return err }
	ids := []identity.MemberID{p.Member.ID}
	wants(t, "nobody", try(DomainSwitch{Domain: "new.example"}), fault.CodeFieldRange)
	wants(t, "too many", try(DomainSwitch{Domain: "new.example", Members: make([]identity.MemberID, MaxSwitched+1)}), fault.CodeFieldRange)
	wants(t, "no domain", try(DomainSwitch{Domain: "x", Members: ids}), fault.CodeFieldFormat)
	wants(t, "not the organisation's", try(DomainSwitch{Domain: "other.example", Members: ids}), fault.CodeDomainNotFound)
	h.clock.Advance(identity.DomainTrial)
	wants(t, "frozen", try(DomainSwitch{Domain: "new.example", Members: ids}), fault.CodeDomainFrozen)
}
