package api

import (
	"net/url"
	"time"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/identity"
)

// Application is an application on the wire. Its secrets are never shown, but a
// new one once.
type Application struct {
	ClientID         string            `json:"client_id"`
	Name             string            `json:"name"`
	Description      string            `json:"description"`
	Protocol         string            `json:"protocol" enum:"oidc,oauth2,cas"`
	Public           bool              `json:"public" doc:"Whether it can keep no secret."`
	Status           string            `json:"status" enum:"active,disabled"`
	Responsible      string            `json:"responsible" doc:"The member who alone may change it; empty for the administrators."`
	HomeURLs         []string          `json:"home_urls" doc:"Where a person arrives: the redirect URIs, or for CAS services."`
	ExitURL          string            `json:"exit_url"`
	AdministratorURL string            `json:"administrator_url"`
	Icon             string            `json:"icon" doc:"Names the icon's content; empty without one."`
	Access           ApplicationAccess `json:"access"`
	Sources          []string          `json:"sources" doc:"Identifiers of the authentication sources by which people may sign in to it, in the order in which they are offered."`
	LoginURL         string            `json:"login_url" doc:"Starts a sign-in to it, at its first home URL; ?url=2 at the second."`
	AdminLoginURL    string            `json:"administrator_login_url" doc:"Where its administrators sign in; empty when none is set."`
	Claims           []ClaimRule       `json:"claims"`
	Consent          bool              `json:"consent"`
	Secrets          []ClientSecret    `json:"secrets" doc:"The secrets that count, the current one first, without the secrets themselves."`
	AuthMethods      []string          `json:"auth_methods"`
	Grants           []string          `json:"grants"`
	RequirePKCE      bool              `json:"require_pkce"`
	Scopes           []string          `json:"scopes"`
	AccessFormat     string            `json:"access_token_format,omitempty" enum:"opaque,jwt"`
	AccessAlgorithm  string            `json:"access_token_alg,omitempty" enum:"RS256,RS384,RS512,ES256"`
	Audiences        []string          `json:"audiences"`
	AccessLife       int               `json:"access_token_life" doc:"Seconds."`
	RefreshLife      int               `json:"refresh_token_life" doc:"Seconds."`
	IDTokenLife      int               `json:"id_token_life" doc:"Seconds."`
	RefreshGrace     int               `json:"refresh_grace" doc:"Seconds."`
	IDTokenAlgorithm string            `json:"id_token_alg,omitempty" enum:"RS256,RS384,RS512,ES256"`
	BackchannelURL   string            `json:"backchannel_logout_url"`
	Introspectors    []string          `json:"introspectors"`
	CAS              *CASSettings      `json:"cas,omitempty" doc:"What CAS adds; absent for other protocols."`
	Version          int64             `json:"version"`
	CreatedAt        time.Time         `json:"created_at"`
	UpdatedAt        time.Time         `json:"updated_at"`
}

// CASSettings is what CAS adds to an application.
type CASSettings struct {
	ServicePrefixes []string `json:"service_prefixes" doc:"Addresses below which, segment by segment, each is a service besides the home URLs."`
	Proxy           bool     `json:"proxy" doc:"Whether it may act for people at other applications."`
	SingleLogout    bool     `json:"single_logout" doc:"Whether it is told at the end of a session."`
	LogoutURL       string   `json:"logout_url" doc:"Is told in place of the service that was entered."`
}

// CASChange is what can be said of CAS; what is left out has its default, or
// stays.
type CASChange struct {
	ServicePrefixes *[]string `json:"service_prefixes,omitempty" doc:"At most 20 addresses with a path and without a query, under the rules of home URLs."`
	Proxy           *bool     `json:"proxy,omitempty" doc:"Whether it may act for people at other applications. Default false."`
	SingleLogout    *bool     `json:"single_logout,omitempty" doc:"Whether it is told at the end of a session. Default true."`
	LogoutURL       *string   `json:"logout_url,omitempty" doc:"Is told in place of the service that was entered. Default the service."`
}

