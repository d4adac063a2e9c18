package directory

import (
	"slices"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

func (h *house) nonce(in SignedIn) string {
	h.t.Helper()
	nonce, err := h.IssuePortalNonce(h.t.Context(), in.Issued.Token)
	if err != nil {
		h.t.Fatal(err)
	}
	return nonce
}

func (h *house) jump(nonce string) (SignedIn, error) {
	return h.SignInByPortal(h.t.Context(), PortalProof{Nonce: nonce, Entry: EnterBrowser{UserAgent: "a browser"}})
}

// signs signs somebody in with the usual password.
func (h *house) signs(name string, e Entry) (SignedIn, error) {
	h.t.Helper()
	return h.SignInByPassword(h.t.Context(), PasswordProof{Name: name, Password: goodPassword, Entry: e})
}

func TestPortalNonces(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		alice := h.member("alice@house", func(n *NewMember) { n.MustChange = new(true) })
		in, err := h.signs("alice@house", apiClient)
		must(t, err)
		nonce := h.nonce(in)
		got, err := h.jump(nonce)
		if err != nil || got.Person.Member.ID != alice.Member.ID || got.Session.Word == "" ||
			!got.Session.Session.MustChange || !slices.Contains(got.Session.Session.Methods, identity.ByPassword) {
			t.Errorf("got %+v, %v", got.Session.Session, err)
		}
		_, err = h.jump(nonce)
		wants(t, "again", err, fault.CodeSpent)
		late := h.nonce(in)
		h.clock.Advance(time.Minute)
		_, err = h.jump(late)
		wants(t, "late", err, fault.CodeTicket)
		changed := h.nonce(in)
		must(t, h.SetPassword(t.Context(), console, alice.Account.ID, "Another-horse-77", SetPasswordOptions{}))
		_, err = h.jump(changed)
		wants(t, "after another password", err, fault.CodeTicket)
		_, err = h.jump("ogk_nonsense")
		wants(t, "nonsense", err, fault.CodeTicket)
	})
}

func TestWhoMayJump(t *testing.T) {
	h := sqliteHouse(t)
	h.member("alice@house", func(n *NewMember) { n.ThirdAccount = "alice" })
	app := h.appID(h.org.ID)
	byPassword, err := h.signs("alice@house", apiClient)
	must(t, err)
	byApp, err := h.vouch(app, func(p *AppIDProof) { p.ThirdAccount = "alice" })
	must(t, err)
	owner, err := h.signs("owner@house", apiClient)
	must(t, err)
	s := h.sso()
	byCentre := h.enters(s, "alice", func(p *SourceProof) { p.Entry = EnterClient{ClientType: identity.ClientPC, CreateToken: true} })
	for name, row := range map[string]struct {
		in     SignedIn
		method string
		code   fault.Code
	}{
		"a program's password":   {byPassword, "", fault.CodeSSOOnly},
		"an App ID":              {byApp, identity.ByAppID, ""},
		"a client of the centre": {byCentre, identity.ByCentre, ""},
		"the owner":              {owner, identity.ByPassword, ""},
	} {
		got, err := h.jump(h.nonce(row.in))
		wants(t, name, err, row.code)
		if row.code == "" && !slices.Equal(got.Session.Session.Methods, []string{row.method}) {
			t.Errorf("%s: proven by %v, want %s", name, got.Session.Session.Methods, row.method)
		}
	}
	_, err = h.AddProviderAdministrator(t.Context(), console, NewOperator{Account: "root", Name: "Root", Password: goodPassword})
	must(t, err)
	root, err := h.signs("root", apiClient)
	must(t, err)
	if got, err := h.jump(h.nonce(root)); err != nil || !got.Provider || got.Session.Session.MemberID != "" {
		t.Errorf("the provider: %+v, %v", got.Session.Session, err)
	}
}
