package signin

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/outbox"
)

const better = "a better horse 8"

// Somebody whose password another chose may choose their own and nothing else,
// in whatever order they try, and comes to where they wanted to go.
func TestFirstPassword(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	page := b.get("/login?return_to=/account/sessions")
	page = b.get(page.to())
	a := b.post("/login", page.form("account", "dora@acme.own", "password", password))
	change := a.to()
	if a.status != http.StatusSeeOther || !strings.HasPrefix(change, "/password/change?flow=") {
		t.Fatalf("status %d, to %q", a.status, change)
	}
	for _, path := range []string{"/", "/account", "/account/sessions", "/login"} {
		if got := b.get(path).to(); !strings.HasPrefix(got, "/password/change") {
			t.Errorf("%s leads to %q", path, got)
		}
	}
	first := b.word()
	form := b.get(change)
	if strings.Contains(form.body, `name="old_password"`) {
		t.Error("the present password is asked for again")
	}
	if a := b.post("/password/change", form.form("password", password)); a.status != http.StatusUnprocessableEntity || b.word() != first {
		t.Errorf("the same password: status %d", a.status)
	}
	a = b.post("/password/change", form.form("password", better))
	if a.to() != "/account/sessions" || b.word() == first {
		t.Errorf("to %q, a new session %v", a.to(), b.word() != first)
	}
	old := h.browser()
	old.jar.SetCookies(h.base, []*http.Cookie{{Name: h.o.Cookies.Name(), Value: first, Path: "/"}})
	if got := old.get("/").to(); got != "/login" {
		t.Errorf("the first session leads to %q", got)
	}
}

func TestChangePassword(t *testing.T) {
	h := newHouse(t)
	b, elsewhere := h.browser().in("carl"), h.browser().in("carl")
	form := b.get("/password/change")
	for _, test := range []struct {
		name, old, next string
		want            string
	}{
		{"wrong present one", "not it at all", better, `id="old-error"`},
		{"too short", password, "x#1", `id="password-error"`},
	} {
		a := b.post("/password/change", form.form("old_password", test.old, "password", test.next))
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, test.want) || strings.Contains(a.body, test.next) {
			t.Errorf("%s: status %d\n%s", test.name, a.status, a.body)
		}
	}
	a := b.post("/password/change", form.form("old_password", password, "password", better))
	if !strings.HasPrefix(a.to(), "/login?flow=") || b.word() != "" {
		t.Fatalf("to %q with session %q", a.to(), b.word())
	}
	login := b.get(a.to())
	if !strings.Contains(login.body, "Your password is changed") {
		t.Errorf("nothing is said:\n%s", login.body)
	}
	if got := elsewhere.get("/").to(); got != "/login" {
		t.Errorf("the other browser is led to %q", got)
	}
	if a := b.post("/login", login.form("account", "carl@acme.own", "password", better)); a.to() != "/" {
		t.Errorf("with the new one: status %d, to %q", a.status, a.to())
	}
}

// link is the address in the one mail that was sent.
func (h *house) link() *url.URL {
	h.t.Helper()
	sent := h.mails()
	if len(sent) != 1 || sent[0].Template != outbox.TemplateForgotten {
		h.t.Fatalf("sent %+v", sent)
	}
	link, err := url.Parse(sent[0].Params["address"])
	if err != nil || link.Host != h.base.Host {
		h.t.Fatalf("link %v, %v", link, err)
	}
	return link
}

// Row 100: a link in a mail is fetched by scanners; that spends nothing and
// sets nothing.
func TestForgottenPassword(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	a := b.post("/password/forgotten", b.get("/password/forgotten").form("account", "carl@acme.own"))
	if a.status != http.StatusSeeOther || a.to() != "/password/forgotten?sent=yes" {
		t.Fatalf("status %d, to %q", a.status, a.to())
	}
	link := h.link()
	scanner := h.browser()
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodGet} {
		if a := scanner.do(scanner.request(method, link.RequestURI(), nil)); a.status != http.StatusOK {
			t.Errorf("%s: status %d", method, a.status)
		}
	}
	form := b.get(link.RequestURI())
	if a := b.post("/password/reset", form.form("password", "x")); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a bad password: status %d", a.status)
	}
	a = b.post("/password/reset", form.form("password", better))
	if !strings.HasPrefix(a.to(), "/login?flow=") || b.word() != "" {
		t.Fatalf("status %d, to %q, session %q: %s", a.status, a.to(), b.word(), a.body)
	}
	if a := b.signIn("carl@acme.own", better); a.to() != "/" {
		t.Errorf("with the new password: status %d", a.status)
	}
	for _, again := range []answer{b.post("/password/reset", form.form("password", better+"9")), b.get(link.RequestURI())} {
		if again.status < 400 || !strings.Contains(again.body, `href="/password/forgotten"`) {
			t.Errorf("a second time: status %d\n%s", again.status, again.body)
		}
	}
}

// Whoever has no language of their own is written to in that of the page.
func TestLanguageOfTheLink(t *testing.T) {
	h := newHouse(t)
	for _, row := range []struct{ address, header, want string }{
		{"/password/forgotten", "zh-CN,zh;q=0.9", "zh-CN"},
		{"/password/forgotten?lang=en-US", "zh-CN", "en-US"},
		{"/password/forgotten", "fr-FR", "en-US"},
	} {
		b := h.browser()
		r := b.request(http.MethodPost, row.address, b.get("/password/forgotten").form("account", "carl@acme.own"))
		r.Header.Set("Accept-Language", row.header)
		if a := b.do(r); a.status != http.StatusSeeOther {
			t.Fatalf("status %d: %s", a.status, a.body)
		}
		if sent := h.mails(); len(sent) != 1 || sent[0].Language != row.want {
			t.Errorf("%s at %s: sent %+v, want %s", row.header, row.address, sent, row.want)
		}
	}
}

// Who exists is not told: known and unknown names are answered byte by byte
// alike.
func TestForgottenTellsNothing(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	form := b.get("/password/forgotten")
	known := b.post("/password/forgotten", form.form("account", "carl@acme.own"))
	unknown := b.post("/password/forgotten", form.form("account", "nobody@acme.own"))
	if known.status != unknown.status || known.to() != unknown.to() || known.body != unknown.body {
		t.Errorf("known %+v\nunknown %+v", known, unknown)
	}
}
