package directory

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

func TestFirstSignInThroughACentreCreatesAndLinks(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		s := h.sso()
		in := h.enters(s, "u1", func(p *SourceProof) {
			p.Profile.Name, p.Profile.Email, p.Profile.Mobile = " Alice ", "Alice@Example.com", "138 0000 0001"
		})
		checkAlice(t, in)
		m, a := in.Person.Member, in.Person.Account
		bearer, err := h.tokens.Check(t.Context(), in.Issued.Access)
		if err != nil || bearer.Actor.MemberID != m.ID {
			t.Errorf("the token is worth %+v, %v", bearer, err)
		}
		again := h.enters(s, "u1")
		if again.Created || again.Person.Member.ID != m.ID || again.Person.Member.Name != "Alice" || h.links(m.ID) != 1 {
			t.Errorf("again: got %+v, %d links", again.Person.Member, h.links(m.ID))
		}
		for event, want := range map[string]int{"member.auto_created": 1, "member.linked": 1, "sign_in.succeeded": 2, "member.changed": 0} {
			if n := h.countEvents(event); n != want {
				t.Errorf("%d times %s, want %d", n, event, want)
			}
		}
		wants(t, "no password signs in", h.tries(a.Name, goodPassword), fault.CodeSignInFailed)
	})
}

// checkAlice compares the member that was created with what the centre said.
func checkAlice(t *testing.T, in SignedIn) {
	t.Helper()
	m, a := in.Person.Member, in.Person.Account
	if !in.Created || m.Name != "Alice" || m.ThirdAccount != "u1" || m.Role != identity.RoleMember || in.MustChange ||
		a.Email != "alice@example.com" || a.Mobile != "+8613800000001" || a.Kind != identity.Managed {
		t.Errorf("got %+v %+v", m, a)
	}
}

func TestAMemberIsLinkedByThirdAccountAlone(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		s := h.sso()
		bob := h.member("bob@house", func(n *NewMember) { n.ThirdAccount, n.Role = "bob", identity.RoleAdministrator })
		in := h.enters(s, "bob")
		if in.Created || in.Person.Member.ID != bob.Member.ID || in.Person.Member.Role != identity.RoleAdministrator || h.links(bob.Member.ID) != 1 {
			t.Errorf("got %+v", in.Person.Member)
		}
		if other := h.enters(s, "BOB"); other.Person.Member.ID == bob.Member.ID {
			t.Error("third accounts are compared byte by byte")
		}
		// From now on the link counts, whatever the account says.
		in = h.enters(s, "bob", func(p *SourceProof) { p.Profile.Account = "renamed" })
		if in.Person.Member.ID != bob.Member.ID {
			t.Errorf("by link: got %+v", in.Person.Member)
		}
	})
}

// CVE-2023-3128 and nOAuth: neither mail nor mobile nor a login name says who
// somebody is, verified or not, and none of them is taken from its holder.
func TestContactsNeverMatchAndAreNeverTaken(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		s := h.sso()
		victim := h.member("victim@house", func(n *NewMember) { n.Email, n.Mobile = "victim@example.com", "+8613800000009" })
		for _, claim := range []func(*identity.Profile){
			func(p *identity.Profile) { p.Email, p.EmailVerified = "victim@example.com", true },
			func(p *identity.Profile) { p.Mobile, p.MobileVerified = "+8613800000009", true },
			func(p *identity.Profile) { p.Email = "VICTIM@example.com" },
			func(p *identity.Profile) { p.Name = victim.Member.Name },
		} {
			for _, account := range []string{"thief", "victim@house", "victim@example.com"} {
				story := trace.Begin(trace.SourceLogin, identity.Origin{})
				in := h.enters(s, account, func(p *SourceProof) { claim(&p.Profile); p.Story = story })
				if in.Person.Member.ID == victim.Member.ID {
					t.Fatalf("%s is the victim", account)
				}
				if in.Person.Account.Email != "" || in.Person.Account.Mobile != "" {
					t.Errorf("%s took %s %s", account, in.Person.Account.Email, in.Person.Account.Mobile)
				}
				claimed := !strings.Contains(stepsOf(story), "contact_free:warned")
				if named := in.Person.Member.Name == victim.Member.Name; claimed && !named {
					t.Errorf("%s: nothing is told of the contact: %s", account, stepsOf(story))
				}
			}
		}
		wants(t, "the victim's names", h.tries("victim@example.com", goodPassword), "")
		// One address in two organisations: each keeps its own person.
		there := h.furnish("other", func(*NewOrganization) {})
		in := h.enters(h.sso(), "victim", func(p *SourceProof) { p.Profile.Email = "victim@example.com" })
		if in.Organization.ID != there.ID || in.Person.Account.ID == victim.Account.ID || in.Person.Account.Email != "" {
			t.Errorf("in another organisation: got %+v", in.Person)
		}
	})
}

