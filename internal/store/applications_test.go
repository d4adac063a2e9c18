package store_test

import (
	"fmt"
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

// registered adds an application with little in it.
func (w town) registered(o identity.Organization, clientID string) identity.Application {
	w.t.Helper()
	settings := identity.DefaultOAuth(identity.ProtocolOIDC, false)
	a := identity.Application{
		ID: identity.NewApplicationID(w.now), OrganizationID: o.ID, ClientID: clientID, Name: "The " + clientID,
		Protocol: identity.ProtocolOIDC, Status: identity.ApplicationActive, HomeURLs: []string{"https://" + clientID + ".example/cb"},
		OAuth: &settings, Version: 1, CreatedAt: w.now, UpdatedAt: w.now,
	}
	w.update(func(tx *store.Tx) error { return tx.Applications.Insert(a) })
	return a
}

// fullApplication changes every field that can be changed.
func (w town) fullApplication(a identity.Application, p identity.Person, d identity.Department) identity.Application {
	a.Name, a.Description, a.Status, a.Responsible = "维基", "for notes", identity.ApplicationDisabled, p.Member.ID
	a.HomeURLs = append(a.HomeURLs, "http://localhost/cb")
	a.ExitURL, a.AdministratorURL, a.IconDigest = "https://wiki.example/bye", "https://wiki.example/admin", "abc"
	a.OAuth = &identity.OAuthSettings{
		Public: true, AuthMethods: []identity.AuthMethod{identity.AuthNone}, Grants: []identity.GrantType{identity.GrantCode},
		RequirePKCE: true, Scopes: []string{"openid"}, AccessFormat: identity.JWT, AccessAlgorithm: identity.RS512, Audiences: []string{"https://api.example"},
		AccessLife: time.Minute, RefreshLife: time.Hour, IDTokenLife: 2 * time.Minute, RefreshGrace: time.Second,
		IDTokenAlgorithm: identity.ES256, BackchannelURL: "https://wiki.example/out", Introspectors: []string{"api"},
	}
	a.Access = identity.Access{
		Everyone: true, Members: []identity.MemberID{p.Member.ID}, Departments: []identity.DepartmentID{d.ID},
		Groups: []identity.GroupID{"grp_1", "grp_2"},
	}
	a.Claims = []identity.ClaimRule{{Attribute: "title", Claim: "job"}}
	a.Consent, a.Generation, a.UpdatedAt = true, 7, w.now.Add(time.Hour)
	a.Secrets = []identity.ClientSecret{{Digest: []byte{1, 2}, CreatedAt: w.now}, {Digest: []byte{3}, CreatedAt: w.now, EndsAt: w.now.Add(time.Hour)}}
	return a
}

// applications compares what each way of reading finds.
func (w town) applications(want identity.Application) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		for name, read := range map[string]func() (identity.Application, error){
			"get": func() (identity.Application, error) { return tx.Applications.Get(want.OrganizationID, want.ID) },
			"by client id": func() (identity.Application, error) {
				return tx.Applications.ByClientID(want.OrganizationID, want.ClientID)
			},
			"whoever's":              func() (identity.Application, error) { return tx.Lookup.Application(want.ID) },
			"whoever's by client id": func() (identity.Application, error) { return tx.Lookup.ApplicationByClientID(want.ClientID) },
			"on the page": func() (identity.Application, error) {
				return first(tx.Applications.Page(want.OrganizationID, store.ApplicationQuery{Slice: store.Slice{Limit: 9}}))
			},
		} {
			if got, err := read(); err != nil || !reflect.DeepEqual(got, want) {
				w.t.Errorf("%s: got %#v, %v\nwant %#v", name, fields(got), err, fields(want))
			}
		}
		return nil
	})
}

// fields shows an application whole, which it does not do by itself.
func fields(a identity.Application) any {
	type open identity.Application
	return open(a)
}

func TestApplicationKeepsEveryField(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		p := w.member(o, root, "alice")
		small := w.registered(o, "wiki")
		w.applications(small)
		full := w.fullApplication(small, p, root)
		w.update(func(tx *store.Tx) error { return tx.Applications.Put(full) })
		full.Version = 2
		w.applications(full)
		less := full
		less.Access = identity.Access{Groups: []identity.GroupID{"grp_2", "grp_3"}}
		w.update(func(tx *store.Tx) error { return tx.Applications.Put(less) })
		less.Version = 3
		w.applications(less)
	})
}

func TestApplicationConflicts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		other, _ := w.organization("other")
		wiki := w.registered(acme, "wiki")
		twin := wiki
		twin.ID, twin.OrganizationID = identity.NewApplicationID(w.now), other.ID
		w.refused(fault.CodeApplicationExists, func(tx *store.Tx) error { return tx.Applications.Insert(twin) })
		twin.ClientID = "Wiki"
		w.update(func(tx *store.Tx) error { return tx.Applications.Insert(twin) })
		late := wiki
		late.Version = 5
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.Applications.Put(late) })
		foreign := wiki
		foreign.OrganizationID = other.ID
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.Applications.Put(foreign) })
		for name, read := range map[string]func(tx *store.Tx) error{
			"get":          func(tx *store.Tx) error { _, err := tx.Applications.Get(other.ID, wiki.ID); return err },
			"by client id": func(tx *store.Tx) error { _, err := tx.Applications.ByClientID(other.ID, "wiki"); return err },
			"delete":       func(tx *store.Tx) error { return tx.Applications.Delete(other.ID, wiki.ID) },
			"in capitals":  func(tx *store.Tx) error { _, err := tx.Lookup.ApplicationByClientID("WIKI"); return err },
		} {
			t.Run(name, func(t *testing.T) {
				town{t, w.db, w.now}.refused(fault.CodeApplicationNotFound, read)
			})
		}
	})
}

func TestApplicationPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, _ := w.organization("acme")
		other, _ := w.organization("other")
		w.registered(other, "theirs")
		var want []string
		for i := range 5 {
			a := w.registered(o, fmt.Sprintf("app%d", i))
			a.Access.Groups = []identity.GroupID{identity.GroupID(a.ClientID)}
			w.update(func(tx *store.Tx) error { return tx.Applications.Put(a) })
			want = append(want, a.ClientID)
		}
		var got []string
		w.update(func(tx *store.Tx) error {
			got = nil
			q := store.ApplicationQuery{Slice: store.Slice{Limit: 2}}
			for {
				page, err := tx.Applications.Page(o.ID, q)
				if err != nil || len(page) == 0 {
					return err
				}
				for _, a := range page {
					got, q.After = append(got, a.ClientID), string(a.ID)
					if groups := []identity.GroupID{identity.GroupID(a.ClientID)}; !slices.Equal(a.Access.Groups, groups) {
						t.Errorf("%s: got groups %v, want %v", a.ClientID, a.Access.Groups, groups)
					}
				}
			}
		})
		if slices.Sort(want); !slices.Equal(slices.Sorted(slices.Values(got)), want) {
			t.Errorf("got %v, want %v", got, want)
		}
		w.update(func(tx *store.Tx) error {
			for name, tt := range map[string]struct {
				q    store.ApplicationQuery
				want []string
			}{
				"by name":         {store.ApplicationQuery{NameOrder: store.NameOrder{ByName: true}}, want},
				"part of an id":   {store.ApplicationQuery{Text: "PP3"}, []string{"app3"}},
				"a protocol":      {store.ApplicationQuery{Protocol: identity.ProtocolCAS}, nil},
				"a state":         {store.ApplicationQuery{Status: identity.ApplicationDisabled}, nil},
				"state and names": {store.ApplicationQuery{Status: identity.ApplicationActive, NameOrder: store.NameOrder{ByName: true}}, want},
				"whatever has %":  {store.ApplicationQuery{Text: "%"}, nil},
			} {
				tt.q.Limit = 9
				page, err := tx.Applications.Page(o.ID, tt.q)
				var got []string
				for _, a := range page {
					got = append(got, a.ClientID)
				}
				if err != nil || !slices.Equal(got, tt.want) {
					t.Errorf("%s: got %v, %v, want %v", name, got, err, tt.want)
				}
			}
			if n, err := tx.Applications.Count(o.ID); err != nil || n != 5 {
				t.Errorf("got %d, %v, want 5", n, err)
			}
			return nil
		})
	})
}

// TestApplicationAccessForgetsWhoIsGone keeps lists from naming what is no more.
func TestApplicationAccessForgetsWhoIsGone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		p, d := w.member(o, root, "alice"), w.department(root, "rd")
		a := w.registered(o, "wiki")
		a.Access = identity.Access{Members: []identity.MemberID{p.Member.ID}, Departments: []identity.DepartmentID{root.ID, d.ID}}
		w.update(func(tx *store.Tx) error { return tx.Applications.Put(a) })
		w.update(func(tx *store.Tx) error { return tx.Members.Delete(o.ID, p.Member.ID) })
		w.update(func(tx *store.Tx) error { return tx.Departments.Delete(o.ID, d.ID) })
		a.Access, a.Version = identity.Access{Departments: []identity.DepartmentID{root.ID}}, 2
		w.applications(a)
	})
}

func TestApplicationIcons(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, _ := w.organization("acme")
		a := w.registered(o, "wiki")
		w.refused(fault.CodeIconNotFound, func(tx *store.Tx) error { _, err := tx.Lookup.Icon("wiki"); return err })
		for _, want := range []store.Icon{{"one", "image/png", []byte{1}}, {"two", "image/png", []byte{2, 3}}} {
			w.update(func(tx *store.Tx) error { return tx.Applications.PutIcon(a.ID, want) })
			w.update(func(tx *store.Tx) error {
				if got, err := tx.Lookup.Icon("wiki"); err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("got %v, %v, want %v", got, err, want)
				}
				return nil
			})
		}
		w.update(func(tx *store.Tx) error { return tx.Applications.RemoveIcon(a.ID) })
		w.refused(fault.CodeIconNotFound, func(tx *store.Tx) error { _, err := tx.Lookup.Icon("wiki"); return err })
	})
}

// TestApplicationChangesAreAnnounced: every edit is, and a new client id too,
// for those who remember that there was none.
func TestApplicationChangesAreAnnounced(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, _ := w.organization("acme")
		var mu sync.Mutex
		heard := map[string]int{}
		defer w.db.Feed().Subscribe(store.TopicApplication, func(key string) {
			mu.Lock()
			defer mu.Unlock()
			heard[key]++
		})()
		count := func(key string) int {
			mu.Lock()
			defer mu.Unlock()
			return heard[key]
		}
		a := w.registered(o, "wiki")
		await(t, "the new client id", func() bool { return count("wiki") > 0 })
		w.update(func(tx *store.Tx) error { return tx.Applications.Put(a) })
		await(t, "the edit", func() bool { return count(string(a.ID)) > 0 })
		b := w.registered(o, "shop")
		w.update(func(tx *store.Tx) error { return tx.Applications.Delete(o.ID, b.ID) })
		await(t, "the removal", func() bool { return count(string(b.ID)) > 0 })
	})
}
