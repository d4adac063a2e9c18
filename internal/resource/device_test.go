package resource

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func TestTerminalsTakeWhatIsGranted(t *testing.T) {
	h := sqliteHouse(t)
	add := func(serial, model string, want fault.Code) {
		t.Helper()
		_, err := h.terminal(serial, model)
		wants(t, serial+" "+model, err, want)
	}
	add("A", "TE20", "") // nothing was ever granted
	r := h.granted("hd", identity.ResourceFullHD, 2)
	add("B", "HUAWEI Box 600", "")
	add("C", "TE30", fault.CodeResourceLimit)
	add("D", "cisco", "") // another kind, of which nothing was granted
	add("E", "TE10", "")
	one, yes := 1, true
	_, err := h.Change(t.Context(), console, h.org.ID, r.ID, 0, Change{Count: &one})
	wants(t, "fewer than there are", err, fault.CodeResourceInUse)
	wants(t, "withdraw", h.Withdraw(t.Context(), console, h.org.ID, []identity.ResourceID{r.ID}), fault.CodeResourceInUse)
	_, err = h.Change(t.Context(), console, h.org.ID, r.ID, 0, Change{Disabled: &yes})
	wants(t, "disable", err, "") // terminals stay, none is added
	wants(t, "remove", h.RemoveTerminals(t.Context(), console, h.org.ID, []string{"A", "b"}), "")
	add("F", "TE20", fault.CodeResourceLimit)
	wants(t, "withdraw what is not used", h.Withdraw(t.Context(), console, h.org.ID, []identity.ResourceID{r.ID}), "")
	add("G", "TE20", fault.CodeResourceLimit)
}

// The clock stands still: in one millisecond three hundred drawn numbers are hardly ever all different.
func TestManyTerminalsAtOnce(t *testing.T) {
	h := sqliteHouse(t)
	numbers := map[string]bool{}
	for i := range 300 {
		made, err := h.terminal("S"+strconv.Itoa(i), "TE20")
		wants(t, "one more", err, "")
		numbers[made.Item.Number] = true
	}
	if len(numbers) != 300 {
		t.Errorf("300 terminals have %d numbers", len(numbers))
	}
	_, err := h.terminal("s7", "TE20")
	wants(t, "a serial number twice", err, fault.CodeTerminalExists)
}

func TestQuotaHoldsInARace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		const most, writers = 5, 16
		h.granted("hd", identity.ResourceFullHD, most)
		var group sync.WaitGroup
		errs := make(chan error, writers)
		for i := range writers {
			group.Go(func() {
				_, err := h.terminal("S"+strconv.Itoa(i), "TE20")
				for fault.KindOf(err) == fault.Unavailable { // lost too many races: comes again, as a client does
					_, err = h.terminal("S"+strconv.Itoa(i), "TE20")
				}
				errs <- err
			})
		}
		group.Wait()
		close(errs)
		made := 0
		for err := range errs {
			if err == nil {
				made++
			} else {
				wants(t, "one too many", err, fault.CodeResourceLimit)
			}
		}
		l, err := h.Terminals(t.Context(), console, h.org.ID, TerminalQuery{Slice: store.Slice{Counted: true}})
		if err != nil || made != most || l.Count != most {
			t.Errorf("made %d, there are %d, %v, want %d", made, l.Count, err, most)
		}
	})
}

func TestTerminalLife(t *testing.T) {
	h := sqliteHouse(t)
	made, err := h.AddTerminal(t.Context(), actorOf(h.owner), h.org.ID, NewTerminal{
		Serial: "SN_1", Name: "Hall", Model: "TE20", Contact: identity.Contact{Mobile: "13800000001", Email: "it@house.example"}, Notify: true,
	})
	item := made.Item
	if err != nil || item.Activation.Code == "" || item.Contact.Mobile != "+8613800000001" || len(made.Path) != 1 || made.Path[0] != h.org.Name {
		t.Fatalf("got %#v, %v", made, err)
	}
	if h.messages("it@house.example") != 1 || h.messages("+8613800000001") != 1 {
		t.Error("whoever looks after it was not told")
	}
	_, err = h.terminal("sn_1", "TE20")
	wants(t, "the same serial number", err, fault.CodeTerminalExists)
	_, err = h.terminal(string(identity.NewTerminalID(h.clock.Now())), "TE20")
	wants(t, "spelled as an identifier", err, fault.CodeFieldFormat)
	_, err = h.terminal("SN-2", "TE20")
	wants(t, "a hyphen", err, fault.CodeFieldFormat)
	_, err = h.AddTerminal(t.Context(), console, h.org.ID, NewTerminal{Name: "x", Model: "TE20"})
	wants(t, "nobody to reach", err, fault.CodeContactMissing)
	drawn, err := h.AddTerminal(t.Context(), console, h.org.ID, NewTerminal{Name: "x", Model: "cisco", Contact: identity.Contact{Email: "a@b.example"}, Notify: true})
	if err != nil || drawn.Item.Serial == "" || drawn.Item.Activation.Code != "" || h.messages("a@b.example") != 1 {
		t.Errorf("got %#v, %v, want a serial number and no code", drawn, err)
	}
}

