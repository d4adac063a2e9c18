package pages

import (
	"bytes"
	"flag"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
)

var update = flag.Bool("update", false, "write the golden files")

func newPages(t testing.TB, options Options) *Pages {
	t.Helper()
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatalf("i18n.Load: %v", err)
	}
	p, err := New(catalogue, options)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return p
}

// render returns the answer to a GET of an address with a page.
func render(t testing.TB, p *Pages, address string, page Page) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	if err := p.Render(w, httptest.NewRequest(http.MethodGet, address, nil), page); err != nil {
		t.Fatalf("Render: %v", err)
	}
	return w
}

// examples has a filled-in page for each golden file.
func examples() map[string]Page {
	refused := fault.New(fault.Invalid, fault.CodeAccountFormat).At("account").
		Among(fault.New(fault.Invalid, fault.CodePasswordLength).At("password").With("min", 8).With("max", 32))
	setup := Setup{Action: "/setup/first", Address: "https://id.sp.example", Token: "token-of-the-form", PasswordMin: 8, PasswordMax: 32}
	again := setup
	again.Account, again.Name, again.Fault = "root admin", "Root", refused
	all := map[string]Page{
		"setup":        {Content: setup},
		"setup_errors": {Content: again, Status: http.StatusUnprocessableEntity},
		"setup_done":   {Content: SetupDone{Account: "root@sp.example", Next: Action{ActionConsole, "/console/"}}},
		"refusal": {Content: Refusal{
			Fault: fault.New(fault.Forbidden, fault.CodeMemberDisabled), Code: "K7QF-93TX", Action: Action{ActionBack, "/"},
		}},
		"refusal_bare": {Content: Refusal{}},
		"notice":       {Content: Notice{Title: "setup_done.title", Text: "setup_done.text", Params: map[string]any{"account": "root"}}},
		"docs":         {Content: Docs{Source: "/api/openapi.json"}},
	}
	maps.Copy(all, signInExamples())
	maps.Copy(all, entryExamples())
	maps.Copy(all, peopleExamples())
	return all
}

// hash is the part of an asset's address that changes with its content.
var hash = regexp.MustCompile(`(/assets/[a-z]+\.)[0-9a-f]{12}\.`)

// body is the part of a page that is its own: beside it stand only the frame,
// which is kept whole with the pages named in framed.
var body = regexp.MustCompile(`(?s)<title>.*?</title>|<main.*</main>`)

// framed are the pages that are kept from the first line to the last, one for
// each frame.
var framed = []string{"login", "console_home", "docs"}

// golden is what is kept of a page.
func golden(name string, page []byte) []byte {
	page = hash.ReplaceAll(page, []byte("${1}HASH."))
	if slices.Contains(framed, name) {
		return page
	}
	return append(bytes.Join(body.FindAll(page, -1), []byte("\n")), '\n')
}

