package api

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/provision"
	"github.com/orgate/orgate/internal/store"
)

// hooks gives an organisation a webhook that is off, and an event that it was
// told of.
func (h *house) hooks(org identity.OrganizationID) (hook, delivery string) {
	h.t.Helper()
	made, _, err := h.o.Hooks.AddHook(h.t.Context(), console(), org, provision.HookChange{
		Name: new("Audit"), URL: new("https://hooks.example"), Events: &[]string{"*"}, Enabled: new(false),
	})
	must(0, err)(h.t)
	event := identity.NewEventID(h.clock.Now())
	must(0, h.db.Update(h.t.Context(), func(tx *store.Tx) error {
		tx.NoEvent("a test")
		return tx.Deliveries.Put(store.WebhookDelivery{
			WebhookID: made.ID, EventID: event, OrganizationID: org, Type: "member.added", Status: store.SyncSuccess, Body: "{}", At: tx.Now(),
		})
	}))(h.t)
	return string(made.ID), string(event)
}

const acmeHooks = "/organizations/acme/webhooks"

// TestWebhookLife makes, reads, changes and removes a webhook, and follows what
// it is told.
func TestWebhookLife(t *testing.T) {
	h := newHouse(t)
	h.clock.Advance(time.Minute) // the house was built at one moment
	body := `{"name":"Payroll","url":"https://hooks.example/in","events":["organization.*"]}`
	refused(t, h.as(administrator, "POST", acmeHooks, strings.Replace(body, "https", "http", 1)), 422, "field_format")
	fresh := read[Webhook](t, h.as(administrator, "POST", acmeHooks, body), http.StatusCreated)
	if !strings.HasPrefix(fresh.Secret, "whsec_") || !fresh.Enabled {
		t.Errorf("made %+v", fresh)
	}
	refused(t, h.as(administrator, "POST", acmeHooks, body), http.StatusConflict, "webhook_exists")
	at := acmeHooks + "/" + fresh.ID
	w := h.as(administrator, "GET", at, "")
	same(t, "the secret afterwards", read[Webhook](t, w, 200).Secret, "")
	same(t, "ETag", w.Header().Get("ETag"), `"1"`)
	h.clock.Advance(time.Minute)
	name := read[Organization](t, h.as(administrator, "GET", "/organizations/acme", ""), 200)
	read[any](t, h.as(administrator, "PATCH", "/organizations/acme", `{"name":"`+name.Name+` 2"}`, `If-Match: *`), http.StatusOK)
	h.o.Hooks.Pass(t.Context())
	type deliveries struct{ Items []WebhookDelivery }
	told := read[deliveries](t, h.as(administrator, "GET", at+"/deliveries", ""), 200).Items
	if len(told) != 1 || told[0].Type != "organization.changed" || told[0].Status != "pending" || told[0].Failure != "unreachable" || told[0].Remedy == "" {
		t.Fatalf("told %+v", told)
	}
	h.receiver.answer = "thanks"
	read[any](t, h.as(administrator, "POST", at+"/deliveries/"+told[0].Event+"/replay", ""), http.StatusNoContent)
	h.o.Hooks.Pass(t.Context())
	told = read[deliveries](t, h.as(administrator, "GET", at+"/deliveries?status=success&type=organization.changed", ""), 200).Items
	if len(told) != 1 || told[0].Answer != "thanks" || told[0].HTTPStatus != 200 {
		t.Errorf("told %+v", told)
	}
	refused(t, h.as(administrator, "POST", at+"/deliveries/evt_x/replay", ""), http.StatusNotFound, "webhook_delivery_not_found")
	tried := read[WebhookTried](t, h.as(administrator, "POST", acmeHooks+"/try", `{"url":"https://hooks.example/in"}`), 200)
	same(t, "tried", tried.Passed, true)
	renewed := read[Webhook](t, h.as(administrator, "PATCH", at, `{"secret":"","name":"Wages"}`, `If-Match: "1"`), 200)
	if renewed.Secret == "" || renewed.Secret == fresh.Secret || renewed.Name != "Wages" {
		t.Errorf("renewed %+v", renewed)
	}
	refused(t, h.as(administrator, "PATCH", at, `{"enabled":false}`, `If-Match: "1"`), http.StatusPreconditionFailed, "stale")
	read[any](t, h.as(administrator, "DELETE", at, "", `If-Match: "2"`), http.StatusNoContent)
	refused(t, h.as(administrator, "GET", at, ""), http.StatusNotFound, "webhook_not_found")
}

