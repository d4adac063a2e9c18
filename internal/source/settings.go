package source

import (
	"encoding/json"
	"log/slog"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/orgate/orgate/internal/fault"
)

// redacted stands for what must not be printed.
const redacted = "[redacted]"

// SSO is an organisation's enterprise SSO: a source of kind oauth2 that is
// found by a domain.
type SSO struct {
	Enabled bool
	Domain  string // normalised; "" when none is set
	OAuth2
	// AutoCreate may narrow the organisation's own rule to false; nil follows
	// it.
	AutoCreate *bool
	Schemes    Schemes
	// ExitURL is where people sign out of the centre, "" for nowhere; see
	// Sources.Exit for the placeholder in it.
	ExitURL string
}

// Schemes are the addresses that start a client after the sign-in, "" for a
// client that has none.
type Schemes struct {
	PC, Android, IOS string
}

// String keeps the secret out of logs.
func (OAuth2) String() string { return redacted }

// GoString keeps the secret out of %#v.
func (OAuth2) GoString() string { return redacted }

// LogValue keeps the secret out of structured logs.
func (OAuth2) LogValue() slog.Value { return slog.StringValue(redacted) }

// settings is how an SSO is written into identity.Source.Settings. A field is
// added, never renamed.
type settings struct {
	AuthorizeURL string     `json:"authorize_url,omitempty"`
	TokenURL     string     `json:"token_url,omitempty"`
	UserInfoURL  string     `json:"userinfo_url,omitempty"`
	ClientID     string     `json:"client_id,omitempty"`
	ClientSecret string     `json:"client_secret,omitempty"`
	Scope        string     `json:"scope,omitempty"`
	Dialect      Dialect    `json:"dialect,omitempty"`
	AccountField string     `json:"account_field,omitempty"`
	Name         string     `json:"name,omitempty"`
	Email        string     `json:"email,omitempty"`
	Mobile       string     `json:"mobile,omitempty"`
	AccessToken  string     `json:"access_token,omitempty"`
	Picture      string     `json:"picture,omitempty"`
	TokenStyle   TokenStyle `json:"token_style,omitempty"`
	WithoutPKCE  bool       `json:"without_pkce,omitempty"`
	AutoCreate   *bool      `json:"auto_create,omitempty"`
	PC           string     `json:"pc,omitempty"`
	Android      string     `json:"android,omitempty"`
	IOS          string     `json:"ios,omitempty"`
	ExitURL      string     `json:"exit_url,omitempty"`
	// Domain is, in a try, what was typed; a saved source has its own column.
	Domain string `json:"domain,omitempty"`
	// Activated remembers that the settings were in force once: the first
	// activation asks for the secret.
	Activated bool `json:"activated,omitempty"`
}

func readSettings(raw []byte) (s settings, err error) {
	if len(raw) == 0 {
		return s, nil
	}
	return s, json.Unmarshal(raw, &s)
}

func (s settings) oauth2() OAuth2 {
	return OAuth2{
		AuthorizeURL: s.AuthorizeURL, TokenURL: s.TokenURL, UserInfoURL: s.UserInfoURL,
		ClientID: s.ClientID, ClientSecret: s.ClientSecret, Scope: s.Scope, Dialect: s.Dialect,
		AccountField: s.AccountField, TokenStyle: s.TokenStyle, WithoutPKCE: s.WithoutPKCE,
		Fields: Fields{Name: s.Name, Email: s.Email, Mobile: s.Mobile, AccessToken: s.AccessToken, Picture: s.Picture},
	}
}

func (s settings) sso(enabled bool, domain string) SSO {
	return SSO{
		Enabled: enabled, Domain: domain, OAuth2: s.oauth2(), AutoCreate: s.AutoCreate,
		Schemes: Schemes{PC: s.PC, Android: s.Android, IOS: s.IOS}, ExitURL: s.ExitURL,
	}
}

func settingsOf(s SSO, activated bool) settings {
	return settings{
		AuthorizeURL: s.AuthorizeURL, TokenURL: s.TokenURL, UserInfoURL: s.UserInfoURL,
		ClientID: s.ClientID, ClientSecret: s.ClientSecret, Scope: s.Scope, Dialect: s.Dialect,
		AccountField: s.AccountField, TokenStyle: s.TokenStyle, WithoutPKCE: s.WithoutPKCE,
		Name: s.Fields.Name, Email: s.Fields.Email, Mobile: s.Fields.Mobile, AccessToken: s.Fields.AccessToken,
		Picture: s.Fields.Picture, AutoCreate: s.AutoCreate,
		PC: s.Schemes.PC, Android: s.Schemes.Android, IOS: s.Schemes.IOS, ExitURL: s.ExitURL, Activated: activated,
	}
}

