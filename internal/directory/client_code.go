package directory

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
	"github.com/orgate/orgate/internal/trace"
)

// Client is the kind of client that is opened with a one-time code.
type Client string

// The kinds of clients, as the address /sso names them.
const (
	PCClient      Client = "pc"
	AndroidClient Client = "android"
	IOSClient     Client = "ios"
)

// serves lists under which client types a client may redeem its code: its own,
// and 72, the only one that the API documents there (Meeting API, 4.3).
var serves = map[Client][]identity.ClientType{
	PCClient:      {identity.ClientPC, identity.ClientAPI},
	AndroidClient: {identity.ClientMobile, identity.ClientAPI},
	IOSClient:     {identity.ClientMobile, identity.ClientAPI},
}

// clientCodeLife is how long the way from the browser into the client may
// take.
const clientCodeLife = time.Minute

// EnterCode makes a one-time code for a client: SignedIn.ClientCode. It lives
// 60 seconds, and SignInByClientCode redeems it.
type EnterCode struct {
	Domain string // the enterprise's, as its source has it
	Client Client
}

func (EnterCode) besideSSO() bool { return false }

func (EnterCode) letsChoose() bool { return false }

func (e EnterCode) give(_ *Directory, tx *store.Tx, in *SignedIn, a admission) (string, error) {
	if serves[e.Client] == nil {
		return "", fault.New(fault.Invalid, fault.CodeFieldChoice).At("client").
			With("choices", []string{string(PCClient), string(AndroidClient), string(IOSClient)})
	}
	payload, err := json.Marshal(clientCode{bearer: bearerOf(*in), Source: a.source, Domain: e.Domain, Client: e.Client})
	if err != nil {
		return "", err
	}
	in.ClientCode, err = ticket.Put(tx, identity.TicketClientCode, payload, clientCodeLife)
	tx.NoEvent("the client that redeems the code signs in")
	return "", err
}

// clientCode is what a one-time code stands for.
type clientCode struct {
	bearer
	Source identity.SourceID `json:"source"`
	Domain string            `json:"domain"`
	Client Client            `json:"client"`
}

// CodeProof is a one-time code that a client shows.
type CodeProof struct {
	Code   string
	Domain string // normalised
	// Entry is what the client asks for; its client type must be one of those
	// for which the code was made.
	Entry  EnterClient
	Origin identity.Origin
	Story  *trace.Story
}

// String keeps codes out of logs.
func (CodeProof) String() string { return "[redacted]" }

// GoString keeps codes out of %#v.
func (CodeProof) GoString() string { return "[redacted]" }

// LogValue keeps codes out of structured logs.
func (CodeProof) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// SignInByClientCode lets a client in with the one-time code that its scheme
// URL carried (Meeting API, 4.3). A code that is unknown, expired, or was made
// for another domain or client is NotFound (ticket_not_found), a spent one
// Conflict (ticket_spent). Whoever shows a code for the wrong domain or client
// spends it. Between code and redemption nothing may have changed about the
// person; a source that was switched off is NotFound (sso_unknown).
func (d *Directory) SignInByClientCode(ctx context.Context, p CodeProof) (in SignedIn, err error) {
	p.Story.Hide(p.Code)
	var burnt error
	err = d.letIn(ctx, func(tx *store.Tx) error {
		burnt = nil
		code, err := takeCode(tx, p)
		if fault.Is(err, fault.CodeTicket) && code.Account != "" {
			// The transaction commits, so that the code stays spent.
			burnt = err
			tx.NoEvent("a code in wrong hands is spent and lets nobody in")
			return nil
		}
		if err != nil {
			return err
		}
		in, err = d.redeemed(tx, code, p)
		return err
	})
	if err == nil {
		err = burnt
	}
	known := !fault.Is(err, fault.CodeTicket) && !fault.Is(err, fault.CodeSpent)
	p.Story.Check(trace.ClientCode, known, trace.Detail{Expected: p.Domain, Received: trace.Shape(p.Code)})
	if fault.Is(err, fault.CodeSSOUnknown) {
		p.Story.Check(trace.SourceStands, false, trace.Detail{})
	}
	if known {
		tellEntry(p.Story, in, err)
	}
	return in, err
}

// takeCode spends a code. It returns what the code stood for together with the
// fault when it was shown where it does not belong.
func takeCode(tx *store.Tx, p CodeProof) (code clientCode, err error) {
	t, err := ticket.Take(tx, identity.TicketClientCode, p.Code)
	if err != nil {
		return code, err
	}
	if code, err = payloadOf[clientCode](t); err != nil {
		return code, err
	}
	if code.Domain != p.Domain || !slices.Contains(serves[code.Client], p.Entry.ClientType) {
		return code, errTicket
	}
	return code, nil
}

// redeemed lets the person of a code in.
func (d *Directory) redeemed(tx *store.Tx, code clientCode, p CodeProof) (in SignedIn, err error) {
	if err := stands(tx, identity.Source{ID: code.Source, OrganizationID: code.Organization}); err != nil {
		return in, err
	}
	if in, err = code.again(tx); err != nil {
		return in, err
	}
	return in, d.admit(tx, &in, p.Entry, admission{how: howClientCode, methods: []string{identity.ByCentre}, source: code.Source, origin: p.Origin})
}
