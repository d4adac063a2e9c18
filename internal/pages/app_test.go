package pages

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/orgate/orgate/internal/i18n"
)

func zipped(t *testing.T, text string) *fstest.MapFile {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, text); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	return &fstest.MapFile{Data: b.Bytes()}
}

const appHead = `<!doctype html><html lang="en-US" data-theme="auto"><meta property="csp-nonce" content="" /><title>Orgate</title></html>`

func testApp(t *testing.T) *App {
	t.Helper()
	app, err := newPages(t, Options{Product: "Orgate", BaseURL: "https://id.example", Language: i18n.EnUS}).NewApp(fstest.MapFS{
		"index.html": {Data: []byte(appHead)}, "manifest.json": {Data: []byte("{}")},
		"assets/console-1.js.gz": zipped(t, "run()"), "assets/console-1.css.gz": zipped(t, "a{}"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return app
}

func askApp(h http.Handler, target string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// The page of an application says what its visitor prefers, and runs nothing that stands in it.
func TestAppPage(t *testing.T) {
	page, nonces := testApp(t).Page("index.html"), map[string]bool{}
	for _, row := range []struct{ target, cookie, want string }{
		{"/console/", "", `lang="en-US" data-theme="auto"`},
		{"/console/acme?lang=zh-CN&theme=dark", "", `lang="zh-CN" data-theme="dark"`},
		{"/console/", LanguageCookie + "=zh-CN; " + ThemeCookie + "=light", `lang="zh-CN" data-theme="light"`},
		{`/console/?lang="><script>&theme="><script>`, "", `lang="en-US" data-theme="auto"`},
	} {
		w := askApp(page, strings.NewReplacer(`"`, "%22", "<", "%3C", ">", "%3E").Replace(row.target), "Cookie", row.cookie)
		if got := w.Body.String(); w.Code != http.StatusOK || !strings.Contains(got, "<html "+row.want+">") {
			t.Errorf("%s with %q: got %d %s, want %s", row.target, row.cookie, w.Code, got, row.want)
		}
		policy := w.Header().Get("Content-Security-Policy")
		_, rest, _ := strings.Cut(policy, "style-src 'self' 'nonce-")
		nonce, _, _ := strings.Cut(rest, "'")
		if strings.Contains(policy, "unsafe") || !strings.Contains(policy, "script-src 'self';") || len(nonce) < 26 || !strings.Contains(w.Body.String(), `content="`+nonce+`"`) || nonces[nonce] {
			t.Errorf("policy: got %s with %s", policy, w.Body)
		}
		nonces[nonce] = true
	}
	if w := askApp(page, "/console/?theme=dark"); !strings.Contains(w.Header().Get("Set-Cookie"), ThemeCookie+"=dark") {
		t.Errorf("the theme is not remembered: %v", w.Header())
	}
	if w := askApp(testApp(t).Page("nonesuch.html"), "/"); w.Code != http.StatusNotFound {
		t.Errorf("a page that is not there: got %d, want 404", w.Code)
	}
}

// What a page loads comes compressed to whoever takes that, and as it was to anybody else.
func TestAppFiles(t *testing.T) {
	files := testApp(t).Files()
	for _, row := range []struct {
		accepts string
		zipped  bool
	}{
		{"gzip", true},
		{"br, gzip;q=0.8", true},
		{"GZIP", true},
		{"", false},
		{"br", false},
		{"gzip;q=0", false},
		{"gzip; q=0.0", false},
	} {
		w := askApp(files, "/assets/app/assets/console-1.js", "Accept-Encoding", row.accepts)
		body := w.Body.Bytes()
		if got := w.Header().Get("Content-Encoding") == "gzip"; got != row.zipped {
			t.Errorf("%q: compressed %v, want %v", row.accepts, got, row.zipped)
		} else if got {
			z, err := gzip.NewReader(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			body, _ = io.ReadAll(z)
		}
		if string(body) != "run()" || w.Header().Get("Content-Type") != "text/javascript; charset=utf-8" {
			t.Errorf("%q: got %q, %v", row.accepts, body, w.Header())
		}
	}
	for _, target := range []string{"/assets/app/assets/nonesuch.js", "/assets/app/index.html", "/assets/app/manifest.json", "/assets/app/assets/console-1.js.gz"} {
		if w := askApp(files, target); w.Code != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", target, w.Code)
		}
	}
}

// A build that could not be served as it has to be is refused at the start.
func TestAppBuild(t *testing.T) {
	for name, build := range map[string]fstest.MapFS{
		"a page without preferences": {"index.html": {Data: []byte(strings.Replace(appHead, "auto", "none", 1))}},
		"a page without a nonce":     {"index.html": {Data: []byte(strings.Replace(appHead, "csp-nonce", "nonce", 1))}},
		"a file as it was":           {"index.html": {Data: []byte(appHead)}, "assets/a.js": {Data: []byte("run()")}},
		"a file of another type":     {"index.html": {Data: []byte(appHead)}, "assets/a.exe.gz": {Data: []byte("run()")}},
	} {
		if _, err := newPages(t, Options{Product: "Orgate", BaseURL: "https://id.example", Language: i18n.EnUS}).NewApp(build); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}