// ProvenApplication is an application with its new secret.
type ProvenApplication struct {
	Application
	Secret string `json:"client_secret" doc:"The secret. It is told this once; empty for a public application, and for CAS."`
}

// ClientSecret tells when a secret was made and when it ends.
type ClientSecret struct {
	CreatedAt time.Time  `json:"created_at"`
	EndsAt    *time.Time `json:"ends_at,omitempty" doc:"Absent for the current secret."`
}

// ApplicationAccess says who may enter an application.
type ApplicationAccess struct {
	Everyone    bool     `json:"everyone,omitempty" doc:"Every member of the organisation."`
	Members     []string `json:"members,omitempty" doc:"Identifiers of members."`
	Departments []string `json:"departments,omitempty" doc:"Identifiers of departments; what lies below them is in."`
	Groups      []string `json:"groups,omitempty" doc:"Identifiers of groups."`
}

// ClaimRule releases an attribute of a member under a name of the application's
// choice.
type ClaimRule struct {
	Attribute string `json:"attribute" doc:"One of user_id, name, english_name, account, email, mobile, language, third_account, employee_number, title, sip_number, role, department, groups, organization_code, organization_name, or attribute: and the key of an attribute of the organisation's own."`
	Claim     string `json:"claim" doc:"The application's name for it."`
}

// ApplicationSettings are what can be said about an application when it is
// added and later; what is left out has its default, or stays.
type ApplicationSettings struct {
	Description      *string            `json:"description,omitempty" doc:"At most 255 characters."`
	Responsible      *string            `json:"responsible,omitempty" doc:"The identifier of an administrator of the organisation, who alone may change the application from then on. The owner may name another; empty names nobody."`
	HomeURLs         *[]string          `json:"home_urls,omitempty" doc:"1 to 20 redirect URIs, compared byte by byte: https, http at the person's own machine, or for a public application a scheme of its own."`
	ExitURL          *string            `json:"exit_url,omitempty" doc:"The only address a person is sent to after signing out."`
	AdministratorURL *string            `json:"administrator_url,omitempty" doc:"Where its administrators sign in."`
	Access           *ApplicationAccess `json:"access,omitempty" doc:"Who may enter. Default nobody."`
	Sources          *[]string          `json:"sources,omitempty" doc:"Identifiers of authentication sources of the organisation, in the order in which they are offered; each once, at most three of one kind."`
	Claims           *[]ClaimRule       `json:"claims,omitempty" doc:"What is released besides what the scopes release."`
	Consent          *bool              `json:"consent,omitempty" doc:"Whether each person is asked before their data is released. Default false."`
	AuthMethods      *[]string          `json:"auth_methods,omitempty" enum:"client_secret_basic,client_secret_post,none" doc:"How it proves itself. Default client_secret_basic and client_secret_post; none, and nothing else, for a public one."`
	Grants           *[]string          `json:"grants,omitempty" enum:"authorization_code,refresh_token,client_credentials" doc:"Default all three; without client_credentials for a public one."`
	RequirePKCE      *bool              `json:"require_pkce,omitempty" doc:"Whether PKCE is demanded. Default false; true always for a public one."`
	Scopes           *[]string          `json:"scopes,omitempty" doc:"What it may ask for. Taking one away ends all that was granted."`
	AccessFormat     *string            `json:"access_token_format,omitempty" enum:"opaque,jwt" doc:"Default opaque."`
	AccessAlgorithm  *string            `json:"access_token_alg,omitempty" enum:"RS256,RS384,RS512,ES256" doc:"Signs its JWT access tokens. Default ES256."`
	Audiences        *[]string          `json:"audiences,omitempty" doc:"The resource servers its JWT access tokens are for. Default the issuer."`
	AccessLife       *int               `json:"access_token_life,omitempty" doc:"Seconds, 60 to 86400. Default 7200."`
	RefreshLife      *int               `json:"refresh_token_life,omitempty" doc:"Seconds, 60 to 31536000. Default 2592000, 30 days."`
	IDTokenLife      *int               `json:"id_token_life,omitempty" doc:"Seconds, 60 to 86400. Default 3600."`
	RefreshGrace     *int               `json:"refresh_grace,omitempty" doc:"For how many seconds, 0 to 60, a refresh token that was just used is answered once more. Default 0."`
	IDTokenAlgorithm *string            `json:"id_token_alg,omitempty" enum:"RS256,RS384,RS512,ES256" doc:"Default RS256."`
	BackchannelURL   *string            `json:"backchannel_logout_url,omitempty" doc:"Is told when a session ends (OpenID Connect Back-Channel Logout 1.0)."`
	Introspectors    *[]string          `json:"introspectors,omitempty" doc:"Client ids of resource servers that may inspect its tokens."`
	CAS              *CASChange         `json:"cas,omitempty" doc:"What CAS adds; for applications of that protocol alone. They take none of the settings of tokens above, neither public nor client_secret."`
}

