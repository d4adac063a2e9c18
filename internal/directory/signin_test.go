package directory

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

func TestEveryLoginNameOfAnAccount(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		alice := h.member("Alice@house", func(n *NewMember) { n.Email, n.Mobile = "Alice@Example.com", "+8613800000001" })
		for _, name := range []string{"alice@house", " ALICE@house ", "ａｌｉｃｅ@house", "alice@example.com", "+86 138 0000 0001", "008613800000001", "8613800000001"} {
			in, err := h.SignInByPassword(t.Context(), PasswordProof{Name: name, Password: goodPassword, Entry: apiClient})
			if err != nil || in.Person.Member.ID != alice.Member.ID || in.Organization.ID != h.org.ID || in.Provider || in.MustChange || in.Created {
				t.Errorf("%s: got %+v, %v", name, in, err)
			}
			if bearer, err := h.tokens.Check(t.Context(), in.Issued.Access); err != nil || bearer.Actor.MemberID != alice.Member.ID {
				t.Errorf("%s: the token is worth %+v, %v", name, bearer, err)
			}
		}
		h.edit(func(o *identity.Organization) { o.Rules.ContactsAsNames = false })
		for name, code := range map[string]fault.Code{"alice@house": "", "nobody@example.com": fault.CodeSignInFailed, "13800000001": fault.CodeSignInFailed} {
			wants(t, name, h.tries(name, goodPassword), code)
		}
	})
}

// CVE-2026-23511: an unknown name and a wrong password may not be told apart:
// the same fault, the same work, the same count.
func TestUnknownIsLikeWrong(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		h.member("alice@house", func(*NewMember) {})
		h.member("blank@house", func(*NewMember) {})
		h.write(func(tx *store.Tx) error {
			a, err := tx.Lookup.Account(identity.LoginName{Kind: identity.ByAccount, Text: "blank@house"})
			if err != nil {
				return err
			}
			c, err := tx.Credentials.Get(a.ID)
			c.Hash = ""
			if err != nil {
				return err
			}
			return tx.Credentials.Put(c)
		})
		names := []string{"alice@house", "nobody@house", "blank@house"}
		for try := 1; try <= 7; try++ {
			var want string
			var work int64
			for _, name := range names {
				before := h.hasher.made.Load()
				err := h.tries(name, "wrong-password")
				f, made := fault.Of(err), h.hasher.made.Load()-before
				got := fmt.Sprint(f.Kind, f.Code, f.Field, f.Params)
				if want == "" {
					want, work = got, made
				}
				if got != want || made != work {
					t.Errorf("try %d, %s: got %s after %d hashes, want %s after %d", try, name, got, made, want, work)
				}
			}
			if locked := strings.Contains(want, "locked"); locked != (try > 5) {
				t.Errorf("try %d: got %s", try, want)
			}
		}
		// A locked account stays locked for the right password, without work.
		before := h.hasher.made.Load()
		wants(t, "right while locked", h.tries("alice@house", goodPassword), fault.CodeLocked)
		if n := h.hasher.made.Load() - before; n != 0 {
			t.Errorf("%d hashes for a locked account", n)
		}
		h.clock.Advance(5*time.Minute + time.Second)
		wants(t, "after the lock", h.tries("alice@house", goodPassword), "")
	})
}

func TestFailuresCountTogetherOverAllNames(t *testing.T) {
	h := sqliteHouse(t)
	h.member("alice@house", func(n *NewMember) { n.Email, n.Mobile = "alice@example.com", "+8613800000001" })
	for _, name := range []string{"alice@house", "ALICE@HOUSE", "alice@example.com", "+8613800000001", "ａlice@house"} {
		wants(t, name, h.tries(name, "wrong-password"), fault.CodeSignInFailed)
	}
	wants(t, "sixth", h.tries("0086 13800000001", goodPassword), fault.CodeLocked)
	// Spellings of an unknown name count together as well.
	for _, name := range []string{"+86 13900000001", "008613900000001", "8613900000001", "+86-139-0000-0001", "＋8613900000001"} {
		wants(t, name, h.tries(name, "wrong-password"), fault.CodeSignInFailed)
	}
	wants(t, "sixth", h.tries("+8613900000001", goodPassword), fault.CodeLocked)
	got := strings.Join(h.events(h.org.ID), " ")
	if strings.Count(got, "sign_in.refused") != 5 || strings.Count(got, "account.locked") != 1 {
		t.Errorf("recorded: %s", got)
	}
}

