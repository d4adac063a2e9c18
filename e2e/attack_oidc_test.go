package e2e_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"github.com/orgate/orgate/e2e/harness"
)

// relyingStage is an installation with applications that attacks share.
type relyingStage struct {
	house *harness.Installation
	n     *harness.Node
	wiki  *harness.Party
}

// relyingAttacks goes on with the list of attacks where applications sign
// people in.
var relyingAttacks = []struct {
	name string // begins with the row
	test func(t *testing.T, s relyingStage)
}{
	{"1 2 4 5 8 a redirect address that looks like a registered one", foreignRedirects},
	{"6 an unsafe redirect address is registered", unsafeRedirects},
	{"13 an exit that is not registered", foreignExits},
	{"16 another application redeems the code", foreignCodes},
	{"17 18 another application redeems the refresh token", foreignRefreshTokens},
	{"20 a code is used twice", codesUsedTwice},
	{"21 consent is given from another browser", foreignConsent},
	{"25 tokens by the front channel", frontChannelTokens},
	{"30 33 who may not enter any more renews", renewalsAfterTheEnd},
	{"30 who left the group, and what was removed, at the other node", endsElsewhere},
	{"36 a token with a character less, more or in other case", changedApplicationTokens},
	{"37 scopes that were not given", foreignScopes},
	{"37 people and applications of another organisation", foreignOrganizations},
	{"40 42 46 access tokens of another making", forgedAccessTokens},
	{"41 an ID token at the management API", idTokensElsewhere},
	{"93 94 96 97 pages on the way to an application", pagesOnTheWay},
	{"98 markup in the name of an application", markupInNames},
	{"130 a client secret that was replaced", replacedClientSecrets},
}

func TestAttacksOnApplications(t *testing.T) {
	house := harness.NewWithApplications(t, harness.Options{})
	n := house.Start(t)
	s := relyingStage{house, n, n.Party(t, harness.Wiki)}
	for _, a := range relyingAttacks {
		t.Run(a.name, func(t *testing.T) { a.test(t, s) })
	}
}

// asking is an authorization request of the wiki with one parameter changed.
func (s relyingStage) asking(name, value string) string {
	u, _ := url.Parse(s.wiki.Ask().URL)
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = q.Encode()
	return u.String()
}

// stays requires a page of ours, with nothing of an application in it.
func stays(t *testing.T, s relyingStage, what, address string) {
	t.Helper()
	page := harness.ApplicationBrowser(t).Open(t, address)
	if page.URL.Scheme+"://"+page.URL.Host != s.n.URL || page.Status < 400 || page.Header.Get("Location") != "" {
		t.Errorf("%s: the browser is at %s (%d), want an error page of ours", what, page.URL, page.Status)
	}
}

// foreignRedirects: nothing but a registered address, byte by byte, is
// redirected to; of loopback the port alone may differ (CVE-2026-28512,
// CVE-2024-8883, CVE-2026-3872, CVE-2023-6134, CVE-2020-15233).
func foreignRedirects(t *testing.T, s relyingStage) {
	for _, uri := range []string{
		"http://127.0.0.1:9/wiki/callback/", "http://127.0.0.1:9/wiki/callback?x=1", "http://127.0.0.1:9/wiki/callback#x", "http://127.0.0.1:9/wiki/CALLBACK",
		"HTTP://127.0.0.1:9/wiki/callback", "http://127.0.0.1:9/wiki/../wiki/callback", "http://127.0.0.1:9/wiki/%63allback", "http://127.0.0.1:9//wiki/callback",
		"http://127.0.0.1:9@evil.example/wiki/callback", "http://127.0.0.1:9%40evil.example/wiki/callback", "http://evil.example\\@127.0.0.1:9/wiki/callback",
		"http://127.0.0.1.evil.example/wiki/callback", "http://127.0.0.1:80@evil.example/wiki/callback", "http://localhost:9/wiki/callback",
		"http://[::1]:9/wiki/callback", "https://127.0.0.1:9/wiki/callback", "//127.0.0.1:9/wiki/callback", "/wiki/callback", "javascript:alert(1)",
		"data:text/html,x", "file:///etc/passwd", "http://127.0.0.1:9/desk/callback", " http://127.0.0.1:9/wiki/callback", "http://127.0.0.1:9/wiki/callback\t", "",
	} {
		for _, mode := range []string{"", "query", "fragment", "form_post", "form_post.jwt"} {
			address := s.asking("redirect_uri", uri)
			if mode != "" {
				address += "&response_mode=" + mode
			}
			stays(t, s, uri+" "+mode, address)
		}
	}
	loopback := s.asking("redirect_uri", "http://127.0.0.1:34567/wiki/callback")
	if page := harness.ApplicationBrowser(t).Open(t, loopback); page.URL.Path != "/login" {
		t.Errorf("another port of loopback: the browser is at %s (%d), want the sign-in", page.URL, page.Status)
	}
}

