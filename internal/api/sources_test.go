package api

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

const sourcesPath = "/organizations/acme/sources"

// partners is a source that can be enabled.
func partners(name string) source.NewSource {
	return source.NewSource{
		Name: name, Kind: identity.SourceOAuth2, Enabled: true, Settings: source.Values{
			"authorize_url": "https://c.example/a", "token_url": "https://c.example/t", "client_id": "orgate", "client_secret": "hunter2",
		},
		Rules: identity.SourceRules{Ours: identity.MatchEmail, Theirs: "email"},
	}
}

const newPartners = `{"name":"Partners Ltd","kind":"oauth2","enabled":true,"settings":{"authorize_url":"https://c.example/a","token_url":"https://c.example/t",
	"userinfo_url":"https://c.example/u","scope":["profile","email"],"client_id":"orgate","client_secret":"hunter2","auth_method":"post","pkce":false,
	"dialect":"oauth2","subject_field":"id","exit_url":"https://c.example/bye","key_id":"k"},
	"match":{"ours":"email","theirs":"mail","strategy":"bind","trusted":["email"]},
	"mappings":[{"ours":"title","theirs":"job"},{"ours":"attributes.badge","fixed":"guest"}]}`

func TestSourceLife(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		h := houseOn(t, open(storetest.WithClock(clock)), clock)
		w := h.as(administrator, "POST", sourcesPath, newPartners)
		made := read[Source](t, w, http.StatusCreated)
		if w.Header().Get("Location") != "https://id.example:8443/api/v1/organizations/"+string(h.acme.organization.ID)+"/sources/"+made.ID ||
			w.Header().Get("ETag") != etag(1) || made.CallbackURL != "https://id.example:8443/login/source/"+made.ID+"/callback" {
			t.Errorf("made %s at %s", w.Body, w.Header().Get("Location"))
		}
		sameSource(t, made)
		if strings.Contains(w.Body.String(), "hunter2") || !slices.Equal(made.Secrets, []string{"client_secret"}) {
			t.Errorf("the secret: %s", w.Body)
		}
		h.editsSource(made)
	})
}

// sameSource compares a source with newPartners.
func sameSource(t *testing.T, made Source) {
	t.Helper()
	if s := made.Settings; *s.AuthMethod != "client_secret_post" || *s.PKCE || *s.GrantType != "authorization_code" || !slices.Equal(*s.Scope, []string{"profile", "email"}) || s.ClientSecret != nil {
		t.Errorf("settings %+v", made.Settings)
	}
	if want := (SourceMatch{"email", "mail", "bind", []string{"email"}}); !reflect.DeepEqual(made.Match, want) || len(made.Mappings) != 2 {
		t.Errorf("rules %+v, %+v", made.Match, made.Mappings)
	}
}

// editsSource reads, edits and removes a new source.
func (h *house) editsSource(made Source) {
	t, one := h.t, sourcesPath+"/"+made.ID
	t.Helper()
	if got := read[Source](t, h.as(administrator, "GET", one, ""), http.StatusOK); !reflect.DeepEqual(got, made) {
		t.Errorf("read %+v\nmade %+v", got, made)
	}
	if w := h.as(administrator, "GET", one, "", "If-None-Match: "+etag(1)); w.Code != http.StatusNotModified {
		t.Errorf("read again: %d", w.Code)
	}
	changed := read[Source](t, h.as(administrator, "PATCH", one, `{"settings":{"scope":[],"key_id":""},"mappings":[]}`, "If-Match: "+etag(1)), http.StatusOK)
	if changed.Settings.Scope != nil || changed.Settings.KeyID != nil || len(changed.Mappings) != 0 || !reflect.DeepEqual(changed.Match, made.Match) || changed.Version != 2 {
		t.Errorf("changed %+v", changed)
	}
	refused(t, h.as(administrator, "PATCH", one, `{"enabled":false}`, "If-Match: "+etag(1)), http.StatusPreconditionFailed, "stale")
	list := read[collection[Source]](t, h.as(administrator, "GET", sourcesPath, ""), http.StatusOK)
	if len(list.Items) != 2 || !slices.ContainsFunc(list.Items, func(s Source) bool { return s.ID == made.ID }) {
		t.Errorf("listed %+v", list)
	}
	read[any](t, h.as(administrator, "DELETE", one, "", "If-Match: "+etag(2)), http.StatusNoContent)
	refused(t, h.as(administrator, "GET", one, ""), http.StatusNotFound, "source_not_found")
}

