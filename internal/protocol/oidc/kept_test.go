package oidc

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/identity"
)

// What anybody can have stored is bounded by the rate of their address: beyond
// it nothing is stored, neither the request nor a story, and a page says so.
func TestKeptRequestsAreBoundedByTheRate(t *testing.T) {
	long := plain("state", strings.Repeat("s", maxAddress))
	for name, ask := range map[string]func(h *house) *httptest.ResponseRecorder{
		"posted":       func(h *house) *httptest.ResponseRecorder { return h.post(pathAuthorize, plain()) },
		"long":         func(h *house) *httptest.ResponseRecorder { return h.get(pathAuthorize, long) },
		"prompt=login": func(h *house) *httptest.ResponseRecorder { return h.get(pathAuthorize, plain("prompt", "login")) },
		"an old proof": func(h *house) *httptest.ResponseRecorder { return h.get(pathAuthorize, plain("max_age", "0")) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			room := 2
			h.host.Allow = func(o identity.Origin) bool {
				if o.RequestID != "request-1" {
					t.Errorf("asked for %+v", o)
				}
				room--
				return room >= 0
			}
			for range 2 {
				if w := ask(h); w.Code != http.StatusSeeOther {
					t.Fatalf("within the rate: got %d %s", w.Code, w.Body)
				}
			}
			w := ask(h)
			if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" || w.Header().Get("Location") != "" ||
				!strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
				t.Errorf("beyond the rate: got %d %v", w.Code, w.Header())
			}
			if len(h.tickets.kept) != 2 {
				t.Errorf("%d requests were kept, want 2", len(h.tickets.kept))
			}
			if err := h.stories.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			if found, _ := h.stories.Find(t.Context(), identity.Actor{Kind: identity.ActsAsProvider}, "request-1"); len(found) != 0 {
				t.Errorf("a story was kept: %+v", found)
			}
		})
	}
}

// What waits in the browser's own address costs nothing and is not counted.
func TestOnlyWhatIsKeptCounts(t *testing.T) {
	h := newHouse(t)
	h.host.Allow = func(identity.Origin) bool { t.Error("was counted"); return false }
	if got := back(t, h.get(pathAuthorize, plain()), wikiBack); !got.Has("code") {
		t.Errorf("got %v", got)
	}
	h.get(pathAuthorize, plain("redirect_uri", "https://x.example"))
}

// Nothing is kept that is longer than a form may be, or whose application is
// not proven.
func TestWhatIsNotKept(t *testing.T) {
	for name, form := range map[string]url.Values{
		"too long":            plain("state", strings.Repeat("s", maxForm)),
		"another redirect":    plain("redirect_uri", "https://x.example"),
		"unknown application": plain("client_id", "nobody"),
		"state out of bounds": plain("state", strings.Repeat("s", 5000)),
	} {
		h := newHouse(t)
		h.host.Allow = func(identity.Origin) bool { t.Errorf("%s: was counted", name); return true }
		h.post(pathAuthorize, form)
		if len(h.tickets.kept) != 0 {
			t.Errorf("%s: the request was kept", name)
		}
	}
}
