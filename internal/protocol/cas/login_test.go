package cas

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/trace"
)

// TestLogin is CAS Protocol 3.0.3, 2.1, for somebody who is signed in.
func TestLogin(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for service, want := range map[string]string{
			wikiHome:                      wikiHome + "?ticket=ST-",
			wikiBelo:                      wikiBelo + "&ticket=ST-",
			"https://wiki.example/pages/": "https://wiki.example/pages/?ticket=ST-",
		} {
			w := h.get(pathLogin, "service", service)
			to := w.Header().Get("Location")
			if w.Code != http.StatusFound || !strings.HasPrefix(to, want) || w.Header().Get("Referrer-Policy") != "no-referrer" ||
				w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%s: got %d %q, want …%s…", service, w.Code, to, want)
			}
		}
		if d := h.gate.last(); d.Application.ClientID != "wiki" || !d.NotBefore.IsZero() || d.Select {
			t.Errorf("got %+v", d)
		}
		if w := h.get(pathLogin); w.Code != http.StatusFound || w.Header().Get("Location") != "/" {
			t.Errorf("without a service: got %d %q", w.Code, w.Header().Get("Location"))
		}
	})
}

// TestForeignServices: attack row 14. Whoever is sent to an address that is not
// an application's sees a page of ours.
func TestForeignServices(t *testing.T) {
	h := one(t)
	for _, service := range []string{
		"https://wiki.example.evil.tld/cas", "https://wiki.example@evil.tld/cas", "https://evil.tld/?https://wiki.example/cas",
		"https://evil.tld/#https://wiki.example/cas", wikiHome + "#x", wikiHome + "/", wikiHome + "?x=1", "https://WIKI.example/cas", "HTTPS://wiki.example/cas",
		"http://wiki.example/cas", "https://wiki.example:8443/cas", "https://wiki.example:443/cas", "//wiki.example/cas", "https:wiki.example/cas",
		"https://wiki.example\\@evil.tld/cas", "https://wiki.example/pages", "https://wiki.example/pagesx", "https://wiki.example/pages/../admin",
		"https://wiki.example/pages/%2e%2e/admin", "https://wiki.example/pages/..;/admin", "https://wiki.example/pages/x%2f..%2fadmin",
		"https://wiki.example/pages/x%5c..%5cadmin", "https://wiki.example/pages/%252e%252e/admin", "https://wiki.example/pages/x?ticket=ST-1",
		"https://wiki.example/pages/x y", "https://wiki.example/pages/\u00e4", "javascript:alert(1)//wiki.example/cas", "data:text/html,x",
		"https://wiki.example/pages/" + strings.Repeat("x", 1024), "x", " " + wikiHome,
	} {
		w := h.get(pathLogin, "service", service)
		if w.Code != http.StatusNotFound || w.Header().Get("Location") != "" || len(h.gate.demands) != 0 {
			t.Errorf("%s: got %d %q, want a page", service, w.Code, w.Header().Get("Location"))
		}
	}
}

func TestLoginRefusals(t *testing.T) {
	h := one(t)
	for _, row := range []struct {
		name, path string
		status     int
	}{
		{"a parameter twice", pathLogin + "?service=" + url.QueryEscape(wikiHome) + "&service=x", 400},
		{"NUL", pathLogin + "?service=%00", 400},
		{"broken escapes", pathLogin + "?service=%zz", 400},
		{"a semicolon", pathLogin + "?service=x;y", 400},
		{"too much", pathLogin + "?x=" + strings.Repeat("x", maxQuery), 400},
		{"an unknown method", pathLogin + "?method=HEADER&service=" + url.QueryEscape(wikiHome), 400},
		{"an unknown word", pathLogin + "?asked=x", 404},
		{"no such address", "/cas/loginn", 404},
	} {
		if w := h.do(http.MethodGet, row.path); w.Code != row.status || len(h.gate.demands) != 0 {
			t.Errorf("%s: got %d, want %d", row.name, w.Code, row.status)
		}
	}
	if w := h.do(http.MethodPost, pathLogin); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET" {
		t.Errorf("POST: got %d %q", w.Code, w.Header().Get("Allow"))
	}
}

