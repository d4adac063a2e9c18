package meeting

import (
	"slices"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/resource"
)

// userSorts are the values of sortField. All users of this list have the same
// userType.
var userSorts = map[string]directory.MemberSort{
	"": directory.SortByMaking, "userType": directory.SortByMaking, "adminType": directory.SortByRole,
	"ldapAccount": directory.SortByAccount, "deptCode": directory.SortByDepartment, "status": directory.SortByStatus,
	"sortLevel": directory.SortByPlace,
}

// userTypes are the values of userType for devices that are activated by a code
// (Meeting API, 2).
var userTypes = map[identity.DeviceKind]int{
	identity.DeviceSmartScreen: 12, identity.DeviceIdeaHub: 13, identity.DeviceWhiteboard: 14, identity.DeviceSmartRoom: 14,
}

// userSearch is what SearchUsers asks for.
type userSearch struct {
	search  directory.MemberSearch
	within  directory.Within
	people  bool                     // users are among the types that are asked for
	devices resource.ActivationQuery // of the types that are; without one there are none
}

func readUserSearch(q *query, w window) (s userSearch) {
	s.search = directory.MemberSearch{Text: q.searchKey(), Offset: w.offset, Limit: w.limit}
	field := q.choice("sortField", "userType", "adminType", "ldapAccount", "deptCode", "status", "sortLevel")
	s.search.Sort = userSorts[field]
	if ascending, came := q.optionalFlag("isAsc"); came {
		s.search.Descending = !ascending
	}
	s.within.Department = q.text("deptCode", maxDeptCode)
	if below, came := q.optionalFlag("enableSubDept"); came {
		s.within.Alone = !below
	}
	if kind, came := q.optionalInteger("adminType", adminTypeNone); came {
		s.search.Roles = []identity.Role{[]identity.Role{identity.RoleOwner, identity.RoleAdministrator, identity.RoleMember}[kind]}
	}
	if status, came := q.optionalInteger("status", userDisabled); came {
		s.search.Disabled = new(status == userDisabled)
	}
	q.optionalFlag("enableRoom")
	q.optionalFlag("containsUnActive")
	s.devices.Text = s.search.Text
	types := q.integers("userType", 1, 14)
	s.people = len(types) == 0 || slices.Contains(types, userTypeMember)
	if s.devicesFit() {
		s.devices.Devices = slices.DeleteFunc(identity.DeviceKinds(), func(kind identity.DeviceKind) bool {
			return !slices.Contains(types, userTypes[kind])
		})
	}
	return s
}

// devicesFit reports whether the rest of a search leaves room for devices, which
// administer nothing and are never disabled.
func (s userSearch) devicesFit() bool {
	administers := len(s.search.Roles) > 0 && s.search.Roles[0] != identity.RoleMember
	return !administers && (s.search.Disabled == nil || !*s.search.Disabled)
}

// searchUsers is SearchUsers: people first, then the devices of the types that
// are asked for. Hard terminals are no users of this list.
func (m *meeting) searchUsers(c *call) (any, error) {
	q, err := c.query()
	if err != nil {
		return nil, err
	}
	w := q.window()
	s := readUserSearch(q, w)
	if err := q.err(); err != nil {
		return nil, err
	}
	if code := s.within.Department; code != "" {
		d, err := m.o.Directory.Department(c.r.Context(), c.actor, c.actor.OrganizationID, code)
		if err != nil {
			return nil, err
		}
		if s.devices.Below = d.Path; s.within.Alone {
			s.devices.Below, s.devices.Department = "", d.ID
		}
	}
	found, count, err := m.usersFrom(c, s, w)
	if err == nil && len(found) == 0 && count > 0 {
		w.offset = lastPage(w.offset, w.limit, count)
		found, count, err = m.usersFrom(c, s, w)
	}
	if err != nil {
		return nil, err
	}
	return pageOf(w, count, found, func(u userFound) userFound { return u }), nil
}

// usersFrom reads a part of the list of people and devices and counts all of
// them. Beyond the end there is nobody.
func (m *meeting) usersFrom(c *call, s userSearch, w window) (found []userFound, count int, err error) {
	if s.people {
		if found, count, err = m.peopleFrom(c, s, w); err != nil {
			return nil, 0, err
		}
	}
	if len(s.devices.Devices) == 0 {
		return found, count, nil
	}
	devices, more, err := m.devicesFrom(c, s, window{offset: max(w.offset-count, 0), limit: w.limit - len(found)})
	return append(found, devices...), count + more, err
}

func (m *meeting) peopleFrom(c *call, s userSearch, w window) (found []userFound, count int, err error) {
	ctx, org := c.r.Context(), c.actor.OrganizationID
	s.search.Offset, s.search.Limit = w.offset, w.limit
	page, err := m.o.Directory.SearchMembers(ctx, c.actor, org, s.within, s.search)
	if err != nil || w.offset >= page.Count {
		return nil, page.Count, err
	}
	numbers, err := m.o.Resources.Numbers(ctx, c.actor, org, page.People)
	now := m.o.Now()
	for _, p := range page.People {
		one := foundOf(p, page.Trails[p.Member.Department], now)
		if number := numbers[p.Member.ID]; number != "" {
			one.VmrID = &number
		}
		found = append(found, one)
	}
	return found, page.Count, err
}

func (m *meeting) devicesFrom(c *call, s userSearch, w window) (found []userFound, count int, err error) {
	q := s.devices
	q.Slice = resource.Slice{Offset: w.offset, Limit: max(w.limit, 1), Counted: true}
	l, err := m.o.Resources.ActivationCodes(c.r.Context(), c.actor, c.actor.OrganizationID, q)
	if err != nil || w.limit == 0 || l.Offset != w.offset {
		return nil, l.Count, err
	}
	for _, d := range l.Items {
		found = append(found, deviceFound(d))
	}
	return found, l.Count, nil
}
