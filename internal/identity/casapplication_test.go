package identity

import (
	"net/url"
	"strings"
	"testing"
)

// board is a CAS application that keeps every rule.
func board() Application {
	settings := DefaultCAS()
	settings.ServicePrefixes = []string{"https://board.example/pages/", "https://board.example/app", "http://127.0.0.1:8090/"}
	return Application{
		ClientID: "board", Name: "Board", Protocol: ProtocolCAS, Status: ApplicationActive,
		HomeURLs: []string{"https://board.example/in?x=1", "https://board.example/"}, CAS: &settings,
	}
}

// TestServes: attack row 14. What is no service of a registered application gets
// no ticket.
func TestServes(t *testing.T) {
	t.Parallel()
	a := board()
	for _, service := range []string{
		"https://board.example/in?x=1", "https://board.example/", "https://board.example/pages/", "https://board.example/pages/a/b?c=%2F..%2F",
		"https://board.example/app", "https://board.example/app/", "https://board.example/app?x", "https://board.example/app/a%20b;v=1",
		"http://127.0.0.1:8090/x", "https://board.example/pages//x", "https://board.example/pages/...", "https://board.example/pages/x?y=*",
	} {
		if !a.Serves(service) {
			t.Errorf("%s is a service", service)
		}
	}
	for _, service := range []string{
		"", "x", "https://board.example", "https://board.example/in", "https://board.example/in?x=1&", "https://board.example/in?X=1",
		"https://board.example/pages", "https://board.example/pagesx", "https://board.example/apple", "https://board.example/ap",
		"https://board.example.evil.tld/pages/", "https://board.example@evil.tld/pages/", "https://evil.tld/?https://board.example/pages/",
		"https://board.example/pages/#x", "https://board.example/pages/x#", "HTTPS://board.example/pages/", "https://BOARD.example/pages/",
		"http://board.example/pages/", "https://board.example:443/pages/", "https://board.example:/pages/", "https://board.example:8443/pages/",
		"https://board.example/pages/..", "https://board.example/pages/../x", "https://board.example/pages/.", "https://board.example/pages/./x",
		"https://board.example/pages/..;/x", "https://board.example/pages/..;a=b/x", "https://board.example/pages/%2e%2e/x",
		"https://board.example/pages/%2E./x", "https://board.example/pages/a%2fb", "https://board.example/pages/a%5Cb",
		"https://board.example/pages/a%00", "https://board.example/pages/a%0ab", "https://board.example/pages/a%7f", "https://board.example/pages/%252e%252e",
		"https://board.example/pages/%3b", "https://board.example/pages/\\..\\x", "https://board.example/pages/a b", "https://board.example/pages/\u00e4",
		"https://board.example/pages/x?ticket=ST-1", "https://board.example/pages/x?%74icket=ST-1", "https://board.example/pages/x?a=b&ticket",
		"https:board.example/pages/", "//board.example/pages/", "javascript:alert(1)//board.example/pages/", "com.example.board:/pages/",
		"https://board.example/pages/" + strings.Repeat("x", MaxService), "http://127.0.0.1:8091/x", "http://127.0.0.1:8090.evil.tld/",
	} {
		if a.Serves(service) {
			t.Errorf("%s is no service", service)
		}
	}
	if wiki(false).Serves("https://wiki.example.com/cb") {
		t.Error("an application of another protocol has no services")
	}
}

func TestServiceOrigins(t *testing.T) {
	t.Parallel()
	for service, want := range map[string]string{
		"https://Board.example/x": "https://board.example:443", "https://board.example:8443": "https://board.example:8443",
		"http://localhost/x": "http://localhost:80", "http://[::1]:80/": "http://[::1]:80", "http://board.example/": "", "x": "",
	} {
		if got := ServiceOrigin(service); got != want {
			t.Errorf("%s: got %q, want %q", service, got, want)
		}
	}
	if got := strings.Join(board().ServiceOrigins(), " "); got != "http://127.0.0.1:8090 https://board.example:443" {
		t.Errorf("got %q", got)
	}
	if got := wiki(false).ServiceOrigins(); got != nil {
		t.Errorf("of another protocol: got %v", got)
	}
}

