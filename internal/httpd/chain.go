package httpd

import (
	"cmp"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/i18n"
)

// chain is every step in one handler: a closure for each would cost a frame
// and an allocation apiece.
type chain struct {
	next      http.Handler
	trusted   []netip.Prefix
	host      string // of the base URL, "" to leave it
	language  i18n.Language
	bodyLimit int64
	headers   []header // of every answer
	documents []header // of every answer but JSON
	log       *slog.Logger
	level     slog.Level
	now       func() time.Time
	observe   func(Observation)
}

// header is set on answers that do not say otherwise. The slice is shared by all of them, which is
// safe because its capacity is one: an Add copies it and a Set replaces it.
type header struct {
	name   string
	values []string
}

func newChain(o Options) *chain {
	c := &chain{
		next: o.Handler, trusted: o.TrustedProxies, language: cmp.Or(o.Language, i18n.EnUS),
		bodyLimit: cmp.Or(o.BodyLimit, DefaultBodyLimit), headers: securityHeaders(o), documents: documentHeaders(),
		log: o.Log, level: o.AccessLevel, now: o.Now, observe: o.Observe,
	}
	if o.BaseURL != nil {
		c.host = o.BaseURL.Host
	}
	return c
}

// securityHeaders are the strict defaults; a page that needs less says so.
func securityHeaders(o Options) []header {
	all := []header{
		{"X-Content-Type-Options", []string{"nosniff"}},
		{"Content-Security-Policy", []string{"frame-ancestors 'none'"}},
		{"Cross-Origin-Resource-Policy", []string{"same-origin"}},
	}
	if o.BaseURL != nil && o.BaseURL.Scheme == "https" {
		all = append(all, header{"Strict-Transport-Security", []string{"max-age=31536000"}})
	}
	return all
}

// documentHeaders are about links, windows and frames of a document. JSON has
// no links and opens nothing, and frame-ancestors, which it keeps, replaces
// X-Frame-Options (CSP level 3, 6.4.2.2): servers that ask a hundred times a
// second are spared what no client of theirs looks at.
func documentHeaders() []header {
	return []header{
		{"Referrer-Policy", []string{"no-referrer"}},
		{"X-Frame-Options", []string{"DENY"}},
		{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
	}
}

func (c *chain) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &exchange{Context: r.Context(), w: w, body: r.Body, language: c.language, documents: c.documents}
	x.client = clientAddr(r, c.trusted)
	x.id[0] = requestID(r.Header)
	c.setHeaders(x)
	started := c.now()
	r = r.WithContext(x)
	if c.host != "" {
		r.Host = c.host
	}
	if r.Body != nil && r.Body != http.NoBody {
		// The server's own writer, so that a body too large closes the connection.
		r.Body = http.MaxBytesReader(w, r.Body, c.bodyLimit)
	}
	defer c.finish(x, r, started)
	defer c.barrier(x, r)
	if !isCleanPath(r) {
		plain(x, http.StatusBadRequest)
		return
	}
	c.next.ServeHTTP(x, r)
}

func (c *chain) setHeaders(x *exchange) {
	h := x.w.Header()
	h[headerRequestID] = x.id[:]
	for i := range c.headers {
		h[c.headers[i].name] = c.headers[i].values
	}
}

// isCleanPath refuses what no address of ours contains and what makes two
// readers of one path disagree: NUL, bytes that are not UTF-8, and dots that
// were escaped, which the router would not resolve.
func isCleanPath(r *http.Request) bool {
	path := r.URL.Path
	if strings.IndexByte(path, 0) >= 0 || !utf8.ValidString(path) {
		return false
	}
	return r.URL.RawPath == "" || !hasDots(path)
}

// hasDots reports whether a segment of path is . or ..
func hasDots(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

// plain answers with nothing but the words of the status.
func plain(w http.ResponseWriter, status int) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(http.StatusText(status) + "\n"))
}
