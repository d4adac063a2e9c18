package resource

import (
	"testing"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// both runs a test in a house on each database.
func both(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) { test(t, newHouse(t, open)) })
}

// hub adds an activation code and tells why it could not.
func (h *house) hub(device identity.DeviceKind, name string) (ActivationCode, error) {
	return h.AddActivationCode(h.t.Context(), console, h.org.ID, NewActivationCode{Device: device, Name: name})
}

// disable disables a resource, or enables it again.
func (h *house) disable(r identity.Resource, disabled bool) {
	h.t.Helper()
	_, err := h.Change(h.t.Context(), console, h.org.ID, r.ID, 0, Change{Disabled: &disabled})
	wants(h.t, "disable or enable", err, "")
}

func TestEachKindHasAQuotaOfItsOwn(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.granted("a", identity.ResourceFullHD, 1)
		h.granted("a", identity.ResourceHD, 1)
		h.granted("a", identity.ResourceThirdParty, 1)
		h.granted("b", identity.ResourceThirdParty, 1) // two grants of a kind add up
		h.granted("a", identity.ResourceWhiteboards, 2)
		h.granted("a", identity.ResourceScreens, 1)
		for _, c := range []struct {
			serial, model string
			want          fault.Code
		}{
			{"A", "TE20", ""},
			{"B", "HUAWEI Board", fault.CodeResourceLimit},
			{"C", "TE10", ""},
			{"D", "TE10", fault.CodeResourceLimit},
			{"E", "cisco", ""},
			{"F", "polycom", ""},
			{"G", "cisco", fault.CodeResourceLimit},
		} {
			_, err := h.terminal(c.serial, c.model)
			wants(t, c.serial+" "+c.model, err, c.want)
		}
		for _, c := range []struct {
			device identity.DeviceKind
			want   fault.Code
		}{
			{identity.DeviceWhiteboard, ""},
			{identity.DeviceSmartRoom, ""}, // takes a whiteboard too
			{identity.DeviceWhiteboard, fault.CodeResourceLimit},
			{identity.DeviceSmartRoom, fault.CodeResourceLimit},
			{identity.DeviceSmartScreen, ""},
			{identity.DeviceSmartScreen, fault.CodeResourceLimit},
			{identity.DeviceIdeaHub, ""}, // never granted: no bound
		} {
			_, err := h.hub(c.device, "Device")
			wants(t, string(c.device), err, c.want)
		}
		l, err := h.Terminals(t.Context(), console, h.org.ID, TerminalQuery{Slice: store.Slice{Counted: true}})
		if err != nil || l.Count != 4 {
			t.Errorf("got %d terminals, %v, want 4: a refused one leaves nothing behind", l.Count, err)
		}
	})
}

func TestQuotaFollowsItsGrant(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		r := h.granted("hd", identity.ResourceFullHD, 1)
		r, err := h.Change(t.Context(), console, h.org.ID, r.ID, r.Version, Change{EndsAt: new(h.clock.Now().Add(time.Hour))})
		wants(t, "an end", err, "")
		h.clock.Advance(time.Hour - time.Millisecond)
		_, err = h.terminal("A", "TE20")
		wants(t, "just before the end", err, "")
		wants(t, "remove", h.RemoveTerminals(t.Context(), console, h.org.ID, []string{"A"}), "")
		h.clock.Advance(time.Millisecond)
		_, err = h.terminal("B", "TE20")
		wants(t, "at the end", err, fault.CodeResourceLimit)

		end := h.clock.Now().Add(24 * time.Hour)
		err = h.ChangeNamed(t.Context(), console, h.org.ID, []NamedChange{{Ref: "hd", Change: Change{EndsAt: &end}}})
		wants(t, "prolong", err, "")
		h.disable(r, true)
		_, err = h.terminal("B", "TE20")
		wants(t, "disabled", err, fault.CodeResourceLimit)
		h.disable(r, false)
		_, err = h.terminal("B", "TE20")
		wants(t, "enabled again", err, "")
		_, err = h.terminal("C", "TE20")
		wants(t, "one beyond", err, fault.CodeResourceLimit)
		two := 2
		_, err = h.Change(t.Context(), console, h.org.ID, r.ID, 0, Change{Count: &two})
		wants(t, "one more is granted", err, "")
		_, err = h.terminal("C", "TE20")
		wants(t, "which is taken", err, "")
	})
}

// Devices that were in use when a grant ended stay, and work.
func TestDevicesOutliveTheirGrant(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.granted("hubs", identity.ResourceIdeaHubs, 1)
		made, err := h.hub(identity.DeviceIdeaHub, "Hub")
		wants(t, "add", err, "")
		h.clock.Advance(366 * 24 * time.Hour)
		_, err = h.ResetActivationCode(t.Context(), console, h.org.ID, made.Item.ID, identity.Contact{})
		wants(t, "reset after the end", err, "")
		totals, err := h.Totals(t.Context(), console, h.org.ID)
		want := identity.ResourceTotal{Kind: identity.ResourceIdeaHubs, Expired: 1, Used: 1, Limited: true}
		if got := totals.Of(identity.ResourceIdeaHubs); err != nil || got != want {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
		wants(t, "withdraw what ended, in use or not", h.WithdrawNamed(t.Context(), console, h.org.ID, []string{"hubs"}), "")
	})
}

