package setup

import "github.com/orgate/orgate/internal/source"

// texts are the fields of the form that are texts as they are, by name.
func texts(s *source.SSO) map[string]*string {
	return map[string]*string{
		"domain": &s.Domain, "token_url": &s.TokenURL, "authorize_url": &s.AuthorizeURL, "userinfo_url": &s.UserInfoURL,
		"client_id": &s.ClientID, "scope": &s.Scope, "account_field": &s.AccountField,
		"fields.access_token": &s.Fields.AccessToken, "fields.name": &s.Fields.Name, "fields.email": &s.Fields.Email,
		"fields.mobile": &s.Fields.Mobile, "fields.picture": &s.Fields.Picture,
		"schemes.pc": &s.Schemes.PC, "schemes.android": &s.Schemes.Android, "schemes.ios": &s.Schemes.IOS, "exit_url": &s.ExitURL,
	}
}

// no is what the choices pkce and auto_create say against the usual.
const no = "false"

// valuesOf fills in the form. The secret is never among its values.
func valuesOf(s source.SSO) map[string]string {
	values := map[string]string{"dialect": string(s.Dialect), "token_style": string(s.TokenStyle)}
	for name, text := range texts(&s) {
		values[name] = *text
	}
	if s.WithoutPKCE {
		values["pkce"] = no
	}
	if s.AutoCreate != nil && !*s.AutoCreate {
		values["auto_create"] = no
	}
	return values
}

// ssoOf reads the form.
func ssoOf(values map[string]string) source.SSO {
	s := source.SSO{}
	for name, text := range texts(&s) {
		*text = values[name]
	}
	s.ClientSecret = values["client_secret"]
	s.Dialect, s.TokenStyle = source.Dialect(values["dialect"]), source.TokenStyle(values["token_style"])
	s.WithoutPKCE = values["pkce"] == no
	if values["auto_create"] == no {
		s.AutoCreate = new(bool)
	}
	return s
}