func TestProfilesAreRefreshed(t *testing.T) {
	h := sqliteHouse(t)
	s := h.sso()
	first := h.enters(s, "u1", func(p *SourceProof) { p.Profile.Name, p.Profile.Email = "Alice", "old@example.com" })
	story := trace.Begin(trace.SourceLogin, identity.Origin{})
	in := h.enters(s, "u1", func(p *SourceProof) {
		p.Story = story
		p.Profile.Name, p.Profile.Email, p.Profile.Mobile = strings.Repeat("x", 65), "new@example.com", "12"
	})
	got := h.person(first.Person.Member.ID)
	if got.Member.Name != "Alice" || got.Account.Email != "new@example.com" || got.Account.Mobile != "" {
		t.Errorf("got %+v", got)
	}
	const want = "link_found:passed contact_form:warned name_form:warned member_active:passed token_issued:passed"
	if steps := stepsOf(story); steps != want {
		t.Errorf("told: %s\nwant: %s", steps, want)
	}
	if _, err := h.tokens.Check(t.Context(), in.Issued.Access); err != nil {
		t.Errorf("the token of the sign-in that wrote: %v", err)
	}
	version := got.Member.Version
	h.enters(s, "u1", func(p *SourceProof) { p.Profile.Email = "new@example.com" })
	if now := h.person(got.Member.ID); now.Member.Version != version {
		t.Errorf("nothing new was written: version %d, want %d", now.Member.Version, version)
	}
}

func TestWhoMayNotComeThroughACentre(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		s := h.sso()
		bob := h.member("bob@house", func(n *NewMember) { n.ThirdAccount = "bob" })
		linked := h.enters(s, "linked").Person
		h.suspend(bob)
		h.suspend(linked)
		try := func(what, account string, code fault.Code, change ...func(*SourceProof)) {
			t.Helper()
			_, err := h.comes(s, account, change...)
			wants(t, what, err, code)
		}
		try("suspended, by third account", "bob", fault.CodeMemberDisabled, func(p *SourceProof) { p.Profile.Name = "Robert" })
		try("suspended, by link", "linked", fault.CodeMemberDisabled, inBrowser)
		for _, p := range []identity.Person{bob, linked} {
			if now := h.person(p.Member.ID); now.Member.Active(h.clock.Now()) || now.Member.Name != p.Member.Name || now.Member.Version != p.Member.Version+1 {
				t.Errorf("a refused sign-in changed the member: %+v", now.Member)
			}
		}
		if h.links(bob.Member.ID) != 0 {
			t.Error("a refused sign-in left a link")
		}
		no, yes := false, true
		try("the source creates nobody", "new", fault.CodeAutoCreateForbidden, func(p *SourceProof) { p.AutoCreate = &no })
		h.edit(func(o *identity.Organization) { o.AutoCreate = false })
		try("the organisation creates nobody", "new", fault.CodeAutoCreateForbidden)
		try("the source cannot widen that", "new", fault.CodeAutoCreateForbidden, func(p *SourceProof) { p.AutoCreate = &yes })
		h.edit(func(o *identity.Organization) { o.AutoCreate, o.Limits.Members = true, 3 })
		try("one too many", "new", fault.CodeMemberLimit)
		for _, subject := range []string{"", strings.Repeat("x", 256)} {
			try("no subject", subject, fault.CodeFieldLength)
		}
		try("a control character", "a\x00b", fault.CodeMalformed)
		h.edit(func(o *identity.Organization) { o.Limits.Members, o.Status = 0, identity.OrganizationFrozen })
		try("frozen", "new", fault.CodeOrganizationInactive)
		h.edit(func(o *identity.Organization) { o.Status = identity.OrganizationActive })
		h.ssoOff()
		try("switched off meanwhile", "new", fault.CodeSSOUnknown)
		if n := h.memberCount(); n != 3 {
			t.Errorf("%d members, want 3", n)
		}
	})
}

