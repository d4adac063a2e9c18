package store_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// town writes rows for tests of the tables. Its clock stands still, so ids of
// one kind are told apart by their number.
type town struct {
	t   testing.TB
	db  *store.DB
	now time.Time
}

func newTown(t testing.TB, open func(...storetest.Option) *store.DB) town {
	t.Helper()
	clock := storetest.NewClock()
	return town{t, open(storetest.WithoutEvents(), storetest.WithClock(clock)), clock.Now()}
}

// update runs fn and fails the test when it fails.
func (w town) update(fn func(tx *store.Tx) error) {
	w.t.Helper()
	if err := w.db.Update(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// refused runs fn, whose writes are undone, and compares the code it fails
// with.
func (w town) refused(want fault.Code, fn func(tx *store.Tx) error) {
	w.t.Helper()
	if err := w.db.Update(w.t.Context(), fn); !fault.Is(err, want) {
		w.t.Errorf("got %v, want %s", err, want)
	}
}

// organization adds one with its root department.
func (w town) organization(code string) (o identity.Organization, root identity.Department) {
	w.t.Helper()
	o = identity.Organization{
		ID: identity.NewOrganizationID(w.now), Code: code, Name: "Town of " + code, Domain: code + ".example",
		Status: identity.OrganizationActive, AutoCreate: true, Rules: identity.DefaultSignInRules(), Limits: identity.LimitsOrgID(),
		Profile: identity.OrganizationProfile{Address: "1 Main Street", Country: "chinaPR"}, Everlasting: true, Generation: 3, Version: 1,
		CreatedAt: w.now, UpdatedAt: w.now,
	}
	root = identity.Department{
		ID: identity.NewDepartmentID(w.now), OrganizationID: o.ID, Code: "1", Name: o.Name, Path: "1/", Level: 1,
		SortLevel: 10_000, Version: 1, CreatedAt: w.now, UpdatedAt: w.now,
	}
	w.update(func(tx *store.Tx) error {
		if err := tx.Organizations.Insert(o); err != nil {
			return err
		}
		return tx.Departments.Insert(root)
	})
	return o, root
}

// counts compares an organisation's running counts with what there is.
func (w town) counts(org identity.OrganizationID, wantMembers, wantDepartments int) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		members, departments, err := tx.Organizations.Counts(org)
		if members != wantMembers || departments != wantDepartments {
			w.t.Errorf("counts: got %d members, %d departments, want %d, %d", members, departments, wantMembers, wantDepartments)
		}
		return err
	})
}

func TestOrganizationKeepsEveryField(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		want, _ := w.organization("Acme")
		w.update(func(tx *store.Tx) error {
			got, err := tx.Organizations.Get(want.ID)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, %v, want %+v", got, err, want)
			}
			return nil
		})
		edited := want
		edited.Name, edited.Domain, edited.Status, edited.AutoCreate, edited.Everlasting = "Nova", "nova.example", identity.OrganizationFrozen, false, false
		edited.Rules.LockAfter, edited.Limits, edited.Profile.Language, edited.Generation = 9, identity.LimitsMeeting(), "zh-CN", 4
		edited.UpdatedAt = w.now.Add(time.Hour)
		w.update(func(tx *store.Tx) error { return tx.Organizations.Put(edited) })
		w.update(func(tx *store.Tx) error {
			got, err := tx.Organizations.Get(want.ID)
			edited.Version = 2
			if err != nil || !reflect.DeepEqual(got, edited) {
				t.Errorf("edited: got %+v, %v, want %+v", got, err, edited)
			}
			return nil
		})
	})
}

func TestOrganizationRefusals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, _ := w.organization("acme")
		w.refused(fault.CodeStale, func(tx *store.Tx) error {
			late := o
			late.Version = 7
			return tx.Organizations.Put(late)
		})
		w.refused(fault.CodeOrganizationExists, func(tx *store.Tx) error {
			twin := o
			twin.ID, twin.Code = identity.NewOrganizationID(w.now), "ACME"
			return tx.Organizations.Insert(twin)
		})
		w.refused(fault.CodeOrganizationNotFound, func(tx *store.Tx) error {
			_, err := tx.Organizations.Get("org_none")
			return err
		})
		w.refused(fault.CodeOrganizationNotFound, func(tx *store.Tx) error { return tx.Organizations.Delete("org_none") })
	})
}