// The longest values in bytes.
const (
	maxAddress = 2048
	maxText    = 1024
)

// rule is the form of one field.
type rule struct {
	field, value string
	ok           func(string) bool
	refused      *fault.Error
}

// validate checks the form of every field that is set, in the order of the
// page, and never whether an address can be reached.
func (s SSO) validate() []*fault.Error {
	var faults []*fault.Error
	for _, r := range s.rules() {
		if r.value != "" && !r.ok(r.value) {
			faults = append(faults, r.refused.At(r.field))
		}
	}
	return faults
}

func (s SSO) rules() []rule {
	format := fault.New(fault.Invalid, fault.CodeFieldFormat)
	address, path := format.With("want", "want.centre_url"), format.With("want", "want.field_path")
	text, scheme := format.With("want", "want.visible_text"), format.With("want", "want.scheme_url")
	choice := fault.New(fault.Invalid, fault.CodeFieldChoice)
	return []rule{
		{"authorize_url", s.AuthorizeURL, isWebAddress, address},
		{"token_url", s.TokenURL, isWebAddress, address},
		{"userinfo_url", s.UserInfoURL, isWebAddress, address},
		{"client_id", s.ClientID, isText, text},
		{"client_secret", s.ClientSecret, isText, text},
		{"scope", s.Scope, isText, text},
		{"dialect", string(s.Dialect), isOneOf(string(DialectAuto), string(DialectOAuth2), string(DialectWeChat)), choice.With("choices", "auto, oauth2, wechat")},
		{"account_field", s.AccountField, isPath, path},
		{"fields.name", s.Fields.Name, isPath, path},
		{"fields.email", s.Fields.Email, isPath, path},
		{"fields.mobile", s.Fields.Mobile, isPath, path},
		{"fields.access_token", s.Fields.AccessToken, isPath, path},
		{"fields.picture", s.Fields.Picture, isPath, path},
		{"token_style", string(s.TokenStyle), isOneOf(string(SecretInBody), string(SecretInHeader)), choice.With("choices", "body, header")},
		{"schemes.pc", s.Schemes.PC, isSchemeAddress, scheme},
		{"schemes.android", s.Schemes.Android, isSchemeAddress, scheme},
		{"schemes.ios", s.Schemes.IOS, isSchemeAddress, scheme},
		{"exit_url", s.ExitURL, isExitAddress, format.With("want", "want.exit_url")},
	}
}

func isText(value string) bool { return visible(value) && len(value) <= maxText }

func isOneOf(choices ...string) func(string) bool {
	return func(value string) bool { return slices.Contains(choices, value) }
}

// isWebAddress accepts one spelling of an http or https address: whole, without
// blanks, backslashes and a name before an @, its host an address or a name in
// ASCII. Whether it leads inside is asked when it is used.
func isWebAddress(text string) bool {
	if len(text) > maxAddress || !visible(text) || strings.ContainsAny(text, " \\\"<>^`{|}") {
		return false
	}
	u, err := url.Parse(text)
	if err != nil || u.User != nil || u.Opaque != "" || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	if port := u.Port(); port != "" || strings.HasSuffix(u.Host, ":") {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return false
		}
	}
	return isHost(u.Hostname())
}

func isHost(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Zone() == ""
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if len(host) > maxDomain {
		return false
	}
	for label := range strings.SplitSeq(host, ".") {
		if !isLabel(strings.ReplaceAll(label, "_", "x")) {
			return false
		}
	}
	return true
}

// programs are the schemes that a browser runs or that read files; every other
// one may start a client, http and https with them.
var programs = map[string]bool{
	"javascript": true, "vbscript": true, "data": true, "file": true, "blob": true, "about": true, "filesystem": true,
	"view-source": true, "jar": true,
}

func isSchemeAddress(text string) bool {
	if len(text) > maxAddress || !visible(text) || strings.ContainsAny(text, " \\\"<>") {
		return false
	}
	u, err := url.Parse(text)
	return err == nil && u.Scheme != "" && !programs[strings.ToLower(u.Scheme)]
}
