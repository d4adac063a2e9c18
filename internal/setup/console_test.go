package setup

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/trace"
)

func TestConsoleAddresses(t *testing.T) {
	tests := []struct {
		path, route string
		args        []string
	}{
		{"/console/", "", nil},
		{"/console/traces", "traces", nil},
		{"/console/traces/K7QF93TX", "traces/*", []string{"K7QF93TX"}},
		{"/console/acme/sso", "*/sso", []string{"acme"}},
		{"/console/traces/sso", "*/sso", []string{"traces"}}, // an organisation of this code; no trace has it
		{"/console/acme/traces", "*/traces", []string{"acme"}},
		{"/console/sso/acme/tries/try_1", "sso/*/tries/*", []string{"acme", "try_1"}},
	}
	for _, tt := range tests {
		route, args, ok := match(tt.path)
		if !ok || route.path != tt.route || !slices.Equal(args, tt.args) {
			t.Errorf("%s: %q %q %t, want %q %q", tt.path, route.path, args, ok, tt.route, tt.args)
		}
	}
	for _, path := range []string{"/console/acme", "/console//sso", "/console/acme/sso/", "/console/sso/acme/tries/"} {
		if route, _, ok := match(path); ok {
			t.Errorf("%s is the page %q, want none", path, route.path)
		}
	}
}

func TestTheConsoleSendsStrangersToSignIn(t *testing.T) {
	base, _ := url.Parse("https://id.example")
	surface := NewConsole(ConsoleOptions{Cookies: session.NewCookies(base), BaseURL: base})
	for _, path := range []string{"/console/", "/console/acme/sso?try=try_1", "/console/nowhere"} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			w := httptest.NewRecorder()
			surface.ServeHTTP(w, httptest.NewRequest(method, path, nil))
			if want := "/login?return_to=" + url.QueryEscape(path); w.Code != http.StatusSeeOther || w.Header().Get("Location") != want {
				t.Errorf("%s %s: %d to %q, want 303 to %q", method, path, w.Code, w.Header().Get("Location"), want)
			}
		}
	}
}

func TestTheFormIsReadAsItIsWritten(t *testing.T) {
	set := source.SSO{Domain: "a.example", AutoCreate: new(false), Schemes: source.Schemes{PC: "a://b", Android: "c://d", IOS: "e://f"}, ExitURL: "https://c/out", OAuth2: source.OAuth2{
		AuthorizeURL: "https://c/a", TokenURL: "https://c/t", UserInfoURL: "https://c/u", ClientID: "id", ClientSecret: "secret", Scope: "openid",
		Dialect: source.DialectWeChat, AccountField: "sub", TokenStyle: source.SecretInHeader, WithoutPKCE: true,
		Fields: source.Fields{Name: "n", Email: "e", Mobile: "m", AccessToken: "t", Picture: "p"},
	}}
	values := valuesOf(set)
	if _, there := values["client_secret"]; there {
		t.Error("the secret is among the values of the form")
	}
	for _, name := range pages.SSOFields() {
		if values[name] == "" && name != "client_secret" {
			t.Errorf("the form has no value for %s", name)
		}
	}
	set.ClientSecret = ""
	if got := ssoOf(values); !reflect.DeepEqual(got, set) {
		t.Errorf("read back %#v, want %#v", got.Schemes, set.Schemes)
	}
}

// A failing check of what the settings say leads to a field of the form.
func TestChecksLeadToTheirField(t *testing.T) {
	for _, check := range trace.Checks() {
		name := string(check)
		asked := strings.HasPrefix(name, "authorize_") || strings.HasPrefix(name, "userinfo_") || strings.HasPrefix(name, "id_token_")
		field := fieldOf(check)
		if asked && field == "" {
			t.Errorf("%s leads to no field", check)
		}
		if field != "" && field != "callback" && !slices.Contains(pages.SSOFields(), field) {
			t.Errorf("%s leads to %q, which the form has not", check, field)
		}
	}
	if got := fieldOf(trace.TokenClient); got != "client_secret" {
		t.Errorf("a refused secret leads to %q", got)
	}
}

// What is drawn by script is handed out to who is signed in, at the addresses that it has a view for and at those that no page has; whatever is
// posted, and the other pages, stay what they were.
func TestConsoleDrawn(t *testing.T) {
	h := newConsoleHouse(t)
	h.o.App = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("drawn by script")) })
	anna := h.as("anna")
	for _, path := range []string{"/console/", "/console/acme", "/console/acme/requests", "/console/acme/members/mem_1", "/console/nobody/there"} {
		anna.get(path).wants(t, path, http.StatusOK, "", "drawn by script")
		h.as("").get(path).wants(t, path+" of nobody", http.StatusSeeOther, "/login?return_to="+url.QueryEscape(path))
		h.as("dora").get(path).wants(t, path+" of who has to change the password", http.StatusSeeOther, "/password/change")
	}
	if got := anna.get("/console/traces/NONESUCH"); strings.Contains(got.body, "drawn by script") || got.status != http.StatusNotFound {
		t.Errorf("the page of a trace: got %d %s", got.status, got.body)
	}
	anna.do(http.MethodPost, "/console/acme/requests", url.Values{}).wants(t, "a post without the form's token", http.StatusForbidden, "")
	anna.do(http.MethodPost, "/console/acme/members", url.Values{}).wants(t, "a post to a view", http.StatusNotFound, "")
}
