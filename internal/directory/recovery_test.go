package directory

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/ticket"
)

const newPassword = "Recovered-horse-9"

// ticketFor walks the first steps of a forgotten password.
func (h *house) ticketFor(typed string) string {
	h.t.Helper()
	a, found, err := h.RecoveringAccount(h.t.Context(), typed)
	if err != nil || !found {
		h.t.Fatalf("%s: got %v, %v", typed, found, err)
	}
	secret, err := h.IssueReset(h.t.Context(), a.ID, typed, time.Minute)
	if err != nil {
		h.t.Fatal(err)
	}
	return secret
}

func (h *house) recover(secret, user, password string, temporary Temporary) error {
	return h.RecoverPassword(h.t.Context(), identity.Origin{RequestID: "r1"}, secret, user, password, temporary)
}

func TestRecoverPassword(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		h.member("alice@house", func(n *NewMember) { n.Email = "alice@example.com" })
		in, err := h.SignInByPassword(t.Context(), PasswordProof{Name: "alice@house", Password: goodPassword, Entry: apiClient})
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			wants(t, "lock", h.tries("alice@house", "wrong-password"), fault.CodeSignInFailed)
		}
		secret := h.ticketFor("Alice@Example.com")
		wants(t, "weak", h.recover(secret, "alice@example.com", "lowercase-9", LastingPassword), fault.CodePasswordClasses)
		wants(t, "another spelling", h.recover(secret, " ALICE@example.com", newPassword, LastingPassword), "")
		wants(t, "the lock is gone", h.tries("alice@house", newPassword), "")
		wants(t, "the old one", h.tries("alice@house", goodPassword), fault.CodeSignInFailed)
		_, err = h.tokens.Check(t.Context(), in.Issued.Access)
		wants(t, "a token from before", err, fault.CodeTokenUnknown)
		wants(t, "again", h.recover(secret, "alice@example.com", "Recovered-horse-8", LastingPassword), fault.CodeSpent)
		if got := h.messages(); len(got) != 1 || got[0].Template != "password_changed" {
			t.Errorf("told: %+v", got)
		}
		if got := strings.Join(h.events(h.org.ID), " "); strings.Count(got, "password.recovered") != 1 {
			t.Errorf("recorded: %s", got)
		}
	})
}

func TestResetTicketsAreBound(t *testing.T) {
	h := sqliteHouse(t)
	h.member("alice@house", func(n *NewMember) { n.Email = "alice@example.com" })
	h.member("bob@house", func(*NewMember) {})
	secret := h.ticketFor("alice@house")
	in, err := h.SignInByPassword(t.Context(), PasswordProof{Name: "bob@house", Password: goodPassword, Entry: apiClient})
	if err != nil {
		t.Fatal(err)
	}
	other, err := ticket.New(h.db).Issue(t.Context(), identity.TicketCaptchaDone, []byte(`{}`), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ name, secret, user string }{
		{"another account", secret, "bob@house"},
		{"another name of the account", secret, "alice@example.com"},
		{"no name", secret, ""},
		{"no ticket", "", "alice@house"},
		{"an access token", in.Issued.Access, "bob@house"},
		{"a ticket of another kind", other, "alice@house"},
		{"cut", secret[:len(secret)-1], "alice@house"},
		{"in capitals", strings.ToUpper(secret), "alice@house"},
	} {
		wants(t, row.name, h.recover(row.secret, row.user, newPassword, LastingPassword), fault.CodeTicket)
	}
	h.clock.Advance(time.Minute)
	wants(t, "expired", h.recover(secret, "alice@house", newPassword, LastingPassword), fault.CodeTicket)
	gone := h.ticketFor("bob@house")
	if err := h.RemoveMember(t.Context(), console, h.org.ID, in.Person.Member.ID); err != nil {
		t.Fatal(err)
	}
	wants(t, "the account is gone", h.recover(gone, "bob@house", newPassword, LastingPassword), fault.CodeTicket)
}

func TestOneTicketMakesOnePassword(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		h.member("alice@house", func(*NewMember) {})
		secret := h.ticketFor("alice@house")
		errs := make([]error, 8)
		var work sync.WaitGroup
		for i := range errs {
			work.Go(func() { errs[i] = h.recover(secret, "alice@house", newPassword+string(rune('a'+i)), LastingPassword) })
		}
		work.Wait()
		good := 0
		for _, err := range errs {
			if err == nil {
				good++
			} else {
				wants(t, "the others", err, fault.CodeSpent)
			}
		}
		if good != 1 {
			t.Errorf("%d of 8 were let through", good)
		}
	})
}

func TestTemporaryPasswords(t *testing.T) {
	h := sqliteHouse(t)
	p := h.member("alice@house", func(*NewMember) {})
	wants(t, "temporary", h.recover(h.ticketFor("alice@house"), "alice@house", newPassword, TemporaryPassword), "")
	in, err := h.SignInByPassword(t.Context(), PasswordProof{Name: "alice@house", Password: newPassword})
	if err != nil || !in.MustChange {
		t.Errorf("got %v, must change %v", err, in.MustChange)
	}
	// A new password lets nobody in who is barred.
	h.suspend(p)
	wants(t, "suspended", h.recover(h.ticketFor("alice@house"), "alice@house", "Recovered-horse-8", LastingPassword), "")
	wants(t, "still barred", h.tries("alice@house", "Recovered-horse-8"), fault.CodeMemberDisabled)
}

func TestRecoveringNobody(t *testing.T) {
	h := sqliteHouse(t)
	a, found, err := h.RecoveringAccount(t.Context(), "nobody@house")
	if a.ID != "" || found || err != nil {
		t.Errorf("got %v, %v, %v", a.ID, found, err)
	}
	_, _, err = h.RecoveringAccount(t.Context(), "a\x00b")
	wants(t, "malformed", err, fault.CodeMalformed)
	_, err = h.IssueReset(t.Context(), "acc_x", "", time.Minute)
	wants(t, "no name", err, fault.CodeFieldLength)
}
