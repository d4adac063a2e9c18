package store_test

import (
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// person is a member as tests add them, before it is stored.
func (w town) person(o identity.Organization, dep identity.Department, account string) identity.Person {
	a := identity.Account{
		ID: identity.NewAccountID(w.now), Kind: identity.Managed, OrganizationID: o.ID, Name: account, DisplayName: account,
		Country: "chinaPR", Language: "en-US", Status: identity.AccountActive, Generation: 2, Version: 1, CreatedAt: w.now, UpdatedAt: w.now,
	}
	return identity.Person{Account: a, Member: identity.Member{
		ID: identity.NewMemberID(w.now), OrganizationID: o.ID, AccountID: a.ID,
		Name: account, Role: identity.RoleMember, Status: identity.MemberActive, Department: dep.ID, SortLevel: 10_000,
		Number: "+9911", Version: 1, CreatedAt: w.now, UpdatedAt: w.now,
	}}
}

// insert stores a person, whose contacts are login names.
func insert(tx *store.Tx, p identity.Person) error {
	if err := tx.Accounts.Insert(p.Account, p.Account.LoginNames(true)); err != nil {
		return err
	}
	return tx.Members.Insert(p)
}

func (w town) member(o identity.Organization, dep identity.Department, account string) identity.Person {
	w.t.Helper()
	p := w.person(o, dep, account)
	w.update(func(tx *store.Tx) error { return insert(tx, p) })
	return p
}

func (w town) get(org identity.OrganizationID, id identity.MemberID) (p identity.Person) {
	w.t.Helper()
	w.update(func(tx *store.Tx) (err error) {
		p, err = tx.Members.Get(org, id)
		return err
	})
	return p
}

func TestMemberKeepsEveryField(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		want := w.person(o, root, "Alice@Acme.example")
		m, a := &want.Member, &want.Account
		m.Name, m.EnglishName, m.ThirdAccount, m.Title, m.Signature, m.Description = "王爱丽", "Alice", "Third/1", "CTO", "hi", "first"
		m.SortLevel, m.HideMobile, m.Attributes, m.Generation = 7, true, map[string]string{"room": "7"}, 5
		m.ActivatedAt, m.ExpiresAt = w.now.Add(time.Second), w.now.Add(time.Hour)
		a.Email, a.Mobile = "alice@acme.example", "+8613800000001"
		w.update(func(tx *store.Tx) error { return insert(tx, want) })
		if got := w.get(o.ID, m.ID); !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}

		m.Name, m.ThirdAccount, m.Attributes, m.Status, m.Role = "爱丽", "", nil, identity.MemberDisabled, identity.RoleAdministrator
		m.EnglishName, m.Title, m.Signature, m.Description, m.HideMobile, m.SortLevel, m.Generation = "", "", "", "", false, 1, 6
		m.ActivatedAt, m.ExpiresAt = time.Time{}, time.Time{}
		w.update(func(tx *store.Tx) error { return tx.Members.Put(want) })
		m.Version = 2
		if got := w.get(o.ID, m.ID); !reflect.DeepEqual(got, want) {
			t.Errorf("edited: got %+v, want %+v", got, want)
		}
	})
}

func TestMembersOfAnotherOrganizationAreNotFound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		other, _ := w.organization("other")
		p := w.person(acme, root, "alice")
		p.Member.ThirdAccount = "third"
		w.update(func(tx *store.Tx) error { return insert(tx, p) })
		for name, act := range map[string]func(tx *store.Tx) error{
			"get":              func(tx *store.Tx) error { _, err := tx.Members.Get(other.ID, p.Member.ID); return err },
			"by account":       func(tx *store.Tx) error { _, err := tx.Members.ByAccount(other.ID, p.Account.ID); return err },
			"by third account": func(tx *store.Tx) error { _, err := tx.Members.ByThirdAccount(other.ID, "third"); return err },
			"no third account": func(tx *store.Tx) error { _, err := tx.Members.ByThirdAccount(acme.ID, ""); return err },
			"third account of another letter case": func(tx *store.Tx) error {
				_, err := tx.Members.ByThirdAccount(acme.ID, "Third")
				return err
			},
			"delete": func(tx *store.Tx) error { return tx.Members.Delete(other.ID, p.Member.ID) },
		} {
			t.Run(name, func(t *testing.T) {
				if err := w.db.Update(t.Context(), act); !fault.Is(err, fault.CodeMemberNotFound) {
					t.Errorf("got %v, want %s", err, fault.CodeMemberNotFound)
				}
			})
		}
		foreign := p
		foreign.Member.OrganizationID = other.ID
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.Members.Put(foreign) })
	})
}

