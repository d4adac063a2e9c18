package pages

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// Chooser asks as whom to go on to an application. It posts as, which is
// "same" or "other".
type Chooser struct {
	Form         Hidden
	For          Application
	Name         string // who is signed in
	Account      string
	Organization string // "" for none
}

// Consent asks what may be released to an application. It posts answer, which
// is "agree" or "deny".
type Consent struct {
	Form    Hidden
	For     Application
	Name    string // who is signed in
	Account string
	Scopes  []string
}

// known are the scopes that have sentences of their own.
func knownScope(scope string) bool {
	switch scope {
	case "openid", "profile", "email", "phone", "address", "offline_access":
		return true
	}
	return false
}

// Release is a line of what is released.
type Release struct {
	Key  string // of its sentence, "" for a scope of the application's own
	Text string // the scope
}

// Released returns what the scopes release, one line each.
func (c Consent) Released() []Release { return released(c.Scopes) }

func released(scopes []string) []Release {
	all := make([]Release, 0, len(scopes))
	for _, scope := range scopes {
		one := Release{Text: scope}
		if knownScope(scope) {
			one.Key = "scope." + scope
		}
		all = append(all, one)
	}
	return all
}

// Verification asks for a second proof on the way to an application. It posts do,
// which is "passkey" with what Passkey brings, "app" with app, "send" with method,
// or "check" with code.
type Verification struct {
	Form    Hidden
	For     Application
	Name    string // who is signed in
	Account string
	Ways    []VerificationWay
	Codes   bool // they have recovery codes
	App     bool // and an authenticator app
	// AppFault is why its code is asked for again, nil at first.
	AppFault *fault.Error
	Passkey  *Passkey // nil for who has none
	// PasskeyFault is why it is asked for again, nil at first.
	PasskeyFault *fault.Error
	Sent         string       // where a code was sent, masked; "" before
	Method       string       // by which it was sent
	Fault        *fault.Error // why that one is asked for again, nil at first
	Other        string       // the address to sign in as somebody else
}

// VerificationWay is a channel by which a code can be sent.
type VerificationWay struct {
	Method string // sms or mail
	Masked string // where it goes
}

// Situation tells somebody who may not enter an application what becomes of
// their wish. It posts do, which is "withdraw" or "again".
type Situation struct {
	Form         Hidden
	For          Application
	Organization string // the application's
	Name         string // who is signed in
	Account      string
	Kind         SituationKind
	// State is where the request stands: pending, rejected, withdrawn, or ""
	// where there is none to make.
	State  string
	Answer string       // of who rejected it, "" for none
	Other  string       // the address to sign in as somebody else
	Retry  string       // the address to look again, "" where asking is the way
	Code   string       // of the story in which they were kept out, "" for none
	Fault  *fault.Error // why nothing was done, nil for none
}

// Which names the sentences of the situation.
func (s Situation) Which() string {
	switch {
	case s.State == "pending" && s.Kind == SituationStranger:
		return "pending_join"
	case s.State != "":
		return s.State
	}
	return string(s.Kind)
}

// SituationKind is what stands in the way.
type SituationKind string

// The kinds of situations.
const (
	SituationUnauthorized SituationKind = "unauthorized" // a member who is not among those who may
	SituationStranger     SituationKind = "stranger"     // no member of the organisation
	SituationForeign      SituationKind = "foreign"      // likewise, with an account that can join none
	SituationBarred       SituationKind = "barred"       // a member whom an access policy keeps out
	SituationUnreachable  SituationKind = "unreachable"  // a member who needs a second proof and can give none
	SituationSuspended    SituationKind = "suspended"    // a member whom the organisation has suspended
	SituationDisabled     SituationKind = "disabled"     // nobody may enter
)

// Requests lists what a person has asked for. Its forms post request, and do,
// which is "withdraw" or "again".
type Requests struct {
	Form     Hidden
	Requests []Request
	Notice   Key // what was done just now, "" for nothing
	Fault    *fault.Error
	Back     string
}

// Request is one wish.
type Request struct {
	ID           string
	Kind         string // entry or join
	State        string // pending, approved, rejected, withdrawn
	Application  string // "" for a wish to join
	Organization string
	Applicant    string // for those who decide
	Account      string // likewise
	Reason       string
	Answer       string
	DecidedBy    string
	Since        time.Time
	At           time.Time // decided or withdrawn
	Open         string    // the address of the application, "" for none
	Again        bool      // may be asked for again
	Waits        bool      // another one has to be decided first
}

// Applications lists the applications to which a person agreed to release
// data. Its forms post application.
type Applications struct {
	Form      Hidden
	Consents  []ConsentGiven
	Withdrawn bool // one was withdrawn just now
	Back      string
}

// ConsentGiven is one consent.
type ConsentGiven struct {
	ID           string
	For          Application
	Organization string
	Scopes       []string
	Since        time.Time
}

// Released returns what the scopes release, one line each.
func (c ConsentGiven) Released() []Release { return released(c.Scopes) }

// ConsoleRequests lists what people ask of an organisation. Its forms post
// request, answer, and do, which is "approved" or "rejected".
type ConsoleRequests struct {
	Frame
	Action   string // where the forms are posted
	Token    string // the value of CSRFField
	Requests []Request
	All      bool   // also those that were decided
	Done     string // what was done just now: approved, rejected, or ""
	Next     string // the address of older ones, "" when there are none
	Fault    *fault.Error
}

func (ConsoleRequests) name() string { return "console_requests" }

func (Chooser) name() string      { return "chooser" }
func (Consent) name() string      { return "consent" }
func (Situation) name() string    { return "situation" }
func (Verification) name() string { return "verification" }
func (Requests) name() string     { return "requests" }
func (Applications) name() string { return "applications" }
