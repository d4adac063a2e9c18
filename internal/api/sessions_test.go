package api

import (
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
)

func TestSessions(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		of := func(p identity.Person) string {
			return "/organizations/acme/members/" + string(p.Member.ID) + "/sessions"
		}
		now := h.clock.Now()
		want := Session{
			ID: h.acme.session, OrganizationID: string(h.acme.organization.ID), MemberID: string(h.acme.other.Member.ID), Methods: []string{"pwd"},
			ProvenAt: now, CreatedAt: now, SeenAt: now, IdleEndsAt: now.Add(30 * time.Minute), EndsAt: now.Add(12 * time.Hour),
			Address: "192.0.2.7", UserAgent: "Browser/1", Applications: []SessionApplication{},
		}
		list := read[collection[Session]](t, h.as(administrator, "GET", of(h.acme.other), ""), 200).Items
		if len(list) != 1 || !reflect.DeepEqual(list[0], want) {
			t.Errorf("got %+v, want %+v", list, want)
		}
		refused(t, h.as(administrator, "DELETE", of(h.acme.member)+"/"+h.acme.session, ""), http.StatusNotFound, "session_not_found")
		refused(t, h.as(administrator, "DELETE", of(h.acme.owner)+"/"+h.sessions[theOwner], ""), http.StatusForbidden, "forbidden")
		refused(t, h.as(administrator, "DELETE", of(h.acme.owner), ""), http.StatusForbidden, "forbidden")
		if w := h.as(administrator, "DELETE", of(h.acme.other)+"/"+h.acme.session, ""); w.Code != http.StatusNoContent {
			t.Errorf("end: %d %s", w.Code, w.Body)
		}
		refused(t, h.as(administrator, "DELETE", of(h.acme.other)+"/"+h.acme.session, ""), http.StatusNotFound, "session_not_found")
		ended := read[SessionReport](t, h.as(administrator, "GET", of(h.acme.other)+"/"+h.acme.session+"/report", ""), 200)
		if ended.ID != h.acme.session || ended.EndedBy != "administrator" || ended.EndedAt == nil || !ended.EndedAt.Equal(now) || ended.Notices == nil {
			t.Errorf("report: got %+v", ended)
		}
		refused(t, h.as(administrator, "GET", of(h.acme.member)+"/"+h.acme.session+"/report", ""), http.StatusNotFound, "session_not_found")
		h.browser(h.acme, h.acme.member)
		if got := read[EndedSessions](t, h.as(orgToken, "DELETE", of(h.acme.member), ""), 200); got.Ended != 2 {
			t.Errorf("ended %d, want 2", got.Ended)
		}
		if list := read[collection[Session]](t, h.as(orgToken, "GET", of(h.acme.member), ""), 200).Items; list == nil || len(list) != 0 {
			t.Errorf("afterwards: %v", list)
		}
	})
}

func TestMySessions(t *testing.T) {
	h := newHouse(t)
	list := read[collection[Session]](t, h.as(anyMember, "GET", "/me/sessions", ""), 200).Items
	if len(list) != 1 || list[0].ID != h.sessions[anyMember] {
		t.Errorf("got %+v", list)
	}
	for name, id := range map[string]string{"another's": h.acme.session, "the administrator's": h.sessions[administrator], "none": "x"} {
		if w := h.as(anyMember, "DELETE", "/me/sessions/"+id, ""); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", name, w.Code)
		}
	}
	// A management token of the whole installation has no sessions of its own.
	refused(t, h.as(providerToken, "DELETE", "/me/sessions", ""), http.StatusForbidden, "forbidden")
	if got := read[EndedSessions](t, h.as(anyMember, "DELETE", "/me/sessions", ""), 200); got.Ended != 1 {
		t.Errorf("ended %d, want 1", got.Ended)
	}
	if list := read[collection[Session]](t, h.as(providerAdmin, "GET", "/me/sessions", ""), 200).Items; len(list) != 1 || list[0].MemberID != "" {
		t.Errorf("the provider's: %+v", list)
	}
}
