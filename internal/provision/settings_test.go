package provision

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

func TestSettings(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		ctx, actor := t.Context(), h.somebody(identity.RoleAdministrator)
		_, err := h.Sync(ctx, actor, h.acme.ID, "wiki")
		wants(t, "before anything is said", err, fault.CodeSyncNotFound)
		c := h.whole()
		c.ClientSecret = nil
		_, err = h.SetSync(ctx, actor, h.acme.ID, "wiki", 0, c)
		wants(t, "without the secret", err, fault.CodeSyncSecretNeeded)
		c.ClientSecret = new(strings.Repeat("x", 64))
		_, err = h.SetSync(ctx, actor, h.acme.ID, "wiki", 0, c)
		wants(t, "with another's secret", err, fault.CodeSyncSecretWrong)
		h.clock.Advance(time.Second)
		view, err := h.SetSync(ctx, actor, h.acme.ID, "wiki", 0, h.whole())
		if err != nil || !view.Enabled || !view.HasKey || !view.HasSecret || !view.SecretCurrent || view.SignatureKey+view.ClientSecret != "" || view.Version != 1 {
			t.Fatalf("got %#v, %v", view, err)
		}
		again, err := h.SetSync(ctx, actor, h.acme.ID, "wiki", 1, h.whole())
		if err != nil || again.Version != 1 {
			t.Errorf("nothing differs: got version %d, %v", again.Version, err)
		}
		_, err = h.SetSync(ctx, actor, h.acme.ID, "wiki", 7, h.whole())
		wants(t, "late", err, fault.CodeStale)
		_, err = h.SetSync(ctx, actor, h.acme.ID, "other", 0, h.whole())
		wants(t, "of no application", err, fault.CodeApplicationNotFound)
		wants(t, "removed late", h.RemoveSync(ctx, actor, h.acme.ID, "wiki", 7), fault.CodeStale)
		h.clock.Advance(time.Second)
		wants(t, "removed", h.RemoveSync(ctx, actor, h.acme.ID, "wiki", 1), "")
		wants(t, "removed twice", h.RemoveSync(ctx, actor, h.acme.ID, "wiki", 0), fault.CodeSyncNotFound)
		if got, want := h.events(2), []string{"sync.removed", "sync.configured"}; !slices.Equal(got, want) {
			t.Errorf("told %v, want %v", got, want)
		}
	})
}

