package provision

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// hooked is a house with a webhook that wants what happens to members.
type hooked struct {
	*house
	hooks  *Hooks
	hook   Hook
	secret string
}

func newHooked(t *testing.T, h *house) *hooked {
	t.Helper()
	w := &hooked{house: h, hooks: NewHooks(h.db, h.options)}
	var err error
	w.hook, w.secret, err = w.hooks.AddHook(t.Context(), console(), h.acme.ID, HookChange{
		Name: new("Payroll"), URL: new(h.receiver.url + "/hook?a=1"), Events: &[]string{"member.*"},
	})
	h.must(err)
	h.receiver.says(http.StatusNoContent, " ")
	return w
}

// tells lets the webhooks look once, and returns the kinds of events of which
// the address was told.
func (w *hooked) tells() (kinds []string) {
	w.t.Helper()
	w.hooks.Pass(w.t.Context())
	for _, c := range w.receiver.took() {
		kinds = append(kinds, w.kind(c))
	}
	w.clock.Advance(time.Second)
	return kinds
}

// kind reads a call as Standard Webhooks has it.
func (w *hooked) kind(c call) string {
	w.t.Helper()
	if by := w.signers(c, w.secret); len(by) == 0 {
		w.t.Errorf("signed %q, not by the secret", c.header.Get("webhook-signature"))
	}
	if got, want := c.header.Get("webhook-timestamp"), fmt.Sprint(w.clock.Now().Unix()); got != want {
		w.t.Errorf("at %s, want %s", got, want)
	}
	var said struct {
		ID, Type, Timestamp, Target string
		Organization                struct{ ID, Code string }
	}
	w.must(json.Unmarshal([]byte(c.body), &said))
	if said.ID != c.header.Get("webhook-id") || said.Organization.Code != "acme" || said.Timestamp == "" {
		w.t.Errorf("told %s", c.body)
	}
	return said.Type
}

// signers are those of the secrets by which a call is signed, in the order of
// its signatures.
func (w *hooked) signers(c call, secrets ...string) (by []string) {
	w.t.Helper()
	expected := map[string]string{}
	for _, secret := range secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
		w.must(err)
		m := hmac.New(sha256.New, key)
		m.Write([]byte(c.header.Get("webhook-id") + "." + c.header.Get("webhook-timestamp") + "." + c.body))
		expected["v1,"+base64.StdEncoding.EncodeToString(m.Sum(nil))] = secret
	}
	for one := range strings.SplitSeq(c.header.Get("webhook-signature"), " ") {
		if secret, ok := expected[one]; ok {
			by = append(by, secret)
		}
	}
	return by
}

func (w *hooked) wants(what string, want ...string) {
	w.t.Helper()
	if got := w.tells(); !slices.Equal(got, want) {
		w.t.Errorf("%s: told %v, want %v", what, got, want)
	}
}

func (w *hooked) deliveries(q DeliveryQuery) (text string) {
	w.t.Helper()
	all, err := w.hooks.Deliveries(w.t.Context(), console(), w.acme.ID, w.hook.ID, q)
	w.must(err)
	for _, d := range all {
		text += fmt.Sprint(d.Type, " ", d.Status, " ", d.HTTPStatus, " ", d.Attempts, ";")
	}
	return text
}

func TestWebhooks(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := newHooked(t, h)
		w.wants("nothing yet")
		ann := h.member("ann", "")
		h.department("rd", "")
		h.clock.Advance(time.Millisecond)
		h.must(h.people.SuspendMember(t.Context(), console(), h.acme.ID, ann.ID))
		w.wants("what happened to members, in order", "member.added", "member.suspended")
		w.wants("and once")
		h.receiver.says(http.StatusInternalServerError, "down")
		h.must(h.people.ResumeMember(t.Context(), console(), h.acme.ID, ann.ID))
		w.wants("a failure", "member.resumed")
		h.member("bob", "")
		w.wants("what is behind it waits")
		h.receiver.says(http.StatusOK, "fine")
		h.clock.Advance(time.Minute)
		w.wants("in order afterwards", "member.resumed", "member.added")
		h.believes("deliveries", w.deliveries(DeliveryQuery{}),
			"member.added success 200 1;member.resumed success 200 2;member.suspended success 204 1;member.added success 204 1;")
		h.clock.Advance(time.Hour)
		w.wants("nothing again after an hour")
	})
}

// TestALateCommit is seen although later events were told before it.
func TestALateCommit(t *testing.T) {
	h := sqliteHouse(t)
	w := newHooked(t, h)
	h.clock.Advance(time.Minute)
	late := identity.NewEventID(h.clock.Now())
	began := h.clock.Now()
	h.member("ann", "")
	w.wants("the one that was fast", "member.added")
	h.clock.Advance(20 * time.Second)
	h.must(h.db.Update(t.Context(), func(tx *store.Tx) error {
		return tx.Events.Insert(identity.Event{ID: late, OrganizationID: h.acme.ID, Type: "member.changed", At: began})
	}))
	w.wants("the one that came late", "member.changed")
	w.wants("and once")
}

