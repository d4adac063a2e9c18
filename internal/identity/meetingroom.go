package identity

import (
	"log/slog"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// MeetingRoom is a place to meet under a number that stays the same: a room
// that a resource brought, lent to a member or a terminal, or the personal
// meeting id of a member (Meeting API, 5.10).
type MeetingRoom struct {
	ID             RoomID
	OrganizationID OrganizationID
	Number         string // digits, unique in the installation
	Name           string
	// Resource is the grant that brought the room, "" for a personal one.
	Resource ResourceID
	Package  RoomPackage // "" for a personal one
	// Personal is whose own number this is; such a room is lent to nobody.
	Personal MemberID
	// Member and Terminal are whom the room is lent to: one of them, or neither.
	Member      MemberID
	Terminal    TerminalID
	Passwords   RoomPasswords
	GuestsFirst bool // guests may begin before the host
	GuestNotice bool // and the host is told
	// Until and Stopped are those of the resource; zero for a personal room.
	Until     time.Time
	Stopped   bool
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// RoomPasswords are what opens a room. Sealed at rest; the room's holder reads
// them.
type RoomPasswords struct {
	Host  string // 4–16 digits
	Guest string // 4–16 digits, "" where guests need none
}

// String keeps passwords out of logs.
func (p RoomPasswords) String() string { return "[redacted]" }

// GoString keeps passwords out of %#v.
func (p RoomPasswords) GoString() string { return p.String() }

// LogValue keeps passwords out of structured logs.
func (p RoomPasswords) LogValue() slog.Value { return slog.StringValue(p.String()) }

// RoomStatus is what a room is good for at an instant.
type RoomStatus string

// The states of a room. Of one to which two apply, the first counts.
const (
	RoomDisabled   RoomStatus = "disabled" // its resource was, or ended
	RoomUnassigned RoomStatus = "unassigned"
	RoomLive       RoomStatus = "live"
)

// RoomsOfMember is how many rooms are lent to one member or terminal at most
// (Meeting API, 5.10).
const RoomsOfMember = 32

// Status tells what the room is good for at an instant.
func (r MeetingRoom) Status(now time.Time) RoomStatus {
	switch {
	case r.Personal != "":
		return RoomLive
	case r.Stopped || !now.Before(r.Until):
		return RoomDisabled
	case !r.Assigned():
		return RoomUnassigned
	}
	return RoomLive
}

// Assigned reports whether the room is lent to somebody.
func (r MeetingRoom) Assigned() bool { return r.Member != "" || r.Terminal != "" }

var roomNumber = pattern(`^[0-9]{1,32}$`)

// ValidRoomNumber checks a meeting id that somebody chose: 1–32 digits (Meeting
// API, 5.6).
func ValidRoomNumber(number string) error {
	if !roomNumber().MatchString(number) {
		return fault.New(fault.Invalid, fault.CodeFieldFormat).At("number").With("want", "want.room_number")
	}
	return nil
}

var roomPassword = pattern(`^[0-9]{4,16}$`)

// Validate checks a room's own rules: a name of 1–64 characters and passwords
// of 4–16 digits; the two are not alike (room_passwords).
func (r MeetingRoom) Validate() error {
	var faults []*fault.Error
	for _, p := range [...]struct{ field, text string }{{"host_password", r.Passwords.Host}, {"guest_password", r.Passwords.Guest}} {
		if !roomPassword().MatchString(p.text) && (p.text != "" || p.field == "host_password") {
			faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldFormat).At(p.field).With("want", "want.room_password"))
		}
	}
	if len(faults) == 0 && r.Passwords.Host == r.Passwords.Guest {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeRoomPasswords).At("guest_password"))
	}
	return fault.All(append(faults, textFaults([]textBound{{"name", r.Name, 1, 64}})...))
}
