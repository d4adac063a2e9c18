package store

import (
	"fmt"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// ByCodes returns those of the named departments that exist, in the order of
// their paths: parents come before their children.
func (t Departments) ByCodes(org identity.OrganizationID, codes []string) ([]identity.Department, error) {
	args := []any{org}
	for _, code := range codes {
		args = append(args, identity.Fold(code))
	}
	if len(codes) == 0 {
		return nil, nil
	}
	return list(t.c, scanDepartment, `SELECT `+departmentColumns+` FROM departments
		WHERE organization_id = $1 AND code_key IN `+placeholders(2, len(codes))+` ORDER BY path`, args...)
}

// ByIDs is ByCodes for identifiers.
func (t Departments) ByIDs(org identity.OrganizationID, ids []identity.DepartmentID) ([]identity.Department, error) {
	args := []any{org}
	for _, id := range ids {
		args = append(args, id)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return list(t.c, scanDepartment, `SELECT `+departmentColumns+` FROM departments
		WHERE organization_id = $1 AND id IN `+placeholders(2, len(ids))+` ORDER BY path`, args...)
}

// Parents returns which of the departments have others below them.
func (t Departments) Parents(org identity.OrganizationID, ids []identity.DepartmentID) (map[identity.DepartmentID]bool, error) {
	args := []any{org}
	for _, id := range ids {
		args = append(args, id)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := list(t.c, func(scan func(...any) error) (id identity.DepartmentID, err error) { return id, scan(&id) },
		`SELECT DISTINCT parent_id FROM departments
		WHERE organization_id = $1 AND parent_id IN `+placeholders(2, len(ids)), args...)
	parents := make(map[identity.DepartmentID]bool, len(found))
	for _, id := range found {
		parents[id] = true
	}
	return parents, err
}

// DepartmentSearch asks for departments by their names.
type DepartmentSearch struct {
	Text  string // what is in the name, letter case aside
	Scope identity.Scope
	Limit int
}

// Named returns the departments that a search finds, in the order of their
// paths.
func (t Departments) Named(org identity.OrganizationID, q DepartmentSearch) ([]identity.Department, error) {
	args := []any{org, containing(q.Text), q.Limit}
	arg := func(v any) string {
		args = append(args, v)
		return fmt.Sprintf("$%d", len(args))
	}
	scope := ``
	if !q.Scope.Everything {
		scope = ` AND (` + scopeCondition(q.Scope, arg) + `)`
	}
	return list(t.c, scanDepartment, `SELECT `+departmentColumns+` FROM departments
		WHERE organization_id = $1 AND name_key LIKE $2 ESCAPE '\'`+scope+` ORDER BY path LIMIT $3`, args...)
}

// designate replaces the designated departments of one, given by their codes.
// A code that no department has is Invalid (department_not_found).
func (t Departments) designate(d identity.Department) error {
	if _, err := t.c.exec(`DELETE FROM department_designations WHERE organization_id = $1 AND department_id = $2`,
		d.OrganizationID, d.ID); err != nil {
		return err
	}
	if len(d.Visibility.Designated) == 0 {
		return nil
	}
	args := []any{d.OrganizationID, d.ID}
	for _, code := range d.Visibility.Designated {
		args = append(args, identity.Fold(code))
	}
	n, err := t.c.exec(`INSERT INTO department_designations (department_id, designated_id, organization_id)
		SELECT $2, id, organization_id FROM departments
		WHERE organization_id = $1 AND code_key IN `+placeholders(3, len(d.Visibility.Designated)), args...)
	if err == nil && int(n) != len(d.Visibility.Designated) {
		err = fault.New(fault.Invalid, fault.CodeDepartmentNotFound).At("designated")
	}
	return err
}

// containing is the pattern of LIKE for texts that have this one in them,
// folded; no character of it means anything but itself.
func containing(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(identity.Fold(text)) + "%"
}