func TestLockOutFollowsTheOrganisation(t *testing.T) {
	h := sqliteHouse(t)
	h.member("alice@house", func(*NewMember) {})
	h.edit(func(o *identity.Organization) { o.Rules.LockAfter, o.Rules.LockFor = 2, time.Hour })
	for range 2 {
		wants(t, "wrong", h.tries("alice@house", "wrong-password"), fault.CodeSignInFailed)
	}
	err := h.tries("alice@house", goodPassword)
	if f := fault.Of(err); f.Code != fault.CodeLocked || f.Params["seconds"] != 3601 {
		t.Errorf("got %v %v", f, f.Params)
	}
	h.clock.Advance(time.Hour)
	wants(t, "after the lock", h.tries("alice@house", goodPassword), "")
}

func TestARightPasswordForgetsFailures(t *testing.T) {
	h := sqliteHouse(t)
	h.member("alice@house", func(*NewMember) {})
	for range 3 {
		for range 4 {
			wants(t, "wrong", h.tries("alice@house", "wrong-password"), fault.CodeSignInFailed)
		}
		wants(t, "right", h.tries("alice@house", goodPassword), "")
	}
}

// CVE-2024-4629: guesses in parallel are bounded like guesses one by one, and
// those beyond the bound learn nothing.
func TestParallelGuesses(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		h.member("alice@house", func(*NewMember) {})
		errs := make([]error, 40)
		var work sync.WaitGroup
		for i := range errs {
			work.Go(func() { errs[i] = h.tries("alice@house", "wrong-password") })
		}
		work.Wait()
		var failed, locked int
		for _, err := range errs {
			switch {
			case fault.Is(err, fault.CodeSignInFailed):
				failed++
			case fault.Is(err, fault.CodeLocked):
				locked++
			default:
				t.Errorf("got %v", err)
			}
		}
		if failed != 5 || locked != 35 {
			t.Errorf("%d guesses were judged and %d refused, want 5 and 35", failed, locked)
		}
		wants(t, "right afterwards", h.tries("alice@house", goodPassword), fault.CodeLocked)
	})
}

// CVE-2025-53942: who is barred does not come in, and only who proved to be the
// person is told why.
func TestStandingIsToldAfterTheRightPasswordOnly(t *testing.T) {
	h := sqliteHouse(t)
	bob := h.member("bob@house", func(*NewMember) {})
	h.suspend(bob)
	wants(t, "suspended, wrong", h.tries("bob@house", "wrong-password"), fault.CodeSignInFailed)
	wants(t, "suspended, right", h.tries("bob@house", goodPassword), fault.CodeMemberDisabled)
	h.member("carol@house", func(*NewMember) {})
	h.write(func(tx *store.Tx) error {
		a, err := tx.Lookup.Account(identity.LoginName{Kind: identity.ByAccount, Text: "carol@house"})
		if err != nil {
			return err
		}
		a.Status = identity.AccountDisabled
		return tx.Accounts.Put(a, a.LoginNames(true))
	})
	wants(t, "account disabled", h.tries("carol@house", goodPassword), fault.CodeMemberDisabled)
	h.edit(func(o *identity.Organization) { o.Status = identity.OrganizationFrozen })
	wants(t, "frozen, wrong", h.tries("owner@house", "wrong-password"), fault.CodeSignInFailed)
	wants(t, "frozen, right", h.tries("owner@house", goodPassword), fault.CodeOrganizationInactive)
	// After SSO or any other way the account is still disabled.
	h.edit(func(o *identity.Organization) { o.Status = identity.OrganizationActive })
	wants(t, "still disabled", h.tries("bob@house", goodPassword), fault.CodeMemberDisabled)
}

