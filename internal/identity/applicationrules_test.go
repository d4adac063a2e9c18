package identity

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// wiki is an application that keeps every rule.
func wiki(public bool) Application {
	settings := DefaultOAuth(ProtocolOIDC, public)
	return Application{
		ClientID: "wiki", Name: "Wiki", Protocol: ProtocolOIDC, Status: ApplicationActive,
		HomeURLs: []string{"https://wiki.example.com/cb"}, OAuth: &settings,
	}
}

// faultsOf lists what a fault says of its fields, in order.
func faultsOf(err error) (all []string) {
	if err == nil {
		return nil
	}
	f := fault.Of(err)
	for _, one := range append([]*fault.Error{f}, f.Others...) {
		all = append(all, one.Field+" "+string(one.Code))
	}
	return all
}

func TestDefaultsAreValid(t *testing.T) {
	t.Parallel()
	for _, protocol := range []ProtocolName{ProtocolOIDC, ProtocolOAuth2} {
		for _, public := range []bool{false, true} {
			app := wiki(public)
			settings := DefaultOAuth(protocol, public)
			app.Protocol, app.OAuth = protocol, &settings
			if err := app.Validate(); err != nil {
				t.Errorf("%s, public %v: got %v", protocol, public, err)
			}
			if public != settings.RequirePKCE || public == settings.Offers(GrantClient) {
				t.Errorf("%s, public %v: got %+v", protocol, public, settings)
			}
		}
	}
}

