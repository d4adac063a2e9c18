package store_test

import (
	"slices"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func pathsOf(all []identity.Department) (paths []string) {
	for _, d := range all {
		paths = append(paths, d.Path)
	}
	return paths
}

func TestDesignatedDepartmentsFollow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		_, elsewhere := w.organization("other")
		w.department(elsewhere, "foreign")
		rd, law, hr := w.department(root, "rd"), w.department(root, "law"), w.department(root, "hr")
		designated := func(want ...string) {
			t.Helper()
			w.update(func(tx *store.Tx) error {
				got, err := tx.Departments.ByCode(acme.ID, "rd")
				if rd = got; !slices.Equal(got.Visibility.Designated, want) {
					t.Errorf("got %q, want %q", got.Visibility.Designated, want)
				}
				return err
			})
		}
		rd.Visibility = identity.Visibility{Sees: identity.SeesDesignated, Designated: []string{"HR", "law"}}
		w.update(func(tx *store.Tx) error { return tx.Departments.Put(rd) })
		designated("hr", "law")
		// A department that is gone is designated no more.
		w.update(func(tx *store.Tx) error { return tx.Departments.Delete(acme.ID, hr.ID) })
		designated("law")
		rd.Visibility.Designated = []string{"law", "rd"}
		w.update(func(tx *store.Tx) error { return tx.Departments.Move(rd, rd.Below(law)) })
		designated("law", "rd")
		for _, codes := range [][]string{{"nowhere"}, {"law", "foreign"}} {
			rd.Visibility.Designated = codes
			w.refused(fault.CodeDepartmentNotFound, func(tx *store.Tx) error { return tx.Departments.Put(rd) })
		}
		rd.Visibility = identity.Visibility{Sees: identity.SeesOwn}
		w.update(func(tx *store.Tx) error { return tx.Departments.Put(rd) })
		designated()
	})
}

func TestManyDepartmentsAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		rd, hr := w.department(root, "rd"), w.department(root, "hr_1")
		lab := w.department(rd, "lab")
		hr.Visibility.Open = true
		w.update(func(tx *store.Tx) error { return tx.Departments.Put(hr) })
		_, elsewhere := w.organization("other")
		foreign := w.department(elsewhere, "rd")
		w.update(func(tx *store.Tx) error {
			byCode, err := tx.Departments.ByCodes(acme.ID, []string{"LAB", "rd", "nowhere", "1"})
			if got, want := pathsOf(byCode), []string{"1/", "1/rd/", "1/rd/lab/"}; err != nil || !slices.Equal(got, want) {
				t.Errorf("by codes: got %q, %v, want %q", got, err, want)
			}
			byID, err := tx.Departments.ByIDs(acme.ID, []identity.DepartmentID{foreign.ID, lab.ID})
			if got, want := pathsOf(byID), []string{"1/rd/lab/"}; err != nil || !slices.Equal(got, want) {
				t.Errorf("by ids: got %q, %v, want %q", got, err, want)
			}
			parents, err := tx.Departments.Parents(acme.ID, []identity.DepartmentID{root.ID, rd.ID, hr.ID, lab.ID})
			if err != nil || len(parents) != 2 || !parents[root.ID] || !parents[rd.ID] {
				t.Errorf("parents: got %v, %v", parents, err)
			}
			for _, none := range []error{errOf(tx.Departments.ByCodes(acme.ID, nil)), errOf(tx.Departments.ByIDs(acme.ID, nil)), errOf(tx.Departments.Parents(acme.ID, nil))} {
				if none != nil {
					t.Error(none)
				}
			}
			return nil
		})
		everything := identity.Scope{Everything: true}
		for _, tt := range []struct {
			q    store.DepartmentSearch
			want []string
		}{
			{store.DepartmentSearch{Text: "DEPT", Scope: everything}, []string{"1/hr_1/", "1/rd/", "1/rd/lab/"}},
			{store.DepartmentSearch{Text: "t hr_", Scope: everything}, []string{"1/hr_1/"}},
			{store.DepartmentSearch{Text: "_", Scope: everything}, []string{"1/hr_1/"}},
			{store.DepartmentSearch{Text: "%", Scope: everything}, nil},
			{store.DepartmentSearch{Text: "dept"}, []string{"1/hr_1/"}},
			{store.DepartmentSearch{Text: "dept", Scope: identity.Scope{Own: rd.Path}}, []string{"1/hr_1/", "1/rd/"}},
			{store.DepartmentSearch{Text: "lab", Scope: identity.Scope{Branches: []string{rd.Path}}}, []string{"1/rd/lab/"}},
		} {
			tt.q.Limit = 9
			w.update(func(tx *store.Tx) error {
				found, err := tx.Departments.Named(acme.ID, tt.q)
				if got := pathsOf(found); !slices.Equal(got, tt.want) {
					t.Errorf("%+v: got %q, want %q", tt.q, got, tt.want)
				}
				return err
			})
		}
	})
}

func errOf[T any](_ T, err error) error { return err }