func TestProviderAdministratorsSignIn(t *testing.T) {
	h := sqliteHouse(t)
	a, err := h.AddProviderAdministrator(t.Context(), console, NewOperator{Account: "root1", Name: "Root", Password: goodPassword})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.AddProviderAdministrator(t.Context(), console, NewOperator{Account: "root2", Name: "Second", Password: goodPassword}); err != nil {
		t.Fatal(err)
	}
	in, err := h.SignInByPassword(t.Context(), PasswordProof{Name: "Root1", Password: goodPassword, Entry: EnterClient{ClientType: identity.ClientWeb, CreateToken: true}})
	if err != nil || !in.Provider || in.Person.Account.ID != a.ID || in.Person.Member.ID != "" || in.Organization.ID != "" {
		t.Fatalf("got %+v, %v", in, err)
	}
	bearer, err := h.tokens.Check(t.Context(), in.Issued.Access)
	if err != nil || bearer.Actor.Kind != identity.ActsAsProvider {
		t.Errorf("the token is worth %+v, %v", bearer, err)
	}
	if got := h.events(""); !slices.Contains(got, "sign_in.succeeded") {
		t.Errorf("recorded: %v", got)
	}
	h.write(func(tx *store.Tx) error { return tx.Providers.Delete(a.ID) })
	wants(t, "no administrator any more", h.tries("root1", goodPassword), fault.CodeSignInFailed)
}

func TestChoosingTheOrganisation(t *testing.T) {
	h := sqliteHouse(t)
	first := h.org
	person := identity.Account{Kind: identity.Personal, Name: "dora", Status: identity.AccountActive, Version: 1}
	h.write(func(tx *store.Tx) error {
		person.ID = identity.NewAccountID(tx.Now())
		return tx.Accounts.Insert(person, person.LoginNames(false))
	})
	if err := h.SetPassword(t.Context(), console, person.ID, goodPassword, SetPasswordOptions{}); err != nil {
		t.Fatal(err)
	}
	wants(t, "member of nothing", h.tries("dora", goodPassword), fault.CodeSignInFailed)
	join := func(org identity.Organization) identity.Person {
		p := identity.Person{Account: person}
		h.write(func(tx *store.Tx) error {
			dep, err := tx.Departments.ByCode(org.ID, identity.RootDepartmentCode)
			p.Member = identity.Member{
				ID: identity.NewMemberID(tx.Now()), OrganizationID: org.ID, AccountID: person.ID, Name: "Dora",
				Role: identity.RoleMember, Status: identity.MemberActive, Department: dep.ID, SortLevel: 1,
			}
			if err != nil {
				return err
			}
			return tx.Members.Insert(p)
		})
		return p
	}
	one := join(first)
	h.clock.Advance(time.Second)
	two := join(h.furnish("second", func(*NewOrganization) {}))
	in := func(org identity.OrganizationID) (identity.MemberID, error) {
		in, err := h.SignInByPassword(t.Context(), PasswordProof{Name: "dora", Password: goodPassword, Organization: org, Entry: apiClient})
		return in.Person.Member.ID, err
	}
	for _, row := range []struct {
		name string
		org  identity.OrganizationID
		want identity.MemberID
	}{{"first of two", "", one.Member.ID}, {"the second by name", two.Member.OrganizationID, two.Member.ID}} {
		if got, err := in(row.org); err != nil || got != row.want {
			t.Errorf("%s: got %s, %v, want %s", row.name, got, err, row.want)
		}
	}
	h.suspend(one)
	if got, err := in(""); err != nil || got != two.Member.ID {
		t.Errorf("where the first bars: got %s, %v", got, err)
	}
	_, err := in(first.ID)
	wants(t, "barred there", err, fault.CodeMemberDisabled)
	h.suspend(two)
	_, err = in("")
	wants(t, "barred everywhere", err, fault.CodeMemberDisabled)
	_, err = in("org_nowhere")
	wants(t, "unknown organisation", err, fault.CodeSignInFailed)
}

func TestVerifyOnlyIssuesNothing(t *testing.T) {
	h := sqliteHouse(t)
	h.member("alice@house", func(*NewMember) {})
	before := len(h.events(h.org.ID))
	in, err := h.SignInByPassword(t.Context(), PasswordProof{Name: "alice@house", Password: goodPassword, Entry: EnterClient{ClientType: identity.ClientAPI}})
	if err != nil || in.Issued.Access != "" || in.Person.Account.Name != "alice@house" {
		t.Errorf("got %+v, %v", in, err)
	}
	if after := len(h.events(h.org.ID)); after != before {
		t.Errorf("%d events were recorded", after-before)
	}
	for range 5 {
		_, err = h.SignInByPassword(t.Context(), PasswordProof{Name: "alice@house", Password: "wrong-password", Entry: EnterClient{ClientType: identity.ClientAPI}})
		wants(t, "wrong", err, fault.CodeSignInFailed)
	}
	wants(t, "it counts all the same", h.tries("alice@house", goodPassword), fault.CodeLocked)
}

