package directory

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// messages takes the messages that wait, with their parameters.
func (h *house) messages() (all []sent) {
	h.t.Helper()
	err := h.db.Act(h.t.Context(), store.ActOutbox, func(tx *store.Tx) error {
		waiting, err := tx.Outbox.Lease("test", tx.Now().Add(time.Minute), 100)
		for _, m := range waiting {
			s := sent{Target: m.Target, Channel: m.Channel}
			if err := json.Unmarshal(m.Payload, &s); err != nil {
				return err
			}
			all = append(all, s)
			if err := tx.Outbox.Sent(m.ID); err != nil {
				return err
			}
		}
		return err
	})
	if err != nil {
		h.t.Fatalf("messages: %v", err)
	}
	return all
}

type sent struct {
	Target   string
	Channel  identity.Channel
	Template string            `json:"template"`
	Params   map[string]string `json:"params"`
	Language string            `json:"language"`
	// Organization is in whose words it is told.
	Organization identity.OrganizationID `json:"organization"`
}

func TestChangePassword(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		p := h.member("alice@house", func(n *NewMember) { n.Email, n.MustChange = "alice@example.com", nil })
		in, err := h.SignInByPassword(t.Context(), PasswordProof{Name: "alice@house", Password: goodPassword, Entry: apiClient})
		if err != nil || !in.MustChange {
			t.Fatalf("got %v, %v", in.MustChange, err)
		}
		err = h.ChangePassword(t.Context(), actorOf(p), goodPassword, "Another-horse-77", identity.MeetingChangeRules())
		wants(t, "change", err, "")
		wants(t, "the old one", h.tries("alice@house", goodPassword), fault.CodeSignInFailed)
		_, err = h.tokens.Check(t.Context(), in.Issued.Access)
		wants(t, "a token from before", err, fault.CodeTokenUnknown)
		now, err := h.SignInByPassword(t.Context(), PasswordProof{Name: "alice@house", Password: "Another-horse-77", Entry: apiClient})
		if err != nil || now.MustChange {
			t.Errorf("the new one: %v, must change %v", err, now.MustChange)
		}
		if got := h.messages(); len(got) != 1 || got[0].Target != "alice@example.com" || got[0].Template != "password_changed" || len(got[0].Params) != 0 {
			t.Errorf("told: %+v", got)
		}
		if got := strings.Join(h.events(h.org.ID), " "); !strings.Contains(got, "password.changed") {
			t.Errorf("recorded: %s", got)
		}
	})
}

func TestRulesOfAChange(t *testing.T) {
	h := sqliteHouse(t)
	p := h.member("alice@house", func(*NewMember) {})
	h.clock.Advance(time.Hour)
	for _, row := range []struct {
		name, password string
		rules          identity.PasswordRules
		code           fault.Code
	}{
		{"the same", goodPassword, identity.MeetingChangeRules(), fault.CodePasswordRecent},
		{"one other character", "Correct-horse-43", identity.MeetingChangeRules(), fault.CodePasswordSimilar},
		{"too short", "Ab1-", identity.MeetingChangeRules(), fault.CodePasswordLength},
		{"one class", "abcdefghij", identity.MeetingChangeRules(), fault.CodePasswordClasses},
		{"four alike", "aaaa-Bbb-1", identity.MeetingChangeRules(), fault.CodePasswordRepeats},
		{"the account", "x-Alice@house-1", identity.MeetingChangeRules(), fault.CodePasswordAccount},
		{"illegal", "contraseña-1A", identity.MeetingChangeRules(), fault.CodePasswordIllegal},
		{"organisation's: common", "Password1", identity.PasswordRules{}, fault.CodePasswordBreached},
		{"organisation's: beyond 64 bytes", strings.Repeat("密", 22), identity.PasswordRules{}, fault.CodePasswordLength},
		{"organisation's: 64 bytes", strings.Repeat("密", 21) + "x", identity.PasswordRules{}, ""},
	} {
		err := h.ChangePassword(t.Context(), actorOf(p), goodPassword, row.password, row.rules)
		wants(t, row.name, err, row.code)
		if err != nil && strings.Contains(err.Error(), row.password) {
			t.Errorf("%s: the fault tells the password: %v", row.name, err)
		}
	}
}