// TestAWebhookThatIsAway is tried less and less often, and told of once.
func TestAWebhookThatIsAway(t *testing.T) {
	h := sqliteHouse(t)
	w := newHooked(t, h)
	h.receiver.says(http.StatusBadGateway, "down")
	h.member("ann", "")
	calls := 0
	for end := h.clock.Now().Add(16 * time.Hour); h.clock.Now().Before(end); h.clock.Advance(time.Minute) {
		calls += len(w.tells())
	}
	h.believes("calls", fmt.Sprint(calls), "6")
	if !slices.Contains(h.events(3), "webhook.failed") {
		t.Errorf("recorded %v", h.events(3))
	}
	h.member("bob", "")
	h.receiver.says(http.StatusOK, "back")
	h.clock.Advance(12 * time.Hour)
	w.wants("back again", "member.added", "member.added")
	// What an address will not have is given up, and those behind it are told.
	h.receiver.says(http.StatusUnprocessableEntity, "no")
	h.member("cid", "")
	for _, pause := range append([]time.Duration{0}, pauses[:]...) {
		h.clock.Advance(pause)
		w.tells()
	}
	h.believes("refused", w.deliveries(DeliveryQuery{Status: store.SyncFailed}), "member.added failed 422 6;")
	h.receiver.says(http.StatusOK, "well")
	h.member("dan", "")
	w.wants("the next", "member.added")
}

func TestWebhooksAreSwitchedAndReplayed(t *testing.T) {
	h := sqliteHouse(t)
	w := newHooked(t, h)
	ctx := t.Context()
	change := func(c HookChange) (secret string) {
		t.Helper()
		_, secret, err := w.hooks.ChangeHook(ctx, console(), h.acme.ID, w.hook.ID, 0, c)
		h.must(err)
		return secret
	}
	change(HookChange{Enabled: new(false)})
	h.member("ann", "")
	w.wants("switched off")
	h.clock.Advance(time.Minute)
	change(HookChange{Enabled: new(true)})
	w.wants("what happened meanwhile is not told")
	h.member("bob", "")
	w.wants("what happens then is", "member.added")
	all, err := w.hooks.Deliveries(ctx, console(), h.acme.ID, w.hook.ID, DeliveryQuery{})
	h.must(err)
	h.must(w.hooks.Redeliver(ctx, console(), h.acme.ID, w.hook.ID, all[0].EventID))
	w.wants("by hand", "member.added")
	wants(t, "an event that it was not told of", w.hooks.Redeliver(ctx, console(), h.acme.ID, w.hook.ID, "evt_x"), fault.CodeDeliveryNotFound)
	old := w.secret
	if w.secret = change(HookChange{Secret: new(string)}); w.secret == old || w.secret == "" {
		t.Errorf("a new secret is %q", w.secret)
	}
	h.member("cid", "")
	w.wants("signed by the new secret", "member.added")
	wants(t, "stale", second(w.hooks.ChangeHook(ctx, console(), h.acme.ID, w.hook.ID, 1, HookChange{Name: new("x")})), fault.CodeStale)
	wants(t, "the same name", second(w.hooks.AddHook(ctx, console(), h.acme.ID, HookChange{Name: new("PAYROLL"), URL: new("https://a.example"), Events: &[]string{"*"}})), fault.CodeWebhookExists)
	outcome, err := w.hooks.TryHook(ctx, console(), h.acme.ID, HookChange{URL: &h.receiver.url, Secret: &w.secret})
	h.must(err)
	if calls := h.receiver.took(); !outcome.Passed() || len(calls) != 1 || w.kind(calls[0]) != TestEvent {
		t.Errorf("tried: %+v, %v", outcome, calls)
	}
	h.must(w.hooks.RemoveHook(ctx, console(), h.acme.ID, w.hook.ID))
	h.member("eva", "")
	w.wants("removed")
}

func second[A, B any](_ A, _ B, err error) error { return err }

// TestOneNodeTellsAnAddress while the other has to wait.
func TestOneNodeTellsAnAddress(t *testing.T) {
	h := sqliteHouse(t)
	w := newHooked(t, h)
	other := h.options
	other.Node = "other"
	h.member("ann", "")
	h.receiver.mu.Lock()
	h.receiver.answer = func(call) (int, string) {
		NewHooks(h.db, other).Pass(t.Context())
		return http.StatusOK, "once"
	}
	h.receiver.mu.Unlock()
	w.wants("by one of two", "member.added")
}

