package directory

import (
	"maps"
	"strings"
	"sync"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

// upstream adds an authentication source of the house with rules.
func (h *house) upstream(name string, rules identity.SourceRules) identity.Source {
	h.t.Helper()
	if err := rules.Validate(); err != nil {
		h.t.Fatalf("rules of %s: %v", name, err)
	}
	s := identity.Source{
		ID: identity.NewSourceID(h.clock.Now()), OrganizationID: h.org.ID, Kind: identity.SourceOIDC, Name: name, Enabled: true,
		Settings: []byte("{}"), Rules: rules, CreatedAt: h.clock.Now(), UpdatedAt: h.clock.Now(),
	}
	h.write(func(tx *store.Tx) error { return tx.Sources.Add(s) })
	s.Version = 1
	return s
}

// byMail compares mail addresses, as an organisation's own directory may.
func byMail(change ...func(*identity.SourceRules)) identity.SourceRules {
	r := identity.SourceRules{Ours: identity.MatchEmail, Theirs: "mail", Trusted: []identity.MatchAttribute{identity.MatchEmail}}
	for _, c := range change {
		c(&r)
	}
	return r
}

func untrusted(r *identity.SourceRules) { r.Trusted = nil }

// says is what a source says of a person by name and value in turn.
func says(pairs ...string) func(*SourceProof) {
	return func(p *SourceProof) {
		p.Profile.Account, p.Profile.Said = "", map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			p.Profile.Said[pairs[i]] = pairs[i+1]
		}
	}
}

// OrgID, D.1: each strategy with and without a member whom the rules find.
func TestStrategies(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		bob := h.member("bob@house", func(n *NewMember) { n.Email, n.Mobile = "bob@example.com", "+8613800000009" })
		for name, row := range map[string]struct {
			rules identity.SourceRules
			value string
			want  identity.MemberKind // of whom comes in as somebody else than bob, "" for bob
			code  fault.Code
		}{
			"found by account":             {identity.SourceRules{Ours: identity.MatchAccount, Theirs: "v"}, " BOB@House ", "", ""},
			"found by mail":                {identity.SourceRules{Ours: identity.MatchEmail, Theirs: "v", Trusted: []identity.MatchAttribute{identity.MatchEmail}}, "Bob@Example.com", "", ""},
			"found by mobile":              {identity.SourceRules{Ours: identity.MatchMobile, Theirs: "v", Trusted: []identity.MatchAttribute{identity.MatchMobile}}, "138 0000 0009", "", ""},
			"found, bound only":            {identity.SourceRules{Ours: identity.MatchAccount, Theirs: "v", Strategy: identity.BindOnly}, "bob@house", "", ""},
			"found, and made all the same": {identity.SourceRules{Strategy: identity.CreateOnly}, "bob@house", identity.KindGuest, ""},
			"not found, made":              {identity.SourceRules{Ours: identity.MatchAccount, Theirs: "v"}, "carol@house", identity.KindGuest, ""},
			"not found, bound only":        {identity.SourceRules{Ours: identity.MatchAccount, Theirs: "v", Strategy: identity.BindOnly}, "carol@house", "", fault.CodeSourceNoMember},
			"nothing said, bound only":     {identity.SourceRules{Ours: identity.MatchAccount, Theirs: "v", Strategy: identity.BindOnly}, " ", "", fault.CodeSourceNoMember},
			"nothing said, made":           {identity.SourceRules{Ours: identity.MatchAccount, Theirs: "v"}, "", identity.KindGuest, ""},
			"another spelling":             {identity.SourceRules{Ours: identity.MatchAccount, Theirs: "v"}, "ｂob@house", identity.KindGuest, ""},
			"a hidden character":           {identity.SourceRules{Ours: identity.MatchAccount, Theirs: "v"}, "bob@house\u200b", identity.KindGuest, ""},
			"a mail address as account":    {identity.SourceRules{Ours: identity.MatchAccount, Theirs: "v"}, "bob@example.com", identity.KindGuest, ""},
		} {
			s := h.upstream(name, row.rules)
			before := h.memberCount()
			for range 2 {
				in, err := h.comes(s, "subject of "+name, says("v", row.value))
				wants(t, name, err, row.code)
				if isBob := in.Person.Member.ID == bob.Member.ID; err == nil && isBob != (row.want == "") {
					t.Errorf("%s: came in as %+v", name, in.Person.Member)
				}
				if row.want != "" && in.Person.Kind() != row.want {
					t.Errorf("%s: came in as a %s", name, in.Person.Kind())
				}
			}
			made := 0
			if row.want != "" {
				made = 1
			}
			if n := h.memberCount() - before; n != made {
				t.Errorf("%s: made %d members, want %d", name, n, made)
			}
		}
		wants(t, "bob's password works still", h.tries("bob@house", goodPassword), "")
	})
}

