package identity

import "time"

// Source is a configured authentication source of an organisation: a place
// outside that says who somebody is.
type Source struct {
	ID             SourceID
	OrganizationID OrganizationID
	Kind           SourceKind
	Name           string // unique in the organisation
	Enabled        bool
	// Domain is the label that people type to be led here, normalised and
	// unique in the system; "" for a source that is not found by one.
	Domain string
	// Settings are the kind's own, as that kind writes them, with its secrets;
	// sealed at rest.
	Settings []byte
	// Rules tell which member somebody is whom the source proves.
	Rules      SourceRules
	IconDigest string // names the icon's content, "" without one
	Version    int64
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// String keeps settings, which hold secrets, out of logs.
func (s Source) String() string { return "source " + string(s.ID) }

// GoString keeps settings out of %#v.
func (s Source) GoString() string { return s.String() }

// SourceKind is the language an authentication source speaks.
type SourceKind string

// The kinds of sources.
const (
	SourceOAuth2 SourceKind = "oauth2" // OAuth 2.0, with its dialects
	SourceOIDC   SourceKind = "oidc"   // OpenID Connect
	SourceCAS    SourceKind = "cas"    // CAS 1, 2 and 3
)

// Link says that a member is the person whom a source knows by a subject. It
// is made once and used ever after, whatever else the source says of them.
type Link struct {
	SourceID       SourceID
	Subject        string // the source's own name for the person, byte by byte
	OrganizationID OrganizationID
	MemberID       MemberID
	// Said is what the source said at the last sign-in, by the names that the
	// source's rules read; nil while it never said anything that was read. It is
	// kept so that what the source takes back is taken back here. Sealed at rest.
	Said      map[string]string
	CreatedAt time.Time
	UsedAt    time.Time // of the last sign-in, to the minute
}

// Profile is what a source says about a person, before it is decided which
// member that is. Nothing in it is proven but the subject.
type Profile struct {
	Subject string // never empty
	// Account is what the configured account field held: the person's account
	// in the source's system. For enterprise SSO it is the subject too.
	Account string
	Name    string
	Email   string
	Mobile  string
	Picture string // an address
	// EmailVerified and MobileVerified are true only where the source says so
	// itself, as a JSON true.
	EmailVerified, MobileVerified bool
	// EmailDoubted and MobileDoubted are true where the source says itself that
	// it has not verified what it told: a claim email_verified or
	// phone_number_verified that is there and is not a JSON true (OpenID Connect
	// Core, 5.1). Then nobody is matched by it without a proof of their own.
	EmailDoubted, MobileDoubted bool
	// SessionID names the person's session at the source, so that its end there
	// can end it here: the claim sid of OpenID Connect, the ticket of CAS; "" for
	// a source that names none.
	SessionID string
	// Said holds, for each name that the source's rules read (SourceRules.Reads),
	// the text that was found under it; a name under which nothing was found is
	// not in it.
	Said map[string]string
}

// SSOSourceID is the identifier of an organisation's source of enterprise SSO.
// It follows from the organisation's own, so that the call-back address is
// known, and can be registered at the centre, before anything is saved.
func SSOSourceID(org OrganizationID) SourceID {
	u, _ := UUID(org)
	// Another identifier than the organisation's: the last byte's bits turned.
	u[15] = ^u[15]
	return SourceID("src_" + idAlphabet.EncodeToString(u[:]))
}
