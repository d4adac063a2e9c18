package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/resource"
)

// Room is a meeting room that a resource brought.
type Room struct {
	ID           string    `json:"id"`
	Number       string    `json:"number" doc:"Ten digits, unique in the installation. It never changes."`
	Name         string    `json:"name"`
	Resource     string    `json:"resource" doc:"The identifier of the resource that brought it."`
	Package      string    `json:"package" doc:"Its size, such as vmr50."`
	Status       string    `json:"status" enum:"live,unassigned,disabled" doc:"What it is good for now; disabled when its resource is, or ended."`
	Member       string    `json:"member" doc:"The identifier of the member it is lent to; empty for none."`
	MemberName   string    `json:"member_name"`
	Terminal     string    `json:"terminal" doc:"The identifier of the terminal it is lent to; empty for none."`
	TerminalName string    `json:"terminal_name"`
	EndsAt       time.Time `json:"ends_at" doc:"When its resource ends."`
	Version      int64     `json:"version"`
	CreatedAt    time.Time `json:"created_at"`
	UpdatedAt    time.Time `json:"updated_at"`
}

// roomShown is a room as it is at an instant. Its passwords are its holder's.
func roomShown(r resource.Room, now time.Time) Room {
	return Room{
		ID: string(r.ID), Number: r.Number, Name: r.Name, Resource: string(r.Resource), Package: string(r.Package), Status: string(r.Status(now)),
		Member: string(r.Member), MemberName: r.MemberName, Terminal: string(r.Terminal), TerminalName: r.TerminalName, EndsAt: r.Until.UTC(),
		Version: r.Version, CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(),
	}
}

type roomsQuery struct {
	InOrganization
	Named
	Q        string `query:"q" doc:"Only those where the name, the number or the name of whom it is lent to contains this, whatever the letter case."`
	Status   string `query:"status" enum:"live,unassigned,disabled" doc:"Only those in this state now."`
	Package  string `query:"package" enum:"vmr10,vmr25,vmr50,vmr100,vmr200,vmr300,vmr400,vmr500" doc:"Only those of this size."`
	Resource string `query:"resource" doc:"Only those that the resource with this identifier brought."`
	Member   string `query:"member" doc:"Only those lent to the member with this identifier."`
	Terminal string `query:"terminal" doc:"Only those lent to the terminal with this identifier."`
}

func listRooms(ctx context.Context, c *call, in *roomsQuery) (*listed[Room], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	q := resource.RoomQuery{
		Text: in.Q, Status: identity.RoomStatus(in.Status), Package: identity.RoomPackage(in.Package),
		Resource: identity.ResourceID(in.Resource), Member: identity.MemberID(in.Member), Terminal: identity.TerminalID(in.Terminal),
	}
	if q.NameOrder, q.Slice, err = in.part("rom_"); err != nil {
		return nil, err
	}
	found, err := c.s.o.Resources.Rooms(ctx, c.actor, o.ID, q)
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found.Items, func(r resource.Room) string { return in.key(string(r.ID), r.Name) },
		func(r resource.Room) Room { return roomShown(r, found.At) }), nil
}

// InRoom is embedded by everything about one meeting room.
type InRoom struct {
	InOrganization
	Room string `path:"room" doc:"The room's identifier."`
}

// room finds the room that a call is about, as it is now.
func (c *call) room(ctx context.Context, in InRoom) (r resource.Seen[resource.Room], err error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return r, err
	}
	return c.s.o.Resources.Room(ctx, c.actor, o.ID, identity.RoomID(in.Room))
}

type roomInput struct {
	InRoom
	Known
}

func getRoom(ctx context.Context, c *call, in *roomInput) (*single[Room], error) {
	r, err := c.room(ctx, in.InRoom)
	if err != nil {
		return nil, err
	}
	return shown(in.Known, r.Item.Version, roomShown(r.Item, r.At))
}

type removeRoomInput struct {
	InRoom
	Unchanged
}

func removeRoom(ctx context.Context, c *call, in *removeRoomInput) (*empty, error) {
	r, err := c.room(ctx, in.InRoom)
	if err != nil {
		return nil, err
	}
	if _, err := in.version(r.Item.Version); err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Resources.RemoveRooms(ctx, c.actor, r.Item.OrganizationID, []identity.RoomID{r.Item.ID})
}

// RoomsAndHolder are rooms, and whom they are lent to.
type RoomsAndHolder struct {
	Rooms    []identity.RoomID `json:"rooms" doc:"Identifiers, at most 500."`
	Member   string            `json:"member,omitempty" doc:"The identifier of a member."`
	Terminal string            `json:"terminal,omitempty" doc:"The identifier or serial number of a terminal."`
}

// holder finds whom a body names. A serial number is looked up.
func (c *call) holder(ctx context.Context, org identity.OrganizationID, b RoomsAndHolder) (h resource.Holder, err error) {
	h.Member = identity.MemberID(b.Member)
	if b.Terminal != "" {
		t, err := c.s.o.Resources.Terminal(ctx, c.actor, org, b.Terminal)
		if err != nil {
			return h, err
		}
		h.Terminal = t.Item.ID
	}
	return h, nil
}

type manyRoomsInput struct {
	InOrganization
	Body RoomsAndHolder
}

// lendRooms and its sister lend to, and take back from, one member or terminal:
// all or none.
func lendRooms(ctx context.Context, c *call, in *manyRoomsInput) (*empty, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	to, err := c.holder(ctx, o.ID, in.Body)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Resources.LendRooms(ctx, c.actor, o.ID, to, in.Body.Rooms)
}

func recallRooms(ctx context.Context, c *call, in *manyRoomsInput) (*empty, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	from, err := c.holder(ctx, o.ID, in.Body)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Resources.RecallRooms(ctx, c.actor, o.ID, from, in.Body.Rooms)
}

type removeRoomsInput struct {
	InOrganization
	Body struct {
		Rooms []identity.RoomID `json:"rooms" doc:"Identifiers, at most 500."`
	}
}

func removeRooms(ctx context.Context, c *call, in *removeRoomsInput) (*empty, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Resources.RemoveRooms(ctx, c.actor, o.ID, in.Body.Rooms)
}
