package directory

import (
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/store"
)

// linkIn returns the code of the link in the last of some messages.
func (h *house) linkIn(sent []sent) string {
	h.t.Helper()
	if len(sent) == 0 {
		h.t.Fatal("no mail was sent")
	}
	u, err := url.Parse(sent[len(sent)-1].Params["address"])
	if err != nil || u.Path != "/password/reset" || u.Host != "sign.in.example" {
		h.t.Fatalf("the mail leads to %v, %v", u, err)
	}
	return u.Query().Get("code")
}

// mails takes everything out of the outbox, where one message to a target
// waits for the one before, and leaves out what goes to nobody.
func (h *house) mails() (all []sent) {
	h.t.Helper()
	for {
		some := h.messages()
		if len(some) == 0 {
			return all
		}
		for _, m := range some {
			if m.Channel != identity.ToNobody {
				all = append(all, m)
			}
		}
	}
}

// forgets asks for a mail.
func (h *house) forgets(name string) error {
	return h.ForgotPassword(h.t.Context(), identity.Origin{}, name, "zh-CN")
}

func (h *house) resets(code, password string) error {
	return h.ResetForgotten(h.t.Context(), identity.Origin{}, code, password)
}

// The mail is in the account's own language, else in that of the visit.
func TestLanguageOfForgotten(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		h.member("alice@house", func(n *NewMember) { n.Email = "alice@example.com" })
		h.member("bob@house", func(n *NewMember) { n.Email, n.Language = "bob@example.com", "en-US" })
		for account, want := range map[string]string{"alice@house": "zh-CN", "bob@house": "en-US"} {
			must(t, h.forgets(account)) // from a browser in Chinese
			if sent := h.mails(); len(sent) != 1 || sent[0].Language != want {
				t.Errorf("%s: sent %+v, want %s", account, sent, want)
			}
		}
	})
}

func TestForgottenPassword(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		h.member("alice@house", func(n *NewMember) { n.Email = "alice@example.com" })
		in, err := h.signs("alice@house", apiClient)
		must(t, err)
		must(t, h.forgets(" ALICE@example.com"))
		must(t, h.forgets("alice@house"))
		sent := h.mails()
		if len(sent) != 2 || sent[0].Target != "alice@example.com" || sent[0].Template != outbox.TemplateForgotten {
			t.Fatalf("sent %d: %+v", len(sent), sent)
		}
		code, earlier := h.linkIn(sent), h.linkIn(sent[:1])
		for range 3 {
			wants(t, "looking at it", h.CheckForgotten(t.Context(), code), "")
		}
		wants(t, "weak", h.resets(code, "short"), fault.CodePasswordLength)
		wants(t, "the same again", h.resets(code, goodPassword), fault.CodePasswordRecent)
		wants(t, "a truncated code", h.resets(code[:len(code)-1], newPassword), fault.CodeTicket)
		wants(t, "right", h.resets(code, newPassword), "")
		wants(t, "again", h.resets(code, "Recovered-horse-8"), fault.CodeSpent)
		wants(t, "looking again", h.CheckForgotten(t.Context(), code), fault.CodeSpent)
		wants(t, "the earlier link", h.resets(earlier, "Recovered-horse-8"), fault.CodeTicket)
		wants(t, "the new one", h.tries("alice@house", newPassword), "")
		wants(t, "the old one", h.tries("alice@house", goodPassword), fault.CodeSignInFailed)
		_, err = h.tokens.Check(t.Context(), in.Issued.Access)
		wants(t, "a token from before", err, fault.CodeTokenUnknown)
		if h.countEvents("password.recovered") != 1 {
			t.Errorf("recorded %v", h.events(h.org.ID))
		}
	})
}

func TestOneLinkMakesOnePassword(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		h.member("alice@house", func(n *NewMember) { n.Email = "alice@example.com" })
		must(t, h.forgets("alice@house"))
		code := h.linkIn(h.mails())
		errs := make([]error, 8)
		var work sync.WaitGroup
		for i := range errs {
			work.Go(func() { errs[i] = h.resets(code, newPassword+string(rune('a'+i))) })
		}
		work.Wait()
		good := 0
		for _, err := range errs {
			if err == nil {
				good++
			} else if !fault.Is(err, fault.CodeSpent) && !fault.Is(err, fault.CodeTicket) {
				t.Errorf("the others: %v", err)
			}
		}
		if good != 1 {
			t.Errorf("%d of 8 were let through", good)
		}
	})
}

// Whom nothing is sent to is answered alike, after as many statements.
func TestForgottenPasswordsTellNobody(t *testing.T) {
	h := sqliteHouse(t)
	h.member("alice@house", func(n *NewMember) { n.Email = "alice@example.com" })
	h.member("dave@house", func(*NewMember) {})
	app := h.appID(h.org.ID)
	auto, err := h.vouch(app, func(p *AppIDProof) { p.ThirdAccount, p.Email = "auto", "auto@example.com" })
	must(t, err)
	must(t, h.forgets("alice@house")) // what is read once
	// A name without a domain has one meaning less to look for.
	count := func(name string) int64 {
		before := h.count.Load()
		must(t, h.forgets(name))
		return h.count.Load() - before
	}
	want := count("alice@house")
	for _, name := range []string{"dave@house", auto.Person.Account.Name} {
		if got := count(name); got != want {
			t.Errorf("%s: %d statements, want %d", name, got, want)
		}
	}
	// One that nobody has is looked for once more, under its other meaning.
	if got := count("nobody@house"); got != want {
		t.Errorf("a name nobody has: %d statements, want %d", got, want)
	}
	if sent := h.mails(); len(sent) != 2 {
		t.Errorf("%d mails, want those to alice", len(sent))
	}
	wants(t, "no name", h.forgets(""), fault.CodeFieldLength)
	wants(t, "no text", h.forgets("a\x00b"), fault.CodeMalformed)
}