func TestTerminalChanges(t *testing.T) {
	h := sqliteHouse(t)
	made, err := h.AddTerminal(t.Context(), console, h.org.ID, NewTerminal{
		Serial: "SN_1", Name: "Hall", Model: "TE20", Contact: identity.Contact{Mobile: "13800000001", Email: "it@house.example"},
	})
	wants(t, "add", err, "")
	item := made.Item
	name, nobody, off := "Lobby", "", true
	changed, err := h.ChangeTerminal(t.Context(), console, h.org.ID, "SN_1", item.Version, TerminalChange{Name: &name, Mobile: &nobody, Disabled: &off})
	if got := changed.Item; err != nil || got.Name != name || got.Contact.Mobile != "" || !got.Disabled || got.Version != 2 {
		t.Errorf("got %+v, %v", got, err)
	}
	_, err = h.ChangeTerminal(t.Context(), console, h.org.ID, "SN_1", 1, TerminalChange{Name: &nobody})
	wants(t, "an old version", err, fault.CodeStale)
	_, err = h.ChangeTerminal(t.Context(), console, h.org.ID, "SN_1", 0, TerminalChange{Email: &nobody})
	wants(t, "the last contact", err, fault.CodeContactMissing)
	wants(t, "let in again", h.SetTerminalsDisabled(t.Context(), console, h.org.ID, []string{"SN_1", string(item.ID)}, false), "")
	got, err := h.Terminal(t.Context(), console, h.org.ID, string(item.ID))
	if err != nil || got.Item.Disabled || got.Item.Version != 3 {
		t.Errorf("got %+v, %v, want one change", got, err)
	}
	wants(t, "all or none", h.RemoveTerminals(t.Context(), console, h.org.ID, []string{"SN_1", "nothing"}), fault.CodeTerminalNotFound)
	wants(t, "remove", h.RemoveTerminals(t.Context(), console, h.org.ID, []string{"SN_1", string(item.ID)}), "")
}

func TestTerminalStatesTellNothingOfOthers(t *testing.T) {
	h := sqliteHouse(t)
	mine, err := h.terminal("A", "TE20")
	wants(t, "add", err, "")
	other := h.organization("other")
	theirs, err := h.AddTerminal(t.Context(), console, other.ID, NewTerminal{Name: "x", Model: "TE20", Contact: identity.Contact{Email: "a@b.example"}})
	wants(t, "add", err, "")
	all, err := h.TerminalStates(t.Context(), actorOf(h.member("m@x")), h.org.ID, []string{mine.Item.Number})
	if err != nil || len(all) != 1 {
		t.Errorf("got %v, %v", all, err)
	}
	for name, number := range map[string]string{"another's": theirs.Item.Number, "nobody's": "+991", "none": ""} {
		_, err := h.TerminalStates(t.Context(), console, h.org.ID, []string{mine.Item.Number, number})
		wants(t, name, err, fault.CodeTerminalForeign)
	}
}

func TestActivationIsResetFiveTimesADay(t *testing.T) {
	h := sqliteHouse(t)
	made, err := h.terminal("A", "TE20")
	wants(t, "add", err, "")
	to := identity.Contact{Email: "it@house.example"}
	reset := func(key string, to identity.Contact) (Terminal, error) {
		return h.ResetActivation(t.Context(), console, h.org.ID, key, to)
	}
	code := made.Item.Activation.Code
	for range identity.TerminalResets {
		got, err := reset("A", to)
		if err != nil || got.Item.Activation.Code == code {
			t.Fatalf("got %v, the code it had: %v", err, got.Item.Activation.Code == code)
		}
		code = got.Item.Activation.Code
		h.clock.Advance(time.Hour)
	}
	_, err = reset("A", to)
	wants(t, "the sixth", err, fault.CodeActivationResets)
	h.clock.Advance(20 * time.Hour)
	_, err = reset("A", to)
	wants(t, "a day after the first", err, "")
	_, err = reset("A", identity.Contact{})
	wants(t, "to nobody", err, fault.CodeContactMissing)
	_, err = h.terminal("B", "polycom")
	wants(t, "add", err, "")
	_, err = reset("B", to)
	wants(t, "a model without", err, fault.CodeActivationUnsupported)
	h.configured = onlyMail
	_, err = reset("A", identity.Contact{Mobile: "+8613800000001"})
	wants(t, "no short messages", err, fault.CodeSMSUnsupported)
}

