package cas

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// portal is an application that acts for people: its callback keeps what it is
// sent.
type portal struct {
	*httptest.Server
	sent   url.Values
	status int
}

// openPortal makes the shop's callback one that listens.
func (h *house) openPortal() *portal {
	p := &portal{status: http.StatusOK}
	p.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/followed" {
			h.t.Error("a redirect of the callback was followed")
		}
		p.sent = r.URL.Query()
		w.Header().Set("Location", "/followed")
		w.WriteHeader(p.status)
	}))
	h.t.Cleanup(p.Close)
	direct := *h.direct
	direct.Transport = p.Client().Transport
	h.direct = &direct
	h.change("shop", func(a *identity.Application) { a.HomeURLs = []string{shopHome, p.URL + "/pgt"} })
	return p
}

// granted is a proxy-granting ticket of the shop.
func (h *house) granted(p *portal) string {
	h.t.Helper()
	got := h.validated(pathServiceValidate3, shopHome, h.enter(shopHome), "pgtUrl", p.URL+"/pgt")
	if got.code() != "" || got.Success.Granting == nil || p.sent.Get("pgtIou") != *got.Success.Granting || !strings.HasPrefix(p.sent.Get("pgtId"), "PGT-") {
		h.t.Fatalf("got %+v, sent %v", got, p.sent)
	}
	return p.sent.Get("pgtId")
}

// proxied asks for a proxy ticket, and returns it or why there is none.
func (h *house) proxied(pgt, target string) (ticket, code string) {
	h.t.Helper()
	body := h.get(pathProxy, "pgt", pgt, "targetService", target).Body.String()
	if _, rest, ok := strings.Cut(body, "<cas:proxyTicket>"); ok {
		ticket, _, _ = strings.Cut(rest, "<")
		return ticket, ""
	}
	_, rest, _ := strings.Cut(body, `<cas:proxyFailure code="`)
	code, _, _ = strings.Cut(rest, `"`)
	return "", code
}

// TestProxy is 2.5.4, 2.6 and 2.7.
func TestProxy(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		p := h.openPortal()
		pgt := h.granted(p)
		ticket, code := h.proxied(pgt, wikiHome)
		if !strings.HasPrefix(ticket, "PT-") {
			t.Fatalf("got %q, %q", ticket, code)
		}
		got := h.validated(pathProxyValidate, wikiHome, ticket)
		if got.code() != "" || got.Success.User != "alice@acme" || !reflect.DeepEqual(got.Success.Proxies, []string{p.URL + "/pgt"}) {
			t.Errorf("got %+v", got)
		}
		w := h.get(pathProxyValidate3, "service", wikiHome, "ticket", first(h.proxied(pgt, wikiHome)))
		if want := "    <cas:proxies>\n      <cas:proxy>" + p.URL + "/pgt</cas:proxy>\n    </cas:proxies>\n"; !strings.Contains(w.Body.String(), want) {
			t.Errorf("got %s, want %s", w.Body, want)
		}
		for path, want := range map[string]string{pathServiceValidate: "INVALID_TICKET_SPEC", pathServiceValidate3: "INVALID_TICKET_SPEC"} {
			ticket, _ := h.proxied(pgt, wikiHome)
			if got := h.validated(path, wikiHome, ticket); got.code() != want {
				t.Errorf("%s: got %+v, want %s", path, got, want)
			}
			if got := h.validated(pathProxyValidate, wikiHome, ticket); got.code() != "INVALID_TICKET" {
				t.Errorf("%s: the attempt did not spend the ticket: %+v", path, got)
			}
		}
		if got := h.validated(pathProxyValidate, wikiHome, first(h.proxied(pgt, wikiHome)), "renew", "true"); got.code() != "INVALID_TICKET" {
			t.Errorf("renew: got %+v", got)
		}
		if got := h.validated(pathProxyValidate, wikiHome, pgt); got.code() != "INVALID_TICKET" {
			t.Errorf("the proxy-granting ticket itself: got %+v", got)
		}
	})
}

func first(ticket, _ string) string { return ticket }

// TestProxyRefusals: what may not be proxied, and what ends it.
func TestProxyRefusals(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		p := h.openPortal()
		pgt := h.granted(p)
		for _, row := range []struct{ name, pgt, target, want string }{
			{"no ticket", "", wikiHome, "INVALID_REQUEST"},
			{"no target", pgt, "", "INVALID_REQUEST"},
			{"a made-up ticket", "PGT-x", wikiHome, "INVALID_TICKET"},
			{"the target of nobody", pgt, "https://evil.tld/", "UNAUTHORIZED_SERVICE"},
			{"the target of another organisation", pgt, "https://far.example/", "UNAUTHORIZED_SERVICE"},
			{"itself", pgt, shopHome, ""},
		} {
			if _, got := h.proxied(row.pgt, row.target); got != row.want {
				t.Errorf("%s: got %q, want %q", row.name, got, row.want)
			}
		}
		h.change("wiki", func(a *identity.Application) { a.Access.Everyone = false })
		if _, got := h.proxied(pgt, wikiHome); got != "UNAUTHORIZED_SERVICE" {
			t.Errorf("who may not enter: got %q", got)
		}
		h.change("wiki", func(a *identity.Application) { a.Access.Everyone = true })
		for name, end := range map[string]func(){
			"switched off":    func() { h.change("shop", func(a *identity.Application) { a.CAS.Proxy = false }) },
			"may not enter":   func() { h.change("shop", func(a *identity.Application) { a.Access.Everyone = false }) },
			"another round":   func() { h.change("shop", func(a *identity.Application) { a.Generation++ }) },
			"signed out":      h.signOut,
			"twelve hours on": func() { h.clock.Advance(12 * time.Hour) },
		} {
			end()
			if _, got := h.proxied(pgt, wikiHome); got != "INVALID_TICKET" {
				t.Errorf("%s: got %q", name, got)
			}
			h.change("shop", func(a *identity.Application) { a.CAS.Proxy, a.Access.Everyone = true, true })
			h.signIn()
			pgt = h.granted(p)
		}
	})
}

