package directory

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
	"github.com/orgate/orgate/internal/trace"
)

const theirKey = "0123456789abcdef0123456789abcdef"

// appID makes an App ID of an organisation, or of the provider with "".
func (h *house) appID(org identity.OrganizationID) identity.AppID {
	h.t.Helper()
	app := identity.AppID{
		ID: strings.Repeat("a", 31) + fmt.Sprint(len(org)%10), OrganizationID: org, Name: "Their server",
		Status: identity.AppIDActive, AutoCreate: true, Keys: []identity.AppKey{{Secret: theirKey}}, Version: 1,
	}
	h.write(func(tx *store.Tx) error { return tx.AppIDs.Insert(app) })
	return app
}

// vouch signs somebody in with a nonce of its own.
func (h *house) vouch(app identity.AppID, change func(*AppIDProof)) (SignedIn, error) {
	h.nonces++
	p := AppIDProof{AppID: app, Nonce: fmt.Sprintf("nonce-%026d", h.nonces), NonceUntil: h.clock.Now().Add(time.Hour), ClientType: identity.ClientAPI}
	change(&p)
	return h.SignInByAppID(h.t.Context(), p)
}

func TestFirstLoginCreatesTheMember(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		app := h.appID(h.org.ID)
		if _, err := h.AddDepartment(t.Context(), console, h.org.ID, NewDepartment{Code: "rd", Name: "Research"}); err != nil {
			t.Fatal(err)
		}
		in, err := h.vouch(app, func(p *AppIDProof) {
			p.ThirdAccount, p.Name, p.Email, p.Mobile, p.DepartmentCode = "u@1", "Alice", "alice@example.com", "+8613800000001", "rd"
		})
		if err != nil {
			t.Fatal(err)
		}
		checkCreated(t, in)
		m, a := in.Person.Member, in.Person.Account
		bearer, err := h.tokens.Check(t.Context(), in.Issued.Access)
		if err != nil || bearer.Actor.MemberID != m.ID || bearer.Token.AppID != app.ID {
			t.Errorf("the token is worth %+v, %v", bearer, err)
		}
		h.read(func(tx *store.Tx) error {
			dep, err := tx.Departments.ByCode(h.org.ID, "rd")
			if dep.ID != m.Department {
				t.Errorf("the member is in %s, want %s", m.Department, dep.ID)
			}
			return err
		})
		plain, err := h.vouch(app, func(p *AppIDProof) { p.ThirdAccount = "u2" })
		if err != nil || plain.Person.Member.Name != "u2" {
			t.Errorf("without a name: got %+v, %v", plain.Person.Member, err)
		}
		wants(t, "no password signs in", h.tries(a.Name, goodPassword), fault.CodeSignInFailed)
		got := h.events(h.org.ID)
		for event, want := range map[string]int{"member.auto_created": 2, "sign_in.succeeded": 2} {
			if n := len(slices.DeleteFunc(slices.Clone(got), func(e string) bool { return e != event })); n != want {
				t.Errorf("%d times %s in %v, want %d", n, event, got, want)
			}
		}
	})
}

// checkCreated compares a created member with what the request carried.
func checkCreated(t *testing.T, in SignedIn) {
	t.Helper()
	m, a := in.Person.Member, in.Person.Account
	if !in.Created || m.Name != "Alice" || m.ThirdAccount != "u@1" || m.Role != identity.RoleMember || in.MustChange ||
		a.Email != "alice@example.com" || a.Mobile != "+8613800000001" {
		t.Errorf("got %+v", in)
	}
	if want := "Auto-" + identity.Hex(a.ID); a.Name != want || identity.Hex(m.ID) != identity.Hex(a.ID) {
		t.Errorf("the account is called %s, want %s; the member is %s", a.Name, want, m.ID)
	}
}

