package directory

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

func TestAddMember(t *testing.T) {
	h := sqliteHouse(t)
	rd := h.department("rd", "")
	added, err := h.AddMember(t.Context(), console, h.org.ID, NewMember{
		Account: "Alice@house", Name: "Alice", EnglishName: "Al",
		ThirdAccount: "third@x", Email: " Alice@Mail.Example ", Mobile: "138-0000 0001", DepartmentCode: "RD", Title: "CTO",
		Signature: "hi", Description: "first", SortLevel: 5, HideMobile: true, Language: "zh-CN", Attributes: map[string]string{"room": "7"},
	})
	if err != nil {
		t.Fatal(err)
	}
	p := added.Person
	now := h.clock.Now()
	want := identity.Person{
		Account: identity.Account{
			ID: p.Account.ID, Kind: identity.Managed, OrganizationID: h.org.ID, Name: "Alice@house", DisplayName: "Alice",
			Email: "alice@mail.example", Mobile: "+8613800000001", Country: "chinaPR", Language: "zh-CN", Status: identity.AccountActive,
			Version: 1, CreatedAt: now, UpdatedAt: now,
		},
		Member: identity.Member{
			ID: p.Member.ID, OrganizationID: h.org.ID, AccountID: p.Account.ID, Name: "Alice", EnglishName: "Al",
			ThirdAccount: "third@x", Role: identity.RoleMember, Status: identity.MemberActive, Department: rd.ID, Title: "CTO",
			Signature: "hi", Description: "first", SortLevel: 5, HideMobile: true, Number: p.Member.Number,
			Attributes: map[string]string{"room": "7"}, Version: 1, CreatedAt: now, UpdatedAt: now,
		},
	}
	if !reflect.DeepEqual(p, want) {
		t.Errorf("got %+v, want %+v", p, want)
	}
	for how, find := range map[string]func() (identity.Person, error){
		"by id": func() (identity.Person, error) { return h.Member(t.Context(), console, h.org.ID, p.Member.ID) },
		"by account": func() (identity.Person, error) {
			return h.MemberByAccount(t.Context(), console, h.org.ID, "ALICE@HOUSE")
		},
		"by third account": func() (identity.Person, error) {
			return h.MemberByThirdAccount(t.Context(), console, h.org.ID, "third@x")
		},
	} {
		if got, err := find(); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %v, want %+v", how, got, err, want)
		}
	}
	if !regexp.MustCompile(`^\+991[0-9]{16}$`).MatchString(p.Member.Number) {
		t.Errorf("number: got %q", p.Member.Number)
	}
	wants(t, "the drawn password", h.tries("alice@house", added.Password), "")
	for _, text := range []string{fmt.Sprint(added), fmt.Sprintf("%#v", added), added.LogValue().String()} {
		if strings.Contains(text, added.Password) {
			t.Errorf("the password is printed: %s", text)
		}
	}
}

func TestAddMemberDefaults(t *testing.T) {
	h := sqliteHouse(t)
	added, err := h.AddMember(t.Context(), console, h.org.ID, NewMember{Name: "Nobody", Password: goodPassword})
	if err != nil {
		t.Fatal(err)
	}
	p := added.Person
	if !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(p.Account.Name) || added.Password != "" || p.Member.SortLevel != 10_000 {
		t.Errorf("got account %q, password %q, sort level %d", p.Account.Name, added.Password, p.Member.SortLevel)
	}
	h.read(func(tx *store.Tx) error {
		c, err := tx.Credentials.Get(p.Account.ID)
		if err != nil || !c.ChosenByOther {
			t.Errorf("chosen by other: got %v, %v, want true", c.ChosenByOther, err)
		}
		return nil
	})
}