func TestMemberConflicts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		other, otherRoot := w.organization("other")
		alice := w.person(acme, root, "alice")
		alice.Member.ThirdAccount, alice.Account.Email, alice.Account.Mobile = "t", "a@x.example", "+8613800000001"
		w.update(func(tx *store.Tx) error { return insert(tx, alice) })
		tests := []struct {
			name string
			edit func(p *identity.Person)
			want fault.Code
		}{
			{"account name folded", func(p *identity.Person) { p.Account.Name = "ALICE" }, fault.CodeAccountTaken},
			{"mail", func(p *identity.Person) { p.Account.Email = "a@x.example" }, fault.CodeEmailTaken},
			{"mobile", func(p *identity.Person) { p.Account.Mobile = "+8613800000001" }, fault.CodeMobileTaken},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				for _, p := range []identity.Person{w.person(acme, root, "bob"), w.person(other, otherRoot, "bob")} {
					tt.edit(&p)
					w.refused(tt.want, func(tx *store.Tx) error { return insert(tx, p) })
				}
			})
		}
		twin := w.person(acme, root, "bob")
		twin.Member.ThirdAccount = "t"
		w.refused(fault.CodeThirdAccountTaken, func(tx *store.Tx) error { return insert(tx, twin) })
		// The same in another organisation is somebody else.
		elsewhere := w.person(other, otherRoot, "carol")
		elsewhere.Member.ThirdAccount = "t"
		w.update(func(tx *store.Tx) error { return insert(tx, elsewhere) })
		second := alice
		second.Member.ID, second.Member.ThirdAccount = identity.NewMemberID(w.now), ""
		w.refused(fault.CodeMemberExists, func(tx *store.Tx) error { return tx.Members.Insert(second) })
		bob := w.member(acme, root, "bob")
		bob.Member.ThirdAccount = "t"
		w.refused(fault.CodeThirdAccountTaken, func(tx *store.Tx) error { return tx.Members.Put(bob) })
		w.counts(acme.ID, 2, 1)
	})
}

func TestActivateOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		other, _ := w.organization("other")
		p := w.member(o, root, "alice")
		for _, step := range []struct {
			org  identity.OrganizationID
			want bool
		}{{other.ID, false}, {o.ID, true}, {o.ID, false}} {
			w.update(func(tx *store.Tx) error {
				if first, err := tx.Members.Activate(step.org, p.Member.ID); first != step.want {
					t.Errorf("first: got %v, want %v", first, step.want)
					return err
				}
				return nil
			})
		}
		if got := w.get(o.ID, p.Member.ID).Member; got.ActivatedAt.IsZero() || got.Version != 2 {
			t.Errorf("got %s of version %d", got.ActivatedAt, got.Version)
		}
	})
}

// Two first logins of one person at once: one member is made, and the other
// login is told that the third account is taken, so that it can look again.
func TestThirdAccountRace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		const racers = 8
		errs := make([]error, racers)
		var work sync.WaitGroup
		for i := range racers {
			work.Go(func() {
				p := w.person(o, root, "auto-"+string(rune('a'+i)))
				p.Member.ThirdAccount = "t"
				errs[i] = w.db.Act(t.Context(), store.ActSignIn, func(tx *store.Tx) error { return insert(tx, p) })
			})
		}
		work.Wait()
		made := 0
		for _, err := range errs {
			switch {
			case err == nil:
				made++
			case !fault.Is(err, fault.CodeThirdAccountTaken):
				t.Errorf("got %v, want %s", err, fault.CodeThirdAccountTaken)
			}
		}
		if made != 1 {
			t.Errorf("got %d members, want 1", made)
		}
		w.counts(o.ID, 1, 1)
	})
}