func TestKnownMembersAreFound(t *testing.T) {
	h := sqliteHouse(t)
	app := h.appID(h.org.ID)
	admin := h.member("admin@house", func(n *NewMember) { n.ThirdAccount, n.Role = "boss", identity.RoleAdministrator })
	before := admin.Member.Version + 1 // the first way in is noted, once
	for range 2 {
		in, err := h.vouch(app, func(p *AppIDProof) { p.ThirdAccount, p.Name, p.DepartmentCode = "boss", admin.Member.Name, "1" })
		if err != nil || in.Created || in.Person.Member.ID != admin.Member.ID || in.Person.Member.Role != identity.RoleAdministrator ||
			in.Person.Member.Version != before {
			t.Errorf("got %+v, %v", in.Person.Member, err)
		}
	}
	if got := h.events(h.org.ID); slices.Contains(got, "member.changed") {
		t.Errorf("an edit was recorded that changed nothing: %v", got)
	}
	in, err := h.vouch(app, func(*AppIDProof) {})
	if err != nil || in.Person.Member.ID != h.owner.Member.ID {
		t.Errorf("without a third account: got %+v, %v, want the owner", in.Person.Member, err)
	}
	_, err = h.vouch(app, func(p *AppIDProof) { p.ThirdAccount = "BOSS" })
	if wants(t, "other case", err, ""); h.memberCount() != 3 {
		t.Errorf("%d members: third accounts are compared byte by byte", h.memberCount())
	}
}

// What another node did is heard a moment later; who may come in is decided by
// the database all the same.
func TestNobodyComesInAsTheyWere(t *testing.T) {
	for _, row := range []struct {
		name string
		do   func(node *Directory, h *house, id identity.MemberID) error
		want fault.Code
	}{
		{"suspended", func(node *Directory, h *house, id identity.MemberID) error {
			return node.SuspendMember(h.t.Context(), console, h.org.ID, id)
		}, fault.CodeMemberDisabled},
		{"removed, and nobody is made anew", func(node *Directory, h *house, id identity.MemberID) error {
			if _, err := node.ChangeOrganization(h.t.Context(), console, h.org.ID, 0, OrganizationChange{AutoCreate: new(bool)}); err != nil {
				return err
			}
			return node.RemoveMember(h.t.Context(), console, h.org.ID, id)
		}, fault.CodeAutoCreateForbidden},
		{"renamed", func(node *Directory, h *house, id identity.MemberID) error {
			name := "Another Name"
			_, err := node.ChangeMember(h.t.Context(), console, h.org.ID, id, 0, MemberChange{Name: &name})
			return err
		}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
				h := newHouse(t, open)
				other := build(t, open(storetest.WithClock(h.clock)), h.clock)
				app := h.appID(h.org.ID)
				known := h.member("known@house", func(n *NewMember) { n.ThirdAccount = "known" })
				login := func() error {
					_, err := h.vouch(app, func(p *AppIDProof) { p.ThirdAccount = "known" })
					return err
				}
				if err := login(); err != nil {
					t.Fatalf("first login: %v", err)
				}
				if err := row.do(other, h, known.Member.ID); err != nil {
					t.Fatalf("on the other node: %v", err)
				}
				wants(t, "the login right after", login(), row.want)
			})
		})
	}
}

func (h *house) memberCount() (n int) {
	h.t.Helper()
	h.read(func(tx *store.Tx) (err error) {
		n, _, err = tx.Organizations.Counts(h.org.ID)
		return err
	})
	return n
}

func TestCarriedFieldsAreWrittenBack(t *testing.T) {
	h := sqliteHouse(t)
	app := h.appID(h.org.ID)
	if _, err := h.AddDepartment(t.Context(), console, h.org.ID, NewDepartment{Code: "rd", Name: "Research"}); err != nil {
		t.Fatal(err)
	}
	h.member("alice@house", func(n *NewMember) {
		n.ThirdAccount, n.Email, n.Title = "u1", "old@example.com", "Engineer"
	})
	in, err := h.vouch(app, func(p *AppIDProof) {
		p.ThirdAccount, p.Name, p.Email, p.Mobile, p.DepartmentCode = "u1", "Alice", "New@Example.com", "+8613800000009", "rd"
	})
	m, a := in.Person.Member, in.Person.Account
	if err != nil || m.Name != "Alice" || m.Title != "Engineer" || a.Email != "new@example.com" || a.Mobile != "+8613800000009" {
		t.Errorf("got %+v, %+v, %v", m, a, err)
	}
	again, err := h.vouch(app, func(p *AppIDProof) { p.ThirdAccount = "u1" })
	if err != nil || again.Person.Member.Name != "Alice" || again.Person.Account.Email != "new@example.com" || again.Person.Member.Version != m.Version {
		t.Errorf("absent fields changed something: %+v, %v", again.Person, err)
	}
	wants(t, "the new address is a name", h.tries("new@example.com", goodPassword), "")
	wants(t, "the old one no more", h.tries("old@example.com", goodPassword), fault.CodeSignInFailed)
	if _, err := h.tokens.Check(t.Context(), in.Issued.Access); err != nil {
		t.Errorf("the token of the login that wrote: %v", err)
	}
}

