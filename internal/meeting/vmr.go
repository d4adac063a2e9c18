package meeting

import (
	"context"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/resource"
)

// roomStates are the values of a room's status, in their order.
var roomStates = [...]identity.RoomStatus{identity.RoomLive, identity.RoomDisabled, identity.RoomUnassigned}

func (m *meeting) roomStatus(r resource.Room) int {
	for i, status := range roomStates {
		if r.Status(m.o.Now()) == status {
			return i
		}
	}
	return 0
}

// markAnswer is IdMarkDTO: an id and what people call it.
type markAnswer struct {
	ID   string `json:"id"`
	Mark string `json:"mark"`
}

// mark is nil where there is nothing to name.
func mark(id, name string) *markAnswer {
	if id == "" {
		return nil
	}
	return &markAnswer{id, name}
}

// corpRoomAnswer is OrgVmrDTO. Rooms here have no audience beside those who
// take part.
type corpRoomAnswer struct {
	ID                 string      `json:"id"`
	VMRID              string      `json:"vmrId"`
	Name               string      `json:"vmrName"`
	Package            string      `json:"vmrPkgName"`
	Parties            int         `json:"vmrPkgParties"`
	Audience           int         `json:"maxAudienceParties"`
	Member             *markAnswer `json:"member"`
	Device             *markAnswer `json:"device"`
	Status             int         `json:"status"`
	ExpireDate         int64       `json:"expireDate"`
	CommercialAudience int         `json:"commercialMaxAudienceParties"`
}

func (m *meeting) corpRoomOf(r resource.Room) corpRoomAnswer {
	return corpRoomAnswer{
		ID: string(r.ID), VMRID: r.Number, Name: r.Name, Package: string(r.Package), Parties: r.Package.Parties(),
		Member: mark(identity.Hex(r.Member), r.MemberName), Device: mark(identity.Hex(r.Terminal), r.TerminalName),
		Status: m.roomStatus(r), ExpireDate: r.Until.UnixMilli(),
	}
}

// searchCorpRooms is SearchCorpVmr. There are no webinar rooms.
func (m *meeting) searchCorpRooms(c *call) (any, error) {
	q, err := c.query()
	if err != nil {
		return nil, err
	}
	w := q.window()
	filter := resource.RoomQuery{Text: q.searchKey(), Slice: slice(w)}
	mode := q.integer(numberField{"vmrMode", vmrRoom, vmrWebinar, vmrRoom})
	if status, came := q.optionalInteger("status", len(roomStates)-1); came {
		filter.Status = roomStates[status]
	}
	if err := q.err(); err != nil {
		return nil, err
	}
	if mode == vmrWebinar {
		return pageOf(w, 0, nil, m.corpRoomOf), nil
	}
	l, err := m.o.Resources.Rooms(c.r.Context(), c.actor, c.actor.OrganizationID, filter)
	if err != nil {
		return nil, err
	}
	return pageOf(w, l.Count, l.Items, m.corpRoomOf), nil
}

// holder finds whom the path names: by the account of a member or of a terminal
// or, where that is asked for, by the third account of a member.
func (m *meeting) holder(c *call) (h resource.Holder, err error) {
	q, err := c.query()
	if err != nil {
		return h, err
	}
	kind := q.integer(numberField{"accountType", byAccount, byThirdAccount, byAccount})
	if err := q.err(); err != nil {
		return h, err
	}
	org, account := c.actor.OrganizationID, c.r.PathValue("account")
	if kind == byThirdAccount {
		p, err := m.o.Directory.MemberByThirdAccount(c.r.Context(), c.actor, org, account)
		return resource.Holder{Member: p.Member.ID}, err
	}
	return m.o.Resources.HolderByAccount(c.r.Context(), c.actor, org, account)
}

// withRooms does one thing to the holder in the path and the rooms in the body.
func (m *meeting) withRooms(c *call, do func(context.Context, identity.Actor, identity.OrganizationID, resource.Holder, []identity.RoomID) error) (any, error) {
	rooms, err := c.texts(64)
	if err != nil {
		return nil, err
	}
	h, err := m.holder(c)
	if err != nil {
		return nil, err
	}
	return nil, do(c.r.Context(), c.actor, c.actor.OrganizationID, h, idsOf[identity.RoomID](rooms))
}

