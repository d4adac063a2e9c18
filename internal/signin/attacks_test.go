package signin

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/directory"
)

// strays are addresses that leave our own host in one reader or another.
var strays = []string{
	"https://evil.example", "//evil.example", `/\evil.example`, `\\evil.example`, "/%09/evil.example", "https:evil.example",
	"/..//evil.example", "/.//evil.example", "///evil.example", "/%2f/evil.example", "/%5cevil.example", "javascript:alert(1)",
	"/\tevil", "/\n/evil.example", " /x", "/a/../../evil", "http:///evil.example", "//evil.example@own", "/%252f%252fevil.example",
	"data:text/html,x", "?x", "x", "/x\u0000", "/" + strings.Repeat("x", maxReturn),
}

func TestOwnPath(t *testing.T) {
	for _, stray := range strays {
		if got, ok := ownPath(stray); ok {
			t.Errorf("ownPath(%q) = %q", stray, got)
		}
	}
	for text, want := range map[string]string{
		"/": "/", "/console/": "/console/", "/account/sessions?x=1&y=a%2Fb": "/account/sessions?x=1&y=a%2Fb", "/x#there": "/x",
		"/x?next=//evil.example": "/x?next=//evil.example", "/文件": "/%E6%96%87%E4%BB%B6",
	} {
		if got, ok := ownPath(text); !ok || got != want {
			t.Errorf("ownPath(%q) = %q, %v; want %q", text, got, ok, want)
		}
	}
}

func FuzzOwnPath(f *testing.F) {
	for _, stray := range strays {
		f.Add(stray)
	}
	f.Add("/console/?x=1#y")
	base := &url.URL{Scheme: "https", Host: "gate.example", Path: "/login"}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := ownPath(text)
		if !ok {
			return
		}
		u, err := base.Parse(got)
		if err != nil || u.Host != base.Host || u.Scheme != base.Scheme || strings.ContainsAny(got, "\\\r\n\t ") || strings.HasPrefix(got, "//") {
			t.Errorf("ownPath(%q) = %q leads to %v, %v", text, got, u, err)
		}
	})
}

// Rows 9 and 12: after a sign-in by any way nobody is led to another host.
func TestOpenRedirect(t *testing.T) {
	h := newHouse(t)
	h.sso(true)
	for _, stray := range strays {
		escaped := url.QueryEscape(stray)
		b := h.browser()
		page := b.get("/login?return_to=" + escaped)
		if page.status == http.StatusSeeOther {
			page = b.get(page.to())
		}
		if a := b.post("/login", page.form("account", "anna@acme.own", "password", password)); a.to() != "/" {
			t.Errorf("%q: by password to %q", stray, a.to())
		}
		if a := b.get("/logout?return_to=" + escaped + "&post_logout_redirect_uri=" + escaped); a.to() != "" {
			t.Errorf("%q: logout leads to %q", stray, a.to())
		}
		if a := b.post("/logout?return_to="+escaped, b.get("/logout").form()); !strings.HasPrefix(a.to(), "/logout?report=") {
			t.Errorf("%q: logout leads to %q", stray, a.to())
		}
		if a := b.comeBack(b.state("domain=acme.example&client=web&return_to="+escaped), "carl"); a.to() != "/" {
			t.Errorf("%q: through the centre to %q", stray, a.to())
		}
	}
	// The switch of the language stays on the page.
	r := h.browser().get("/login?lang=zh-CN&return_to=//evil.example")
	if strings.Contains(r.body, `action="//evil`) || strings.Contains(r.body, `href="//evil`) {
		t.Errorf("the page leads away:\n%s", r.body)
	}
}

// Row 93: what was in the browser before a sign-in is worth nothing after it.
func TestSessionFixation(t *testing.T) {
	h := newHouse(t)
	attacker := h.browser().in("ben")
	planted := attacker.word()
	b := h.browser()
	b.jar.SetCookies(h.base, []*http.Cookie{{Name: h.o.Cookies.Name(), Value: planted, Path: "/"}})
	// The page of the sign-in leads on: somebody is signed in. By a form of
	// that browser the other is replaced, and the planted word ends.
	fresh := h.browser()
	form := fresh.get("/login").form("account", "carl@acme.own", "password", password)
	b.jar.SetCookies(h.base, fresh.jar.Cookies(h.base))
	if a := b.post("/login", form); a.to() != "/" || b.word() == planted {
		t.Fatalf("to %q, the same word %v", a.to(), b.word() == planted)
	}
	if a := attacker.get("/"); a.to() != "/login" {
		t.Errorf("the planted word still opens: status %d", a.status)
	}
	// A made-up word is nobody's, and is not taken over.
	made := h.browser()
	made.jar.SetCookies(h.base, []*http.Cookie{{Name: h.o.Cookies.Name(), Value: "ogs_" + strings.Repeat("a", 77), Path: "/"}})
	if a := made.get("/"); a.to() != "/login" || made.word() != "" {
		t.Errorf("a made-up word: to %q", a.to())
	}
}

// Row 94: a browser that lost its cookies and is used by the next person holds
// nothing of the one before.
func TestSharedBrowser(t *testing.T) {
	h := newHouse(t)
	b := h.browser().in("ben")
	word, form := b.word(), b.get("/logout").form()
	b.post("/logout", form)
	b.in("carl")
	if b.word() == word || strings.Contains(b.get("/").body, "Ben") {
		t.Error("the next person has something of the one before")
	}
	// Ben's page, still open in a tab, does nothing to Carl.
	if a := b.post("/logout", form); a.status != http.StatusForbidden || b.word() == "" {
		t.Errorf("the page of another session: status %d", a.status)
	}
}