func TestRecentPasswordsAndMinimalAge(t *testing.T) {
	h := sqliteHouse(t)
	p := h.member("alice@house", func(n *NewMember) { n.MustChange = nil })
	old := goodPassword
	change := func(next string) error {
		err := h.ChangePassword(t.Context(), actorOf(p), old, next, identity.MeetingChangeRules())
		if err == nil {
			old = next
		}
		return err
	}
	// A password that somebody else chose may be changed at once, one's own not.
	wants(t, "at once", change("Number-one-01"), "")
	wants(t, "too soon", change("Digits-two-02"), fault.CodePasswordTooSoon)
	h.clock.Advance(5*time.Minute - time.Millisecond)
	wants(t, "still too soon", change("Digits-two-02"), fault.CodePasswordTooSoon)
	h.clock.Advance(time.Millisecond)
	for _, next := range []string{"Digits-two-02", "Figure-three-3", "Letter-four-04", "Symbol-five-05"} {
		wants(t, next, change(next), "")
		h.clock.Advance(5 * time.Minute)
	}
	wants(t, "the fifth before", change(goodPassword), fault.CodePasswordRecent)
	wants(t, "the first before", change("Letter-four-04"), fault.CodePasswordRecent)
	wants(t, "a sixth", change("Matter-six-006"), "")
	h.clock.Advance(5 * time.Minute)
	wants(t, "the sixth before", change(goodPassword), "")
}

func TestAWrongOldPasswordCounts(t *testing.T) {
	h := sqliteHouse(t)
	p := h.member("alice@house", func(*NewMember) {})
	for range 3 {
		wants(t, "change", h.ChangePassword(t.Context(), actorOf(p), "wrong-password", "Another-horse-77", identity.PasswordRules{}), fault.CodePasswordOld)
	}
	for range 2 {
		wants(t, "sign-in", h.tries("alice@house", "wrong-password"), fault.CodeSignInFailed)
	}
	wants(t, "locked", h.ChangePassword(t.Context(), actorOf(p), goodPassword, "Another-horse-77", identity.PasswordRules{}), fault.CodeLocked)
}

func TestWhoMayChangeAPassword(t *testing.T) {
	h := sqliteHouse(t)
	for _, actor := range []identity.Actor{
		{},
		{AccountID: h.owner.Account.ID},
		console,
		{Kind: identity.ActsAsMember},
		{Kind: identity.ActsAsOrgToken, AccountID: h.owner.Account.ID, OrganizationID: h.org.ID},
	} {
		wants(t, string(actor.Kind), h.ChangePassword(t.Context(), actor, goodPassword, "Another-horse-77", identity.PasswordRules{}), fault.CodeForbidden)
	}
	in, err := h.vouch(h.appID(h.org.ID), func(p *AppIDProof) { p.ThirdAccount = "u1" })
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "who has none", h.ChangePassword(t.Context(), actorOf(in.Person), "x", "Another-horse-77", identity.PasswordRules{}), fault.CodePasswordAbsent)
}