// CVE-2022-31107, CVE-2023-3128 and nOAuth: an address that anybody can claim
// finds nobody, and what is found is never another organisation's.
func TestClaimsThatDoNotCount(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		victim := h.member("victim@house", func(n *NewMember) { n.Email = "victim@example.com" })
		trusting, doubting := h.upstream("trusting", byMail()), h.upstream("doubting", byMail(untrusted))
		denied := func(p *SourceProof) { p.Profile.EmailDoubted = true }
		for name, try := range map[string]func() (SignedIn, error){
			"a source that is not trusted": func() (SignedIn, error) {
				return h.comes(doubting, "1", says("mail", "victim@example.com"))
			},
			"a source that says so itself": func() (SignedIn, error) {
				return h.comes(trusting, "1", says("mail", "victim@example.com"), denied)
			},
		} {
			_, err := try()
			wants(t, name, err, fault.CodeSourceProve)
		}
		if h.links(victim.Member.ID) != 0 || h.countEvents("member.linked") != 0 {
			t.Error("a claim left a link")
		}
		// A suspended victim is not told apart.
		h.suspend(victim)
		_, err := h.comes(doubting, "1", says("mail", "victim@example.com"))
		wants(t, "of somebody suspended", err, fault.CodeSourceProve)
		_, err = h.comes(trusting, "1", says("mail", "victim@example.com"))
		wants(t, "proven, and suspended", err, fault.CodeMemberDisabled)

		h.furnish("other", func(*NewOrganization) {})
		in := h.enters(h.upstream("there", byMail()), "1", says("mail", "victim@example.com"))
		if in.Organization.ID != h.org.ID || !in.Person.Guest() {
			t.Errorf("in another organisation: %+v", in.Person)
		}
	})
}

// Whoever takes an address at one source must not be found by it at another:
// the guest who was there first would receive the person's sign-in.
func TestGuestsAreNeverFound(t *testing.T) {
	h := sqliteHouse(t)
	mapped := []identity.Mapping{{Ours: "email", Theirs: "mail"}, {Ours: "name", Theirs: "mail"}}
	thief := h.enters(h.upstream("open", byMail(untrusted, func(r *identity.SourceRules) { r.Mappings = mapped })), "thief", says("mail", "victim@example.com"))
	if thief.Person.Account.Email != "victim@example.com" {
		t.Fatalf("the guest has %+v", thief.Person.Account)
	}
	in := h.enters(h.upstream("corp", byMail(func(r *identity.SourceRules) { r.Mappings = mapped })), "victim", says("mail", "victim@example.com"))
	if in.Person.Member.ID == thief.Person.Member.ID {
		t.Error("the victim came in as the thief")
	}
	// Nor does a guest keep the address from those who may sign in by it.
	h.member("victim@house", func(n *NewMember) { n.Email = "victim@example.com" })
	again := h.enters(h.upstream("open2", byMail(untrusted, func(r *identity.SourceRules) {
		r.Mappings, r.Strategy, r.Ours, r.Theirs = mapped, identity.CreateOnly, "", ""
	})),
		"thief", says("mail", "victim@example.com"))
	if again.Person.Account.Email != "" {
		t.Error("a guest took the address of a login name")
	}
}

