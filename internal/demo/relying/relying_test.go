package relying

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// visitor is a browser before a site that relies on a gate.
type visitor struct {
	*gate
	site    string
	browser *http.Client
}

func newVisitor(t *testing.T) *visitor {
	t.Helper()
	g := newGate(t)
	server := httptest.NewUnstartedServer(nil)
	address := "http://" + server.Listener.Addr().String()
	site, err := New(Options{
		Address: address, Issuer: g.url, Now: func() time.Time { return g.now },
		Apps: []App{
			{Path: "wiki", Title: "Wiki", ClientID: "wiki", Secret: "of the wiki", Scopes: []string{"openid", "profile"}},
			{Path: "desk", Title: "Help desk", ClientID: "desk", Secret: "of the desk", Plain: true},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = site.Handler()
	server.Start()
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{gate: g, site: address, browser: &http.Client{Jar: jar}}
}

// get follows redirects and returns where they end.
func (v *visitor) get(path string) (status int, at, page string) {
	v.t.Helper()
	return v.send(v.browser, v.request(http.MethodGet, path, nil))
}

func (v *visitor) post(path string, form url.Values) (status int, at, page string) {
	v.t.Helper()
	return v.send(v.browser, v.request(http.MethodPost, path, form))
}

func (v *visitor) request(method, path string, form url.Values) *http.Request {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.site+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r
}

func (v *visitor) send(client *http.Client, r *http.Request) (status int, at, page string) {
	v.t.Helper()
	resp, err := client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return resp.StatusCode, strings.TrimPrefix(resp.Request.URL.String(), v.site), string(raw)
}

// shows checks what a page says and does not say.
func (v *visitor) shows(page string, says ...string) {
	v.t.Helper()
	for _, want := range says {
		unwanted, not := strings.CutPrefix(want, "!")
		if strings.Contains(page, strings.TrimPrefix(want, "!")) == not {
			v.t.Errorf("the page should say %q (%t):\n%s", unwanted, !not, page)
		}
	}
}

func TestSigningIn(t *testing.T) {
	v := newVisitor(t)
	_, _, page := v.get("/")
	v.shows(page, `href="/wiki/"`, "Help desk", v.url, "!of the wiki")
	_, _, page = v.get("/wiki/")
	v.shows(page, "Nobody is signed in here")
	status, at, page := v.get("/wiki/login?max_age=60&client_id=thief")
	if status != http.StatusOK || at != "/wiki/" {
		t.Errorf("ended at %s with %d, want the wiki", at, status)
	}
	v.shows(page, "Signed in as <strong>Alice</strong>", "2027-01-15T08:00:00Z", "email_verified", "session-1", "opaque", "!secret-access", "!secret-refresh")
	for name, want := range map[string]string{
		"client_id": "wiki", "scope": "openid profile", "max_age": "60", "redirect_uri": v.site + "/wiki/callback", "code_challenge_method": "S256",
	} {
		if got := v.asked.Get(name); got != want {
			t.Errorf("asked with %s=%q, want %q", name, got, want)
		}
	}
	if v.asked.Get("state") == "" || v.asked.Get("nonce") == "" {
		t.Error("asked without state or nonce")
	}
	_, _, page = v.get("/desk/")
	v.shows(page, "Nobody is signed in here")
	_, _, page = v.get("/desk/login")
	v.shows(page, "Signed in as <strong>Alice</strong>", "!ID token")
}

func TestAnswersThatDoNotCount(t *testing.T) {
	tests := []struct {
		name   string
		claims map[string]any
		about  string
		path   string
		status int
		says   string
	}{
		{"refused", nil, "s1", "/wiki/login?prompt=none", http.StatusForbidden, "login_required"},
		{"another issuer", map[string]any{"iss": "https://thief.example"}, "s1", "/wiki/login", http.StatusBadGateway, "does not count"},
		{"another audience", map[string]any{"aud": "other"}, "s1", "/wiki/login", http.StatusBadGateway, "does not count"},
		{"another nonce", map[string]any{"nonce": "x"}, "s1", "/wiki/login", http.StatusBadGateway, "another sign-in"},
		{"expired", map[string]any{"exp": 1}, "s1", "/wiki/login", http.StatusBadGateway, "does not count"},
		{"user info of another", nil, "s2", "/wiki/login", http.StatusBadGateway, "somebody else"},
		{"never begun", nil, "s1", "/wiki/callback?state=x&code=c", http.StatusBadRequest, "no sign-in"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := newVisitor(t)
			maps.Copy(v.claims, tt.claims)
			v.about = tt.about
			status, _, page := v.get(tt.path)
			if status != tt.status {
				t.Errorf("got %d, want %d", status, tt.status)
			}
			v.shows(page, tt.says)
			_, _, page = v.get("/wiki/")
			v.shows(page, "Nobody is signed in here")
		})
	}
}

func TestAnswersCountOnceAndForTheirProvider(t *testing.T) {
	v := newVisitor(t)
	v.get("/wiki/login")
	again := "/wiki/callback?" + url.Values{"state": {v.asked.Get("state")}, "code": {"c"}}.Encode()
	if status, _, _ := v.get(again); status != http.StatusBadRequest {
		t.Errorf("the same answer again: %d, want 400", status)
	}
	v.browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := v.browser.Get(v.site + "/wiki/login")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	asked, err := resp.Location()
	if err != nil {
		t.Fatal(err)
	}
	mixed := url.Values{"state": {asked.Query().Get("state")}, "code": {"c"}, "iss": {"https://thief.example"}}
	status, _, page := v.get("/wiki/callback?" + mixed.Encode())
	if v.shows(page, "another provider"); status != http.StatusBadRequest {
		t.Errorf("an answer of another provider: %d, want 400", status)
	}
}

func TestRenewing(t *testing.T) {
	v := newVisitor(t)
	v.get("/wiki/login")
	_, at, page := v.post("/wiki/refresh", nil)
	v.shows(page, "was renewed 1 time")
	if at != "/wiki/" || v.rounds != 1 {
		t.Errorf("ended at %s after %d redemptions, want the wiki after one", at, v.rounds)
	}
	v.gone = true
	_, _, page = v.post("/wiki/refresh", nil)
	v.shows(page, "renews nothing any more", "Nobody is signed in here")
}

func TestSigningOut(t *testing.T) {
	v := newVisitor(t)
	v.get("/wiki/login")
	_, at, page := v.post("/wiki/logout", nil)
	v.shows(page, "Signed out")
	if !strings.HasPrefix(at, "/wiki/bye") {
		t.Errorf("ended at %s, want the page of the wiki", at)
	}
	_, _, page = v.get("/wiki/")
	v.shows(page, "Nobody is signed in here")
	form := v.request(http.MethodPost, "/wiki/logout", nil)
	form.Header.Set("Origin", "https://thief.example")
	form.Header.Set("Sec-Fetch-Site", "cross-site")
	if status, _, _ := v.send(v.browser, form); status != http.StatusForbidden {
		t.Errorf("a form of another site: %d, want 403", status)
	}
}

func TestBackChannelLogout(t *testing.T) {
	event := map[string]any{eventLogout: map[string]any{}}
	good := map[string]any{"sid": "session-1", "sub": "s1", "jti": "1", "events": event}
	with := func(name string, value any) map[string]any {
		changed := maps.Clone(good)
		changed[name] = value
		return changed
	}
	tests := []struct {
		name   string
		claims map[string]any
		status int
		ends   bool
	}{
		{"good", good, http.StatusOK, true},
		{"by the person alone", with("sid", nil), http.StatusOK, true},
		{"another session", with("sid", "session-2"), http.StatusOK, false},
		{"another person", with("sub", "s2"), http.StatusOK, false},
		{"an ID token", with("nonce", "n"), http.StatusBadRequest, false},
		{"no event", with("events", nil), http.StatusBadRequest, false},
		{"nobody", map[string]any{"jti": "1", "events": event}, http.StatusBadRequest, false},
		{"no identifier", with("jti", nil), http.StatusBadRequest, false},
		{"another audience", with("aud", "desk"), http.StatusBadRequest, false},
		{"expired", with("exp", 1), http.StatusBadRequest, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := newVisitor(t)
			v.get("/wiki/login")
			form := url.Values{"logout_token": {v.sign(tt.claims)}}
			status, _, _ := v.send(http.DefaultClient, v.request(http.MethodPost, "/wiki/backchannel", form))
			if status != tt.status {
				t.Errorf("got %d, want %d", status, tt.status)
			}
			_, _, page := v.get("/wiki/")
			if tt.ends {
				v.shows(page, "by the back channel", "Nobody is signed in here")
			} else {
				v.shows(page, "Signed in as <strong>Alice</strong>")
			}
			// The same notice again ends nothing that came later.
			v.get("/wiki/login")
			v.send(http.DefaultClient, v.request(http.MethodPost, "/wiki/backchannel", form))
			_, _, page = v.get("/wiki/")
			v.shows(page, "Signed in as <strong>Alice</strong>")
		})
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	app := App{Path: "wiki", Secret: "of the wiki"}
	for _, text := range []string{fmt.Sprint(app), fmt.Sprintf("%#v", app), app.LogValue().String()} {
		if strings.Contains(text, app.Secret) {
			t.Errorf("printed: %s", text)
		}
	}
}

func TestServeUntilTold(t *testing.T) {
	site, err := New(Options{Address: "http://site.example", Issuer: "http://127.0.0.1:1", Now: func() time.Time { return time.Unix(0, 0) }, Apps: []App{{Path: "wiki"}}})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- site.Serve(ctx, listener) }()
	v := visitor{gate: &gate{t: t}, site: "http://" + listener.Addr().String(), browser: http.DefaultClient}
	status, _, page := v.get("/wiki/login")
	if v.shows(page, "cannot be reached"); status != http.StatusBadGateway {
		t.Errorf("without a provider: %d, want 502", status)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("served: %v", err)
	}
}
