package meeting

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/identity"
)

// public is the whole list of what may be called without a token; a row that
// is new to it has to be put here by hand.
var public = map[string]bool{
	"POST /v1/usg/acs/auth/account": true, "POST /v2/usg/acs/auth/account": true, "POST /v2/usg/acs/auth/appauth": true,
	"POST /v1/usg/acs/auth/proxy": true, "GET /v1/usg/acs/auth/authorizeurl": true,
	"PUT /v1/usg/acs/token": true, "POST /v1/usg/acs/token/validate": true, "POST /v2/usg/acs/token/validate": true,
	"POST /v1/usg/acs/auth/slideverifycode/send": true, "PUT /v1/usg/acs/auth/slideverifycode/check": true,
	"POST /v1/usg/acs/verifycode/send": true, "PUT /v1/usg/acs/verifycode/check": true, "PUT /v1/usg/acs/password/reset": true,
}

// filled is a path with something in place of its names.
func filled(path string) string {
	return strings.NewReplacer(
		"{app_id}", acmeAppID, "{dept_code}", "1", "{account}", "carl@acme.example", "{value}", "0", "{id}", "acme",
		"{corp_id}", "acme", "{sn}", "SN_1", "{user_id}", "none").Replace(path)
}

func TestNobodyIsRefusedEverywhere(t *testing.T) {
	h := newHouse(t)
	for _, o := range operations {
		name := o.method + " " + o.path
		if public[name] != (o.who == anyone) {
			t.Errorf("%s: open to anyone = %v, the list of this test says %v", name, o.who == anyone, public[name])
		}
		w := h.request(o.method, filled(o.path), "")
		if w.Code < 400 {
			t.Errorf("%s without anything: %d %s, want a refusal", name, w.Code, w.Body)
		}
		if o.who != anyone {
			refused(t, w, 401, "USG.000000004")
			w = h.request(o.method, filled(o.path), "", "X-Access-Token: nonsense", basic("anna@acme.example", password))
			refused(t, w, 401, "USG.206020000")
		}
	}
}

// Whoever has too small a role is refused before the body is looked at.
func TestRoles(t *testing.T) {
	h := newHouse(t)
	words := map[string]string{}
	for _, who := range []string{"anna@acme.example", "ben@acme.example", "carl@acme.example", "root@seller.example"} {
		words[who] = h.login(who).AccessToken
	}
	allowed := map[caller]map[string]bool{
		signedIn:      {"anna@acme.example": true, "ben@acme.example": true, "carl@acme.example": true, "root@seller.example": true},
		person:        {"anna@acme.example": true, "ben@acme.example": true, "carl@acme.example": true},
		administrator: {"anna@acme.example": true, "ben@acme.example": true},
		owner:         {"anna@acme.example": true},
		provider:      {"root@seller.example": true},
		caller(99):    {},
	}
	m := &h.surface.meeting
	for role, who := range allowed {
		o := operation{path: "/probe", who: role, do: func(*meeting, *call) (any, error) { return nil, nil }}
		for account, word := range words {
			r := httptest.NewRequest(http.MethodGet, "/probe", nil)
			r.Header.Set("X-Access-Token", word)
			w := httptest.NewRecorder()
			m.serve(w, r, &o)
			if who[account] {
				if w.Code != 200 || w.Body.Len() > 0 {
					t.Errorf("role %d, %s: %d %s, want 200", role, account, w.Code, w.Body)
				}
				continue
			}
			refused(t, w, 403, "USG.201020001")
		}
	}
}

func TestTwoTokensAreNone(t *testing.T) {
	h := newHouse(t)
	word := h.login("carl@acme.example").AccessToken
	refused(t, h.request("DELETE", "/v1/usg/acs/token", "", "X-Access-Token: "+word, "X-Access-Token: "+word), 401, "USG.000000004")
	refused(t, h.request("DELETE", "/v1/usg/acs/token", "", "X-Access-Token: "), 401, "USG.000000004")
	// The token may be sent in the header alone, in any letter case of its name.
	h.answer(h.request("DELETE", "/v1/usg/acs/token", "", "x-access-token: "+word))
}