func TestOutdatedHashesAreReplaced(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		p := h.member("alice@house", func(*NewMember) {})
		legacy, err := bcrypt.GenerateFromPassword([]byte(goodPassword), bcrypt.MinCost)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.SetPassword(t.Context(), console, p.Account.ID, string(legacy), SetPasswordOptions{Hashed: true}); err != nil {
			t.Fatal(err)
		}
		hash := func() (text string) {
			h.read(func(tx *store.Tx) error {
				c, err := tx.Credentials.Get(p.Account.ID)
				text = c.Hash
				return err
			})
			return text
		}
		wants(t, "wrong", h.tries("alice@house", "wrong-password"), fault.CodeSignInFailed)
		if hash() != string(legacy) {
			t.Error("a wrong password replaced the hash")
		}
		var work sync.WaitGroup
		for range 8 {
			work.Go(func() { wants(t, "right, at once with others", h.tries("alice@house", goodPassword), "") })
		}
		work.Wait()
		if !strings.HasPrefix(hash(), "$argon2id$") {
			t.Errorf("the hash is still %.12s", hash())
		}
		wants(t, "with the new hash", h.tries("alice@house", goodPassword), "")
	})
}

func TestMustChange(t *testing.T) {
	h := sqliteHouse(t)
	h.member("alice@house", func(n *NewMember) { n.MustChange = nil })
	for _, must := range []bool{true, false} {
		h.edit(func(o *identity.Organization) { o.Rules.MustChange = must })
		in, err := h.SignInByPassword(t.Context(), PasswordProof{Name: "alice@house", Password: goodPassword, Entry: apiClient})
		if err != nil || in.MustChange != must {
			t.Errorf("got %v, %v, want %v", in.MustChange, err, must)
		}
		if got, err := h.Describe(t.Context(), in.Issued.Token); err != nil || got.MustChange != must {
			t.Errorf("described: got %v, %v, want %v", got.MustChange, err, must)
		}
	}
}

func TestPasswordLengthAtLogin(t *testing.T) {
	h := sqliteHouse(t)
	for length, code := range map[int]fault.Code{0: fault.CodeFieldLength, 1: fault.CodeSignInFailed, 64: fault.CodeSignInFailed, 65: fault.CodeFieldLength} {
		wants(t, fmt.Sprint(length), h.tries("owner@house", strings.Repeat("x", length)), code)
	}
	wants(t, "name with NUL", h.tries("owner@house\x00", goodPassword), fault.CodeMalformed)
}

func TestStoriesOfPasswords(t *testing.T) {
	h := sqliteHouse(t)
	tell := func(name, password string) string {
		story := trace.Begin(trace.PasswordLogin, identity.Origin{})
		_, err := h.SignInByPassword(t.Context(), PasswordProof{Name: name, Password: password, Entry: apiClient, Story: story})
		var steps []string
		for _, s := range story.Steps() {
			steps = append(steps, string(s.Check)+":"+string(s.State))
			if strings.Contains(fmt.Sprint(s), password) {
				t.Errorf("a step tells the password: %v", s)
			}
		}
		if err != nil && strings.Contains(err.Error(), password) {
			t.Errorf("the fault tells the password: %v", err)
		}
		return strings.Join(steps, " ")
	}
	for _, row := range []struct{ name, password, want string }{
		{"owner@house", goodPassword, "locked:passed account_known:passed password:passed member_active:passed token_issued:passed"},
		{"owner@house", "wrong-password", "locked:passed account_known:passed password:failed"},
		{"nobody@house", "wrong-password", "locked:passed account_known:failed password:failed"},
	} {
		if got := tell(row.name, row.password); got != row.want {
			t.Errorf("%s: got %s, want %s", row.name, got, row.want)
		}
	}
	p := PasswordProof{Password: goodPassword}
	if text := fmt.Sprintf("%v %+v %#v %s", p, p, p, p.LogValue()); strings.Contains(text, goodPassword) {
		t.Errorf("a proof prints its password: %s", text)
	}
}
