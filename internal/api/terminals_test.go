package api

import (
	"net/http"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/resource"
)

// equip gives an estate a terminal, an activation code and a meeting room.
func (h *house) equip(e *estate) {
	h.t.Helper()
	ctx, org, code := h.t.Context(), e.organization.ID, e.organization.Code
	it := identity.Contact{Email: "it@" + code + ".example"}
	t := must(h.o.Resources.AddTerminal(ctx, console(), org, resource.NewTerminal{Serial: code + "_1", Name: "Hall", Model: "TE20", Contact: it}))(h.t)
	a := must(h.o.Resources.AddActivationCode(ctx, console(), org, resource.NewActivationCode{Device: identity.DeviceIdeaHub, Name: "Hub"}))(h.t)
	must(h.o.Resources.Grant(ctx, console(), org, []resource.Grant{{Kind: identity.ResourceRooms, Count: 1, EndsAt: h.clock.Now().AddDate(20, 0, 0)}}))(h.t)
	rooms := must(h.o.Resources.Rooms(ctx, console(), org, resource.RoomQuery{}))(h.t)
	e.terminal, e.activationCode, e.room = string(t.Item.ID), string(a.Item.ID), string(rooms.Items[0].ID)
}

const (
	terminalsPath = "/organizations/acme/terminals"
	codesPath     = "/organizations/acme/activation-codes"
)

// TestTerminalLife makes, reads, edits and removes a terminal.
func TestTerminalLife(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.as(administrator, "POST", terminalsPath, `{"serial":"SN_9","name":"Foyer","model":"TE20","department":"acme-rd",
			"mobile":"137 0000 0001","description":"by the door","notify":true,"email":"it@acme.example"}`)
		made := read[Terminal](t, w, http.StatusCreated)
		end := h.clock.Now().Add(identity.ActivationLife).UTC().Truncate(time.Millisecond)
		if len(made.ActivationCode) != 12 || made.ActivationEndsAt == nil || !made.ActivationEndsAt.Equal(end) || w.Header().Get("ETag") != `"1"` {
			t.Fatalf("got %s", w.Body)
		}
		want := Terminal{
			ID: made.ID, Serial: "SN_9", Name: "Foyer", Model: "TE20", Account: made.Account, Number: made.Number, Projection: "automatic",
			Department: "acme-rd", DeviceContact: DeviceContact{"+8613700000001", "chinaPR", "it@acme.example"}, Description: "by the door",
			Version: 1, CreatedAt: made.CreatedAt, UpdatedAt: made.CreatedAt,
		}
		// The code was told once. What is read names its end alone.
		seen := read[Terminal](t, h.as(administrator, "GET", terminalsPath+"/sn_9", ""), http.StatusOK)
		if seen.ActivationEndsAt = nil; seen != want {
			t.Errorf("got %+v, want %+v", seen, want)
		}
		one := terminalsPath + "/" + made.ID
		changed := read[Terminal](t, h.as(administrator, "PATCH", one, `{"name":"Lobby","mobile":"","projection":"simple","department":""}`, `If-Match: "1"`), http.StatusOK)
		want.Name, want.Mobile, want.Projection, want.Department, want.Version = "Lobby", "", "simple", "1", 2
		if changed.ActivationEndsAt, changed.UpdatedAt = nil, want.UpdatedAt; changed != want {
			t.Errorf("got %+v, want %+v", changed, want)
		}
		refused(t, h.as(administrator, "PATCH", one, `{"name":"x"}`, `If-Match: "1"`), http.StatusPreconditionFailed, "stale")
		refused(t, h.as(administrator, "DELETE", one, "", `If-Match: "1"`), http.StatusPreconditionFailed, "stale")
		again := read[Terminal](t, h.as(administrator, "POST", one+"/reset-activation", `{"email":"else@acme.example"}`), http.StatusOK)
		if again.ActivationCode == "" || again.ActivationCode == made.ActivationCode || again.Version != 3 {
			t.Errorf("after a reset: got %+v", again)
		}
		refused(t, h.as(administrator, "POST", one+"/reset-activation", `{}`), 422, "contact_missing")
		read[any](t, h.as(administrator, "DELETE", one, "", `If-Match: "3"`), http.StatusNoContent)
		refused(t, h.as(administrator, "GET", one, ""), http.StatusNotFound, "terminal_not_found")
	})
}

