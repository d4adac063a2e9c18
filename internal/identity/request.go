package identity

import "time"

// Request is somebody's wish to enter an application or to join an
// organisation, which somebody else decides.
type Request struct {
	ID             RequestID
	Kind           RequestKind
	OrganizationID OrganizationID
	ApplicationID  ApplicationID // of a wish to enter, "" else
	AccountID      AccountID     // whose wish it is
	// After is the request that has to be approved before this one, "" for
	// none: whoever is no member joins first.
	After     RequestID
	State     RequestState
	Reason    string // in the applicant's words
	DecidedBy string // the name of who decided, "" before
	Answer    string // in the decider's words
	CreatedAt time.Time
	DecidedAt time.Time // or withdrawn
	Version   int64
}

// RequestKind is what is wished for.
type RequestKind string

// The kinds of requests.
const (
	RequestEntry RequestKind = "entry" // to enter an application
	RequestJoin  RequestKind = "join"  // to become a member
)

// RequestState is where a request stands.
type RequestState string

// The states of a request; all but pending are final.
const (
	RequestPending   RequestState = "pending"
	RequestApproved  RequestState = "approved"
	RequestRejected  RequestState = "rejected"
	RequestWithdrawn RequestState = "withdrawn"
)

// Consent is what a person has agreed to release to an application.
type Consent struct {
	ApplicationID ApplicationID
	MemberID      MemberID
	Scopes        []string
	CreatedAt     time.Time
	UpdatedAt     time.Time
}
