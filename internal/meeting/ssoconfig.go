package meeting

import (
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/source"
)

// ssoTexts are the texts of the configuration of enterprise SSO (Meeting API,
// 4.8): the name on this wire, the name that the use case finds fault with,
// whether it must come where SSO is enabled, and where it goes.
var ssoTexts = [...]struct {
	wire, ours string
	mandatory  bool
	set        func(*source.SSOChange, *string)
	get        func(*source.SSOState) string
}{
	{"domain", "domain", true, func(c *source.SSOChange, v *string) { c.Domain = v }, func(s *source.SSOState) string { return s.Domain }},
	{"authorizeUrl", "authorize_url", true, func(c *source.SSOChange, v *string) { c.AuthorizeURL = v }, func(s *source.SSOState) string { return s.AuthorizeURL }},
	{"getTokenUrl", "token_url", true, func(c *source.SSOChange, v *string) { c.TokenURL = v }, func(s *source.SSOState) string { return s.TokenURL }},
	{"clientId", "client_id", true, func(c *source.SSOChange, v *string) { c.ClientID = v }, func(s *source.SSOState) string { return s.ClientID }},
	// The secret is never told.
	{"clientSecret", "client_secret", false, func(c *source.SSOChange, v *string) { c.ClientSecret = v }, func(*source.SSOState) string { return "" }},
	{"scope", "scope", false, func(c *source.SSOChange, v *string) { c.Scope = v }, func(s *source.SSOState) string { return s.Scope }},
	{"accFieldName", "account_field", true, func(c *source.SSOChange, v *string) { c.AccountField = v }, func(s *source.SSOState) string { return s.AccountField }},
	{"getUserInfoUrl", "userinfo_url", false, func(c *source.SSOChange, v *string) { c.UserInfoURL = v }, func(s *source.SSOState) string { return s.UserInfoURL }},
	{"pcSchemaUrl", "schemes.pc", false, func(c *source.SSOChange, v *string) { c.PC = v }, func(s *source.SSOState) string { return s.Schemes.PC }},
	{"androidSchemaUrl", "schemes.android", false, func(c *source.SSOChange, v *string) { c.Android = v }, func(s *source.SSOState) string { return s.Schemes.Android }},
	{"iosSchemaUrl", "schemes.ios", false, func(c *source.SSOChange, v *string) { c.IOS = v }, func(s *source.SSOState) string { return s.Schemes.IOS }},
	{"thirdName", "fields.name", false, func(c *source.SSOChange, v *string) { c.Name = v }, func(s *source.SSOState) string { return s.Fields.Name }},
	{"thirdEmail", "fields.email", false, func(c *source.SSOChange, v *string) { c.Email = v }, func(s *source.SSOState) string { return s.Fields.Email }},
	{"thirdMobile", "fields.mobile", false, func(c *source.SSOChange, v *string) { c.Mobile = v }, func(s *source.SSOState) string { return s.Fields.Mobile }},
	{"thirdAccessToken", "fields.access_token", true, func(c *source.SSOChange, v *string) { c.AccessToken = v }, func(s *source.SSOState) string { return s.Fields.AccessToken }},
	{"thirdHeadImgUrl", "fields.picture", false, func(c *source.SSOChange, v *string) { c.Picture = v }, func(s *source.SSOState) string { return s.Fields.Picture }},
}

// maxSSOText bounds what is read of a text; its form is judged by the use case.
const maxSSOText = 4096

// oauth2Server is the only oauth2ServerType.
const oauth2Server = 0

// setSSOConfig is 4.8: configure the enterprise SSO of the caller's
// organisation. What is absent or null stays as it is, an empty text clears
// what may be empty (1.3); the secret is kept when it is either.
func (m *meeting) setSSOConfig(c *call) (any, error) {
	change, err := readSSOConfig(c)
	if err != nil {
		return nil, err
	}
	err = m.o.Sources.SetSSO(c.r.Context(), c.actor, c.actor.OrganizationID, 0, change)
	return nil, atWire(err)
}

func readSSOConfig(c *call) (change source.SSOChange, err error) {
	o, err := c.object()
	if err != nil {
		return change, err
	}
	names := []string{"enableSSO", "oauth2ServerType"}
	enabled := o.flag("enableSSO")
	change.Enabled = &enabled
	for _, t := range ssoTexts {
		names = append(names, t.wire)
		text, came := o.optionalText(t.wire, 0, maxSSOText)
		if came {
			t.set(&change, &text)
		}
		if enabled && t.mandatory && text == "" {
			o.missing(t.wire)
		}
	}
	o.optionalInteger("oauth2ServerType", oauth2Server, oauth2Server)
	o.once(names...)
	return change, o.err()
}

// atWire names a field at fault as the caller wrote it.
func atWire(err error) error {
	f := fault.Of(err)
	if f == nil {
		return nil
	}
	for _, t := range ssoTexts {
		if f.Field == t.ours {
			if _, names := f.Params["field"]; names {
				f = f.With("field", t.wire)
			}
			return f.At(t.wire)
		}
	}
	return err
}

// ssoConfig answers 4.9: the eighteen fields, null where nothing is set.
type ssoConfig struct{ state source.SSOState }

// showSSOConfig is 4.9.
func (m *meeting) showSSOConfig(c *call) (any, error) {
	state, err := m.o.Sources.SSO(c.r.Context(), c.actor, c.actor.OrganizationID)
	if err != nil {
		return nil, err
	}
	return &ssoConfig{state}, nil
}

func (s *ssoConfig) appendTo(b []byte) []byte {
	j := &writer{b: b}
	j.begin()
	j.flag("enableSSO", s.state.Enabled)
	for _, t := range ssoTexts {
		j.textOrNull(t.wire, t.get(&s.state))
		if t.wire != "getUserInfoUrl" {
			continue
		}
		if s.state.Version == 0 {
			j.null("oauth2ServerType")
		} else {
			j.number("oauth2ServerType", oauth2Server)
		}
	}
	j.end()
	return j.b
}
