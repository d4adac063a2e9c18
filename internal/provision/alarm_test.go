package provision

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/store"
)

// mails are who was told by a kind of mail.
func (h *house) mails(template string) (to []string) {
	h.t.Helper()
	h.must(h.db.Update(h.t.Context(), func(tx *store.Tx) error {
		tx.NoEvent("a test reads")
		waiting, err := tx.Outbox.Lease("test", tx.Now().Add(time.Second), 20)
		for _, m := range waiting {
			if strings.Contains(string(m.Payload), `"`+template+`"`) {
				to = append(to, m.Target)
			}
			if err := tx.Outbox.Sent(m.ID); err != nil {
				return err
			}
		}
		return err
	}))
	return to
}

// TestAlarm tells who can mend it, once an outage.
func TestAlarm(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.member("bob", "")
		ann, err := h.people.AddMember(t.Context(), console(), h.acme.ID, directory.NewMember{
			Account: "ann", Name: "Ann", Role: identity.RoleAdministrator, Email: "ann@acme.example", Password: "a long enough one",
		})
		h.must(err)
		_, err = h.people.AddMember(t.Context(), console(), h.acme.ID, directory.NewMember{
			Account: "olga", Name: "Olga", Role: identity.RoleOwner, Email: "olga@acme.example", Password: "a long enough one",
		})
		h.must(err)
		h.open(newLedger())
		h.edit(application.ApplicationChange{Responsible: &ann.Person.Member.ID})
		h.receiver.says(http.StatusBadGateway, "no")
		for _, pause := range append([]time.Duration{0}, pauses[:]...) {
			if to := h.mails(outbox.TemplateSyncFailed); len(to) > 0 {
				t.Errorf("told %v too early", to)
			}
			h.clock.Advance(pause)
			h.pass()
		}
		if to := h.mails(outbox.TemplateSyncFailed); len(to) != 2 {
			t.Errorf("told %v, want ann and olga; events %v, records %s", to, h.events(5), recordText(h.records(RecordQuery{})))
		}
		h.clock.Advance(12 * time.Hour)
		h.pass()
		if to := h.mails(outbox.TemplateSyncFailed); len(to) != 0 {
			t.Errorf("told again: %v", to)
		}
	})
}

// TestAWebhookThatIsAwayIsReported to who administers the organisation, once an
// outage, and once for each event that is given up.
func TestAWebhookThatIsAwayIsReported(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := newHooked(t, h)
		for name, role := range map[string]identity.Role{"olga": identity.RoleOwner, "adam": identity.RoleAdministrator, "bob": identity.RoleMember} {
			_, err := h.people.AddMember(t.Context(), console(), h.acme.ID, directory.NewMember{
				Account: name, Name: name, Role: role, Email: name + "@acme.example", Password: "a long enough one",
			})
			h.must(err)
		}
		fails := func(status int, want string) {
			t.Helper()
			h.receiver.says(status, "no")
			for i, pause := range append([]time.Duration{0}, pauses[:]...) {
				if to := h.mails(outbox.TemplateWebhookFailed); len(to) > 0 {
					t.Errorf("%d: told %v after %d failures", status, to, i)
				}
				h.clock.Advance(pause)
				w.tells()
			}
			to := h.mails(outbox.TemplateWebhookFailed)
			slices.Sort(to)
			if got := strings.Join(to, " "); got != want {
				t.Errorf("%d: told %q, want %q", status, got, want)
			}
		}
		w.tells()
		const both = "adam@acme.example olga@acme.example"
		h.member("ann", "")
		fails(http.StatusBadGateway, both)
		h.clock.Advance(12 * time.Hour)
		w.tells()
		if to := h.mails(outbox.TemplateWebhookFailed); len(to) != 0 {
			t.Errorf("told again: %v", to)
		}
		h.receiver.says(http.StatusOK, "back")
		h.clock.Advance(12 * time.Hour)
		w.tells()
		h.member("cid", "")
		fails(http.StatusUnprocessableEntity, both)
	})
}

// TestPeopleByStatus finds whom a receiver does not take among many.
func TestPeopleByStatus(t *testing.T) {
	h := sqliteHouse(t)
	l := newLedger()
	for _, name := range []string{"ann", "bob", "cid"} {
		h.member(name, "")
	}
	l.refuse = "bob"
	h.open(l)
	h.pass()
	for status, want := range map[PersonStatus]int{PersonTold: 2, PersonRefused: 1, PersonPending: 0, "": 3} {
		people, err := h.People(t.Context(), console(), h.acme.ID, "wiki", PeopleQuery{Status: status, Limit: 10})
		h.must(err)
		if len(people) != want {
			t.Errorf("%q: %d, want %d", status, len(people), want)
		}
	}
	people, err := h.People(t.Context(), console(), h.acme.ID, "wiki", PeopleQuery{Status: PersonTold, Limit: 1})
	h.must(err)
	more, err := h.People(t.Context(), console(), h.acme.ID, "wiki", PeopleQuery{Status: PersonTold, After: people[0].Member, Limit: 10})
	h.must(err)
	if len(people) != 1 || len(more) != 1 || more[0].Account != "cid" {
		t.Errorf("in pages: %v, then %v", people, more)
	}
}
