package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// TestDocuments compares what is in the folder of documents with the code.
func TestDocuments(t *testing.T) {
	document, err := Document()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]byte{"openapi.json": document, "api.md": []byte(Manual())} {
		got, err := os.ReadFile(filepath.Join("..", "..", "docs", name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("docs/%s is not what go generate writes (%v)", name, err)
		}
	}
}

// TestOrganizationLife makes, reads, edits and removes an organisation.
func TestOrganizationLife(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.as(providerToken, "POST", "/organizations", `{"code":"gamma","name":"Gamma","limits":{"members":7},
			"password_rules":{"min_length":10},"owner":{"name":"Gina","account":"gina"}}`)
		o := read[MadeOrganization](t, w, http.StatusCreated)
		if o.Owner == nil || o.Owner.Role != "owner" || o.Owner.Account != "gina" || o.Owner.Password == "" {
			t.Fatalf("got the owner %+v", o.Owner)
		}
		if got := fmt.Sprint(*o.Limits.Members, *o.Limits.Departments, *o.Password.MinLength, o.AutoCreate); got != "7 999 10 true" {
			t.Errorf("got %s: %s", got, w.Body)
		}
		if w.Header().Get("Location") != "https://id.example:8443/api/v1/organizations/"+o.ID {
			t.Errorf("Location: %s", w.Header().Get("Location"))
		}
		if _, err := h.o.Directory.SignInByPassword(t.Context(), directory.PasswordProof{
			Name: "gina", Password: o.Owner.Password,
			Entry: directory.EnterClient{ClientType: identity.ClientAPI},
		}); err != nil {
			t.Errorf("the password that was told is not the owner's: %v", err)
		}
		changed := read[Organization](t, h.as(providerToken, "PATCH", "/organizations/GAMMA",
			`{"status":"frozen","sign_in_rules":{"lock_after":9},"profile":{"phone":"1"}}`), http.StatusOK)
		if got := fmt.Sprintf("%s %d %d %s", changed.Status, *changed.SignIn.LockAfter, *changed.Password.MinLength, *changed.Profile.Phone); got != "frozen 9 10 1" {
			t.Errorf("got %q", got)
		}
		// What is the provider's alone is not the owner's, mentioned or not.
		refused(t, h.as(theOwner, "PATCH", "/organizations/acme", `{"limits":{"members":0}}`), http.StatusForbidden, "forbidden")
		refused(t, h.as(providerToken, "POST", "/organizations", `{"code":"gamma","name":"Again"}`), http.StatusConflict, "organization_exists")
		for _, confirm := range []string{"", "Gamma Ltd"} {
			w := h.as(providerToken, "POST", "/organizations/gamma/dissolve", `{"confirm":"`+confirm+`"}`)
			refused(t, w, http.StatusUnprocessableEntity, "confirmation_wrong")
		}
		refused(t, h.as(administrator, "POST", "/organizations/acme/dissolve", `{"confirm":"acme"}`), http.StatusForbidden, "forbidden")
		read[any](t, h.as(providerToken, "DELETE", "/organizations/gamma", ""), http.StatusNoContent)
		refused(t, h.as(providerToken, "GET", "/organizations/"+o.ID, ""), http.StatusNotFound, "organization_not_found")
		if past := read[page[Event]](t, h.as(providerToken, "GET", "/events?organization="+o.ID, ""), http.StatusOK); len(past.Items) == 0 {
			t.Error("the events of an organisation that is gone are gone too")
		}
	})
}

