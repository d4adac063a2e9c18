package identity

import (
	"slices"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// The bounds of an application.
const (
	maxHomeURLs     = 20
	maxScopes       = 50
	maxAudiences    = 20
	maxIntrospector = 20
	maxClaims       = 50
	// MaxAccess is how many members, departments or groups may be named each;
	// more belong in a group.
	MaxAccess = 1000
	// MaxSecrets are live at a time, while one takes over from the other.
	MaxSecrets = 2
)

// The lives of tokens where nobody chose others.
const (
	DefaultAccessLife  = 2 * time.Hour
	DefaultRefreshLife = 30 * 24 * time.Hour
	DefaultIDTokenLife = time.Hour
	minLife            = time.Minute
	maxAccessLife      = 24 * time.Hour
	maxRefreshLife     = 365 * 24 * time.Hour
	maxRefreshGrace    = time.Minute
)

var (
	clientIDPattern     = pattern(`^[A-Za-z0-9._~-]{1,64}$`)
	clientSecretPattern = pattern(`^[\x21-\x7e]{32,256}$`)
	// A scope token (RFC 6749, 3.3).
	scopePattern    = pattern(`^[\x21\x23-\x5b\x5d-\x7e]{1,64}$`)
	audiencePattern = pattern(`^[\x21-\x7e]{1,512}$`)
	claimPattern    = pattern(`^[A-Za-z0-9._:/-]{1,128}$`)
)

// CheckClientID refuses what no application may call itself: anything but 1–64
// letters, digits and the characters . _ ~ - that are not points alone.
func CheckClientID(id string) error {
	// Points alone would be another place in the addresses that it is part of.
	if !clientIDPattern().MatchString(id) || strings.Trim(id, ".") == "" {
		return fault.New(fault.Invalid, fault.CodeFieldFormat).At("client_id").With("want", "want.client_id")
	}
	return nil
}

// CheckClientSecret refuses a secret that is too easily guessed or that no
// application can send: anything but 32–256 printable ASCII characters without
// blanks.
func CheckClientSecret(secret string) error {
	if !clientSecretPattern().MatchString(secret) {
		return fault.New(fault.Invalid, fault.CodeFieldFormat).At("client_secret").With("want", "want.client_secret")
	}
	return nil
}

// flaws gathers the faults of one input.
type flaws []*fault.Error

func (f *flaws) add(err *fault.Error) {
	if err != nil {
		*f = append(*f, err)
	}
}

// unless adds a format fault at a field where a rule does not hold.
func (f *flaws) unless(holds bool, field, want string) {
	if !holds {
		f.add(fault.New(fault.Invalid, fault.CodeFieldFormat).At(field).With("want", want))
	}
}

// text bounds a text's characters.
func (f *flaws) text(field, text string, low, high int) {
	if n := len([]rune(text)); n < low || n > high {
		f.add(lengthFault(field, low, high))
	} else if !CleanText(text) {
		f.add(fault.New(fault.Invalid, fault.CodeMalformed).At(field))
	}
}

// count bounds the length of a list.
func (f *flaws) count(field string, n, high int) {
	if n > high {
		f.add(fault.New(fault.Invalid, fault.CodeListLength).At(field).With("max", high))
	}
}

// choice refuses what is not among the choices.
func choice[T ~string](f *flaws, field string, value T, choices ...T) {
	if !slices.Contains(choices, value) {
		names := make([]string, len(choices))
		for i, c := range choices {
			names[i] = string(c)
		}
		f.add(fault.New(fault.Invalid, fault.CodeFieldChoice).At(field).With("choices", names))
	}
}

// life bounds a duration of whole seconds.
func (f *flaws) life(field string, d, low, high time.Duration) {
	if d < low || d > high || d%time.Second != 0 {
		f.add(fault.New(fault.Invalid, fault.CodeFieldRange).At(field).
			With("min", int64(low/time.Second)).With("max", int64(high/time.Second)))
	}
}

// Validate checks the application's own rules and reports every fault at its
// field. What it refers to elsewhere, members and attributes, is not asked.
func (a Application) Validate() error {
	var f flaws
	f.add(fault.Of(CheckClientID(a.ClientID)))
	f.text("name", a.Name, 1, 64)
	f.text("description", a.Description, 0, 255)
	choice(&f, "protocol", a.Protocol, ProtocolOIDC, ProtocolOAuth2, ProtocolCAS)
	choice(&f, "status", a.Status, ApplicationActive, ApplicationDisabled)
	a.checkAddresses(&f)
	a.checkAccess(&f)
	a.checkClaims(&f)
	if a.Protocol == ProtocolCAS {
		a.checkCAS(&f)
		return fault.All(f)
	}
	if a.OAuth == nil {
		f.add(fault.New(fault.Invalid, fault.CodeFieldMissing).At("oauth").With("field", "oauth"))
		return fault.All(f)
	}
	if n := len(a.Secrets); n > MaxSecrets || a.OAuth.Public && n > 0 {
		f.add(fault.New(fault.Conflict, fault.CodeSecretLimit).At("client_secret").With("max", MaxSecrets))
	}
	a.OAuth.validate(&f, a.Protocol)
	return fault.All(f)
}

func (a Application) checkAddresses(f *flaws) {
	f.count(fieldHomeURLs, len(a.HomeURLs), maxHomeURLs)
	public := a.OAuth != nil && a.OAuth.Public
	for _, home := range a.HomeURLs {
		f.add(fault.Of(CheckHomeURL(home, public)))
	}
	if hasTwins(a.HomeURLs) {
		f.add(fault.New(fault.Invalid, fault.CodeListTwice).At(fieldHomeURLs))
	}
	if len(a.HomeURLs) == 0 && (a.CAS != nil || a.OAuth != nil && a.OAuth.Offers(GrantCode)) {
		f.add(fault.New(fault.Invalid, fault.CodeFieldMissing).At(fieldHomeURLs).With("field", fieldHomeURLs))
	}
	if a.ExitURL != "" {
		f.add(checkWebURL("exit_url", a.ExitURL))
	}
	if a.AdministratorURL != "" {
		f.add(checkWebURL("administrator_url", a.AdministratorURL))
	}
}

func (a Application) checkAccess(f *flaws) {
	f.count("access.members", len(a.Access.Members), MaxAccess)
	f.count("access.departments", len(a.Access.Departments), MaxAccess)
	f.count("access.groups", len(a.Access.Groups), MaxAccess)
}

// ownClaims are the names that mean something in a token or an answer already
// (RFC 7519, 4.1; OpenID Connect Core 1.0, 2; RFC 9068, 2.2; RFC 7662, 2.2): a
// rule that set one could make somebody else of a person.
const ownClaims = " iss sub aud exp nbf iat jti nonce acr amr azp auth_time at_hash c_hash s_hash sid events client_id scope cnf act " +
	"may_act active token_type user_id tenant _claim_names _claim_sources "

func (a Application) checkClaims(f *flaws) {
	f.count("claims", len(a.Claims), maxClaims)
	names := make([]string, len(a.Claims))
	for i, c := range a.Claims {
		names[i] = c.Claim
		f.unless(claimPattern().MatchString(c.Claim), "claims", "want.claim_name")
		if strings.Contains(ownClaims, " "+c.Claim+" ") {
			f.add(fault.New(fault.Invalid, fault.CodeClaimReserved).At("claims").With("claim", c.Claim))
		}
	}
	if hasTwins(names) {
		f.add(fault.New(fault.Invalid, fault.CodeListTwice).At("claims"))
	}
}

func (s OAuthSettings) validate(f *flaws, protocol ProtocolName) {
	s.checkProof(f)
	s.checkGrants(f)
	s.checkScopes(f, protocol)
	choice(f, "access_token_format", s.AccessFormat, Opaque, JWT)
	choice(f, "access_token_alg", s.AccessAlgorithm, RS256, RS384, RS512, ES256)
	choice(f, "id_token_alg", s.IDTokenAlgorithm, RS256, RS384, RS512, ES256)
	f.life("access_token_life", s.AccessLife, minLife, maxAccessLife)
	f.life("refresh_token_life", s.RefreshLife, minLife, maxRefreshLife)
	f.life("id_token_life", s.IDTokenLife, minLife, maxAccessLife)
	f.life("refresh_grace", s.RefreshGrace, 0, maxRefreshGrace)
	f.count("audiences", len(s.Audiences), maxAudiences)
	for _, audience := range s.Audiences {
		f.unless(audiencePattern().MatchString(audience), "audiences", "want.audience")
	}
	f.count("introspectors", len(s.Introspectors), maxIntrospector)
	for _, id := range s.Introspectors {
		f.unless(clientIDPattern().MatchString(id), "introspectors", "want.client_id")
	}
	if s.BackchannelURL != "" {
		s.checkBackchannel(f, protocol)
	}
}

// checkBackchannel demands https but of those who can keep a secret, and OpenID
// Connect, whose token the notice is (Back-Channel Logout 1.0, 2.2).
func (s OAuthSettings) checkBackchannel(f *flaws, protocol ProtocolName) {
	const field = "backchannel_logout_url"
	if protocol != ProtocolOIDC {
		f.add(fault.New(fault.Invalid, fault.CodeFieldUnwanted).At(field))
		return
	}
	f.add(checkWebURL(field, s.BackchannelURL))
	f.unless(!s.Public || strings.HasPrefix(s.BackchannelURL, "https:"), field, "want.redirect_https")
}

// checkProof keeps a public application from claiming a secret, and gives every
// other one a way to prove itself.
func (s OAuthSettings) checkProof(f *flaws) {
	if s.Public {
		if !slices.Equal(s.AuthMethods, []AuthMethod{AuthNone}) {
			f.add(fault.New(fault.Invalid, fault.CodeFieldChoice).At("auth_methods").With("choices", []string{string(AuthNone)}))
		}
		return
	}
	if len(s.AuthMethods) == 0 {
		f.add(fault.New(fault.Invalid, fault.CodeFieldMissing).At("auth_methods").With("field", "auth_methods"))
	}
	for _, m := range s.AuthMethods {
		choice(f, "auth_methods", m, AuthBasic, AuthPost)
	}
	if hasTwins(s.AuthMethods) {
		f.add(fault.New(fault.Invalid, fault.CodeListTwice).At("auth_methods"))
	}
}

func (s OAuthSettings) checkGrants(f *flaws) {
	choices := []GrantType{GrantCode, GrantRefresh, GrantClient}
	if s.Public {
		// RFC 6749, 4.4: the client credentials grant is for those who have some.
		choices = choices[:2]
	}
	if len(s.Grants) == 0 {
		f.add(fault.New(fault.Invalid, fault.CodeFieldMissing).At("grants").With("field", "grants"))
	}
	for _, g := range s.Grants {
		choice(f, "grants", g, choices...)
	}
	// A refresh token comes from a code.
	f.unless(!s.Offers(GrantRefresh) || s.Offers(GrantCode), "grants", "want.grants")
	if hasTwins(s.Grants) {
		f.add(fault.New(fault.Invalid, fault.CodeListTwice).At("grants"))
	}
}

// ScopeOpenID asks for an ID token (OpenID Connect Core 1.0, 3.1.2.1).
const ScopeOpenID = "openid"

func (s OAuthSettings) checkScopes(f *flaws, protocol ProtocolName) {
	f.count("scopes", len(s.Scopes), maxScopes)
	for _, scope := range s.Scopes {
		f.unless(scopePattern().MatchString(scope), "scopes", "want.scope")
	}
	if hasTwins(s.Scopes) {
		f.add(fault.New(fault.Invalid, fault.CodeListTwice).At("scopes"))
	}
	if protocol == ProtocolOAuth2 && slices.Contains(s.Scopes, ScopeOpenID) {
		f.add(fault.New(fault.Invalid, fault.CodeFieldUnwanted).At("scopes"))
	}
}

func hasTwins[T comparable](list []T) bool {
	seen := make(map[T]bool, len(list))
	for _, one := range list {
		if seen[one] {
			return true
		}
		seen[one] = true
	}
	return false
}

// DefaultOAuth returns the settings of an application of which nothing but its
// protocol and whether it can keep a secret is known.
func DefaultOAuth(protocol ProtocolName, public bool) OAuthSettings {
	s := OAuthSettings{
		Public: public, RequirePKCE: public,
		AuthMethods: []AuthMethod{AuthBasic, AuthPost}, Grants: []GrantType{GrantCode, GrantRefresh, GrantClient},
		Scopes:       []string{"profile", "email", "phone", "offline_access"},
		AccessFormat: Opaque, AccessLife: DefaultAccessLife, RefreshLife: DefaultRefreshLife, IDTokenLife: DefaultIDTokenLife,
		AccessAlgorithm: ES256, IDTokenAlgorithm: RS256,
	}
	if public {
		s.AuthMethods, s.Grants = []AuthMethod{AuthNone}, s.Grants[:2]
	}
	if protocol == ProtocolOIDC {
		s.Scopes = append([]string{ScopeOpenID}, s.Scopes...)
	} else {
		s.Scopes = s.Scopes[:3]
	}
	return s
}
