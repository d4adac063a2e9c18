package directory

import (
	"errors"
	"testing"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Then sees the organisation as it will be, with its root and its owner.
func TestThenRunsInside(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		var seen identity.Organization
		calls := 0
		made, err := h.AddOrganization(t.Context(), console, NewOrganization{
			Code: "acme", Name: "Acme", Owner: &NewMember{Account: "boss@acme", Name: "Boss"},
			Then: func(tx *store.Tx, o identity.Organization) error {
				calls++
				stored, err := tx.Organizations.Get(o.ID)
				if err != nil || stored.Code != "acme" {
					t.Errorf("the organisation inside: %+v, %v", stored, err)
				}
				if owner, err := tx.Members.Owner(o.ID); err != nil || owner.Account.Name != "boss@acme" {
					t.Errorf("the owner inside: %+v, %v", owner.Account, err)
				}
				if root, err := tx.Departments.ByCode(o.ID, identity.RootDepartmentCode); err != nil || !root.Root() {
					t.Errorf("the root inside: %+v, %v", root, err)
				}
				seen, stored.Profile.Address = o, "There"
				return tx.Organizations.Put(stored)
			},
		})
		if err != nil || calls != 1 || seen.ID != made.ID {
			t.Fatalf("got %+v, %v after %d calls, want what Then saw", made, err, calls)
		}
		// What it wrote is there when the organisation is.
		if o, err := h.Organization(t.Context(), console, made.ID); err != nil || o.Profile.Address != "There" {
			t.Errorf("outside: got %+v, %v", o.Profile, err)
		}
	})
}

// An error of Then undoes the organisation, its owner and its event.
func TestThenUndoesAll(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		broken := errors.New("no such resource")
		n := NewOrganization{
			Code: "acme", Name: "Acme", Owner: &NewMember{Account: "boss@acme", Name: "Boss", Email: "boss@acme.example", Mobile: "+8613800000005"},
			Then: func(tx *store.Tx, o identity.Organization) error {
				if err := tx.Organizations.Put(o); err != nil {
					return err
				}
				return broken
			},
		}
		if _, err := h.AddOrganization(t.Context(), console, n); !errors.Is(err, broken) {
			t.Errorf("got %v, want the error of Then", err)
		}
		_, err := h.OrganizationByRef(t.Context(), console, "acme")
		wants(t, "the organisation", err, fault.CodeOrganizationNotFound)
		h.read(func(tx *store.Tx) error {
			for _, name := range []identity.LoginName{
				{Kind: identity.ByAccount, Text: "boss@acme"},
				{Kind: identity.ByEmail, Text: "boss@acme.example"},
				{Kind: identity.ByMobile, Text: "+8613800000005"},
			} {
				_, err := tx.Lookup.Account(name)
				wants(t, "the owner by "+name.Text, err, fault.CodeAccountNotFound)
			}
			return nil
		})
		// Nothing is left that would be in the way of the next one.
		n.Then = nil
		made, err := h.AddOrganization(t.Context(), console, n)
		if err != nil {
			t.Fatalf("the same again: %v", err)
		}
		if got := h.events(made.ID); len(got) != 1 || got[0] != string(audit.OrganizationAdded) {
			t.Errorf("events: got %v", got)
		}
	})
}

// Who may not add organisations, or asks for one that cannot be, is refused
// before Then.
func TestThenIsNotReached(t *testing.T) {
	h := sqliteHouse(t)
	for _, row := range []struct {
		what  string
		actor identity.Actor
		n     NewOrganization
		want  fault.Code
	}{
		{"by an owner", actorOf(h.owner), NewOrganization{Code: "acme", Name: "Acme"}, fault.CodeForbidden},
		{"a taken code", console, NewOrganization{Code: "house", Name: "House"}, fault.CodeOrganizationExists},
		{"no name", console, NewOrganization{Code: "acme"}, fault.CodeFieldLength},
		{"an owner with a bad mail", console, NewOrganization{Code: "acme", Name: "A", Owner: &NewMember{Name: "B", Email: "no@mail"}}, fault.CodeEmailFormat},
		{"an owner of another one", console, NewOrganization{Code: "acme", Name: "A", Owner: &NewMember{Name: "B", Account: "OWNER@house"}}, fault.CodeOwnerElsewhere},
	} {
		row.n.Then = func(*store.Tx, identity.Organization) error {
			t.Errorf("%s: Then was reached", row.what)
			return nil
		}
		_, err := h.AddOrganization(t.Context(), row.actor, row.n)
		wants(t, row.what, err, row.want)
	}
}

// Whoever owns an organisation owns no second one, by whichever of their names
// they are called. Those of everybody else are taken.
func TestOwnerElsewhere(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		h.furnish("first", func(n *NewOrganization) { n.Owner.Email, n.Owner.Mobile = "owner@first.example", "+8613800000001" })
		h.member("alice", func(n *NewMember) { n.Email, n.Mobile = "alice@first.example", "+8613800000002" })
		quiet := identity.DefaultSignInRules()
		quiet.ContactsAsNames = false
		for _, row := range []struct {
			what  string
			owner NewMember
			rules *identity.SignInRules
			want  fault.Code
		}{
			{"the owner's account", NewMember{Account: "Owner@FIRST"}, nil, fault.CodeOwnerElsewhere},
			{"the owner's mail", NewMember{Account: "new", Email: "Owner@first.example"}, nil, fault.CodeOwnerElsewhere},
			{"the owner's mobile", NewMember{Account: "new", Mobile: "138 0000 0001"}, nil, fault.CodeOwnerElsewhere},
			{"a member's account, the owner's mail", NewMember{Account: "alice", Email: "owner@first.example"}, nil, fault.CodeOwnerElsewhere},
			{"a member's account", NewMember{Account: "ALICE"}, nil, fault.CodeAccountTaken},
			{"a member's mail", NewMember{Account: "new", Email: "alice@first.example"}, nil, fault.CodeEmailTaken},
			{"a member's mobile", NewMember{Account: "new", Mobile: "+8613800000002"}, nil, fault.CodeMobileTaken},
			{"the owner's contacts where they are no names", NewMember{Account: "new", Email: "owner@first.example", Mobile: "+8613800000001"}, &quiet, ""},
		} {
			row.owner.Name = "New"
			o, err := h.AddOrganization(t.Context(), console, NewOrganization{Code: "second", Name: "Second", Rules: row.rules, Owner: &row.owner})
			wants(t, row.what, err, row.want)
			if row.want == "" {
				h.org = o
				continue
			}
			_, err = h.OrganizationByRef(t.Context(), console, "second")
			wants(t, row.what+": the organisation", err, fault.CodeOrganizationNotFound)
		}
		if got := h.roles(); len(got) != 1 || got["new"] != identity.RoleOwner {
			t.Errorf("the second organisation is owned by %v", got)
		}
	})
}
