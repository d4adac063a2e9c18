package identity

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// Resource is one grant of a service provider to an organisation: so many of
// one kind until an instant (Meeting API, 5.3). What is left of it at an
// instant is computed, never stored: no job has to run for it to expire.
type Resource struct {
	ID             ResourceID
	OrganizationID OrganizationID
	// Ref is the name by which the provider knows the grant: 1–64 printable ASCII
	// characters without blanks, unique among the grants of one kind in the
	// organisation.
	Ref     string
	Kind    ResourceKind
	Package RoomPackage // of meeting rooms alone, "" otherwise
	// Count is how many there are; of recording space, gigabytes.
	Count     int
	EndsAt    time.Time
	Disabled  bool
	Order     string // the provider's order, for people
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// ResourceKind is what is granted.
type ResourceKind string

// The kinds of resources (Meeting API, 5.3, ResourceType).
const (
	ResourceRooms        ResourceKind = "meeting_rooms"
	ResourceParticipants ResourceKind = "participants"          // in meetings at the same time
	ResourceFullHD       ResourceKind = "terminals_1080p"       // terminals of the provider
	ResourceHD           ResourceKind = "terminals_720p"        // likewise
	ResourceThirdParty   ResourceKind = "terminals_third_party" // terminals of other makers
	ResourceMembers      ResourceKind = "members"
	ResourceWhiteboards  ResourceKind = "whiteboards"
	ResourceStreams      ResourceKind = "live_streams"
	ResourceRecording    ResourceKind = "recording_gigabytes"
	ResourceScreens      ResourceKind = "smart_screens"
	ResourceIdeaHubs     ResourceKind = "idea_hubs"
)

// ResourceKinds lists every kind, in the order in which they are told.
func ResourceKinds() []ResourceKind {
	return []ResourceKind{
		ResourceRooms, ResourceParticipants, ResourceFullHD, ResourceHD, ResourceThirdParty, ResourceMembers,
		ResourceWhiteboards, ResourceStreams, ResourceRecording, ResourceScreens, ResourceIdeaHubs,
	}
}

// RoomPackage is the size of a meeting room, by its name.
type RoomPackage string

// roomPackages are the sizes that rooms come in, in participants.
var roomPackages = [...]struct {
	name    RoomPackage
	parties int
}{
	{"vmr10", 10},
	{"vmr25", 25},
	{"vmr50", 50},
	{"vmr100", 100},
	{"vmr200", 200},
	{"vmr300", 300},
	{"vmr400", 400},
	{"vmr500", 500},
}

// SmallestPackage is that of a grant of rooms which names none.
const SmallestPackage RoomPackage = "vmr10"

// RoomPackages lists the packages, smallest first.
func RoomPackages() []RoomPackage {
	all := make([]RoomPackage, len(roomPackages))
	for i, p := range roomPackages {
		all[i] = p.name
	}
	return all
}

// Parties is how many people find room, 0 in a package that there is not.
func (p RoomPackage) Parties() int {
	for _, known := range roomPackages {
		if known.name == p {
			return known.parties
		}
	}
	return 0
}

// ResourceStatus is what is left of a resource at an instant.
type ResourceStatus string

// The states of a resource. One that is both is disabled.
const (
	ResourceLive     ResourceStatus = "live"
	ResourceExpired  ResourceStatus = "expired"
	ResourceDisabled ResourceStatus = "disabled"
)

// ResourceExpiring is how long before its end a live resource counts as about
// to expire (Meeting API, Appendix A, ResDetailDTO).
const ResourceExpiring = 30 * 24 * time.Hour

// Status tells what is left of the resource at an instant.
func (r Resource) Status(now time.Time) ResourceStatus {
	switch {
	case r.Disabled:
		return ResourceDisabled
	case !now.Before(r.EndsAt):
		return ResourceExpired
	}
	return ResourceLive
}

// The most of one grant. A meeting room is a row, anything else a number.
const (
	MaxResourceCount = 100_000_000
	MaxRoomCount     = 1000
)

// Validate checks a resource's own rules: a kind that there is, a package for
// rooms and only for them, a count from 1 to 100,000,000 (1,000 rooms), an end,
// and names of at most 64 characters.
func (r Resource) Validate() error {
	var faults []*fault.Error
	if !contains(ResourceKinds(), r.Kind) {
		faults = append(faults, choiceFault("kind", ResourceKinds()))
	}
	most := MaxResourceCount
	if r.Kind == ResourceRooms {
		most = MaxRoomCount
		if r.Package.Parties() == 0 {
			faults = append(faults, choiceFault("package", RoomPackages()))
		}
	} else if r.Package != "" {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldUnwanted).At("package"))
	}
	if r.Count < 1 || r.Count > most {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldRange).At("count").With("min", 1).With("max", most))
	}
	if r.EndsAt.IsZero() {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldMissing).At("ends_at").With("field", "ends_at"))
	}
	if !resourceRef().MatchString(r.Ref) {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldFormat).At("ref").With("want", "want.resource_id"))
	}
	return fault.All(append(faults, textFaults([]textBound{{"order", r.Order, 0, 64}})...))
}

var resourceRef = pattern(`^[!-~]{1,64}$`)

// textBound bounds a text to a number of characters.
type textBound struct {
	field, text string
	low, high   int
}

// textFaults reports every text that is too short, too long or not clean.
func textFaults(bounds []textBound) (faults []*fault.Error) {
	for _, b := range bounds {
		if n := len([]rune(b.text)); n < b.low || n > b.high {
			faults = append(faults, lengthFault(b.field, b.low, b.high))
		} else if !CleanText(b.text) {
			faults = append(faults, fault.New(fault.Invalid, fault.CodeMalformed).At(b.field))
		}
	}
	return faults
}

func contains[T comparable](all []T, one T) bool {
	for _, each := range all {
		if each == one {
			return true
		}
	}
	return false
}

func choiceFault[T ~string](field string, choices []T) *fault.Error {
	names := make([]string, len(choices))
	for i, choice := range choices {
		names[i] = string(choice)
	}
	return fault.New(fault.Invalid, fault.CodeFieldChoice).At(field).With("choices", names)
}

// ResourceRecord is one thing that was done to a resource, with the resource as
// it was afterwards, or before it was removed.
type ResourceRecord struct {
	ID        RecordID
	Operation ResourceOperation
	Resource  Resource
	At        time.Time
	ActorName string // who did it, for people
}

// ResourceOperation is what was done to a resource.
type ResourceOperation string

// The operations of a record (Meeting API, 5.3, operateType).
const (
	ResourceAdded      ResourceOperation = "added"
	ResourceRemoved    ResourceOperation = "removed"
	ResourceModified   ResourceOperation = "modified"
	ResourceWasStopped ResourceOperation = "disabled"
	ResourceWasStarted ResourceOperation = "enabled"
)

// ResourceOperations lists every operation.
func ResourceOperations() []ResourceOperation {
	return []ResourceOperation{ResourceAdded, ResourceRemoved, ResourceModified, ResourceWasStopped, ResourceWasStarted}
}

// ResourceTotal is what an organisation has of one kind at an instant.
type ResourceTotal struct {
	Kind     ResourceKind
	Live     int  // what counts
	Expiring int  // of those, how many end within ResourceExpiring
	Expired  int  // what ended, and is not disabled
	Used     int  // 0 for kinds whose use is not known here
	Limited  bool // something of this kind was granted at some time
}
