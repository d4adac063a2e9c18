package access

import (
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// AllowSomewhere returns nil when the actor has the permission towards the
// organisation, or towards some of its departments. Whoever asks so goes on to
// ask Everywhere, and where it is false for the departments of the actor.
func AllowSomewhere(actor identity.Actor, p Permission, org identity.OrganizationID) error {
	if p < permissionCount && within[p] && standingOf(actor, org) == departmentAdministrator {
		return nil
	}
	return Allow(actor, p, org)
}

// Everywhere reports whether the permission holds in the whole organisation.
func Everywhere(actor identity.Actor, p Permission, org identity.OrganizationID) bool {
	return Allow(actor, p, org) == nil
}

// Reach is the part of an organisation's tree in which an actor may do
// something. The zero Reach is no part of it.
type Reach struct {
	whole bool
	paths []string
}

// Whole is the reach of who may do it everywhere.
func Whole() Reach { return Reach{whole: true} }

// Below is the reach of who may do it in the departments with these paths and
// in what hangs below them.
func Below(paths ...string) Reach { return Reach{paths: paths} }

// Paths returns the departments the reach is limited to; limited is false when
// it is the whole tree.
func (r Reach) Paths() (paths []string, limited bool) { return r.paths, !r.whole }

// Covers reports whether a department is in reach, by its path.
func (r Reach) Covers(path string) bool {
	return r.whole || r.holds(func(top string) bool { return strings.HasPrefix(path, top) })
}

// CoversBelow reports whether a department is in reach and is not itself one
// of those that were given: its holder neither moves nor removes it.
func (r Reach) CoversBelow(path string) bool {
	return r.whole || r.holds(func(top string) bool { return path != top && strings.HasPrefix(path, top) })
}

func (r Reach) holds(is func(top string) bool) bool {
	for _, top := range r.paths {
		if top != "" && is(top) {
			return true
		}
	}
	return false
}

// Require returns nil when a department is in reach, else Forbidden
// (outside_departments).
func (r Reach) Require(path string) error {
	if r.Covers(path) {
		return nil
	}
	return fault.New(fault.Forbidden, fault.CodeOutsideDepartments).At("department")
}
