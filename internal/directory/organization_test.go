package directory

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/token"
)

func TestAddOrganizationMakesRootAndOwner(t *testing.T) {
	h := sqliteHouse(t)
	o, err := h.AddOrganization(t.Context(), console, NewOrganization{
		Code: "Acme", Name: "Acme Ltd", Domain: "Acme.Example",
		Owner: &NewMember{Account: "boss@acme", Name: "Boss", Email: "boss@acme.example"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := identity.Organization{
		ID: o.ID, Code: "Acme", Name: "Acme Ltd", Domain: "acme.example", Status: identity.OrganizationActive,
		AutoCreate: true, Everlasting: true, Rules: identity.DefaultSignInRules(), Limits: identity.LimitsOrgID(), Version: 1,
		CreatedAt: h.clock.Now(), UpdatedAt: h.clock.Now(),
	}
	stored, err := h.Organization(t.Context(), console, o.ID)
	if err != nil || !reflect.DeepEqual(stored, want) || !reflect.DeepEqual(o, want) {
		t.Errorf("got %+v and %+v, %v, want %+v", o, stored, err, want)
	}
	root, err := h.Department(t.Context(), console, o.ID, "1")
	if err != nil || !root.Root() || root.Name != "Acme Ltd" || root.Path != "1/" || root.Level != 1 {
		t.Errorf("root: got %+v, %v", root, err)
	}
	owner, err := h.MemberByAccount(t.Context(), console, o.ID, "BOSS@acme")
	if err != nil || owner.Member.Role != identity.RoleOwner || owner.Member.Department != root.ID {
		t.Errorf("owner: got %+v, %v", owner.Member, err)
	}
	if got := h.events(o.ID); !slices.Equal(got, []string{string(audit.OrganizationAdded)}) {
		t.Errorf("events: got %v", got)
	}
}

func TestAddOrganizationIsAllOrNothing(t *testing.T) {
	h := sqliteHouse(t)
	_, err := h.AddOrganization(t.Context(), console, NewOrganization{
		Code: "acme", Name: "Acme",
		Owner: &NewMember{Account: h.owner.Account.Name, Name: "Thief"},
	})
	wants(t, "owner's account taken", err, fault.CodeOwnerElsewhere)
	_, err = h.OrganizationByRef(t.Context(), console, "acme")
	wants(t, "organisation", err, fault.CodeOrganizationNotFound)
}

func TestAddOrganizationRefusals(t *testing.T) {
	h := sqliteHouse(t)
	tests := []struct {
		name string
		n    NewOrganization
		want fault.Code
	}{
		{"taken code, folded", NewOrganization{Code: "HOUSE", Name: "X"}, fault.CodeOrganizationExists},
		{"code with a slash", NewOrganization{Code: "a/b", Name: "X"}, fault.CodeOrganizationCode},
		{"code like an identifier", NewOrganization{Code: string(h.org.ID), Name: "X"}, fault.CodeOrganizationCode},
		{"no name", NewOrganization{Code: "x"}, fault.CodeFieldLength},
		{"name with a forbidden character", NewOrganization{Code: "x", Name: "a;b"}, fault.CodeFieldFormat},
		{"name with NUL", NewOrganization{Code: "x", Name: "a\x00b"}, fault.CodeMalformed},
		{"long address", NewOrganization{Code: "x", Name: "X", Profile: identity.OrganizationProfile{Address: string(make([]rune, 256))}}, fault.CodeMalformed},
		{"negative limit", NewOrganization{Code: "x", Name: "X", Limits: &identity.Limits{Members: -1}}, fault.CodeFieldRange},
		{"passwords longer than a login takes", NewOrganization{Code: "x", Name: "X", Rules: &identity.SignInRules{Password: identity.PasswordRules{MinLength: 65}}}, fault.CodeFieldRange},
		{"shortest longer than longest", NewOrganization{Code: "x", Name: "X", Rules: &identity.SignInRules{Password: identity.PasswordRules{MinLength: 9, MaxLength: 8}}}, fault.CodeFieldRange},
		{"locked for a month", NewOrganization{Code: "x", Name: "X", Rules: &identity.SignInRules{LockFor: 30 * 24 * time.Hour}}, fault.CodeFieldRange},
		{"weak password of the owner", NewOrganization{Code: "x", Name: "X", Owner: &NewMember{Name: "B", Password: "short"}}, fault.CodePasswordLength},
	}
	for _, tt := range tests {
		_, err := h.AddOrganization(t.Context(), console, tt.n)
		wants(t, tt.name, err, tt.want)
	}
}

func TestOrganizationCodeIsDrawn(t *testing.T) {
	h := sqliteHouse(t)
	seen := map[string]bool{}
	for range 5 {
		o, err := h.AddOrganization(t.Context(), console, NewOrganization{Name: "Nameless"})
		if err != nil || len(o.Code) != 8 || seen[o.Code] {
			t.Errorf("got code %q, %v, want eight fresh characters", o.Code, err)
		}
		seen[o.Code] = true
	}
}

func TestOrganizationByRef(t *testing.T) {
	h := sqliteHouse(t)
	owner := actorOf(h.owner)
	for _, ref := range []string{string(h.org.ID), "house", "HOUSE"} {
		for _, actor := range []identity.Actor{console, owner} {
			o, err := h.OrganizationByRef(t.Context(), actor, ref)
			if err != nil || o.ID != h.org.ID {
				t.Errorf("%s for %s: got %s, %v, want %s", ref, actor.Kind, o.ID, err, h.org.ID)
			}
		}
	}
	other := h.furnish("other", func(*NewOrganization) {})
	_, err := h.OrganizationByRef(t.Context(), console, "nowhere")
	wants(t, "the provider learns that there is none", err, fault.CodeOrganizationNotFound)
	// Others cannot tell one they may not see from one that is not there.
	for _, ref := range []string{"nowhere", "other", string(other.ID)} {
		o, err := h.OrganizationByRef(t.Context(), owner, ref)
		wants(t, ref, err, fault.CodeForbidden)
		if o.ID != "" {
			t.Errorf("%s: a refusal carries organisation %s", ref, o.ID)
		}
	}
}

func TestOrganizationsPage(t *testing.T) {
	h := sqliteHouse(t)
	h.furnish("garden", func(*NewOrganization) {})
	all, err := h.Organizations(t.Context(), console, OrganizationQuery{})
	if err != nil || len(all) != 2 {
		t.Fatalf("got %d, %v, want 2", len(all), err)
	}
	rest, err := h.Organizations(t.Context(), console, OrganizationQuery{Slice: Slice{After: string(all[0].ID), Limit: 1}})
	if err != nil || len(rest) != 1 || rest[0].ID != all[1].ID {
		t.Errorf("second page: got %v, %v, want %s", rest, err, all[1].ID)
	}
	named, err := h.Organizations(t.Context(), console, OrganizationQuery{Text: "GARD"})
	if err != nil || len(named) != 1 || named[0].Code != "garden" {
		t.Errorf("by prefix: got %v, %v, want garden", named, err)
	}
}

func TestChangeOrganization(t *testing.T) {
	h := sqliteHouse(t)
	rules := h.org.Rules
	rules.LockAfter = 9
	frozen := identity.OrganizationFrozen
	c := OrganizationChange{
		Name: new("Renamed"), AutoCreate: new(bool), Everlasting: new(bool), Rules: &rules,
		Profile: &identity.OrganizationProfile{Address: "2 Side Street"}, Domain: new("New.Example"), Limits: &identity.Limits{Members: 7}, Status: &frozen,
	}
	o, err := h.ChangeOrganization(t.Context(), console, h.org.ID, 1, c)
	if err != nil {
		t.Fatal(err)
	}
	want := h.org
	want.Name, want.AutoCreate, want.Everlasting, want.Rules, want.Domain = "Renamed", false, false, rules, "new.example"
	want.Profile.Address, want.Limits, want.Status, want.Generation, want.Version = "2 Side Street", identity.Limits{Members: 7}, frozen, 1, 2
	stored, err := h.Organization(t.Context(), console, h.org.ID)
	if err != nil || !reflect.DeepEqual(o, want) || !reflect.DeepEqual(stored, want) {
		t.Errorf("got %+v and %+v, %v, want %+v", o, stored, err, want)
	}
	root, err := h.Department(t.Context(), console, h.org.ID, "1")
	if err != nil || root.Name != "Renamed" {
		t.Errorf("root: got %q, %v, want Renamed", root.Name, err)
	}
	_, err = h.ChangeOrganization(t.Context(), console, h.org.ID, 1, OrganizationChange{Name: new("Late")})
	wants(t, "old version", err, fault.CodeStale)
	same, err := h.ChangeOrganization(t.Context(), console, h.org.ID, 2, c)
	if err != nil || same.Version != 2 {
		t.Errorf("the same again: got version %d, %v, want 2", same.Version, err)
	}
	strange := identity.OrganizationStatus("melted")
	_, err = h.ChangeOrganization(t.Context(), console, h.org.ID, 0, OrganizationChange{Status: &strange})
	wants(t, "unknown status", err, fault.CodeFieldChoice)
	h.recorded(h.org.ID, audit.OrganizationChanged, "name,auto_create,everlasting,rules,profile,limits,domain,status")
}

// An organisation may ask for nothing, and still nobody gets an empty password.
func TestNoRulesStillAskForAPassword(t *testing.T) {
	wants(t, "empty", checkPassword("", identity.PasswordRules{}, identity.PasswordContext{}), fault.CodePasswordLength)
	wants(t, "one character", checkPassword("x", identity.PasswordRules{}, identity.PasswordContext{}), "")
}

func TestFrozenOrganizationEndsTokens(t *testing.T) {
	h := sqliteHouse(t)
	issued := h.signIn("owner@house")
	for _, status := range []identity.OrganizationStatus{identity.OrganizationFrozen, identity.OrganizationActive} {
		if _, err := h.ChangeOrganization(t.Context(), console, h.org.ID, 0, OrganizationChange{Status: &status}); err != nil {
			t.Fatal(err)
		}
		_, err := h.tokens.Check(t.Context(), issued.Access)
		wants(t, string(status), err, fault.CodeTokenUnknown)
	}
	wants(t, "a new sign-in", h.tries("owner@house", goodPassword), "")
}

// recorded checks that there is exactly one event of a type and that it names
// these fields.
func (h *house) recorded(org identity.OrganizationID, what audit.Type, fields string) {
	h.t.Helper()
	h.read(func(tx *store.Tx) error {
		events, err := tx.Events.Page(store.EventQuery{Organization: org, Type: string(what), Limit: 9})
		if err != nil || len(events) != 1 || events[0].Details["fields"] != fields {
			h.t.Errorf("%s: got %+v, %v, want one with the fields %q", what, events, err, fields)
		}
		return nil
	})
}

// signIn signs a member in with the common password.
func (h *house) signIn(account string) token.Issued {
	h.t.Helper()
	in, err := h.SignInByPassword(h.t.Context(), PasswordProof{Name: account, Password: goodPassword, Entry: apiClient})
	if err != nil {
		h.t.Fatalf("sign in as %s: %v", account, err)
	}
	return in.Issued
}

func TestContactsBecomeNamesAndStopBeing(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		h.member("alice", func(n *NewMember) { n.Mobile, n.Email = "13800000001", "alice@mail.example" })
		names := []string{"+8613800000001", "alice@mail.example"}
		rules := h.org.Rules
		contacts := func(on bool) error {
			rules.ContactsAsNames = on
			_, err := h.ChangeOrganization(t.Context(), console, h.org.ID, 0, OrganizationChange{Rules: &rules})
			return err
		}
		for _, name := range names {
			wants(t, name, h.tries(name, goodPassword), "")
		}
		wants(t, "off", contacts(false), "")
		for _, name := range names {
			wants(t, name, h.tries(name, goodPassword), fault.CodeSignInFailed)
		}
		wants(t, "the account name stays", h.tries("alice", goodPassword), "")
		// Meanwhile somebody else is known by that number.
		house := h.org.ID
		other := h.furnish("other", func(*NewOrganization) {})
		thief := h.member("bob", func(n *NewMember) { n.Mobile = "+8613800000001" })
		h.org.ID = house
		wants(t, "on while taken", contacts(true), fault.CodeMobileTaken)
		wants(t, "nothing changed", h.tries(names[1], goodPassword), fault.CodeSignInFailed)
		wants(t, "remove", h.RemoveMember(t.Context(), console, other.ID, thief.Member.ID), "")
		wants(t, "on", contacts(true), "")
		for _, name := range names {
			wants(t, name, h.tries(name, goodPassword), "")
		}
	})
}

func TestRemoveOrganization(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		gone := h.org
		member := h.member("alice", func(n *NewMember) { n.ThirdAccount = "t" })
		issued := h.signIn("alice")
		_, word, err := h.tokens.AddAPIToken(t.Context(), console, token.NewAPIToken{Name: "k", Organization: gone.ID})
		if err != nil {
			t.Fatal(err)
		}
		h.write(func(tx *store.Tx) error {
			return tx.AppIDs.Insert(identity.AppID{ID: "app", OrganizationID: gone.ID, Status: identity.AppIDActive})
		})
		kept := h.furnish("kept", func(*NewOrganization) {})
		wants(t, "remove", h.RemoveOrganization(t.Context(), console, gone.ID), "")
		wants(t, "again", h.RemoveOrganization(t.Context(), console, gone.ID), fault.CodeOrganizationNotFound)

		_, err = h.tokens.Check(t.Context(), issued.Access)
		wants(t, "access token", err, fault.CodeTokenUnknown)
		_, err = h.tokens.CheckAPIToken(t.Context(), word)
		wants(t, "management token", err, fault.CodeTokenUnknown)
		wants(t, "password", h.tries("alice", goodPassword), fault.CodeSignInFailed)
		wants(t, "the other organisation", h.tries("owner@kept", goodPassword), "")
		h.read(func(tx *store.Tx) error {
			_, err := tx.Lookup.AppID("app")
			wants(t, "App ID", err, fault.CodeAppIDNotFound)
			_, err = tx.Accounts.Get(member.Account.ID)
			wants(t, "account", err, fault.CodeAccountNotFound)
			return nil
		})
		// The same code and names again are somebody else, with nothing of before.
		again := h.furnish("house", func(*NewOrganization) {})
		alice := h.member("alice", func(n *NewMember) { n.ThirdAccount = "t" })
		if again.ID == gone.ID || alice.Member.ID == member.Member.ID || alice.Account.ID == member.Account.ID {
			t.Error("an identifier was given twice")
		}
		_, err = h.tokens.Check(t.Context(), issued.Access)
		wants(t, "old token, new member", err, fault.CodeTokenUnknown)
		if got := h.events(""); !slices.Contains(got, string(audit.OrganizationRemoved)) {
			t.Errorf("events of the installation: got %v", got)
		}
		people, err := h.Members(t.Context(), console, kept.ID, store.MemberQuery{})
		if err != nil || len(people) != 1 {
			t.Errorf("the other organisation: got %d members, %v, want 1", len(people), err)
		}
	})
}