func TestContactsOfOthersAreNotTaken(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		app := h.appID(h.org.ID)
		h.member("alice@house", func(n *NewMember) { n.ThirdAccount, n.Email, n.Mobile = "u1", "alice@example.com", "+8613800000001" })
		h.member("bob@house", func(n *NewMember) { n.ThirdAccount = "u2" })
		for _, row := range []struct {
			third, email, mobile string
			code                 fault.Code
		}{
			{"u2", "alice@example.com", "", fault.CodeEmailTaken},
			{"u2", "", "+8613800000001", fault.CodeMobileTaken},
			{"new", "alice@example.com", "", fault.CodeEmailTaken},
			{"new", "", "+8613800000001", fault.CodeMobileTaken},
			{"new", "", "12", fault.CodeMobileFormat},
			{"u2", "not an address", "", fault.CodeEmailFormat},
		} {
			_, err := h.vouch(app, func(p *AppIDProof) { p.ThirdAccount, p.Email, p.Mobile = row.third, row.email, row.mobile })
			wants(t, fmt.Sprint(row), err, row.code)
		}
		wants(t, "alice keeps her names", h.tries("alice@example.com", goodPassword), "")
		if n := h.memberCount(); n != 3 {
			t.Errorf("%d members after refused logins, want 3", n)
		}
		// Where contacts are no names they may repeat, and become none.
		h.edit(func(o *identity.Organization) { o.Rules.ContactsAsNames = false })
		_, err := h.vouch(app, func(p *AppIDProof) { p.ThirdAccount, p.Email = "u2", "bob@example.com" })
		wants(t, "a contact that is no name", err, "")
		wants(t, "and does not sign in", h.tries("bob@example.com", goodPassword), fault.CodeSignInFailed)
	})
}

// What a third party says does not reach the contacts of a personal account:
// they are the way in to other organisations.
func TestPersonalContactsStay(t *testing.T) {
	h := sqliteHouse(t)
	app := h.appID(h.org.ID)
	person := identity.Account{Kind: identity.Personal, Name: "dora", Email: "dora@example.com", Status: identity.AccountActive, Version: 1}
	h.write(func(tx *store.Tx) error {
		person.ID = identity.NewAccountID(tx.Now())
		if err := tx.Accounts.Insert(person, person.LoginNames(true)); err != nil {
			return err
		}
		dep, err := tx.Departments.ByCode(h.org.ID, identity.RootDepartmentCode)
		if err != nil {
			return err
		}
		return tx.Members.Insert(identity.Person{Account: person, Member: identity.Member{
			ID: identity.NewMemberID(tx.Now()), AccountID: person.ID,
			OrganizationID: h.org.ID, Name: "Dora", ThirdAccount: "u1", Role: identity.RoleMember, Status: identity.MemberActive,
			Department: dep.ID, SortLevel: 1,
		}})
	})
	in, err := h.vouch(app, func(p *AppIDProof) {
		p.ThirdAccount, p.Name, p.Email, p.Mobile = "u1", "Dora D", "evil@example.com", "+8613800000001"
	})
	if a := in.Person.Account; err != nil || a.Email != "dora@example.com" || a.Mobile != "" || in.Person.Member.Name != "Dora D" {
		t.Errorf("got %+v, %v", in.Person, err)
	}
}