// TestAnApplicationWithoutSecrets is told without one.
func TestAnApplicationWithoutSecrets(t *testing.T) {
	h := sqliteHouse(t)
	_, _, err := h.apps.AddApplication(t.Context(), console(), h.acme.ID, application.NewApplication{
		ClientID: "cas", Protocol: identity.ProtocolCAS,
		Settings: application.ApplicationChange{Name: new("cas"), HomeURLs: &[]string{"https://cas.example/"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	c := h.whole()
	c.ClientSecret = nil
	view, err := h.SetSync(t.Context(), console(), h.acme.ID, "cas", 0, c)
	if err != nil || view.HasSecret || !view.SecretCurrent {
		t.Errorf("got %#v, %v", view, err)
	}
}

// TestSecretsAreSealed looks for what is secret in what is stored and told.
func TestSecretsAreSealed(t *testing.T) {
	h := sqliteHouse(t)
	h.clock.Advance(time.Second)
	if _, err := h.SetSync(t.Context(), console(), h.acme.ID, "wiki", 0, h.whole()); err != nil {
		t.Fatal(err)
	}
	err := h.db.View(t.Context(), func(tx *store.Tx) error {
		events, err := tx.Events.Page(store.EventQuery{Organization: h.acme.ID, Limit: 1})
		if text := fmt.Sprint(events); strings.Contains(text, signatureKey) || strings.Contains(text, h.secret) || !strings.Contains(text, "signature_key,") {
			t.Errorf("the event is %s, want the names of the fields alone", text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprintf("%+v %#v", h.whole(), h.whole()); strings.Contains(text, h.secret) {
		t.Errorf("a change prints as %s", text)
	}
}

// TestOnlyTheResponsibleMember changes how an application is told.
func TestOnlyTheResponsibleMember(t *testing.T) {
	h := sqliteHouse(t)
	ctx := t.Context()
	boss, err := h.people.AddMember(ctx, console(), h.acme.ID, directory.NewMember{
		Account: "boss", Name: "Boss", Password: "a long enough one", Email: "boss@acme.example", Role: identity.RoleAdministrator,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.apps.ChangeApplication(ctx, console(), h.acme.ID, "wiki", 0, application.ApplicationChange{Responsible: &boss.Person.Member.ID}); err != nil {
		t.Fatal(err)
	}
	responsible := h.somebody(identity.RoleAdministrator)
	responsible.MemberID = boss.Person.Member.ID
	for _, tt := range []struct {
		name  string
		actor identity.Actor
		want  fault.Code
	}{
		{"nobody", identity.Actor{}, fault.CodeForbidden},
		{"a member", h.somebody(identity.RoleMember), fault.CodeForbidden},
		{"another administrator", h.somebody(identity.RoleAdministrator), fault.CodeApplicationOwned},
		{"the responsible", responsible, ""},
	} {
		_, err := h.SetSync(ctx, tt.actor, h.acme.ID, "wiki", 0, h.whole())
		wants(t, tt.name+" sets", err, tt.want)
		_, err = h.TrySync(ctx, tt.actor, h.acme.ID, "wiki", h.whole())
		wants(t, tt.name+" tries", err, tt.want)
		wants(t, tt.name+" removes", h.RemoveSync(ctx, tt.actor, h.acme.ID, "wiki", 0), tt.want)
	}
	_, err = h.Sync(ctx, identity.Actor{}, h.acme.ID, "wiki")
	wants(t, "nobody reads", err, fault.CodeForbidden)
}

// try tries settings and tells what came of it.
func (h *house) try(c SyncChange) (text string) {
	h.t.Helper()
	all, err := h.TrySync(h.t.Context(), console(), h.acme.ID, "wiki", c)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, o := range all {
		text += fmt.Sprintf("%s %d %s;", o.Event, o.Status, o.Class)
	}
	return text
}

func TestTry(t *testing.T) {
	h := sqliteHouse(t)
	if got, want := h.try(h.whole()), "tenant 200 ;application 200 ;"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, c := range h.receiver.took() {
		if strings.Contains(c.body, h.secret) || !strings.Contains(c.body, `"instanceId":"",`) || !strings.Contains(c.body, `"testFlag":1,`) {
			t.Errorf("sent %s", c.body)
		}
		s := signer{identity.SyncV2, identity.SyncSHA256, signatureKey}
		if want := s.xSign(c.header.Get("x-nonce"), c.header.Get("x-timestamp"), []byte(c.body)); c.header.Get("x-sign") != want {
			t.Errorf("signed %s, want %s", c.header.Get("x-sign"), want)
		}
	}
	_, err := h.Sync(t.Context(), console(), h.acme.ID, "wiki")
	wants(t, "nothing is saved", err, fault.CodeSyncNotFound)
}

func TestTryThatFails(t *testing.T) {
	h := sqliteHouse(t)
	for _, tt := range []struct {
		name   string
		status int
		body   string
		want   string
	}{
		{"led elsewhere", http.StatusFound, "elsewhere", "tenant 302 unreachable;"},
		{"an answer without end", http.StatusOK, strings.Repeat(" ", maxAnswer) + `{"resultCode":"000000"}`, "tenant 200 abnormal;"},
		{"another key", http.StatusOK, `{"resultCode":"000001"}`, "tenant 200 signature;"},
	} {
		h.receiver.says(tt.status, tt.body)
		if got := h.try(h.whole()); got != tt.want || len(h.receiver.took()) != 1 {
			t.Errorf("%s: got %s, want %s and one call", tt.name, got, tt.want)
		}
	}
	gone := h.whole()
	gone.CallbackURL = new("https://localhost:1")
	if got, want := h.try(gone), "tenant 0 unreachable;"; got != want {
		t.Errorf("nobody there: got %s, want %s", got, want)
	}
	unfinished := h.whole()
	unfinished.PublicKey = nil
	_, err := h.TrySync(t.Context(), console(), h.acme.ID, "wiki", unfinished)
	wants(t, "unfinished", err, fault.CodeFieldMissing)
}
