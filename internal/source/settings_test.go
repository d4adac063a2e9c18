package source

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// full is an SSO with something in every field.
func full() SSO {
	return SSO{
		Enabled: true, Domain: "acme.example", AutoCreate: ptr(false), Schemes: Schemes{PC: "a://b", Android: "c://d", IOS: "https://e.example/f"},
		OAuth2: OAuth2{
			AuthorizeURL: "https://c.example/a", TokenURL: "https://c.example/t", UserInfoURL: "https://c.example/u",
			ClientID: "id", ClientSecret: "a-secret-that-is-long", Scope: "openid", Dialect: DialectOAuth2, AccountField: "sub",
			Fields: Fields{Name: "n", Email: "e", Mobile: "m", AccessToken: "t", Picture: "p"}, TokenStyle: SecretInHeader, WithoutPKCE: true,
		},
	}
}

func TestSettingsKeepEveryField(t *testing.T) {
	for v, i := reflect.ValueOf(full().OAuth2), 0; i < v.NumField(); i++ {
		if v.Field(i).IsZero() {
			t.Fatalf("the test leaves %s empty", v.Type().Field(i).Name)
		}
	}
	text, err := json.Marshal(settingsOf(full(), true))
	if err != nil {
		t.Fatal(err)
	}
	read, err := readSettings(text)
	if err != nil {
		t.Fatal(err)
	}
	if got := read.sso(true, "acme.example"); !reflect.DeepEqual(got, full()) || !read.Activated {
		t.Errorf("got  %#v\nwant %#v", settingsOf(got, true), settingsOf(full(), true))
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	secret := "a-secret-that-is-long"
	a := Attempt{State: secret, Verifier: secret, Nonce: secret}
	for _, v := range []any{full(), full().OAuth2, SSOState{SSO: full()}, a, Answer{Query: url.Values{"code": {secret}}}, change(full()), Found{SSO: full(), Source: identity.Source{Settings: []byte(secret)}}} {
		for _, text := range []string{fmt.Sprint(v), fmt.Sprintf("%+v", v), fmt.Sprintf("%#v", v), logged(v)} {
			if strings.Contains(text, secret) {
				t.Errorf("%T prints its secret: %s", v, text)
			}
		}
	}
}

func logged(v any) string {
	var b strings.Builder
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "v", v)
	return b.String()
}

