package api

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/source"
)

// SSO is an organisation's enterprise sign-in on the wire.
type SSO struct {
	SSOSettings
	HasSecret   bool       `json:"has_secret" doc:"Whether a client secret is stored. It is never shown."`
	CallbackURL string     `json:"callback_url" doc:"What has to be registered at the centre as redirect URI. It never changes."`
	Version     int64      `json:"version" doc:"0 when nothing was ever saved."`
	UpdatedAt   *time.Time `json:"updated_at,omitempty"`
}

// SSOSettings are what can be set. A PUT replaces them all; what is left out
// gets its default.
type SSOSettings struct {
	Enabled      bool       `json:"enabled,omitempty" doc:"Whether members sign in through the centre, and no longer with a password."`
	Domain       string     `json:"domain,omitempty" doc:"What people type to be led to the centre. Unique in the installation."`
	AuthorizeURL string     `json:"authorize_url,omitempty" doc:"The page of the centre on which people sign in."`
	TokenURL     string     `json:"token_url,omitempty" doc:"Where the code of a sign-in is exchanged for a token."`
	UserInfoURL  string     `json:"userinfo_url,omitempty" doc:"Where account, name and contact information are asked for; may be empty when the ID token or the token answer holds the account."`
	ClientID     string     `json:"client_id,omitempty" doc:"What the centre calls this installation."`
	Scope        string     `json:"scope,omitempty" doc:"What is asked of the centre, as it is; with openid the ID token is verified too."`
	Dialect      string     `json:"dialect,omitempty" enum:"auto,oauth2,wechat" doc:"How the centre wants to be asked. Default auto: WeChat-like centres are recognised by their addresses."`
	TokenStyle   string     `json:"token_style,omitempty" enum:"body,header" doc:"Where client id and secret go in a token request. Default body."`
	PKCE         *bool      `json:"pkce,omitempty" doc:"false leaves out the challenge of RFC 7636. Default true."`
	AccountField string     `json:"account_field,omitempty" doc:"The field that holds the person's account. A dot leads into an object."`
	Fields       SSOFields  `json:"fields,omitempty" doc:"The names of the other fields in the centre's answers."`
	Schemes      SSOSchemes `json:"schemes,omitempty" doc:"What is opened after a sign-in, so that a client continues."`
	ExitURL      string     `json:"exit_url,omitempty" doc:"Where people sign out of the centre after they signed out here; {return_url} in its query stands for the address to come back to."`
	AutoCreate   *bool      `json:"auto_create_members,omitempty" doc:"false refuses people who are no members yet. Default: as the organisation has it."`
}

// SSOFields are the names of fields in a centre's answers.
type SSOFields struct {
	Name        string `json:"name,omitempty"`
	Email       string `json:"email,omitempty"`
	Mobile      string `json:"mobile,omitempty"`
	AccessToken string `json:"access_token,omitempty" doc:"In the token answer."`
	Picture     string `json:"picture,omitempty"`
}

// SSOSchemes are the addresses that start clients.
type SSOSchemes struct {
	PC      string `json:"pc,omitempty"`
	Android string `json:"android,omitempty"`
	IOS     string `json:"ios,omitempty"`
}

// NewSSO is the body that sets or tries an enterprise sign-in.
type NewSSO struct {
	SSOSettings
	ClientSecret string `json:"client_secret,omitempty" doc:"Issued by the centre. Left out, the stored one stays, as long as token_url and userinfo_url do."`
}

// Try is a try of an enterprise sign-in that has just begun.
type Try struct {
	ID    string `json:"id"`
	State string `json:"state" enum:"waiting,failed" doc:"failed when a browser is not even needed; the report tells why."`
	URL   string `json:"url" doc:"To be opened in a browser within ten minutes: the centre's sign-in page. Empty when the try has failed."`
}

// TryReport tells how a try went.
type TryReport struct {
	ID      string      `json:"id"`
	State   string      `json:"state" enum:"waiting,passed,failed" doc:"waiting until the browser has come back."`
	Steps   []TraceStep `json:"steps"`
	Values  []TryValue  `json:"values" doc:"The mapped fields with what came."`
	Outlook TryOutlook  `json:"outlook" doc:"What a sign-in with these settings would do."`
	EndsAt  time.Time   `json:"ends_at" doc:"When the report is forgotten."`
}

