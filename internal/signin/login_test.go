package signin

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/policy"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
	"github.com/orgate/orgate/internal/trace"
)

func TestSignInAndOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		h := houseOn(t, open(storetest.WithClock(clock)), clock)
		b := h.browser()
		if a := b.get("/"); a.status != http.StatusSeeOther || a.to() != "/login" {
			t.Fatalf("status %d, to %q", a.status, a.to())
		}
		if a := b.in("ben").get("/"); !strings.Contains(a.body, "<h1>Ben</h1>") || !strings.Contains(a.body, "Acme Ltd") || !strings.Contains(a.body, `href="/console/"`) {
			t.Errorf("the page of an administrator:\n%s", a.body)
		}
		word := b.word()
		a := b.post("/logout", b.get("/logout").form())
		if !strings.HasPrefix(a.to(), "/logout?report=") || b.word() != "" || !strings.Contains(b.get("/logout").body, "You are signed out") {
			t.Errorf("to %q with session %q", a.to(), b.word())
		}
		// Whoever kept the word has nothing in it.
		b.jar.SetCookies(h.base, []*http.Cookie{{Name: h.o.Cookies.Name(), Value: word, Path: "/"}})
		if a := b.get("/"); a.to() != "/login" {
			t.Errorf("the old word: status %d, to %q", a.status, a.to())
		}
		if a := h.browser().in("carl").get("/"); strings.Contains(a.body, "/console/") || strings.Contains(a.body, "<b>C</b>") {
			t.Errorf("the page of a member:\n%s", a.body)
		}
	})
}

// What was refused says so beside a code that opens the story, and never who
// exists: an unknown name and a wrong password differ in nothing else.
func TestRefusedPassword(t *testing.T) {
	h := newHouse(t)
	faces := map[string]bool{}
	for _, account := range []string{"carl@acme.own", "nobody@acme.own", "no name: at all\u200b"} {
		b := h.browser()
		a := b.signIn(account, "not-the-password")
		if a.status != http.StatusUnauthorized || b.word() != "" {
			t.Errorf("%s: status %d, session %q", account, a.status, b.word())
		}
		r := h.story(a)
		if r.Kind != trace.PasswordLogin || r.Outcome != trace.Refused {
			t.Errorf("%s: story %+v", account, r)
		}
		face := a.body
		for _, own := range []string{r.Code, account, a.form().Get("csrf_token")} {
			face = strings.ReplaceAll(face, own, "")
		}
		faces[face] = true
	}
	if len(faces) != 1 {
		t.Errorf("%d different pages", len(faces))
	}
}

func TestDisabledMember(t *testing.T) {
	h := newHouse(t)
	if err := h.o.Directory.SuspendMember(t.Context(), console(), h.acme.ID, h.people["carl"].Member.ID); err != nil {
		t.Fatal(err)
	}
	a := h.browser().signIn("carl@acme.own", password)
	if a.status != http.StatusForbidden || stepOf(h.story(a), trace.MemberActive).State != trace.Failing {
		t.Errorf("status %d\n%s", a.status, a.body)
	}
}

// With enterprise SSO on, the right password leads to the centre, and a wrong
// one tells nothing of that. The owner keeps the password.
func TestPasswordBesideSSO(t *testing.T) {
	h := newHouse(t)
	h.sso(true)
	b := h.browser()
	if a := b.signIn("carl@acme.own", "wrong-password-1"); a.status != http.StatusUnauthorized {
		t.Errorf("wrong: status %d", a.status)
	}
	a := b.signIn("carl@acme.own", password)
	if a.status != http.StatusForbidden || !strings.Contains(a.body, `href="/sso?client=web&amp;domain=acme.example"`) || b.word() != "" {
		t.Errorf("right: status %d\n%s", a.status, a.body)
	}
	b.in("anna")
}

func TestLocked(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	for range policy.DefaultLockout().After {
		b.signIn("carl@acme.own", "wrong-password-1")
	}
	if a := b.signIn("carl@acme.own", password); a.status != http.StatusTooManyRequests || b.word() != "" {
		t.Errorf("status %d", a.status)
	}
	h.clock.Advance(policy.DefaultLockout().For + time.Second)
	b.in("carl")
}

func TestRate(t *testing.T) {
	h := newHouse(t)
	h.o.SkipRateLimit, h.o.Rate = false, policy.Rate{PerSecond: 1, Burst: 2}
	address := origin
	h.o.Origin = func(*http.Request) identity.Origin { return address }
	h.build()
	b := h.browser()
	b.signIn("carl@acme.own", "wrong-password-1")
	b.signIn("carl@acme.own", "wrong-password-1")
	a := b.signIn("carl@acme.own", password)
	if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") != "1" || b.word() != "" {
		t.Errorf("status %d", a.status)
	}
	if a := b.get("/login"); a.status != http.StatusOK {
		t.Errorf("a page that costs nothing: status %d", a.status)
	}
	address.Address = netip.MustParseAddr("198.51.100.7")
	b.in("carl")
}

