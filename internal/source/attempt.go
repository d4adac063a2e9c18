package source

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
)

// Purpose is what a sign-in at a source is for.
type Purpose string

// The purposes.
const (
	ForWeb     Purpose = "web"     // a session of this browser
	ForPC      Purpose = "pc"      // a code in the scheme address of the PC client
	ForAndroid Purpose = "android" // the same for the Android app
	ForIOS     Purpose = "ios"     // the same for the iOS app
	ForTry     Purpose = "try"     // a report about settings that are not saved
	ForClient  Purpose = "client"  // a client that asked for the address itself (Meeting API, O-8)
)

// Attempt is what belongs to one sign-in between its two turns. It is kept in a
// ticket whose secret is the state, so it is redeemed once and lives ten
// minutes.
type Attempt struct {
	SourceID       identity.SourceID
	OrganizationID identity.OrganizationID
	Version        int64 // of the source's settings when it began
	Purpose        Purpose
	State          string // the ticket's secret
	Nonce          string
	Verifier       string // of PKCE
	Callback       string
	ReturnTo       string
	// Flow is the digest of the browser's flow cookie, "" for a browser that is
	// the client's own. Whoever redeems an attempt compares it.
	Flow   string
	Domain string // as it was typed
	TryID  identity.TryID
}

// String keeps state and verifier out of logs.
func (Attempt) String() string { return redacted }

// GoString keeps state and verifier out of %#v.
func (Attempt) GoString() string { return redacted }

// LogValue keeps state and verifier out of structured logs.
func (Attempt) LogValue() slog.Value { return slog.StringValue(redacted) }

// AttemptOptions say what an attempt is for.
type AttemptOptions struct {
	Purpose  Purpose
	ReturnTo string
	Flow     string
	Domain   string

	tryID identity.TryID
}

// attemptLife is how long a person may take at the centre.
const attemptLife = 10 * time.Minute

// payload is an Attempt as its ticket keeps it, without the state.
type payload struct {
	SourceID       identity.SourceID       `json:"source"`
	OrganizationID identity.OrganizationID `json:"organization"`
	Version        int64                   `json:"version"`
	Purpose        Purpose                 `json:"purpose"`
	Nonce          string                  `json:"nonce"`
	Verifier       string                  `json:"verifier"`
	Callback       string                  `json:"callback"`
	ReturnTo       string                  `json:"return_to,omitempty"`
	Flow           string                  `json:"flow,omitempty"`
	Domain         string                  `json:"domain,omitempty"`
	TryID          identity.TryID          `json:"try,omitempty"`
}

// NewAttempt begins a sign-in at a source. The state it returns, which is also
// in the attempt, is what TakeAttempt redeems.
func (s *Sources) NewAttempt(ctx context.Context, found Found, o AttemptOptions) (state string, a Attempt, err error) {
	err = s.db.Act(ctx, store.ActTicket, func(tx *store.Tx) error {
		a, err = s.putAttempt(tx, found.Source, o)
		return err
	})
	return a.State, a, err
}

func (s *Sources) putAttempt(tx *store.Tx, source identity.Source, o AttemptOptions) (Attempt, error) {
	p := payload{
		SourceID: source.ID, OrganizationID: source.OrganizationID, Version: source.Version, Purpose: o.Purpose,
		Nonce: randomWord(), Verifier: randomWord(), Callback: s.CallbackOf(source),
		ReturnTo: o.ReturnTo, Flow: o.Flow, Domain: o.Domain, TryID: o.tryID,
	}
	text, err := json.Marshal(p)
	if err != nil {
		return Attempt{}, err
	}
	state, err := ticket.Put(tx, identity.TicketAttempt, text, attemptLife)
	return p.attempt(state), err
}

func (p payload) attempt(state string) Attempt {
	return Attempt{
		SourceID: p.SourceID, OrganizationID: p.OrganizationID, Version: p.Version, Purpose: p.Purpose, State: state,
		Nonce: p.Nonce, Verifier: p.Verifier, Callback: p.Callback, ReturnTo: p.ReturnTo, Flow: p.Flow, Domain: p.Domain, TryID: p.TryID,
	}
}

// TakeAttempt redeems a state, once. One that is unknown, was redeemed before
// or is too old is Expired (attempt_ended), all alike.
func (s *Sources) TakeAttempt(ctx context.Context, state string) (a Attempt, err error) {
	err = s.db.Act(ctx, store.ActTicket, func(tx *store.Tx) error {
		t, err := ticket.Take(tx, identity.TicketAttempt, state)
		if fault.Is(err, fault.CodeTicket) || fault.Is(err, fault.CodeSpent) {
			return fault.New(fault.Expired, fault.CodeAttemptEnded).Because(err)
		}
		if err != nil {
			return err
		}
		var p payload
		if err := json.Unmarshal(t.Payload, &p); err != nil {
			return err
		}
		a = p.attempt(state)
		return nil
	})
	return a, err
}

// randomWord returns 256 random bits in 43 characters that RFC 7636, 4.1,
// allows in a verifier.
func randomWord() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}
