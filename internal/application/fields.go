package application

import (
	"reflect"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// differing names the fields that two states of an application differ in.
func differing(was, now identity.Application) (names []string) {
	a, b := fieldsOf(was), fieldsOf(now)
	for i := range a {
		if !reflect.DeepEqual(a[i].value, b[i].value) {
			names = append(names, a[i].name)
		}
	}
	return names
}

type field struct {
	name  string
	value any
}

// fieldsOf lists what can be changed of an application, under the names of the
// management API.
func fieldsOf(app identity.Application) []field {
	all := []field{
		{"name", app.Name},
		{"description", app.Description},
		{"status", app.Status},
		{"responsible", app.Responsible},
		{"home_urls", app.HomeURLs},
		{"exit_url", app.ExitURL},
		{"administrator_url", app.AdministratorURL},
		{"access", app.Access},
		{"sources", app.Sources},
		{"claims", app.Claims},
		{"consent", app.Consent},
	}
	if s := app.OAuth; s != nil {
		all = append(all, oauthFields(*s)...)
	}
	if s := app.CAS; s != nil {
		all = append(
			all,
			field{"cas.service_prefixes", s.ServicePrefixes},
			field{"cas.proxy", s.Proxy},
			field{"cas.single_logout", s.SingleLogout},
			field{"cas.logout_url", s.LogoutURL},
		)
	}
	return all
}

func oauthFields(s identity.OAuthSettings) []field {
	return []field{
		{"auth_methods", s.AuthMethods},
		{"grants", s.Grants},
		{"require_pkce", s.RequirePKCE},
		{"scopes", s.Scopes},
		{"access_token_format", s.AccessFormat},
		{"access_token_alg", s.AccessAlgorithm},
		{"audiences", s.Audiences},
		{"access_token_life", s.AccessLife},
		{"refresh_token_life", s.RefreshLife},
		{"id_token_life", s.IDTokenLife},
		{"refresh_grace", s.RefreshGrace},
		{"id_token_alg", s.IDTokenAlgorithm},
		{"backchannel_logout_url", s.BackchannelURL},
		{"introspectors", s.Introspectors},
	}
}

// unwanted names what is said of other protocols than the application's.
func (c ApplicationChange) unwanted(app identity.Application) error {
	var faults []*fault.Error
	refuse := func(name string) { faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldUnwanted).At(name)) }
	if app.OAuth == nil {
		for _, f := range c.ofOAuth() {
			if !reflect.ValueOf(f.value).IsNil() {
				refuse(f.name)
			}
		}
	}
	if app.CAS == nil && c.CAS != nil {
		refuse("cas")
	}
	return fault.All(faults)
}

// ofOAuth are the edits of what OAuth 2.0 and OpenID Connect add.
func (c ApplicationChange) ofOAuth() []field {
	return []field{
		{"auth_methods", c.AuthMethods},
		{"grants", c.Grants},
		{"require_pkce", c.RequirePKCE},
		{"scopes", c.Scopes},
		{"access_token_format", c.AccessFormat},
		{"access_token_alg", c.AccessAlgorithm},
		{"audiences", c.Audiences},
		{"access_token_life", c.AccessLife},
		{"refresh_token_life", c.RefreshLife},
		{"id_token_life", c.IDTokenLife},
		{"refresh_grace", c.RefreshGrace},
		{"id_token_alg", c.IDTokenAlgorithm},
		{"backchannel_logout_url", c.BackchannelURL},
		{"introspectors", c.Introspectors},
	}
}
