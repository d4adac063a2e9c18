package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/resource"
)

// MyRoom is a room of the caller: one that is lent to them, or their personal
// meeting id.
type MyRoom struct {
	ID            string     `json:"id"`
	Number        string     `json:"number"`
	Name          string     `json:"name"`
	Personal      bool       `json:"personal" doc:"Whether this is the caller's personal meeting id."`
	Package       string     `json:"package" doc:"The size, such as vmr50; empty for the personal one."`
	Status        string     `json:"status" enum:"live,disabled"`
	HostPassword  string     `json:"host_password" doc:"What the host types. Only the holder of a room reads it."`
	GuestPassword string     `json:"guest_password" doc:"What guests type; empty where they need none."`
	GuestsFirst   bool       `json:"guests_first" doc:"Whether guests may begin before the host."`
	GuestNotice   bool       `json:"guest_notice" doc:"Whether the host is told then."`
	EndsAt        *time.Time `json:"ends_at,omitempty" doc:"When the resource that brought it ends; absent for the personal one."`
	Version       int64      `json:"version"`
}

func myRoomShown(r resource.Room, now time.Time) MyRoom {
	view := MyRoom{
		ID: string(r.ID), Number: r.Number, Name: r.Name, Personal: r.Personal != "", Package: string(r.Package), Status: string(r.Status(now)),
		HostPassword: r.Passwords.Host, GuestPassword: r.Passwords.Guest, GuestsFirst: r.GuestsFirst, GuestNotice: r.GuestNotice, Version: r.Version,
	}
	if !view.Personal {
		view.EndsAt = new(r.Until.UTC())
	}
	return view
}

type myRoomsQuery struct {
	Paging
	Q string `query:"q" doc:"Only those whose name or number contains this, whatever the letter case."`
}

func listMyRooms(ctx context.Context, c *call, in *myRoomsQuery) (*listed[MyRoom], error) {
	after, err := in.after("rom_")
	if err != nil {
		return nil, err
	}
	found, err := c.s.o.Resources.OwnRooms(ctx, c.actor, resource.RoomQuery{Text: in.Q, Slice: resource.Slice{After: after, Limit: in.Limit + 1}})
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found.Items, func(r resource.Room) string { return string(r.ID) },
		func(r resource.Room) MyRoom { return myRoomShown(r, found.At) }), nil
}

// InMyRoom is embedded by everything about one room of the caller.
type InMyRoom struct {
	Room string `path:"room" doc:"The room's identifier."`
}

type myRoomInput struct {
	InMyRoom
	Known
}

func getMyRoom(ctx context.Context, c *call, in *myRoomInput) (*single[MyRoom], error) {
	r, err := c.s.o.Resources.OwnRoom(ctx, c.actor, identity.RoomID(in.Room))
	if err != nil {
		return nil, err
	}
	return shown(in.Known, r.Item.Version, myRoomShown(r.Item, r.At))
}

// MyRoomChange is an edit of a room by its holder; what is left out stays.
type MyRoomChange struct {
	Name          *string `json:"name,omitempty" doc:"1 to 64 characters."`
	HostPassword  *string `json:"host_password,omitempty" doc:"4 to 16 digits, other than those of guests."`
	GuestPassword *string `json:"guest_password,omitempty" doc:"4 to 16 digits; an empty text lets guests in without."`
	GuestsFirst   *bool   `json:"guests_first,omitempty"`
	GuestNotice   *bool   `json:"guest_notice,omitempty"`
}

type changeMyRoomInput struct {
	InMyRoom
	Unchanged
	Body MyRoomChange
}

func changeMyRoom(ctx context.Context, c *call, in *changeMyRoomInput) (*single[MyRoom], error) {
	known, err := c.s.o.Resources.OwnRoom(ctx, c.actor, identity.RoomID(in.Room))
	if err != nil {
		return nil, err
	}
	version, err := in.version(known.Item.Version)
	if err != nil {
		return nil, err
	}
	r, err := c.s.o.Resources.ChangeOwnRoom(ctx, c.actor, known.Item.ID, version, resource.RoomChange(in.Body))
	if err != nil {
		return nil, err
	}
	return &single[MyRoom]{ETag: etag(r.Version), Body: myRoomShown(r, known.At)}, nil
}