func TestAddMemberRefusals(t *testing.T) {
	h := sqliteHouse(t)
	h.member("alice", func(n *NewMember) { n.Email, n.Mobile, n.ThirdAccount = "a@mail.example", "+8613800000001", "t" })
	h.member("Carl@corp.example", func(n *NewMember) { n.Email = "carl@corp.example" })
	strict := identity.MeetingCreateRules()
	many := map[string]string{}
	for i := range 51 {
		many[fmt.Sprint(i)] = ""
	}
	tests := []struct {
		name string
		n    NewMember
		want fault.Code
	}{
		{"account taken, folded", NewMember{Account: "ALICE", Name: "X"}, fault.CodeAccountTaken},
		{"account of a mail address in use", NewMember{Account: "a@mail.example", Name: "X"}, fault.CodeAccountTaken},
		{"mail taken, folded", NewMember{Name: "X", Email: "A@MAIL.example"}, fault.CodeEmailTaken},
		{"mail of an account name in use", NewMember{Name: "X", Email: "carl@corp.example"}, fault.CodeEmailTaken},
		{"mobile taken, other spelling", NewMember{Name: "X", Mobile: "138 0000 0001"}, fault.CodeMobileTaken},
		{"third account", NewMember{Name: "X", ThirdAccount: "t"}, fault.CodeThirdAccountTaken},
		{"third account of another letter case", NewMember{Name: "X", ThirdAccount: "T"}, ""},
		{"third account with a colon", NewMember{Name: "X", ThirdAccount: "a:b"}, fault.CodeFieldFormat},
		{"digits alone", NewMember{Account: "123", Name: "X"}, fault.CodeAccountFormat},
		{"two at signs", NewMember{Account: "a@b@c", Name: "X"}, fault.CodeAccountFormat},
		{"no name", NewMember{}, fault.CodeFieldLength},
		{"name with NUL", NewMember{Name: "a\x00"}, fault.CodeMalformed},
		{"mail", NewMember{Name: "X", Email: "nowhere"}, fault.CodeEmailFormat},
		{"mobile", NewMember{Name: "X", Mobile: "12a"}, fault.CodeMobileFormat},
		{"mobile without a code, unknown country", NewMember{Name: "X", Mobile: "138", Country: "atlantis"}, fault.CodeMobileFormat},
		{"department", NewMember{Name: "X", DepartmentCode: "zz"}, fault.CodeDepartmentNotFound},
		{"second owner", NewMember{Name: "X", Role: identity.RoleOwner}, fault.CodeOwnerProtected},
		{"role", NewMember{Name: "X", Role: "king"}, fault.CodeFieldChoice},
		{"password", NewMember{Name: "X", Password: "short"}, fault.CodePasswordLength},
		{"common password", NewMember{Name: "X", Password: "password123"}, fault.CodePasswordBreached},
		{"password by its own rules", NewMember{Name: "X", Password: "onlyletters", PasswordRules: &strict}, fault.CodePasswordClasses},
		{"too many attributes", NewMember{Name: "X", Attributes: many}, fault.CodeFieldRange},
		{"attribute without a key", NewMember{Name: "X", Attributes: map[string]string{"": "x"}}, fault.CodeFieldLength},
		{"long attribute", NewMember{Name: "X", Attributes: map[string]string{"k": strings.Repeat("x", 1025)}}, fault.CodeFieldLength},
	}
	for _, tt := range tests {
		_, err := h.AddMember(t.Context(), console, h.org.ID, tt.n)
		wants(t, tt.name, err, tt.want)
	}
	_, err := h.AddMember(t.Context(), console, "org_none", NewMember{Name: "X"})
	wants(t, "unknown organisation", err, fault.CodeOrganizationNotFound)
}

// Names are unique in the whole system, third accounts in the organisation.
func TestNamesAcrossOrganizations(t *testing.T) {
	h := sqliteHouse(t)
	h.member("alice", func(n *NewMember) { n.Email, n.ThirdAccount = "a@mail.example", "t" })
	h.furnish("other", func(n *NewOrganization) {
		rules := identity.DefaultSignInRules()
		rules.ContactsAsNames = false
		n.Rules = &rules
	})
	_, err := h.AddMember(t.Context(), console, h.org.ID, NewMember{Account: "alice", Name: "X"})
	wants(t, "account", err, fault.CodeAccountTaken)
	// A contact that is no login name may repeat.
	h.member("bob", func(n *NewMember) { n.Email, n.ThirdAccount = "a@mail.example", "t" })
	wants(t, "the mail stays alice's", h.tries("a@mail.example", goodPassword), "")
}