// NewApplication is the body that adds an application.
type NewApplication struct {
	ClientID     string `json:"client_id,omitempty" doc:"1 to 64 letters, digits and . _ ~ -, unique in the whole system; it never changes. Left out, one is made."`
	ClientSecret string `json:"client_secret,omitempty" doc:"32 to 256 printable ASCII characters without blanks. Left out, one is made."`
	Protocol     string `json:"protocol" enum:"oidc,oauth2,cas" doc:"It never changes."`
	Public       bool   `json:"public,omitempty" doc:"Whether it can keep no secret, as programs on people's devices; it never changes."`
	Name         string `json:"name" doc:"The name, 1 to 64 characters."`
	ApplicationSettings
}

// ApplicationChange is an edit of an application; what is left out stays.
type ApplicationChange struct {
	Name   *string `json:"name,omitempty"`
	Status *string `json:"status,omitempty" enum:"active,disabled" doc:"disabled ends all that was granted at once."`
	ApplicationSettings
}

// RotateSecret is the body that makes a new secret.
type RotateSecret struct {
	Overlap *int `json:"overlap,omitempty" doc:"For how many seconds the secret before lives on; 0 ends it at once. Default 86400, a day."`
}

// ClaimTest is the body that tests claim rules.
type ClaimTest struct {
	Member string       `json:"member" doc:"Whose attributes are looked at."`
	Claims *[]ClaimRule `json:"claims,omitempty" doc:"Rules to be tested before they are saved. Default the application's own."`
}

// ResolvedClaim is what a rule releases of one member.
type ResolvedClaim struct {
	ClaimRule
	Value any `json:"value" doc:"A text or a list of texts; null when nothing is released."`
}

// as turns texts of the wire into those of another type.
func as[T ~string](text *string) *T {
	if text == nil {
		return nil
	}
	return new(T(*text))
}

func listAs[T, S ~string](list []S) []T {
	all := make([]T, len(list))
	for i, one := range list {
		all[i] = T(one)
	}
	return all
}

func pointedAs[T ~string](list *[]string) *[]T {
	if list == nil {
		return nil
	}
	return new(listAs[T](*list))
}

func claimRules(list []ClaimRule) []identity.ClaimRule {
	rules := make([]identity.ClaimRule, len(list))
	for i, rule := range list {
		rules[i] = identity.ClaimRule(rule)
	}
	return rules
}

