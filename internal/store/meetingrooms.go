package store

import (
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// MeetingRooms is the table of meeting rooms and personal meeting ids. Their
// passwords are sealed. Every method takes the organisation; what belongs to
// another one is NotFound.
type MeetingRooms struct{ c *conn }

// RoomRow is a room with the names of whom it is lent to, "" for nobody.
type RoomRow struct {
	identity.MeetingRoom
	MemberName, TerminalName string
}

const roomSelect = `SELECT r.id, r.organization_id, r.number, r.name, r.resource_id, r.package, r.personal_of, r.member_id, r.terminal_id,
	r.passwords, r.guests_first, r.guest_notice, g.ends_at, g.disabled, r.version, r.created_at, r.updated_at, m.name, t.name FROM ` + roomFrom

const roomFrom = `meeting_rooms r LEFT JOIN resources g ON g.id = r.resource_id LEFT JOIN members m ON m.id = r.member_id
	LEFT JOIN terminals t ON t.id = r.terminal_id`

func (c *conn) scanRoom(scan func(...any) error) (r RoomRow, err error) {
	var grant, personal, member, terminal, memberName, terminalName *string
	var passwords []byte
	var ends *int64
	var disabled *bool
	var created, updated int64
	if err = scan(&r.ID, &r.OrganizationID, &r.Number, &r.Name, &grant, &r.Package, &personal, &member, &terminal,
		&passwords, &r.GuestsFirst, &r.GuestNotice, &ends, &disabled, &r.Version, &created, &updated, &memberName, &terminalName); err != nil {
		return r, err
	}
	r.Resource, r.Personal = identity.ResourceID(orEmpty(grant)), identity.MemberID(orEmpty(personal))
	r.Member, r.Terminal = identity.MemberID(orEmpty(member)), identity.TerminalID(orEmpty(terminal))
	r.MemberName, r.TerminalName = orEmpty(memberName), orEmpty(terminalName)
	r.CreatedAt, r.UpdatedAt = at(created), at(updated)
	if ends != nil {
		r.Until, r.Stopped = at(*ends), *disabled
	}
	return r, c.openInto(passwords, roomPasswordsOf(r.MeetingRoom), &r.Passwords)
}

// orEmpty reads NULL as "".
func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// roomPasswordsOf ties passwords to their row.
func roomPasswordsOf(r identity.MeetingRoom) string { return "meeting_rooms.passwords:" + string(r.ID) }

var errNoRoom = fault.New(fault.NotFound, fault.CodeRoomNotFound)

// Get returns a room, or NotFound.
func (t MeetingRooms) Get(org identity.OrganizationID, id identity.RoomID) (RoomRow, error) {
	return found(t.c, errNoRoom, t.c.scanRoom, roomSelect+` WHERE r.organization_id = $1 AND r.id = $2`, org, id)
}

// OwnNumber returns the personal meeting id of a member, or NotFound.
func (t MeetingRooms) OwnNumber(org identity.OrganizationID, member identity.MemberID) (RoomRow, error) {
	return found(t.c, errNoRoom, t.c.scanRoom, roomSelect+` WHERE r.organization_id = $1 AND r.personal_of = $2`, org, member)
}

// OwnNumbers returns the personal meeting ids of some members; who has none yet
// is left out.
func (t MeetingRooms) OwnNumbers(org identity.OrganizationID, members []identity.MemberID) (map[identity.MemberID]string, error) {
	numbers := map[identity.MemberID]string{}
	err := sets(members, func(some []identity.MemberID) error {
		args, in := among([]any{org}, some)
		return t.c.each(`SELECT personal_of, number FROM meeting_rooms WHERE organization_id = $1 AND personal_of IN `+in, args,
			func(scan func(...any) error) error {
				var id identity.MemberID
				var number string
				err := scan(&id, &number)
				numbers[id] = number
				return err
			})
	})
	return numbers, err
}

// RoomQuery narrows a list of rooms. Empty fields do not narrow.
type RoomQuery struct {
	Text string // part of the name, the number, or of the name of whom it is lent to
	// Status is asked of rooms that a resource brought; it leaves personal ones out.
	Status identity.RoomStatus
	// Member is whose rooms are wanted: lent ones and the personal one.
	Member   identity.MemberID
	Resource identity.ResourceID // rooms that this brought
	Terminal identity.TerminalID // to which they are lent
	Package  identity.RoomPackage
	Only     RoomSort
	NameOrder
	Slice
}

// RoomSort tells rooms from personal meeting ids.
type RoomSort string

// The sorts of rooms; "" is both.
const (
	OnlyRooms    RoomSort = "rooms"
	OnlyPersonal RoomSort = "personal"
)

func (t MeetingRooms) narrow(org identity.OrganizationID, q RoomQuery) *narrow {
	n := within(`r.organization_id`, org)
	if q.Member != "" {
		n.containing(q.Text, `r.name_key`, `r.number`)
		n.also(`(r.member_id = ` + n.arg(q.Member) + ` OR r.personal_of = ` + n.arg(q.Member) + `)`)
	} else {
		n.containing(q.Text, `r.name_key`, `r.number`, `m.name_key`, `t.name_key`)
	}
	if q.Resource != "" {
		n.and(`r.resource_id = `, q.Resource)
	}
	if q.Terminal != "" {
		n.and(`r.terminal_id = `, q.Terminal)
	}
	if q.Package != "" {
		n.and(`r.package = `, q.Package)
	}
	switch q.Only {
	case OnlyRooms:
		n.also(`r.personal_of IS NULL`)
	case OnlyPersonal:
		n.also(`r.personal_of IS NOT NULL`)
	}
	if q.Status != "" {
		t.narrowStatus(n, q.Status)
	}
	return n
}

func (t MeetingRooms) narrowStatus(n *narrow, status identity.RoomStatus) {
	n.also(`r.personal_of IS NULL`)
	now := n.arg(ms(t.c.tx.now))
	switch status {
	case identity.RoomDisabled:
		n.also(`(g.disabled OR g.ends_at <= ` + now + `)`)
	case identity.RoomUnassigned:
		n.also(`NOT g.disabled AND g.ends_at > ` + now + ` AND r.member_id IS NULL AND r.terminal_id IS NULL`)
	default:
		n.also(`NOT g.disabled AND g.ends_at > ` + now + ` AND (r.member_id IS NOT NULL OR r.terminal_id IS NOT NULL)`)
	}
}

// Page returns rooms in the wanted order.
func (t MeetingRooms) Page(org identity.OrganizationID, q RoomQuery) ([]RoomRow, error) {
	query, args := t.narrow(org, q).pageNamed(roomSelect, `r`, q.NameOrder, q.Slice)
	return list(t.c, t.c.scanRoom, query, args...)
}

// Count returns how many rooms a query finds in all.
func (t MeetingRooms) Count(org identity.OrganizationID, q RoomQuery) (int, error) {
	return t.c.counted(t.narrow(org, q), roomFrom)
}

// Held returns how many rooms are lent to a member, or to a terminal.
func (t MeetingRooms) Held(org identity.OrganizationID, member identity.MemberID, terminal identity.TerminalID) (n int, err error) {
	err = t.c.row(`SELECT count(*) FROM meeting_rooms WHERE organization_id = $1 AND (member_id = $2 OR terminal_id = $3)`,
		org, nullable(string(member)), nullable(string(terminal))).scan(&n)
	return n, err
}

// RoomCount is how many rooms of a package an organisation has.
type RoomCount struct {
	Package identity.RoomPackage
	All     int
	Lent    int
}

// Packages counts the rooms of an organisation by their package; personal ones
// are none.
func (t MeetingRooms) Packages(org identity.OrganizationID) ([]RoomCount, error) {
	return list(t.c, func(scan func(...any) error) (p RoomCount, err error) {
		return p, scan(&p.Package, &p.All, &p.Lent)
	}, `SELECT package, count(*), count(coalesce(member_id, terminal_id)) FROM meeting_rooms
		WHERE organization_id = $1 AND personal_of IS NULL GROUP BY package ORDER BY package`, org)
}

// PackagesOf is Packages for several organisations.
func (t MeetingRooms) PackagesOf(orgs []identity.OrganizationID) (map[identity.OrganizationID][]RoomCount, error) {
	of := map[identity.OrganizationID][]RoomCount{}
	err := sets(orgs, func(some []identity.OrganizationID) error {
		args, in := among(nil, some)
		return t.c.each(`SELECT organization_id, package, count(*), count(coalesce(member_id, terminal_id)) FROM meeting_rooms
			WHERE organization_id IN `+in+` AND personal_of IS NULL GROUP BY organization_id, package ORDER BY package`, args,
			func(scan func(...any) error) error {
				var org identity.OrganizationID
				var p RoomCount
				err := scan(&org, &p.Package, &p.All, &p.Lent)
				of[org] = append(of[org], p)
				return err
			})
	})
	return of, err
}

// Lent returns how many of the rooms that a resource brought are lent.
func (t MeetingRooms) Lent(org identity.OrganizationID, resource identity.ResourceID) (n int, err error) {
	err = t.c.row(`SELECT count(coalesce(member_id, terminal_id)) FROM meeting_rooms WHERE organization_id = $1 AND resource_id = $2`,
		org, resource).scan(&n)
	return n, err
}

// Insert adds a room with version 1 and reports whether its number was free.
func (t MeetingRooms) Insert(r identity.MeetingRoom) (bool, error) {
	passwords, err := t.c.sealedJSON(r.Passwords, roomPasswordsOf(r))
	if err != nil {
		return false, err
	}
	n, err := t.c.exec(`INSERT INTO meeting_rooms (id, organization_id, number, name, name_key, resource_id, package, personal_of, member_id,
		terminal_id, passwords, guests_first, guest_notice, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, $14, $15) ON CONFLICT DO NOTHING`,
		r.ID, r.OrganizationID, r.Number, r.Name, identity.Fold(r.Name), nullable(string(r.Resource)), r.Package,
		nullable(string(r.Personal)), nullable(string(r.Member)), nullable(string(r.Terminal)), passwords, r.GuestsFirst, r.GuestNotice,
		ms(r.CreatedAt), ms(r.UpdatedAt))
	return n > 0, err
}

// Put stores an edited room if it still has the version that was read, else
// Stale. Number, package and where the room came from never change.
func (t MeetingRooms) Put(r identity.MeetingRoom) error {
	passwords, err := t.c.sealedJSON(r.Passwords, roomPasswordsOf(r))
	if err != nil {
		return err
	}
	n, err := t.c.exec(`UPDATE meeting_rooms SET name = $4, name_key = $5, member_id = $6, terminal_id = $7, passwords = $8,
		guests_first = $9, guest_notice = $10, version = version + 1, updated_at = $11
		WHERE organization_id = $1 AND id = $2 AND version = $3`,
		r.OrganizationID, r.ID, r.Version, r.Name, identity.Fold(r.Name), nullable(string(r.Member)), nullable(string(r.Terminal)),
		passwords, r.GuestsFirst, r.GuestNotice, ms(r.UpdatedAt))
	return stale(n, err)
}

// Renumber gives a room another number and reports whether it was free.
func (t MeetingRooms) Renumber(r identity.MeetingRoom, number string) (free bool, err error) {
	n, err := t.c.exec(`UPDATE meeting_rooms SET number = $3, version = version + 1, updated_at = $4 WHERE organization_id = $1 AND id = $2
		AND NOT EXISTS (SELECT 1 FROM meeting_rooms o WHERE o.number = $3)`, r.OrganizationID, r.ID, number, ms(t.c.tx.now))
	return n > 0, err
}

// Delete removes a room.
func (t MeetingRooms) Delete(org identity.OrganizationID, id identity.RoomID) error {
	n, err := t.c.exec(`DELETE FROM meeting_rooms WHERE organization_id = $1 AND id = $2`, org, id)
	if err == nil && n == 0 {
		return errNoRoom
	}
	return err
}