// One more than the limit is refused, also when many come at once.
func TestMemberLimit(t *testing.T) {
	both(t, func(t *testing.T, h *house, second func() *Directory) {
		h.limits(identity.Limits{Members: 4})
		nodes := []*Directory{h.Directory, second()}
		const racers = 8
		errs := make([]error, racers)
		var work sync.WaitGroup
		for i := range racers {
			work.Go(func() {
				_, errs[i] = nodes[i%2].AddMember(t.Context(), console, h.org.ID, NewMember{Name: fmt.Sprint("Racer ", i)})
			})
		}
		work.Wait()
		made := 0
		for _, err := range errs {
			if err == nil {
				made++
			} else {
				wants(t, "refused", err, fault.CodeMemberLimit)
			}
		}
		if made != 3 {
			t.Errorf("got %d beside the owner, want 3", made)
		}
		// The same at the sign-in, which runs without serialisable isolation.
		h.limits(identity.Limits{Members: 6})
		for i := range racers {
			work.Go(func() {
				errs[i] = nodes[i%2].db.Act(t.Context(), store.ActSignIn, func(tx *store.Tx) error {
					o, err := tx.Organizations.Get(h.org.ID)
					if err != nil {
						return err
					}
					tx.NoEvent("a test")
					_, err = createMember(tx, o, NewMember{Name: fmt.Sprint("Racer ", i)}, identity.Credential{})
					return err
				})
			})
		}
		work.Wait()
		people, err := h.Members(t.Context(), console, h.org.ID, store.MemberQuery{})
		if err != nil || len(people) != 6 {
			t.Errorf("got %d members, %v, want 6", len(people), err)
		}
	})
}

func TestSuspendAndResume(t *testing.T) {
	h := sqliteHouse(t)
	p := h.member("alice", func(*NewMember) {})
	ctx, id := t.Context(), p.Member.ID
	issued := h.signIn("alice")
	for range 2 {
		wants(t, "suspend", h.SuspendMember(ctx, console, h.org.ID, id), "")
	}
	_, err := h.tokens.Check(ctx, issued.Access)
	wants(t, "token", err, fault.CodeTokenUnknown)
	wants(t, "sign in", h.tries("alice", goodPassword), fault.CodeMemberDisabled)
	for range 2 {
		wants(t, "resume", h.ResumeMember(ctx, console, h.org.ID, id), "")
	}
	_, err = h.tokens.Check(ctx, issued.Access)
	wants(t, "the old token stays dead", err, fault.CodeTokenUnknown)
	wants(t, "sign in again", h.tries("alice", goodPassword), "")
	// Done twice, told once.
	h.recorded(h.org.ID, audit.MemberSuspended, "")
	h.recorded(h.org.ID, audit.MemberResumed, "")
	wants(t, "the owner", h.SuspendMember(ctx, console, h.org.ID, h.owner.Member.ID), fault.CodeOwnerProtected)
	disabled := h.member("bob", func(n *NewMember) { n.Disabled = true })
	if disabled.Member.Status == identity.MemberActive {
		t.Error("a member added disabled is active")
	}
}