// nonce is what the API gives somebody's token for the jump into the portal.
func (h *house) nonce(name string) string {
	h.t.Helper()
	p := h.people[name]
	n, err := h.o.Directory.IssuePortalNonce(h.t.Context(), identity.AccessToken{
		AccountID: p.Account.ID, OrganizationID: h.acme.ID, MemberID: p.Member.ID, ClientType: identity.ClientAPI,
		Generation: identity.Generations{Account: p.Account.Generation, Member: p.Member.Generation, Organization: h.acme.Generation},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

// The jump into the portal: looked at any number of times, signed in once.
func TestPortalNonce(t *testing.T) {
	h := newHouse(t)
	for name, want := range map[string]string{"ben": "/console/", "carl": "/"} {
		b, word := h.browser(), h.nonce(name)
		address := "/login?nonce=" + word
		for _, path := range []string{address, "/?lang=en-US&nonce=" + word} {
			if a := b.get(path); a.status != http.StatusOK || b.word() != "" || !strings.Contains(a.body, "data-submit") {
				t.Errorf("%s: status %d, session %q", path, a.status, b.word())
			}
		}
		b.do(b.request(http.MethodHead, address, nil))
		form := b.get(address).form()
		if a := b.post("/login", form); a.status != http.StatusSeeOther || a.to() != want || b.word() == "" {
			t.Errorf("%s: status %d, to %q", name, a.status, a.to())
		}
		again := h.browser()
		a := again.post("/login", again.get(address).form())
		if a.status != http.StatusConflict || again.word() != "" || stepOf(h.story(a), trace.PortalNonce).State != trace.Failing {
			t.Errorf("%s again: status %d", name, a.status)
		}
	}
}

// A link to a stranger's nonce does not take a browser over by itself, and
// nothing but our own page redeems it.
func TestForeignNonce(t *testing.T) {
	h := newHouse(t)
	if a := h.browser().in("anna").get("/login?nonce=" + h.nonce("carl")); strings.Contains(a.body, "data-submit") || !strings.Contains(a.body, "Anna") {
		t.Errorf("it goes on by itself:\n%s", a.body)
	}
	if a := h.browser().post("/login", url.Values{"nonce": {h.nonce("carl")}}); a.status != http.StatusForbidden {
		t.Errorf("without a page: status %d", a.status)
	}
}

// What is remembered belongs to the browser: another one, or one whose cookie
// is gone, begins again, and a refresh changes nothing.
func TestConversation(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	address := b.get("/login?return_to=/account/sessions").to()
	if !strings.HasPrefix(address, "/login?flow=") {
		t.Fatalf("to %q", address)
	}
	page := b.get(address)
	if again := b.get(address); again.status != http.StatusOK || page.status != http.StatusOK {
		t.Errorf("refreshed: status %d", again.status)
	}
	stranger := h.browser()
	stranger.get("/login")
	if a := stranger.get(address); a.to() != "/login" {
		t.Errorf("a stranger: status %d, to %q", a.status, a.to())
	}
	form := stranger.get("/login").form("account", "carl@acme.own", "password", password)
	form.Set(pages.FlowField, page.form().Get(pages.FlowField))
	if a := stranger.post("/login", form); a.status != http.StatusForbidden || stranger.word() != "" {
		t.Errorf("a stranger's form: status %d", a.status)
	}
	if a := b.post("/login", page.form("account", "carl@acme.own", "password", password)); a.to() != "/account/sessions" {
		t.Errorf("to %q", a.to())
	}
	if a := b.get(address); a.to() != "/account/sessions" {
		t.Errorf("the back button leads to %q", a.to())
	}
	// Another node knows it all from the database.
	other := nodeOn(t, h.db, h.clock)
	other.o.Cookies, other.o.Flows = h.o.Cookies, h.o.Flows
	other.build()
	h.handler.Store(other.handler.Load())
	if a := b.get(address); a.to() != "/account/sessions" {
		t.Errorf("another node leads to %q", a.to())
	}
	h.clock.Advance(11 * time.Minute)
	if a := h.browser().get(address); a.to() != "/login" {
		t.Errorf("too late: to %q", a.to())
	}
}

func TestDevices(t *testing.T) {
	h := newHouse(t)
	b, second, third := h.browser().in("carl"), h.browser().in("carl"), h.browser().in("carl")
	page := b.get("/account/sessions")
	if n := strings.Count(page.body, "Chrome on Linux"); n != 5 { // three names, two buttons
		t.Errorf("%d times Chrome on Linux:\n%s", n, page.body)
	}
	one := page.body[strings.Index(page.body, `name="session" value="`)+len(`name="session" value="`):]
	one, _, _ = strings.Cut(one, `"`)
	a := b.post("/account/sessions", page.form("session", one))
	if a.to() != "/account/sessions?ended=1" {
		t.Fatalf("status %d, to %q", a.status, a.to())
	}
	left := 0
	for _, other := range []*browser{second, third} {
		if other.get("/").status == http.StatusOK {
			left++
		}
	}
	if left != 1 || b.get("/").status != http.StatusOK {
		t.Errorf("%d others are left", left)
	}
	if a := b.post("/account/sessions", page.form("others", "yes")); a.to() != "/account/sessions?ended=1" {
		t.Errorf("others: to %q", a.to())
	}
	// Somebody else's session is not theirs to end.
	anna := h.browser().in("anna")
	signed, err := h.o.Sessions.Check(t.Context(), anna.word())
	if err != nil {
		t.Fatal(err)
	}
	if a := b.post("/account/sessions", page.form("session", string(signed.Session.ID))); a.status != http.StatusNotFound || anna.get("/").status != http.StatusOK {
		t.Errorf("another's session: status %d", a.status)
	}
	if a := h.browser().get("/account/sessions"); !strings.HasPrefix(a.to(), "/login?flow=") {
		t.Errorf("signed out: to %q", a.to())
	}
}

func TestRoutes(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	for _, test := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"GET", "/nothing/here", 404, ""},
		{"POST", "/nothing/here", 404, ""},
		{"PUT", "/login", 405, "GET, HEAD, POST"},
		{"DELETE", "/", 405, "GET, HEAD"},
		{"POST", "/sso/callback/src_x", 405, "GET, HEAD"},
		{"HEAD", "/login", 200, ""},
		{"GET", "/account", 303, ""},
		{"POST", "/password/change", 303, ""},
		{"POST", "/logout", 303, ""},
	} {
		a := b.do(b.request(test.method, test.path, nil))
		if a.status != test.status || a.header.Get("Allow") != test.allow {
			t.Errorf("%s %s: status %d, Allow %q; want %d, %q", test.method, test.path, a.status, a.header.Get("Allow"), test.status, test.allow)
		}
	}
	huge := url.Values{"account": {strings.Repeat("x", maxForm)}}
	if a := b.post("/login", huge); a.status != http.StatusBadRequest {
		t.Errorf("a huge form: status %d", a.status)
	}
	if a := b.post("/login", url.Values{"account": {"a\x00b"}}); a.status != http.StatusBadRequest {
		t.Errorf("NUL: status %d", a.status)
	}
}

// A choice of language survives the way to the sign-in.
func TestPreferences(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	b.get("/?lang=zh-CN&theme=dark")
	if a := b.get("/login"); !strings.Contains(a.body, `<html lang="zh-CN" data-theme="dark">`) {
		t.Errorf("the choice is forgotten:\n%s", a.body)
	}
}

func TestAgents(t *testing.T) {
	tests := []struct{ agent, browser, platform string }{
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge", "Windows"},
		{"Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15", "Safari", "macOS"},
		{"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 CriOS/126.0 Mobile/15E148 Safari/604.1", "Chrome", "iPhone"},
		{"Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", "Chrome", "Android"},
		{"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox", "Linux"},
		{"curl/8.5.0", "curl", ""},
		{"", "", ""},
		{"<script>", "", ""},
	}
	for _, test := range tests {
		if b, p := readAgent(test.agent); b != test.browser || p != test.platform {
			t.Errorf("%q: %q on %q, want %q on %q", test.agent, b, p, test.browser, test.platform)
		}
	}
}

// Every wording has a title and a button in the catalogue, checked by the page
// itself; here, that each kind of fault becomes a page at all.
func TestRefusals(t *testing.T) {
	h := newHouse(t)
	s := &Surface{Options: h.o}
	for code := range wordings {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/x", nil)
		if err != nil {
			t.Fatal(err)
		}
		v := &visit{r: r, origin: origin}
		page, ok := s.refusal(v, fault.New(fault.Conflict, code).With("domain", "acme.example")).page.Content.(pages.Refusal)
		if !ok || page.Code != requestID || page.Action.Address == "" {
			t.Errorf("%s: %+v", code, page)
		}
	}
}
