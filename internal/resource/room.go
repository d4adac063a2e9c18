package resource

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Room is a meeting room with the names of whom it is lent to.
type Room = store.RoomRow

// numberTries is how often a meeting id is drawn before giving up: with a
// million rooms one draw in a thousand is taken.
const numberTries = 20

// addRooms makes rooms of a resource, lent to nobody. Other kinds bring none.
func addRooms(tx *store.Tx, n identity.Resource, count int) error {
	if n.Kind != identity.ResourceRooms {
		return nil
	}
	for range count {
		if _, err := addRoom(tx, identity.MeetingRoom{OrganizationID: n.OrganizationID, Resource: n.ID, Package: n.Package}); err != nil {
			return err
		}
	}
	return nil
}

// addRoom stores a room under a number that was free, with a password for its
// host. A room without a name is called by its number.
func addRoom(tx *store.Tx, r identity.MeetingRoom) (identity.MeetingRoom, error) {
	r.ID, r.Version, r.CreatedAt, r.UpdatedAt = identity.NewRoomID(tx.Now()), 1, tx.Now(), tx.Now()
	r.Passwords.Host = drawPassword()
	nameless := r.Name == ""
	for range numberTries {
		r.Number = drawNumber()
		if nameless {
			r.Name = r.Number
		}
		if free, err := tx.MeetingRooms.Insert(r); err != nil || free {
			return r, err
		}
	}
	return r, fault.New(fault.Internal, fault.CodeInternal).Because(errors.New("resource: no meeting id is free"))
}

// dropRooms removes rooms of a resource that are lent to nobody, latest first,
// until as many are left as it says; too few of them is a Conflict
// (resource_in_use).
func dropRooms(tx *store.Tx, n identity.Resource) error {
	rooms, err := tx.MeetingRooms.Page(n.OrganizationID, store.RoomQuery{Resource: n.ID, Slice: store.Slice{Limit: identity.MaxRoomCount}})
	if err != nil {
		return err
	}
	// Rooms that were removed by hand are gone already.
	for i := len(rooms) - 1; i >= 0 && len(rooms) > n.Count; i-- {
		if rooms[i].Assigned() {
			continue
		}
		if err := tx.MeetingRooms.Delete(n.OrganizationID, rooms[i].ID); err != nil {
			return err
		}
		rooms = slices.Delete(rooms, i, i+1)
	}
	if len(rooms) > n.Count {
		return inUse(len(rooms), n.Count)
	}
	return nil
}

// Rooms returns rooms of an organisation in the wanted order; personal meeting
// ids are no rooms of it.
func (r *Resources) Rooms(ctx context.Context, actor identity.Actor, org identity.OrganizationID, q store.RoomQuery) (l Listed[Room], err error) {
	if err := access.Allow(actor, access.ManageRooms, org); err != nil {
		return l, err
	}
	q.Only = store.OnlyRooms
	err = r.db.View(ctx, func(tx *store.Tx) error {
		l, err = slice(tx, &q.Slice, func() (int, error) { return tx.MeetingRooms.Count(org, q) },
			func() ([]Room, error) { return tx.MeetingRooms.Page(org, q) })
		return err
	})
	return withoutPasswords(l), err
}

// Room returns a room without its passwords. A personal meeting id is none.
func (r *Resources) Room(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.RoomID) (room Seen[Room], err error) {
	if err := access.Allow(actor, access.ManageRooms, org); err != nil {
		return room, err
	}
	err = r.db.View(ctx, func(tx *store.Tx) error {
		room.At = tx.Now()
		room.Item, err = tx.MeetingRooms.Get(org, id)
		if err == nil && room.Item.Personal != "" {
			err = fault.New(fault.NotFound, fault.CodeRoomNotFound)
		}
		return err
	})
	room.Item.Passwords = identity.RoomPasswords{}
	return room, err
}

// withoutPasswords leaves out what only the holder of a room may read.
func withoutPasswords(l Listed[Room]) Listed[Room] {
	for i := range l.Items {
		l.Items[i].Passwords = identity.RoomPasswords{}
	}
	return l
}

// Holder is whom a room is lent to: a member or a terminal.
type Holder struct {
	Member   identity.MemberID
	Terminal identity.TerminalID
}

// check finds the holder in the organisation.
func (h Holder) check(tx *store.Tx, org identity.OrganizationID) error {
	if h.Terminal != "" {
		_, err := tx.Terminals.Get(org, h.Terminal)
		return err
	}
	_, err := tx.Members.Get(org, h.Member)
	return err
}

// known refuses a holder that is nobody, or two.
func (h Holder) known() error {
	switch {
	case h == (Holder{}):
		return fault.New(fault.Invalid, fault.CodeFieldMissing).At("member").With("field", "member")
	case h.Member != "" && h.Terminal != "":
		return fault.New(fault.Invalid, fault.CodeFieldUnwanted).At("terminal")
	}
	return nil
}

// holds reports whether a room is lent to the holder.
func (h Holder) holds(r Room) bool {
	return r.Assigned() && r.Member == h.Member && r.Terminal == h.Terminal
}