// Accounts at a centre need not have the form of a third account: such a
// person is known by the link alone.
func TestAccountsOfOtherForms(t *testing.T) {
	h := sqliteHouse(t)
	s := h.sso()
	for _, account := range []string{"auth0:1234", strings.Repeat("长", 200)} {
		story := trace.Begin(trace.SourceLogin, identity.Origin{})
		first := h.enters(s, account, func(p *SourceProof) { p.Story = story })
		again := h.enters(s, account)
		if first.Person.Member.ThirdAccount != "" || again.Created || again.Person.Member.ID != first.Person.Member.ID {
			t.Errorf("%.20s: got %+v, then %+v", account, first.Person.Member, again.Person.Member)
		}
		if !strings.Contains(stepsOf(story), "account_form:warned") {
			t.Errorf("told: %s", stepsOf(story))
		}
	}
}

// Who enters another third account says that the person outside is another:
// the account of before leads to this member no more.
func TestAnotherThirdAccountEndsTheLinks(t *testing.T) {
	h := sqliteHouse(t)
	s := h.sso()
	alice := h.enters(s, "alice").Person
	change := func(third string) {
		t.Helper()
		_, err := h.ChangeMember(t.Context(), console, h.org.ID, alice.Member.ID, 0, MemberChange{ThirdAccount: &third})
		must(t, err)
	}
	change("alice")
	if h.links(alice.Member.ID) != 1 {
		t.Error("the same third account ended a link")
	}
	change("alice.new")
	if h.links(alice.Member.ID) != 0 || h.countEvents("member.unlinked") != 1 {
		t.Errorf("%d links, %v", h.links(alice.Member.ID), h.events(h.org.ID))
	}
	if in := h.enters(s, "alice.new"); in.Person.Member.ID != alice.Member.ID {
		t.Errorf("the new account: got %+v", in.Person.Member)
	}
	if in := h.enters(s, "alice"); in.Person.Member.ID == alice.Member.ID {
		t.Error("the old account is still the member")
	}
	// A link that was left to another subject is not added to.
	h.write(func(tx *store.Tx) error {
		return tx.Links.Add(identity.Link{SourceID: s.ID, Subject: "left", OrganizationID: h.org.ID, MemberID: h.owner.Member.ID})
	})
	third := "owner"
	h.write(func(tx *store.Tx) error {
		p, err := tx.Members.Get(h.org.ID, h.owner.Member.ID)
		p.Member.ThirdAccount = third
		if err != nil {
			return err
		}
		return tx.Members.Put(p)
	})
	_, err := h.comes(s, third)
	wants(t, "linked to another subject", err, fault.CodeLinkExists)
}

func TestFirstSignInsAtOnceMakeOneMember(t *testing.T) {
	both(t, func(t *testing.T, h *house, second func() *Directory) {
		s := h.sso()
		h.member("known@house", func(n *NewMember) { n.ThirdAccount = "known" })
		nodes := []*Directory{h.Directory, second()}
		for _, account := range []string{"new", "known", "with:colon"} {
			const signIns = 12
			members := make([]identity.MemberID, signIns)
			var work sync.WaitGroup
			for i := range signIns {
				work.Go(func() {
					in, err := nodes[i%2].SignInBySource(t.Context(), proofOf(s, account, func(p *SourceProof) {
						p.Profile.Name, p.Profile.Email = "One "+account, "one@example.com"
						if i%3 == 0 {
							inBrowser(p)
						}
					}))
					if err != nil {
						t.Errorf("%s, sign-in %d: %v", account, i, err)
					}
					members[i] = in.Person.Member.ID
				})
			}
			work.Wait()
			slices.Sort(members)
			if got := slices.Compact(members); len(got) != 1 || h.links(got[0]) != 1 {
				t.Errorf("%s: members %v, want one with one link", account, got)
			}
		}
		if n := h.memberCount(); n != 4 {
			t.Errorf("%d members, want the owner and three", n)
		}
	})
}