func TestWhoMayNotComeIn(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		app := h.appID(h.org.ID)
		bob := h.member("bob@house", func(n *NewMember) { n.ThirdAccount = "bob" })
		h.suspend(bob)
		unknown := func(p *AppIDProof) { p.ThirdAccount = "unknown" }
		try := func(what string, change func(*AppIDProof), code fault.Code) {
			t.Helper()
			_, err := h.vouch(app, change)
			wants(t, what, err, code)
		}
		try("suspended", func(p *AppIDProof) { p.ThirdAccount, p.Name = "bob", "Robert" }, fault.CodeMemberDisabled)
		h.read(func(tx *store.Tx) error {
			p, err := tx.Members.Get(h.org.ID, bob.Member.ID)
			if p.Member.Name != bob.Member.Name || p.Member.Active(h.clock.Now()) {
				t.Errorf("a refused login changed the member: %+v", p.Member)
			}
			return err
		})
		try("no such department", func(p *AppIDProof) { p.ThirdAccount, p.DepartmentCode = "unknown", "none" }, fault.CodeDepartmentNotFound)
		try("organisation named by its own App ID", func(p *AppIDProof) { p.OrganizationRef = h.org.Code }, fault.CodeAppIDRefused)
		try("name too long", func(p *AppIDProof) { p.ThirdAccount, p.Name = "unknown", strings.Repeat("x", 65) }, fault.CodeFieldLength)
		app.AutoCreate = false
		try("the App ID creates nobody", unknown, fault.CodeAutoCreateForbidden)
		app.AutoCreate = true
		h.edit(func(o *identity.Organization) { o.AutoCreate = false })
		try("the organisation creates nobody", unknown, fault.CodeAutoCreateForbidden)
		h.edit(func(o *identity.Organization) { o.AutoCreate, o.Limits.Members = true, 2 })
		try("one too many", unknown, fault.CodeMemberLimit)
		h.edit(func(o *identity.Organization) { o.Limits.Members = 3 })
		try("room for one", unknown, "")
		h.edit(func(o *identity.Organization) { o.Status = identity.OrganizationFrozen })
		try("frozen, known", func(*AppIDProof) {}, fault.CodeOrganizationInactive)
		try("frozen, unknown", func(p *AppIDProof) { p.ThirdAccount = "another" }, fault.CodeOrganizationInactive)
		if n := h.memberCount(); n != 3 {
			t.Errorf("%d members, want 3", n)
		}
	})
}

func TestNonces(t *testing.T) {
	both(t, func(t *testing.T, h *house, second func() *Directory) {
		app := h.appID(h.org.ID)
		other := app
		other.ID = strings.Repeat("b", 32)
		h.write(func(tx *store.Tx) error { return tx.AppIDs.Insert(other) })
		at := func(d *Directory, app identity.AppID, third string) error {
			_, err := d.SignInByAppID(t.Context(), AppIDProof{AppID: app, ThirdAccount: third, Nonce: "once", NonceUntil: h.clock.Now().Add(time.Hour)})
			return err
		}
		app.AutoCreate = false
		wants(t, "refused", at(h.Directory, app, "u1"), fault.CodeAutoCreateForbidden)
		app.AutoCreate = true
		wants(t, "a refused login spent nothing", at(h.Directory, app, "u1"), "")
		wants(t, "again", at(h.Directory, app, "u1"), fault.CodeNonceUsed)
		wants(t, "for somebody else", at(h.Directory, app, "u2"), fault.CodeNonceUsed)
		wants(t, "on another node", at(second(), app, "u1"), fault.CodeNonceUsed)
		wants(t, "another App ID", at(h.Directory, other, "u1"), "")
		errs := make([]error, 32)
		var work sync.WaitGroup
		for i := range errs {
			work.Go(func() {
				_, errs[i] = h.SignInByAppID(t.Context(), AppIDProof{AppID: app, ThirdAccount: "u1", Nonce: "race", NonceUntil: h.clock.Now()})
			})
		}
		work.Wait()
		good := 0
		for _, err := range errs {
			if err == nil {
				good++
			} else {
				wants(t, "raced", err, fault.CodeNonceUsed)
			}
		}
		if good != 1 {
			t.Errorf("%d of 32 were let in with one nonce", good)
		}
	})
}

func TestFirstLoginsAtOnceMakeOneMember(t *testing.T) {
	both(t, func(t *testing.T, h *house, second func() *Directory) {
		app := h.appID(h.org.ID)
		nodes := []*Directory{h.Directory, second()}
		const logins = 16
		members := make([]identity.MemberID, logins)
		created := make([]bool, logins)
		var work sync.WaitGroup
		for i := range logins {
			work.Go(func() {
				in, err := nodes[i%2].SignInByAppID(t.Context(), AppIDProof{
					AppID: app, ThirdAccount: "u1", Name: "Alice", Email: "alice@example.com",
					Mobile: "+8613800000001", Nonce: fmt.Sprint(i), NonceUntil: h.clock.Now(), ClientType: identity.ClientAPI,
				})
				if err != nil {
					t.Errorf("login %d: %v", i, err)
				}
				members[i], created[i] = in.Person.Member.ID, in.Created
			})
		}
		work.Wait()
		slices.Sort(members)
		makers := len(slices.DeleteFunc(created, func(c bool) bool { return !c }))
		if len(slices.Compact(members)) != 1 || makers != 1 || h.memberCount() != 2 {
			t.Errorf("%v: %d logins created a member, %d members", members, makers, h.memberCount())
		}
	})
}