func TestWithdrawalLeavesWhatIsInUse(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		a, b := h.granted("a", identity.ResourceHD, 2), h.granted("b", identity.ResourceHD, 1)
		off := h.granted("off", identity.ResourceHD, 5)
		h.disable(off, true)
		for _, serial := range []string{"A", "B"} {
			_, err := h.terminal(serial, "TE10")
			wants(t, "add", err, "")
		}
		withdraw := func(ids ...identity.ResourceID) error { return h.Withdraw(t.Context(), console, h.org.ID, ids) }
		wants(t, "what is disabled counts for nothing", withdraw(off.ID), "")
		wants(t, "both: all or none", withdraw(b.ID, a.ID), fault.CodeResourceInUse)
		wants(t, "the greater", withdraw(a.ID), fault.CodeResourceInUse)
		wants(t, "by names", h.WithdrawNamed(t.Context(), console, h.org.ID, []string{"a", "b"}), fault.CodeResourceInUse)
		wants(t, "one that there is not", withdraw(b.ID, off.ID), fault.CodeResourceNotFound)
		wants(t, "the smaller, twice named", withdraw(b.ID, b.ID), "")
		l, err := h.List(t.Context(), console, h.org.ID, store.ResourceQuery{})
		if err != nil || len(l.Items) != 1 || l.Items[0].ID != a.ID {
			t.Errorf("got %+v, %v, want a alone", l.Items, err)
		}
	})
}

func TestLimitOfMembersFollowsItsGrant(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		account := 'a'
		add := func(what string, want fault.Code) {
			t.Helper()
			account++
			name := string(account) + "@x"
			_, err := h.directory.AddMember(t.Context(), console, h.org.ID, directory.NewMember{Account: name, Name: name})
			wants(t, what, err, want)
		}
		limit := func(want int) {
			t.Helper()
			o, err := h.directory.Organization(t.Context(), console, h.org.ID)
			if err != nil || o.Limits.Members != want || !o.Limits.Granted {
				t.Errorf("got %+v, %v, want %d that are granted", o.Limits, err, want)
			}
		}
		r := h.granted("soft", identity.ResourceMembers, 2)
		add("the second, with the owner", "")
		add("one beyond", fault.CodeMemberLimit)
		h.disable(r, true)
		limit(0)
		add("disabled", fault.CodeMemberLimit)
		h.disable(r, false)
		three, one := 3, 1
		_, err := h.Change(t.Context(), console, h.org.ID, r.ID, 0, Change{Count: &three})
		wants(t, "more", err, "")
		limit(3)
		add("the third", "")
		_, err = h.Change(t.Context(), console, h.org.ID, r.ID, 0, Change{Count: &one})
		wants(t, "fewer than there are: nobody is removed", err, "")
		limit(1)
		add("until there is room", fault.CodeMemberLimit)
		h.granted("more", identity.ResourceMembers, 3)
		limit(4)
		add("the fourth", "")
		h.clock.Advance(365 * 24 * time.Hour)
		add("at the end of both", fault.CodeMemberLimit)
	})
}

func TestTotals(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.granted("a", identity.ResourceFullHD, 4)
		for ref, days := range map[string]int{"soon": 30, "ended": 1} {
			g := h.grant(ref, identity.ResourceFullHD, 2)
			g.EndsAt = h.clock.Now().AddDate(0, 0, days)
			_, err := h.Grant(t.Context(), console, h.org.ID, []Grant{g})
			wants(t, "grant", err, "")
		}
		h.disable(h.granted("off", identity.ResourceFullHD, 9), true)
		h.granted("rooms", identity.ResourceRooms, 3)
		other := h.organization("other")
		_, err := h.Grant(t.Context(), console, other.ID, []Grant{h.grant("a", identity.ResourceFullHD, 7)})
		wants(t, "another's", err, "")
		_, err = h.terminal("A", "TE20")
		wants(t, "add", err, "")
		wants(t, "lend", h.LendRooms(t.Context(), console, h.org.ID, Holder{Member: h.owner.Member.ID}, []identity.RoomID{h.rooms()[0].ID}), "")
		h.clock.Advance(25 * time.Hour)

		totals, err := h.Totals(t.Context(), actorOf(h.owner), h.org.ID)
		for _, want := range []identity.ResourceTotal{
			{Kind: identity.ResourceFullHD, Live: 6, Expiring: 2, Expired: 2, Used: 1, Limited: true},
			{Kind: identity.ResourceRooms, Live: 3, Used: 1, Limited: true},
			{Kind: identity.ResourceMembers, Used: 1},
			{Kind: identity.ResourceRecording},
		} {
			if got := totals.Of(want.Kind); err != nil || got != want {
				t.Errorf("%s: got %+v, %v, want %+v", want.Kind, got, err, want)
			}
		}
		if len(totals.Kinds) != len(identity.ResourceKinds()) || len(totals.Rooms) != 1 || totals.Rooms[0] != (store.RoomCount{Package: "vmr10", All: 3, Lent: 1}) {
			t.Errorf("got %+v", totals)
		}
		all, err := h.Totals(t.Context(), console, "")
		if got := all.Of(identity.ResourceFullHD); err != nil || got.Live != 13 || got.Used != 1 || all.Organizations != 2 || all.Rooms != nil {
			t.Errorf("of all: got %+v, %v", all, err)
		}
		_, err = h.Totals(t.Context(), console, "org_x")
		wants(t, "of nobody", err, fault.CodeOrganizationNotFound)
	})
}