func TestMailsAreBounded(t *testing.T) {
	h := sqliteHouse(t)
	h.member("alice@house", func(n *NewMember) { n.Email = "alice@example.com" })
	for range 10 {
		must(t, h.forgets("alice@house"))
	}
	if n := len(h.mails()); n != 3 {
		t.Errorf("%d mails, want 3", n)
	}
	h.clock.Advance(time.Hour + time.Second)
	must(t, h.forgets("alice@house"))
	if n := len(h.mails()); n != 1 {
		t.Errorf("%d mails an hour later, want 1", n)
	}
	// Asking for a mail is no failed sign-in.
	wants(t, "the password", h.tries("alice@house", goodPassword), "")
}

func TestForgottenLinksEnd(t *testing.T) {
	h := sqliteHouse(t)
	h.member("alice@house", func(n *NewMember) { n.Email = "alice@example.com" })
	bob := h.member("bob@house", func(n *NewMember) { n.Email = "bob@example.com" })
	must(t, h.forgets("alice@house"))
	late := h.linkIn(h.mails())
	h.clock.Advance(30 * time.Minute)
	wants(t, "late", h.resets(late, newPassword), fault.CodeTicket)
	must(t, h.forgets("bob@house"))
	gone := h.linkIn(h.mails())
	h.suspend(bob)
	must(t, h.RemoveMember(t.Context(), console, h.org.ID, bob.Member.ID))
	wants(t, "the account is gone", h.resets(gone, newPassword), fault.CodeTicket)
	wants(t, "of another kind", h.resets(h.ticketFor("alice@house"), newPassword), fault.CodeTicket)
	h.configured = nil
}

func TestForgottenUnderSSO(t *testing.T) {
	h := sqliteHouse(t)
	h.member("alice@house", func(n *NewMember) { n.Email = "alice@example.com" })
	h.write(func(tx *store.Tx) error {
		o, err := tx.Members.Owner(h.org.ID)
		if err != nil {
			return err
		}
		o.Account.Email = "owner@example.com"
		return tx.Accounts.Put(o.Account, o.Account.LoginNames(true))
	})
	s := h.sso()
	centre := h.enters(s, "u1", func(p *SourceProof) { p.Profile.Email = "u1@example.com" })
	for _, name := range []string{"alice@house", centre.Person.Account.Name} {
		must(t, h.forgets(name))
		sent := h.mails()
		last := sent[len(sent)-1]
		if last.Template != outbox.TemplateForgottenSSO || last.Params["address"] != "https://sign.in.example/sso?domain=house.example" ||
			strings.Contains(last.Params["address"], "code=") {
			t.Errorf("%s was sent %s %v", name, last.Template, last.Params)
		}
	}
	must(t, h.forgets("owner@house"))
	wants(t, "the owner", h.resets(h.linkIn(h.mails()), newPassword), "")
}

// An address that was sent too much gets no more, nobody is told, and what is
// not sent does not count.
func TestForgottenMailsAreBoundedByAddress(t *testing.T) {
	h := sqliteHouse(t)
	h.member("alice@house", func(n *NewMember) { n.Email = "alice@example.com" })
	h.write(func(tx *store.Tx) error { return outbox.SetLimits(tx, outbox.Limits{TargetShort: 4}) })
	h.write(func(tx *store.Tx) error { return outbox.Bound(tx, identity.ByMail, "alice@example.com", "") })
	for range 10 {
		must(t, h.forgets("alice@house"))
		must(t, h.forgets("nobody@house"))
	}
	if n := len(h.mails()); n != 3 {
		t.Errorf("%d mails, want 3", n)
	}
	h.write(func(tx *store.Tx) error {
		if err := outbox.Bound(tx, identity.ByMail, "alice@example.com", ""); !fault.Is(err, fault.CodeMessageLimit) {
			t.Errorf("the fifth message: got %v", err)
		}
		return nil
	})
	h.clock.Advance(10 * time.Minute)
	must(t, h.forgets("alice@house"))
	if n := len(h.mails()); n != 0 {
		t.Errorf("%d mails within the hour, want none", n)
	}
}

// What people of an organisation are sent is told in its words.
func TestMessagesNameTheirOrganization(t *testing.T) {
	h := sqliteHouse(t)
	p := h.member("alice@house", func(n *NewMember) { n.Email, n.Notify = "alice@example.com", true })
	must(t, h.forgets("alice@house"))
	must(t, h.ResetPassword(t.Context(), console, h.org.ID, p.Member.ID))
	_, _, err := h.Invite(t.Context(), console, h.org.ID, NewInvitation{Contact: "dora@mail.example", Name: "Dora"})
	must(t, err)
	told := map[string]bool{}
	for _, m := range h.mails() {
		told[m.Template] = true
		if m.Organization != h.org.ID {
			t.Errorf("%s is told in the words of %q", m.Template, m.Organization)
		}
	}
	for _, template := range []string{outbox.TemplateWelcome, outbox.TemplateForgotten, outbox.TemplatePasswordReset, outbox.TemplateInvitation} {
		if !told[template] {
			t.Errorf("no %s was sent, but %v", template, told)
		}
	}
}