func TestApplicationValidate(t *testing.T) {
	t.Parallel()
	many := func(n int) (list []string) {
		for i := range n {
			list = append(list, fmt.Sprintf("https://wiki.example.com/%d", i))
		}
		return list
	}
	for _, row := range []struct {
		name string
		edit func(*Application)
		want string // field and code, "" for none
	}{
		{"as it is", func(*Application) {}, ""},
		{"client id empty", func(a *Application) { a.ClientID = "" }, "client_id field_format"},
		{"client id long", func(a *Application) { a.ClientID = strings.Repeat("a", 65) }, "client_id field_format"},
		{"client id of points", func(a *Application) { a.ClientID = ".." }, "client_id field_format"},
		{"client id with a slash", func(a *Application) { a.ClientID = "a/b" }, "client_id field_format"},
		{"client id with every character", func(a *Application) { a.ClientID = "aZ0._~-" }, ""},
		{"no name", func(a *Application) { a.Name = "" }, "name field_length"},
		{"name with a bell", func(a *Application) { a.Name = "a\a" }, "name malformed"},
		{"long description", func(a *Application) { a.Description = strings.Repeat("长", 256) }, "description field_length"},
		{"saml", func(a *Application) { a.Protocol = "saml" }, "protocol field_choice"},
		{"status", func(a *Application) { a.Status = "asleep" }, "status field_choice"},
		{"no settings", func(a *Application) { a.OAuth = nil }, "oauth field_missing"},
		{"no home URL", func(a *Application) { a.HomeURLs = nil }, "home_urls field_missing"},
		{"no home URL and no code", func(a *Application) { a.HomeURLs, a.OAuth.Grants = nil, []GrantType{GrantClient} }, ""},
		{"20 home URLs", func(a *Application) { a.HomeURLs = many(20) }, ""},
		{"21 home URLs", func(a *Application) { a.HomeURLs = many(21) }, "home_urls list_length"},
		{"home URL twice", func(a *Application) { a.HomeURLs = append(a.HomeURLs, a.HomeURLs[0]) }, "home_urls list_twice"},
		{"unsafe home URL", func(a *Application) { a.HomeURLs[0] = "javascript:alert(1)" }, "home_urls redirect_unsafe"},
		{"private scheme", func(a *Application) { a.HomeURLs[0] = "com.example.app:/cb" }, "home_urls redirect_unsafe"},
		{"exit URL", func(a *Application) { a.ExitURL = "http://wiki.example.com/bye" }, ""},
		{"exit URL with a fragment", func(a *Application) { a.ExitURL = "http://wiki.example.com/bye#x" }, "exit_url field_format"},
		{"exit URL of a scheme", func(a *Application) { a.ExitURL = "com.example.app:/bye" }, "exit_url field_format"},
		{"administrator URL", func(a *Application) { a.AdministratorURL = "wiki" }, "administrator_url field_format"},
		{"1001 members", func(a *Application) { a.Access.Members = make([]MemberID, 1001) }, "access.members list_length"},
		{"three secrets", func(a *Application) { a.Secrets = make([]ClientSecret, 3) }, "client_secret secret_limit"},
		{"no way to prove itself", func(a *Application) { a.OAuth.AuthMethods = nil }, "auth_methods field_missing"},
		{"none with a secret", func(a *Application) { a.OAuth.AuthMethods = []AuthMethod{AuthNone} }, "auth_methods field_choice"},
		{"no grants", func(a *Application) { a.OAuth.Grants = nil }, "grants field_missing"},
		{"implicit grant", func(a *Application) { a.OAuth.Grants = []GrantType{"implicit"} }, "grants field_choice"},
		{"refresh alone", func(a *Application) { a.OAuth.Grants = []GrantType{GrantRefresh} }, "grants field_format"},
		{"scope with a blank", func(a *Application) { a.OAuth.Scopes = []string{"a b"} }, "scopes field_format"},
		{"openid without OpenID Connect", func(a *Application) { a.Protocol = ProtocolOAuth2 }, "scopes field_unwanted"},
		{"token format", func(a *Application) { a.OAuth.AccessFormat = "paseto" }, "access_token_format field_choice"},
		{"no algorithm", func(a *Application) { a.OAuth.AccessAlgorithm = "" }, "access_token_alg field_choice"},
		{"a shared key", func(a *Application) { a.OAuth.AccessAlgorithm = "HS256" }, "access_token_alg field_choice"},
		{"none as algorithm", func(a *Application) { a.OAuth.IDTokenAlgorithm = "none" }, "id_token_alg field_choice"},
		{"access life 59 s", func(a *Application) { a.OAuth.AccessLife = 59 * time.Second }, "access_token_life field_range"},
		{"access life a day", func(a *Application) { a.OAuth.AccessLife = 24 * time.Hour }, ""},
		{"access life over a day", func(a *Application) { a.OAuth.AccessLife = 24*time.Hour + time.Second }, "access_token_life field_range"},
		{"access life 60.5 s", func(a *Application) { a.OAuth.AccessLife = 60500 * time.Millisecond }, "access_token_life field_range"},
		{"refresh life over a year", func(a *Application) { a.OAuth.RefreshLife = 366 * 24 * time.Hour }, "refresh_token_life field_range"},
		{"ID token life", func(a *Application) { a.OAuth.IDTokenLife = 0 }, "id_token_life field_range"},
		{"grace over a minute", func(a *Application) { a.OAuth.RefreshGrace = 61 * time.Second }, "refresh_grace field_range"},
		{"grace below nothing", func(a *Application) { a.OAuth.RefreshGrace = -time.Second }, "refresh_grace field_range"},
		{"audience", func(a *Application) { a.OAuth.Audiences = []string{"a b"} }, "audiences field_format"},
		{"introspector", func(a *Application) { a.OAuth.Introspectors = []string{"?"} }, "introspectors field_format"},
		{"back channel", func(a *Application) { a.OAuth.BackchannelURL = "http://wiki.example.com/logout" }, ""},
		{"back channel of nothing", func(a *Application) { a.OAuth.BackchannelURL = "wiki" }, "backchannel_logout_url field_format"},
		{"claim", func(a *Application) { a.Claims = []ClaimRule{{"title", "https://wiki.example.com/title"}} }, ""},
		{"claim without a name", func(a *Application) { a.Claims = []ClaimRule{{"title", ""}} }, "claims field_format"},
		{"claim that names the person", func(a *Application) { a.Claims = []ClaimRule{{"title", "sub"}} }, "claims claim_reserved"},
		{"claim twice", func(a *Application) { a.Claims = []ClaimRule{{"title", "t"}, {"name", "t"}} }, "claims list_twice"},
	} {
		app := wiki(false)
		row.edit(&app)
		got := faultsOf(app.Validate())
		if strings.Join(got, "; ") != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}

func TestPublicApplicationValidate(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		edit func(*Application)
		want string
	}{
		{"as it is", func(*Application) {}, ""},
		{"private scheme", func(a *Application) { a.HomeURLs[0] = "com.example.app:/cb" }, ""},
		{"a secret", func(a *Application) { a.Secrets = make([]ClientSecret, 1) }, "client_secret secret_limit"},
		{"proves itself", func(a *Application) { a.OAuth.AuthMethods = []AuthMethod{AuthBasic} }, "auth_methods field_choice"},
		{"acts for itself", func(a *Application) { a.OAuth.Grants = append(a.OAuth.Grants, GrantClient) }, "grants field_choice"},
		{"back channel in the open", func(a *Application) { a.OAuth.BackchannelURL = "http://a.example/" }, "backchannel_logout_url field_format"},
		{"back channel", func(a *Application) { a.OAuth.BackchannelURL = "https://a.example/" }, ""},
	} {
		app := wiki(true)
		app.OAuth.Grants = slices.Clone(app.OAuth.Grants)
		row.edit(&app)
		if got := strings.Join(faultsOf(app.Validate()), "; "); got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}

func TestEveryFaultIsReported(t *testing.T) {
	t.Parallel()
	app := wiki(false)
	app.Name, app.HomeURLs[0], app.OAuth.AccessLife, app.OAuth.Grants = "", "ftp://x", 0, nil
	want := "name field_length; home_urls redirect_unsafe; grants field_missing; access_token_life field_range"
	if got := strings.Join(faultsOf(app.Validate()), "; "); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCheckClientSecret(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		secret string
		want   bool
	}{
		{strings.Repeat("s", 32), true},
		{strings.Repeat("s", 256), true},
		{strings.Repeat("s", 31), false},
		{strings.Repeat("s", 257), false},
		{strings.Repeat("s", 31) + " ", false},
		{strings.Repeat("s", 31) + "é", false},
	} {
		if got := CheckClientSecret(row.secret) == nil; got != row.want {
			t.Errorf("%q: got %v, want %v", row.secret, got, row.want)
		}
	}
}