func TestLeadsOut(t *testing.T) {
	t.Parallel()
	a := board()
	a.ExitURL = "https://bye.example/here"
	for address, want := range map[string]bool{
		"https://bye.example/here": true, "https://bye.example/there": true, "https://board.example/pages/1": true, "https://board.example/": true,
		"https://board.example/other": false, "https://evil.tld/": false, "": false,
	} {
		if got := a.LeadsOut(address); got != want {
			t.Errorf("%s: got %v, want %v", address, got, want)
		}
	}
}

func TestCASValidate(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		edit func(*Application)
		want string
	}{
		{"as it is", func(*Application) {}, ""},
		{"no block", func(a *Application) { a.CAS = nil }, "cas field_missing"},
		{"no home URL", func(a *Application) { a.HomeURLs = nil }, "home_urls field_missing"},
		{"a home URL with dots", func(a *Application) { a.HomeURLs[0] = "https://board.example/a/../b" }, "home_urls redirect_unsafe"},
		{"a home URL with a ticket", func(a *Application) { a.HomeURLs[0] = "https://board.example/?ticket=x" }, "home_urls redirect_unsafe"},
		{"a home URL in the open", func(a *Application) { a.HomeURLs[0] = "http://board.example/" }, "home_urls redirect_unsafe"},
		{"a scheme of its own", func(a *Application) { a.HomeURLs[0] = "com.example.board:/cb" }, "home_urls redirect_unsafe"},
		{"a prefix without a path", func(a *Application) { a.CAS.ServicePrefixes[0] = "https://board.example" }, "cas.service_prefixes redirect_unsafe"},
		{"a prefix with a query", func(a *Application) { a.CAS.ServicePrefixes[0] = "https://board.example/?x" }, "cas.service_prefixes redirect_unsafe"},
		{"a prefix with a wildcard", func(a *Application) { a.CAS.ServicePrefixes[0] = "https://board.example/*" }, "cas.service_prefixes redirect_unsafe"},
		{"a prefix in the open", func(a *Application) { a.CAS.ServicePrefixes[0] = "http://board.example/" }, "cas.service_prefixes redirect_unsafe"},
		{"a prefix that goes up", func(a *Application) { a.CAS.ServicePrefixes[0] = "https://board.example/a/.." }, "cas.service_prefixes redirect_unsafe"},
		{"a prefix twice", func(a *Application) { a.CAS.ServicePrefixes[1] = a.CAS.ServicePrefixes[0] }, "cas.service_prefixes list_twice"},
		{"a strange notice address", func(a *Application) { a.CAS.LogoutURL = "ftp://x" }, "cas.logout_url field_format"},
		{"a claim that no element can have", func(a *Application) { a.Claims = []ClaimRule{{"name", "urn:name"}} }, "claims field_format"},
		{"a claim of the protocol", func(a *Application) { a.Claims = []ClaimRule{{"name", "isFromNewLogin"}} }, "claims claim_reserved"},
		{"a secret", func(a *Application) { a.Secrets = []ClientSecret{{}} }, "client_secret field_unwanted"},
	} {
		app := board()
		row.edit(&app)
		if got := strings.Join(faultsOf(app.Validate()), "; "); got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}

// FuzzServices: whatever is taken for a service lies at the host of one that is
// registered, as a browser reads it, and below its path.
func FuzzServices(f *testing.F) {
	for _, seed := range []string{
		"https://board.example/pages/../x", "https://board.example/pages/%2e%2e/", "https://board.example@evil.tld/pages/", "https://board.example/app",
		"http://127.0.0.1:8090/x", "https://board.example/pages/..;/x", "https://board.example\\@evil.tld/", "https://board.example/in?x=1",
	} {
		f.Add(seed)
	}
	a := board()
	f.Fuzz(func(t *testing.T, service string) {
		if !a.Serves(service) {
			return
		}
		u, err := url.Parse(service)
		if err != nil {
			t.Fatalf("%q: %v", service, err)
		}
		if at := u.Scheme + "://" + u.Host; at != "https://board.example" && at != "http://127.0.0.1:8090" {
			t.Errorf("%q lies at %s", service, at)
		}
		plain, err := url.PathUnescape(u.EscapedPath())
		if err != nil || u.User != nil || u.Fragment != "" || u.Query().Has("ticket") {
			t.Errorf("%q: %v", service, err)
		}
		for segment := range strings.SplitSeq(plain, "/") {
			if name, _, _ := strings.Cut(segment, ";"); name == ".." || name == "." {
				t.Errorf("%q goes elsewhere", service)
			}
		}
		if ServiceOrigin(service) == "" {
			t.Errorf("%q has no origin", service)
		}
	})
}
