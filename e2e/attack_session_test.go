package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

// sessionCookie signs somebody in at a browser and returns what it would send.
func sessionCookie(t *testing.T, n *harness.Node, account string) string {
	t.Helper()
	b := harness.NewBrowser(t)
	b.SignIn(t, b.Open(t, n.URL+"/account"), account)
	last := ""
	for _, c := range b.Cookies() {
		// Eight digits tell installations of one host apart; other cookies have other names.
		if digits, ok := strings.CutPrefix(c.Name, "orgate_"); ok && len(digits) == 8 && c.Value != "" {
			last = c.Name + "=" + c.Value
			n.Secret(c.Value)
		}
	}
	if last == "" {
		t.Fatalf("no session among the cookies %v", b.Cookies())
	}
	return last
}

// foreignPages: what another site makes a signed-in browser send to the
// management API is nobody's (CVE-2026-28741, CVE-2024-41657).
func foreignPages(t *testing.T, s stage) {
	cookie := sessionCookie(t, s.n, harness.Alice)
	type header = map[string]string
	call := func(method, path string, body any, more header) harness.Answer {
		h := header{"Cookie": cookie}
		for name, value := range more {
			h[name] = value
		}
		return s.n.Do(t, harness.Call{Method: method, Path: path, Body: body, Header: h})
	}
	var me struct {
		Kind      string
		CSRFToken string `json:"csrf_token"`
	}
	call(http.MethodGet, "/api/v1/me", nil, header{"Sec-Fetch-Site": "same-origin"}).Want(t, http.StatusOK, "").Into(t, &me)
	if me.Kind != "member" || me.CSRFToken == "" {
		t.Fatalf("our own page is told %+v", me)
	}
	s.n.Secret(me.CSRFToken)
	const path = "/api/v1/me/contacts"
	body := map[string]any{"name": "Planted"}
	for name, more := range map[string]header{
		"another site":            {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
		"with a stolen word":      {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example", "X-CSRF-Token": me.CSRFToken},
		"a neighbouring host":     {"Sec-Fetch-Site": "same-site", "X-CSRF-Token": me.CSRFToken},
		"a foreign origin alone":  {"Origin": "https://evil.example", "X-CSRF-Token": me.CSRFToken},
		"a sandboxed frame":       {"Origin": "null", "X-CSRF-Token": me.CSRFToken},
		"a simple form":           {"Origin": "https://evil.example", "Content-Type": "application/x-www-form-urlencoded"},
		"a form of plain text":    {"Content-Type": "text/plain"},
		"no word on our own page": {"Sec-Fetch-Site": "same-origin", "Origin": s.n.URL},
		"a word of somebody else": {"Sec-Fetch-Site": "same-origin", "X-CSRF-Token": strings.Repeat("A", len(me.CSRFToken))},
	} {
		a := call(http.MethodPost, path, body, more)
		if a.Status != http.StatusUnauthorized && a.Status != http.StatusForbidden {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
		if a.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: the answer may be read from %q", name, a.Header.Get("Access-Control-Allow-Origin"))
		}
	}
	for _, site := range []string{"cross-site", "same-site", "none"} {
		call(http.MethodGet, "/api/v1/me", nil, header{"Sec-Fetch-Site": site}).Want(t, http.StatusUnauthorized, "")
	}
	asked := call(http.MethodOptions, path, nil, header{"Origin": "https://evil.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-csrf-token"})
	if asked.Status < 400 || asked.Header.Get("Access-Control-Allow-Headers") != "" {
		t.Errorf("a preflight: %d %v", asked.Status, asked.Header)
	}
	made := call(http.MethodPost, path, body, header{"Sec-Fetch-Site": "same-origin", "Origin": s.n.URL, "X-CSRF-Token": me.CSRFToken})
	made.Want(t, http.StatusCreated, "")
}