func TestGolden(t *testing.T) {
	p := newPages(t, Options{BaseURL: "https://id.sp.example"})
	for name, page := range allExamples() {
		for _, lang := range i18n.Languages() {
			file := filepath.Join("testdata", name+"."+string(lang)+".html")
			t.Run(filepath.Base(file), func(t *testing.T) {
				r := httptest.NewRequest(http.MethodGet, "/page?code=abc", nil)
				r.Header.Set("Accept-Language", string(lang))
				w := httptest.NewRecorder()
				if err := p.Render(w, r, page); err != nil {
					t.Fatalf("Render: %v", err)
				}
				got := golden(name, w.Body.Bytes())
				if *update {
					if err := os.WriteFile(file, got, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(got, want) {
					t.Errorf("%s differs; compare, then run go test -update\ngot:\n%s", file, got)
				}
			})
		}
	}
}

// Every sentence a template or a content asks for exists in every language.
func TestEveryPageKeyExists(t *testing.T) {
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	paths, err := filepath.Glob("templates/*.html")
	if err != nil || len(paths) == 0 {
		t.Fatalf("templates: %v %v", paths, err)
	}
	call := regexp.MustCompile(`\{\{t "([a-z_.]+)"`)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range call.FindAllStringSubmatch(string(text), -1) {
			used[match[1]] = true
		}
	}
	for _, key := range []Key{
		ActionSignIn, ActionTryAgain, ActionStartAgain, ActionBack, ActionHome, ActionConsole, ActionDocs,
		ActionEnterprise, ActionForgotten, NoteAfresh, NotePasswordChanged, ByPassword, ByCentre, ByApp,
	} {
		used[string(key)] = true
	}
	for _, key := range menderKeys[MenderVisitor:] {
		used[string(key)] = true
	}
	for _, kind := range fault.Kinds() {
		used[string(Refusal{Fault: fault.New(kind, "x")}.Heading())] = true
	}
	for _, theme := range (preference{}).Themes() {
		used["theme."+string(theme)] = true
	}
	for key := range used {
		for _, lang := range i18n.Languages() {
			if !catalogue.Has(lang, keyPrefix+key) {
				t.Errorf("messages/%s.json lacks %q", lang, keyPrefix+key)
			}
		}
	}
}

// Whatever text enters a page leaves it as text.
func TestTextIsNeverMarkup(t *testing.T) {
	p := newPages(t, Options{Product: "Orgate", BaseURL: "https://id.sp.example"})
	payloads := []string{
		`<svg onload=alert(1)>`, `{{7*7}}`, `</script><script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`,
		`' autofocus onfocus=alert(1) x='`, `</title><script>alert(1)</script>`, "`${7*7}`", `javascript:alert(1)`,
	}
	for _, evil := range payloads {
		own := newPages(t, Options{Product: evil, BaseURL: "https://id.sp.example"})
		faulty := fault.New(fault.Invalid, fault.CodeFieldMissing).With("field", evil)
		slots := map[string]Page{
			"setup":           {Content: Setup{Action: evil, Address: evil, Token: evil, Account: evil, Name: evil, Fault: faulty}},
			"setup, in field": {Content: Setup{Fault: faulty.At("name")}},
			"setup_done":      {Content: SetupDone{Account: evil, Next: Action{Key(evil), evil}}},
			"refusal":         {Content: Refusal{Fault: faulty, Title: Key(evil), Code: evil, Action: Action{Key(evil), evil}}},
			"refusal, code":   {Content: Refusal{Fault: fault.New(fault.Invalid, fault.Code(evil))}},
			"notice":          {Content: Notice{Title: Key(evil), Text: Key(evil), Params: map[string]any{"x": evil}}},
			"docs":            {Content: Docs{Source: evil}},
			"self":            {Content: Notice{}, Self: "/x?" + url.QueryEscape(evil) + "=1"},
		}
		maps.Copy(slots, signInSlots(evil))
		maps.Copy(slots, entrySlots(evil))
		maps.Copy(slots, peopleSlots(evil))
		for slot, page := range slots {
			for _, pages := range []*Pages{p, own} {
				w := render(t, pages, "/", page)
				checkHarmless(t, slot, evil, w.Body.String())
			}
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL.RawQuery = "a=" + url.QueryEscape(evil) + "&" + url.QueryEscape(evil) + "=b"
		w := httptest.NewRecorder()
		if err := p.Render(w, r, Page{Content: Notice{}}); err != nil {
			t.Fatal(err)
		}
		checkHarmless(t, "query", evil, w.Body.String())
	}
}

// active finds elements and attributes that only an injection could bring, in
// markup from which attribute values were taken.
var (
	attributeValue = regexp.MustCompile(`="[^"<>]*"`)
	active         = regexp.MustCompile(`(?i)<(img|iframe)|<svg onload|<script>|<[^>]* on[a-z]+=|(href|action)="javascript:`)
)

func checkHarmless(t *testing.T, slot, evil, html string) {
	t.Helper()
	if regexp.MustCompile(`(href|action)="javascript:`).MatchString(html) {
		t.Errorf("%s: %q became a link", slot, evil)
	}
	if found := active.FindString(attributeValue.ReplaceAllString(html, `=""`)); found != "" {
		t.Errorf("%s: %q brought %q", slot, evil, found)
	}
	if !strings.Contains(evil, "7*7") {
		return
	}
	html = hash.ReplaceAllString(html, "") // which may contain any digits
	if strings.Contains(html, "49") || !strings.Contains(html, "7*7") {
		t.Errorf("%s: %q was evaluated or is missing", slot, evil)
	}
}

func TestPasswordIsNeverRepeated(t *testing.T) {
	html := render(t, newPages(t, Options{}), "/", examples()["setup_errors"]).Body.String()
	field := regexp.MustCompile(`<input id="password"[^>]*>`).FindString(html)
	if field == "" || strings.Contains(field, "value=") {
		t.Errorf("password field = %s, want one without a value", field)
	}
}

func TestRefusalNeverShowsItsCause(t *testing.T) {
	f := fault.New(fault.Internal, fault.CodeInternal).Because(fault.New(fault.Internal, "dial tcp 10.0.0.7"))
	w := render(t, newPages(t, Options{}), "/", Page{Content: Refusal{Fault: f}})
	if strings.Contains(w.Body.String(), "10.0.0.7") {
		t.Error("the page shows the cause")
	}
}

func TestSetupErrorsStandBesideTheirFields(t *testing.T) {
	faults := fault.New(fault.Invalid, fault.CodePasswordClasses).At("password").
		Among(fault.New(fault.Invalid, fault.CodePasswordLength).At("password"), fault.New(fault.Forbidden, fault.CodeSetupCode).At("code"))
	setup := Setup{Fault: faults}
	byField := setup.Errors()
	if got, want := byField["password"].Code, fault.CodePasswordClasses; got != want {
		t.Errorf("password shows %s, want its first fault %s", got, want)
	}
	if got, want := byField[""].Code, fault.CodeSetupCode; got != want {
		t.Errorf("the form shows %s, want %s", got, want)
	}
	if got, want := setup.Focus(), "password"; got != want {
		t.Errorf("Focus = %q, want %q", got, want)
	}
	if got, want := (Setup{}).Focus(), "account"; got != want {
		t.Errorf("Focus without faults = %q, want %q", got, want)
	}
}

func TestRenderReportsWhatItCannotShow(t *testing.T) {
	w := httptest.NewRecorder()
	if err := newPages(t, Options{}).Render(w, httptest.NewRequest(http.MethodGet, "/", nil), Page{}); err == nil || w.Body.Len() > 0 {
		t.Errorf("Render of no content = %v and %d bytes, want an error and none", err, w.Body.Len())
	}
}

func TestNewRefusesABrokenBaseURL(t *testing.T) {
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(catalogue, Options{BaseURL: "https://a b/%zz"}); err == nil {
		t.Error("New accepted a base URL that is no URL")
	}
}

func BenchmarkRenderRefusal(b *testing.B) {
	p, page := newPages(b, Options{}), examples()["refusal"]
	for b.Loop() {
		render(b, p, "/", page)
	}
}