func TestOutlooks(t *testing.T) {
	h := sqliteHouse(t)
	s := h.sso()
	h.member("bob@house", func(n *NewMember) { n.ThirdAccount = "bob" })
	linked := h.enters(s, "linked").Person
	gone := h.enters(s, "gone").Person
	h.suspend(gone)
	before := fmt.Sprint(h.events(h.org.ID))
	no := false
	for account, want := range map[string]struct {
		kind  OutlookKind
		code  fault.Code
		proof func(*SourceProof)
	}{
		"linked": {WouldFind, "", nil},
		"bob":    {WouldLink, "", nil},
		"new":    {WouldCreate, "", nil},
		"gone":   {WouldRefuse, fault.CodeMemberDisabled, nil},
		"":       {WouldRefuse, fault.CodeFieldLength, nil},
		"newer":  {WouldRefuse, fault.CodeAutoCreateForbidden, func(p *SourceProof) { p.AutoCreate = &no }},
	} {
		p := proofOf(s, account)
		if want.proof != nil {
			want.proof(&p)
		}
		got, err := h.SourceOutlook(t.Context(), p)
		if err != nil || got.Kind != want.kind || want.code != "" && (got.Fault == nil || got.Fault.Code != want.code) {
			t.Errorf("%s: got %s %v, %v, want %s %s", account, got.Kind, got.Fault, err, want.kind, want.code)
		}
		if account == "linked" && got.Person.Member.ID != linked.Member.ID {
			t.Errorf("found %+v", got.Person)
		}
	}
	h.edit(func(o *identity.Organization) { o.Limits.Members = 4 })
	if got, err := h.SourceOutlook(t.Context(), proofOf(s, "new")); err != nil || !fault.Is(got.Fault, fault.CodeMemberLimit) {
		t.Errorf("beyond the limit: %+v, %v", got, err)
	}
	if after := fmt.Sprint(h.events(h.org.ID)); after != before || h.memberCount() != 4 {
		t.Errorf("an outlook changed something: %s, %d members", after, h.memberCount())
	}
	_, err := h.SourceOutlook(t.Context(), SourceProof{Source: identity.Source{OrganizationID: "org_none"}, Profile: identity.Profile{Subject: "x"}})
	wants(t, "no organisation", err, "")
}

func TestStoriesOfSources(t *testing.T) {
	h := sqliteHouse(t)
	s := h.sso()
	h.member("bob@house", func(n *NewMember) { n.ThirdAccount = "bob" })
	no := false
	for _, row := range []struct {
		account string
		change  func(*SourceProof)
		want    string
	}{
		{"u1", inBrowser, "member_created:passed member_active:passed session_started:passed"},
		{"u1", inBrowser, "link_found:passed member_active:passed session_started:passed"},
		{"bob", func(*SourceProof) {}, "member_matched:passed member_active:passed token_issued:passed"},
		{"u2", func(p *SourceProof) { p.AutoCreate = &no }, "link_found:noted auto_create:failed"},
		{"bob", func(p *SourceProof) { p.Entry = EnterCode{Domain: s.Domain, Client: PCClient} }, "link_found:passed member_active:passed client_code_issued:passed"},
	} {
		story := trace.Begin(trace.SourceLogin, identity.Origin{})
		_, _ = h.comes(s, row.account, row.change, func(p *SourceProof) { p.Story = story })
		if got := stepsOf(story); got != row.want {
			t.Errorf("%s: got %s\nwant %s", row.account, got, row.want)
		}
	}
}