// Row 96: nothing is done on the word of another site, with or without a
// token, and no answer is opened to one.
func TestCrossSite(t *testing.T) {
	h := newHouse(t)
	b := h.browser().in("carl")
	word := b.word()
	anonymous := h.browser()
	posts := []struct {
		b    *browser
		path string
		form url.Values
	}{
		{b, "/logout", b.get("/logout").form()},
		{b, "/account/sessions", b.get("/account/sessions").form("others", "yes")},
		{b, "/password/change", b.get("/password/change").form("old_password", password, "password", "a better horse 8")},
		{anonymous, "/login", anonymous.get("/login").form("account", "ben@acme.own", "password", password)},
		{anonymous, "/sso", anonymous.get("/sso").form("domain", "acme.example")},
		{anonymous, "/password/forgotten", anonymous.get("/password/forgotten").form("account", "carl@acme.own")},
		{anonymous, "/password/reset", anonymous.get("/login").form("code", "x", "password", "y")},
		{anonymous, "//evil.example/x", url.Values{}},
	}
	for _, post := range posts {
		post.b.fromElsewhere(post.path, post.form)
		post.b.withoutToken(post.path, post.form)
	}
	if b.word() != word || anonymous.word() != "" || b.get("/").status != http.StatusOK || len(h.mails()) != 0 {
		t.Error("something was done")
	}
}

// fromElsewhere posts a form as another site would have it posted.
func (b *browser) fromElsewhere(path string, form url.Values) {
	b.h.t.Helper()
	for _, header := range []http.Header{
		{"Sec-Fetch-Site": {"cross-site"}},
		{"Sec-Fetch-Site": {"same-site"}},
		{"Origin": {"https://evil.example"}},
		{"Origin": {"null"}},
	} {
		r := b.request(http.MethodPost, path, form)
		for name, values := range header {
			r.Header[name] = values
		}
		a := b.do(r)
		if a.status != http.StatusForbidden || a.to() != "" || strings.Contains(a.body, `href="//evil`) {
			b.h.t.Errorf("%s with %v: status %d, to %q", path, header, a.status, a.to())
		}
		if a.header.Get("Access-Control-Allow-Origin") != "" {
			b.h.t.Errorf("%s is opened to %v", path, header)
		}
	}
}

// withoutToken posts a form from our own site, but without the token or with
// another browser's. A path that no form has is answered as what it is.
func (b *browser) withoutToken(path string, form url.Values) {
	b.h.t.Helper()
	for _, token := range []string{"", "x", b.h.browser().get("/login").form().Get("csrf_token")} {
		form := maps.Clone(form)
		form.Set("csrf_token", token)
		if a := b.post(path, form); a.status != http.StatusForbidden && !strings.HasPrefix(path, "//") {
			b.h.t.Errorf("%s with token %q: status %d, to %q", path, token, a.status, a.to())
		}
	}
}

// Rows 38 and 97: every answer forbids frames, inline script and storing, and
// tells no other host where it came from.
func TestHeaders(t *testing.T) {
	h := newHouse(t)
	h.sso(true)
	b, signed := h.browser(), h.browser().in("anna")
	answers := map[string]answer{
		"/login": b.get("/login"), "/sso": b.get("/sso"), "/password/forgotten": b.get("/password/forgotten"), "/x": b.get("/x"),
		"/login?nonce=x": b.get("/login?nonce=x"), "/password/reset": b.get("/password/reset?code=x"), "/": signed.get("/"), "/logout": signed.get("/logout"),
		"/account/sessions": signed.get("/account/sessions"), "/password/change": signed.get("/password/change"),
		"refused": b.signIn("carl@acme.own", "wrong-password-1"), "callback": b.comeBack("x", "carl"),
	}
	for name, a := range answers {
		policy := a.header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "frame-ancestors 'none'") || !strings.Contains(policy, "form-action 'self';") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", name, policy)
		}
		if a.header.Get("Cache-Control") != "no-store" || a.header.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: %q, %q", name, a.header.Get("Cache-Control"), a.header.Get("Referrer-Policy"))
		}
		if strings.Contains(a.body, "://") && strings.Contains(a.body, `src="http`) {
			t.Errorf("%s loads something from elsewhere", name)
		}
	}
	a := b.get("/sso?domain=acme.example&client=web")
	if a.header.Get("Referrer-Policy") != "no-referrer" || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the way to the centre: %v", a.header)
	}
}

// Row 98: names are text wherever they are shown.
func TestMarkupInNames(t *testing.T) {
	h := newHouse(t)
	const evil = `<svg onload=alert(1)></script>{{7*7}}`
	name := evil
	if _, err := h.o.Directory.ChangeMember(t.Context(), console(), h.acme.ID, h.people["carl"].Member.ID, 0, directory.MemberChange{Name: &name}); err != nil {
		t.Fatal(err)
	}
	b := h.browser().in("carl")
	for _, path := range []string{"/", "/logout", "/account/sessions", "/sso?domain=" + url.QueryEscape(evil), "/login?nonce=" + url.QueryEscape(evil), "/sso?domain=" + url.QueryEscape(evil) + "&client=pc"} {
		if a := b.get(path); strings.Contains(a.body, "<svg onload") || strings.Contains(a.body, "</script>{{") {
			t.Errorf("%s:\n%s", path, a.body)
		}
	}
}
