package resource

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// lend lends rooms and tells why it could not.
func (h *house) lend(to Holder, ids ...identity.RoomID) error {
	return h.LendRooms(h.t.Context(), console, h.org.ID, to, ids)
}

// roomIDs are the rooms of the organisation in their order.
func (h *house) roomIDs() (ids []identity.RoomID) {
	h.t.Helper()
	for _, r := range h.rooms() {
		ids = append(ids, r.ID)
	}
	return ids
}

// room reads a room with its passwords.
func (h *house) room(id identity.RoomID) (r Room) {
	h.t.Helper()
	h.read(func(tx *store.Tx) (err error) { r, err = tx.MeetingRooms.Get(h.org.ID, id); return err })
	return r
}

func TestHoldersHaveSoManyRooms(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.granted("a", identity.ResourceRooms, identity.RoomsOfMember+1)
		ids := h.roomIDs()
		device, err := h.terminal("A", "TE20")
		wants(t, "add", err, "")
		for name, to := range map[string]Holder{"a member": {Member: h.owner.Member.ID}, "a terminal": {Terminal: device.Item.ID}} {
			wants(t, name+" gets all that may be", h.lend(to, ids[:identity.RoomsOfMember]...), "")
			wants(t, name+" gets them again", h.lend(to, ids[:identity.RoomsOfMember]...), "")
			wants(t, name+" gets one more", h.lend(to, ids[identity.RoomsOfMember]), fault.CodeRoomLimit)
			wants(t, name+" gives one back", h.RecallRooms(t.Context(), console, h.org.ID, to, ids[:1]), "")
			wants(t, name+" gets another", h.lend(to, ids[identity.RoomsOfMember]), "")
			wants(t, name+" gives all back", h.RecallRooms(t.Context(), console, h.org.ID, to, ids[1:]), "")
		}
	})
}

func TestRoomForgetsItsHolder(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.granted("a", identity.ResourceRooms, 2)
		ids := h.roomIDs()
		alice, bob := h.member("alice@x"), Holder{Member: h.member("bob@x").Member.ID}
		name, host, guest, yes := "Alice's", "123456", "4321", true
		settle := func() {
			t.Helper()
			wants(t, "lend", h.lend(Holder{Member: alice.Member.ID}, ids...), "")
			for _, id := range ids {
				_, err := h.ChangeOwnRoom(t.Context(), actorOf(alice), id, 0, RoomChange{Name: &name, HostPassword: &host, GuestPassword: &guest, GuestsFirst: &yes, GuestNotice: &yes})
				wants(t, "settle in", err, "")
			}
		}
		fresh := func(what string, r Room) {
			t.Helper()
			if r.Name != r.Number || r.Passwords.Host == host || len(r.Passwords.Host) != 6 || r.Passwords.Guest != "" || r.GuestsFirst || r.GuestNotice {
				t.Errorf("%s: the room remembers who had it: %+v", what, r)
			}
		}
		settle()
		wants(t, "recall", h.RecallRooms(t.Context(), console, h.org.ID, Holder{Member: alice.Member.ID}, ids), "")
		fresh("recalled", h.room(ids[0]))
		settle()
		wants(t, "alice goes", h.directory.RemoveMember(t.Context(), console, h.org.ID, alice.Member.ID), "")
		if got := h.room(ids[1]); got.Assigned() || got.MemberName != "" || got.Resource == "" {
			t.Errorf("got %+v, want a room that is lent to nobody", got)
		}
		wants(t, "lend to the next", h.lend(bob, ids...), "")
		fresh("inherited", h.room(ids[1]))
		_, err := h.RoomsOfMember(t.Context(), console, h.org.ID, alice.Member.ID)
		wants(t, "of who is gone", err, fault.CodeMemberNotFound)
	})
}

