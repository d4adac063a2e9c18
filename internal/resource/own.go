package resource

import (
	"context"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// allowOwn lets members act on what is lent to them, and nobody else.
func allowOwn(actor identity.Actor) error {
	if err := access.Allow(actor, access.ReadOrganization, actor.OrganizationID); err != nil {
		return err
	}
	if actor.Kind != identity.ActsAsMember || actor.MemberID == "" {
		return fault.New(fault.Forbidden, fault.CodeForbidden)
	}
	return nil
}

// OwnRooms returns the rooms that are lent to the actor and the personal meeting
// id, with their passwords, in the order of their making. The personal one is
// made when it is first asked for.
func (r *Resources) OwnRooms(ctx context.Context, actor identity.Actor, q store.RoomQuery) (l Listed[Room], err error) {
	if err := allowOwn(actor); err != nil {
		return l, err
	}
	q.Member = actor.MemberID
	return r.roomsOf(ctx, actor, actor.OrganizationID, q)
}

// OwnRoom returns a room that is lent to the actor, or the personal one, with its
// passwords. Any other is NotFound.
func (r *Resources) OwnRoom(ctx context.Context, actor identity.Actor, id identity.RoomID) (room Seen[Room], err error) {
	if err := allowOwn(actor); err != nil {
		return room, err
	}
	err = r.db.View(ctx, func(tx *store.Tx) error {
		room.At = tx.Now()
		room.Item, err = ownRoom(tx, actor, id)
		return err
	})
	return room, err
}

// ownRoom finds a room of the actor.
func ownRoom(tx *store.Tx, actor identity.Actor, id identity.RoomID) (Room, error) {
	room, err := tx.MeetingRooms.Get(actor.OrganizationID, id)
	if err == nil && room.Member != actor.MemberID && room.Personal != actor.MemberID {
		return Room{}, fault.New(fault.NotFound, fault.CodeRoomNotFound)
	}
	return room, err
}

// RoomsOfMember returns the rooms of a member, the personal meeting id first and
// made if it is not there yet, without passwords. Members may ask for their own.
func (r *Resources) RoomsOfMember(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.MemberID) (all []Room, err error) {
	permission := access.ManageRooms
	if actor.Kind == identity.ActsAsMember && actor.OrganizationID == org && id != "" && actor.MemberID == id {
		permission = access.ReadOrganization
	}
	if err := access.Allow(actor, permission, org); err != nil {
		return nil, err
	}
	l, err := r.roomsOf(ctx, actor, org, store.RoomQuery{Member: id, Slice: store.Slice{Limit: store.PageMax}})
	if err != nil {
		return nil, err
	}
	var lent []Room
	for _, room := range withoutPasswords(l).Items {
		if room.Personal != "" {
			all = append(all, room)
		} else {
			lent = append(lent, room)
		}
	}
	return append(all, lent...), nil
}

// Numbers returns the personal meeting ids of some members; who was never asked
// for one has none yet.
func (r *Resources) Numbers(ctx context.Context, actor identity.Actor, org identity.OrganizationID, people []identity.Person) (numbers map[identity.MemberID]string, err error) {
	if err := access.Allow(actor, access.ManageRooms, org); err != nil {
		return nil, err
	}
	ids := make([]identity.MemberID, len(people))
	for i, p := range people {
		ids[i] = p.Member.ID
	}
	err = r.db.View(ctx, func(tx *store.Tx) error {
		numbers, err = tx.MeetingRooms.OwnNumbers(org, ids)
		return err
	})
	return numbers, err
}

// roomsOf reads the rooms of a member, after making the personal one.
func (r *Resources) roomsOf(ctx context.Context, actor identity.Actor, org identity.OrganizationID, q store.RoomQuery) (l Listed[Room], err error) {
	if err := r.numbered(ctx, actor, org, q.Member); err != nil {
		return l, err
	}
	err = r.db.View(ctx, func(tx *store.Tx) error {
		l, err = slice(tx, &q.Slice, func() (int, error) { return tx.MeetingRooms.Count(org, q) },
			func() ([]Room, error) { return tx.MeetingRooms.Page(org, q) })
		return err
	})
	return l, err
}

// numbered gives a member a personal meeting id who has none yet. To make one
// for everybody at once would make every sign-up dearer for those who meet.
func (r *Resources) numbered(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.MemberID) error {
	missing := false
	err := r.db.View(ctx, func(tx *store.Tx) error {
		_, err := tx.MeetingRooms.OwnNumber(org, id)
		if missing = fault.Is(err, fault.CodeRoomNotFound); missing {
			return nil
		}
		return err
	})
	if err != nil || !missing {
		return err
	}
	return r.db.Update(ctx, func(tx *store.Tx) error {
		p, err := tx.Members.Get(org, id)
		if err != nil {
			return err
		}
		if _, err := tx.MeetingRooms.OwnNumber(org, id); !fault.Is(err, fault.CodeRoomNotFound) {
			// Somebody was faster, or the database failed.
			return err
		}
		room, err := addRoom(tx, identity.MeetingRoom{OrganizationID: org, Personal: id, Name: p.Member.Name})
		if err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.RoomNumbered, aboutRoom(room, Holder{Member: id}))
	})
}

