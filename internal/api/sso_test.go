package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

const ssoPath = "/organizations/acme/sso"

// enabled is a whole configuration.
const enabled = `{"enabled":true,"domain":"New.Example","authorize_url":"https://c.example/a","token_url":"https://c.example/t","userinfo_url":"https://c.example/u",
	"client_id":"orgate","client_secret":"a new secret","scope":"openid","dialect":"oauth2","token_style":"header","pkce":false,"account_field":"sub",
	"fields":{"name":"name","email":"email","mobile":"mobile","access_token":"access_token","picture":"picture"},
	"schemes":{"pc":"a://b","android":"c://d","ios":"e://f"},"auto_create_members":false}`

func TestSSO(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		h := houseOn(t, open(storetest.WithClock(clock)), clock)
		before := read[SSO](t, h.as(administrator, "GET", ssoPath, ""), http.StatusOK)
		if !before.HasSecret || before.Domain != "acme.example" || !strings.HasPrefix(before.CallbackURL, "https://id.example:8443/sso/callback/src_") {
			t.Errorf("read %+v", before)
		}
		w := h.as(administrator, "PUT", ssoPath, enabled, "If-Match: "+etag(before.Version))
		got := read[SSO](t, w, http.StatusOK)
		sameSettings(t, got.SSOSettings, enabled)
		if strings.Contains(w.Body.String(), "a new secret") || w.Header().Get("ETag") != etag(got.Version) || got.Version == before.Version {
			t.Errorf("answer %s with ETag %s", w.Body, w.Header().Get("ETag"))
		}
		if w := h.as(administrator, "GET", ssoPath, "", "If-None-Match: "+etag(got.Version)); w.Code != http.StatusNotModified {
			t.Errorf("read again: %d", w.Code)
		}
		refused(t, h.as(administrator, "PUT", ssoPath, enabled, "If-Match: "+etag(before.Version)), http.StatusPreconditionFailed, "stale")
	})
}

// sameSettings compares an answer with what was sent, the secret left out.
func sameSettings(t *testing.T, got SSOSettings, sent string) {
	t.Helper()
	var want NewSSO
	if err := json.Unmarshal([]byte(sent), &want); err != nil {
		t.Fatal(err)
	}
	want.Domain = strings.ToLower(want.Domain)
	if !reflect.DeepEqual(got, want.SSOSettings) {
		t.Errorf("stored %+v, want %+v", got, want.SSOSettings)
	}
}

func TestSSOIsRemoved(t *testing.T) {
	h := newHouse(t)
	before := read[SSO](t, h.as(administrator, "GET", ssoPath, ""), http.StatusOK)
	refused(t, h.as(administrator, "DELETE", ssoPath, "", `If-Match: "99"`), http.StatusPreconditionFailed, "stale")
	if w := h.as(administrator, "DELETE", ssoPath, "", "If-Match: "+etag(before.Version)); w.Code != http.StatusNoContent {
		t.Fatalf("removed: %d %s", w.Code, w.Body)
	}
	gone := read[SSO](t, h.as(administrator, "GET", ssoPath, ""), http.StatusOK)
	if gone.Version != 0 || gone.HasSecret || gone.Domain != "" || gone.CallbackURL != before.CallbackURL {
		t.Errorf("after its removal: %+v", gone)
	}
	refused(t, h.as(administrator, "DELETE", ssoPath, ""), http.StatusNotFound, "source_not_found")
}

// The conditional rules of the Meeting API, 4.8, told by field.
func TestSSORefuses(t *testing.T) {
	tests := []struct{ name, body, code, field string }{
		{"no domain", `{"enabled":true}`, "field_missing", "domain"},
		{"no account field", strings.Replace(enabled, `"account_field":"sub",`, "", 1), "field_missing", "account_field"},
		{"no access-token field", strings.Replace(enabled, `"access_token":"access_token",`, "", 1), "field_missing", "fields.access_token"},
		{"another token address without the secret", strings.Replace(enabled, `"client_secret":"a new secret",`, "", 1), "sso_secret_required", "client_secret"},
		{"a domain in use", strings.Replace(enabled, "New.Example", "beta.example", 1), "sso_domain_taken", "domain"},
		{"an address", strings.Replace(enabled, "https://c.example/t", "ftp://c.example/t", 1), "field_format", "token_url"},
		{"a scheme that runs", strings.Replace(enabled, "a://b", "javascript:alert(1)", 1), "field_format", "schemes.pc"},
		{"a dialect", strings.Replace(enabled, `"oauth2"`, `"saml"`, 1), "field_choice", "dialect"},
		{"an unknown field", `{"secret":"x"}`, "field_unknown", "secret"},
	}
	h := newHouse(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := h.as(administrator, "PUT", ssoPath, tt.body)
			p := read[Problem](t, w, w.Code)
			found := false
			for _, e := range p.Errors {
				found = found || e.Code == tt.code && e.Field == tt.field && e.Detail != ""
			}
			if w.Code < 400 || !found || strings.Contains(w.Body.String(), "a new secret") {
				t.Errorf("got %d %s, want %s at %s", w.Code, w.Body, tt.code, tt.field)
			}
		})
	}
}

func TestSSOTries(t *testing.T) {
	h := newHouse(t)
	w := h.as(administrator, "POST", ssoPath+"/tries", tried)
	begun := read[Try](t, w, http.StatusCreated)
	if begun.State != "failed" || begun.URL != "" || w.Header().Get("Location") != "https://id.example:8443/api/v1/organizations/"+string(h.acme.organization.ID)+"/sso/tries/"+begun.ID {
		t.Errorf("begun %+v at %s", begun, w.Header().Get("Location"))
	}
	for _, lang := range []string{"en-US", "zh-CN"} {
		report := read[TryReport](t, h.as(administrator, "GET", ssoPath+"/tries/"+begun.ID, "", "Accept-Language: "+lang), http.StatusOK)
		if report.State != "failed" || len(report.Steps) == 0 || len(report.Values) != 5 || report.Values[0].Path != "sub" {
			t.Fatalf("report %+v", report)
		}
		last := report.Steps[len(report.Steps)-1]
		if last.State != "failed" || last.Text == "" || last.Remedy == "" {
			t.Errorf("%s: the last step is %+v, want one with a remedy", lang, last)
		}
	}
	refused(t, h.as(administrator, "GET", ssoPath+"/tries/try_none", ""), http.StatusNotFound, "try_not_found")
	p := refused(t, h.as(administrator, "POST", ssoPath+"/tries", `{"token_url":"https://c.example/t"}`), http.StatusUnprocessableEntity, "field_missing")
	if len(p.Errors) < 4 {
		t.Errorf("told %+v, want every missing field", p.Errors)
	}
	// The stored secret goes to no other address.
	stolen := strings.Replace(tried, `"client_secret":"secret",`, "", 1)
	refused(t, h.as(administrator, "POST", ssoPath+"/tries", stolen), http.StatusUnprocessableEntity, "sso_secret_required")
}