func TestIdleSessionsKeepProxies(t *testing.T) {
	h := one(t)
	pgt := h.granted(h.openPortal())
	h.clock.Advance(2 * time.Hour)
	if ticket, code := h.proxied(pgt, wikiHome); ticket == "" {
		t.Errorf("got %q", code)
	}
}

// TestCallbacks is 2.5.4: attack rows 69 and 101.
func TestCallbacks(t *testing.T) {
	h := one(t)
	p := h.openPortal()
	for _, row := range []struct{ name, callback, want string }{
		{"http", strings.Replace(p.URL, "https", "http", 1) + "/pgt", "INVALID_PROXY_CALLBACK"},
		{"another path", p.URL + "/pgt2", "INVALID_PROXY_CALLBACK"},
		{"the service of another application", wikiHome, "INVALID_PROXY_CALLBACK"},
		{"nobody's", "https://127.0.0.1:1/", "INVALID_PROXY_CALLBACK"},
		{"no address", "x", "INVALID_PROXY_CALLBACK"},
		{"nobody listens", shopHome, "INVALID_PROXY_CALLBACK"},
	} {
		p.sent = nil
		if got := h.validated(pathServiceValidate, shopHome, h.enter(shopHome), "pgtUrl", row.callback); got.code() != row.want || p.sent != nil {
			t.Errorf("%s: got %+v, want %s", row.name, got, row.want)
		}
	}
	for _, p.status = range []int{http.StatusFound, http.StatusNotFound, http.StatusInternalServerError, http.StatusNoContent} {
		got := h.validated(pathServiceValidate, shopHome, h.enter(shopHome), "pgtUrl", p.URL+"/pgt")
		if got.code() != "" || got.Success.Granting != nil {
			t.Errorf("%d: got %+v, want who it is and no ticket", p.status, got)
		}
		if _, code := h.proxied(p.sent.Get("pgtId"), wikiHome); code != "INVALID_TICKET" {
			t.Errorf("%d: the ticket that was not received counts", p.status)
		}
	}
	if got := h.validated(pathServiceValidate, wikiHome, h.enter(wikiHome), "pgtUrl", wikiHome); got.code() != "UNAUTHORIZED_SERVICE_PROXY" {
		t.Errorf("an application that may not: got %+v", got)
	}
	h.direct.Transport = http.DefaultTransport
	p.status = http.StatusOK
	if got := h.validated(pathServiceValidate, shopHome, h.enter(shopHome), "pgtUrl", p.URL+"/pgt"); got.code() != "INVALID_PROXY_CALLBACK" {
		t.Errorf("a certificate that does not count: got %+v", got)
	}
}

// A chain is told whole, the nearest first, and is bounded.
func TestChains(t *testing.T) {
	h := one(t)
	p := h.openPortal()
	h.change("shop", func(a *identity.Application) { a.CAS.ServicePrefixes = []string{p.URL + "/at/"} })
	pgt := h.granted(p)
	want := []string{p.URL + "/pgt"}
	for _, name := range []string{"1", "2", "3", "4"} {
		ticket, _ := h.proxied(pgt, shopHome)
		got := h.validated(pathProxyValidate, shopHome, ticket, "pgtUrl", p.URL+"/at/"+name)
		if got.code() != "" || !reflect.DeepEqual(got.Success.Proxies, want) {
			t.Fatalf("got %+v, want %v", got, want)
		}
		want, pgt = append([]string{p.URL + "/at/" + name}, want...), p.sent.Get("pgtId")
	}
	ticket, _ := h.proxied(pgt, shopHome)
	if got := h.validated(pathProxyValidate, shopHome, ticket, "pgtUrl", p.URL+"/at/5"); got.code() != "UNAUTHORIZED_SERVICE_PROXY" {
		t.Errorf("the sixth: got %+v", got)
	}
}

func TestProxyStories(t *testing.T) {
	h := one(t)
	p := h.openPortal()
	pgt := h.granted(p)
	h.proxied("PGT-x", wikiHome)
	h.proxied(pgt, "https://evil.tld/")
	h.validated(pathServiceValidate, shopHome, h.enter(shopHome), "pgtUrl", wikiHome)
	failed := map[trace.Check]bool{}
	for _, story := range h.storiesKept() {
		for _, step := range story.Steps {
			if step.State == trace.Failing {
				failed[step.Check] = true
			}
			if strings.Contains(step.Detail.Received, "PGT-a") {
				t.Errorf("a ticket is shown: %+v", step)
			}
		}
	}
	for _, want := range []trace.Check{trace.ProxyTicketKnown, trace.ServiceKnown, trace.ProxyCallback} {
		if !failed[want] {
			t.Errorf("no story tells of %s: %v", want, failed)
		}
	}
}
