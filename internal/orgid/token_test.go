package orgid

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// TestPublishedTokenExample replays the call of ShowOauth2Token in both forms,
// with and without the prefix.
func TestPublishedTokenExample(t *testing.T) {
	h := newHouse(t)
	answer := object(t, h.exchange(fields("access_type", "offline")))
	for name, want := range map[string]any{
		"access_token": "oga_access", "refresh_token": "ogr_refresh", "scope": "phone profile email", "token_type": "Bearer", "expires_in": 7200.0,
	} {
		if answer[name] != want {
			t.Errorf("%s: got %v, want %v", name, answer[name], want)
		}
	}
	if got := h.redeemed; !got.Offline || got.Code != "good" || got.RedirectURI != home || got.Application.ID != "app_crm" {
		t.Errorf("redemption: got %+v", got)
	}
	for _, kind := range []string{"", "online"} {
		if got := object(t, h.exchangeParts(t, fields("access_type", kind))); got["refresh_token"] != nil || got["access_token"] != "oga_access" || h.redeemed.Offline {
			t.Errorf("access_type %q: got %v", kind, got)
		}
	}
	w := h.call(http.MethodPost, "/v1/oauth2/token", strings.NewReader(fields().Encode()), "Content-Type", "application/x-www-form-urlencoded")
	if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("without the prefix: got %d %s", w.Code, w.Body)
	}
	if w := h.exchange(fields("redirect_uri", "", "redirect_url", home)); w.Code != http.StatusOK || h.redeemed.RedirectURI != home {
		t.Errorf("redirect_url: got %d %s", w.Code, w.Body)
	}
}

func TestRefresh(t *testing.T) {
	h := newHouse(t)
	w := h.exchange(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"ogr_1"}, "client_id": {"crm"}, "client_secret": {secret}})
	if got := object(t, w); got["refresh_token"] != "ogr_refresh" || h.rotated != "ogr_1" {
		t.Errorf("got %v", got)
	}
}

