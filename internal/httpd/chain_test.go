package httpd

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/i18n"
)

// ticking is a clock that moves a millisecond each time it is read.
func ticking() func() time.Time {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return func() time.Time {
		now = now.Add(time.Millisecond)
		return now
	}
}

// chainOf makes the chain before handler, with o's other options.
func chainOf(t testing.TB, o Options, handler http.HandlerFunc) http.Handler {
	t.Helper()
	o.Handler, o.Now = handler, ticking()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s.Handler()
}

func serve(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func ok(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

func TestRequestID(t *testing.T) {
	made := regexp.MustCompile(`^[0-9a-f]{32}$`)
	tests := []struct {
		name  string
		given []string
		keeps bool
	}{
		{"none", nil, false},
		{"good", []string{"Abc-1.2_3"}, true},
		{"the longest", []string{strings.Repeat("a", 64)}, true},
		{"too long", []string{strings.Repeat("a", 65)}, false},
		{"empty", []string{""}, false},
		{"two", []string{"a", "b"}, false},
		{"line break", []string{"a\nb"}, false},
		{"blank", []string{"a b"}, false},
		{"beyond ASCII", []string{"aé"}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var inside string
			h := chainOf(t, Options{}, func(_ http.ResponseWriter, r *http.Request) { inside = RequestID(r) })
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			if test.given != nil {
				r.Header["X-Request-Id"] = test.given
			}
			got := serve(h, r).Header().Get("X-Request-Id")
			if got != inside {
				t.Errorf("answer says %q, the handler saw %q", got, inside)
			}
			if test.keeps && got != test.given[0] || !test.keeps && !made.MatchString(got) {
				t.Errorf("id = %q for %q", got, test.given)
			}
		})
	}
}

func TestSecurityHeaders(t *testing.T) {
	h := chainOf(t, Options{BaseURL: &url.URL{Scheme: "https", Host: "id.example"}}, ok)
	header := serve(h, httptest.NewRequest(http.MethodGet, "/", nil)).Header()
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
		"Content-Security-Policy": "frame-ancestors 'none'", "Cross-Origin-Opener-Policy": "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000", "Server": "",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	h = chainOf(t, Options{BaseURL: &url.URL{Scheme: "http", Host: "id.example"}}, ok)
	if got := serve(h, httptest.NewRequest(http.MethodGet, "/", nil)).Header().Get("Strict-Transport-Security"); got != "" {
		t.Errorf("Strict-Transport-Security over http = %q, want none", got)
	}
}

// TestJSONIsNoDocument: what is said of links, windows and frames is for
// documents; whatever is not known to be JSON is taken for one.
func TestJSONIsNoDocument(t *testing.T) {
	for _, row := range []struct {
		kind     string
		document bool
	}{
		{"application/json;charset=UTF-8", false},
		{"application/json", false},
		{"application/problem+json", false},
		{"text/x+json", true},
		{"application/jsonp", true},
		{"text/html; charset=utf-8", true},
		{"image/svg+xml", true},
		{"", true},
	} {
		h := chainOf(t, Options{}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", row.kind)
			_, _ = io.WriteString(w, "{}")
		})
		header := serve(h, httptest.NewRequest(http.MethodGet, "/", nil)).Header()
		for _, name := range []string{"Referrer-Policy", "X-Frame-Options", "Cross-Origin-Opener-Policy"} {
			if got := header.Get(name) != ""; got != row.document {
				t.Errorf("%q has %s: %t, want %t", row.kind, name, got, row.document)
			}
		}
		if header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Content-Security-Policy") != "frame-ancestors 'none'" || header.Get("Cross-Origin-Resource-Policy") != "same-origin" {
			t.Errorf("%q: %v", row.kind, header)
		}
	}
}

// TestOneAnswerDoesNotChangeTheNext guards the header values all answers share.
func TestOneAnswerDoesNotChangeTheNext(t *testing.T) {
	h := chainOf(t, Options{}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add("Content-Security-Policy", "sandbox")
		w.Header().Set("Referrer-Policy", "origin")
		w.Header()["X-Frame-Options"] = nil
		w.Header().Del("X-Content-Type-Options")
	})
	for range 2 {
		header := serve(h, httptest.NewRequest(http.MethodGet, "/", nil)).Header()
		if got := strings.Join(header.Values("Content-Security-Policy"), ", "); got != "frame-ancestors 'none', sandbox" {
			t.Errorf("Content-Security-Policy = %q, want the shared value and the handler's own", got)
		}
		if got := header.Get("Referrer-Policy") + header.Get("X-Frame-Options"); got != "origin" {
			t.Errorf("the handler's own words became %q, want its referrer policy and no word about frames", got)
		}
	}
}

