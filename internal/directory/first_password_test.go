package directory

import (
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

func TestChooseFirstPassword(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		h.member("alice@house", func(n *NewMember) { n.MustChange, n.Email = new(true), "alice@example.com" })
		in, err := h.signs("alice@house", EnterBrowser{})
		must(t, err)
		token, err := h.signs("alice@house", apiClient)
		must(t, err)
		first := FirstPassword{Session: in.Session.Session, Password: newPassword, Entry: EnterBrowser{Replaces: in.Session.Word}}
		if !first.Session.MustChange {
			t.Fatal("the session demands nothing")
		}
		choose := func(password string) error {
			p := first
			p.Password = password
			_, err := h.ChooseFirstPassword(t.Context(), p)
			return err
		}
		wants(t, "weak", choose("short"), fault.CodePasswordLength)
		wants(t, "the one that somebody chose", choose(goodPassword), fault.CodePasswordRecent)
		got, err := h.ChooseFirstPassword(t.Context(), first)
		if err != nil || got.Session.Word == "" || got.Session.Session.MustChange || got.Session.Session.ID == first.Session.ID {
			t.Fatalf("got %+v, %v", got.Session.Session, err)
		}
		if got.Session.Session.Generation.Account <= first.Session.Generation.Account {
			t.Errorf("the new session is of generation %+v", got.Session.Session.Generation)
		}
		_, err = h.tokens.Check(t.Context(), token.Issued.Access)
		wants(t, "a token from before", err, fault.CodeTokenUnknown)
		wants(t, "the new password", h.tries("alice@house", newPassword), "")
		wants(t, "again from the old session", choose("Recovered-horse-8"), fault.CodeSessionEnded)
		if n := len(h.mails()); n != 1 || h.countEvents("password.changed") != 1 {
			t.Errorf("%d mails, %v", n, h.events(h.org.ID))
		}
		_, err = h.ChooseFirstPassword(t.Context(), FirstPassword{Session: got.Session.Session, Password: "Recovered-horse-8"})
		wants(t, "nobody demands it", err, fault.CodeForbidden)
		_, err = h.ChooseFirstPassword(t.Context(), FirstPassword{Session: identity.Session{MustChange: true, AccountID: "acc_none"}, Password: newPassword})
		wants(t, "nobody", err, fault.CodeSessionEnded)
	})
}