// Renumber gives a member another personal meeting id. It joins the transaction
// that edits the member, as directory.MemberChange.Then. A number that another
// room has is a Conflict (room_number).
func (*Resources) Renumber(actor identity.Actor, number string) func(*store.Tx, identity.Person) error {
	return func(tx *store.Tx, p identity.Person) error {
		org, id := p.Member.OrganizationID, p.Member.ID
		if err := access.Allow(actor, access.ManageRooms, org); err != nil {
			return err
		}
		if err := identity.ValidRoomNumber(number); err != nil {
			return err
		}
		room, err := tx.MeetingRooms.OwnNumber(org, id)
		was := room.Number
		switch {
		case fault.Is(err, fault.CodeRoomNotFound):
			room.MeetingRoom, err = addRoom(tx, identity.MeetingRoom{OrganizationID: org, Personal: id, Name: p.Member.Name})
		case was == number:
			return nil
		}
		if err != nil {
			return err
		}
		free, err := tx.MeetingRooms.Renumber(room.MeetingRoom, number)
		if err != nil {
			return err
		}
		if !free {
			return fault.New(fault.Conflict, fault.CodeRoomNumber).At("number")
		}
		details := map[string]string{"number": number, "was": was, "holder": string(id)}
		return audit.Record(tx, actor, audit.RoomRenumbered, audit.About{Organization: org, Target: string(room.ID), Details: details})
	}
}

// RoomChange is an edit of a room by its holder; nil leaves a field alone.
type RoomChange struct {
	Name          *string
	HostPassword  *string
	GuestPassword *string // "" lets guests in without
	GuestsFirst   *bool
	GuestNotice   *bool
}

// ChangeOwnRoom edits a room that is lent to the actor, or the personal one.
// Any other room is NotFound. Host and guests with one password are Invalid
// (room_passwords).
func (r *Resources) ChangeOwnRoom(ctx context.Context, actor identity.Actor, id identity.RoomID, version int64, c RoomChange) (room Room, err error) {
	if err := allowOwn(actor); err != nil {
		return room, err
	}
	err = r.db.Update(ctx, func(tx *store.Tx) error {
		if room, err = ownRoom(tx, actor, id); err != nil {
			return err
		}
		if err := store.CheckVersion(version, room.Version); err != nil {
			return err
		}
		changed := c.apply(&room.MeetingRoom)
		if len(changed) == 0 {
			return nil
		}
		if err := room.Validate(); err != nil {
			return err
		}
		room.UpdatedAt = tx.Now()
		if err := tx.MeetingRooms.Put(room.MeetingRoom); err != nil {
			return err
		}
		room.Version++
		return audit.Record(tx, actor, audit.RoomChanged, audit.About{Organization: room.OrganizationID, Target: string(id), Details: changed.Details()})
	})
	return room, err
}

// apply edits a room and tells which fields changed.
func (c RoomChange) apply(r *identity.MeetingRoom) (changed audit.Edit) {
	audit.Set(&changed, "name", &r.Name, c.Name)
	audit.Set(&changed, "host_password", &r.Passwords.Host, c.HostPassword)
	audit.Set(&changed, "guest_password", &r.Passwords.Guest, c.GuestPassword)
	audit.Set(&changed, "guests_first", &r.GuestsFirst, c.GuestsFirst)
	audit.Set(&changed, "guest_notice", &r.GuestNotice, c.GuestNotice)
	return changed
}
