package directory

import (
	"context"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

const (
	// lastSortLevel is the place of what asks for none.
	lastSortLevel = 10_000
	// deepestLevel bounds a tree whose organisation has no limit: a path of 30
	// codes is as long as an index of the database can hold.
	deepestLevel = 30
)

// NewDepartment is what a department is made from.
type NewDepartment struct {
	Code       string // unique in the organisation; "" draws a short one
	Name       string
	ParentCode string // "" is the root
	Note       string
	SortLevel  int // 1–10000, 0 is 10000
	Visibility identity.Visibility
}

// AddDepartment makes a department. A taken code or a sibling of the same name
// is a Conflict (department_exists); so is exceeding a limit of the
// organisation (department_levels, department_children, department_count).
func (d *Directory) AddDepartment(ctx context.Context, actor identity.Actor, org identity.OrganizationID, n NewDepartment) (dep identity.Department, err error) {
	if err := access.AllowSomewhere(actor, access.ManageDepartments, org); err != nil {
		return dep, err
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		if err := intoReach(tx, actor, access.ManageDepartments, org, n.ParentCode); err != nil {
			return err
		}
		dep = identity.Department{
			ID: identity.NewDepartmentID(tx.Now()), OrganizationID: org, Code: n.Code, Name: n.Name,
			SortLevel: n.SortLevel, Note: n.Note, Visibility: designating(n.Visibility), Version: 1, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
		}
		if err := completeDepartment(tx, &dep); err != nil {
			return err
		}
		parent, err := departmentOrRoot(tx, org, n.ParentCode)
		if err != nil {
			return err
		}
		dep = dep.Below(parent)
		if err := checkPlace(tx, dep, dep.Level); err != nil {
			return err
		}
		if err := tx.Departments.Insert(dep); err != nil {
			return err
		}
		if err := checkDepartmentCount(tx, org); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.DepartmentAdded, aboutDepartment(dep, nil))
	})
	return dep, err
}

// completeDepartment fills in what was left open and checks the rest.
func completeDepartment(tx *store.Tx, dep *identity.Department) error {
	if dep.SortLevel == 0 {
		dep.SortLevel = lastSortLevel
	}
	for length := 4; dep.Code == ""; length++ {
		// A longer code at each turn: where short ones are used up the loop
		// still ends soon.
		code := shortCode(length)
		_, err := tx.Departments.ByCode(dep.OrganizationID, code)
		switch {
		case fault.Is(err, fault.CodeDepartmentNotFound):
			dep.Code = code
		case err != nil:
			return err
		}
	}
	return checkDepartment(*dep)
}

func checkDepartment(dep identity.Department) error {
	if err := dep.Validate(); err != nil {
		return err
	}
	return checkTexts([]textRule{{"note", dep.Note, 96}})
}

// departmentOrRoot returns a department by its code, the root for "".
func departmentOrRoot(tx *store.Tx, org identity.OrganizationID, code string) (identity.Department, error) {
	if code == "" {
		code = identity.RootDepartmentCode
	}
	return tx.Departments.ByCode(org, code)
}

// checkPlace refuses a place in the tree that exceeds a limit of the
// organisation; deepest is the lowest level that the subtree would reach.
func checkPlace(tx *store.Tx, dep identity.Department, deepest int) error {
	o, err := tx.Organizations.Get(dep.OrganizationID)
	if err != nil {
		return err
	}
	levels := o.Limits.DepartmentLevels
	if levels == 0 || levels > deepestLevel {
		levels = deepestLevel
	}
	if deepest > levels {
		return fault.New(fault.Conflict, fault.CodeDepartmentLevels).With("max", levels)
	}
	if o.Limits.DepartmentChildren == 0 {
		return nil
	}
	siblings, err := tx.Departments.ChildCount(dep.OrganizationID, dep.ParentID)
	if err == nil && siblings >= o.Limits.DepartmentChildren {
		err = fault.New(fault.Conflict, fault.CodeDepartmentChildren).With("max", o.Limits.DepartmentChildren)
	}
	return err
}

// checkDepartmentCount refuses one department too many, the root counted; it
// is asked after the insertion, when the count can no longer change.
func checkDepartmentCount(tx *store.Tx, org identity.OrganizationID) error {
	o, err := tx.Organizations.Get(org)
	if err != nil || o.Limits.Departments == 0 {
		return err
	}
	_, departments, err := tx.Organizations.Counts(org)
	if err == nil && departments > o.Limits.Departments {
		err = fault.New(fault.Conflict, fault.CodeDepartmentCount).With("max", o.Limits.Departments)
	}
	return err
}

func aboutDepartment(dep identity.Department, details map[string]string) audit.About {
	if details == nil {
		details = map[string]string{}
	}
	details["code"] = dep.Code
	return audit.About{Organization: dep.OrganizationID, Target: string(dep.ID), Details: details}
}

// Department returns a department by its code, letter case aside.
func (d *Directory) Department(ctx context.Context, actor identity.Actor, org identity.OrganizationID, code string) (dep identity.Department, err error) {
	if err := access.Allow(actor, access.ReadOrganization, org); err != nil {
		return dep, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		dep, err = tx.Departments.ByCode(org, code)
		return err
	})
	return dep, err
}

// DepartmentTrail returns the departments from the root to the one with this
// identifier, itself included. Surfaces write paths of names from it.
func (d *Directory) DepartmentTrail(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.DepartmentID) (trail []identity.Department, err error) {
	if err := access.Allow(actor, access.ReadOrganization, org); err != nil {
		return nil, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		dep, err := tx.Departments.Get(org, id)
		if err != nil {
			return err
		}
		trail = nil
		for code := range strings.SplitSeq(strings.TrimSuffix(dep.Path, "/"), "/") {
			step, err := tx.Departments.ByCode(org, code)
			if err != nil {
				return err
			}
			trail = append(trail, step)
		}
		return nil
	})
	return trail, err
}

// Departments returns up to limit departments (100 when 0, at most 1,000)
// whose path is after the given one, parents always before their children.
func (d *Directory) Departments(ctx context.Context, actor identity.Actor, org identity.OrganizationID, afterPath string, limit int) (all []identity.Department, err error) {
	if err := access.Allow(actor, access.ReadOrganization, org); err != nil {
		return nil, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Departments.Page(org, afterPath, store.PageSize(limit))
		return err
	})
	return all, err
}

// ChildDepartments returns the departments directly below the one with this
// code, in their order.
func (d *Directory) ChildDepartments(ctx context.Context, actor identity.Actor, org identity.OrganizationID, code string) (all []identity.Department, err error) {
	if err := access.Allow(actor, access.ReadOrganization, org); err != nil {
		return nil, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		parent, err := tx.Departments.ByCode(org, code)
		if err != nil {
			return err
		}
		all, err = tx.Departments.Children(org, parent.ID)
		return err
	})
	return all, err
}
