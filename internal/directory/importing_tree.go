package directory

import (
	"strings"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// importTree is the part of an organisation's departments that an import has
// come by, with those it is going to make.
type importTree struct {
	tx       *store.Tx
	org      identity.Organization
	root     identity.Department
	codes    map[string]importBranch // by folded code
	paths    map[string]importBranch // by folded names
	made     []identity.Department   // parents before their children
	fresh    map[identity.DepartmentID]bool
	drawn    map[string]bool // folded codes of made
	children map[identity.DepartmentID]int
	count    int // of the organisation, the root and those to be made counted
}

// missingDepartments says what becomes of departments that are not there.
type missingDepartments bool

const (
	stayMissing missingDepartments = false
	makeMissing missingDepartments = true
)

// importBranch is what was found at a code or path: a department, or why there
// is none.
type importBranch struct {
	dep     identity.Department
	refusal *fault.Error
}

func newImportTree(tx *store.Tx, o identity.Organization) (*importTree, error) {
	root, err := departmentOrRoot(tx, o.ID, "")
	if err != nil {
		return nil, err
	}
	_, count, err := tx.Organizations.Counts(o.ID)
	return &importTree{
		tx: tx, org: o, root: root, codes: map[string]importBranch{}, paths: map[string]importBranch{},
		fresh: map[identity.DepartmentID]bool{}, drawn: map[string]bool{}, children: map[identity.DepartmentID]int{}, count: count,
	}, err
}

// in goes on with the tree in another transaction, for a dry run.
func (t *importTree) in(tx *store.Tx) *importTree {
	t.tx = tx
	return t
}

// byCode returns a department by its code.
func (t *importTree) byCode(code string) (identity.Department, error) {
	if code == "" {
		return t.root, nil
	}
	if !identity.CleanText(code) {
		return identity.Department{}, fault.New(fault.Invalid, fault.CodeMalformed).At("department_code")
	}
	found, seen := t.codes[identity.Fold(code)]
	if !seen {
		var err error
		found.dep, err = t.tx.Departments.ByCode(t.org.ID, code)
		if found.refusal, err = refusal(err); err != nil {
			return found.dep, err
		}
		t.codes[identity.Fold(code)] = found
	}
	if found.refusal != nil {
		return found.dep, found.refusal.At("department_code")
	}
	return found.dep, nil
}

// byPath returns the department with these names from below the root down. One
// that is missing is made, or refused.
func (t *importTree) byPath(names []string, missing missingDepartments) (identity.Department, error) {
	at, key := t.root, ""
	for n, name := range names {
		key += "\x00" + identity.Fold(name)
		found, seen := t.paths[key]
		if !seen {
			var err error
			if found, err = t.below(at, name, missing); err != nil {
				return at, err
			}
			t.paths[key] = found
		}
		if found.refusal != nil {
			return at, found.refusal.At("department").With("department", strings.Join(names[:n+1], "/"))
		}
		at = found.dep
	}
	return at, nil
}

// below looks for a department below another, or makes it there.
func (t *importTree) below(parent identity.Department, name string, missing missingDepartments) (found importBranch, err error) {
	if !identity.CleanText(name) {
		found.refusal = fault.New(fault.Invalid, fault.CodeMalformed)
		return found, nil
	}
	if !t.fresh[parent.ID] {
		found.dep, err = t.tx.Departments.Child(t.org.ID, parent.ID, name)
		if err == nil {
			return found, nil
		}
		if _, err := refusal(err); err != nil {
			return found, err
		}
	}
	if missing != makeMissing {
		found.refusal = fault.New(fault.NotFound, fault.CodeImportDepartment)
		return found, nil
	}
	found.dep, err = t.add(parent, name)
	found.refusal, err = refusal(err)
	return found, err
}

// add makes a department that is stored later. The limits are those of
// AddDepartment.
func (t *importTree) add(parent identity.Department, name string) (dep identity.Department, err error) {
	now := t.tx.Now()
	dep = identity.Department{
		ID: identity.NewDepartmentID(now), OrganizationID: t.org.ID, Name: strings.TrimSpace(name), Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	for dep.Code == "" || t.drawn[identity.Fold(dep.Code)] {
		dep.Code = ""
		if err := completeDepartment(t.tx, &dep); err != nil {
			return dep, err
		}
	}
	dep = dep.Below(parent)
	if err := t.checkLimits(dep); err != nil {
		return dep, err
	}
	t.made = append(t.made, dep)
	t.fresh[dep.ID], t.drawn[identity.Fold(dep.Code)] = true, true
	t.children[parent.ID]++
	t.count++
	return dep, nil
}

// checkLimits is checkPlace and checkDepartmentCount for a department beside
// others that are not stored yet.
func (t *importTree) checkLimits(dep identity.Department) error {
	if !t.fresh[dep.ParentID] {
		if err := checkPlace(t.tx, dep, dep.Level); err != nil {
			return err
		}
	}
	limits := t.org.Limits
	levels := limits.DepartmentLevels
	if levels == 0 || levels > deepestLevel {
		levels = deepestLevel
	}
	if dep.Level > levels {
		return fault.New(fault.Conflict, fault.CodeDepartmentLevels).With("max", levels)
	}
	if limits.Departments > 0 && t.count >= limits.Departments {
		return fault.New(fault.Conflict, fault.CodeDepartmentCount).With("max", limits.Departments)
	}
	if limits.DepartmentChildren == 0 {
		return nil
	}
	siblings, err := t.tx.Departments.ChildCount(t.org.ID, dep.ParentID)
	if err == nil && siblings+t.children[dep.ParentID] >= limits.DepartmentChildren {
		err = fault.New(fault.Conflict, fault.CodeDepartmentChildren).With("max", limits.DepartmentChildren)
	}
	return err
}

// store stores the departments that people are put into, with those above
// them.
func (t *importTree) store(actor identity.Actor, used map[identity.DepartmentID]bool) error {
	for n := len(t.made) - 1; n >= 0; n-- {
		if used[t.made[n].ID] {
			used[t.made[n].ParentID] = true
		}
	}
	for _, dep := range t.made {
		if !used[dep.ID] {
			continue
		}
		if err := t.tx.Departments.Insert(dep); err != nil {
			return err
		}
		if err := audit.Record(t.tx, actor, audit.DepartmentAdded, aboutDepartment(dep, nil)); err != nil {
			return err
		}
	}
	return nil
}