// TestMemberLife makes a person and does everything to them.
func TestMemberLife(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		all := "/organizations/acme/members"
		for _, key := range []string{"a", "b", "c"} {
			must(h.o.Directory.AddAttribute(t.Context(), console(), h.acme.organization.ID, identity.Attribute{Key: key, Label: key, Type: identity.AttributeText}))(t)
		}
		w := h.as(administrator, "POST", all, `{"name":"Nora","account":"nora","department":"acme-rd","attributes":{"a":"1","b":"2"},"email":"nora@acme.example"}`)
		m := read[MadeMember](t, w, http.StatusCreated)
		if m.Password == "" || m.Department != "acme-rd" || m.Attributes["a"] != "1" || m.Role != "member" {
			t.Fatalf("got %s", w.Body)
		}
		one := all + "/" + m.ID
		changed := read[Member](t, h.as(administrator, "PATCH", one, `{"attributes":{"a":null,"c":"3"},"department":"1","title":"Boss"}`), http.StatusOK)
		if got := fmt.Sprintf("%v %s %s %s", changed.Attributes, changed.Department, changed.Title, changed.Name); got != "map[b:2 c:3] 1 Boss Nora" {
			t.Errorf("got %q", got)
		}
		act := func(who caller, what, body, want string) {
			t.Helper()
			m := read[Member](t, h.as(who, "POST", one+what, body), http.StatusOK)
			if got := m.Status + " " + m.Role; got != want {
				t.Errorf("%s: %s, want %s", what, got, want)
			}
		}
		refused(t, h.as(administrator, "PATCH", one, `{"expires_at":"tomorrow"}`), http.StatusUnprocessableEntity, "field_format")
		// In this order: who has an end cannot become the owner below.
		for _, step := range [][2]string{{"2001-01-01T00:00:00+08:00", "expired"}, {"9999-01-01T00:00:00Z", "inactive"}, {"", "inactive"}} {
			end, want := step[0], step[1]
			m := read[Member](t, h.as(administrator, "PATCH", one, `{"expires_at":"`+end+`"}`), http.StatusOK)
			if m.Status != want || (m.ExpiresAt == nil) != (end == "") {
				t.Errorf("%q: got %s, %v", end, m.Status, m.ExpiresAt)
			}
		}
		act(administrator, "/suspend", "", "disabled member")
		list := read[page[Member]](t, h.as(administrator, "GET", all+"?status=disabled&department=1&role=member&q=nor", ""), http.StatusOK)
		if len(list.Items) != 1 || list.Items[0].ID != m.ID {
			t.Errorf("found %+v", list.Items)
		}
		act(administrator, "/resume", "", "inactive member")
		refused(t, h.as(administrator, "POST", one+"/role", `{"role":"administrator"}`), http.StatusForbidden, "forbidden")
		act(theOwner, "/role", `{"role":"owner"}`, "inactive owner")
		refused(t, h.as(providerToken, "DELETE", one, ""), http.StatusConflict, "owner_protected")
		admins := read[collection[Member]](t, h.as(administrator, "GET", "/organizations/acme/administrators", ""), http.StatusOK)
		// The owner before took the role the new one had.
		if len(admins.Items) != 2 {
			t.Errorf("got %+v", admins.Items)
		}
		// Nobody sets what is not theirs to set.
		refused(t, h.as(administrator, "PATCH", all+"/"+string(h.acme.other.Member.ID), `{"email_verified":true}`), 422, "field_unknown")
		refused(t, h.as(administrator, "PATCH", all+"/"+string(h.acme.other.Member.ID), `{"id":"`+m.ID+`"}`), 422, "field_unknown")
	})
}

// TestSecretsAreShownOnce looks through everything that can be read for secrets
// that were made or stored.
func TestSecretsAreShownOnce(t *testing.T) {
	h := newHouse(t)
	app := read[KeyedAppID](t, h.as(theOwner, "POST", "/organizations/acme/app-ids", `{"name":"pos"}`), http.StatusCreated)
	again := read[KeyedAppID](t, h.as(theOwner, "POST", "/organizations/acme/app-ids/"+app.ID+"/reset-key", ""), http.StatusOK)
	member := read[MadeMember](t, h.as(theOwner, "POST", "/organizations/acme/members", `{"name":"x"}`), http.StatusCreated)
	admin := read[MadeAdministrator](t, h.as(providerToken, "POST", "/provider/administrators", `{"account":"third"}`), http.StatusCreated)
	key := read[MadeAPIToken](t, h.as(providerToken, "POST", "/api-tokens", `{"name":"k","life_days":3}`), http.StatusCreated)
	secrets := []string{app.Key, again.Key, member.Password, admin.Password, key.Token, "mail-password-1", "gateway-secret-12345", "$argon2"}
	for _, s := range secrets {
		if len(s) < 7 {
			t.Fatalf("a secret was not told: %q", secrets)
		}
	}
	if app.Key == again.Key || len(again.Keys) != 2 || key.ExpiresAt == nil {
		t.Errorf("got %+v and %+v", again, key)
	}
	read[any](t, h.as(providerToken, "PUT", "/settings/mail",
		`{"host":"m.example","port":465,"username":"u","password":"mail-password-1","from":"a@b.example","tls":"implicit"}`), http.StatusOK)
	read[any](t, h.as(providerToken, "PUT", "/settings/sms", `{"url":"https://s.example","secret":"gateway-secret-12345"}`), http.StatusOK)
	for _, o := range operations(t) {
		if o.method != "GET" {
			continue
		}
		w := h.as(providerToken, "GET", h.path(theOwner, o, h.acme, h.acme), "")
		for _, secret := range append(secrets, h.words[providerToken], h.acme.memberWord) {
			if strings.Contains(w.Body.String(), secret) {
				t.Errorf("%s tells a secret: %s", o.id, w.Body)
			}
		}
	}
}

