package signin

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/factor"
	"github.com/orgate/orgate/internal/identity"
)

// peopled is a house in which people may make accounts and organisations.
func peopled(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.o.Codes = factor.NewCodes(h.db, factor.CodeOptions{Life: 10 * time.Minute, Resend: time.Minute})
	h.o.Factors = factor.NewOwn(h.db, factor.OwnOptions{Issuer: "Orgate", Address: "https://id.acme.example", Prove: func(ctx context.Context, a identity.Actor, p factor.FirstProof) error {
		return h.o.Directory.ProveSelf(ctx, a, directory.SelfProof(p))
	}})
	h.build()
	h.lets(identity.PeopleRules{Registration: true, Organizations: true})
	return h
}

func (h *house) lets(rules identity.PeopleRules) {
	h.t.Helper()
	_, version, err := h.o.Directory.PeopleRules(h.t.Context(), console())
	if err == nil {
		err = h.o.Directory.SetPeopleRules(h.t.Context(), console(), rules, version)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

// registered is the browser of Dora, who has just registered.
func (h *house) registered() *browser {
	h.t.Helper()
	b := h.browser()
	h.letters()
	asked := b.post("/register", b.get("/register").form("name", "dora", "contact", "dora@mail.example", "account", "dora"))
	if asked.status != http.StatusSeeOther {
		h.t.Fatalf("register: status %d\n%s", asked.status, asked.body)
	}
	code := h.letters()[0].Params["code"]
	done := b.post("/register", b.get(asked.to()).form("code", code, "password", password))
	if done.status != http.StatusSeeOther || b.word() == "" {
		h.t.Fatalf("complete: status %d\n%s", done.status, done.body)
	}
	if done.to() != "/organizations/" {
		h.t.Errorf("leads to %q, want the organisations", done.to())
	}
	return b
}

// letters takes every message out of the outbox, where one to a target waits for
// the one before.
func (h *house) letters() (all []sent) {
	h.t.Helper()
	for {
		some := h.mails()
		if len(some) == 0 {
			return all
		}
		all = append(all, some...)
	}
}

func shows(t *testing.T, what string, a answer, status int, texts ...string) {
	t.Helper()
	if a.status != status {
		t.Errorf("%s: status %d, want %d\n%s", what, a.status, status, a.body)
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			t.Errorf("%s: no %q on the page\n%s", what, text, a.body)
		}
	}
}

func TestRegisterPage(t *testing.T) {
	h := peopled(t)
	b := h.registered()
	shows(t, "organisations of nobody yet", b.get("/organizations/"), 200, "Your organisations", "You belong to no organisation yet", "New organisation")
	shows(t, "start page", b.get("/"), 200, "dora", "Your organisations", "Remove this account")
	shows(t, "sign-in", h.browser().get("/login"), 200, `href="/register"`)
	if a := b.get("/register"); a.status != http.StatusSeeOther {
		t.Errorf("register while signed in: status %d", a.status)
	}
}

// Whoever has an account is answered as whoever has none, and told by mail.
func TestRegisterAnswersAlike(t *testing.T) {
	h := peopled(t)
	h.registered()
	h.clock.Advance(time.Hour)
	known, unknown := h.browser(), h.browser()
	ask := func(b *browser, contact string) answer {
		return b.post("/register", b.get("/register").form("name", "Somebody", "contact", contact))
	}
	h.letters()
	a, z := ask(known, "dora@mail.example"), ask(unknown, "emil@mail.example")
	if a.status != z.status || a.status != http.StatusSeeOther {
		t.Errorf("answered %d and %d", a.status, z.status)
	}
	sent := h.letters()
	if len(sent) != 2 || sent[0].Template != "registered" || sent[0].Params["account"] != "dora" || sent[1].Template != "code" {
		t.Errorf("sent %+v", sent)
	}
	pageOf := func(b *browser, to, contact string) string {
		return strings.ReplaceAll(b.get(to).body, contact, "CONTACT")
	}
	for _, text := range []string{"A message was sent to CONTACT"} {
		if !strings.Contains(pageOf(known, a.to(), "dora@mail.example"), text) || !strings.Contains(pageOf(unknown, z.to(), "emil@mail.example"), text) {
			t.Errorf("one page lacks %q", text)
		}
	}
	wrong := known.post("/register", known.get(a.to()).form("code", "000000", "password", password))
	shows(t, "a code that nobody knows", wrong, http.StatusUnprocessableEntity)
	again := ask(h.browser(), "dora@mail.example")
	shows(t, "too soon, known", again, http.StatusTooManyRequests)
	again = ask(h.browser(), "emil@mail.example")
	shows(t, "too soon, unknown", again, http.StatusTooManyRequests)
}

func TestRegisterRefusals(t *testing.T) {
	h := peopled(t)
	b := h.browser()
	typed := func(pairs ...string) answer { return b.post("/register", b.get("/register").form(pairs...)) }
	shows(t, "no name", typed("name", "", "contact", "dora@mail.example"), 422, `id="name-error"`)
	shows(t, "nothing right", typed("name", "", "contact", "dora", "account", "a b"), 422, `id="name-error"`, `id="contact-error"`, `id="account-error"`)
	shows(t, "no contact", typed("name", "Dora", "contact", "dora"), 422, `id="contact-error"`)
	shows(t, "a domain's name", typed("name", "Dora", "contact", "dora@mail.example", "account", "dora@acme.own"), 422, `id="account-error"`)
	shows(t, "a number without a sender", typed("name", "Dora", "contact", "+8613800000001"), 422)
	shows(t, "without a form of ours", b.post("/register", nil), 403)
	asked := typed("name", "Dora", "contact", "dora@mail.example")
	code := h.letters()[0].Params["code"]
	weak := b.post("/register", b.get(asked.to()).form("code", code, "password", "short"))
	shows(t, "a weak password", weak, 422, `id="password-error"`)
	good := b.post("/register", b.get(asked.to()).form("code", code, "password", password))
	if good.status != http.StatusSeeOther || b.word() == "" {
		t.Errorf("the code afterwards: status %d\n%s", good.status, good.body)
	}
	h.lets(identity.PeopleRules{})
	shows(t, "switched off", h.browser().get("/register"), 403)
	if body := h.browser().get("/login").body; strings.Contains(body, "/register") {
		t.Error("the sign-in offers to register while nobody may")
	}
}

func TestOrganizationsPage(t *testing.T) {
	h := peopled(t)
	b := h.registered()
	found := func(name string) answer {
		return b.post("/organizations/", b.get("/organizations/").form("do", "found", "name", name))
	}
	if a := found("First"); a.to() != "/organizations/?done=founded" {
		t.Fatalf("founded: status %d\n%s", a.status, a.body)
	}
	h.clock.Advance(time.Millisecond)
	found("Second")
	shows(t, "a wrong name", found("a/b"), 422, `role="alert"`, `value="a/b"`)
	page := b.get("/organizations/")
	shows(t, "two organisations", page, 200, "First", "Second", "Owner", "2 of 5")
	before := b.word()
	if a := b.post("/organizations/", page.form("do", "switch")); a.to() != "/" || b.word() == before {
		t.Errorf("switched: status %d, to %q", a.status, a.to())
	}
	shows(t, "start page", b.get("/"), 200, "First", "Management centre")
	shows(t, "where they are", b.get("/organizations/"), 200, "You are here")
	shows(t, "nothing to do", b.post("/organizations/", b.get("/organizations/").form()), 422)
	if a := b.post("/organizations/", nil); a.status != 403 {
		t.Errorf("without a form: status %d", a.status)
	}
	// Of several, the next sign-in asks, with the last one first at hand.
	next := h.browser()
	if a := next.signIn("dora", password); a.to() != "/organizations/" {
		t.Errorf("signed in to %q", a.to())
	}
	shows(t, "the last one", next.get("/organizations/"), 200, "You were here last")
	shows(t, "a managed account", h.browser().in("carl").get("/organizations/"), 403)
	if a := h.browser().get("/organizations/"); !strings.HasPrefix(a.to(), "/login") {
		t.Errorf("nobody is led to %q", a.to())
	}
}

// invite invites somebody to Acme and returns the path of the link.
func (h *house) invite(contact string) string {
	h.t.Helper()
	h.letters()
	_, _, err := h.o.Directory.Invite(h.t.Context(), console(), h.acme.ID, directory.NewInvitation{Contact: contact, Name: "Invited"})
	if err != nil {
		h.t.Fatal(err)
	}
	return strings.TrimPrefix(h.letters()[0].Params["address"], h.server.URL)
}

func TestInvitationPageRegisters(t *testing.T) {
	h := peopled(t)
	h.lets(identity.PeopleRules{}) // an invitation needs no registration
	path, b := h.invite("emil@mail.example"), h.browser()
	page := b.get(path)
	shows(t, "somebody new", page, 200, "Join Acme Ltd", "e****@mail.example", "Make the account and join", `value="Invited"`)
	weak := b.post(path, page.form("do", "register", "name", "Emil", "password", "short"))
	shows(t, "a weak password", weak, 422, `id="password-error"`, `value="Emil"`)
	done := b.post(path, b.get(path).form("do", "register", "name", "Emil", "password", password))
	if done.status != http.StatusSeeOther || b.word() == "" {
		t.Fatalf("registered: status %d\n%s", done.status, done.body)
	}
	shows(t, "start page", b.get("/"), 200, "Acme Ltd")
	shows(t, "used", h.browser().get(path), 409, "invitation was accepted")
}

func TestInvitationPageJoins(t *testing.T) {
	h := peopled(t)
	b := h.registered()
	path := h.invite("dora@mail.example")
	stranger := h.browser()
	page := stranger.get(path)
	shows(t, "signed out", page, 200, "Sign in")
	in := stranger.post(path, page.form("do", "sign_in"))
	if !strings.HasPrefix(in.to(), "/login?flow=") {
		t.Errorf("to sign in: %q", in.to())
	}
	back := stranger.post("/login", stranger.get(in.to()).form("account", "dora", "password", password))
	if back.to() != path {
		t.Errorf("signed in, back to %q, want %q", back.to(), path)
	}
	carl := h.browser().in("carl")
	page = carl.get(path)
	shows(t, "a managed account", page, 200, "belongs to an organisation", "Use another account")
	shows(t, "a managed account joins", carl.post(path, page.form("do", "join")), 403)
	if a := carl.post(path, carl.get(path).form("do", "sign_out")); !strings.HasPrefix(a.to(), "/login") || carl.word() != "" {
		t.Errorf("signed out to %q", a.to())
	}
	if a := b.post(path, b.get(path).form("do", "join")); a.to() != "/organizations/?done=joined" {
		t.Fatalf("joined: status %d\n%s", a.status, a.body)
	}
	shows(t, "organisations", b.get("/organizations/?done=joined"), 200, "Acme Ltd", "You are a member now")
	shows(t, "nobody's word", b.get("/invitations/ogi_x"), 404)
}

func TestHandoverPage(t *testing.T) {
	h := peopled(t)
	b := h.registered()
	h.letters()
	_, err := h.o.Directory.OfferOrganization(t.Context(), console(), h.acme.ID, directory.NewHandover{Name: "Dora", Contact: "dora@mail.example"})
	if err != nil {
		t.Fatal(err)
	}
	path := strings.TrimPrefix(h.letters()[0].Params["address"], h.server.URL)
	stranger := h.browser()
	page := stranger.get(path)
	shows(t, "signed out", page, 200, "Take over Acme Ltd", "Anna")
	if a := stranger.post(path, page.form("do", "sign_in")); !strings.HasPrefix(a.to(), "/login") {
		t.Errorf("to sign in: %q", a.to())
	}
	ben := h.browser().in("ben")
	shows(t, "somebody else", ben.post(path, ben.get(path).form("do", "accept")), 409, "offered to somebody else")
	if a := b.post(path, b.get(path).form("do", "accept")); a.to() != "/organizations/?done=taken" {
		t.Fatalf("accepted: status %d\n%s", a.status, a.body)
	}
	shows(t, "afterwards", b.get(path), 404)
	shows(t, "organisations", b.get("/organizations/?done=taken"), 200, "You are the owner now", "Owner")
}

func TestRemoveAccountPage(t *testing.T) {
	h := peopled(t)
	b := h.registered()
	shows(t, "asked", b.get("/account/remove"), 200, "Remove your account", "dora")
	wrong := b.post("/account/remove", b.get("/account/remove").form("password", "wrong"))
	shows(t, "a wrong password", wrong, 422, `id="password-error"`)
	done := b.post("/account/remove", b.get("/account/remove").form("password", password))
	shows(t, "done", done, 200, "Your account is gone")
	if b.word() != "" {
		t.Error("the browser is signed in still")
	}
	if a := b.signIn("dora", password); a.status != http.StatusUnauthorized {
		t.Errorf("signs in: status %d", a.status)
	}
	carl := h.browser().in("carl")
	shows(t, "a managed account", carl.get("/account/remove"), 403)
}

// Who owns something is told before they type a password for nothing.
func TestRemoveAccountOfAnOwner(t *testing.T) {
	h := peopled(t)
	b := h.founded()
	page := b.get("/account/remove")
	shows(t, "asked", page, 200, `role="alert"`, "You own organisations: First", `href="/organizations/"`)
	if strings.Contains(page.body, `id="password"`) {
		t.Error("the password is asked for")
	}
	shows(t, "removed nevertheless", b.post("/account/remove", b.get("/logout").form("password", password)), 409, "You own organisations")
}