// unsafeRedirects: an address that leads astray is refused when it is saved
// (CVE-2020-10776).
func unsafeRedirects(t *testing.T, s relyingStage) {
	for _, uri := range []string{
		"javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://app.example/cb", "https://app.example/cb#x", "https://a@app.example/cb",
		"https://*.app.example/cb", "com.example.app:/cb", "vbscript:x", "//app.example/cb",
	} {
		manifest := strings.Replace(harness.Applications(harness.Manifest(s.house.Mail.Port())), "http://127.0.0.1:9/wiki/callback", uri, 1)
		s.house.Run(t, "plan", "-f", s.house.Write(t, "unsafe.yaml", manifest)).Want(t, 1)
	}
}

// foreignExits: a person is sent to the registered exit alone, and only at the
// word of an application that proves the session (module
// oidcc-rp-initiated-logout and its kin).
func foreignExits(t *testing.T, s relyingStage) {
	for what, change := range map[string]func(q url.Values){
		"not registered": func(q url.Values) { q.Set("post_logout_redirect_uri", "https://evil.example/") },
		"a query added":  func(q url.Values) { q.Set("post_logout_redirect_uri", s.wiki.Exit()+"?x=1") },
		"another port":   func(q url.Values) { q.Set("post_logout_redirect_uri", "http://127.0.0.1:10/wiki/bye") },
		"of another application": func(q url.Values) {
			q.Set("post_logout_redirect_uri", harness.Phone.Exit())
		},
		"a tampered hint": func(q url.Values) {
			hint := q.Get("id_token_hint")
			q.Set("id_token_hint", hint[:len(hint)-4]+"AAAA")
		},
		"no hint and no application": func(q url.Values) { q.Del("id_token_hint") },
	} {
		b := harness.ApplicationBrowser(t)
		in := s.n.Enter(t, b, s.wiki, harness.Alice)
		q := url.Values{"id_token_hint": {in.RawID}, "post_logout_redirect_uri": {s.wiki.Exit()}}
		change(q)
		if page := b.Open(t, s.wiki.Ends+"?"+q.Encode()); page.Status == 0 || page.URL.Host != s.n.Host() {
			t.Errorf("%s: the browser is at %s, want a page of ours", what, page.URL)
		}
	}
}

// foreignCodes: a code is redeemed by the application it was made for, and
// whoever else tries has spent it (CVE-2026-28513).
func foreignCodes(t *testing.T, s relyingStage) {
	thief := s.n.Party(t, harness.Payroll)
	thief.Config.RedirectURL = s.wiki.Home()
	asked, code := s.n.Code(t, harness.ApplicationBrowser(t), s.wiki, harness.Alice)
	_, err := thief.Redeem(t.Context(), asked, code)
	refusedGrant(t, "another application", err)
	_, err = s.wiki.Redeem(t.Context(), asked, code)
	refusedGrant(t, "its own application afterwards", err)
	// A wrong verifier is no better.
	asked, code = s.n.Code(t, harness.ApplicationBrowser(t), s.wiki, harness.Alice)
	asked.Verifier = oauth2.GenerateVerifier()
	_, err = s.wiki.Redeem(t.Context(), asked, code)
	refusedGrant(t, "another verifier", err)
}

// foreignRefreshTokens: a refresh token is of use to its application alone
// (CVE-2026-55672, CVE-2026-32245).
func foreignRefreshTokens(t *testing.T, s relyingStage) {
	in := s.n.Enter(t, harness.ApplicationBrowser(t), s.wiki, harness.Alice)
	for _, c := range []harness.Client{harness.Payroll, harness.Phone} {
		_, err := redeem(t.Context(), s.n.Party(t, c), in.Token.RefreshToken)
		refusedGrant(t, c.ID, err)
	}
}

// codesUsedTwice: the second use is refused and ends what the first was given.
func codesUsedTwice(t *testing.T, s relyingStage) {
	asked, code := s.n.Code(t, harness.ApplicationBrowser(t), s.wiki, harness.Alice)
	in, err := s.wiki.Redeem(t.Context(), asked, code)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.wiki.Redeem(t.Context(), asked, code)
	refusedGrant(t, "the second use", err)
	s.dead(t, "what the first use gave", s.wiki, in.Token)
}

// dead requires that nothing of a token counts any more.
func (s relyingStage) dead(t *testing.T, what string, p *harness.Party, token *oauth2.Token) {
	t.Helper()
	harness.Until(t, spread, what+" ends", func() bool {
		_, err := p.Provider.UserInfo(t.Context(), oauth2.StaticTokenSource(token))
		return err != nil
	})
	_, err := redeem(t.Context(), p, token.RefreshToken)
	refusedGrant(t, what, err)
	for _, word := range []string{token.AccessToken, token.RefreshToken} {
		if s.inspect(t, p, word) {
			t.Errorf("%s: introspection says it is active", what)
		}
	}
}

// inspect asks whether a token counts (RFC 7662).
func (s relyingStage) inspect(t *testing.T, p *harness.Party, token string) (active bool) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.n.URL+"/oauth2/introspect", strings.NewReader(url.Values{"token": {token}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(p.ID, p.Secret)
	var said struct{ Active bool }
	decode(t, r, &said)
	return said.Active
}
