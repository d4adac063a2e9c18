package directory

import (
	"context"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Placed is a department with where it hangs in the tree.
type Placed struct {
	Department identity.Department
	Trail      []identity.Department // from the root to the department, itself included
	Leaf       bool                  // nothing is below it
	Designated []identity.Department // those that its Visibility names
}

// VisibleDepartments returns which departments of an organisation the actor may
// see in the directory, and with them the people placed in them: everything for
// who manages it, else what the department of the member grants (Visibility).
// It names paths and never a list as long as the tree: give it to queries as
// their Scope.
func (d *Directory) VisibleDepartments(ctx context.Context, actor identity.Actor, org identity.OrganizationID) (scope identity.Scope, err error) {
	if err := access.Allow(actor, access.ReadOrganization, org); err != nil {
		return scope, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		scope, err = scopeOf(tx, actor, org)
		return err
	})
	return scope, err
}

// scopeOf is VisibleDepartments inside the caller's transaction, for an actor
// who may read the organisation.
func scopeOf(tx *store.Tx, actor identity.Actor, org identity.OrganizationID) (identity.Scope, error) {
	if access.Allow(actor, access.ReadMembers, org) == nil {
		return identity.Scope{Everything: true}, nil
	}
	p, err := tx.Members.Get(org, actor.MemberID)
	if err != nil {
		return identity.Scope{}, err
	}
	own, err := tx.Departments.Get(org, p.Member.Department)
	if err != nil {
		return identity.Scope{}, err
	}
	designated, err := tx.Departments.ByCodes(org, own.Visibility.Designated)
	paths := make([]string, 0, len(designated))
	for _, other := range designated {
		// They come in the order of their paths: what is below the one before is
		// within it.
		if n := len(paths); n == 0 || !strings.HasPrefix(other.Path, paths[n-1]) {
			paths = append(paths, other.Path)
		}
	}
	return own.Scope(paths), err
}

// PlacedDepartment returns a department with those directly below it, in their
// order. What the actor may not see is not found, or left out among the lower
// ones.
func (d *Directory) PlacedDepartment(ctx context.Context, actor identity.Actor, org identity.OrganizationID, code string) (at Placed, below []Placed, err error) {
	if err := access.Allow(actor, access.ReadOrganization, org); err != nil {
		return at, nil, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		dep, err := tx.Departments.ByCode(org, code)
		if err != nil {
			return err
		}
		children, err := tx.Departments.Children(org, dep.ID)
		if err != nil {
			return err
		}
		scope, err := scopeOf(tx, actor, org)
		if err != nil {
			return err
		}
		if !scope.Includes(dep) {
			return fault.New(fault.NotFound, fault.CodeDepartmentNotFound)
		}
		all, err := placed(tx, org, append([]identity.Department{dep}, within(scope, children)...))
		if err != nil {
			return err
		}
		at, below = all[0], all[1:]
		return nil
	})
	return at, below, err
}

// NamedDepartments returns up to 500 departments whose name has a text in it,
// letter case aside, in the order of the tree. What the actor may not see is
// left out.
func (d *Directory) NamedDepartments(ctx context.Context, actor identity.Actor, org identity.OrganizationID, text string) (all []Placed, err error) {
	if err := access.Allow(actor, access.ReadOrganization, org); err != nil {
		return nil, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		scope, err := scopeOf(tx, actor, org)
		if err != nil {
			return err
		}
		found, err := tx.Departments.Named(org, store.DepartmentSearch{Text: text, Scope: scope, Limit: maxNamed})
		if err != nil {
			return err
		}
		all, err = placed(tx, org, found)
		return err
	})
	return all, err
}

// maxNamed bounds a search that has no pages.
const maxNamed = 500

// within are the departments of a scope.
func within(scope identity.Scope, all []identity.Department) (visible []identity.Department) {
	for _, dep := range all {
		if scope.Includes(dep) {
			visible = append(visible, dep)
		}
	}
	return visible
}

// placed finds out where departments hang, by two statements however many there
// are.
func placed(tx *store.Tx, org identity.OrganizationID, all []identity.Department) ([]Placed, error) {
	var codes []string
	ids := make([]identity.DepartmentID, 0, len(all))
	for _, dep := range all {
		codes = append(append(codes, ancestry(dep.Path)...), dep.Visibility.Designated...)
		ids = append(ids, dep.ID)
	}
	known, err := byCode(tx, org, codes)
	if err != nil {
		return nil, err
	}
	parents, err := tx.Departments.Parents(org, ids)
	if err != nil {
		return nil, err
	}
	result := make([]Placed, 0, len(all))
	for _, dep := range all {
		p := Placed{Department: dep, Trail: picked(known, ancestry(dep.Path)), Leaf: !parents[dep.ID]}
		p.Designated = picked(known, dep.Visibility.Designated)
		result = append(result, p)
	}
	return result, nil
}

// ancestry is the codes of a path.
func ancestry(path string) []string { return strings.Split(strings.TrimSuffix(path, "/"), "/") }

// byCode loads departments by their folded codes, each once.
func byCode(tx *store.Tx, org identity.OrganizationID, codes []string) (map[string]identity.Department, error) {
	wanted := map[string]bool{}
	var once []string
	for _, code := range codes {
		if key := identity.Fold(code); !wanted[key] {
			wanted[key] = true
			once = append(once, code)
		}
	}
	found, err := tx.Departments.ByCodes(org, once)
	known := make(map[string]identity.Department, len(found))
	for _, dep := range found {
		known[identity.Fold(dep.Code)] = dep
	}
	return known, err
}

// picked returns departments by their codes, in the order of the codes.
func picked(known map[string]identity.Department, codes []string) (all []identity.Department) {
	for _, code := range codes {
		if dep, ok := known[identity.Fold(code)]; ok {
			all = append(all, dep)
		}
	}
	return all
}

// trailsOf returns the departments from the root to each of those in which
// people are placed, by two statements.
func trailsOf(tx *store.Tx, org identity.OrganizationID, people []identity.Person) (map[identity.DepartmentID][]identity.Department, error) {
	wanted := map[identity.DepartmentID]bool{}
	var ids []identity.DepartmentID
	for _, p := range people {
		if id := p.Member.Department; !wanted[id] {
			wanted[id] = true
			ids = append(ids, id)
		}
	}
	places, err := tx.Departments.ByIDs(org, ids)
	if err != nil {
		return nil, err
	}
	var codes []string
	for _, dep := range places {
		codes = append(codes, ancestry(dep.Path)...)
	}
	known, err := byCode(tx, org, codes)
	trails := make(map[identity.DepartmentID][]identity.Department, len(places))
	for _, dep := range places {
		trails[dep.ID] = picked(known, ancestry(dep.Path))
	}
	return trails, err
}