func TestMemberLimitHoldsUnderRace(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		app := h.appID(h.org.ID)
		h.edit(func(o *identity.Organization) { o.Limits.Members = 4 })
		var work sync.WaitGroup
		for i := range 12 {
			work.Go(func() {
				_, err := h.SignInByAppID(t.Context(), AppIDProof{AppID: app, ThirdAccount: fmt.Sprint("u", i), Nonce: fmt.Sprint(i), NonceUntil: h.clock.Now()})
				if err != nil {
					wants(t, "beyond the limit", err, fault.CodeMemberLimit)
				}
			})
		}
		work.Wait()
		if n := h.memberCount(); n != 4 {
			t.Errorf("%d members, want 4", n)
		}
	})
}

func TestAppIDsOfTheProvider(t *testing.T) {
	h := sqliteHouse(t)
	app := h.appID("")
	try := func(ref, third string) (SignedIn, error) {
		return h.vouch(app, func(p *AppIDProof) { p.OrganizationRef, p.ThirdAccount = ref, third })
	}
	_, err := try("", "")
	wants(t, "no administrator yet", err, fault.CodeAppIDRefused)
	for _, name := range []string{"root1", "root2"} {
		if _, err := h.AddProviderAdministrator(t.Context(), console, NewOperator{Account: name, Name: name, Password: goodPassword, Default: name == "root2"}); err != nil {
			t.Fatal(err)
		}
	}
	in, err := try("", "")
	if err != nil || !in.Provider || in.Person.Account.Name != "root2" {
		t.Errorf("the provider: got %+v, %v", in, err)
	}
	for _, ref := range []string{string(h.org.ID), h.org.Code, strings.ToUpper(h.org.Code)} {
		in, err := try(ref, "")
		if err != nil || in.Person.Member.ID != h.owner.Member.ID {
			t.Errorf("owner of %s: got %+v, %v", ref, in.Person.Member, err)
		}
		in, err = try(ref, "u1")
		if err != nil || in.Person.Member.ThirdAccount != "u1" || in.Organization.ID != h.org.ID {
			t.Errorf("member of %s: got %+v, %v", ref, in.Person.Member, err)
		}
	}
	_, err = try("nowhere", "u1")
	wants(t, "unknown organisation", err, fault.CodeAppIDRefused)
	_, err = try("", "u1")
	wants(t, "somebody of no organisation", err, fault.CodeAppIDRefused)
}

// The path of every login of a running enterprise: what it costs is asserted,
// so that nobody adds a query unseen.
func TestKnownMemberCostsSevenStatements(t *testing.T) {
	h := sqliteHouse(t)
	app := h.appID(h.org.ID)
	login := func() { _, _ = h.vouch(app, func(p *AppIDProof) { p.ThirdAccount = "u1" }) }
	login()
	fewest := int64(math.MaxInt64)
	for range 5 { // what the database's own rounds ask meanwhile counts too
		before := h.count.Load()
		login()
		fewest = min(fewest, h.count.Load()-before)
	}
	if fewest > 7 {
		t.Errorf("%d statements", fewest)
	}
}

func TestStoriesOfAppIDLogins(t *testing.T) {
	h := sqliteHouse(t)
	app := h.appID(h.org.ID)
	tell := func(change func(*AppIDProof)) string {
		story := trace.Begin(trace.AppIDLogin, identity.Origin{})
		_, _ = h.vouch(app, func(p *AppIDProof) { change(p); p.Story = story })
		var steps []string
		for _, s := range story.Steps() {
			steps = append(steps, string(s.Check)+":"+string(s.State))
		}
		return strings.Join(steps, " ")
	}
	same := func(p *AppIDProof) { p.Nonce, p.ThirdAccount = "same", "u1" }
	for _, row := range []struct {
		name   string
		change func(*AppIDProof)
		want   string
	}{
		{"first", same, "organization_known:passed nonce_fresh:passed member_created:passed member_active:passed token_issued:passed"},
		{"again", same, "organization_known:passed nonce_fresh:failed"},
		{
			"known", func(p *AppIDProof) { p.ThirdAccount = "u1" },
			"organization_known:passed nonce_fresh:passed member_found:passed member_active:passed token_issued:passed",
		},
		{"foreign", func(p *AppIDProof) { p.OrganizationRef = "x" }, "organization_known:failed"},
		{"department", func(p *AppIDProof) { p.ThirdAccount, p.DepartmentCode = "u1", "x" }, "organization_known:passed department_known:failed"},
	} {
		if got := tell(row.change); got != row.want {
			t.Errorf("%s: got %s, want %s", row.name, got, row.want)
		}
	}
}
