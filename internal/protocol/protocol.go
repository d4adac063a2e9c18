package protocol

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// Protocol is one language in which applications ask who is signed in.
type Protocol interface {
	Name() identity.ProtocolName
	// Mount puts the protocol's addresses on the product's mux, each without a
	// method: the protocol answers its own 404 and 405.
	Mount(mux *http.ServeMux)
	// EndSession tells an application that the session it took part in is
	// over, and returns what it answered in a few words. An error means that it
	// was not told and is told again later; one that wraps ErrHopeless that it
	// never will be.
	EndSession(ctx context.Context, a identity.Application, p identity.Participation) (answer string, err error)
}

// ErrHopeless marks a failure that trying again does not mend.
var ErrHopeless = errors.New("protocol: trying again does not help")

// ErrAnswered says that the browser has been given a page or a redirect: the
// handler returns and writes nothing.
var ErrAnswered = errors.New("protocol: the browser was answered")

// Host is what the product lends to a protocol.
type Host struct {
	BaseURL      *url.URL
	Applications Applications
	Gate         Gate
	Subjects     Subjects
	Codes        Codes
	Grants       Grants
	Entries      Entries
	Proxies      Proxies
	Tickets      Tickets
	Keys         Keys
	HTTP         *http.Client // made by egress: the only way out
	Origin       func(*http.Request) identity.Origin
	Note         func(r *http.Request, actor, organization string) // who acted, for the access log
	// Allow counts something that anybody may ask for and that is stored against
	// the rate of the caller's address, and reports whether there is room. Nil
	// allows everything.
	Allow func(identity.Origin) bool
	Log   *slog.Logger
	Now   func() time.Time
}

// Applications finds those who rely on us.
type Applications interface {
	// Find returns an application by its client id, or NotFound
	// (application_not_found). One that is disabled is found too.
	Find(ctx context.Context, clientID string) (identity.Application, error)
	// Serving returns the application whose service an address is (CAS), or
	// NotFound (cas_service_unknown). One that is disabled is found too.
	Serving(ctx context.Context, service string) (identity.Application, error)
	// Prove reports whether a secret is one of the application's live ones, in
	// constant time. An application without secrets is proven by none.
	Prove(a identity.Application, secret string) bool
}

// Gate decides whether somebody may pass to an application, and asks the
// person whatever has to be asked.
type Gate interface {
	// Pass returns the session of whoever may enter the application of the
	// demand now, acting as the member of the application's organisation. It
	// returns ErrAnswered when the browser was given a page or a redirect:
	// it comes back to the very address of r, which therefore must be a GET.
	// It returns a fault when the demand is silent and a page would be needed
	// (login_required, consent_required, interaction_required), or when the
	// person refused (access_denied). What it looked at it writes into the
	// story, which may be nil; where that tells of a failed check, the browser
	// was led to a page that says so, and does not come back by itself.
	Pass(w http.ResponseWriter, r *http.Request, d identity.Demand, story *trace.Story) (identity.Session, error)
	// Leave signs the browser out, or asks whether to. It always answers the
	// browser.
	Leave(w http.ResponseWriter, r *http.Request, d Departure)
}

// Departure is an application's wish to sign a person out.
type Departure struct {
	// Application that sends the person, nil when it is not known.
	Application *identity.Application
	// Session is the one that the application means, proven by it (the sid of
	// an ID token of ours); "" when it proved none. Where the browser has
	// another one, or none is proven, the person is asked.
	Session identity.SessionID
	// Sure signs out without a question whatever Session says, for a protocol
	// whose contract says so.
	Sure bool
	// To is where the person goes afterwards, already found to be the
	// application's own exit address; "" stays on our page.
	To string
	// Wish is where the person asks to go, proven by nothing, "" for nowhere.
	// It is followed only where it is, or has the origin of, the exit address of
	// an application that was entered in the session that ends, or is a service of
	// one (identity.Application.LeadsOut).
	Wish string
	// Languages are those the person reads, best first.
	Languages []string
}

// Subjects tells what an application may know about a person.
type Subjects interface {
	// Subject returns the member of an organisation as an application may see
	// them. NotFound when the member is gone.
	Subject(ctx context.Context, member identity.MemberID, a identity.Application) (identity.Subject, error)
	// SubjectID is the identifier of a member in Subject, without reading it.
	SubjectID(member identity.MemberID) string
}

