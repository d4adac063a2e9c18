package api

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/store"
)

// TestEventFilters narrows the log of an organisation in every way.
func TestEventFilters(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		const all = "/organizations/acme/events"
		h.clock.Advance(time.Hour)
		then := h.clock.Now().Format(time.RFC3339)
		read[Group](t, h.as(administrator, "POST", "/organizations/acme/groups", `{"name":"late"}`), http.StatusCreated)
		events := func(query string) []Event {
			t.Helper()
			return read[page[Event]](t, h.as(administrator, "GET", all+query, ""), http.StatusOK).Items
		}
		if late := events("?from=" + then); len(late) != 1 || late[0].Type != "group.added" {
			t.Errorf("since then: got %+v", late)
		}
		if early := events("?type=group.added&to=" + then); len(early) != 1 {
			t.Errorf("before: got %+v", early)
		}
		name := h.acme.admin.Member.Name
		for query, is := range map[string]func(Event) bool{
			"?log=sign_ins": func(e Event) bool {
				return strings.HasPrefix(e.Type, "sign_in.") || strings.HasPrefix(e.Type, "session.")
			},
			"?outcome=succeeded": func(e Event) bool { return e.Type != "sign_in.refused" && !strings.HasPrefix(e.Type, "member.") },
			"?log=operations": func(e Event) bool {
				return !strings.HasPrefix(e.Type, "sign_in.") && !strings.HasPrefix(e.Type, "session.")
			},
			"?actor=" + strings.ReplaceAll(name, " ", "+"): func(e Event) bool { return e.ActorName == name },
			"?address=192.0.2.7":                           func(e Event) bool { return e.Address == "192.0.2.7" },
		} {
			found := events(query)
			if len(found) == 0 {
				t.Errorf("%s: nothing is found", query)
			}
			for _, e := range found {
				if !is(e) {
					t.Errorf("%s: got %+v", query, e)
				}
			}
		}
		if none := events("?log=operations&outcome=refused"); len(none) != 0 {
			t.Errorf("operations have no outcome: got %+v", none)
		}
		refused(t, h.as(administrator, "GET", all+"?address=here", ""), 422, "field_format")
	})
}

// TestOwnEvents shows a member their own sign-ins and nobody else's.
func TestOwnEvents(t *testing.T) {
	h := newHouse(t)
	own := read[page[Event]](t, h.as(anyMember, "GET", "/me/events", ""), http.StatusOK).Items
	if len(own) == 0 {
		t.Fatal("nothing is found")
	}
	id := string(h.acme.member.Member.ID)
	for _, e := range own {
		if e.ActorID != id && e.Target != id || strings.HasPrefix(e.Type, "member.") {
			t.Errorf("got %+v", e)
		}
	}
}

// TestExportedEvents reads a log as CSV, with what would be a formula made
// harmless, and goes on where the file ends.
func TestExportedEvents(t *testing.T) {
	h := newHouse(t)
	read[Group](t, h.as(administrator, "POST", "/organizations/acme/groups", `{"name":"=1+1"}`), http.StatusCreated)
	w := h.as(administrator, "GET", "/organizations/acme/events/export?log=operations", "")
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/csv; charset=utf-8" || w.Header().Get("Link") != "" {
		t.Fatalf("got %d %v", w.Code, w.Header())
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Body.String(), "\ufeff"))).ReadAll()
	list := read[page[Event]](t, h.as(administrator, "GET", "/organizations/acme/events?log=operations&limit=200", ""), http.StatusOK)
	if err != nil || len(rows) != len(list.Items)+1 || rows[0][1] != "type" || rows[1][1] != list.Items[0].Type || rows[1][2] == "" {
		t.Errorf("got %d rows for %d events, %v", len(rows), len(list.Items), err)
	}
	for _, row := range rows[1:] {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t", rune(cell[0])) {
				t.Errorf("a formula: %q", cell)
			}
		}
	}
	if store.EventsAtOnce < exportPage {
		t.Error("one search cannot find a page")
	}
}
