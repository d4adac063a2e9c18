package directory

import (
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// code makes a one-time code for an account at the centre.
func (h *house) code(s identity.Source, account string, c Client) string {
	h.t.Helper()
	return h.enters(s, account, func(p *SourceProof) { p.Entry = EnterCode{Domain: s.Domain, Client: c} }).ClientCode
}

func (h *house) redeem(code, domain string, client identity.ClientType) (SignedIn, error) {
	return h.SignInByClientCode(h.t.Context(), CodeProof{Code: code, Domain: domain, Entry: EnterClient{ClientType: client, CreateToken: true}})
}

func TestClientCodes(t *testing.T) {
	both(t, func(t *testing.T, h *house, second func() *Directory) {
		s := h.sso()
		code := h.code(s, "alice", PCClient)
		if h.countEvents("sign_in.succeeded") != 0 {
			t.Error("the code counts as a sign-in before it is redeemed")
		}
		in, err := h.redeem(code, s.Domain, identity.ClientPC)
		if err != nil || in.Person.Member.ThirdAccount != "alice" || in.Issued.Token.ClientType != identity.ClientPC {
			t.Fatalf("got %+v, %v", in.Person.Member, err)
		}
		if _, err := h.tokens.Check(t.Context(), in.Issued.Access); err != nil || h.countEvents("sign_in.succeeded") != 1 {
			t.Errorf("the token: %v, %v", err, h.events(h.org.ID))
		}
		_, err = h.redeem(code, s.Domain, identity.ClientPC)
		wants(t, "again", err, fault.CodeSpent)

		code = h.code(s, "alice", AndroidClient)
		errs := make([]error, 16)
		var work sync.WaitGroup
		nodes := []*Directory{h.Directory, second()}
		for i := range errs {
			work.Go(func() {
				_, errs[i] = nodes[i%2].SignInByClientCode(t.Context(), CodeProof{Code: code, Domain: s.Domain, Entry: EnterClient{ClientType: 6, CreateToken: true}})
			})
		}
		work.Wait()
		good := 0
		for _, err := range errs {
			if err == nil {
				good++
			} else {
				wants(t, "raced", err, fault.CodeSpent)
			}
		}
		if good != 1 {
			t.Errorf("%d of 16 redeemed one code", good)
		}
	})
}

// CVE-2026-28513: a code serves the domain and the client it was made for, and
// is spent by whoever tries another.
func TestClientCodesAreBound(t *testing.T) {
	h := sqliteHouse(t)
	s := h.sso()
	for _, row := range []struct {
		name   string
		made   Client
		domain string
		client identity.ClientType
		code   fault.Code
	}{
		{"PC", PCClient, s.Domain, 5, ""},
		{"PC, as documented", PCClient, s.Domain, 72, ""},
		{"Android", AndroidClient, s.Domain, 6, ""},
		{"iOS", IOSClient, s.Domain, 6, ""},
		{"PC at a mobile", PCClient, s.Domain, 6, fault.CodeTicket},
		{"mobile at a PC", IOSClient, s.Domain, 5, fault.CodeTicket},
		{"in a browser", PCClient, s.Domain, 0, fault.CodeTicket},
		{"another domain", PCClient, "other.example", 5, fault.CodeTicket},
		{"no domain", PCClient, "", 5, fault.CodeTicket},
	} {
		code := h.code(s, "alice", row.made)
		_, err := h.redeem(code, row.domain, row.client)
		wants(t, row.name, err, row.code)
		_, err = h.redeem(code, s.Domain, serves[row.made][0])
		wants(t, row.name+", afterwards", err, fault.CodeSpent)
	}
	_, err := h.comes(s, "alice", func(p *SourceProof) { p.Entry = EnterCode{Domain: s.Domain, Client: "web"} })
	wants(t, "no client", err, fault.CodeFieldChoice)
}

func TestClientCodesEnd(t *testing.T) {
	h := sqliteHouse(t)
	s := h.sso()
	try := func(what string, change func(p identity.Person), code fault.Code) {
		t.Helper()
		in := h.enters(s, "alice "+what, func(p *SourceProof) { p.Entry = EnterCode{Domain: s.Domain, Client: PCClient} })
		change(in.Person)
		_, err := h.redeem(in.ClientCode, s.Domain, 5)
		wants(t, what, err, code)
	}
	try("late", func(identity.Person) { h.clock.Advance(time.Minute) }, fault.CodeTicket)
	try("suspended", h.suspend, fault.CodeMemberDisabled)
	try("suspended and back", func(p identity.Person) {
		h.suspend(p)
		must(t, h.ResumeMember(t.Context(), console, h.org.ID, p.Member.ID))
	}, fault.CodeTicket)
	try("removed", func(p identity.Person) {
		h.suspend(p)
		must(t, h.RemoveMember(t.Context(), console, h.org.ID, p.Member.ID))
	}, fault.CodeTicket)
	try("cut", func(identity.Person) {}, "")
	code := h.code(s, "bob", PCClient)
	for n := 1; n < len(code); n += 7 {
		_, err := h.redeem(code[:len(code)-n], s.Domain, 5)
		wants(t, "a truncated code", err, fault.CodeTicket)
	}
	story := trace.Begin(trace.ClientCodeLogin, identity.Origin{})
	h.ssoOff()
	_, err := h.SignInByClientCode(t.Context(), CodeProof{Code: code, Domain: s.Domain, Entry: EnterClient{ClientType: 5}, Story: story})
	wants(t, "switched off", err, fault.CodeSSOUnknown)
	if got, want := stepsOf(story), "client_code:passed source_stands:failed"; got != want {
		t.Errorf("told %s, want %s", got, want)
	}
}