func TestForms(t *testing.T) {
	long := strings.Repeat("a", maxAddress)
	tests := []struct {
		field string
		good  []string
		bad   []string
		set   func(*SSO, string)
	}{
		{
			"token_url",
			[]string{"https://c.example/t", "http://127.0.0.1:8444/t?x=%20y#f", "https://[2001:db8::1]/", "https://CENTRE.example:8443", "https://a_b.example/t", "https://c.example./t"},
			[]string{
				" https://c.example/t", "https://c.example/t ", "https://c.example/a b", "c.example/t", "//c.example/t", "ftp://c.example/t",
				"javascript:alert(1)", "https://", "https:///t", "https:c.example", "https://u:p@c.example/t", "https://good@evil.example/",
				"https://c.example\\@evil.example/", "https://c.example:0/", "https://c.example:/", "https://c.example:99999/", "https://[fe80::1%25eth0]/", "https://\u4e2d.example/",
				"https://c.example/\n", "https://c.example/\u200b", "https://-c.example/", "https://c..example/", "https://c.example/<svg>", "https://c.example/" + long,
			},
			func(s *SSO, v string) { s.TokenURL = v },
		},
		{
			"client_secret",
			[]string{"a", " with blanks ", "密码"},
			[]string{"a\nb", "a\x00", "\xff", "a\u202e", strings.Repeat("a", maxText+1)},
			func(s *SSO, v string) { s.ClientSecret = v },
		},
		{
			"account_field",
			[]string{"sub", "data.account", "data.list.0", "https://c.example/claim", "a b"},
			[]string{".", "a.", ".a", "a..b", " a", "a\x00", strings.Repeat("a", 256), strings.Repeat("a.", 20) + "a"},
			func(s *SSO, v string) { s.AccountField = v },
		},
		{
			"schemes.pc",
			[]string{"orgate-pc://login", "https://c.example/x", "http://x", "cloudlink://welinksoftclient/h5page?page=login"},
			[]string{"login", "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "file:///etc/passwd", "a://b c", "a://\"", "vbscript:x", "blob:x"},
			func(s *SSO, v string) { s.Schemes.PC = v },
		},
		{
			"dialect",
			[]string{"auto", "oauth2", "wechat"},
			[]string{"WeChat", "saml"},
			func(s *SSO, v string) { s.Dialect = Dialect(v) },
		},
	}
	for _, tt := range tests {
		for _, value := range tt.good {
			s := full()
			tt.set(&s, value)
			if faults := s.validate(); len(faults) > 0 {
				t.Errorf("%s %q: %v, want it taken", tt.field, value, faults[0])
			}
		}
		for _, value := range tt.bad {
			s := full()
			tt.set(&s, value)
			if faults := s.validate(); len(faults) != 1 || faults[0].Field != tt.field || faults[0].Kind != fault.Invalid {
				t.Errorf("%s %q: %v, want one fault at the field", tt.field, value, faults)
			}
		}
	}
}

func TestNormalDomain(t *testing.T) {
	tests := []struct{ in, want string }{
		{"acme.example", "acme.example"},
		{"  Acme.Example\t", "acme.example"},
		{"acme", "acme"},
		{"B\u00fccher.Example", "xn--bcher-kva.example"},
		{"xn--bcher-kva.example", "xn--bcher-kva.example"},
		{"\u4f8b\u5b50\u3002\u6d4b\u8bd5", "xn--fsqu00a.xn--0zwm56d"},
		{"clouddragon.huawei.com", "clouddragon.huawei.com"},
		{"\uff41\uff43\uff4d\uff45", "acme"}, // full width
		{"", ""},
		{" ", ""},
		{".", ""},
		{"acme.", ""},
		{"a..b", ""},
		{"-acme", ""},
		{"acme_1", ""},
		{"acme example", ""},
		{"acme/example", ""},
		{"acme@example", ""},
		{"acme\x00", ""},
		{"xn--a", ""},
		{strings.Repeat("a", 64), ""},
		{strings.Repeat("a.", 126) + "aa", ""},
		{strings.Repeat("a.", 5000) + "a", ""},
	}
	for _, tt := range tests {
		got, err := NormalDomain(tt.in)
		if got != tt.want || (err == nil) != (tt.want != "") || err != nil && !fault.Is(err, fault.CodeFieldFormat) {
			t.Errorf("NormalDomain(%q) = %q, %v; want %q", tt.in, got, err, tt.want)
		}
	}
}

func FuzzNormalDomain(f *testing.F) {
	for _, seed := range []string{"acme.example", "B\u00fccher.Example", "xn--a", "\u3002", "a\u00ad.b", strings.Repeat("a.", 200)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		domain, err := NormalDomain(text)
		if err != nil {
			return
		}
		if len(domain) > maxDomain || strings.Trim(domain, "abcdefghijklmnopqrstuvwxyz0123456789-.") != "" {
			t.Errorf("NormalDomain(%q) = %q", text, domain)
		}
		if again, err := NormalDomain(domain); err != nil || again != domain {
			t.Errorf("NormalDomain(%q) = %q, %v; it should stay as it is", domain, again, err)
		}
	})
}

// An address that is taken is one for every reader of it: the parser of the
// link, of the origin, and of the call.
func FuzzWebAddress(f *testing.F) {
	for _, seed := range []string{"https://c.example/t?x=1#f", "http://[::1]:80", "https://c.example\\@evil", "https://u@h/", "https://h:0/", "//h", "https://h%2e/"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		if !isWebAddress(address) {
			return
		}
		origin := originOf(address)
		if origin == "" || strings.ContainsAny(address, " \\\r\n\t") {
			t.Fatalf("%q was taken, origin %q", address, origin)
		}
		link, err := OAuth2{AuthorizeURL: address, ClientID: "id"}.authorizationLink(Attempt{State: "st", Callback: "https://gate.example/cb"})
		if err != nil {
			t.Fatalf("%q: %v", address, err)
		}
		u, err := url.Parse(link)
		if err != nil || originOf(link) != origin {
			t.Fatalf("%q became %q, of another origin (%v)", address, link, err)
		}
		if strings.Count("&"+u.RawQuery, "&state=") != 1 || u.Query().Get("state") != "st" && !strings.Contains(u.RawQuery, ";") {
			t.Errorf("%q became %q: state is not there once", address, link)
		}
	})
}
