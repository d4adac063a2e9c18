package provision

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// TestLostAnswers come of calls that the receiver did. What was true at the call
// is true no more at the next one, and the receiver hears of it all the same.
func TestLostAnswers(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		l := newLedger()
		ann := h.member("ann", "")
		h.department("rd", "1")
		h.open(l)
		h.pass()
		lost := func(what string, do, undo func() error, want ...string) {
			t.Helper()
			before := fmt.Sprint(l.people, l.departments)
			h.receiver.answer = func(c call) (int, string) { l.answer(c); return http.StatusBadGateway, "" }
			h.must(do())
			h.pass()
			if fmt.Sprint(l.people, l.departments) == before {
				t.Errorf("%s: the receiver did nothing", what)
			}
			h.receiver.answer = l.answer
			h.must(undo())
			h.clock.Advance(time.Minute)
			h.calls(what, want...)
			if got := fmt.Sprint(l.people, l.departments); got != before {
				t.Errorf("%s: believes %s, want %s", what, got, before)
			}
			h.calls(what + ", and once")
		}
		var bob identity.Member
		lost("added and removed", func() error { bob = h.member("bob", ""); return nil },
			func() error { return h.people.RemoveMember(t.Context(), console(), h.acme.ID, bob.ID) }, "authSync 0")
		set := func(status identity.MemberStatus) func() error {
			return func() error {
				_, err := h.people.ChangeMember(t.Context(), console(), h.acme.ID, ann.ID, 0, directory.MemberChange{Status: &status})
				return err
			}
		}
		lost("suspended and resumed", set(identity.MemberDisabled), set(identity.MemberActive), "authSync 2")
		everyone := func(everyone bool) func() error {
			return func() error {
				h.edit(application.ApplicationChange{Access: &identity.Access{Everyone: everyone}})
				return nil
			}
		}
		lost("shut out and let in", everyone(false), everyone(true), "authSync 1")
		lost("a department that came and went", func() error { h.department("x", "1"); return nil },
			func() error { return h.people.RemoveDepartment(t.Context(), console(), h.acme.ID, "x") }, "singleOrgSync 0")
		name := func(name string) func() error {
			return func() error {
				_, err := h.people.ChangeDepartment(t.Context(), console(), h.acme.ID, "rd", 0, directory.DepartmentChange{Name: &name})
				return err
			}
		}
		lost("a name and back", name("Another"), name("The rd"), "singleOrgSync 2")
	})
}

// TestACallThatNobodyNoted is that of a process that ended while it waited.
func TestACallThatNobodyNoted(t *testing.T) {
	h := sqliteHouse(t)
	l := newLedger()
	h.open(l)
	h.pass()
	ctx, end := context.WithCancel(t.Context())
	done := make(chan struct{})
	h.receiver.answer = func(c call) (int, string) {
		defer close(done)
		end()
		return l.answer(c)
	}
	bob := h.member("bob", "")
	h.Pass(ctx)
	<-done // whoever calls does not wait for it
	h.must(h.people.RemoveMember(t.Context(), console(), h.acme.ID, bob.ID))
	h.receiver.took()
	h.receiver.answer = l.answer
	if len(l.people) != 1 {
		t.Fatalf("the receiver knows %v", l.people)
	}
	h.clock.Advance(leaseFor + time.Minute)
	h.calls("after the lease", "authSync 0")
	if len(l.people) != 0 {
		t.Errorf("the receiver knows %v still", l.people)
	}
}

// TestRotationIsTold by itself, to whoever is told at all.
func TestRotationIsTold(t *testing.T) {
	h := sqliteHouse(t)
	h.open(newLedger())
	h.pass()
	_, secret, err := h.apps.RotateSecret(t.Context(), console(), h.acme.ID, "wiki", time.Hour)
	h.must(err)
	h.calls("after a rotation", "applicationSync 2")
	h.calls("and once")
	s, err := h.Sync(t.Context(), console(), h.acme.ID, "wiki")
	h.must(err)
	h.must(h.db.View(t.Context(), func(tx *store.Tx) error {
		stored, err := tx.ApplicationSyncs.Get(h.acme.ID, h.wiki.ID)
		if !s.SecretCurrent || stored.ClientSecret != secret {
			t.Errorf("current %v, want the new secret to be told", s.SecretCurrent)
		}
		return err
	}))
}