func TestResetPassword(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		mail := h.member("mail@house", func(n *NewMember) { n.Email, n.Mobile = "m@example.com", "+8613800000001" })
		sms := h.member("sms@house", func(n *NewMember) { n.Mobile = "+8613800000002" })
		none := h.member("none@house", func(*NewMember) {})
		admin := h.member("admin@house", func(n *NewMember) { n.Role, n.Email = identity.RoleAdministrator, "a@example.com" })
		peer := h.member("peer@house", func(n *NewMember) { n.Role, n.Email = identity.RoleAdministrator, "p@example.com" })
		reset := func(actor identity.Actor, p identity.Person) error {
			return h.ResetPassword(t.Context(), actor, h.org.ID, p.Member.ID)
		}
		in, err := h.SignInByPassword(t.Context(), PasswordProof{Name: "mail@house", Password: goodPassword, Entry: apiClient})
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			wants(t, "lock", h.tries("mail@house", "wrong-password"), fault.CodeSignInFailed)
		}
		wants(t, "by an administrator", reset(actorOf(admin), mail), "")
		wants(t, "without mail", reset(actorOf(admin), sms), "")
		wants(t, "without contact", reset(actorOf(admin), none), fault.CodeCodeNoContact)
		wants(t, "the owner", reset(actorOf(admin), h.owner), fault.CodePasswordForbidden)
		wants(t, "another administrator", reset(actorOf(admin), peer), fault.CodePasswordForbidden)
		wants(t, "an administrator by the owner", reset(actorOf(h.owner), admin), "")
		wants(t, "by a member", reset(actorOf(mail), sms), fault.CodeForbidden)
		wants(t, "by nobody", reset(identity.Actor{}, sms), fault.CodeForbidden)
		wants(t, "unknown", h.ResetPassword(t.Context(), console, h.org.ID, "mem_x"), fault.CodeMemberNotFound)
		_, err = h.tokens.Check(t.Context(), in.Issued.Access)
		wants(t, "a token from before", err, fault.CodeTokenUnknown)
		got := map[string]sent{}
		for _, m := range h.messages() {
			got[m.Target] = m
		}
		letter := got["m@example.com"]
		if len(got) != 3 || letter.Template != "password_reset" || letter.Channel != identity.ByMail || letter.Params["account"] != "mail@house" ||
			got["+8613800000002"].Channel != identity.BySMS {
			t.Fatalf("sent: %+v", got)
		}
		in, err = h.SignInByPassword(t.Context(), PasswordProof{Name: "mail@house", Password: letter.Params["password"], Entry: apiClient})
		if err != nil || !in.MustChange {
			t.Errorf("with the new one: %v, must change %v", err, in.MustChange)
		}
		wants(t, "who was not reset", h.tries("none@house", goodPassword), "")
	})
}

func TestSetPassword(t *testing.T) {
	h := sqliteHouse(t)
	p := h.member("alice@house", func(*NewMember) {})
	set := func(actor identity.Actor, password string, o SetPasswordOptions) error {
		return h.SetPassword(t.Context(), actor, p.Account.ID, password, o)
	}
	wants(t, "by the owner", set(actorOf(h.owner), "Another-horse-77", SetPasswordOptions{}), fault.CodeForbidden)
	wants(t, "a common one", set(console, "password1", SetPasswordOptions{}), fault.CodePasswordBreached)
	wants(t, "own rules", set(console, "password1", SetPasswordOptions{Rules: identity.PasswordRules{MinLength: 1}}), "")
	wants(t, "no hash", set(console, "Another-horse-77", SetPasswordOptions{Hashed: true}), fault.CodeFieldFormat)
	wants(t, "unknown account", h.SetPassword(t.Context(), console, "acc_x", "Another-horse-77", SetPasswordOptions{}), fault.CodeAccountNotFound)
	wants(t, "must change", set(console, "Another-horse-77", SetPasswordOptions{MustChange: true}), "")
	in, err := h.SignInByPassword(t.Context(), PasswordProof{Name: "alice@house", Password: "Another-horse-77"})
	if err != nil || !in.MustChange {
		t.Errorf("got %v, must change %v", err, in.MustChange)
	}
}

// Two changes at once: one is made, the other is told that it came too late.
func TestCredentialsAreNotOverwrittenUnseen(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		p := h.member("alice@house", func(*NewMember) {})
		var read identity.Credential
		h.read(func(tx *store.Tx) (err error) {
			read, err = tx.Credentials.Get(p.Account.ID)
			return err
		})
		put := func(hash string) error {
			return h.db.Update(t.Context(), func(tx *store.Tx) error {
				tx.NoEvent("a test")
				return replace(tx, read, hash, false)
			})
		}
		wants(t, "first", put("one"), "")
		wants(t, "second", put("two"), fault.CodeStale)
		h.read(func(tx *store.Tx) error {
			c, err := tx.Credentials.Get(p.Account.ID)
			if c.Hash != "one" || len(c.History) != 1 || c.History[0] != read.Hash {
				t.Errorf("stored %d hashes in the history", len(c.History))
			}
			return err
		})
	})
}
