package pages

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/i18n"
)

func TestLanguage(t *testing.T) {
	tests := []struct {
		name, query, cookie, header string
		want                        i18n.Language
	}{
		{"nothing said", "", "", "", i18n.ZhCN},
		{"the browser's wish", "", "", "en-GB", i18n.EnUS},
		{"the cookie goes before the browser", "", "zh-CN", "en-GB", i18n.ZhCN},
		{"the address goes before the cookie", "lang=en-US", "zh-CN", "zh-CN", i18n.EnUS},
		{"an unknown cookie", "", "fr-FR", "en", i18n.EnUS},
		{"an unknown address", "lang=<svg>", "en-US", "", i18n.EnUS},
	}
	p := newPages(t, Options{Language: i18n.ZhCN})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/?"+test.query, nil)
			r.Header.Set("Accept-Language", test.header)
			if test.cookie != "" {
				r.AddCookie(&http.Cookie{Name: LanguageCookie, Value: test.cookie})
			}
			if got := p.Language(r); got != test.want {
				t.Errorf("Language = %s, want %s", got, test.want)
			}
		})
	}
}

func TestTheme(t *testing.T) {
	tests := []struct {
		query, cookie string
		want          Theme
	}{
		{"", "", ThemeAuto},
		{"", "dark", ThemeDark},
		{"theme=light", "dark", ThemeLight},
		{"theme=pink", "dark", ThemeDark},
		{"", "pink", ThemeAuto},
	}
	for _, test := range tests {
		r := httptest.NewRequest(http.MethodGet, "/?"+test.query, nil)
		if test.cookie != "" {
			r.AddCookie(&http.Cookie{Name: ThemeCookie, Value: test.cookie})
		}
		if got := themeOf(r); got != test.want {
			t.Errorf("theme of %q with cookie %q = %s, want %s", test.query, test.cookie, got, test.want)
		}
	}
}

func TestPreferencesAreRemembered(t *testing.T) {
	tests := []struct {
		name, baseURL, address string
		want                   []string
	}{
		{"nothing to remember", "", "/", nil},
		{"nothing known", "", "/?lang=fr&theme=pink", nil},
		{"language", "http://127.0.0.1:8080", "/?lang=zh-CN", []string{"orgate_lang=zh-CN; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"}},
		{"theme, over TLS", "https://id.example", "/?theme=dark", []string{"orgate_theme=dark; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := render(t, newPages(t, Options{BaseURL: test.baseURL}), test.address, Page{Content: Notice{}})
			got := w.Header().Values("Set-Cookie")
			if strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("cookies = %q, want %q", got, test.want)
			}
		})
	}
}

func TestSwitchesKeepTheAddress(t *testing.T) {
	p := newPages(t, Options{})
	tests := []struct {
		name, method, address, self string
		wantPath, wantQuery         string
	}{
		{"the address of the page", "GET", "/setup?code=a&code=b&lang=zh-CN&theme=dark", "", "/setup", "code=a code=b"},
		{"a posted page has no switches", "POST", "/setup?code=a", "", "", ""},
		{"a posted page that says its address", "POST", "/setup", "/setup?code=a", "/setup", "code=a"},
		{"not another host", "GET", "//evil.example/x", "", "", ""},
		{"a broken address", "GET", "/", "%zz", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(test.method, "/", nil)
			r.URL = parse(t, test.address)
			got := p.preferenceOf(r, Page{Self: test.self})
			var query []string
			for _, parameter := range got.Query {
				query = append(query, parameter.Name+"="+parameter.Value)
			}
			if got.Path != test.wantPath || strings.Join(query, " ") != test.wantQuery {
				t.Errorf("got %q %q, want %q %q", got.Path, query, test.wantPath, test.wantQuery)
			}
		})
	}
}

// parse reads the target of a request line, which may begin with two slashes.
func parse(t *testing.T, target string) *url.URL {
	t.Helper()
	path, query, _ := strings.Cut(target, "?")
	return &url.URL{Path: path, RawQuery: query}
}

func TestChosenThemeIsInThePage(t *testing.T) {
	html := render(t, newPages(t, Options{}), "/?theme=dark", Page{Content: Notice{}}).Body.String()
	for _, want := range []string{`data-theme="dark"`, `content="dark"`, `value="dark" title="Dark colours" aria-label="Dark colours" aria-current="true"`} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

// A page that is shown once has no switches: they would lead to its address
// again, with whatever that carries.
func TestOnceHasNoSwitches(t *testing.T) {
	w := render(t, newPages(t, Options{}), "/callback?state=secret", Page{Content: Refusal{}, Self: Once})
	if body := w.Body.String(); strings.Contains(body, "<footer>") || strings.Contains(body, "secret") {
		t.Errorf("the page repeats its address:\n%s", body)
	}
}