// lendRooms is AssociateVmr.
func (m *meeting) lendRooms(c *call) (any, error) { return m.withRooms(c, m.o.Resources.LendRooms) }

// recallRooms is DisassociateVmr.
func (m *meeting) recallRooms(c *call) (any, error) { return m.withRooms(c, m.o.Resources.RecallRooms) }

// removeRooms is DeleteCorpVmr: all or nothing, and only what is lent to
// nobody.
func (m *meeting) removeRooms(c *call) (any, error) {
	rooms, err := c.texts(64)
	if err != nil {
		return nil, err
	}
	return nil, m.o.Resources.RemoveRooms(c.r.Context(), c.actor, c.actor.OrganizationID, idsOf[identity.RoomID](rooms))
}

// ownRoomAnswer is MemberVmrDTO, spelled gust as on the wire. There is no
// meeting server whose addresses could be told.
type ownRoomAnswer struct {
	ID            string  `json:"id"`
	VMRID         string  `json:"vmrId"`
	Name          string  `json:"vmrName"`
	GuestPassword string  `json:"gustPwd"`
	GuestAddress  *string `json:"gustJoinUrl"`
	HostPassword  string  `json:"chairPwd"`
	HostAddress   *string `json:"chairJoinUrl"`
	GuestsFirst   bool    `json:"allowGustFirst"`
	GuestNotice   bool    `json:"gustFirstNotice"`
	Mode          int     `json:"vmrMode"`
	PackageID     string  `json:"vmrPkgId,omitempty"`
	Package       string  `json:"vmrPkgName,omitempty"`
	Parties       *int    `json:"vmrPkgParties,omitempty"`
	Status        int     `json:"status"`
}

func (m *meeting) ownRoomOf(r resource.Room) ownRoomAnswer {
	answer := ownRoomAnswer{
		ID: string(r.ID), VMRID: r.Number, Name: r.Name, GuestPassword: r.Passwords.Guest, HostPassword: r.Passwords.Host,
		GuestsFirst: r.GuestsFirst, GuestNotice: r.GuestNotice, Mode: vmrPersonal, Status: m.roomStatus(r),
	}
	if r.Personal == "" {
		answer.Mode, answer.PackageID, answer.Package = vmrRoom, packageID(r.Package), string(r.Package)
		answer.Parties = new(r.Package.Parties())
	}
	return answer
}

// searchOwnRooms is SearchMemberVmr.
func (m *meeting) searchOwnRooms(c *call) (any, error) {
	q, err := c.query()
	if err != nil {
		return nil, err
	}
	w := q.window()
	filter := resource.RoomQuery{Text: q.searchKey(), Slice: slice(w)}
	if special, came := q.optionalFlag("specialVmr"); came {
		if filter.Only = resource.OnlyPersonal; special {
			filter.Only = resource.OnlyRooms
		}
	}
	if err := q.err(); err != nil {
		return nil, err
	}
	l, err := m.o.Resources.OwnRooms(c.r.Context(), c.actor, filter)
	if err != nil {
		return nil, err
	}
	return pageOf(w, l.Count, l.Items, m.ownRoomOf), nil
}

// changeOwnRoom is UpdateMemberVmr: what is absent stays as it is.
func (m *meeting) changeOwnRoom(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	change := resource.RoomChange{
		Name: given(o, "vmrName", 1, 64), GuestPassword: given(o, "gustPwd", 0, 16), HostPassword: given(o, "chairPwd", 4, 16),
	}
	if first, came := o.optionalFlag("allowGustFirst"); came {
		change.GuestsFirst = &first
	}
	if notice, came := o.optionalFlag("gustFirstNotice"); came {
		change.GuestNotice = &notice
	}
	if err := o.err(); err != nil {
		return nil, err
	}
	_, err = m.o.Resources.ChangeOwnRoom(c.r.Context(), c.actor, identity.RoomID(c.r.PathValue("id")), 0, change)
	return nil, err
}