func (b ApplicationSettings) change() application.ApplicationChange {
	c := application.ApplicationChange{
		Description: b.Description, Responsible: as[identity.MemberID](b.Responsible), HomeURLs: b.HomeURLs, ExitURL: b.ExitURL,
		AdministratorURL: b.AdministratorURL, Sources: pointedAs[identity.SourceID](b.Sources), Consent: b.Consent, AuthMethods: pointedAs[identity.AuthMethod](b.AuthMethods),
		Grants: pointedAs[identity.GrantType](b.Grants), RequirePKCE: b.RequirePKCE, Scopes: b.Scopes,
		AccessFormat: as[identity.TokenFormat](b.AccessFormat), AccessAlgorithm: as[identity.Algorithm](b.AccessAlgorithm), Audiences: b.Audiences, AccessLife: givenSeconds(b.AccessLife),
		RefreshLife: givenSeconds(b.RefreshLife), IDTokenLife: givenSeconds(b.IDTokenLife), RefreshGrace: givenSeconds(b.RefreshGrace),
		IDTokenAlgorithm: as[identity.Algorithm](b.IDTokenAlgorithm), BackchannelURL: b.BackchannelURL, Introspectors: b.Introspectors,
	}
	if b.Access != nil {
		c.Access = &identity.Access{
			Everyone: b.Access.Everyone, Members: listAs[identity.MemberID](b.Access.Members),
			Departments: listAs[identity.DepartmentID](b.Access.Departments), Groups: listAs[identity.GroupID](b.Access.Groups),
		}
	}
	if b.Claims != nil {
		c.Claims = new(claimRules(*b.Claims))
	}
	if b.CAS != nil {
		c.CAS = new(application.CASChange(*b.CAS))
	}
	return c
}

// applicationShown shows an application with its login addresses.
func (c *call) applicationShown(a identity.Application) Application {
	view := settingsShown(a)
	view.LoginURL = c.s.o.BaseURL.JoinPath("apps", url.PathEscape(a.ClientID), "login").String()
	return view
}

func settingsShown(a identity.Application) Application {
	var s identity.OAuthSettings
	if a.OAuth != nil {
		s = *a.OAuth
	}
	view := Application{
		ClientID: a.ClientID, Name: a.Name, Description: a.Description, Protocol: string(a.Protocol), Public: s.Public,
		Status: string(a.Status), Responsible: string(a.Responsible), HomeURLs: listAs[string](a.HomeURLs), ExitURL: a.ExitURL,
		AdministratorURL: a.AdministratorURL, Icon: a.IconDigest, Access: ApplicationAccess{
			Everyone: a.Access.Everyone, Members: listAs[string](a.Access.Members),
			Departments: listAs[string](a.Access.Departments), Groups: listAs[string](a.Access.Groups),
		},
		Sources: listAs[string](a.Sources), AdminLoginURL: a.AdministratorURL,
		Claims: make([]ClaimRule, len(a.Claims)), Consent: a.Consent, Secrets: make([]ClientSecret, len(a.Secrets)),
		AuthMethods: listAs[string](s.AuthMethods), Grants: listAs[string](s.Grants), RequirePKCE: s.RequirePKCE,
		Scopes: listAs[string](s.Scopes), AccessFormat: string(s.AccessFormat), AccessAlgorithm: string(s.AccessAlgorithm), Audiences: listAs[string](s.Audiences),
		AccessLife: wholeSeconds(s.AccessLife), RefreshLife: wholeSeconds(s.RefreshLife), IDTokenLife: wholeSeconds(s.IDTokenLife),
		RefreshGrace: wholeSeconds(s.RefreshGrace), IDTokenAlgorithm: string(s.IDTokenAlgorithm), BackchannelURL: s.BackchannelURL,
		Introspectors: listAs[string](s.Introspectors), Version: a.Version, CreatedAt: a.CreatedAt.UTC(), UpdatedAt: a.UpdatedAt.UTC(),
	}
	if s := a.CAS; s != nil {
		view.CAS = &CASSettings{listAs[string](s.ServicePrefixes), s.Proxy, s.SingleLogout, s.LogoutURL}
	}
	for i, rule := range a.Claims {
		view.Claims[i] = ClaimRule(rule)
	}
	for i, secret := range a.Secrets {
		view.Secrets[i].CreatedAt = secret.CreatedAt.UTC()
		if !secret.EndsAt.IsZero() {
			view.Secrets[i].EndsAt = new(secret.EndsAt.UTC())
		}
	}
	return view
}

func wholeSeconds(d time.Duration) int { return int(d / time.Second) }