func TestWhoMayManageWebhooks(t *testing.T) {
	h := sqliteHouse(t)
	w := newHooked(t, h)
	ctx := t.Context()
	for _, actor := range []identity.Actor{{}, h.somebody(identity.RoleMember), h.somebody(identity.RoleDepartmentAdministrator)} {
		for what, err := range map[string]error{
			"Hooks":      func() error { _, err := w.hooks.Hooks(ctx, actor, h.acme.ID, "", 1); return err }(),
			"Hook":       func() error { _, err := w.hooks.Hook(ctx, actor, h.acme.ID, w.hook.ID); return err }(),
			"AddHook":    second(w.hooks.AddHook(ctx, actor, h.acme.ID, HookChange{})),
			"ChangeHook": second(w.hooks.ChangeHook(ctx, actor, h.acme.ID, w.hook.ID, 0, HookChange{})),
			"RemoveHook": w.hooks.RemoveHook(ctx, actor, h.acme.ID, w.hook.ID),
			"Deliveries": func() error {
				_, err := w.hooks.Deliveries(ctx, actor, h.acme.ID, w.hook.ID, DeliveryQuery{})
				return err
			}(),
			"Redeliver": w.hooks.Redeliver(ctx, actor, h.acme.ID, w.hook.ID, "evt_x"),
			"TryHook":   func() error { _, err := w.hooks.TryHook(ctx, actor, h.acme.ID, HookChange{}); return err }(),
		} {
			if fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s by %q: %v", what, actor.Role, err)
			}
		}
	}
	if err := access.Allow(h.somebody(identity.RoleAdministrator), access.ManageWebhooks, h.acme.ID); err != nil {
		t.Errorf("an administrator: %v", err)
	}
}

// TestWebhookLimit keeps an organisation from calling the whole world.
func TestWebhookLimit(t *testing.T) {
	h := sqliteHouse(t)
	hooks := NewHooks(h.db, h.options)
	var err error
	for i := range MaxWebhooks + 1 {
		_, _, err = hooks.AddHook(t.Context(), console(), h.acme.ID, HookChange{Name: new(fmt.Sprint(i)), URL: new("https://a.example"), Events: &[]string{"*"}})
	}
	wants(t, "one more", err, fault.CodeWebhookLimit)
	page, err := hooks.Hooks(t.Context(), console(), h.acme.ID, "", 3)
	h.must(err)
	more, err := hooks.Hooks(t.Context(), console(), h.acme.ID, page[2].ID, 100)
	if err != nil || len(page) != 3 || len(more) != MaxWebhooks-3 {
		t.Errorf("in pages: %d and %d, %v", len(page), len(more), err)
	}
}

// TestSecretsTakeOver: a receiver verifies by the secret before until its time
// is over, whatever moment it picks to learn the new one.
func TestSecretsTakeOver(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := newHooked(t, h)
		named := map[string]string{w.secret: "first"}
		rotate := func(name string, overlap *time.Duration) {
			t.Helper()
			view, secret, err := w.hooks.ChangeHook(t.Context(), console(), h.acme.ID, w.hook.ID, 0, HookChange{Secret: new(string), Overlap: overlap})
			h.must(err)
			if named[secret] = name; view.Secret != "" || view.Previous != "" {
				t.Errorf("%s: shown with secrets", name)
			}
		}
		signed := func(want string) {
			t.Helper()
			h.member(fmt.Sprint("m", h.clock.Now().UnixNano()), "")
			h.clock.Advance(time.Second)
			w.hooks.Pass(t.Context())
			calls := h.receiver.took()
			if len(calls) != 1 {
				t.Fatalf("%d calls, want 1", len(calls))
			}
			var by []string
			for _, secret := range w.signers(calls[0], slices.Collect(maps.Keys(named))...) {
				by = append(by, named[secret])
			}
			if got := strings.Join(by, " "); got != want || strings.Count(calls[0].header.Get("webhook-signature"), "v1,") != len(by) {
				t.Errorf("signed by %q, want %q: %s", got, want, calls[0].header.Get("webhook-signature"))
			}
		}
		signed("first")
		rotate("second", nil)
		signed("second first")
		h.clock.Advance(23 * time.Hour)
		signed("second first")
		h.clock.Advance(time.Hour)
		signed("second")
		rotate("third", new(time.Hour))
		rotate("fourth", new(time.Hour))
		signed("fourth third") // any older one has ended
		if _, _, err := w.hooks.ChangeHook(t.Context(), console(), h.acme.ID, w.hook.ID, 0, HookChange{Name: new("Wages")}); err != nil {
			t.Error(err)
		}
		signed("fourth third") // another edit ends nothing
		rotate("fifth", new(time.Duration(0)))
		signed("fifth")
		rotate("sixth", new(time.Minute))
		h.clock.Advance(time.Hour)
		view, err := w.hooks.Hook(t.Context(), console(), h.acme.ID, w.hook.ID)
		if err != nil || !view.PreviousEndsAt.IsZero() {
			t.Errorf("what has ended is shown until %v, %v", view.PreviousEndsAt, err)
		}
		for _, overlap := range []time.Duration{-1, 91 * 24 * time.Hour} {
			_, _, err := w.hooks.ChangeHook(t.Context(), console(), h.acme.ID, w.hook.ID, 0, HookChange{Secret: new(string), Overlap: &overlap})
			if f := fault.Of(err); f == nil || f.Field != "overlap" {
				t.Errorf("for %s: %v", overlap, err)
			}
		}
	})
}
