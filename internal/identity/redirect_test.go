package identity

import (
	"net/url"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
)

func TestCheckHomeURL(t *testing.T) {
	t.Parallel()
	const confidential, public, nobody = "confidential", "public", "nobody"
	for _, row := range []struct{ url, who string }{
		{"https://app.example.com/callback", confidential},
		{"https://app.example.com", confidential},
		{"https://app.example.com:8443/cb?next=%2F&a=b", confidential},
		{"https://192.0.2.7/cb", confidential},
		{"https://[2001:db8::1]:8443/cb", confidential},
		{"http://localhost/cb", confidential},
		{"http://localhost:3000/cb", confidential},
		{"http://127.0.0.1:3000/cb", confidential},
		{"http://127.8.9.1/cb", confidential},
		{"http://[::1]:3000/cb", confidential},
		{"com.example.app:/callback", public},
		{"com.example.app://callback", public},
		// Past holes: unsafe schemes and http in the open.
		{"http://app.example.com/cb", nobody},
		{"http://127.0.0.1.evil/cb", nobody},
		{"http://localhost.evil/cb", nobody},
		{"http://[::ffff:127.0.0.1]/cb", nobody},
		{"http://2130706433/cb", nobody},
		{"javascript:alert(1)", nobody},
		{"JavaScript:alert(1)", nobody},
		{"data:text/html,x", nobody},
		{"file:///etc/passwd", nobody},
		{"myapp:/cb", nobody},
		{"com.example.app:cb", nobody},
		// Accounts in front of the host, and what looks like one.
		{"https://good.app@evil.example/cb", nobody},
		{"https://good.app%40evil.example", nobody},
		{`https://evil.example\@good.app/cb`, nobody},
		{"https://good.app:443@evil.example", nobody},
		{"http://localhost:80@evil.example", nobody},
		{"com.example.app://me@there", nobody},
		// No whole address.
		{"", nobody},
		{"/callback", nobody},
		{"//app.example.com/cb", nobody},
		{"https:app.example.com", nobody},
		{"https:///cb", nobody},
		{"https://app.example.com:/cb", nobody},
		{"https://app.example.com:0/cb", nobody},
		{"https://app.example.com:99999/cb", nobody},
		{"https://[fe80::1%25eth0]/cb", nobody},
		{"HTTPS://app.example.com/cb", nobody},
		{"https://app.example.com/cb#part", nobody},
		{"https://app.example.com/cb#", nobody},
		{"https://*.example.com/cb", nobody},
		{"https://app.example.com/*", nobody},
		{"https://app.example.com/a b", nobody},
		{" https://app.example.com/", nobody},
		{"https://app.example.com/\n", nobody},
		{"https://bücher.example/", nobody},
		{"https://app.example.com/" + strings.Repeat("a", 512), nobody},
	} {
		if err := CheckHomeURL(row.url, false); (err == nil) != (row.who == confidential) {
			t.Errorf("%q of a confidential application: got %v", row.url, err)
		}
		err := CheckHomeURL(row.url, true)
		if (err == nil) != (row.who != nobody) {
			t.Errorf("%q of a public application: got %v", row.url, err)
		}
		if err != nil && !fault.Is(err, fault.CodeRedirectUnsafe) {
			t.Errorf("%q: got %v, want %s", row.url, err, fault.CodeRedirectUnsafe)
		}
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	app := Application{HomeURLs: []string{
		"https://app.example.com/cb", "https://app.example.com/other?x=1", "http://localhost/cb", "http://127.0.0.1:4000/cb",
		"http://[::1]/cb", "com.example.app:/cb",
	}}
	for _, row := range []struct {
		uri  string
		want bool
	}{
		{"https://app.example.com/cb", true},
		{"https://app.example.com/other?x=1", true},
		{"com.example.app:/cb", true},
		{"http://localhost/cb", true},
		{"http://localhost:80/cb", true},
		{"http://localhost:51004/cb", true},
		{"http://127.0.0.1/cb", true},
		{"http://127.0.0.1:4001/cb", true},
		{"http://[::1]:9/cb", true},

		{"", false},
		{"https://app.example.com/cb/", false},
		{"https://app.example.com/cb?", false},
		{"https://app.example.com/cb?x", false},
		{"https://app.example.com/cb/../other", false},
		{"https://app.example.com/other", false},
		{"https://app.example.com:443/cb", false},
		{"HTTPS://APP.EXAMPLE.COM/cb", false},
		{"https://APP.example.com/cb", false},
		{"https://app.example.com/c%62", false},
		{"https://app.example.com@evil.example/cb", false},
		{"http://app.example.com/cb", false},
		{"http://localhost:80@evil.example", false},
		{"http://localhost:80@evil.example/cb", false},
		{"http://127.0.0.1:80@evil.example/cb", false},
		{"http://[::1]:80@evil.example/cb", false},
		{"http://localhost:/cb", false},
		{"http://localhost:0/cb", false},
		{"http://localhost:00080/cb", false},
		{"http://localhost:65536/cb", false},
		{"http://localhost:80:80/cb", false},
		{"http://localhost:80/cb#x", false},
		{`http://localhost:80\cb`, false},
		{"http://localhost:80/other", false},
		{"http://127.0.0.1.evil:80/cb", false},
		{"http://127.0.0.2:4000/cb", false},
		{"http://[::1/cb", false},
		{"http://::1]/cb", false},
		{"http://::1/cb", false},
		{"https://localhost/cb", false},
		{"http://LOCALHOST/cb", false},
		{"com.example.app:/cb2", false},
	} {
		if got := app.Redirects(row.uri); got != row.want {
			t.Errorf("%q: got %v, want %v", row.uri, got, row.want)
		}
	}
	if (Application{}).Redirects("") {
		t.Error("an application without home URLs redirects to nowhere")
	}
}

// TestRedirectsOnlyWhereItBegan is the property that no change of a registered
// address leads anywhere: whatever byte is put in, taken out or replaced.
func TestRedirectsOnlyWhereItBegan(t *testing.T) {
	t.Parallel()
	const home = "https://app.example.com:8443/cb?x=1"
	app := Application{HomeURLs: []string{home}}
	for i := range len(home) + 1 {
		for c := range 256 {
			texts := []string{home[:i] + string([]byte{byte(c)}) + home[i:]}
			if i < len(home) {
				texts = append(texts, home[:i]+home[i+1:], home[:i]+string([]byte{byte(c)})+home[i+1:])
			}
			for _, text := range texts {
				if text != home && app.Redirects(text) {
					t.Fatalf("%q passes for %q", text, home)
				}
			}
		}
	}
}

func FuzzRedirects(f *testing.F) {
	for _, seed := range []string{
		"https://app.example.com/cb", "http://localhost:80/cb", "http://localhost:80@evil/cb", "http://[::1]:7/cb",
		"http://127.0.0.1:5/cb?x", "com.example.app:/cb", `http://localhost\@evil/cb`,
	} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, home, uri string) {
		if CheckHomeURL(home, true) != nil || !(Application{HomeURLs: []string{home}}).Redirects(uri) || uri == home {
			return
		}
		was, err := url.Parse(home)
		if err != nil {
			t.Fatalf("%q is accepted and cannot be parsed", home)
		}
		now, err := url.Parse(uri)
		if err != nil {
			t.Fatalf("%q passes and cannot be parsed", uri)
		}
		if was.Scheme != "http" || !isLoopback(was.Hostname()) {
			t.Fatalf("%q passes for %q", uri, home)
		}
		now.Host, was.Host = now.Hostname(), was.Hostname()
		if now.String() != was.String() {
			t.Fatalf("%q passes for %q: more than the port differs", uri, home)
		}
	})
}

func TestSameOrigin(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		one, other string
		want       bool
	}{
		{"https://app.example.com/bye", "https://app.example.com/elsewhere?x=1", true},
		{"https://app.example.com/bye", "https://APP.example.com:443/", true},
		{"http://app.example.com", "http://app.example.com:80/a", true},
		{"https://app.example.com/bye", "http://app.example.com/bye", false},
		{"https://app.example.com/bye", "https://app.example.com:8443/bye", false},
		{"https://app.example.com/bye", "https://app.example.com.evil.example/bye", false},
		{"https://app.example.com/bye", "https://app.example.com@evil.example/bye", false},
		{"https://app.example.com/bye", "/bye", false},
		{"com.example.app://x/", "com.example.app://x/", false},
		{"", "", false},
	} {
		if got := SameOrigin(row.one, row.other); got != row.want {
			t.Errorf("%q and %q: got %v, want %v", row.one, row.other, got, row.want)
		}
	}
}