func TestActivationCodes(t *testing.T) {
	h := sqliteHouse(t)
	h.granted("hubs", identity.ResourceIdeaHubs, 1)
	add := func(device identity.DeviceKind, to identity.Contact) (ActivationCode, error) {
		return h.AddActivationCode(t.Context(), actorOf(h.owner), h.org.ID, NewActivationCode{Device: device, Name: "Hub", Contact: to})
	}
	made, err := add(identity.DeviceIdeaHub, identity.Contact{Email: "it@house.example"})
	if item := made.Item; err != nil || len(item.Activation.Code) != codeLength || !item.Activation.EndsAt.Equal(h.clock.Now().Add(identity.ActivationLife)) {
		t.Fatalf("got %#v, %v", made, err)
	}
	if h.messages("it@house.example") != 1 {
		t.Error("the code was not sent")
	}
	_, err = add(identity.DeviceIdeaHub, identity.Contact{})
	wants(t, "one too many", err, fault.CodeResourceLimit)
	_, err = add(identity.DeviceSmartRoom, identity.Contact{})
	wants(t, "of a kind that was never granted", err, "")
	_, err = add("toaster", identity.Contact{})
	wants(t, "an unknown device", err, fault.CodeFieldChoice)
	again, err := h.ResetActivationCode(t.Context(), console, h.org.ID, made.Item.ID, identity.Contact{})
	if err != nil || again.Item.Activation.Code == made.Item.Activation.Code || again.Item.Version != 2 {
		t.Errorf("got %#v, %v, want another code", again, err)
	}
	l, err := h.ActivationCodes(t.Context(), console, h.org.ID, store.ActivationQuery{Text: again.Item.Activation.Code, Slice: store.Slice{Counted: true}})
	if err != nil || l.Count != 1 || l.Items[0].Item.ID != made.Item.ID {
		t.Errorf("by its code: got %+v, %v", l, err)
	}
	remove := func(ids ...identity.ActivationCodeID) error {
		return h.RemoveActivationCodes(t.Context(), console, h.org.ID, ids)
	}
	wants(t, "all or none", remove(made.Item.ID, "act_x"), fault.CodeActivationNotFound)
	wants(t, "remove", remove(made.Item.ID, made.Item.ID), "")
	_, err = add(identity.DeviceIdeaHub, identity.Contact{})
	wants(t, "when there is room again", err, "")
}

func TestRoomsHaveOneHolder(t *testing.T) {
	h := sqliteHouse(t)
	h.granted("rooms", identity.ResourceRooms, identity.RoomsOfMember+1)
	alice, bob := Holder{Member: h.member("alice@x").Member.ID}, Holder{Member: h.member("bob@x").Member.ID}
	var ids []identity.RoomID
	for _, r := range h.rooms() {
		ids = append(ids, r.ID)
	}
	lend := func(to Holder, ids ...identity.RoomID) error {
		return h.LendRooms(t.Context(), actorOf(h.owner), h.org.ID, to, ids)
	}
	wants(t, "one too many", lend(alice, ids...), fault.CodeRoomLimit)
	wants(t, "lend", lend(alice, ids[0], ids[0]), "")
	wants(t, "again", lend(alice, ids[0]), "")
	wants(t, "to another", lend(bob, ids[0], ids[1]), fault.CodeRoomAssigned)
	wants(t, "to nobody", lend(Holder{Member: "mem_x"}, ids[1]), fault.CodeMemberNotFound)
	wants(t, "a room that is none", lend(bob, "rom_x"), fault.CodeRoomNotFound)
	device, err := h.terminal("A", "TE20")
	wants(t, "add", err, "")
	holder, err := h.HolderByAccount(t.Context(), console, h.org.ID, device.Item.Account)
	if err != nil || holder.Terminal != device.Item.ID {
		t.Errorf("got %+v, %v, want the terminal", holder, err)
	}
	_, err = h.HolderByAccount(t.Context(), console, h.org.ID, "nobody@x")
	wants(t, "nobody's account", err, fault.CodeMemberNotFound)
	wants(t, "to a terminal", lend(holder, ids[1]), "")
	wants(t, "from who has it not", h.RecallRooms(t.Context(), console, h.org.ID, bob, ids[:1]), fault.CodeRoomNotFound)
	wants(t, "remove what is lent", h.RemoveRooms(t.Context(), console, h.org.ID, ids[:1]), fault.CodeRoomAssigned)
	wants(t, "remove", h.RemoveRooms(t.Context(), console, h.org.ID, ids[2:3]), "")
	wants(t, "a member goes", h.directory.RemoveMember(t.Context(), console, h.org.ID, alice.Member), "")
	l, _ := h.Rooms(t.Context(), console, h.org.ID, store.RoomQuery{Status: identity.RoomUnassigned, Slice: store.Slice{Counted: true}})
	if l.Count != identity.RoomsOfMember-1 {
		t.Errorf("unassigned: got %d, want %d", l.Count, identity.RoomsOfMember-1)
	}
	if got := h.rooms()[0]; got.Passwords != (identity.RoomPasswords{}) {
		t.Error("an administrator reads the passwords of a room")
	}
}

