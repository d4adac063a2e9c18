package pages

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/orgate/orgate/internal/i18n"
)

// AppRoot is the path below which the files of the web applications are served.
const AppRoot = "/assets/app/"

// appPolicy is that of pages that are drawn by script: what they load and call
// is ours, and nothing runs that stands in the page itself. Our controls write
// one rule of style into the page, for which they are told a word.
func appPolicy(nonce string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce + "'; img-src 'self' data: blob:; connect-src 'self'; " +
		"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
}

// blankPreference is what stands in the head of a built page in place of what
// the visitor prefers.
const blankPreference = `lang="en-US" data-theme="auto"`

// blankNonce is where the word stands by which a page may write styles.
const blankNonce = `<meta property="csp-nonce" content=""`

// App is the build of the web applications.
type App struct {
	pages *Pages
	files map[string]asset // address → compressed file
	heads map[string][]byte
}

// NewApp reads a build: pages by their names, and below assets whatever they
// load, compressed by gzip. A page that cannot say what its visitor prefers is
// an error, as is a file of no known type.
func (p *Pages) NewApp(build fs.FS) (*App, error) {
	a := &App{pages: p, files: map[string]asset{}, heads: map[string][]byte{}}
	heads, err := fs.Glob(build, "*.html")
	if err != nil {
		return nil, fmt.Errorf("read the build of the console: %w", err)
	}
	for _, name := range heads {
		body, err := fs.ReadFile(build, name)
		if err != nil {
			return nil, fmt.Errorf("read the build of the console: %w", err)
		}
		for _, blank := range []string{blankPreference, blankNonce} {
			if !bytes.Contains(body, []byte(blank)) {
				return nil, fmt.Errorf("the page %s of the console has no %s", name, blank)
			}
		}
		a.heads[name] = body
	}
	return a, a.load(build)
}

func (a *App) load(build fs.FS) error {
	return fs.WalkDir(build, "assets", func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || err == nil && entry.IsDir() {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the build of the console: %w", err)
		}
		plain := strings.TrimSuffix(name, ".gz")
		contentType, known := contentTypes[path.Ext(plain)]
		if plain == name || !known {
			return fmt.Errorf("the file %s of the console is not compressed, or of no known type", name)
		}
		body, err := fs.ReadFile(build, name)
		a.files[AppRoot+plain] = asset{contentType, body}
		return err
	})
}

// Page serves one page of the build at whatever address it is asked for: its
// script knows which view belongs to it.
func (a *App) Page(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.pages.Remember(w, r)
		body, known := a.heads[name]
		if !known {
			w.Header().Set("Cache-Control", "no-store")
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		nonce := rand.Text()
		h.Set("Content-Security-Policy", appPolicy(nonce))
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Add("Vary", "Accept-Language, Cookie")
		body = bytes.Replace(body, []byte(blankPreference), preferred(a.pages.Language(r), themeOf(r)), 1)
		_, _ = w.Write(bytes.Replace(body, []byte(blankNonce), []byte(`<meta property="csp-nonce" content="`+nonce+`"`), 1))
	})
}

// preferred is what a page says of its visitor. Both are from lists of ours.
func preferred(lang i18n.Language, theme Theme) []byte {
	return fmt.Appendf(nil, `lang="%s" data-theme="%s"`, lang, theme)
}

// Files serves what the pages load, below AppRoot. The name of a file changes
// with its content.
func (a *App) Files() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, known := a.files[r.URL.Path]
		if !known {
			w.Header().Set("Cache-Control", "no-store")
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", file.contentType)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Add("Vary", "Accept-Encoding")
		if !takesGzip(r) {
			inflate(w, file.body)
			return
		}
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", strconv.Itoa(len(file.body)))
		_, _ = w.Write(file.body)
	})
}

// takesGzip reports whether the asker names gzip and does not refuse it (RFC
// 9110, 12.5.3). Whoever asks in a stranger way is served what needs no decoding.
func takesGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			return strings.Trim(strings.TrimPrefix(strings.TrimSpace(weight), "q="), "0.") != "" || weight == ""
		}
	}
	return false
}

// inflate writes a compressed file as it was. The files are ours: what fails
// here is the connection.
func inflate(w io.Writer, body []byte) {
	if z, err := gzip.NewReader(bytes.NewReader(body)); err == nil {
		_, _ = io.Copy(w, z) //nolint:gosec // a file of the build, of a known size
	}
}