// TestMailSettings checks that a stored password stays with its server.
func TestMailSettings(t *testing.T) {
	h := newHouse(t)
	put := func(body string, headers ...string) *MailSettings {
		t.Helper()
		v := read[MailSettings](t, h.as(providerToken, "PUT", "/settings/mail", body, headers...), http.StatusOK)
		return &v
	}
	first := put(`{"host":"m.example","port":465,"username":"u","password":"p","from":"a@b.example","tls":"implicit"}`)
	if !first.Secret || first.Version != 1 {
		t.Errorf("got %+v", first)
	}
	if kept := put(`{"host":"m.example","port":465,"username":"u","from":"c@b.example","tls":"implicit"}`, `If-Match: "1"`); !kept.Secret || kept.From != "c@b.example" {
		t.Errorf("got %+v", kept)
	}
	p := refused(t, h.as(providerToken, "PUT", "/settings/mail",
		`{"host":"thief.example","port":465,"username":"u","from":"a@b.example","tls":"implicit"}`), 422, "field_missing")
	if len(p.Errors) != 1 || p.Errors[0].Field != "password" {
		t.Errorf("got %+v", p.Errors)
	}
	refused(t, h.as(providerToken, "PUT", "/settings/mail", `{"host":"m.example","port":1,"from":"a@b.example","tls":"none"}`, `If-Match: "1"`), 412, "stale")
	if gone := put(`{"host":"m.example","port":465,"password":"","from":"a@b.example","tls":"implicit"}`); gone.Secret {
		t.Errorf("got %+v", gone)
	}
}

// TestManifest checks the way of files in and of results out.
func TestManifest(t *testing.T) {
	h := newHouse(t)
	body := `{"files":[{"name":"a.yaml","data":"version: 1"}]}`
	plan := read[Planned](t, h.as(providerToken, "POST", "/manifest/plan?prune=true", body), http.StatusOK)
	if len(plan.Lines) != 1 || !h.manifests.prune || len(h.manifests.files) != 1 || h.manifests.files[0].Data != "version: 1" {
		t.Errorf("got %+v, handed on %+v", plan, h.manifests)
	}
	h.manifests.applied = Applied{
		Lines: []string{"+ one"}, Total: 2, Step: "+ two", Stopped: fault.New(fault.Conflict, fault.CodeAccountTaken).Because(errors.New("inside")),
		Generated: []Generated{{"member", "a", "acme", "password", "s3cret"}},
	}
	w := h.as(providerToken, "POST", "/manifest/apply", body, "Accept-Language: zh-CN")
	result := read[ManifestResult](t, w, http.StatusOK)
	if result.Total != 2 || result.Stopped == nil || result.Stopped.Code != "account_taken" || result.Stopped.Step != "+ two" ||
		result.Generated[0].Secret != "s3cret" || strings.Contains(w.Body.String(), "inside") {
		t.Errorf("got %s", w.Body)
	}
	if w := h.as(providerToken, "GET", "/manifest", ""); w.Body.String() != "version: 1\n" || w.Header().Get("Content-Type") != "application/yaml" {
		t.Errorf("exported %q %s", w.Header().Get("Content-Type"), w.Body)
	}
	if text := fmt.Sprint(h.manifests.files, h.manifests.applied.Generated); strings.Contains(text, "version") || strings.Contains(text, "s3cret") {
		t.Errorf("printed: %s", text)
	}
}