// TestFreshProof: a ticket says whether the person was proven for it, and a proof
// counts for one.
func TestFreshProof(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		fresh := func(ticket string) any {
			t.Helper()
			return h.validated(pathServiceValidate3, wikiHome, ticket).Success.Attributes["isFromNewLogin"]
		}
		if got := fresh(h.enter(wikiHome)); got != false {
			t.Errorf("by a session that was there: got %v", got)
		}
		h.signOut()
		w := h.get(pathLogin, "service", wikiHome)
		kept := w.Header().Get("Location")
		if w.Code != http.StatusSeeOther || !strings.HasPrefix(kept, pathLogin+"?asked=") {
			t.Fatalf("nobody is signed in: got %d %q", w.Code, kept)
		}
		if w := h.get(kept); w.Code != 200 || !strings.Contains(w.Body.String(), "sign-in") {
			t.Fatalf("got %d %s", w.Code, w.Body)
		}
		h.clock.Advance(time.Second)
		h.signIn()
		ticket := func() string {
			u, _ := url.Parse(h.get(kept).Header().Get("Location"))
			return u.Query().Get("ticket")
		}
		if got := fresh(ticket()); got != true {
			t.Errorf("after the sign-in: got %v", got)
		}
		if got := fresh(ticket()); got != false {
			t.Errorf("with the same proof again: got %v", got)
		}
	})
}

func TestRenew(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.clock.Advance(time.Minute)
		w := h.get(pathLogin, "service", wikiHome, "renew", "true", "gateway", "true")
		kept := w.Header().Get("Location")
		if w.Code != http.StatusSeeOther || len(h.gate.demands) != 0 {
			t.Fatalf("got %d %q", w.Code, kept)
		}
		h.clock.Advance(time.Minute)
		if w := h.get(kept); w.Code != 200 || h.gate.last().Silent || h.gate.last().NotBefore.UnixMilli() != h.clock.Now().Add(-time.Minute).UnixMilli() {
			t.Errorf("an old proof: got %d %+v", w.Code, h.gate.last())
		}
		h.signIn()
		u, _ := url.Parse(h.get(kept).Header().Get("Location"))
		if got := h.validated(pathServiceValidate, wikiHome, u.Query().Get("ticket"), "renew", "true"); got.code() != "" {
			t.Errorf("a fresh proof: got %+v", got.Failure)
		}
		if w := h.get(kept); w.Code != http.StatusSeeOther || w.Header().Get("Location") == kept {
			t.Errorf("the same address again: got %d %q, want another asking", w.Code, w.Header().Get("Location"))
		}
		if got := h.validated(pathServiceValidate, wikiHome, h.enter(wikiHome), "renew", "true"); got.code() != "INVALID_TICKET" {
			t.Errorf("by a session that was there: got %+v", got)
		}
	})
}

func TestGateway(t *testing.T) {
	h := one(t)
	if ticket := h.enter(wikiHome, "gateway", "true"); !strings.HasPrefix(ticket, "ST-") {
		t.Errorf("got %q", ticket)
	}
	h.signOut()
	for _, code := range []fault.Code{"", fault.CodeConsentRequired, fault.CodeInteractionRequired, fault.CodeEntryRefused} {
		if code != "" {
			h.gate.err = fault.New(fault.Unauthenticated, code)
		}
		w := h.get(pathLogin, "service", wikiBelo, "gateway", "true")
		if to := w.Header().Get("Location"); w.Code != http.StatusFound || to != wikiBelo || !h.gate.last().Silent {
			t.Errorf("%q: got %d %q, want the service without a ticket", code, w.Code, to)
		}
	}
	h.gate.err = fault.New(fault.Internal, fault.CodeInternal)
	if w := h.get(pathLogin, "service", wikiHome, "gateway", "true"); w.Code != http.StatusInternalServerError {
		t.Errorf("a fault of ours: got %d", w.Code)
	}
}

