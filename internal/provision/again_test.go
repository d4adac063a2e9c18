package provision

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// last is the newest record of an event.
func (h *house) last(event Event) Record {
	h.t.Helper()
	all := h.records(RecordQuery{Event: string(event), Limit: 1})
	if len(all) == 0 {
		h.t.Fatalf("no record of %s", event)
	}
	return all[0]
}

func (h *house) retry(r Record) error {
	return h.RetryRecord(h.t.Context(), console(), h.acme.ID, "wiki", r.ID)
}

// TestASingleCallIsMadeAgain with what is true by then, and nothing else is.
func TestASingleCallIsMadeAgain(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		l := newLedger()
		ann := h.member("ann", "")
		h.department("rd", "1")
		h.open(l)
		h.pass()
		h.department("lab", "1")
		h.calls("a department", "singleOrgSync 1")
		again := func(what string, event Event, want ...string) {
			t.Helper()
			h.must(h.retry(h.last(event)))
			h.calls(what, want...)
			h.calls(what + ", and once")
		}
		again("the organisation", EventTenant, "tenantSync 1")
		again("the credential", EventApplication, "applicationSync 1")
		again("all departments", EventDepartments, "allOrgSync 0")
		again("one department", EventDepartment, "singleOrgSync 1")
		h.member("bob", "")
		h.calls("somebody new", "authSync 1")
		clear(l.people)
		again("one person", EventPeople, "authSync 1")
		h.believes("only the one", fmt.Sprint(len(l.people), " ", l.people["bob"]), "1 BOB 1 user true")
		h.must(h.people.RemoveMember(t.Context(), console(), h.acme.ID, ann.ID))
		h.calls("removed", "authSync 0")
		l.people["ann"] = "lost"
		again("somebody who is gone", EventPeople, "authSync 0")
		h.believes("gone again", l.people["ann"], "")
		h.must(h.people.RemoveDepartment(t.Context(), console(), h.acme.ID, "rd"))
		h.calls("a department less", "singleOrgSync 0")
		again("a department that is gone", EventDepartment, "singleOrgSync 0")
		h.edit(application.ApplicationChange{Access: &identity.Access{}})
		h.calls("shut out", "authSync 3")
		again("who is shut out", EventPeople, "authSync 3")
		if got := h.events(1); got[0] != "sync.retried" {
			t.Errorf("recorded %v", got)
		}
	})
}

// TestACallThatFailedIsMadeAgain at once, or by whom it was refused.
func TestACallThatFailedIsMadeAgain(t *testing.T) {
	h := sqliteHouse(t)
	l := newLedger()
	l.refuse = "bob"
	h.member("ann", "")
	h.member("bob", "")
	h.open(l)
	h.pass()
	refused := h.records(RecordQuery{Event: string(EventPeople), Status: store.SyncFailed})
	if len(refused) != 1 {
		t.Fatalf("refused: %s", recordText(refused))
	}
	h.calls("nobody asks for it")
	l.refuse = ""
	h.must(h.retry(refused[0]))
	h.calls("who was refused", "authSync 1")
	h.receiver.says(http.StatusBadGateway, "down")
	h.member("cid", "")
	h.calls("down", "authSync 1")
	h.receiver.answer = l.answer
	h.calls("it waits")
	waits := h.last(EventPeople)
	if waits.Status != store.SyncPending {
		t.Fatalf("got %s", recordText([]Record{waits}))
	}
	h.must(h.retry(waits))
	h.calls("at once", "authSync 1")
	h.believes("everybody", fmt.Sprint(len(l.people)), "3")
}

// TestWhichCallsCanBeMadeAgain and by whom.
func TestWhichCallsCanBeMadeAgain(t *testing.T) {
	h := sqliteHouse(t)
	h.open(newLedger())
	h.pass()
	known := h.last(EventTenant)
	old := known
	old.ID, old.About = identity.NewSyncRecordID(h.clock.Now().Add(time.Second)), ""
	h.must(h.db.Update(t.Context(), func(tx *store.Tx) error { tx.NoEvent("a test"); return tx.SyncRecords.Put(old) }))
	wants(t, "one of before", h.retry(old), fault.CodeSyncRecordNotFound)
	wants(t, "none", h.retry(Record{ID: "syr_none"}), fault.CodeSyncRecordNotFound)
	h.application("other")
	wants(t, "that of another application", h.RetryRecord(t.Context(), console(), h.acme.ID, "other", known.ID), fault.CodeSyncOff)
	for _, actor := range []identity.Actor{{}, h.somebody(identity.RoleMember)} {
		if err := h.RetryRecord(t.Context(), actor, h.acme.ID, "wiki", known.ID); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("by %q: %v", actor.Role, err)
		}
	}
	_, err := h.SetSync(t.Context(), console(), h.acme.ID, "wiki", 0, SyncChange{Enabled: new(false)})
	h.must(err)
	wants(t, "while it is off", h.retry(known), fault.CodeSyncOff)
	h.calls("nothing was told")
}
