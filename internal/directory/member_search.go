package directory

import (
	"context"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// MemberSearch asks for a part of a list of people by its place; surfaces name
// it from here.
type MemberSearch = store.MemberSearch

// MemberSort is what such a list is sorted by.
type MemberSort = store.MemberSort

// The sorts, as surfaces name them.
const (
	SortByMaking     = store.SortByMaking
	SortByName       = store.SortByName
	SortByAccount    = store.SortByAccount
	SortByPlace      = store.SortByPlace
	SortByRole       = store.SortByRole
	SortByStatus     = store.SortByStatus
	SortByDepartment = store.SortByDepartment
)

// MemberPage is a part of a list of people, with where they are placed.
type MemberPage struct {
	People []identity.Person
	Count  int // of the whole list
	// Trails are the departments from the root to each of those in which the
	// people are placed.
	Trails map[identity.DepartmentID][]identity.Department
}

// SearchMembers returns up to q.Limit people (100 when 0, at most 1,000) from
// q.Offset on; beyond the end those of the last page. in narrows to a
// department.
func (d *Directory) SearchMembers(ctx context.Context, actor identity.Actor, org identity.OrganizationID, in Within, q MemberSearch) (page MemberPage, err error) {
	if err := access.Allow(actor, access.ReadMembers, org); err != nil {
		return page, err
	}
	q.Limit = store.PageSize(q.Limit)
	err = d.db.View(ctx, func(tx *store.Tx) error {
		if in.Department != "" {
			dep, err := tx.Departments.ByCode(org, in.Department)
			if err != nil {
				return err
			}
			if q.Branch, q.Department = dep.Path, ""; in.Alone {
				q.Branch, q.Department = "", dep.ID
			}
		}
		if page.People, page.Count, err = tx.Members.Search(org, q); err != nil {
			return err
		}
		page.Trails, err = trailsOf(tx, org, page.People)
		return err
	})
	return page, err
}

// Within is where people are looked for.
type Within struct {
	Department string // its code, "" for everywhere
	Alone      bool   // without the departments below it
}