func TestOwnerAndAdministrators(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		w.refused(fault.CodeMemberNotFound, func(tx *store.Tx) error {
			_, err := tx.Members.Owner(o.ID)
			return err
		})
		for _, p := range []struct {
			name string
			role identity.Role
		}{{"alice", identity.RoleMember}, {"bob", identity.RoleAdministrator}, {"carol", identity.RoleOwner}} {
			person := w.person(o, root, p.name)
			person.Member.Role = p.role
			w.update(func(tx *store.Tx) error { return insert(tx, person) })
		}
		w.update(func(tx *store.Tx) error {
			owner, err := tx.Members.Owner(o.ID)
			if err != nil || owner.Member.Name != "carol" {
				t.Errorf("owner: got %q, %v, want carol", owner.Member.Name, err)
			}
			people, err := tx.Members.Administrators(o.ID)
			names := namesOf(people)
			if err != nil || !slices.Equal(names, []string{"bob", "carol"}) {
				t.Errorf("administrators: got %v, %v, want bob and carol", names, err)
			}
			return nil
		})
	})
}

// namesOf are the members' names, sorted.
func namesOf(people []identity.Person) []string {
	names := []string{}
	for _, p := range people {
		names = append(names, p.Member.Name)
	}
	slices.Sort(names)
	return names
}

func TestDeletedAccountTakesItsRowsAlong(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		p := w.member(o, root, "alice")
		w.update(func(tx *store.Tx) error {
			if err := tx.Credentials.Put(identity.Credential{AccountID: p.Account.ID, Hash: "h", History: []string{"g"}}); err != nil {
				return err
			}
			return tx.AccessTokens.SetHeld(p.Account.ID, identity.ClientAPI, []byte("list"))
		})
		w.update(func(tx *store.Tx) error {
			if err := tx.Members.Delete(o.ID, p.Member.ID); err != nil {
				return err
			}
			return tx.Accounts.Delete(p.Account.ID)
		})
		w.update(func(tx *store.Tx) error {
			credential, err := tx.Credentials.Get(p.Account.ID)
			if err != nil || credential.Hash != "" {
				t.Errorf("credential: got one, %v", err)
			}
			list, err := tx.AccessTokens.Held(p.Account.ID, identity.ClientAPI)
			if err != nil || len(list) != 0 {
				t.Errorf("token holder: got %q, %v, want none", list, err)
			}
			return nil
		})
		w.refused(fault.CodeAccountNotFound, func(tx *store.Tx) error {
			_, err := tx.Lookup.Account(identity.LoginName{Kind: identity.ByAccount, Text: "alice"})
			return err
		})
		w.counts(o.ID, 0, 1)
	})
}

func TestPutNamesMovesLoginNames(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		p := w.person(o, root, "alice")
		p.Account.Mobile = "+8613800000001"
		w.update(func(tx *store.Tx) error { return insert(tx, p) })
		byMobile := identity.LoginName{Kind: identity.ByMobile, Text: "+8613800000001"}
		w.update(func(tx *store.Tx) error { return tx.Accounts.PutNames(p.Account.ID, p.Account.LoginNames(false)) })
		w.refused(fault.CodeAccountNotFound, func(tx *store.Tx) error {
			_, err := tx.Lookup.Account(byMobile)
			return err
		})
		w.update(func(tx *store.Tx) error { return tx.Accounts.PutNames(p.Account.ID, p.Account.LoginNames(true)) })
		w.update(func(tx *store.Tx) error {
			got, err := tx.Lookup.Account(byMobile)
			if err != nil || got.ID != p.Account.ID || got.Version != 1 {
				t.Errorf("got %s version %d, %v, want %s version 1", got.ID, got.Version, err, p.Account.ID)
			}
			return nil
		})
	})
}
