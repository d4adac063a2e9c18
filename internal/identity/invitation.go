package identity

import "time"

// InvitationLife is how long an invitation can be accepted after it was sent
// (OrgID, A.2); the same holds for a hand-over (OrgID, B.10).
const InvitationLife = 3 * 24 * time.Hour

// Invitation asks somebody, known by a mail address or a mobile number alone, to
// become a member of an organisation with an account of their own.
type Invitation struct {
	ID             InvitationID
	OrganizationID OrganizationID
	Department     DepartmentID // "" where it was removed since: the root
	Channel        Channel      // by which it was sent
	Contact        string       // normalised; sealed at rest
	Name           string       // what they are called in the organisation
	Title          string
	Description    string
	SortLevel      int
	Role           Role
	Administers    []string          // codes of departments, of a department administrator
	Attributes     map[string]string // custom attributes by their key
	Groups         []GroupID
	Language       string // of the message
	// State is what was decided: open, accepted or cancelled. Standing tells the
	// rest.
	State     InvitationState
	InvitedBy string   // the name of who invites, as the message says it
	MemberID  MemberID // who came of it, "" before
	Version   int64
	CreatedAt time.Time
	SentAt    time.Time // last
	EndsAt    time.Time
	DecidedAt time.Time // when it was accepted or cancelled, zero before
}

// String keeps the contact out of logs.
func (i Invitation) String() string { return "invitation " + string(i.ID) }

// GoString keeps the contact out of %#v.
func (i Invitation) GoString() string { return i.String() }

// InvitationState is where an invitation stands.
type InvitationState string

// The states of an invitation. Expired follows from the clock and is not stored.
const (
	InvitationOpen      InvitationState = "open"
	InvitationAccepted  InvitationState = "accepted"
	InvitationCancelled InvitationState = "cancelled"
	InvitationExpired   InvitationState = "expired"
)

// InvitationStates are all states, as a list is narrowed by them.
func InvitationStates() []InvitationState {
	return []InvitationState{InvitationOpen, InvitationAccepted, InvitationCancelled, InvitationExpired}
}

// Standing is the state in which an invitation is at an instant.
func (i Invitation) Standing(now time.Time) InvitationState {
	if i.State == InvitationOpen && !now.Before(i.EndsAt) {
		return InvitationExpired
	}
	return i.State
}

// Handover is an owner's offer to give an organisation to somebody else, who has
// to accept it.
type Handover struct {
	ID             HandoverID
	OrganizationID OrganizationID
	Channel        Channel
	Contact        string // the receiver's, normalised; sealed at rest
	Name           string // the receiver's
	Giver          MemberID
	Leaves         bool // the giver leaves the organisation with it
	CreatedAt      time.Time
	EndsAt         time.Time
}

// String keeps the contact out of logs.
func (h Handover) String() string { return "hand-over " + string(h.ID) }

// GoString keeps the contact out of %#v.
func (h Handover) GoString() string { return h.String() }

// QuotaRequest is somebody's wish for room: for more members of an organisation
// or for more organisations of their own. The provider decides it.
type QuotaRequest struct {
	ID             RequestID
	Kind           QuotaKind
	AccountID      AccountID      // whose wish it is
	OrganizationID OrganizationID // of a wish for members, "" else
	State          RequestState
	Reason         string // in the applicant's words
	DecidedBy      string // the name of who decided, "" before
	Answer         string // in the decider's words
	CreatedAt      time.Time
	DecidedAt      time.Time // or withdrawn
}

// QuotaKind is what there shall be more of.
type QuotaKind string

// The kinds of quotas.
const (
	QuotaMembers       QuotaKind = "members"
	QuotaOrganizations QuotaKind = "organizations"
)

// The quotas of OrgID (A.2): what people begin with, and what an approved
// request adds.
const (
	PersonOrganizations = 5     // of one person
	PersonMembers       = 200   // of an organisation that a person made
	MoreMembers         = 100   // by one request
	MostMembers         = 5_000 // however many requests
)

// LimitsOfPeople is what an organisation begins with that a person makes for
// themselves.
func LimitsOfPeople() Limits {
	limits := LimitsOrgID()
	limits.Members = PersonMembers
	return limits
}

// PeopleRules are what the installation lets people do by themselves. The zero
// value lets them do nothing.
type PeopleRules struct {
	Registration  bool // whoever comes may make an account of their own
	Organizations bool // whoever has one may make organisations
	QuotaAtOnce   bool // who asks for room is given it without a decision
}