func TestHostIsTheBaseURLs(t *testing.T) {
	h := chainOf(t, Options{BaseURL: &url.URL{Scheme: "https", Host: "id.example"}}, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Host)
	})
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Host = "evil.example"
	r.Header.Set("X-Forwarded-Host", "evil.example")
	if got := serve(h, r).Body.String(); got != "id.example" {
		t.Errorf("Host = %q, want the base URL's", got)
	}
}

func TestPaths(t *testing.T) {
	tests := []struct {
		target string
		want   int
	}{
		{"/v1/usg/members/a%40b", 204},
		{"/v1/%E7%BB%84", 204},
		{"/a%2Fb", 204},
		{"/a.b/..c/", 204},
		{"/?q=%00%ff", 204}, // a query is the surface's to read
		{"/a%00b", 400},
		{"/a%ffb", 400},
		{"/a/%2e%2e/b", 400},
		{"/a/%2E/b", 400},
		{"/a/..%2fb", 400},
	}
	h := chainOf(t, Options{}, ok)
	for _, test := range tests {
		if got := serve(h, httptest.NewRequest(http.MethodGet, test.target, nil)).Code; got != test.want {
			t.Errorf("%s = %d, want %d", test.target, got, test.want)
		}
	}
}

func TestBodyLimit(t *testing.T) {
	read := func(w http.ResponseWriter, r *http.Request) {
		_, err := io.Copy(io.Discard, r.Body)
		if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		}
	}
	const limit = 10
	small := chainOf(t, Options{BodyLimit: limit}, read)
	larger := chainOf(t, Options{BodyLimit: limit}, LimitBody(2*limit, http.HandlerFunc(read)).ServeHTTP)
	smaller := chainOf(t, Options{}, LimitBody(limit, http.HandlerFunc(read)).ServeHTTP)
	tests := []struct {
		name    string
		handler http.Handler
		bytes   int
		want    int
	}{
		{"at the limit", small, limit, 200},
		{"above", small, limit + 1, 413},
		{"route with more, at it", larger, 2 * limit, 200},
		{"route with more, above", larger, 2*limit + 1, 413},
		{"route with less", smaller, limit + 1, 413},
		{"no chain", LimitBody(limit, http.HandlerFunc(read)), limit + 1, 413},
		{"default", chainOf(t, Options{}, read), DefaultBodyLimit + 1, 413},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(make([]byte, test.bytes)))
			if got := serve(test.handler, r).Code; got != test.want {
				t.Errorf("%d bytes = %d, want %d", test.bytes, got, test.want)
			}
		})
	}
}

func TestLocale(t *testing.T) {
	tests := []struct {
		header         string
		fallback, want i18n.Language
	}{
		{"", "", i18n.EnUS},
		{"", i18n.ZhCN, i18n.ZhCN},
		{"zh", "", i18n.ZhCN},
		{"en;q=0.2, zh-CN;q=0.7", "", i18n.ZhCN},
	}
	for _, test := range tests {
		var got i18n.Language
		h := chainOf(t, Options{Language: test.fallback}, func(_ http.ResponseWriter, r *http.Request) { got = Locale(r) })
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Language", test.header)
		serve(h, r)
		if got != test.want {
			t.Errorf("Locale of %q with fallback %q = %q, want %q", test.header, test.fallback, got, test.want)
		}
	}
}

func TestAccessors(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = "[::ffff:192.0.2.1]:99"
	Note(r, "mem_1", "org_1")
	if RequestID(r) != "" || Locale(r) != i18n.EnUS || ClientAddr(r) != netip.MustParseAddr("192.0.2.1") {
		t.Error("a request that passed no chain has an id, another language or another address than its peer")
	}
	r.RemoteAddr = "@"
	if ClientAddr(r).IsValid() {
		t.Error("a peer without an IP address has one")
	}
}

func TestRecorderKeepsTheWritersPowers(t *testing.T) {
	h := chainOf(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
		if _, ok := w.(http.Flusher); !ok {
			t.Error("the writer is no Flusher")
		}
		n, err := w.(io.ReaderFrom).ReadFrom(strings.NewReader("body"))
		if n != 4 || err != nil {
			t.Errorf("ReadFrom = %d, %v, want 4", n, err)
		}
		w.(http.Flusher).Flush()
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Errorf("Flush through the controller = %v", err)
		}
		type key struct{}
		if r = r.WithContext(context.WithValue(r.Context(), key{}, 1)); RequestID(r) == "" {
			t.Error("a context derived from the request's has lost the id")
		}
	})
	if w := serve(h, httptest.NewRequest(http.MethodGet, "/", nil)); !w.Flushed || w.Body.String() != "body" {
		t.Errorf("answer = %q, flushed %v, want the body sent", w.Body, w.Flushed)
	}
}