func TestSourcesRefuse(t *testing.T) {
	h := newHouse(t)
	tests := []struct{ name, body, code, field string }{
		{"a setting that no kind has", strings.Replace(newPartners, "key_id", "keyid", 1), "field_unknown", "settings.keyid"},
		{"a kind", strings.Replace(newPartners, "oauth2", "radius", 1), "field_choice", "kind"},
		{"an address", strings.Replace(newPartners, "https://c.example/t", "ftp://c.example/t", 1), "field_format", "settings.token_url"},
		{"a grant type", strings.Replace(newPartners, `"pkce":false`, `"grant_type":"password"`, 1), "grant_unsafe", "settings.grant_type"},
		{"a missing secret", strings.Replace(newPartners, `"client_secret":"hunter2",`, "", 1), "field_missing", "settings.client_secret"},
		{"a mapping", strings.Replace(newPartners, `"title"`, `"password"`, 1), "field_choice", "mappings.0.ours"},
		{"the name of enterprise SSO", strings.Replace(newPartners, "Partners Ltd", "sso", 1), "source_name", "name"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := refused(t, h.as(administrator, "POST", sourcesPath, tt.body), http.StatusUnprocessableEntity, tt.code)
			if len(p.Errors) == 0 || p.Errors[0].Field != tt.field {
				t.Errorf("got %+v, want %s", p.Errors, tt.field)
			}
		})
	}
	refused(t, h.as(administrator, "POST", sourcesPath, strings.Replace(newPartners, "Partners Ltd", "CORP", 1)), http.StatusConflict, "source_exists")
	stolen := `{"settings":{"token_url":"https://evil.example/t"}}`
	refused(t, h.as(administrator, "PATCH", sourcesPath+"/"+h.acme.source, stolen), http.StatusUnprocessableEntity, "sso_secret_required")
}

// The structs of the wire and the schemas have the same settings.
func TestSourceSettingsAreThoseOfTheSchemas(t *testing.T) {
	there := map[string]bool{}
	for _, kind := range source.Kinds() {
		for _, f := range source.Schema(kind) {
			there[f.Key] = true
		}
	}
	wire := reflect.TypeFor[SourceSettings]()
	for i := range wire.NumField() {
		key, _, _ := strings.Cut(wire.Field(i).Tag.Get("json"), ",")
		if !there[key] {
			t.Errorf("no kind has %s", key)
		}
		delete(there, key)
	}
	if len(there) > 0 {
		t.Errorf("the wire lacks %v", there)
	}
}

func TestSourceKindsAreToldInTheLanguageOfTheCaller(t *testing.T) {
	h := newHouse(t)
	for lang, want := range map[string]string{"en": "Token URL", "zh-CN": "获取令牌地址"} {
		list := read[collection[SourceKind]](t, h.as(anyMember, "GET", "/source-kinds", "", "Accept-Language: "+lang), http.StatusOK)
		at := slices.IndexFunc(list.Items, func(k SourceKind) bool { return k.Kind == "oauth2" })
		if len(list.Items) != len(source.Kinds()) || at < 0 || list.Items[at].Fields[1].Label != want {
			t.Errorf("%s: %+v", lang, list.Items)
		}
	}
}

func TestSourceTries(t *testing.T) {
	h := newHouse(t)
	one := sourcesPath + "/" + h.acme.source
	w := h.as(administrator, "POST", one+"/tries", `{"settings":{"token_url":"https://c.example/t2","client_secret":"again"},"mappings":[{"ours":"title","theirs":"job"}]}`)
	begun := read[Try](t, w, http.StatusCreated)
	if begun.State != "failed" || w.Header().Get("Location") != "https://id.example:8443/api/v1/organizations/"+string(h.acme.organization.ID)+"/sources/"+h.acme.source+"/tries/"+begun.ID {
		t.Errorf("begun %+v at %s", begun, w.Header().Get("Location"))
	}
	report := read[SourceTryReport](t, h.as(administrator, "GET", one+"/tries/"+begun.ID, ""), http.StatusOK)
	if report.State != "failed" || len(report.Steps) == 0 || len(report.Fills) != 0 || strings.Contains(h.as(administrator, "GET", one+"/tries/"+begun.ID, "").Body.String(), "again") {
		t.Errorf("report %+v", report)
	}
	refused(t, h.as(administrator, "GET", ssoPath+"/tries/"+begun.ID, ""), http.StatusNotFound, "try_not_found")
	refused(t, h.as(administrator, "GET", one+"/tries/"+h.acme.try, ""), http.StatusNotFound, "try_not_found")
	refused(t, h.as(administrator, "POST", one+"/tries", `{"settings":{"token_url":"https://evil.example/t"}}`), http.StatusUnprocessableEntity, "sso_secret_required")
}
