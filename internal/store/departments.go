package store

import (
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Departments is the table of the organisations' trees.
type Departments struct{ c *conn }

// departmentColumns are read from departments under that name. Most departments
// designate no others, and are spared the search for them.
const departmentColumns = `id, organization_id, code, name, parent_id, path, level, sort_level, note, is_open, sees,
	CASE sees WHEN 'designated' THEN (SELECT string_agg(t.code, ' ' ORDER BY t.code_key) FROM department_designations g
	JOIN departments t ON t.id = g.designated_id WHERE g.department_id = departments.id) END, version, created_at, updated_at`

func scanDepartment(scan func(...any) error) (identity.Department, error) {
	var d identity.Department
	var created, updated int64
	var designated *string // the codes, which have no blanks in them
	err := scan(&d.ID, &d.OrganizationID, &d.Code, &d.Name, &d.ParentID, &d.Path, &d.Level, &d.SortLevel, &d.Note,
		&d.Visibility.Open, &d.Visibility.Sees, &designated, &d.Version, &created, &updated)
	if designated != nil {
		d.Visibility.Designated = strings.Fields(*designated)
	}
	d.CreatedAt, d.UpdatedAt = at(created), at(updated)
	return d, err
}

var errNoDepartment = fault.New(fault.NotFound, fault.CodeDepartmentNotFound)

// Get returns a department of an organisation, or NotFound.
func (t Departments) Get(org identity.OrganizationID, id identity.DepartmentID) (identity.Department, error) {
	return found(t.c, errNoDepartment, scanDepartment,
		`SELECT `+departmentColumns+` FROM departments WHERE organization_id = $1 AND id = $2`, org, id)
}

// ByCode returns a department by its code, or NotFound.
func (t Departments) ByCode(org identity.OrganizationID, code string) (identity.Department, error) {
	return found(t.c, errNoDepartment, scanDepartment,
		`SELECT `+departmentColumns+` FROM departments WHERE organization_id = $1 AND code_key = $2`, org, identity.Fold(code))
}

// Page returns up to limit departments whose path is greater than after, so
// that a parent always comes before its children.
func (t Departments) Page(org identity.OrganizationID, after string, limit int) ([]identity.Department, error) {
	return list(t.c, scanDepartment, `SELECT `+departmentColumns+` FROM departments
		WHERE organization_id = $1 AND path > $2 ORDER BY path LIMIT $3`, org, after, limit)
}

// Children returns the direct children of a department in their order.
func (t Departments) Children(org identity.OrganizationID, id identity.DepartmentID) ([]identity.Department, error) {
	return list(t.c, scanDepartment, `SELECT `+departmentColumns+` FROM departments
		WHERE organization_id = $1 AND parent_id = $2 ORDER BY sort_level, name_key, id`, org, id)
}

// ChildCount returns how many direct children a department has.
func (t Departments) ChildCount(org identity.OrganizationID, id identity.DepartmentID) (n int, err error) {
	err = t.c.row(`SELECT count(*) FROM departments WHERE organization_id = $1 AND parent_id = $2`, org, id).scan(&n)
	return n, err
}

// Depth returns the deepest level below and including a department.
func (t Departments) Depth(d identity.Department) (level int, err error) {
	err = t.c.row(`SELECT coalesce(max(level), 0) FROM departments WHERE organization_id = $1 AND path >= $2 AND path < $3`,
		d.OrganizationID, d.Path, prefixEnd(d.Path)).scan(&level)
	return level, err
}

// Insert adds a department with version 1. A code or a name among its siblings
// that exists already is a Conflict.
func (t Departments) Insert(d identity.Department) error {
	n, err := t.c.exec(`INSERT INTO departments (id, organization_id, code, code_key, name, name_key, parent_id, path, level,
		sort_level, note, is_open, sees, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, $14, $15) ON CONFLICT DO NOTHING`,
		d.ID, d.OrganizationID, d.Code, identity.Fold(d.Code), d.Name, identity.Fold(d.Name), d.ParentID, d.Path, d.Level,
		d.SortLevel, d.Note, d.Visibility.Open, sightOf(d), ms(d.CreatedAt), ms(d.UpdatedAt))
	if err != nil {
		return err
	}
	if n == 0 {
		if err := t.freeName(d); err != nil {
			return err
		}
		return fault.New(fault.Conflict, fault.CodeDepartmentExists).At("code")
	}
	if len(d.Visibility.Designated) > 0 {
		if err := t.designate(d); err != nil {
			return err
		}
	}
	return t.c.count(d.OrganizationID, 0, 1)
}

// sightOf is the stored form of a sight: that of a department that says nothing
// is everything.
func sightOf(d identity.Department) identity.Sight {
	if d.Visibility.Sees == "" {
		return identity.SeesAll
	}
	return d.Visibility.Sees
}

// Put stores an edited department if it still has the version that was read,
// else Stale. Code, parent and path are changed by Move only.
func (t Departments) Put(d identity.Department) error {
	if err := t.freeName(d); err != nil {
		return err
	}
	n, err := t.c.exec(`UPDATE departments SET name = $4, name_key = $5, sort_level = $6, note = $7, is_open = $8, sees = $9,
		version = version + 1, updated_at = $10 WHERE organization_id = $1 AND id = $2 AND version = $3`,
		d.OrganizationID, d.ID, d.Version, d.Name, identity.Fold(d.Name), d.SortLevel, d.Note, d.Visibility.Open, sightOf(d), ms(d.UpdatedAt))
	if err == nil && n > 0 {
		err = t.designate(d)
	}
	return t.c.changed(n, err, TopicDepartment, string(d.OrganizationID))
}

// freeName refuses a name that a sibling bears.
func (t Departments) freeName(d identity.Department) error {
	var n int
	err := t.c.row(`SELECT count(*) FROM departments WHERE organization_id = $1 AND parent_id = $2 AND name_key = $3 AND id <> $4`,
		d.OrganizationID, d.ParentID, identity.Fold(d.Name), d.ID).scan(&n)
	if err == nil && n > 0 {
		err = fault.New(fault.Conflict, fault.CodeDepartmentExists).At("name")
	}
	return err
}

// Move stores an edited department like Put and hangs it with its whole
// subtree below another; moved carries the new parent, path and level, old the
// path and level as stored.
func (t Departments) Move(old, moved identity.Department) error {
	if err := t.freeName(moved); err != nil {
		return err
	}
	n, err := t.c.exec(`UPDATE departments SET parent_id = $4, name = $5, name_key = $6, sort_level = $7, note = $8,
		is_open = $9, sees = $10, version = version + 1, updated_at = $11 WHERE organization_id = $1 AND id = $2 AND version = $3`,
		old.OrganizationID, old.ID, old.Version, moved.ParentID, moved.Name, identity.Fold(moved.Name), moved.SortLevel,
		moved.Note, moved.Visibility.Open, sightOf(moved), ms(moved.UpdatedAt))
	if err := stale(n, err); err != nil {
		return err
	}
	if err := t.designate(moved); err != nil {
		return err
	}
	_, err = t.c.exec(`UPDATE departments SET path = $4 || substr(path, $5), level = level + $6
		WHERE organization_id = $1 AND path >= $2 AND path < $3`,
		old.OrganizationID, old.Path, prefixEnd(old.Path), moved.Path, len([]rune(old.Path))+1, moved.Level-old.Level)
	if err != nil {
		return err
	}
	// Who may enter an application may hang on where a department hangs.
	return t.c.tx.Changed(TopicDepartment, string(old.OrganizationID))
}

// Delete removes a department; one that has members is a Conflict by its
// foreign key, so callers ask Empty first.
func (t Departments) Delete(org identity.OrganizationID, id identity.DepartmentID) error {
	n, err := t.c.exec(`DELETE FROM departments WHERE organization_id = $1 AND id = $2`, org, id)
	if err != nil {
		return err
	}
	if n == 0 {
		return errNoDepartment
	}
	if err := forgetTarget(t.c, AccessDepartment, id); err != nil {
		return err
	}
	return t.c.count(org, 0, -1)
}

// Empty reports whether a department has neither children nor members, and no
// device stands in it.
func (t Departments) Empty(org identity.OrganizationID, id identity.DepartmentID) (bool, error) {
	children, err := t.ChildCount(org, id)
	if err != nil || children > 0 {
		return false, err
	}
	members, err := list(t.c, func(scan func(...any) error) (id string, err error) { return id, scan(&id) },
		`SELECT id FROM members WHERE department_id = $1
		UNION ALL SELECT id FROM terminals WHERE department_id = $1
		UNION ALL SELECT id FROM activation_codes WHERE department_id = $1 LIMIT 1`, id)
	return len(members) == 0, err
}