// TestTerminalsAreChecked: what cannot be a terminal is refused with the field,
// one too many with the limit.
func TestTerminalsAreChecked(t *testing.T) {
	h := newHouse(t)
	must(h.o.Resources.Grant(t.Context(), console(), h.acme.organization.ID, []resource.Grant{
		{Kind: identity.ResourceThirdParty, Count: 1, EndsAt: h.clock.Now().Add(time.Hour)},
	}))(t)
	read[Terminal](t, h.as(administrator, "POST", terminalsPath, `{"name":"One","model":"cisco","email":"it@acme.example"}`), http.StatusCreated)
	for body, want := range map[string]struct {
		status      int
		code, field string
	}{
		`{"name":"A","model":"TE20"}`:                                              {422, "contact_missing", "email"},
		`{"name":"A","model":"TE21","email":"it@acme.example"}`:                    {422, "field_choice", "model"},
		`{"name":"A","model":"TE20","serial":"a b","email":"it@acme.example"}`:     {422, "field_format", "serial"},
		`{"name":"A","model":"TE20","serial":"ACME_1","email":"it@acme.example"}`:  {409, "terminal_exists", "serial"},
		`{"name":"Two","model":"polycom","email":"it@acme.example"}`:               {409, "resource_limit", "model"},
		`{"name":"A","model":"TE20","colour":"red","email":"it@acme.example"}`:     {422, "field_unknown", "colour"},
		`{"name":"A","model":"TE20","projection":"x","email":"it@acme.example"}`:   {422, "field_choice", "projection"},
		`{"name":"A","model":"TE20","department":"no","email":"it@acme.example"}`:  {404, "department_not_found", ""},
		`{"name":"A","model":"TE20","email":"nobody","mobile":"+8613700000001"}`:   {422, "email_format", "email"},
		`{"name":"","model":"TE20","email":"it@acme.example","serial":"SN_LAST1"}`: {422, "field_length", "name"},
	} {
		p := refused(t, h.as(administrator, "POST", terminalsPath, body), want.status, want.code)
		if want.field != "" && (len(p.Errors) == 0 || p.Errors[0].Field != want.field) {
			t.Errorf("%s: got %+v, want the field %s", body, p.Errors, want.field)
		}
		const limit = "What is granted to this organisation is 1 terminals of other makers, and all are in use. Remove one, or ask your provider for more."
		if want.code == "resource_limit" && p.Detail != limit {
			t.Errorf("got %q, want %q", p.Detail, limit)
		}
	}
	models := read[collection[TerminalModel]](t, h.as(anyMember, "GET", "/terminal-models", ""), http.StatusOK)
	if len(models.Items) != len(identity.TerminalModels()) || models.Items[0] != (TerminalModel{"TE10", "terminals_720p", false, false, true, true, false}) {
		t.Errorf("got the models %+v", models.Items)
	}
}

// names reads all pages of a list, one thing at a time.
func names[T any](h *house, path string, name func(T) string) (got string) {
	h.t.Helper()
	for cursor := ""; ; {
		p := read[page[T]](h.t, h.as(administrator, "GET", path+"limit=1"+cursor, ""), http.StatusOK)
		for _, item := range p.Items {
			got += name(item) + " "
		}
		if cursor = "&cursor=" + p.Next; p.Next == "" {
			return got
		}
	}
}