func TestRemoveMember(t *testing.T) {
	h := sqliteHouse(t)
	ctx := t.Context()
	p := h.member("alice", func(n *NewMember) { n.ThirdAccount, n.Email = "t", "a@mail.example" })
	issued := h.signIn("alice")
	wants(t, "remove", h.RemoveMember(ctx, console, h.org.ID, p.Member.ID), "")
	wants(t, "again", h.RemoveMember(ctx, console, h.org.ID, p.Member.ID), fault.CodeMemberNotFound)
	_, err := h.tokens.Check(ctx, issued.Access)
	wants(t, "token", err, fault.CodeTokenUnknown)
	wants(t, "sign in", h.tries("alice", goodPassword), fault.CodeSignInFailed)
	h.recorded(h.org.ID, audit.MemberRemoved, "")
	// Every name is free; who takes them is somebody else.
	again := h.member("alice", func(n *NewMember) { n.ThirdAccount, n.Email = "t", "a@mail.example" })
	if again.Member.ID == p.Member.ID || again.Account.ID == p.Account.ID {
		t.Error("an identifier was given twice")
	}
	_, err = h.tokens.Check(ctx, issued.Access)
	wants(t, "old token, new member", err, fault.CodeTokenUnknown)
	wants(t, "the owner", h.RemoveMember(ctx, console, h.org.ID, h.owner.Member.ID), fault.CodeOwnerProtected)
}

func TestMembersPage(t *testing.T) {
	h := sqliteHouse(t)
	for i := range 5 {
		h.member(fmt.Sprint("member", i), func(*NewMember) {})
	}
	q := store.MemberQuery{Limit: 2}
	seen := map[identity.MemberID]bool{}
	for range 9 {
		page, err := h.Members(t.Context(), console, h.org.ID, q)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, p := range page {
			seen[p.Member.ID] = true
		}
		q.After = q.MarkOf(page[len(page)-1])
	}
	if len(seen) != 6 {
		t.Errorf("got %d members, want 6", len(seen))
	}
	for limit, want := range map[int]int{-1: store.PageDefault, 0: store.PageDefault, 7: 7, 5000: store.PageMax} {
		if got := store.PageSize(limit); got != want {
			t.Errorf("page size for %d: got %d, want %d", limit, got, want)
		}
	}
}

func TestWelcome(t *testing.T) {
	tests := []struct {
		name        string
		n           NewMember
		wantTarget  string
		wantChannel identity.Channel
	}{
		{"mail first", NewMember{Email: "a@mail.example", Mobile: "+8613800000001", Notify: true}, "a@mail.example", identity.ByMail},
		{"else a short message", NewMember{Mobile: "+8613800000001", Notify: true}, "+8613800000001", identity.BySMS},
		{"nowhere to send it", NewMember{Notify: true}, "", ""},
		{"not asked for", NewMember{Email: "a@mail.example"}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := sqliteHouse(t)
			tt.n.Account, tt.n.Name = "alice", "Alice"
			added, err := h.AddMember(t.Context(), console, h.org.ID, tt.n)
			if err != nil {
				t.Fatal(err)
			}
			var sent []identity.Message
			h.write(func(tx *store.Tx) error {
				sent, err = tx.Outbox.Lease("test", tx.Now().Add(1), 9)
				return err
			})
			if tt.wantTarget == "" {
				if len(sent) != 0 {
					t.Errorf("got %d messages, want none", len(sent))
				}
				return
			}
			if len(sent) != 1 || sent[0].Target != tt.wantTarget || sent[0].Channel != tt.wantChannel {
				t.Fatalf("got %+v, want one to %s", sent, tt.wantTarget)
			}
			for _, part := range []string{"alice", added.Password, "https://sign.in.example"} {
				if !strings.Contains(string(sent[0].Payload), part) {
					t.Errorf("the message lacks %q", part)
				}
			}
		})
	}
}

func TestCallingCode(t *testing.T) {
	digits := regexp.MustCompile(`^[1-9][0-9]{0,3}$`)
	for country, code := range callingCodes {
		if got, ok := CallingCode(country); !ok || got != code || !digits.MatchString(got) {
			t.Errorf("%s: got %q, %v", country, got, ok)
		}
	}
	for country, want := range map[string]string{DefaultCountry: "86", "UK": "44", "GB": "245", "chinaOMA": "853"} {
		if got, _ := CallingCode(country); got != want {
			t.Errorf("%s: got %q, want %q", country, got, want)
		}
	}
	if code, ok := CallingCode("ChinaPR"); ok {
		t.Errorf("names are case-sensitive: got %q", code)
	}
}
