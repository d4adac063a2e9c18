package directory

import (
	"context"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// DepartmentChange is an edit of a department; nil leaves a field alone. The
// code never changes.
type DepartmentChange struct {
	Name       *string
	ParentCode *string // "" is the root; moves the whole subtree
	Note       *string
	SortLevel  *int
	Open       *bool
	Sees       *identity.Sight // another than SeesDesignated forgets the designated ones
	Designated *[]string       // codes, in place of those before
}

// ChangeDepartment edits or moves a department. The root has the
// organisation's name and stays where it is (department_root); nothing moves
// below itself (department_below_itself) or beyond the limits.
func (d *Directory) ChangeDepartment(ctx context.Context, actor identity.Actor, org identity.OrganizationID, code string, version int64, c DepartmentChange) (dep identity.Department, err error) {
	if err := access.AllowSomewhere(actor, access.ManageDepartments, org); err != nil {
		return dep, err
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		old, err := tx.Departments.ByCode(org, code)
		if err != nil {
			return err
		}
		if err := c.permitted(tx, actor, old); err != nil {
			return err
		}
		if err := store.CheckVersion(version, old.Version); err != nil {
			return err
		}
		dep = old
		changed, err := c.apply(tx, &dep)
		if err != nil || len(changed) == 0 {
			return err
		}
		dep.UpdatedAt = tx.Now()
		if dep.ParentID != old.ParentID {
			err = tx.Departments.Move(old, dep)
		} else {
			err = tx.Departments.Put(dep)
		}
		if err != nil {
			return err
		}
		dep.Version++
		return audit.Record(tx, actor, audit.DepartmentChanged, aboutDepartment(dep, changed.Details()))
	})
	return dep, err
}

// permitted refuses an edit of a department that is out of the actor's reach,
// and a move from the top of it or out of it.
func (c DepartmentChange) permitted(tx *store.Tx, actor identity.Actor, dep identity.Department) error {
	reach, err := reachOf(tx, actor, access.ManageDepartments, dep.OrganizationID)
	if err != nil {
		return err
	}
	if err := reach.Require(dep.Path); err != nil || c.ParentCode == nil {
		return err
	}
	if !reach.CoversBelow(dep.Path) {
		return errOutside
	}
	return intoReach(tx, actor, access.ManageDepartments, dep.OrganizationID, *c.ParentCode)
}

var errOutside = fault.New(fault.Forbidden, fault.CodeOutsideDepartments).At("department")

// apply edits a department, checks the result and tells which fields changed.
func (c DepartmentChange) apply(tx *store.Tx, dep *identity.Department) (changed audit.Edit, err error) {
	if dep.Root() && (c.Name != nil && *c.Name != dep.Name || c.ParentCode != nil && *c.ParentCode != "") {
		return nil, errRoot
	}
	audit.Set(&changed, "name", &dep.Name, c.Name)
	audit.Set(&changed, "note", &dep.Note, c.Note)
	sortLevel := c.SortLevel
	if sortLevel != nil && *sortLevel == 0 {
		last := lastSortLevel
		sortLevel = &last
	}
	audit.Set(&changed, "sort_level", &dep.SortLevel, sortLevel)
	c.see(&dep.Visibility, &changed)
	if c.ParentCode != nil && !dep.Root() {
		moved, err := move(tx, dep, *c.ParentCode)
		if err != nil {
			return nil, err
		}
		if moved {
			changed = append(changed, "parent")
		}
	}
	return changed, checkDepartment(*dep)
}

// see edits the visibility.
func (c DepartmentChange) see(v *identity.Visibility, changed *audit.Edit) {
	audit.Set(changed, "open", &v.Open, c.Open)
	audit.Set(changed, "sees", &v.Sees, c.Sees)
	wanted := identity.Visibility{Sees: v.Sees, Designated: v.Designated}
	if c.Designated != nil {
		wanted.Designated = *c.Designated
	} else if v.Sees != identity.SeesDesignated {
		wanted.Designated = nil
	}
	if wanted = designating(wanted); !slices.EqualFunc(v.Designated, wanted.Designated, strings.EqualFold) {
		v.Designated = wanted.Designated
		*changed = append(*changed, "designated")
	}
}

// designating brings the sight and the codes of designated departments into the
// form in which they are stored: each once, in their order.
func designating(v identity.Visibility) identity.Visibility {
	if v.Sees == "" {
		v.Sees = identity.SeesAll
	}
	byFold := func(a, b string) int { return strings.Compare(identity.Fold(a), identity.Fold(b)) }
	v.Designated = slices.CompactFunc(slices.SortedFunc(slices.Values(v.Designated), byFold), strings.EqualFold)
	return v
}

var errRoot = fault.New(fault.Conflict, fault.CodeDepartmentRoot)

// move places a department below another one and reports whether that is
// another place than before.
func move(tx *store.Tx, dep *identity.Department, parentCode string) (bool, error) {
	parent, err := departmentOrRoot(tx, dep.OrganizationID, parentCode)
	if err != nil {
		return false, err
	}
	if parent.ID == dep.ParentID {
		return false, nil
	}
	if dep.Contains(parent) {
		return false, fault.New(fault.Conflict, fault.CodeDepartmentBelowItself).At("parent")
	}
	deepest, err := tx.Departments.Depth(*dep)
	if err != nil {
		return false, err
	}
	moved := dep.Below(parent)
	if err := checkPlace(tx, moved, deepest+moved.Level-dep.Level); err != nil {
		return false, err
	}
	*dep = moved
	return true, nil
}

// RemoveDepartment removes a department that has neither members nor
// departments below it (department_not_empty); the root stays
// (department_root).
func (d *Directory) RemoveDepartment(ctx context.Context, actor identity.Actor, org identity.OrganizationID, code string) error {
	if err := access.AllowSomewhere(actor, access.ManageDepartments, org); err != nil {
		return err
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		dep, err := tx.Departments.ByCode(org, code)
		if err != nil {
			return err
		}
		reach, err := reachOf(tx, actor, access.ManageDepartments, org)
		if err != nil {
			return err
		}
		if !reach.CoversBelow(dep.Path) {
			return errOutside
		}
		if dep.Root() {
			return errRoot
		}
		empty, err := tx.Departments.Empty(org, dep.ID)
		if err != nil {
			return err
		}
		if !empty {
			return fault.New(fault.Conflict, fault.CodeDepartmentNotEmpty)
		}
		if err := tx.Departments.Delete(org, dep.ID); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.DepartmentRemoved, aboutDepartment(dep, nil))
	})
}