func TestUnknownPathsAndMethods(t *testing.T) {
	h := newHouse(t)
	for _, c := range []struct {
		method, path string
		status       int
		code, allow  string
	}{
		{"GET", "/v1/usg/", 404, "USG.000000404", ""},
		{"POST", "/v1/usg/acs/token/validate/", 404, "USG.000000404", ""},
		{"POST", "/v1/usg//acs/token/validate", 404, "USG.000000404", ""},
		{"POST", "/v1/usg/dcs/../acs/token/validate", 404, "USG.000000404", ""},
		{"POST", "/V1/usg/acs/token/validate", 404, "USG.000000404", ""},
		{"PUT", "/v2/usg/acs/token", 404, "USG.000000404", ""},
		{"GET", "/v1/usg/acs/token", 405, "USG.000000405", "DELETE, PUT"},
		{"HEAD", "/v1/usg/acs/token/validate", 405, "USG.000000405", "POST"},
		{"OPTIONS", "/v2/usg/acs/auth/appauth", 405, "USG.000000405", "POST"},
		{"POST", "/v2/usg/acs/corp/app/abc", 405, "USG.000000405", "DELETE, PUT"},
	} {
		r := httptest.NewRequest(c.method, "/", strings.NewReader("{"))
		r.URL = &url.URL{Path: c.path}
		w := httptest.NewRecorder()
		h.surface.ServeHTTP(w, r)
		refused(t, w, c.status, c.code)
		if got := w.Header().Get("Allow"); got != c.allow {
			t.Errorf("%s %s: Allow = %q, want %q", c.method, c.path, got, c.allow)
		}
	}
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	h := newHouse(t)
	for name, w := range map[string]*httptest.ResponseRecorder{
		"error":   h.request("GET", "/v1/usg/nowhere", ""),
		"success": h.request("POST", "/v1/usg/acs/auth/account", `{"account":"carl@acme.example","clientType":72}`, basic("carl@acme.example", password)),
		"empty":   h.request("DELETE", "/v1/usg/acs/token", "", "X-Access-Token: "+h.login("carl@acme.example").AccessToken),
	} {
		for header, want := range map[string]string{
			"Content-Type": "application/json;charset=UTF-8", "Cache-Control": "no-cache", "Pragma": "No-cache",
			"Expires": "Thu, 01 Jan 1970 00:00:00 GMT", "X-Content-Type-Options": "nosniff",
		} {
			if got := w.Header().Get(header); got != want {
				t.Errorf("%s: %s = %q, want %q", name, header, got, want)
			}
		}
	}
}

func TestMediaTypes(t *testing.T) {
	h := newHouse(t)
	body := `{"account":"carl@acme.example","clientType":72}` + "\n"
	for media, want := range map[string]int{
		"": 200, "application/json": 200, "application/json;charset=utf-8": 200, "Application/JSON; charset=UTF-8": 200,
		"application/json ; charset=gbk": 200, "text/plain": 400, "application/jsonp": 400, "application/x-www-form-urlencoded": 400,
	} {
		w := h.request("POST", "/v1/usg/acs/auth/account", body, basic("carl@acme.example", password), "Content-Type: "+media)
		if w.Code != want {
			t.Errorf("Content-Type %q: %d %s, want %d", media, w.Code, w.Body, want)
		}
	}
}

func TestLanguages(t *testing.T) {
	h := newHouse(t)
	english := "Nothing was found"
	for header, want := range map[string]bool{
		"": false, "zh-CN": false, "en-US": true, "EN-us": true, "en-US,en;q=0.9,zh-CN;q=0.8": true, "en-US;q=1": true,
		"zh-CN,en-US": false, "fr-FR": false, "en": false, "*": false, strings.Repeat("x", 5000): false, "en-USA": false,
	} {
		w := h.request("GET", "/v1/usg/nowhere", "", "Accept-Language: "+header)
		if got := strings.Contains(w.Body.String(), english); got != want {
			t.Errorf("Accept-Language %.20q: %s; want English %v", header, w.Body, want)
		}
	}
}

func TestBodyTooLarge(t *testing.T) {
	h := newHouse(t)
	r := httptest.NewRequest(http.MethodPost, "/v1/usg/acs/auth/account", strings.NewReader(`{"account":"`+strings.Repeat("a", 5000)))
	w := httptest.NewRecorder()
	r.Body = http.MaxBytesReader(w, r.Body, 4000)
	h.surface.ServeHTTP(w, r)
	refused(t, w, 413, "USG.000000003")
}

// The access log learns who signed in and who called.
func TestNotesTheActor(t *testing.T) {
	h := newHouse(t)
	var actor, organization string
	h.o.Note = func(_ *http.Request, a, o string) { actor, organization = a, o }
	h.build()
	word := h.login("carl@acme.example").AccessToken
	if actor != string(h.carl.Member.ID) || organization != string(h.acme.ID) {
		t.Errorf("after the login: %q, %q", actor, organization)
	}
	actor = ""
	h.request("DELETE", "/v1/usg/acs/token", "", "X-Access-Token: "+word)
	if actor != string(h.carl.Member.ID) {
		t.Errorf("after a call with the token: %q", actor)
	}
	h.login("root@seller.example")
	if actor == "" || organization != "" {
		t.Errorf("after the login of the provider: %q, %q", actor, organization)
	}
}

func TestNewNeedsItsParts(t *testing.T) {
	if _, err := New(Options{Origin: func(*http.Request) identity.Origin { return origin }}); err == nil {
		t.Error("New without parts succeeded")
	}
	if got := realmOf(nil); got != "orgate.local" {
		t.Errorf("realm without an address = %q", got)
	}
}
