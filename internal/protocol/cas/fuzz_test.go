package cas

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// FuzzLogin: whatever is asked, the browser is led to the service of an
// application, to a page of ours, or nowhere.
func FuzzLogin(f *testing.F) {
	for _, seed := range []string{
		"service=" + url.QueryEscape(wikiHome), "service=" + url.QueryEscape(wikiBelo) + "&method=POST&renew", "service=https://evil.tld/&gateway=true",
		"service=a&service=b", "asked=x", "service=%00", ";", "service=" + url.QueryEscape("https://wiki.example/pages/../x"),
	} {
		f.Add(seed)
	}
	h := one(f)
	f.Fuzz(func(t *testing.T, query string) {
		r := httptest.NewRequest(http.MethodGet, pathLogin, nil)
		r.URL.RawQuery = query
		w := httptest.NewRecorder()
		h.mux.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Fatalf("%q: got %d", query, w.Code)
		}
		to := w.Header().Get("Location")
		switch {
		case to == "", to == "/", strings.HasPrefix(to, pathLogin+"?asked="):
			return
		}
		u, err := url.Parse(to)
		if err != nil || u.Scheme != "https" || u.Host != "wiki.example" && u.Host != "shop.example" && u.Host != "far.example" {
			t.Errorf("%q leads to %q", query, to)
		}
		if words := u.Query()["ticket"]; len(words) > 1 || strings.ContainsAny(to, "\r\n") {
			t.Errorf("%q leads to %q", query, to)
		}
	})
}

// FuzzTicket: no ticket is accepted but the one that was made.
func FuzzTicket(f *testing.F) {
	h := one(f)
	for _, seed := range []string{"", "ST-", "PT-x", "PGT-x", "ST-" + strings.Repeat("a", 77), strings.Repeat("é", 64)} {
		f.Add(seed, wikiHome)
	}
	f.Fuzz(func(t *testing.T, word, service string) {
		w := h.get(pathProxyValidate3, "service", service, "ticket", word)
		if body := w.Body.String(); w.Code != http.StatusOK || strings.Contains(body, "Success") || !strings.Contains(body, `code="INVALID_`) {
			t.Errorf("%q at %q: got %d %s", word, service, w.Code, body)
		}
	})
}