// A contact that several have, where contacts are no login names, is nobody's.
func TestContactsThatAreNoNames(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		h.edit(func(o *identity.Organization) { o.Rules.ContactsAsNames = false })
		one := h.member("one@house", func(n *NewMember) { n.Email = "one-of-many@example.com" })
		h.member("two@house", func(n *NewMember) { n.Email = "one-of-many@example.org" })
		s := h.upstream("corp", byMail())
		if in := h.enters(s, "1", says("mail", "one-of-many@example.com")); in.Person.Member.ID != one.Member.ID {
			t.Errorf("came in as %+v", in.Person.Member)
		}
		h.member("three@house", func(n *NewMember) { n.Email = "one-of-many@example.org" })
		_, err := h.comes(s, "2", says("mail", "one-of-many@example.org"))
		wants(t, "two of them", err, fault.CodeSourceNoMember)
	})
}

func TestGuests(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		s := h.upstream("corp", identity.SourceRules{Strategy: identity.CreateOnly})
		in := h.enters(s, "Jörg 1", func(p *SourceProof) { p.Profile.Account = "" })
		g := in.Person
		if !g.Guest() || g.Member.Name != "Jörg 1" || g.Member.ThirdAccount != "" || g.Member.Role != identity.RoleMember || !strings.HasPrefix(g.Account.Name, "Auto-") {
			t.Fatalf("got %+v %+v", g.Member, g.Account)
		}
		ctx, org, id := t.Context(), h.org.ID, g.Member.ID
		wants(t, "administrator", h.SetRole(ctx, console, org, id, identity.RoleAdministrator), fault.CodeMemberGuest)
		wants(t, "member, which they are", h.SetRole(ctx, console, org, id, identity.RoleMember), "")
		wants(t, "owner", h.TransferOwnership(ctx, console, org, id), fault.CodeMemberGuest)
		wants(t, "reset", h.ResetPassword(ctx, console, org, id), fault.CodeMemberGuest)
		wants(t, "set", h.SetPassword(ctx, console, g.Account.ID, goodPassword, SetPasswordOptions{}), fault.CodeMemberGuest)
		wants(t, "change", h.ChangePassword(ctx, actorOf(g), "x", goodPassword, identity.PasswordRules{}), fault.CodeMemberGuest)
		wants(t, "sign in", h.tries(g.Account.Name, goodPassword), fault.CodeSignInFailed)
		for kind, want := range map[identity.MemberKind]int{identity.KindGuest: 1, identity.KindMember: 1, "": 2} {
			people, err := h.Members(ctx, console, org, store.MemberQuery{Kind: kind})
			if err != nil || len(people) != want {
				t.Errorf("%q: %d people, %v, want %d", kind, len(people), err, want)
			}
		}
		links, err := h.LinksOf(ctx, console, org, []identity.MemberID{id, h.owner.Member.ID})
		if l := links[id]; err != nil || len(links) != 1 || len(l) != 1 || l[0].Subject != "Jörg 1" || l[0].Source.Name != "corp" || l[0].Source.Settings != nil {
			t.Errorf("links: %+v, %v", links, err)
		}
		h.edit(func(o *identity.Organization) { o.AutoCreate = false })
		_, err = h.comes(s, "2")
		wants(t, "the organisation creates nobody", err, fault.CodeAutoCreateForbidden)
		wants(t, "removed", h.RemoveMember(ctx, console, org, id), "")
	})
}

