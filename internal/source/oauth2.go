package source

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// Dialect is how an OAuth 2.0 centre spells its parameters.
type Dialect string

// The dialects.
const (
	// DialectAuto tells by the addresses: WeChat-like when the authorisation
	// path ends in /connect/qrconnect or the token path contains /sns/oauth2/.
	DialectAuto Dialect = "auto"
	// DialectOAuth2 is RFC 6749.
	DialectOAuth2 Dialect = "oauth2"
	// DialectWeChat says appid and secret, calls by GET, and gives the person's
	// openid beside the token.
	DialectWeChat Dialect = "wechat"
)

// TokenStyle is where the token call carries the client's secret.
type TokenStyle string

// The styles (RFC 6749, 2.3.1). The WeChat dialect has its own.
const (
	SecretInBody   TokenStyle = "body"
	SecretInHeader TokenStyle = "header" // HTTP Basic
)

// OAuth2 is how a centre is asked. Form of every field: see Validate.
type OAuth2 struct {
	AuthorizeURL string
	TokenURL     string
	UserInfoURL  string // "" when account and fields come with the token
	ClientID     string
	ClientSecret string
	// Scope is sent as it is; "" is snsapi_login in the WeChat dialect, which
	// demands one, and nothing elsewhere. With the word openid in it an ID
	// token that comes is verified.
	Scope   string
	Dialect Dialect // "" is auto
	// AccountField is the path of the person's account; see lookup.
	AccountField string
	Fields       Fields
	TokenStyle   TokenStyle // "" is the body
	// WithoutPKCE leaves the challenge of RFC 7636 out, for a centre that
	// refuses parameters it does not know.
	WithoutPKCE bool
}

// Fields are the paths of what else is read: AccessToken in the token answer,
// the others where the account is looked for. Those that are "" are not read.
type Fields struct {
	Name, Email, Mobile, AccessToken, Picture string
}

// dialect resolves auto.
func (o OAuth2) dialect() Dialect {
	if o.Dialect == DialectOAuth2 || o.Dialect == DialectWeChat {
		return o.Dialect
	}
	authorize, token := pathOf(o.AuthorizeURL), pathOf(o.TokenURL)
	if strings.HasSuffix(authorize, "/connect/qrconnect") || strings.Contains(token, "/sns/oauth2/") {
		return DialectWeChat
	}
	return DialectOAuth2
}

func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Path
}

// defaultWeChatScope is the scope of the public guide: a sign-in by QR code.
const defaultWeChatScope = "snsapi_login"

// scope is what is asked for in the authorisation link.
func (o OAuth2) scope() string {
	if o.Scope == "" && o.dialect() == DialectWeChat {
		return defaultWeChatScope
	}
	return o.Scope
}

// openID reports whether OpenID Connect is asked for (Core, 3.1.2.1).
func (o OAuth2) openID() bool {
	for word := range strings.FieldsSeq(o.Scope) {
		if word == "openid" {
			return true
		}
	}
	return false
}

// sendsNonce: the WeChat dialect knows none.
func (o OAuth2) sendsNonce() bool { return o.openID() && o.dialect() == DialectOAuth2 }

// sendsPKCE: a centre that knows no PKCE ignores the parameter (RFC 7636, 5).
func (o OAuth2) sendsPKCE() bool { return !o.WithoutPKCE && o.dialect() == DialectOAuth2 }

// tools is what a kind works with besides its settings.
type tools struct {
	client  *http.Client  // the egress client
	direct  *http.Client  // the same, following no redirect
	timeout time.Duration // of one call
	now     func() time.Time
	issuers *issuers

	providers *providers
	keys      *keySets
}

// centre speaks OAuth 2.0 with one configured centre.
type centre struct {
	o     OAuth2
	tools tools
	exit  string // where people sign out there, "" for nowhere; see Sources.Exit

	// own is true for a source of its own, of which the organisation's rules say
	// whom it proves, and false for enterprise SSO.
	own   bool
	auth  clientAuth // of a source of its own
	reads []string   // what its rules look at
	// provider is set for OpenID Connect, where the issuer is known beforehand.
	provider *provider
}

func openOAuth2(source identity.Source, t tools) (Source, error) {
	if isSSO(source) {
		s, err := readSettings(source.Settings)
		return centre{o: s.oauth2(), tools: t, exit: s.ExitURL}, err
	}
	v, err := readValues(source.Kind, source.Settings)
	if err != nil {
		return nil, err
	}
	return ownCentre(v, source.Rules, t)
}

// ownCentre is a centre as the settings of a schema have it.
func ownCentre(v Values, rules identity.SourceRules, t tools) (centre, error) {
	c := centre{
		o: OAuth2{
			AuthorizeURL: v["authorize_url"], TokenURL: v["token_url"], UserInfoURL: v["userinfo_url"], ClientID: v["client_id"],
			ClientSecret: v["client_secret"], Scope: strings.Join(v.words("scope"), " "), Dialect: Dialect(v["dialect"]),
			AccountField: v["subject_field"], Fields: Fields{AccessToken: "access_token"}, WithoutPKCE: !v.pkce(),
		},
		tools: t, exit: v["exit_url"], own: true, reads: rules.Reads(),
		auth: clientAuth{method: v["auth_method"], keyID: v["key_id"], audience: v["token_url"]},
	}
	var err error
	if c.auth.method == authPrivateJWT {
		c.auth.key, err = readPrivateKey(v["private_key"])
	}
	return c, err
}

// isSSO reports whether a source is the enterprise SSO of its organisation.
func isSSO(source identity.Source) bool {
	return source.ID == identity.SSOSourceID(source.OrganizationID)
}

// Begin leads the browser to the authorisation address.
func (c centre) Begin(_ context.Context, a Attempt) (Step, error) {
	link, err := c.o.authorizationLink(a)
	return Step{URL: link}, err
}

// Finish exchanges the code of the answer, asks for the person and reads the
// configured fields. Every check is written into the story, which may be nil;
// what fails is Unauthenticated (source_failed), with the name of the check in
// its parameter check, or source_denied when the person cancelled.
func (c centre) Finish(ctx context.Context, a Attempt, back Answer, s *trace.Story) (identity.Profile, error) {
	s.Hide(c.o.ClientSecret)
	s.Hide(a.Verifier)
	t := &turn{centre: c, attempt: a, story: s}
	code, err := t.readAnswer(back.Query)
	if err != nil {
		return identity.Profile{}, err
	}
	if err := t.redeem(ctx, code); err != nil {
		return identity.Profile{}, err
	}
	if err := t.readIDToken(ctx); err != nil {
		return identity.Profile{}, err
	}
	if err := t.askUserInfo(ctx); err != nil {
		return identity.Profile{}, err
	}
	if t.own {
		return t.standing()
	}
	return t.profile()
}

// turn is one finished sign-in on its way: what the centre has said so far.
type turn struct {
	centre
	attempt Attempt
	story   *trace.Story

	issuer      string         // of the answer (RFC 9207), "" when it named none
	token       map[string]any // the token answer
	accessToken string
	idToken     map[string]any // its verified claims, nil without one
	userInfo    map[string]any // nil without a UserInfo address
}