func TestBasicHeader(t *testing.T) {
	h := newHouse(t)
	good := "Basic " + base64.StdEncoding.EncodeToString([]byte("crm:"+secret))
	if w := h.exchange(fields("client_id", "", "client_secret", ""), "Authorization", good); w.Code != http.StatusOK {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	wantError(t, h.exchange(fields(), "Authorization", good), 401, "OrgID.OAUTH.4005")
	wantError(t, h.exchange(fields("client_secret", ""), "Authorization", "Basic ???"), 401, "OrgID.OAUTH.4005")
	wantError(t, h.exchange(fields("client_secret", "", "client_id", "other"), "Authorization", good), 401, "OrgID.OAUTH.4005")
}

func TestPublicApplication(t *testing.T) {
	h := newHouse(t)
	h.app.OAuth.Public, h.app.OAuth.AuthMethods, h.app.Secrets = true, []identity.AuthMethod{identity.AuthNone}, nil
	if w := h.exchange(fields("client_secret", "", "code_verifier", "v")); w.Code != http.StatusOK || h.redeemed.Verifier != "v" {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	wantError(t, h.exchange(fields()), 401, "OrgID.OAUTH.4005")
}

func TestTokenErrors(t *testing.T) {
	h := newHouse(t)
	for name, tt := range map[string]struct {
		form   url.Values
		status int
		code   string
	}{
		"no grant type":    {fields("grant_type", ""), 400, "OrgID.OAUTH.4002"},
		"another grant":    {fields("grant_type", "password"), 400, "OrgID.OAUTH.4002"},
		"no code":          {fields("code", ""), 400, "OrgID.OAUTH.4003"},
		"wrong code":       {fields("code", "bad"), 400, "OrgID.OAUTH.4003"},
		"no redirect":      {fields("redirect_uri", ""), 400, "OrgID.OAUTH.4004"},
		"another redirect": {fields("redirect_uri", "https://evil.example"), 400, "OrgID.OAUTH.4004"},
		"two redirects":    {fields("redirect_url", "https://evil.example"), 400, "OrgID.OAUTH.4004"},
		"wrong secret":     {fields("client_secret", "x"), 401, "OrgID.OAUTH.4005"},
		"no secret":        {fields("client_secret", ""), 401, "OrgID.OAUTH.4005"},
		"unknown client":   {fields("client_id", "nobody"), 401, "OrgID.OAUTH.4005"},
		"no client":        {fields("client_id", ""), 401, "OrgID.OAUTH.4005"},
		"NUL":              {fields("code", "\x00"), 400, "OrgID.OAUTH.4008"},
		"twice":            {url.Values{"code": {"a", "b"}}, 400, "OrgID.OAUTH.4008"},
	} {
		t.Run(name, func(t *testing.T) { wantError(t, h.exchange(tt.form), tt.status, tt.code) })
	}
	wantError(t, h.exchangeParts(t, fields("client_secret", "x")), 401, "OrgID.OAUTH.4005")
	wantError(t, h.call(http.MethodPost, pathBase+"/token", strings.NewReader("{}"), "Content-Type", "application/json"), 400, "OrgID.OAUTH.4008")
	wantError(t, h.exchange(fields("code", strings.Repeat("x", maxForm))), 413, "OrgID.OAUTH.4008")
	wantError(t, h.call(http.MethodGet, pathBase+"/token", nil), 405, "OrgID.OAUTH.4008")
	wantError(t, h.call(http.MethodGet, "/orgid/openapi/v2/x", nil), 404, "OrgID.OAUTH.4008")
	h.err = fault.New(fault.Forbidden, fault.CodeEntryRefused)
	wantError(t, h.exchange(fields()), 403, "OrgID.OAUTH.4007")
	h.err = fault.New(fault.Unavailable, fault.CodeUnavailable)
	wantError(t, h.exchange(fields()), 503, "OrgID.OAUTH.5000")
	h.err = nil
	h.app.OAuth.Grants = nil
	wantError(t, h.exchange(fields()), 400, "OrgID.OAUTH.4002")
	h.app.Status = identity.ApplicationDisabled
	wantError(t, h.exchange(fields()), 401, "OrgID.OAUTH.4005")
}

// TestStandardCodes: an application of OpenID Connect finds the codes of the
// standard in error.
func TestStandardCodes(t *testing.T) {
	h := newHouse(t)
	h.app.Protocol = identity.ProtocolOIDC
	for form, want := range map[string]string{"code=bad": "invalid_grant", "grant_type=x": "unsupported_grant_type"} {
		name, value, _ := strings.Cut(form, "=")
		got := object(t, h.exchange(fields(name, value)))
		if got["error"] != want || got["error_code"] == want {
			t.Errorf("%s: got %v, want %s", form, got, want)
		}
	}
}

func TestUnknownApplicationsCostTheSame(t *testing.T) {
	h := newHouse(t)
	h.exchange(fields("client_id", "nobody"))
	if h.proofs != 1 {
		t.Errorf("got %d proofs, want one", h.proofs)
	}
}

func TestEveryKindIsTold(t *testing.T) {
	for _, kind := range fault.Kinds() {
		r, ok := repliesByKind[kind]
		if !ok || !strings.HasPrefix(r.code, "OrgID.OAUTH.") || r.status < 400 || r.standard == "" {
			t.Errorf("kind %s: got %+v", kind, r)
		}
	}
	for code, r := range replies {
		if !strings.HasPrefix(r.code, "OrgID.OAUTH.") || r.status < 400 || r.status > 499 {
			t.Errorf("code %s: got %+v", code, r)
		}
	}
}

func TestNewWantsEveryOption(t *testing.T) {
	if _, err := New(Options{}); err == nil {
		t.Error("got a surface without anything behind it")
	}
}

// FuzzForm: whatever comes as a form is read or refused.
func FuzzForm(f *testing.F) {
	f.Add(fields().Encode(), "application/x-www-form-urlencoded")
	f.Add("--b\r\nContent-Disposition: form-data; name=\"code\"\r\n\r\nx\r\n--b--\r\n", "multipart/form-data; boundary=b")
	f.Add("--b\r\nContent-Disposition: form-data; name=\"code\"; filename=\"x\"\r\n\r\nx\r\n--b--\r\n", "multipart/form-data; boundary=b")
	h := newHouse(f)
	f.Fuzz(func(t *testing.T, body, kind string) {
		w := h.call(http.MethodPost, pathBase+"/token", strings.NewReader(body), "Content-Type", kind)
		if w.Code >= http.StatusInternalServerError {
			t.Fatalf("got %d", w.Code)
		}
	})
}