func TestRoomsLiveAsLongAsTheirGrant(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		g := h.grant("a", identity.ResourceRooms, 2)
		g.EndsAt = h.clock.Now().Add(time.Hour)
		made, err := h.Grant(t.Context(), console, h.org.ID, []Grant{g})
		wants(t, "grant", err, "")
		wants(t, "lend", h.lend(Holder{Member: h.owner.Member.ID}, h.roomIDs()[0]), "")
		counts := func(what string, live, unassigned, disabled int) {
			t.Helper()
			for status, want := range map[identity.RoomStatus]int{identity.RoomLive: live, identity.RoomUnassigned: unassigned, identity.RoomDisabled: disabled} {
				l, err := h.Rooms(t.Context(), console, h.org.ID, store.RoomQuery{Status: status, Slice: store.Slice{Counted: true}})
				if err != nil || l.Count != want || len(l.Items) != want {
					t.Errorf("%s, %s: got %d, %v, want %d", what, status, l.Count, err, want)
				}
				for _, r := range l.Items {
					if got := r.Status(h.clock.Now()); got != status {
						t.Errorf("%s: found as %s, is %s", what, status, got)
					}
				}
			}
		}
		counts("before the end", 1, 1, 0)
		h.clock.Advance(time.Hour)
		counts("at the end", 0, 0, 2)
		later := h.clock.Now().Add(time.Hour)
		_, err = h.Change(t.Context(), console, h.org.ID, made[0].ID, 0, Change{EndsAt: &later})
		wants(t, "prolong", err, "")
		counts("prolonged", 1, 1, 0)
		h.disable(made[0], true)
		counts("disabled", 0, 0, 2)
		wants(t, "withdraw what is lent, disabled or not", h.WithdrawNamed(t.Context(), console, h.org.ID, []string{"a"}), fault.CodeResourceInUse)
	})
}

// Another organisation's things are to an administrator as if they were not.
func TestForeignThingsAreNotFound(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.granted("a", identity.ResourceRooms, 1)
		device, err := h.terminal("A", "TE20")
		wants(t, "add", err, "")
		hub, err := h.hub(identity.DeviceIdeaHub, "Hub")
		wants(t, "add", err, "")
		mine, room := h.granted("b", identity.ResourceHD, 1), h.roomIDs()
		other := h.organization("other")
		them, org, ctx := actorOf(h.ownerOf(other)), other.ID, t.Context()
		theirs, one := Holder{Member: them.MemberID}, 1
		for name, c := range map[string]struct {
			do   func() error
			want fault.Code
		}{
			"lend":             {func() error { return h.LendRooms(ctx, them, org, theirs, room) }, fault.CodeRoomNotFound},
			"lend to a member": {func() error { return h.LendRooms(ctx, them, org, Holder{Member: h.owner.Member.ID}, nil) }, fault.CodeMemberNotFound},
			"lend to a terminal": {
				func() error { return h.LendRooms(ctx, them, org, Holder{Terminal: device.Item.ID}, nil) }, fault.CodeTerminalNotFound,
			},
			"recall":          {func() error { return h.RecallRooms(ctx, them, org, theirs, room) }, fault.CodeRoomNotFound},
			"remove a room":   {func() error { return h.RemoveRooms(ctx, them, org, room) }, fault.CodeRoomNotFound},
			"change a room":   {func() error { _, err := h.ChangeOwnRoom(ctx, them, room[0], 0, RoomChange{}); return err }, fault.CodeRoomNotFound},
			"rooms of":        {func() error { _, err := h.RoomsOfMember(ctx, them, org, h.owner.Member.ID); return err }, fault.CodeMemberNotFound},
			"by account":      {func() error { _, err := h.HolderByAccount(ctx, them, org, device.Item.Account); return err }, fault.CodeMemberNotFound},
			"read a terminal": {func() error { _, err := h.Terminal(ctx, them, org, "A"); return err }, fault.CodeTerminalNotFound},
			"by identifier":   {func() error { _, err := h.Terminal(ctx, them, org, string(device.Item.ID)); return err }, fault.CodeTerminalNotFound},
			"disable":         {func() error { return h.SetTerminalsDisabled(ctx, them, org, []string{"A"}, true) }, fault.CodeTerminalNotFound},
			"reset a code": {func() error {
				_, err := h.ResetActivationCode(ctx, them, org, hub.Item.ID, identity.Contact{})
				return err
			}, fault.CodeActivationNotFound},
			"remove a code":    {func() error { return h.RemoveActivationCodes(ctx, them, org, []identity.ActivationCodeID{hub.Item.ID}) }, fault.CodeActivationNotFound},
			"read a resource":  {func() error { _, err := h.Resource(ctx, them, org, mine.ID); return err }, fault.CodeResourceNotFound},
			"change one":       {func() error { _, err := h.Change(ctx, console, org, mine.ID, 0, Change{Count: &one}); return err }, fault.CodeResourceNotFound},
			"withdraw":         {func() error { return h.Withdraw(ctx, console, org, []identity.ResourceID{mine.ID}) }, fault.CodeResourceNotFound},
			"withdraw by name": {func() error { return h.WithdrawNamed(ctx, console, org, []string{"b"}) }, fault.CodeResourceNotFound},
		} {
			wants(t, name, c.do(), c.want)
		}
	})
}

