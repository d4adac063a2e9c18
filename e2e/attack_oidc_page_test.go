package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

// foreignConsent: what one browser is asked, another cannot answer
// (CVE-2022-39222).
func foreignConsent(t *testing.T, s relyingStage) {
	p := s.n.Party(t, harness.Careful)
	asked := p.Ask()
	b := harness.ApplicationBrowser(t)
	page := b.SignIn(t, b.Open(t, asked.URL), harness.Alice)
	if page.Status != http.StatusOK || len(page.Forms) == 0 {
		t.Fatalf("no consent is asked at %s (%d)", page.URL, page.Status)
	}
	thief := harness.ApplicationBrowser(t)
	s.n.Enter(t, thief, s.wiki, harness.Bob)
	if taken := thief.Press(t, page, "Agree"); taken.Status == 0 && taken.URL.Query().Get("code") != "" {
		t.Errorf("another browser was given a code: %s", taken.URL)
	}
	if got := s.n.Answer(t, p, asked, b.Press(t, page, "Agree")); got.Get("code") == "" {
		t.Errorf("the browser that was asked: %v, want a code", got)
	}
}

// pagesOnTheWay: a session that was there before is worth nothing afterwards,
// other sites neither send the form nor frame the page, and codes leave by no
// referrer (CVE-2026-7507, CVE-2026-28741; RFC 9700, 4.2).
func pagesOnTheWay(t *testing.T, s relyingStage) {
	b := harness.ApplicationBrowser(t)
	page := b.Open(t, s.wiki.Ask().URL)
	h := page.Header
	if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'none'") || !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("the policy of the sign-in page: %s", csp)
	}
	if h.Get("Access-Control-Allow-Origin") != "" || h.Get("X-Frame-Options") == "ALLOWALL" {
		t.Errorf("the headers of the sign-in page: %v", h)
	}
	for _, origin := range []string{"https://evil.example", "null"} {
		a := s.n.Do(t, harness.Call{
			Method: http.MethodPost, Path: "/login", Body: page.Forms[0].Values.Encode(),
			Header: map[string]string{"Origin": origin, "Sec-Fetch-Site": "cross-site", "Content-Type": "application/x-www-form-urlencoded"},
		})
		if a.Status != http.StatusForbidden || a.Header.Get("Set-Cookie") != "" {
			t.Errorf("a form of %s: %d %s", origin, a.Status, a.Header.Get("Set-Cookie"))
		}
	}
	in := b.SignIn(t, page, harness.Alice)
	if got := in.Header.Get("Referrer-Policy"); got != "no-referrer" {
		t.Errorf("the answer with a code has the referrer policy %q", got)
	}
	if got := in.Header.Get("Cache-Control"); !strings.Contains(got, "no-store") {
		t.Errorf("the answer with a code may be stored: %q", got)
	}
}

// markupInNames: what an administrator calls an application is text
// (CVE-2024-41658 and its kin).
func markupInNames(t *testing.T, _ relyingStage) {
	house := harness.NewWithApplications(t, harness.Options{})
	n := house.Start(t)
	const name = `<svg onload=alert(1)>{{7*7}}</script>`
	whole := harness.Applications(harness.Manifest(house.Mail.Port()))
	house.Apply(t, strings.NewReplacer("name: Wiki,", `name: "`+name+`",`, "name: Payroll,", `name: "`+name+`",`, "name: Careful,", `name: "`+name+`",`).Replace(whole))
	for _, c := range []harness.Client{harness.Wiki, harness.Payroll, harness.Careful} {
		b := harness.ApplicationBrowser(t)
		page := b.Open(t, n.Party(t, c).Ask(harness.Param("login_hint", name), harness.Param("ui_locales", name)).URL)
		texts := []string{page.Text, b.SignIn(t, page, harness.Bob).Text}
		for _, text := range texts {
			if strings.Contains(text, "<svg onload") || strings.Contains(text, "49}") || strings.Contains(text, "}}</script>") {
				t.Errorf("%s: the name is markup:\n%.1500s", c.ID, text)
			}
		}
	}
	stranger := n.Do(t, harness.Call{Path: "/oauth2/authorize?client_id=%3Csvg+onload%3Dalert(1)%3E&error_description=%3Csvg+onload%3E"})
	if stranger.Status < 400 || strings.Contains(string(stranger.Body), "<svg onload") {
		t.Errorf("an unknown application: %d %.1500s", stranger.Status, stranger.Body)
	}
}
