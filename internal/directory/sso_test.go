package directory

import (
	"fmt"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// What switching enterprise SSO on means for passwords, and that it holds from
// the next request on.
func TestSSOAndPasswords(t *testing.T) {
	both(t, func(t *testing.T, h *house, second func() *Directory) {
		h.member("alice@house", func(n *NewMember) { n.Email = "alice@example.com" })
		h.member("ben@house", func(n *NewMember) { n.Role = identity.RoleAdministrator })
		entries := map[string]Entry{"browser": EnterBrowser{}, "nothing": nil}
		for _, c := range []identity.ClientType{identity.ClientWeb, identity.ClientPC, identity.ClientMobile, identity.ClientAPI, 9} {
			entries[fmt.Sprint(c)] = EnterClient{ClientType: c, CreateToken: true}
			entries[fmt.Sprint("verify ", c)] = EnterClient{ClientType: c}
		}
		stays := map[string]bool{"72": true, "verify 72": true}
		check := func(on bool) {
			t.Helper()
			for name, e := range entries {
				for _, who := range []string{"alice@house", "ben@house", "owner@house"} {
					code := fault.CodeSSOOnly
					if !on || stays[name] || who == "owner@house" {
						code = ""
					}
					_, err := h.signs(who, e)
					wants(t, fmt.Sprintf("SSO %v, %s, %s", on, name, who), err, code)
					if f := fault.Of(err); code != "" && f.Params["domain"] != "house.example" {
						t.Errorf("%s: the refusal names %v", name, f.Params)
					}
				}
			}
		}
		check(false)
		before, err := h.signs("alice@house", EnterClient{ClientType: identity.ClientPC, CreateToken: true})
		must(t, err)
		h.sso()
		check(true)
		if _, err := h.tokens.Check(t.Context(), before.Issued.Access); err != nil {
			t.Errorf("a token of before: %v, want it to live on", err)
		}
		// Only the right password is told so, and a wrong one counts as ever.
		try := func(d *Directory, password string) error {
			_, err := d.SignInByPassword(t.Context(), PasswordProof{Name: "alice@house", Password: password, Entry: EnterBrowser{}})
			return err
		}
		wants(t, "another node", try(second(), goodPassword), fault.CodeSSOOnly)
		for range 5 {
			wants(t, "wrong", try(h.Directory, "wrong-password"), fault.CodeSignInFailed)
		}
		wants(t, "locked", try(h.Directory, goodPassword), fault.CodeLocked)
		h.clock.Advance(6 * time.Minute)
		h.ssoOff()
		check(false)
	})
}

func TestPasswordsAreNotChangedUnderSSO(t *testing.T) {
	h := sqliteHouse(t)
	alice := h.member("alice@house", func(n *NewMember) { n.Email = "alice@example.com" })
	forced := h.member("forced@house", func(n *NewMember) { n.MustChange = new(true) })
	reset, ownerReset := h.ticketFor("alice@house"), h.ticketFor("owner@house")
	in, err := h.signs("forced@house", EnterBrowser{})
	must(t, err)
	must(t, h.ForgotPassword(t.Context(), identity.Origin{}, "alice@house", ""))
	link := h.linkIn(h.mails())
	h.sso()
	h.clock.Advance(10 * time.Minute)
	ctx := t.Context()
	wants(t, "change", h.ChangePassword(ctx, actorOf(alice), goodPassword, newPassword, identity.PasswordRules{}), fault.CodeSSOPassword)
	wants(t, "change by a wrong one", h.ChangePassword(ctx, actorOf(alice), "wrong-password", newPassword, identity.PasswordRules{}), fault.CodeSSOPassword)
	wants(t, "reset", h.ResetPassword(ctx, console, h.org.ID, alice.Member.ID), fault.CodeSSOPassword)
	wants(t, "link", h.ResetForgotten(ctx, identity.Origin{}, link, newPassword), fault.CodeSSOPassword)
	_, err = h.ChooseFirstPassword(ctx, FirstPassword{Session: in.Session.Session, Password: newPassword})
	wants(t, "first password of "+forced.Member.Name, err, fault.CodeSSOPassword)
	h.clock.Advance(-9*time.Minute - 30*time.Second)
	wants(t, "recovery", h.recover(reset, "alice@house", newPassword, LastingPassword), fault.CodeSSOPassword)
	wants(t, "recovery of the owner", h.recover(ownerReset, "owner@house", newPassword, LastingPassword), "")
	h.clock.Advance(9 * time.Minute)
	wants(t, "change of the owner", h.ChangePassword(ctx, actorOf(h.owner), newPassword, "Another-horse-77", identity.PasswordRules{}), "")
	h.ssoOff()
	wants(t, "switched off", h.ChangePassword(ctx, actorOf(alice), goodPassword, newPassword, identity.PasswordRules{}), "")
}

func TestTheStoryOfARefusedPassword(t *testing.T) {
	h := sqliteHouse(t)
	h.member("alice@house", func(*NewMember) {})
	h.sso()
	story := trace.Begin(trace.PasswordLogin, identity.Origin{})
	_, err := h.SignInByPassword(t.Context(), PasswordProof{Name: "alice@house", Password: goodPassword, Entry: EnterBrowser{}, Story: story})
	wants(t, "SSO", err, fault.CodeSSOOnly)
	if got, want := stepsOf(story), "locked:passed account_known:passed password:passed password_allowed:failed"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
