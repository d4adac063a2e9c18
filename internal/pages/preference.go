package pages

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/i18n"
)

// Theme is a choice of colours.
type Theme string

// The themes. Auto follows the browser's own setting.
const (
	ThemeAuto  Theme = "auto"
	ThemeLight Theme = "light"
	ThemeDark  Theme = "dark"
)

// The names under which language and theme travel: as a parameter of any
// page's address when somebody switches, as a cookie ever after. They are
// preferences and prove nothing about anybody.
const (
	LanguageCookie = "orgate_lang"
	ThemeCookie    = "orgate_theme"
	languageParam  = "lang"
	themeParam     = "theme"
)

// preferenceAge is how long a browser keeps a preference, in seconds: a year.
const preferenceAge = 365 * 24 * 60 * 60

// preference is how one visitor wants a page, and what the switches need.
type preference struct {
	Language i18n.Language
	Theme    Theme
	Path     string      // the page's own address without its query, "" hides the switches
	Query    []parameter // the rest of the address, sent along by the switches
}

// parameter is one parameter of an address.
type parameter struct{ Name, Value string }

// Languages returns the languages with their own names, for the switch.
func (preference) Languages() []parameter {
	return []parameter{{string(i18n.EnUS), "English"}, {string(i18n.ZhCN), "中文"}}
}

// Themes returns the themes for the switch.
func (preference) Themes() []Theme { return []Theme{ThemeAuto, ThemeLight, ThemeDark} }

// Language returns the language to answer a request in: the one in its
// address, else in its cookie, else what is said of the visitor (best first),
// else what the browser asks for.
func (p *Pages) Language(r *http.Request, said ...string) i18n.Language {
	if lang, ok := i18n.Parse(r.URL.Query().Get(languageParam)); ok {
		return lang
	}
	if cookie, err := r.Cookie(LanguageCookie); err == nil {
		if lang, ok := i18n.Parse(cookie.Value); ok {
			return lang
		}
	}
	asked := i18n.Match(r.Header.Get("Accept-Language"), p.options.Language)
	if len(said) == 0 {
		return asked
	}
	return i18n.Match(strings.Join(said, ","), asked)
}

// themeOf returns the theme of a request, found as Language finds the language.
func themeOf(r *http.Request) Theme {
	if theme, ok := parseTheme(r.URL.Query().Get(themeParam)); ok {
		return theme
	}
	if cookie, err := r.Cookie(ThemeCookie); err == nil {
		if theme, ok := parseTheme(cookie.Value); ok {
			return theme
		}
	}
	return ThemeAuto
}

func parseTheme(text string) (Theme, bool) {
	theme := Theme(text)
	return theme, slices.Contains(preference{}.Themes(), theme)
}

// preferenceOf reads what a visitor of a page prefers.
func (p *Pages) preferenceOf(r *http.Request, page Page) preference {
	chosen := preference{Language: p.Language(r, page.Languages...), Theme: themeOf(r)}
	here, self := r.URL, page.Self
	if self == Once {
		return chosen
	}
	if self != "" {
		parsed, err := url.Parse(self)
		if err != nil {
			return chosen
		}
		here = parsed
	} else if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return chosen
	}
	// A path that begins with two slashes would be read as another host.
	if chosen.Path = here.EscapedPath(); len(chosen.Path) > 1 && (chosen.Path[1] == '/' || chosen.Path[1] == '\\') {
		chosen.Path = ""
		return chosen
	}
	query := here.Query()
	names := make([]string, 0, len(query))
	for name := range query {
		if name != languageParam && name != themeParam {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range query[name] {
			chosen.Query = append(chosen.Query, parameter{name, value})
		}
	}
	return chosen
}

// Remember stores the preferences that the address of a request states. Render
// does so itself; whoever answers with a redirect does it in its place.
func (p *Pages) Remember(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if lang, ok := i18n.Parse(query.Get(languageParam)); ok {
		p.setPreference(w, LanguageCookie, string(lang))
	}
	if theme, ok := parseTheme(query.Get(themeParam)); ok {
		p.setPreference(w, ThemeCookie, string(theme))
	}
}

func (p *Pages) setPreference(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: preferenceAge,
		Secure: p.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}