// Codes are authorization codes.
type Codes interface {
	// Authorize stores what a person granted, notes the participation, and
	// returns the code. It counts for a minute and once.
	Authorize(ctx context.Context, a identity.Authorization) (code string, err error)
	// Redeem turns a code into a grant with its first tokens. A code that is
	// unknown, expired or spent, or that another application, redirect URI or
	// verifier comes with, is Invalid (grant_invalid); a second use ends what
	// the first was given; another application's attempt spends it.
	Redeem(ctx context.Context, r identity.Redemption) (identity.Issued, error)
}

// Grants are what applications were granted, and the tokens under it.
type Grants interface {
	// Issue grants an application something for itself (RFC 6749, 4.4).
	Issue(ctx context.Context, a identity.Application, scopes []string) (identity.Issued, error)
	// Rotate redeems a refresh token of the application for the next one.
	// scopes narrow the access token, nil keeps all. A token that does not
	// count is Invalid (grant_invalid); one that was used before ends its
	// grant, but for the application's grace.
	Rotate(ctx context.Context, a identity.Application, refresh string, scopes []string) (identity.Issued, error)
	// Inspect returns what an opaque access or refresh token stands for. One
	// that does not count for whatever reason is Unauthenticated
	// (token_unknown, token_expired, token_revoked).
	Inspect(ctx context.Context, token string) (identity.Inspection, error)
	// Stands returns a grant that still counts, by its id, for a token that
	// proves itself by a signature. Its faults are Inspect's.
	Stands(ctx context.Context, id identity.GrantID) (identity.Inspection, error)
	// Revoke ends a grant of an application. One that is not the application's
	// or does not count any more needs no end.
	Revoke(ctx context.Context, a identity.Application, id identity.GrantID) error
}

// Entries are the entries of people at services of applications (CAS).
type Entries interface {
	// Enter stores that a person may enter, and returns the service ticket. It
	// counts for a minute and for one attempt.
	Enter(ctx context.Context, e identity.ServiceEntry) (ticket string, err error)
	// Accept tells who a service ticket stands for, and notes the participation.
	// Any attempt spends it. Its refusals are Invalid (cas_ticket_invalid,
	// cas_ticket_service, cas_ticket_kind, cas_ticket_renew).
	Accept(ctx context.Context, p identity.ServiceProof) (identity.ServiceEntry, error)
}

// Proxies are applications that act for people at others (CAS).
type Proxies interface {
	// Entrust returns a proxy-granting ticket for the application of an entry that
	// was just accepted. It counts until the session ends.
	Entrust(ctx context.Context, e identity.ServiceEntry, callback string) (ticket string, err error)
	// Distrust takes back one that did not reach its application.
	Distrust(ctx context.Context, ticket string) error
	// Delegate returns a proxy ticket for the application and service of an entry,
	// and who acts. A ticket that does not count is Invalid
	// (cas_proxy_ticket_invalid), a service that the person may not enter Forbidden
	// (cas_proxy_target_forbidden).
	Delegate(ctx context.Context, ticket string, to identity.ServiceEntry) (proxy string, by identity.Application, err error)
}

// Tickets keep what has to be remembered for a while under a one-time secret.
type Tickets interface {
	Issue(ctx context.Context, kind identity.TicketKind, payload []byte, life time.Duration) (secret string, err error)
	// Look returns a ticket without spending it, or NotFound (ticket_not_found)
	// or Conflict (ticket_spent).
	Look(ctx context.Context, kind identity.TicketKind, secret string) (identity.Ticket, error)
	Redeem(ctx context.Context, kind identity.TicketKind, secret string) (identity.Ticket, error)
}

// Keys sign and publish.
type Keys interface {
	// Sign returns the compact serialisation (RFC 7515, 3.1) of a payload with
	// the key in force for an algorithm. typ is the header's, "" for none.
	Sign(ctx context.Context, alg identity.Algorithm, typ string, payload []byte) (string, error)
	// Verify returns the payload and the typ of a compact serialisation that
	// one of our own published keys signed. Anything else is Unauthenticated
	// (token_unknown). It says nothing of times.
	Verify(ctx context.Context, compact string) (payload []byte, typ string, err error)
	// Public returns the key set (RFC 7517, 5) as JSON, without private parts:
	// keys that will sign, that sign, and that signed what may still be shown.
	Public(ctx context.Context) ([]byte, error)
}