// TryValue is a mapped field with what came.
type TryValue struct {
	Field string `json:"field" doc:"The key of the settings, such as account_field or fields.name."`
	Path  string `json:"path" doc:"What it is set to; empty when it is not."`
	Value string `json:"value" doc:"What came; empty when nothing did."`
}

// TryOutlook is what a sign-in would do.
type TryOutlook struct {
	Kind    string `json:"kind" doc:"find, link, prove, create or refuse; empty when it is not known. prove is link, once the person has proven the account here too."`
	Member  string `json:"member" doc:"The name of whom it would find, link or create."`
	Account string `json:"account" doc:"The member's account."`
	Code    string `json:"code" doc:"Why it would be refused; else empty."`
	Detail  string `json:"detail"`
}

func (b SSOSettings) sso() source.SSO {
	return source.SSO{
		Enabled: b.Enabled, Domain: b.Domain, AutoCreate: b.AutoCreate,
		OAuth2: source.OAuth2{
			AuthorizeURL: b.AuthorizeURL, TokenURL: b.TokenURL, UserInfoURL: b.UserInfoURL, ClientID: b.ClientID, Scope: b.Scope,
			Dialect: source.Dialect(b.Dialect), TokenStyle: source.TokenStyle(b.TokenStyle), WithoutPKCE: b.PKCE != nil && !*b.PKCE,
			AccountField: b.AccountField, Fields: source.Fields(b.Fields),
		},
		Schemes: source.Schemes(b.Schemes), ExitURL: b.ExitURL,
	}
}

func ssoSettings(s source.SSO) SSOSettings {
	return SSOSettings{
		Enabled: s.Enabled, Domain: s.Domain, AuthorizeURL: s.AuthorizeURL, TokenURL: s.TokenURL, UserInfoURL: s.UserInfoURL,
		ClientID: s.ClientID, Scope: s.Scope, Dialect: string(s.Dialect), TokenStyle: string(s.TokenStyle), PKCE: new(!s.WithoutPKCE),
		AccountField: s.AccountField, Fields: SSOFields(s.Fields), Schemes: SSOSchemes(s.Schemes), ExitURL: s.ExitURL, AutoCreate: s.AutoCreate,
	}
}

func ssoShown(s source.SSOState) SSO {
	view := SSO{SSOSettings: ssoSettings(s.SSO), HasSecret: s.HasSecret, CallbackURL: s.CallbackURL, Version: s.Version}
	if s.Version > 0 {
		view.UpdatedAt = new(s.UpdatedAt.UTC())
	}
	return view
}

// tryValues are the mapped fields of a try, in the order of the settings.
func tryValues(r source.Report) []TryValue {
	t, p := r.Tried, r.Profile
	return []TryValue{
		{"account_field", t.AccountField, p.Account},
		{"fields.name", t.Fields.Name, p.Name},
		{"fields.email", t.Fields.Email, p.Email},
		{"fields.mobile", t.Fields.Mobile, p.Mobile},
		{"fields.picture", t.Fields.Picture, p.Picture},
	}
}

func (c *call) report(r source.Report) TryReport {
	return TryReport{
		ID: string(r.ID), State: string(r.State), Steps: c.reportSteps(r.Steps), Values: tryValues(r), Outlook: c.outlook(r.Outlook), EndsAt: r.EndsAt.UTC(),
	}
}

func (c *call) reportSteps(list []source.ReportStep) []TraceStep {
	steps := make([]TraceStep, len(list))
	var after time.Duration
	for i, s := range list {
		after += s.Took
		steps[i] = TraceStep{
			Check: string(s.Name), State: string(s.State), Text: c.text(s.Name.SentenceKey()), Expected: c.said(s.Expected), Received: c.said(s.Received),
			AfterMS: after.Milliseconds(),
		}
		if s.Remedy != "" {
			steps[i].Remedy = c.text(s.Remedy)
		}
	}
	return steps
}

func (c *call) outlook(o source.Outlook) TryOutlook {
	view := TryOutlook{Kind: string(o.Kind), Member: o.Name, Account: o.Account, Code: string(o.Refusal)}
	if o.Refusal != "" {
		view.Detail = c.sentence(fault.New(fault.Forbidden, o.Refusal))
	}
	return view
}
