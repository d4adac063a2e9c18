package identity

import (
	"net/netip"
	"time"
)

// Demand is what an application asks of a session before anybody enters.
type Demand struct {
	Application Application
	// Silent forbids pages: what would need one is refused with
	// fault.CodeLoginRequired, CodeConsentRequired or CodeInteractionRequired.
	Silent bool
	// NotBefore demands a proof that is no older, zero for any.
	NotBefore time.Time
	// Strength is how strongly the person has to be proven.
	Strength Strength
	// Select lets the person confirm or change the account first.
	Select bool
	// Ask asks for consent even where it was given before.
	Ask bool
	// Subject demands this very person (Subject.ID), "" for anybody.
	Subject string
	// Scopes are what is to be released; consent is asked for them.
	Scopes []string
	// LoginName fills in the field, "" for empty, and leads straight to the source
	// of its domain where there is one.
	LoginName string
	// Domain leads straight to an enterprise's centre, or to the source of a
	// domain, "" for the page.
	Domain string
	// Languages are those the person reads, best first; none leaves it to the
	// browser.
	Languages []string
	// EndsAt is the address at which the way ends, for the form-action of the
	// pages on it: Chromium applies that to redirects after a form too.
	EndsAt string
}

// Strength is how strongly an application wishes somebody to be proven.
type Strength uint8

// The strengths.
const (
	// AnyProof leaves it to the access policies.
	AnyProof Strength = iota
	// SecondWished asks for a second proof where the person has one to give.
	SecondWished
	// SecondDemanded lets nobody pass without a second proof.
	SecondDemanded
)

// Participation is an application that a session was used for, with what is
// needed to sign it out and with what it answered.
type Participation struct {
	SessionID      SessionID
	ApplicationID  ApplicationID
	OrganizationID OrganizationID
	MemberID       MemberID
	Protocol       ProtocolName
	// Key is the protocol's own word for the person's place there: the sid of
	// OpenID Connect.
	Key string
	// Service is the address at which the application was entered, "" for
	// protocols that know one place only.
	Service string
	// Ticket is by what the application knows this entry, "" for others. It
	// proves nothing any more, and is sealed at rest all the same: with it
	// anybody could tell the application that the session is over. It is told by
	// Participations.Get alone.
	Ticket   string
	JoinedAt time.Time
	// Notice is how its sign-out went; zero while the session lives.
	Notice LogoutNotice
}

// LogoutNotice is how one application was told of the end of a session.
type LogoutNotice struct {
	State    NoticeState
	Address  string // where it was told
	Attempts int
	Answer   string // what it answered, for people: a status or a fault
	At       time.Time
}

// NoticeState is where the telling stands.
type NoticeState string

// The states of a notice.
const (
	NoticeNone      NoticeState = ""          // the session lives
	NoticeNotAsked  NoticeState = "not_asked" // the application wishes no notice
	NoticePending   NoticeState = "pending"
	NoticeDelivered NoticeState = "delivered"
	NoticeFailed    NoticeState = "failed" // given up
)

// Grant is a lasting permission from a member, or from an application itself,
// to an application. All tokens under it die with it.
type Grant struct {
	ID             GrantID
	ApplicationID  ApplicationID
	OrganizationID OrganizationID
	AccountID      AccountID // "" when the application acts for itself
	MemberID       MemberID  // likewise
	SessionID      SessionID // from which it came, "" for none
	Scopes         []string
	// Claims is what the claims parameter asked for, as the protocol keeps it.
	Claims []byte
	Nonce  string
	// Methods, ProvenAt tell how and when the person was proven.
	Methods  []string
	ProvenAt time.Time
	// VerifiedAt is when a second proof was given, zero for none; Address is from
	// where the person entered. Access policies are asked with both for as long as
	// the grant lives.
	VerifiedAt time.Time
	Address    netip.Addr
	// Offline grants outlive the sign-out of the session they came from.
	Offline bool
	// Round counts the tokens that were issued: each belongs to one round.
	Round int64
	// RoundAt is when the present round began.
	RoundAt    time.Time
	Generation Generations
	// ApplicationGeneration is the application's at the time.
	ApplicationGeneration int64
	CreatedAt             time.Time
	EndsAt                time.Time // of its refresh tokens, or of its only access token
	RevokedAt             time.Time // zero while it counts
}

// Authorization is what a person has just granted: it becomes a code.
type Authorization struct {
	Application Application
	Session     Session
	Scopes      []string
	RedirectURI string
	Challenge   string // PKCE S256 challenge, "" for none
	Nonce       string
	Claims      []byte
	// Key is the protocol's word for the person's place in the application.
	Key string
}

// Redemption is an application's attempt to redeem a code. Whoever makes it
// has proven itself to be the application.
type Redemption struct {
	Application Application
	Code        string
	RedirectURI string // as sent; "" when it was left out
	Verifier    string // of PKCE, "" when it was left out
	// Offline keeps the grant beyond the session where the application may.
	Offline bool
}

// String keeps the code out of logs.
func (Redemption) String() string { return "[redacted]" }

// GoString keeps the code out of %#v.
func (Redemption) GoString() string { return "[redacted]" }

// Issued are tokens that were just issued. An access token is told in both
// forms: the opaque text, or what a JWT is to hold.
type Issued struct {
	Grant     Grant
	Access    string    // opaque
	AccessEnd time.Time // of the access token, in either form
	Refresh   string    // "" where the grant has none
}

// String keeps tokens out of logs.
func (Issued) String() string { return "[redacted]" }

// GoString keeps tokens out of %#v.
func (Issued) GoString() string { return "[redacted]" }

// Inspection is what is known of a token that counts.
type Inspection struct {
	Grant       Grant
	Application Application
	Refresh     bool // it is a refresh token
	EndsAt      time.Time
	IssuedAt    time.Time
}
