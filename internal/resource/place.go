package resource

import (
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Placed is a device with the department that it stands in, and the names from
// the root to there.
type Placed[T any] struct {
	store.InDepartment[T]
	Path []string
}

// placed adds the names of the departments above. They are read once for all.
func placed[T any](tx *store.Tx, org identity.OrganizationID, rows []store.InDepartment[T]) ([]Placed[T], error) {
	var codes []string
	for _, row := range rows {
		codes = append(codes, codesOf(row.Department)...)
	}
	names, err := tx.Departments.Names(org, sorted(codes))
	if err != nil {
		return nil, err
	}
	all := make([]Placed[T], len(rows))
	for i, row := range rows {
		all[i].InDepartment = row
		for _, code := range codesOf(row.Department) {
			all[i].Path = append(all[i].Path, names[code])
		}
	}
	return all, nil
}

// codesOf are the codes from the root to a department.
func codesOf(d identity.Department) []string {
	return slices.DeleteFunc(strings.Split(d.Path, "/"), func(code string) bool { return code == "" })
}

// one adds the names of the departments above one device.
func one[T any](tx *store.Tx, org identity.OrganizationID, row store.InDepartment[T]) (Placed[T], error) {
	all, err := placed(tx, org, []store.InDepartment[T]{row})
	if err != nil {
		return Placed[T]{}, err
	}
	return all[0], nil
}

// departmentOf finds the department with a code, "" for the root.
func departmentOf(tx *store.Tx, org identity.OrganizationID, code string) (identity.Department, error) {
	if code == "" {
		code = identity.RootDepartmentCode
	}
	return tx.Departments.ByCode(org, code)
}
