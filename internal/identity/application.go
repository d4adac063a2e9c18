package identity

import (
	"slices"
	"time"
)

// Application is someone who relies on us: a program that members sign in to,
// owned by one organisation.
type Application struct {
	ID             ApplicationID
	OrganizationID OrganizationID
	// ClientID is the natural key, unique in the system and compared byte by
	// byte: what the application calls itself on every wire. It never changes.
	ClientID    string
	Name        string
	Description string
	// Protocol is fixed once chosen.
	Protocol ProtocolName
	Status   ApplicationStatus
	// Responsible is the one member who may change the application's
	// configuration; "" leaves it to the organisation's owner.
	Responsible MemberID
	// HomeURLs are where a person arrives: for OAuth 2.0 and OpenID Connect the
	// redirect URIs, for CAS services. The first is the one that the user centre
	// opens.
	HomeURLs []string
	// ExitURL is the only address a person is sent to after signing out at the
	// application's wish, "" for none.
	ExitURL string
	// AdministratorURL is where its administrators sign in, "" for none.
	AdministratorURL string
	// IconDigest names the icon's content, "" without one.
	IconDigest string
	// OAuth holds what OAuth 2.0 and OpenID Connect add; nil for others.
	OAuth *OAuthSettings
	// CAS holds what CAS adds; nil for others.
	CAS *CASSettings
	// Access says who may enter.
	Access Access
	// Sources are those by which people may sign in to it besides, as its page
	// offers them, best first.
	Sources []SourceID
	// Claims are released besides what the scopes release.
	Claims []ClaimRule
	// Consent asks each person before their data is released.
	Consent bool
	// Secrets prove the application: none for a public one, two while one
	// takes over from the other, newest first.
	Secrets []ClientSecret
	// Generation moves when everything that was granted has to end: grants of
	// an earlier one are dead.
	Generation int64
	// TriedBy is whose try of settings this stands in for, for as long as the
	// try runs; "" for every application that is registered. See TryRun.
	TriedBy   AccountID
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// String keeps digests of secrets out of logs.
func (a Application) String() string { return "application " + string(a.ID) }

// GoString keeps digests out of %#v.
func (a Application) GoString() string { return a.String() }

// Active reports whether anybody may enter.
func (a Application) Active() bool { return a.Status == ApplicationActive }

// Tried reports whether the application stands in for settings that are tried
// and saved nowhere.
func (a Application) Tried() bool { return a.TriedBy != "" }

// AnyAdministrator is who runs a try that no person began: whoever administers
// the organisation.
const AnyAdministrator AccountID = "*"

const (
	// TryRun is how long somebody may take to run a try. Whatever was granted in
	// it ends then, if it did not before.
	TryRun = 15 * time.Minute
	// TryPrefix begins the client ids of tries; no application is registered
	// with one.
	TryPrefix = "try_"
)

// ApplicationStatus is the life of an application.
type ApplicationStatus string

// The states of an application.
const (
	ApplicationActive   ApplicationStatus = "active"
	ApplicationDisabled ApplicationStatus = "disabled"
)

// ProtocolName is the language in which an application asks who is signed in.
type ProtocolName string

// The protocols.
const (
	ProtocolOAuth2 ProtocolName = "oauth2" // OAuth 2.0 with our user info, and no ID token
	ProtocolOIDC   ProtocolName = "oidc"   // OpenID Connect
	ProtocolCAS    ProtocolName = "cas"    // CAS 1.0, 2.0 and 3.0
)

// OAuthSettings is the settings block of OAuth 2.0 and OpenID Connect.
type OAuthSettings struct {
	// Public marks an application that can keep no secret (RFC 6749, 2.1): it
	// proves itself by nothing, and PKCE is demanded of it always.
	Public bool
	// AuthMethods are the ways in which a confidential one may prove itself.
	AuthMethods []AuthMethod
	Grants      []GrantType
	// RequirePKCE demands PKCE of a confidential one too (RFC 7636).
	RequirePKCE bool
	// Scopes are those the application may ask for.
	Scopes []string
	// AccessFormat is the form of its access tokens.
	AccessFormat TokenFormat
	// AccessAlgorithm signs its JWT access tokens (RFC 9068, 2.1).
	AccessAlgorithm Algorithm
	// Audiences are the resource servers its JWT access tokens are for (RFC
	// 9068, 3); none means the issuer itself.
	Audiences   []string
	AccessLife  time.Duration
	RefreshLife time.Duration
	IDTokenLife time.Duration
	// RefreshGrace is how long a refresh token that was just used is answered
	// once more with the token that took its place; 0 means not at all.
	RefreshGrace time.Duration
	// IDTokenAlgorithm signs its ID tokens.
	IDTokenAlgorithm Algorithm
	// BackchannelURL is told when a session ends, "" for not (OpenID Connect
	// Back-Channel Logout 1.0).
	BackchannelURL string
	// Introspectors are client ids of resource servers that may inspect its
	// tokens besides itself (RFC 7662, 4).
	Introspectors []string
}

// Offers reports whether the application may use a grant.
func (s OAuthSettings) Offers(g GrantType) bool { return slices.Contains(s.Grants, g) }

// AuthMethod is a way in which an application proves itself (OpenID Connect
// Core 1.0, 9).
type AuthMethod string

// The ways.
const (
	AuthBasic AuthMethod = "client_secret_basic"
	AuthPost  AuthMethod = "client_secret_post"
	AuthNone  AuthMethod = "none"
)

// GrantType is a way to an access token (RFC 6749, 1.3).
type GrantType string

// The grants.
const (
	GrantCode    GrantType = "authorization_code"
	GrantRefresh GrantType = "refresh_token"
	GrantClient  GrantType = "client_credentials"
)

// TokenFormat is the form of an access token.
type TokenFormat string

// The forms.
const (
	Opaque TokenFormat = "opaque"
	JWT    TokenFormat = "jwt" // RFC 9068
)

// Algorithm signs tokens (RFC 7518, 3.1).
type Algorithm string

// The algorithms.
const (
	RS256 Algorithm = "RS256"
	RS384 Algorithm = "RS384"
	RS512 Algorithm = "RS512"
	ES256 Algorithm = "ES256"
)

// ClientSecret proves an application. Only its digest is kept: a secret of 256
// random bits needs no slow hash.
type ClientSecret struct {
	Digest    []byte // SHA-256
	CreatedAt time.Time
	EndsAt    time.Time // zero while no other has taken its place
}

// Live reports whether the secret still counts.
func (s ClientSecret) Live(now time.Time) bool { return s.EndsAt.IsZero() || now.Before(s.EndsAt) }

// Access says which members of the organisation may enter an application.
// Who is named in any way may; with nothing set nobody may.
type Access struct {
	Everyone    bool
	Members     []MemberID
	Departments []DepartmentID // with all that lies below them
	Groups      []GroupID
}

// ClaimRule releases an attribute of a member under a name of the
// application's choice.
type ClaimRule struct {
	Attribute string // one of ours, as application.Attributes lists them
	Claim     string // the application's name for it
}

// Subject is a member as one application may see them, before scopes choose
// among it. A zero field is not known.
type Subject struct {
	// ID is stable and opaque, the same at every application of the
	// organisation.
	ID               string
	MemberID         MemberID
	OrganizationID   OrganizationID
	OrganizationCode string
	OrganizationName string
	Name             string
	EnglishName      string
	LoginName        string
	Email            string // of contact; normalised
	EmailVerified    bool
	Mobile           string // as +8613800000000
	MobileVerified   bool
	Language         string
	EmployeeNumber   string
	Title            string
	ThirdAccount     string
	Administers      bool // manages the organisation
	Department       string
	Groups           []string // names
	Picture          string   // its address, "" for none
	UpdatedAt        time.Time
	// Extra is what the application's claim rules release, by their names.
	Extra map[string]any
}
