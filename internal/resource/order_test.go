package resource

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// walk reads a list two at a time, each page after the last of the one before.
func walk[T any](t *testing.T, page func(after T) ([]T, error), name func(T) string) string {
	t.Helper()
	var names []string
	var last T
	for {
		items, err := page(last)
		wants(t, "page", err, "")
		for _, each := range items {
			names = append(names, name(each))
			last = each
		}
		if len(items) < 2 {
			return strings.Join(names, " ")
		}
	}
}

// TestListsInTheOrderOfNames: names are shared, and each row comes once.
func TestListsInTheOrderOfNames(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		names := []string{"hall", "Annex", "HALL", "foyer", "Hall"}
		for i, name := range names {
			h.clock.Advance(time.Millisecond)
			_, err := h.AddTerminal(t.Context(), console, h.org.ID, NewTerminal{
				Serial: fmt.Sprint("S", i), Name: name, Model: "TE20", Disabled: i%2 == 1, Contact: identity.Contact{Email: "it@house.example"},
			})
			wants(t, "terminal", err, "")
			_, err = h.hub(identity.DeviceIdeaHub, name)
			wants(t, "code", err, "")
		}
		const want = "Annex foyer hall HALL Hall"
		at := func(after, name string) (NameOrder, Slice) {
			return NameOrder{ByName: true, AfterName: identity.Fold(name)}, Slice{After: after, Limit: 2}
		}
		got := walk(t, func(last Terminal) ([]Terminal, error) {
			q := TerminalQuery{}
			q.NameOrder, q.Slice = at(string(last.Item.ID), last.Item.Name)
			l, err := h.Terminals(t.Context(), console, h.org.ID, q)
			return l.Items, err
		}, func(x Terminal) string { return x.Item.Name })
		if got != want {
			t.Errorf("terminals: got %s, want %s", got, want)
		}
		got = walk(t, func(last ActivationCode) ([]ActivationCode, error) {
			q := ActivationQuery{}
			q.NameOrder, q.Slice = at(string(last.Item.ID), last.Item.Name)
			l, err := h.ActivationCodes(t.Context(), console, h.org.ID, q)
			return l.Items, err
		}, func(x ActivationCode) string { return x.Item.Name })
		if got != want {
			t.Errorf("codes: got %s, want %s", got, want)
		}
		l, err := h.Terminals(t.Context(), console, h.org.ID, TerminalQuery{Disabled: new(true)})
		if wants(t, "disabled ones", err, ""); len(l.Items) != 2 || l.Items[0].Item.Name != "Annex" || l.Items[1].Item.Name != "foyer" {
			t.Errorf("got %d disabled terminals", len(l.Items))
		}
	})
}

// TestResourcesInTheOrderOfTheirEnds, and records from the newest on.
func TestResourcesInTheOrderOfTheirEnds(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		for i, days := range []int{3, 1, 3, 2, 3} {
			h.clock.Advance(time.Millisecond)
			end := h.clock.Now().Truncate(24*time.Hour).AddDate(0, 1, days)
			_, err := h.Grant(t.Context(), console, h.org.ID, []Grant{{Ref: fmt.Sprint("r", i), Kind: identity.ResourceStreams, Count: 1, EndsAt: end}})
			wants(t, "grant", err, "")
		}
		got := walk(t, func(last identity.Resource) ([]identity.Resource, error) {
			l, err := h.List(t.Context(), console, h.org.ID, Query{ByEnd: true, AfterEnd: last.EndsAt, Slice: Slice{After: string(last.ID), Limit: 2}})
			return l.Items, err
		}, func(r identity.Resource) string { return r.Ref })
		if want := "r1 r3 r0 r2 r4"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		got = walk(t, func(last identity.ResourceRecord) ([]identity.ResourceRecord, error) {
			l, err := h.Records(t.Context(), console, h.org.ID, RecordQuery{Newest: true, Slice: Slice{After: string(last.ID), Limit: 2}})
			return l.Items, err
		}, func(r identity.ResourceRecord) string { return r.Resource.Ref })
		if want := "r4 r3 r2 r1 r0"; got != want {
			t.Errorf("records: got %s, want %s", got, want)
		}
	})
}

// TestNewGrantsChangeNone: under a name that is there nothing is granted twice.
func TestNewGrantsChangeNone(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		old := h.granted("a", identity.ResourceHD, 1)
		_, err := h.Grant(t.Context(), console, h.org.ID, []Grant{{Ref: "a", New: true, Kind: identity.ResourceHD, Count: 9, EndsAt: old.EndsAt.AddDate(1, 0, 0)}})
		wants(t, "again", err, fault.CodeResourceExists)
		seen, err := h.Resource(t.Context(), console, h.org.ID, old.ID)
		if wants(t, "read", err, ""); seen.Item != old || !seen.At.Equal(h.clock.Now().Truncate(time.Millisecond)) {
			t.Errorf("got %+v at %s, want %+v", seen.Item, seen.At, old)
		}
	})
}

// TestRoomsAreTakenBackFromWhoeverHasThem: nobody has to be named, and a room
// that nobody has is not found.
func TestRoomsAreTakenBackFromWhoeverHasThem(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		ctx, grant := t.Context(), h.granted("vmr", identity.ResourceRooms, 3)
		l, err := h.Rooms(ctx, console, h.org.ID, RoomQuery{Resource: grant.ID})
		wants(t, "rooms", err, "")
		ids := []identity.RoomID{l.Items[0].ID, l.Items[1].ID}
		device, err := h.terminal("T", "TE20")
		wants(t, "terminal", err, "")
		wants(t, "to nobody", h.LendRooms(ctx, console, h.org.ID, Holder{}, ids), fault.CodeFieldMissing)
		both := Holder{Member: h.owner.Member.ID, Terminal: device.Item.ID}
		wants(t, "to two", h.LendRooms(ctx, console, h.org.ID, both, ids), fault.CodeFieldUnwanted)
		wants(t, "lend", h.LendRooms(ctx, console, h.org.ID, Holder{Member: h.owner.Member.ID}, ids[:1]), "")
		wants(t, "lend", h.LendRooms(ctx, console, h.org.ID, Holder{Terminal: device.Item.ID}, ids[1:]), "")
		of, err := h.Rooms(ctx, console, h.org.ID, RoomQuery{Terminal: device.Item.ID, Package: identity.SmallestPackage, NameOrder: store.NameOrder{ByName: true}})
		if wants(t, "of the terminal", err, ""); len(of.Items) != 1 || of.Items[0].ID != ids[1] {
			t.Errorf("got %+v", of.Items)
		}
		wants(t, "one that nobody has", h.RecallRooms(ctx, console, h.org.ID, Holder{}, append(ids, l.Items[2].ID)), fault.CodeRoomNotFound)
		wants(t, "recall", h.RecallRooms(ctx, console, h.org.ID, Holder{}, ids), "")
		room, err := h.Room(ctx, console, h.org.ID, ids[1])
		if wants(t, "read", err, ""); room.Item.Assigned() || room.Item.Passwords != (identity.RoomPasswords{}) {
			t.Errorf("got %+v, want a room without holder and passwords", room.Item)
		}
		own, err := h.RoomsOfMember(ctx, console, h.org.ID, h.owner.Member.ID)
		wants(t, "own", err, "")
		_, err = h.Room(ctx, console, h.org.ID, own[0].ID)
		wants(t, "a personal meeting id", err, fault.CodeRoomNotFound)
	})
}