// TestTraces reads a story by its code, and those of an organisation.
func TestTraces(t *testing.T) {
	h := newHouse(t)
	found := read[collection[Trace]](t, h.as(administrator, "GET", "/traces/"+h.acme.story, "", "Accept-Language: zh-CN"), http.StatusOK)
	if len(found.Items) != 1 || found.Items[0].Who != "acme-member" || len(found.Items[0].Steps) != 1 || found.Items[0].Steps[0].Remedy == "" {
		t.Errorf("got %+v", found)
	}
	if byID := read[collection[Trace]](t, h.as(providerToken, "GET", "/traces/story-of-beta", ""), http.StatusOK); len(byID.Items) != 1 {
		t.Errorf("got %+v", byID)
	}
	for _, s := range read[page[Trace]](t, h.as(orgToken, "GET", "/organizations/acme/traces", ""), http.StatusOK).Items {
		if s.OrganizationID != string(h.acme.organization.ID) {
			t.Errorf("a foreign story: %+v", s)
		}
	}
}

// TestSeveralSurfaces builds and uses surfaces at once: the library's settings
// are global, and the race detector watches.
func TestSeveralSurfaces(t *testing.T) {
	h := newHouse(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if _, err := New(h.o); err != nil {
				t.Error(err)
			}
			h.as(providerToken, "POST", "/organizations", `{}`)
		})
	}
	all.Wait()
	if _, err := New(Options{}); err == nil {
		t.Error("a surface without anything was built")
	}
}

// TestWellFormed checks what the body's reader refuses beyond the standard library.
func TestWellFormed(t *testing.T) {
	for body, ok := range map[string]bool{
		`{"a":1,"b":{"a":2},"c":[{"a":1},{"a":1}]}`: true, `[]`: true, `"x"`: true, `{"a":"a","b":"a"}`: true, `{"a":["a","a"],"b":"b"}`: true,
		`{"a":1,"a":2}`: false, `{"b":{"a":1,"a":2}}`: false, `[{"a":1,"a":2}]`: false, `{"a":[],"a":2}`: false, `{"a":{},"a":2}`: false,
		`{"a":"\u0000"}`: false, `{"\u0000":1}`: false, "\"\xff\"": false, `{} {}`: false, `{`: false, ``: false, `{"a":tru}`: false,
	} {
		if err := wellFormed([]byte(body)); (err == nil) != ok {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// FuzzWellFormed looks for a body that this reader takes and the standard library
// does not, or that panics.
func FuzzWellFormed(f *testing.F) {
	for _, seed := range []string{`{"a":[1,{"b":null}]}`, `{"a":1,"a":2}`, `[`, `"\u0000"`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if wellFormed(body) == nil && !json.Valid(body) {
			t.Errorf("took %q", body)
		}
	})
}

// An organisation that wants to reach everybody says so in its rules, and a
// request without number and address is told both fields.
func TestContactRequiredOverTheWire(t *testing.T) {
	h := newHouse(t)
	o := read[Organization](t, h.as(theOwner, "PATCH", "/organizations/acme", `{"sign_in_rules":{"contact_required":true}}`), http.StatusOK)
	if !*o.SignIn.ContactRequired || !*o.SignIn.MustChange {
		t.Errorf("got %+v", o.SignIn)
	}
	w := h.as(administrator, "POST", "/organizations/acme/members", `{"account":"silent","name":"Silent"}`)
	refused(t, w, http.StatusUnprocessableEntity, "contact_missing")
	for _, field := range []string{`"field":"mobile"`, `"field":"email"`} {
		if !strings.Contains(w.Body.String(), field) {
			t.Errorf("%s is not in %s", field, w.Body)
		}
	}
	if w := h.as(administrator, "POST", "/organizations/acme/members", `{"account":"reached","name":"Reached","email":"r@mail.example"}`); w.Code != http.StatusCreated {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}