// HolderByAccount finds whom an account name stands for: a member, else a
// terminal. Nobody is NotFound (member_not_found).
func (r *Resources) HolderByAccount(ctx context.Context, actor identity.Actor, org identity.OrganizationID, account string) (h Holder, err error) {
	if err := access.Allow(actor, access.ManageRooms, org); err != nil {
		return h, err
	}
	nobody := fault.New(fault.NotFound, fault.CodeMemberNotFound)
	err = r.db.View(ctx, func(tx *store.Tx) error {
		found, err := tx.Lookup.Account(identity.LoginName{Kind: identity.ByAccount, Text: identity.FoldAccount(account)})
		if err == nil {
			p, err := tx.Members.ByAccount(org, found.ID)
			h.Member = p.Member.ID
			return err
		}
		if !fault.Is(err, fault.CodeAccountNotFound) {
			return err
		}
		row, err := tx.Terminals.ByAccount(org, account)
		if fault.Is(err, fault.CodeTerminalNotFound) {
			return nobody
		}
		h.Terminal = row.Item.ID
		return err
	})
	return h, err
}

// LendRooms lends rooms to a member or a terminal: all or none. Who has a room
// already keeps it as it is; one that somebody else has is a Conflict
// (room_assigned), so are more than identity.RoomsOfMember in all (room_limit).
// A room that changes hands has a new password and forgets its settings.
func (r *Resources) LendRooms(ctx context.Context, actor identity.Actor, org identity.OrganizationID, to Holder, rooms []identity.RoomID) error {
	if err := access.Allow(actor, access.ManageRooms, org); err != nil {
		return err
	}
	if err := to.known(); err != nil {
		return err
	}
	return r.eachRoom(ctx, org, to, rooms, func(tx *store.Tx, room Room) error {
		switch {
		case to.holds(room):
			return nil
		case room.Assigned():
			return fault.New(fault.Conflict, fault.CodeRoomAssigned)
		}
		room.Member, room.Terminal = to.Member, to.Terminal
		if err := passOn(tx, room.MeetingRoom); err != nil {
			return err
		}
		held, err := tx.MeetingRooms.Held(org, to.Member, to.Terminal)
		if err != nil {
			return err
		}
		if held > identity.RoomsOfMember {
			return fault.New(fault.Conflict, fault.CodeRoomLimit).With("max", identity.RoomsOfMember)
		}
		return audit.Record(tx, actor, audit.RoomLent, aboutRoom(room.MeetingRoom, to))
	})
}

// RecallRooms takes rooms back from a member or a terminal, or with the zero
// Holder from whoever has them: all or none. One that the holder, or nobody, has
// is NotFound.
func (r *Resources) RecallRooms(ctx context.Context, actor identity.Actor, org identity.OrganizationID, from Holder, rooms []identity.RoomID) error {
	if err := access.Allow(actor, access.ManageRooms, org); err != nil {
		return err
	}
	return r.eachRoom(ctx, org, from, rooms, func(tx *store.Tx, room Room) error {
		had := Holder{room.Member, room.Terminal}
		if !room.Assigned() || from != (Holder{}) && !from.holds(room) {
			return fault.New(fault.NotFound, fault.CodeRoomNotFound)
		}
		room.Member, room.Terminal = "", ""
		if err := passOn(tx, room.MeetingRoom); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.RoomRecalled, aboutRoom(room.MeetingRoom, had))
	})
}

// passOn stores a room for another holder. What the one before set is theirs.
func passOn(tx *store.Tx, r identity.MeetingRoom) error {
	r.Name, r.Passwords = r.Number, identity.RoomPasswords{Host: drawPassword()}
	r.GuestsFirst, r.GuestNotice, r.UpdatedAt = false, false, tx.Now()
	return tx.MeetingRooms.Put(r)
}

// RemoveRooms removes rooms that are lent to nobody: all or none. One that is
// lent is a Conflict (room_assigned).
func (r *Resources) RemoveRooms(ctx context.Context, actor identity.Actor, org identity.OrganizationID, rooms []identity.RoomID) error {
	if err := access.Allow(actor, access.ManageRooms, org); err != nil {
		return err
	}
	return r.eachRoom(ctx, org, Holder{}, rooms, func(tx *store.Tx, room Room) error {
		if room.Assigned() {
			return fault.New(fault.Conflict, fault.CodeRoomAssigned)
		}
		if err := tx.MeetingRooms.Delete(org, room.ID); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.RoomRemoved, aboutRoom(room.MeetingRoom, Holder{}))
	})
}

// eachRoom does one thing to rooms in one transaction. A personal meeting id is
// no room.
func (r *Resources) eachRoom(ctx context.Context, org identity.OrganizationID, h Holder, rooms []identity.RoomID, do func(*store.Tx, Room) error) error {
	if err := checkBatch("rooms", len(rooms)); err != nil {
		return err
	}
	return r.db.Update(ctx, func(tx *store.Tx) error {
		tx.NoEvent("each room has its own")
		if h != (Holder{}) {
			if err := h.check(tx, org); err != nil {
				return err
			}
		}
		for _, id := range sorted(rooms) {
			room, err := tx.MeetingRooms.Get(org, id)
			if err == nil && room.Personal != "" {
				err = fault.New(fault.NotFound, fault.CodeRoomNotFound)
			}
			if err != nil {
				return err
			}
			if err := do(tx, room); err != nil {
				return err
			}
		}
		return nil
	})
}

func aboutRoom(r identity.MeetingRoom, h Holder) audit.About {
	details := map[string]string{"number": r.Number}
	if holder := fmt.Sprint(h.Member, h.Terminal); holder != "" {
		details["holder"] = holder
	}
	return audit.About{Organization: r.OrganizationID, Target: string(r.ID), Details: details}
}