func TestMappings(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		bob := h.member("bob@house", func(n *NewMember) { n.Title = "Clerk" })
		rules := byMail(func(r *identity.SourceRules) {
			r.Ours, r.Theirs = identity.MatchAccount, "uid"
			r.Mappings = []identity.Mapping{
				{Ours: "name", Theirs: "cn"},
				{Ours: "title", Theirs: "job"},
				{Ours: "email", Theirs: "mail"},
				{Ours: "mobile", Theirs: "tel"},
				{Ours: "description", Fixed: "from corp"},
				{Ours: "attributes.desk", Theirs: "desk"},
				{Ours: "attributes.site", Fixed: "Shenzhen"},
			}
		})
		s := h.upstream("corp", rules)
		state := func(what string, want map[string]string) {
			t.Helper()
			p := h.person(bob.Member.ID)
			got := map[string]string{
				"name": p.Member.Name, "title": p.Member.Title, "email": p.Account.Email, "mobile": p.Account.Mobile, "description": p.Member.Description,
			}
			maps.Copy(got, p.Member.Attributes)
			maps.DeleteFunc(got, func(_, v string) bool { return v == "" })
			if !maps.Equal(got, want) {
				t.Errorf("%s: got %v\nwant %v", what, got, want)
			}
		}
		come := func(change ...func(*SourceProof)) string {
			t.Helper()
			story := trace.Begin(trace.SourceLogin, identity.Origin{})
			h.enters(s, "1", append(change, func(p *SourceProof) { p.Story = story })...)
			return stepsOf(story)
		}
		// The mobile number is not trusted: it would open a member's account.
		steps := come(says("uid", "bob@house", "cn", "Bob", "job", "Chief", "mail", "B@example.com", "tel", "+8613800000007", "desk", "4.21"))
		want := map[string]string{
			"name": "Bob", "title": "Chief", "email": "b@example.com", "description": "from corp", "desk": "4.21", "site": "Shenzhen",
		}
		state("the first time", want)
		if !strings.Contains(steps, "attribute_matched:passed contact_trusted:warned") {
			t.Errorf("told: %s", steps)
		}
		version := h.person(bob.Member.ID).Member.Version
		come(says("uid", "bob@house", "cn", "Bob", "job", "Chief", "mail", "B@example.com", "desk", "4.21"))
		if now := h.person(bob.Member.ID).Member.Version; now != version {
			t.Errorf("nothing new was written: version %d, want %d", now, version)
		}
		// What is said no more is cleared, but not what was edited here since.
		_, err := h.ChangeMember(t.Context(), console, h.org.ID, bob.Member.ID, 0, MemberChange{Title: new("Boss")})
		must(t, err)
		come(says("uid", "bob@house"))
		delete(want, "email")
		delete(want, "desk")
		want["title"] = "Boss"
		state("said no more", want)
		// What is said again wins; what cannot be stored is left out.
		steps = come(says("uid", "bob@house", "cn", strings.Repeat("x", 65), "job", strings.Repeat("x", 33), "mail", "no address", "desk", "1"))
		want["desk"] = "1"
		state("what cannot be stored", want)
		for _, warned := range []string{"name_form:warned", "mapping_form:warned", "contact_form:warned"} {
			if !strings.Contains(steps, warned) {
				t.Errorf("%s is not told: %s", warned, steps)
			}
		}
		come(says("uid", "bob@house", "job", "Chief"))
		want["title"] = "Chief"
		delete(want, "desk")
		state("the source wins", want)
	})
}

func TestAnAccountIsProvenOnce(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		victim := h.member("victim@house", func(n *NewMember) { n.Email = "victim@example.com" })
		s := h.upstream("open", byMail(untrusted))
		claim := func(change ...func(*SourceProof)) SourceProof {
			return proofOf(s, "1", append([]func(*SourceProof){says("mail", "victim@example.com"), inBrowser}, change...)...)
		}
		prove := func(p SourceProof, password string) error {
			_, err := h.ProveBySource(t.Context(), AccountProof{Source: p, Password: password})
			return err
		}
		for range 4 {
			wants(t, "a wrong password", prove(claim(), "wrong"), fault.CodeSignInFailed)
		}
		wants(t, "of nobody", prove(proofOf(s, "2", says("mail", "nobody@example.com")), goodPassword), fault.CodeSignInFailed)
		wants(t, "the fifth", prove(claim(), "wrong"), fault.CodeSignInFailed)
		wants(t, "locked, also for passwords", h.tries("victim@house", goodPassword), fault.CodeLocked)
		wants(t, "locked, with the right one", prove(claim(), goodPassword), fault.CodeLocked)
		h.clock.Advance(h.org.Rules.LockFor * 2)
		story := trace.Begin(trace.SourceLogin, identity.Origin{})
		in, err := h.ProveBySource(t.Context(), AccountProof{Source: claim(func(p *SourceProof) { p.Story = story }), Password: goodPassword})
		if err != nil || in.Person.Member.ID != victim.Member.ID || in.Session.Word == "" || in.Session.Session.SourceID != s.ID {
			t.Fatalf("got %+v, %v", in.Person.Member, err)
		}
		const told = "locked:passed password:passed attribute_matched:passed account_proven:passed member_active:passed session_started:passed"
		if got := stepsOf(story); got != told {
			t.Errorf("told: %s\nwant: %s", got, told)
		}
		if in := h.enters(s, "1", says("mail", "elsewhere@example.com")); in.Person.Member.ID != victim.Member.ID {
			t.Errorf("the link does not hold: %+v", in.Person.Member)
		}
		wants(t, "a second subject", prove(proofOf(s, "2", says("mail", "victim@example.com")), goodPassword), fault.CodeLinkExists)
		wants(t, "no password", prove(claim(), ""), fault.CodeFieldLength)
	})
}