func TestOrganizationByCodeIsFolded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, _ := w.organization("Acme")
		w.update(func(tx *store.Tx) error {
			got, err := tx.Lookup.OrganizationByCode("aCME")
			if err != nil || got.ID != o.ID {
				t.Errorf("got %s, %v, want %s", got.ID, err, o.ID)
			}
			return nil
		})
	})
}

func TestOrganizationPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		for _, code := range []string{"red", "green", "greta", "blue", "z"} {
			w.organization(code)
		}
		tests := []struct {
			name, prefix string
			limit        int
			want         []string
		}{
			{"all", "", 9, []string{"blue", "green", "greta", "red", "z"}},
			{"by code", "GRE", 9, []string{"green", "greta"}},
			{"by name", "town of b", 9, []string{"blue"}},
			{"none", "x", 9, nil},
			{"a percent sign is itself", "%", 9, nil},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				var got []string
				w.update(func(tx *store.Tx) error {
					page, err := tx.Organizations.Page(store.OrganizationQuery{Text: tt.prefix, Slice: store.Slice{Limit: tt.limit}})
					for _, o := range page {
						got = append(got, o.Code)
					}
					return err
				})
				slices.Sort(got)
				if !slices.Equal(got, tt.want) {
					t.Errorf("got %v, want %v", got, tt.want)
				}
			})
		}
		t.Run("by name and state", func(t *testing.T) { pagesByName(t, w) })
		t.Run("one after the other", func(t *testing.T) {
			seen, q := 0, store.OrganizationQuery{Slice: store.Slice{Limit: 2}}
			for range 9 {
				var page []identity.Organization
				w.update(func(tx *store.Tx) (err error) {
					page, err = tx.Organizations.Page(q)
					return err
				})
				for _, o := range page {
					if string(o.ID) <= q.After {
						t.Errorf("%s after %s", o.ID, q.After)
					}
					q.After = string(o.ID)
				}
				seen += len(page)
			}
			if seen != 5 {
				t.Errorf("got %d, want 5", seen)
			}
		})
	})
}

// pagesByName leafs through organisations in the order of their names.
func pagesByName(t *testing.T, w town) {
	t.Helper()
	var got []string
	q := store.OrganizationQuery{Status: identity.OrganizationActive, NameOrder: store.NameOrder{ByName: true}, Slice: store.Slice{Limit: 2}}
	for len(got) < 9 {
		var page []identity.Organization
		w.update(func(tx *store.Tx) (err error) {
			page, err = tx.Organizations.Page(q)
			return err
		})
		for _, o := range page {
			got = append(got, o.Code)
			q.AfterName, q.After = identity.Fold(o.Name), string(o.ID)
		}
		if len(page) < 2 {
			break
		}
	}
	if want := []string{"blue", "green", "greta", "red", "z"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	w.update(func(tx *store.Tx) error {
		frozen, err := tx.Organizations.Page(store.OrganizationQuery{Status: identity.OrganizationFrozen, Slice: store.Slice{Limit: 9}})
		if len(frozen) > 0 {
			t.Errorf("got %d frozen ones", len(frozen))
		}
		return err
	})
}

func TestOrganizationIsDeletedWithItsRows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		gone, root := w.organization("gone")
		kept, keptRoot := w.organization("kept")
		alice := w.member(gone, root, "alice")
		w.member(kept, keptRoot, "bob")
		w.update(func(tx *store.Tx) error {
			if err := tx.Accounts.DeleteOwned(gone.ID); err != nil {
				return err
			}
			return tx.Organizations.Delete(gone.ID)
		})
		w.refused(fault.CodeMemberNotFound, func(tx *store.Tx) error {
			_, err := tx.Members.Get(gone.ID, alice.Member.ID)
			return err
		})
		w.refused(fault.CodeAccountNotFound, func(tx *store.Tx) error {
			_, err := tx.Accounts.Get(alice.Account.ID)
			return err
		})
		w.refused(fault.CodeDepartmentNotFound, func(tx *store.Tx) error {
			_, err := tx.Departments.Get(gone.ID, root.ID)
			return err
		})
		w.refused(fault.CodeNotFound, func(tx *store.Tx) error {
			_, _, err := tx.Organizations.Counts(gone.ID)
			return err
		})
		w.counts(kept.ID, 1, 1)
		// The name is free again, and means somebody else.
		again, root := w.organization("gone")
		if p := w.member(again, root, "alice"); p.Account.ID == alice.Account.ID {
			t.Error("the account id was given twice")
		}
	})
}