func TestOrganizationGoesWithItsDevices(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		other := h.organization("other")
		owner := h.ownerOf(other)
		_, err := h.directory.AddDepartment(t.Context(), console, other.ID, directory.NewDepartment{Code: "lab", Name: "Lab"})
		wants(t, "department", err, "")
		_, err = h.Grant(t.Context(), console, other.ID, []Grant{h.grant("a", identity.ResourceRooms, 2), h.grant("b", identity.ResourceFullHD, 1)})
		wants(t, "grant", err, "")
		made, err := h.AddTerminal(t.Context(), console, other.ID, NewTerminal{
			Serial: "A", Name: "x", Model: "TE20", DepartmentCode: "lab", Contact: identity.Contact{Email: "a@b.example"},
		})
		wants(t, "terminal", err, "")
		_, err = h.AddActivationCode(t.Context(), console, other.ID, NewActivationCode{Device: identity.DeviceIdeaHub, Name: "x", DepartmentCode: "lab"})
		wants(t, "activation code", err, "")
		wants(t, "a department that holds devices", h.directory.RemoveDepartment(t.Context(), console, other.ID, "lab"), fault.CodeDepartmentNotEmpty)
		l, err := h.Rooms(t.Context(), console, other.ID, store.RoomQuery{})
		wants(t, "rooms", err, "")
		wants(t, "lend", h.LendRooms(t.Context(), console, other.ID, Holder{Member: owner.Member.ID}, []identity.RoomID{l.Items[0].ID}), "")
		wants(t, "lend", h.LendRooms(t.Context(), console, other.ID, Holder{Terminal: made.Item.ID}, []identity.RoomID{l.Items[1].ID}), "")
		_, err = h.OwnRooms(t.Context(), actorOf(owner), store.RoomQuery{}) // makes a personal meeting id
		wants(t, "own rooms", err, "")
		wants(t, "remove the organisation", h.directory.RemoveOrganization(t.Context(), console, other.ID), "")
		_, err = h.List(t.Context(), console, other.ID, store.ResourceQuery{})
		wants(t, "of what is gone", err, fault.CodeOrganizationNotFound)
		_, err = h.Records(t.Context(), console, other.ID, store.RecordQuery{})
		wants(t, "its records", err, fault.CodeOrganizationNotFound)
		totals, err := h.Totals(t.Context(), console, "")
		if got := totals.Of(identity.ResourceFullHD); err != nil || got.Live != 0 || got.Used != 0 || totals.Organizations != 1 {
			t.Errorf("got %+v, %v, want nothing of it left", totals, err)
		}
	})
}

// Whoever asks first makes the personal meeting id; all get the same.
func TestPersonalNumberIsMadeOnce(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		alice := actorOf(h.member("alice@x"))
		const askers = 8
		numbers := make(chan string, askers)
		var group sync.WaitGroup
		for range askers {
			group.Go(func() {
				l, err := h.OwnRooms(t.Context(), alice, store.RoomQuery{})
				for fault.KindOf(err) == fault.Unavailable { // lost too many races: comes again, as a client does
					l, err = h.OwnRooms(t.Context(), alice, store.RoomQuery{})
				}
				if err != nil || len(l.Items) != 1 {
					t.Errorf("got %d rooms, %v, want one", len(l.Items), err)
					return
				}
				numbers <- l.Items[0].Number
			})
		}
		group.Wait()
		close(numbers)
		first := ""
		for number := range numbers {
			if _, err := strconv.Atoi(number); err != nil || len(number) != 10 || first != "" && number != first {
				t.Errorf("got %q after %q", number, first)
			}
			first = number
		}
	})
}