func TestOutlooksByRules(t *testing.T) {
	h := sqliteHouse(t)
	bob := h.member("bob@house", func(n *NewMember) { n.Email = "bob@example.com" })
	trusting, doubting := h.upstream("trusting", byMail()), h.upstream("doubting", byMail(untrusted))
	strict := h.upstream("strict", byMail(func(r *identity.SourceRules) { r.Strategy = identity.BindOnly }))
	for name, row := range map[string]struct {
		source identity.Source
		mail   string
		kind   OutlookKind
		code   fault.Code
	}{
		"link":   {trusting, "bob@example.com", WouldLink, ""},
		"prove":  {doubting, "bob@example.com", WouldProve, ""},
		"create": {trusting, "new@example.com", WouldCreate, ""},
		"refuse": {strict, "new@example.com", WouldRefuse, fault.CodeSourceNoMember},
	} {
		got, err := h.SourceOutlook(t.Context(), proofOf(row.source, "1", says("mail", row.mail)))
		if err != nil || got.Kind != row.kind || row.code != "" && !fault.Is(got.Fault, row.code) {
			t.Errorf("%s: got %s %v, %v", name, got.Kind, got.Fault, err)
		}
		if found := got.Person.Member.ID == bob.Member.ID; found != (row.mail == "bob@example.com") {
			t.Errorf("%s: found %+v", name, got.Person.Member)
		}
	}
}

func TestFirstSignInsAtOnceMakeOneGuest(t *testing.T) {
	both(t, func(t *testing.T, h *house, second func() *Directory) {
		s := h.upstream("corp", byMail())
		nodes := []*Directory{h.Directory, second()}
		var work sync.WaitGroup
		for i := range 8 {
			work.Go(func() {
				if _, err := nodes[i%2].SignInBySource(t.Context(), proofOf(s, "1", says("mail", "x@example.com"))); err != nil {
					t.Errorf("sign-in %d: %v", i, err)
				}
			})
		}
		work.Wait()
		if n := h.memberCount(); n != 2 {
			t.Errorf("%d members, want the owner and one guest", n)
		}
	})
}

// A story tells which side of the comparison is to be mended.
func TestStoriesOfBinding(t *testing.T) {
	h := sqliteHouse(t)
	h.member("victim@house", func(n *NewMember) { n.Email = "victim@example.com" })
	strict := h.upstream("strict", byMail(func(r *identity.SourceRules) { r.Strategy = identity.BindOnly }))
	doubting := h.upstream("doubting", byMail(untrusted))
	for what, row := range map[string]struct {
		source identity.Source
		mail   string
		want   string
	}{
		"nothing said":  {strict, "", "link_found:noted binding_value:failed"},
		"nobody has it": {strict, "nobody@example.com", "link_found:noted attribute_matched:failed"},
		"not proven":    {doubting, "victim@example.com", "link_found:noted account_proven:failed"},
		"found":         {strict, "victim@example.com", "attribute_matched:passed member_active:passed session_started:passed"},
		"made":          {doubting, "new@example.com", "attribute_matched:noted member_created:passed member_active:passed session_started:passed"},
	} {
		story := trace.Begin(trace.SourceLogin, identity.Origin{})
		_, _ = h.comes(row.source, "subject of "+what, says("mail", row.mail), inBrowser, func(p *SourceProof) { p.Story = story })
		if got := stepsOf(story); got != row.want {
			t.Errorf("%s: got %s\nwant %s", what, got, row.want)
		}
		for _, step := range story.Steps() {
			if strings.Contains(step.Detail.Expected+step.Detail.Received, row.mail) && row.mail != "" {
				t.Errorf("%s: the story tells the address: %+v", what, step.Detail)
			}
		}
	}
}