// TestWebhookRefusals tells at which field something is wrong.
func TestWebhookRefusals(t *testing.T) {
	h := newHouse(t)
	for body, field := range map[string]string{
		`{"name":"","url":"https://a.example","events":["*"]}`:                               "name",
		`{"name":"a","url":"","events":["*"]}`:                                               "url",
		`{"name":"a","url":"http://a.example","events":["*"]}`:                               "url",
		`{"name":"a","url":"https://me:pass@a.example","events":["*"]}`:                      "url",
		`{"name":"a","url":"https://a.example","events":[]}`:                                 "events",
		`{"name":"a","url":"https://a.example","events":["member"]}`:                         "events",
		`{"name":"a","url":"https://a.example","events":["member.*","MEMBER.added"]}`:        "events",
		`{"name":"a","url":"https://a.example","events":["*"],"secret":"whsec_c2hvcnQ="}`:    "secret",
		`{"name":"a","url":"https://a.example","events":["*"],"secret":"a long enough one"}`: "secret",
	} {
		code := "field_format"
		if field == "name" {
			code = "field_length"
		}
		p := refused(t, h.as(administrator, "POST", acmeHooks, body), 422, code)
		if len(p.Errors) == 0 || !strings.Contains(p.Errors[0].Field, field) {
			t.Errorf("%s: refused at %+v, want %s", body, p.Errors, field)
		}
	}
	for _, body := range []string{`{"url":"http://a.example"}`, `{"url":"https://a.example","secret":"x"}`, `{"url":""}`} {
		refused(t, h.as(administrator, "POST", acmeHooks+"/try", body), 422, "field_format")
	}
	if len(h.receiver.bodies) > 0 {
		t.Errorf("called %v", h.receiver.paths)
	}
}

// TestWebhookPages lists webhooks and what they were told.
func TestWebhookPages(t *testing.T) {
	h := newHouse(t)
	h.clock.Advance(time.Minute)
	type page[T any] struct {
		Items []T
		Next  string `json:"next"`
	}
	made := map[string]bool{}
	for _, name := range []string{"a", "b", "c"} {
		w := read[Webhook](t, h.as(administrator, "POST", acmeHooks, `{"name":"`+name+`","url":"https://hooks.example","events":["*"],"enabled":false}`), http.StatusCreated)
		made[w.ID] = true
	}
	first := read[page[Webhook]](t, h.as(administrator, "GET", acmeHooks+"?limit=2", ""), 200)
	if len(first.Items) != 2 {
		t.Fatalf("the first page has %d", len(first.Items))
	}
	all := read[page[Webhook]](t, h.as(administrator, "GET", acmeHooks, ""), 200)
	for _, one := range all.Items {
		if one.Secret != "" {
			t.Errorf("%s shows its secret", one.Name)
		}
		delete(made, one.ID)
	}
	if len(made) > 0 {
		t.Errorf("not listed: %v", made)
	}
	refused(t, h.as(administrator, "GET", acmeHooks+"/whk_none", ""), http.StatusNotFound, "webhook_not_found")
	refused(t, h.as(administrator, "GET", acmeHooks+"/whk_none/deliveries", ""), http.StatusNotFound, "webhook_not_found")
	refused(t, h.as(administrator, "DELETE", acmeHooks+"/whk_none", "", `If-Match: *`), http.StatusNotFound, "webhook_not_found")
	refused(t, h.as(administrator, "POST", acmeHooks+"/whk_none/deliveries/evt_x/replay", ""), http.StatusNotFound, "webhook_not_found")
}

// TestWebhookSecrets shows a new secret once, and until when the one before
// signs too.
func TestWebhookSecrets(t *testing.T) {
	h := newHouse(t)
	at := acmeHooks + "/" + read[Webhook](t, h.as(administrator, "POST", acmeHooks, `{"name":"a","url":"https://hooks.example","events":["*"]}`), http.StatusCreated).ID
	ends := func(body, ifMatch string, want time.Duration) (secret string) {
		t.Helper()
		w := read[Webhook](t, h.as(administrator, "POST", at+"/secrets", body, "If-Match: "+ifMatch), 200)
		if (want == 0) != (w.Previous == nil) || want > 0 && !w.Previous.Equal(h.clock.Now().Add(want)) {
			t.Errorf("%s: the secret before ends at %v, want %s from %s", body, w.Previous, want, h.clock.Now())
		}
		again := read[Webhook](t, h.as(administrator, "GET", at, ""), 200)
		if again.Secret != "" || (again.Previous == nil) != (w.Previous == nil) {
			t.Errorf("read afterwards: %+v", again)
		}
		return w.Secret
	}
	first := ends(`{}`, `"1"`, 24*time.Hour)
	second := ends(`{"overlap":60}`, `"2"`, time.Minute)
	if first == second || !strings.HasPrefix(second, "whsec_") {
		t.Errorf("drawn %q, then %q", first, second)
	}
	h.clock.Advance(time.Minute)
	if w := read[Webhook](t, h.as(administrator, "GET", at, ""), 200); w.Previous != nil {
		t.Errorf("after a minute the secret before ends at %v", w.Previous)
	}
	given := "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	same(t, "a given one", ends(`{"overlap":0,"secret":"`+given+`"}`, `"3"`, 0), given)
	refused(t, h.as(administrator, "POST", at+"/secrets", "{}", `If-Match: "3"`), http.StatusPreconditionFailed, "stale")
	for body, field := range map[string]string{`{"overlap":-1}`: "overlap", `{"overlap":7776001}`: "overlap", `{"secret":"x"}`: "secret"} {
		code := "field_range"
		if field == "secret" {
			code = "field_format"
		}
		if p := refused(t, h.as(administrator, "POST", at+"/secrets", body), 422, code); len(p.Errors) == 0 || !strings.Contains(p.Errors[0].Field, field) {
			t.Errorf("%s: refused at %+v", body, p.Errors)
		}
	}
}
