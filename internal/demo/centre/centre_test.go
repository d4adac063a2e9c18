package centre

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/demo/standin"
)

// clock is a clock that tests move.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

// visitor is a plain HTTP client of a centre, a browser and an app in one. It
// follows no redirect.
type visitor struct {
	*http.Client
	t     *testing.T
	base  string
	clock *clock
}

const (
	secret   = "0123456789abcdef0123456789abcdef"
	callback = "http://127.0.0.1:8080/sso/callback/src_1?kept=1"
)

func open(t *testing.T) *visitor {
	t.Helper()
	at := &clock{time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	c, err := New(Options{
		Name: "Acme", Address: "http://centre.test", Now: at.now,
		Apps: []App{
			{ID: "orgate", Secret: secret, Name: "Orgate", Domains: []string{"127.0.0.1"}},
			{ID: "wiki", Secret: "wiki-" + secret, Name: "Wiki", Domains: []string{"127.0.0.1"}, AnyScope: true},
		},
		People: []Person{{
			Account: "alice", Password: "sesame", OpenID: "alice-open", Nickname: "Alice <Archer>", Sex: 2, City: "Shenzhen",
			Province: "Guangdong", Country: "CN", Email: "alice@acme.example", Mobile: "+8613800000001",
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(c.Handler())
	t.Cleanup(server.Close)
	client := server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &visitor{client, t, server.URL, at}
}

// answer is what came back, with the body read.
type answer struct {
	*http.Response
	text string
}

func (a answer) json(t *testing.T) map[string]any {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal([]byte(a.text), &object); err != nil {
		t.Fatalf("got %q, want a JSON object", a.text)
	}
	return object
}

func (v *visitor) do(method, path string, form url.Values, header ...string) answer {
	v.t.Helper()
	r, err := http.NewRequest(method, v.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := v.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return answer{resp, string(text)}
}

func (v *visitor) get(path string) answer { return v.do(http.MethodGet, path, nil) }

// pagePath is the address of the page, with some parameters changed: name and
// value in turn, "" for none.
func pagePath(changes ...string) string {
	q := url.Values{
		"appid": {"orgate"}, "redirect_uri": {callback}, "response_type": {"code"}, "scope": {"snsapi_login"}, "state": {"s&1"},
	}
	for i := 0; i+1 < len(changes); i += 2 {
		q.Set(changes[i], changes[i+1])
		if changes[i+1] == "" {
			q.Del(changes[i])
		}
	}
	return "/connect/qrconnect?" + q.Encode()
}

// code signs alice in and returns the code she brings.
func (v *visitor) code(at string) string {
	v.t.Helper()
	a := v.do(http.MethodPost, at, url.Values{"account": {"alice"}, "password": {"sesame"}})
	to, err := a.Location()
	if a.StatusCode != http.StatusSeeOther || err != nil {
		v.t.Fatalf("got %d %q, want a way back", a.StatusCode, a.text)
	}
	if got, want := to.Host+to.Path+to.Query().Get("kept")+to.Query().Get("state"), "127.0.0.1:8080/sso/callback/src_11s&1"; got != want {
		v.t.Fatalf("got %s, want %s", got, want)
	}
	if a.Header.Get("Referrer-Policy") != "no-referrer" {
		v.t.Error("the way back tells where it comes from")
	}
	return to.Query().Get("code")
}

func tokenPath(code string) string {
	return "/sns/oauth2/access_token?appid=orgate&secret=" + secret + "&grant_type=authorization_code&code=" + code
}

// token signs alice in and returns the answer with the token.
func (v *visitor) token() map[string]any {
	v.t.Helper()
	return v.get(tokenPath(v.code(pagePath()))).json(v.t)
}

func TestPage(t *testing.T) {
	v := open(t)
	a := v.get(pagePath())
	for _, part := range []string{"Acme", "<strong>Orgate</strong>", "<svg", `name="password"`, "扫码"} {
		if !strings.Contains(a.text, part) {
			t.Errorf("the page lacks %q:\n%s", part, a.text)
		}
	}
	if policy := a.Header.Get("Content-Security-Policy"); a.StatusCode != http.StatusOK || strings.Contains(policy, "form-action") {
		t.Errorf("got %d with %q, want a page whose form may end anywhere", a.StatusCode, policy)
	}
	for path, want := range map[string]string{
		"/": "Authentication centre", "/schema/pc?code=<x>": "<dt>code</dt>\n    <dd><code>&lt;x&gt;</code></dd>",
		"/style.css": ":root", "/portraits/alice-open": ">A</text>",
	} {
		if a := v.get(path); a.StatusCode != http.StatusOK || !strings.Contains(a.text, want) {
			t.Errorf("%s: got %d %q", path, a.StatusCode, a.text)
		}
	}
	if a := v.get("/portraits/nobody"); a.StatusCode != http.StatusNotFound {
		t.Errorf("a portrait of nobody: got %d", a.StatusCode)
	}
}

// The first two barriers are the ones that the public guide names.
func TestBarriers(t *testing.T) {
	v := open(t)
	for _, tt := range []struct {
		name, path, want string
	}{
		{"domain not authorised", pagePath("redirect_uri", "https://evil.example/callback"), "redirect_uri 参数错误"},
		{"scope is not snsapi_login", pagePath("scope", "openid"), "Scope 参数错误"},
		{"no scope", pagePath("scope", ""), "Scope 参数错误"},
		{"unknown app", pagePath("appid", "nobody"), "AppID 参数错误"},
		{"no app", pagePath("appid", ""), "AppID 参数错误"},
		{"no way back", pagePath("redirect_uri", ""), "redirect_uri 参数错误"},
		{"a name that reads like the domain", pagePath("redirect_uri", "http://127.0.0.1@evil.example/"), "redirect_uri 参数错误"},
		{"a user in front of the domain", pagePath("redirect_uri", "http://evil.example@127.0.0.1/"), "redirect_uri 参数错误"},
		{"a scheme of an app", pagePath("redirect_uri", "orgate-pc://login"), "redirect_uri 参数错误"},
		{"a token is asked for", pagePath("response_type", "token"), "response_type 参数错误"},
		{"userinfo's page for the strict app", strings.Replace(pagePath("scope", ""), "/connect/qrconnect", "/sns/userinfo", 1), "Scope 参数错误"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				a := v.do(method, tt.path, url.Values{"account": {"alice"}, "password": {"sesame"}})
				if a.StatusCode != http.StatusOK || a.Header.Get("Location") != "" || !strings.Contains(a.text, tt.want) {
					t.Errorf("%s: got %d to %q, %s; want a page with %q", method, a.StatusCode, a.Header.Get("Location"), a.text, tt.want)
				}
			}
		})
	}
}

func TestSignIn(t *testing.T) {
	v := open(t)
	for _, wrong := range []url.Values{
		{"account": {"alice"}, "password": {"wrong"}}, {"account": {"nobody"}, "password": {"sesame"}}, {"account": {"alice"}}, {},
	} {
		a := v.do(http.MethodPost, pagePath(), wrong)
		if a.StatusCode != http.StatusForbidden || !strings.Contains(a.text, `role="alert"`) {
			t.Errorf("%v: got %d, want the page again", wrong, a.StatusCode)
		}
	}
	a := v.do(http.MethodPost, pagePath(), url.Values{"cancel": {"1"}})
	to, err := a.Location()
	if err != nil || to.Query().Has("code") || to.Query().Get("state") != "s&1" {
		t.Errorf("cancelled: got %v, want the state without a code", to)
	}
	if a := v.do(http.MethodPost, pagePath(), url.Values{"account": {strings.Repeat("a", standin.FormLimit)}}); a.StatusCode != http.StatusBadRequest {
		t.Errorf("a huge form: got %d, want 400", a.StatusCode)
	}
	if code := v.code(pagePath()); code == "" || code == v.code(pagePath()) {
		t.Error("want a new code each time")
	}
}

// Secrets and passwords show nowhere but on the wire.
func TestRedacted(t *testing.T) {
	for _, v := range []any{App{ID: "a", Secret: "hidden"}, Person{Account: "a", Password: "hidden"}} {
		if text := fmt.Sprintf("%v %+v %#v %s", v, v, v, v.(interface{ String() string }).String()); strings.Contains(text, "hidden") {
			t.Errorf("got %s", text)
		}
	}
}