func TestWarn(t *testing.T) {
	h := one(t)
	h.enter(wikiHome, "warn", "true")
	if !h.gate.last().Select {
		t.Error("nobody was asked before the application was entered")
	}
	h.enter(wikiHome, "warn", "false")
	if h.gate.last().Select {
		t.Error("somebody was asked who need not be")
	}
}

func TestAnswerByPost(t *testing.T) {
	h := one(t)
	w := h.get(pathLogin, "service", wikiBelo, "method", "POST")
	body := w.Body.String()
	if w.Code != 200 || !strings.Contains(body, `action="`+wikiBelo+`"`) || !strings.Contains(body, `name="ticket" value="ST-`) ||
		!strings.Contains(w.Header().Get("Content-Security-Policy"), "form-action 'self' https://wiki.example;") || strings.Contains(body, "csrf") {
		t.Errorf("got %d %s", w.Code, body)
	}
}

func TestLoginOthersFaults(t *testing.T) {
	h := one(t)
	h.gate.err = fault.New(fault.Forbidden, fault.CodeAccessDenied)
	if w := h.get(pathLogin, "service", wikiHome); w.Code != http.StatusForbidden || w.Header().Get("Location") != "" {
		t.Errorf("the person refused: got %d %q", w.Code, w.Header().Get("Location"))
	}
	h.gate.err, h.crowded = nil, true
	if w := h.get(pathLogin, "service", wikiHome, "renew", "true"); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Errorf("too many: got %d", w.Code)
	}
	h.crowded = false
	long := "https://wiki.example/pages/" + strings.Repeat("%20", 320)
	if w := h.get(pathLogin, "service", long); w.Code != http.StatusSeeOther {
		t.Errorf("a long address: got %d", w.Code)
	}
	h.gate.err = protocol.ErrAnswered
	if w := h.get(pathLogin, "service", wikiHome); w.Code != 200 {
		t.Errorf("answered by the Gate: got %d", w.Code)
	}
}

func TestLoginStories(t *testing.T) {
	h := one(t)
	h.enter(wikiHome)
	if got := h.story(); got.Kind != trace.Authorizing || got.Outcome != trace.Succeeded || got.Application != h.apps["wiki"].ID {
		t.Errorf("got %+v", got)
	}
	h = one(t)
	h.get(pathLogin, "service", "https://evil.tld/")
	got := h.story()
	last := got.Steps[len(got.Steps)-1]
	if got.Outcome != trace.Refused || last.Check != trace.ServiceKnown || last.Detail.Received != "https://evil.tld/" {
		t.Errorf("got %+v", got)
	}
}

func TestLaunch(t *testing.T) {
	h := one(t)
	h.change("wiki", func(a *identity.Application) { a.HomeURLs = append(a.HomeURLs, "https://wiki.example/second") })
	for at, want := range map[int]string{0: wikiHome, 1: wikiHome, 2: "https://wiki.example/second", 3: wikiHome} {
		if got, err := h.Launch(t.Context(), "wiki", at); err != nil || got != "/cas/login?service="+url.QueryEscape(want) {
			t.Errorf("%d: got %q, %v", at, got, err)
		}
	}
	if _, err := h.Launch(t.Context(), "nobody", 1); fault.KindOf(err) != fault.NotFound {
		t.Errorf("got %v", err)
	}
}

func TestLogout(t *testing.T) {
	h := one(t)
	for service, app := range map[string]string{wikiHome: "wiki", "https://evil.tld/": "", "": "", wikiExit: "", "https://x/" + strings.Repeat("x", 1024): ""} {
		h.gate.left = nil
		h.get(pathLogout, "service", service)
		if len(h.gate.left) != 1 {
			t.Fatalf("%s: the Gate was not asked", service)
		}
		got := h.gate.left[0]
		if len(service) > identity.MaxService {
			service = ""
		}
		if !got.Sure || got.To != "" || got.Wish != service || (app != "") != (got.Application != nil) {
			t.Errorf("%s: got %+v", service, got)
		}
	}
	if w := h.get(pathLogout, "service", "\x00"); w.Code != http.StatusBadRequest {
		t.Errorf("NUL: got %d", w.Code)
	}
}