func TestOwnRooms(t *testing.T) {
	h := sqliteHouse(t)
	h.granted("rooms", identity.ResourceRooms, 1)
	alice, bob := h.member("alice@x"), h.member("bob@x")
	mine := func(q store.RoomQuery) Listed[Room] {
		t.Helper()
		q.Counted = true
		l, err := h.OwnRooms(t.Context(), actorOf(alice), q)
		wants(t, "own rooms", err, "")
		return l
	}
	personal := mine(store.RoomQuery{}).Items[0]
	if personal.Personal != alice.Member.ID || len(personal.Passwords.Host) != 6 || mine(store.RoomQuery{}).Items[0].Number != personal.Number {
		t.Fatalf("got %+v, want one personal id that stays", personal)
	}
	room := h.rooms()[0].ID
	wants(t, "lend", h.LendRooms(t.Context(), console, h.org.ID, Holder{Member: alice.Member.ID}, []identity.RoomID{room}), "")
	if l := mine(store.RoomQuery{}); l.Count != 2 || mine(store.RoomQuery{Only: store.OnlyRooms}).Items[0].ID != room {
		t.Errorf("got %+v, want two", l)
	}
	change := func(actor identity.Actor, id identity.RoomID, c RoomChange) error {
		_, err := h.ChangeOwnRoom(t.Context(), actor, id, 0, c)
		return err
	}
	pin, short, none, yes := "4321", "123", "", true
	wants(t, "change", change(actorOf(alice), room, RoomChange{HostPassword: &pin, GuestsFirst: &yes}), "")
	wants(t, "alike", change(actorOf(alice), room, RoomChange{GuestPassword: &pin}), fault.CodeRoomPasswords)
	wants(t, "short", change(actorOf(alice), room, RoomChange{GuestPassword: &short}), fault.CodeFieldFormat)
	wants(t, "a host without", change(actorOf(alice), room, RoomChange{HostPassword: &none}), fault.CodeFieldFormat)
	wants(t, "another's", change(actorOf(bob), room, RoomChange{HostPassword: &pin}), fault.CodeRoomNotFound)
	wants(t, "the owner's wish", change(actorOf(h.owner), personal.ID, RoomChange{HostPassword: &pin}), fault.CodeRoomNotFound)
	wants(t, "a token", change(identity.Actor{Kind: identity.ActsAsOrgToken, OrganizationID: h.org.ID}, room, RoomChange{}), fault.CodeForbidden)
	wants(t, "lend a personal one", h.LendRooms(t.Context(), console, h.org.ID, Holder{Member: bob.Member.ID}, []identity.RoomID{personal.ID}), fault.CodeRoomNotFound)
	all, err := h.RoomsOfMember(t.Context(), actorOf(h.owner), h.org.ID, alice.Member.ID)
	if err != nil || len(all) != 2 || all[0].ID != personal.ID || all[1].Passwords.Host != "" {
		t.Errorf("got %+v, %v, want the personal one first, without passwords", all, err)
	}
	_, err = h.RoomsOfMember(t.Context(), actorOf(bob), h.org.ID, alice.Member.ID)
	wants(t, "of another", err, fault.CodeForbidden)
	_, err = h.RoomsOfMember(t.Context(), console, h.org.ID, "mem_x")
	wants(t, "of nobody", err, fault.CodeMemberNotFound)
}