// TestTerminalPages walks through the list in its orders, and narrows it; it
// changes several at once.
func TestTerminalPages(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		for _, body := range []string{
			`{"serial":"S_1","name":"annex","model":"TE10","department":"acme-rd","email":"it@acme.example"}`,
			`{"serial":"S_2","name":"HALL","model":"TE20","department":"acme-lab","email":"it@acme.example"}`,
		} {
			h.clock.Advance(time.Minute)
			read[Terminal](t, h.as(administrator, "POST", terminalsPath, body), http.StatusCreated)
		}
		read[any](t, h.as(administrator, "POST", terminalsPath+"/disable", `{"terminals":["s_1","S_2"]}`), http.StatusNoContent)
		read[any](t, h.as(administrator, "POST", terminalsPath+"/enable", `{"terminals":["S_2"]}`), http.StatusNoContent)
		serial := func(x Terminal) string { return x.Serial }
		for query, want := range map[string]string{
			"?": "acme_1 S_1 S_2 ", "?sort=name&": "S_1 acme_1 S_2 ", "?sort=name&model=TE20&": "acme_1 S_2 ", "?status=disabled&": "S_1 ",
			"?status=enabled&q=hall&": "acme_1 S_2 ", "?department=acme-lab&": "S_1 S_2 ", "?department=acme-lab&alone=true&": "S_2 ",
		} {
			if got := names(h, terminalsPath+query, serial); got != want {
				t.Errorf("%s: got %q, want %q", query, got, want)
			}
		}
		first := read[page[Terminal]](t, h.as(administrator, "GET", terminalsPath+"?limit=1&sort=name", ""), http.StatusOK)
		for _, path := range []string{"?cursor=" + first.Next, "?sort=name&cursor=" + encodeCursor("name:trm_x"), "?sort=name&cursor=x"} {
			refused(t, h.as(administrator, "GET", terminalsPath+path, ""), 422, "cursor_malformed")
		}
		// One that does not exist keeps the others.
		refused(t, h.as(administrator, "POST", terminalsPath+"/remove", `{"terminals":["S_1","beta_1"]}`), http.StatusNotFound, "terminal_not_found")
		read[any](t, h.as(administrator, "POST", terminalsPath+"/remove", `{"terminals":["S_1","S_2"]}`), http.StatusNoContent)
		if got := names(h, terminalsPath+"?", serial); got != "acme_1 " {
			t.Errorf("left: %q", got)
		}
	})
}

// TestActivationCodeLife makes, reads, resets and removes activation codes.
func TestActivationCodeLife(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.clock.Advance(time.Minute)
		w := h.as(administrator, "POST", codesPath, `{"device":"smart_screen","name":"Annex","department":"acme-rd","email":"it@acme.example","description":"x"}`)
		made := read[ActivationCode](t, w, http.StatusCreated)
		if len(made.Code) != 12 || made.Device != "smart_screen" || made.Department != "acme-rd" || made.Email != "it@acme.example" || made.Version != 1 {
			t.Fatalf("got %s", w.Body)
		}
		one := codesPath + "/" + made.ID
		if seen := read[ActivationCode](t, h.as(administrator, "GET", one, ""), http.StatusOK); seen != made {
			t.Errorf("got %+v, want %+v", seen, made)
		}
		again := read[ActivationCode](t, h.as(administrator, "POST", one+"/reset", `{}`, `If-Match: "1"`), http.StatusOK)
		if again.Code == made.Code || again.Version != 2 {
			t.Errorf("after a reset: got %+v", again)
		}
		refused(t, h.as(administrator, "POST", one+"/reset", `{}`, `If-Match: "1"`), http.StatusPreconditionFailed, "stale")
		name := func(x ActivationCode) string { return x.Name }
		for query, want := range map[string]string{
			"?": "Hub Annex ", "?sort=name&": "Annex Hub ", "?device=idea_hub&": "Hub ", "?q=ANN&": "Annex ", "?q=" + again.Code + "&": "Annex ",
			"?q=" + made.Code + "&": "", "?department=acme-lab&": "Annex ",
		} {
			if got := names(h, codesPath+query, name); got != want {
				t.Errorf("%s: got %q, want %q", query, got, want)
			}
		}
		refused(t, h.as(administrator, "GET", codesPath+"?department=none", ""), http.StatusNotFound, "department_not_found")
		refused(t, h.as(administrator, "POST", codesPath+"/remove", `{"activation_codes":["`+made.ID+`","`+h.beta.activationCode+`"]}`), http.StatusNotFound, "activation_not_found")
		refused(t, h.as(administrator, "DELETE", one, "", `If-Match: "1"`), http.StatusPreconditionFailed, "stale")
		read[any](t, h.as(administrator, "DELETE", one, "", `If-Match: "2"`), http.StatusNoContent)
		read[any](t, h.as(administrator, "POST", codesPath+"/remove", `{"activation_codes":["`+h.acme.activationCode+`"]}`), http.StatusNoContent)
		if got := names(h, codesPath+"?", name); got != "" {
			t.Errorf("left: %q", got)
		}
	})
}
