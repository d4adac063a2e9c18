package identity

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// SetupLink lets the administrator of the other side fill in an authentication
// source, once, without being anybody here: what they write is a draft that
// comes into force only when an administrator of the organisation approves it.
type SetupLink struct {
	ID             SetupLinkID
	OrganizationID OrganizationID
	SourceID       SourceID
	State          SetupLinkState
	// For is whom it was made for, as its maker wrote it; no rule depends on it.
	For string
	// Domain is the mail domain that the other side says is theirs, "" until
	// they said one.
	Domain string
	// Draft holds the settings as the source's kind writes them, nil until
	// something was written; sealed at rest.
	Draft []byte
	// Note is why it was rejected, "" otherwise.
	Note        string
	CreatedBy   AccountID // "" where no person made it
	DecidedBy   AccountID
	Version     int64
	CreatedAt   time.Time
	EndsAt      time.Time
	SubmittedAt time.Time // zero until it was submitted
	DecidedAt   time.Time // zero until it was decided
}

// String keeps the draft, which holds secrets, out of logs.
func (l SetupLink) String() string { return "set-up link " + string(l.ID) }

// GoString keeps the draft out of %#v.
func (l SetupLink) GoString() string { return l.String() }

// SetupLinkState is how far a set-up link came.
type SetupLinkState string

// The states. Approved, rejected and withdrawn ones stay so.
const (
	SetupLinkWaiting   SetupLinkState = "waiting"   // nobody opened it
	SetupLinkOpen      SetupLinkState = "open"      // one browser works on it
	SetupLinkSubmitted SetupLinkState = "submitted" // the organisation has to decide
	SetupLinkApproved  SetupLinkState = "approved"
	SetupLinkRejected  SetupLinkState = "rejected"
	SetupLinkWithdrawn SetupLinkState = "withdrawn" // its maker took it back
)

// SetupLinkLife bounds how long a set-up link lives; DefaultSetupLinkLife is
// taken where none is asked for.
const (
	SetupLinkLife        = 30 * 24 * time.Hour
	DefaultSetupLinkLife = 7 * 24 * time.Hour
)

// Editable reports whether the other side may still write.
func (l SetupLink) Editable(now time.Time) bool {
	return l.State == SetupLinkOpen && now.Before(l.EndsAt)
}

// Open gives the link to the browser that brought its secret.
func (l *SetupLink) Open(now time.Time) error {
	if l.State != SetupLinkWaiting || !now.Before(l.EndsAt) {
		return setupLinkEnded()
	}
	l.State = SetupLinkOpen
	return nil
}

// Submit hands the draft over for a decision. A draft that nobody wrote is
// Conflict (setup_link_empty).
func (l *SetupLink) Submit(now time.Time) error {
	switch {
	case !l.Editable(now):
		return setupLinkEnded()
	case len(l.Draft) == 0:
		return fault.New(fault.Conflict, fault.CodeSetupLinkEmpty)
	}
	l.State, l.SubmittedAt = SetupLinkSubmitted, now
	return nil
}

// Decide approves or rejects what was submitted, with a note for a rejection.
// What was not submitted, or was decided, is Conflict (setup_link_state).
func (l *SetupLink) Decide(state SetupLinkState, note string, by AccountID, now time.Time) error {
	if l.State != SetupLinkSubmitted {
		return fault.New(fault.Conflict, fault.CodeSetupLinkState).With("state", string(l.State))
	}
	l.State, l.Note, l.DecidedBy, l.DecidedAt = state, note, by, now
	return nil
}

// Withdraw takes a link back that is not decided.
func (l *SetupLink) Withdraw(by AccountID, now time.Time) error {
	switch l.State {
	case SetupLinkWaiting, SetupLinkOpen, SetupLinkSubmitted:
		l.State, l.DecidedBy, l.DecidedAt = SetupLinkWithdrawn, by, now
		return nil
	}
	return fault.New(fault.Conflict, fault.CodeSetupLinkState).With("state", string(l.State))
}

// setupLinkEnded is said of every link by which nothing can be written.
func setupLinkEnded() error { return fault.New(fault.Expired, fault.CodeSetupLinkEnded) }
