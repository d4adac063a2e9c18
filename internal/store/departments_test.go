package store_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func (w town) department(parent identity.Department, code string) identity.Department {
	w.t.Helper()
	d := identity.Department{
		ID: identity.NewDepartmentID(w.now), OrganizationID: parent.OrganizationID, Code: code, Name: "Dept " + code,
		SortLevel: 10_000, Visibility: identity.Visibility{Sees: identity.SeesAll}, Version: 1, CreatedAt: w.now, UpdatedAt: w.now,
	}.Below(parent)
	w.update(func(tx *store.Tx) error { return tx.Departments.Insert(d) })
	return d
}

// paths are the paths of all departments in their order.
func (w town) paths(org identity.OrganizationID) (paths []string) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		paths = nil
		page, err := tx.Departments.Page(org, "", 100)
		for _, d := range page {
			paths = append(paths, d.Path)
		}
		return err
	})
	return paths
}

func TestDepartmentKeepsEveryField(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		want := w.department(root, "RD")
		w.department(root, "hr")
		w.department(root, "Law")
		want.Name, want.Note, want.SortLevel = "Research", "a note", 5
		want.Visibility = identity.Visibility{Open: true, Sees: identity.SeesDesignated, Designated: []string{"hr", "Law"}}
		w.update(func(tx *store.Tx) error { return tx.Departments.Put(want) })
		want.Version = 2
		w.update(func(tx *store.Tx) error {
			byCode, err := tx.Departments.ByCode(o.ID, "rd")
			if err != nil || !reflect.DeepEqual(byCode, want) {
				t.Errorf("by code: got %+v, %v, want %+v", byCode, err, want)
			}
			byID, err := tx.Departments.Get(o.ID, want.ID)
			if err != nil || !reflect.DeepEqual(byID, want) {
				t.Errorf("by id: got %+v, %v, want %+v", byID, err, want)
			}
			return nil
		})
	})
}

func TestDepartmentConflicts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		a, b := w.department(root, "a"), w.department(root, "b")
		tests := []struct {
			name, code, called, wantField string
			parent                        identity.Department
		}{
			{"code folded, elsewhere in the tree", "A", "New", "code", b},
			{"name of a sibling, folded", "c", "DEPT a", "name", root},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				d := identity.Department{
					ID: identity.NewDepartmentID(w.now), OrganizationID: o.ID, Code: tt.code, Name: tt.called,
					SortLevel: 1,
				}.Below(tt.parent)
				err := w.db.Update(t.Context(), func(tx *store.Tx) error { return tx.Departments.Insert(d) })
				if !fault.Is(err, fault.CodeDepartmentExists) || fault.Of(err).Field != tt.wantField {
					t.Errorf("got %v, want %s at %s", err, fault.CodeDepartmentExists, tt.wantField)
				}
			})
		}
		renamed := a
		renamed.Name = "dept B"
		w.refused(fault.CodeDepartmentExists, func(tx *store.Tx) error { return tx.Departments.Put(renamed) })
		late := a
		late.Version = 9
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.Departments.Put(late) })
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.Departments.Move(late, late.Below(b)) })
		w.refused(fault.CodeDepartmentNotFound, func(tx *store.Tx) error {
			_, err := tx.Departments.Get("org_other", a.ID)
			return err
		})
		w.refused(fault.CodeDepartmentNotFound, func(tx *store.Tx) error { return tx.Departments.Delete("org_other", a.ID) })
		w.counts(o.ID, 0, 3)
	})
}

func TestDepartmentMovesWithItsSubtree(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		a := w.department(root, "a")
		w.department(w.department(a, "a1"), "a2")
		b := w.department(root, "b")
		w.department(root, "aa") // begins with the same letters, is no child
		w.department(b, "taken")
		moved := a.Below(b)
		moved.Name, moved.Note, moved.SortLevel = "Dept taken", "moved", 3
		w.refused(fault.CodeDepartmentExists, func(tx *store.Tx) error { return tx.Departments.Move(a, moved) })
		moved.Name = "Dept free"
		w.update(func(tx *store.Tx) error { return tx.Departments.Move(a, moved) })
		want := []string{"1/", "1/aa/", "1/b/", "1/b/a/", "1/b/a/a1/", "1/b/a/a1/a2/", "1/b/taken/"}
		if got := w.paths(o.ID); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		w.update(func(tx *store.Tx) error {
			got, err := tx.Departments.ByCode(o.ID, "a")
			moved.Version = 2
			if err != nil || !reflect.DeepEqual(got, moved) {
				t.Errorf("got %+v, %v, want %+v", got, err, moved)
			}
			leaf, err := tx.Departments.ByCode(o.ID, "a2")
			if err != nil || leaf.Level != 5 {
				t.Errorf("leaf: got level %d, %v, want 5", leaf.Level, err)
			}
			depth, err := tx.Departments.Depth(got)
			if err != nil || depth != 5 {
				t.Errorf("depth: got %d, %v, want 5", depth, err)
			}
			return nil
		})
	})
}

func TestDepartmentChildrenAndEmptiness(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		a, b := w.department(root, "a"), w.department(root, "b")
		leaf := w.department(a, "a1")
		b.SortLevel = 1
		w.update(func(tx *store.Tx) error { return tx.Departments.Put(b) })
		w.member(o, b, "bob")
		w.update(func(tx *store.Tx) error {
			children, err := tx.Departments.Children(o.ID, root.ID)
			if err != nil || len(children) != 2 || children[0].Code != "b" || children[1].Code != "a" {
				t.Errorf("children: got %v, %v, want b, a", children, err)
			}
			n, err := tx.Departments.ChildCount(o.ID, root.ID)
			if err != nil || n != 2 {
				t.Errorf("child count: got %d, %v, want 2", n, err)
			}
			for _, tt := range []struct {
				dep  identity.Department
				want bool
			}{{a, false}, {b, false}, {leaf, true}} {
				empty, err := tx.Departments.Empty(o.ID, tt.dep.ID)
				if err != nil || empty != tt.want {
					t.Errorf("%s: got empty %v, %v, want %v", tt.dep.Code, empty, err, tt.want)
				}
			}
			return nil
		})
		w.refused(fault.CodeConflict, func(tx *store.Tx) error { return tx.Departments.Delete(o.ID, b.ID) })
		w.update(func(tx *store.Tx) error { return tx.Departments.Delete(o.ID, leaf.ID) })
		w.counts(o.ID, 1, 3)
	})
}
