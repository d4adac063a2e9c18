package provision

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// The vector is that of the libraries of Standard Webhooks.
func TestHookSignature(t *testing.T) {
	hook := identity.Webhook{Secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
	got := hookSignatures([][]byte{hook.Key()}, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", `{"test": 2432232314}`)
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for name, other := range map[string]string{
		"another id":   hookSignatures([][]byte{hook.Key()}, "msg_x", "1614265330", `{"test": 2432232314}`),
		"another time": hookSignatures([][]byte{hook.Key()}, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265331", `{"test": 2432232314}`),
		"another body": hookSignatures([][]byte{hook.Key()}, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", `{"test": 2432232315}`),
		"another key":  hookSignatures([][]byte{[]byte("another")}, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", `{"test": 2432232314}`),
	} {
		if other == got {
			t.Errorf("%s has the same signature", name)
		}
	}
}

func TestHookBody(t *testing.T) {
	at := time.Date(2026, time.March, 2, 17, 30, 0, 120_000_000, time.FixedZone("", 8*60*60))
	got, err := hookBody(identity.Organization{ID: "org_x", Code: "acme"}, identity.Event{
		ID: "evt_x", OrganizationID: "org_x", Type: "member.added", At: at, ActorKind: identity.ActsAsMember, ActorID: "mem_a",
		ActorName: "Ann <ann>", Target: "mem_b", Address: origin.Address, RequestID: origin.RequestID, Details: map[string]string{"account": "bob"},
	})
	want := `{"id":"evt_x","type":"member.added","timestamp":"2026-03-02T09:30:00.12Z","organization":{"id":"org_x","code":"acme"},` +
		`"actor":{"kind":"member","id":"mem_a","name":"Ann <ann>"},"target":"mem_b","details":{"account":"bob"}}`
	if err != nil || got != want {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}
	bare, err := hookBody(identity.Organization{}, identity.Event{})
	if err != nil || !strings.HasSuffix(bare, `"details":{}}`) {
		t.Errorf("without details: %s, %v", bare, err)
	}
}

func TestHookOutcomes(t *testing.T) {
	h := sqliteHouse(t)
	w := newHooked(t, h)
	hook := identity.Webhook{URL: h.receiver.url, Secret: w.secret}
	for _, row := range []struct {
		status  int
		class   Class
		refused bool
	}{
		{http.StatusOK, "", false},
		{http.StatusAccepted, "", false},
		{299, "", false},
		{http.StatusMovedPermanently, Unreachable, false},
		{http.StatusFound, Unreachable, false},
		{http.StatusBadRequest, Abnormal, true},
		{http.StatusUnauthorized, IllegalSignature, false},
		{http.StatusForbidden, IllegalSignature, false},
		{http.StatusNotFound, Unreachable, false},
		{http.StatusMethodNotAllowed, Unreachable, false},
		{http.StatusConflict, Abnormal, false},
		{http.StatusGone, Abnormal, false},
		{http.StatusRequestEntityTooLarge, Abnormal, true},
		{http.StatusUnsupportedMediaType, Abnormal, true},
		{http.StatusUnprocessableEntity, Abnormal, true},
		{http.StatusTooManyRequests, Abnormal, false},
		{http.StatusInternalServerError, Abnormal, false},
		{http.StatusServiceUnavailable, Abnormal, false},
	} {
		h.receiver.says(row.status, "an\nanswer")
		o := w.hooks.post(t.Context(), hook, "evt_x", "{}")
		if o.Class != row.class || o.refused() != row.refused || o.Status != row.status || o.Passed() != (row.class == "") {
			t.Errorf("%d: got %+v, refused %v", row.status, o, o.refused())
		}
		if o.Answer != "an answer" {
			t.Errorf("%d: the answer is shown as %q", row.status, o.Answer)
		}
	}
	if calls := h.receiver.took(); len(calls) != 18 {
		t.Errorf("%d calls, want each made once and no redirect followed", len(calls))
	}
}

func TestHookAnswersAreCut(t *testing.T) {
	h := sqliteHouse(t)
	w := newHooked(t, h)
	h.receiver.says(http.StatusOK, strings.Repeat("long ", 100_000))
	o := w.hooks.post(t.Context(), identity.Webhook{URL: h.receiver.url, Secret: w.secret}, "evt_x", "{}")
	if !o.Passed() || len(o.Answer) != maxMessage {
		t.Errorf("passed %v, %d characters are kept", o.Passed(), len(o.Answer))
	}
	o = w.hooks.post(t.Context(), identity.Webhook{URL: "https://localhost:1", Secret: w.secret}, "evt_x", "{}")
	if o.Class != Unreachable || o.Status != 0 || o.Cause == nil {
		t.Errorf("nobody there: %+v", o)
	}
	if text := fmt.Sprintf("%v %#v", HookChange{Secret: &w.secret}, HookChange{Secret: &w.secret}); strings.Contains(text, w.secret) {
		t.Errorf("a change shows its secret: %s", text)
	}
}

// happened writes events as use cases would.
func (w *hooked) happened(kinds ...string) {
	w.t.Helper()
	w.must(w.db.Update(w.t.Context(), func(tx *store.Tx) error {
		for _, kind := range kinds {
			err := tx.Events.Insert(identity.Event{ID: identity.NewEventID(tx.Now()), OrganizationID: w.acme.ID, Type: kind, At: tx.Now()})
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

// TestManyEvents come in more pages and turns than one.
func TestManyEvents(t *testing.T) {
	h := sqliteHouse(t)
	w := newHooked(t, h)
	const many = 2*readEvents + 50
	for i := range many {
		w.happened(fmt.Sprintf("member.n%c%c%c", 'a'+i/100, 'a'+i/10%10, 'a'+i%10))
		h.clock.Advance(time.Millisecond)
	}
	var told []string
	for range many/hookBatch + 2 {
		told = append(told, w.tells()...)
	}
	if len(told) != many {
		t.Fatalf("told of %d, want %d", len(told), many)
	}
	for i := 1; i < many; i++ {
		if told[i-1] >= told[i] {
			t.Fatalf("told of %s before %s", told[i-1], told[i])
		}
	}
}

// TestWhatIsNotTold is what nobody asked for, and of which there is too much.
func TestWhatIsNotTold(t *testing.T) {
	h := sqliteHouse(t)
	w := newHooked(t, h)
	_, _, err := w.hooks.ChangeHook(t.Context(), console(), h.acme.ID, w.hook.ID, 0, HookChange{Events: &[]string{"*"}})
	h.must(err)
	h.clock.Advance(time.Minute)
	w.tells()
	w.happened(append([]string{"webhook.failed", "webhook.tried", "group.added"}, besides...)...)
	w.wants("of all", "group.added")
}

// TestAFrozenOrganizationTellsNobody until it is thawed.
func TestAFrozenOrganizationTellsNobody(t *testing.T) {
	h := sqliteHouse(t)
	w := newHooked(t, h)
	status := func(status identity.OrganizationStatus) {
		t.Helper()
		h.must(h.db.Update(t.Context(), func(tx *store.Tx) error {
			tx.NoEvent("a test")
			o, err := tx.Organizations.Get(h.acme.ID)
			if err != nil {
				return err
			}
			o.Status = status
			return tx.Organizations.Put(o)
		}))
	}
	w.happened("member.added")
	status(identity.OrganizationFrozen)
	w.wants("frozen")
	status(identity.OrganizationActive)
	w.wants("thawed", "member.added")
}

// TestAnAddressThatIsGone says so itself, and one event does not wait for ever.
func TestAnAddressThatIsGone(t *testing.T) {
	h := sqliteHouse(t)
	w := newHooked(t, h)
	h.receiver.says(http.StatusGone, "moved away")
	w.happened("member.added")
	h.clock.Advance(time.Millisecond)
	w.happened("member.changed")
	if told := w.tells(); len(told) != 1 {
		t.Errorf("told of %v at once", told)
	}
	w.tells()
	h.believes("given up", w.deliveries(DeliveryQuery{Status: store.SyncFailed}), "member.changed failed 410 1;member.added failed 410 1;")
	h.receiver.says(http.StatusBadGateway, "down")
	w.happened("member.removed")
	w.tells()
	h.clock.Advance(keepTrying + time.Hour)
	w.tells()
	h.believes("after a week", w.deliveries(DeliveryQuery{Type: "member.removed"}), "member.removed failed 502 2;")
}
