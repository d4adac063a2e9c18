package store_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// part returns the names on a part of a list, in its order, and the count.
func (w town) part(org identity.OrganizationID, q store.MemberSearch) (names []string, count int) {
	w.t.Helper()
	if q.Limit == 0 {
		q.Limit = 50
	}
	w.update(func(tx *store.Tx) error {
		people, n, err := tx.Members.Search(org, q)
		names, count = nil, n
		for _, p := range people {
			names = append(names, p.Member.Name)
		}
		return err
	})
	return names, count
}

// crowd is an organisation with seven people in three departments.
func (w town) crowd() (acme identity.Organization, rd, lab identity.Department) {
	w.t.Helper()
	acme, root := w.organization("acme")
	rd = w.department(root, "rd")
	lab = w.department(rd, "lab")
	hr := w.department(root, "hr")
	hr.Visibility.Open = true
	w.update(func(tx *store.Tx) error { return tx.Departments.Put(hr) })
	for i, p := range []struct {
		name, account, third, email, mobile string
		dep                                 identity.Department
		role                                identity.Role
		status                              identity.MemberStatus
		place                               int
	}{
		{"Ann", "zoe@acme", "T-900", "ann.springs@acme.example", "+8613800000001", root, identity.RoleOwner, identity.MemberActive, 30},
		{"Bob", "bob@acme", "", "bob@acme.example", "+4917000000002", rd, identity.RoleAdministrator, identity.MemberActive, 10},
		{"王小明", "ming@acme", "t-901", "", "+8613811111111", lab, identity.RoleMember, identity.MemberDisabled, 20},
		{"100%_\\", "per_cent@acme", "", "", "", lab, identity.RoleMember, identity.MemberActive, 10},
		{"Hanna", "hanna@acme", "", "hanna@acme.example", "", hr, identity.RoleMember, identity.MemberActive, 10},
		{"Roxanne", "rox@acme", "", "", "", rd, identity.RoleMember, identity.MemberActive, 40},
	} {
		person := w.person(acme, p.dep, p.account)
		person.Member.ID = identity.MemberID(fmt.Sprintf("mem_%026d", i))
		person.Member.Name, person.Account.Email, person.Account.Mobile = p.name, p.email, p.mobile
		person.Member.Role, person.Member.Status, person.Member.ThirdAccount = p.role, p.status, p.third
		person.Member.SortLevel = p.place
		w.update(func(tx *store.Tx) error { return insert(tx, person) })
	}
	other, otherRoot := w.organization("other")
	stranger := w.person(other, otherRoot, "ann@other")
	stranger.Member.Name, stranger.Account.Mobile = "Ann", "+8613800000009"
	w.update(func(tx *store.Tx) error { return insert(tx, stranger) })
	return acme, rd, lab
}

var crowd = []string{"Ann", "Bob", "王小明", "100%_\\", "Hanna", "Roxanne"}

func TestMemberSearchByPlace(t *testing.T) {
	yes, no := true, false
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, rd, lab := w.crowd()
		for _, tt := range []struct {
			name string
			q    store.MemberSearch
			want []string
		}{
			{"everybody", store.MemberSearch{}, crowd},
			{"blank text", store.MemberSearch{Text: " "}, crowd},
			{"in the middle of a name", store.MemberSearch{Text: "ANN"}, []string{"Ann", "Hanna", "Roxanne"}},
			{"in the middle of an account", store.MemberSearch{Text: "ing@AC"}, []string{"王小明"}},
			{"in the middle of a third account", store.MemberSearch{Text: "-90"}, []string{"Ann", "王小明"}},
			{"Chinese", store.MemberSearch{Text: "小"}, []string{"王小明"}},
			{"in the middle of a sound", store.MemberSearch{Text: "Xiao M"}, []string{"王小明"}},
			{"among initials", store.MemberSearch{Text: "xm"}, []string{"王小明"}},
			{"a sound that is none", store.MemberSearch{Text: "xiaom王"}, nil},
			{"colleagues by their number", store.MemberSearch{Text: "+991", Colleagues: true, Branch: rd.Path}, []string{"Bob", "王小明", "100%_\\", "Roxanne"}},
			{"no number for others", store.MemberSearch{Text: "+9911"}, nil},
			{"no third account for colleagues", store.MemberSearch{Text: "-90", Colleagues: true}, nil},
			{"the beginning of a mail", store.MemberSearch{Text: "ann.spr"}, []string{"Ann"}},
			{"a mail that differs late", store.MemberSearch{Text: "ann.springsteen"}, nil},
			{"a mobile as a digest has it", store.MemberSearch{Text: "+86138"}, []string{"Ann", "王小明"}},
			{"a mobile between two digests", store.MemberSearch{Text: "+861380"}, []string{"Ann"}},
			{"a mobile without its code", store.MemberSearch{Text: "1381"}, []string{"王小明"}},
			{"a whole mobile", store.MemberSearch{Text: "4917000000002"}, []string{"Bob"}},
			{"percent is itself", store.MemberSearch{Text: "0%"}, []string{"100%_\\"}},
			{"underscore is itself", store.MemberSearch{Text: "%_"}, []string{"100%_\\"}},
			{"backslash is itself", store.MemberSearch{Text: "\\"}, []string{"100%_\\"}},
			{"quote", store.MemberSearch{Text: "' OR '1'='1"}, nil},
			{"a branch", store.MemberSearch{Branch: rd.Path}, []string{"Bob", "王小明", "100%_\\", "Roxanne"}},
			{"the whole tree", store.MemberSearch{Branch: "1/"}, crowd},
			{"a department alone", store.MemberSearch{Department: rd.ID}, []string{"Bob", "Roxanne"}},
			{"administrators", store.MemberSearch{Roles: []identity.Role{identity.RoleOwner, identity.RoleAdministrator}}, []string{"Ann", "Bob"}},
			{"members", store.MemberSearch{Roles: []identity.Role{identity.RoleMember}}, []string{"王小明", "100%_\\", "Hanna", "Roxanne"}},
			{"disabled", store.MemberSearch{Disabled: &yes}, []string{"王小明"}},
			{"not disabled", store.MemberSearch{Disabled: &no, Department: lab.ID}, []string{"100%_\\"}},
			{"all at once", store.MemberSearch{Text: "a", Branch: rd.Path, Disabled: &no, Roles: []identity.Role{identity.RoleMember}}, []string{"100%_\\", "Roxanne"}},
			{"everything in sight", store.MemberSearch{Scope: &identity.Scope{Everything: true}}, crowd},
			{"nothing but the open", store.MemberSearch{Scope: &identity.Scope{}}, []string{"Hanna"}},
			{"one's own department", store.MemberSearch{Scope: &identity.Scope{Own: rd.Path}}, []string{"Bob", "Hanna", "Roxanne"}},
			{
				"one's branch, searched",
				store.MemberSearch{Text: "ann", Scope: &identity.Scope{Branches: []string{rd.Path, lab.Path}}},
				[]string{"Hanna", "Roxanne"},
			},
		} {
			t.Run(tt.name, func(t *testing.T) {
				got, count := w.part(acme.ID, tt.q)
				if !slices.Equal(got, tt.want) || count != len(tt.want) {
					t.Errorf("got %d: %q, want %q", count, got, tt.want)
				}
			})
		}
	})
}

func TestMemberSearchSorts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _, _ := w.crowd()
		for sort, want := range map[store.MemberSort][]string{
			store.SortByMaking:     crowd,
			store.SortByAccount:    {"Bob", "Hanna", "王小明", "100%_\\", "Roxanne", "Ann"},
			store.SortByPlace:      {"Bob", "100%_\\", "Hanna", "王小明", "Ann", "Roxanne"},
			store.SortByRole:       crowd,
			store.SortByStatus:     {"Ann", "Bob", "100%_\\", "Hanna", "Roxanne", "王小明"},
			store.SortByDepartment: {"Ann", "Hanna", "王小明", "100%_\\", "Bob", "Roxanne"},
		} {
			backwards := slices.Clone(want)
			slices.Reverse(backwards)
			for offset := range 9 {
				for _, limit := range []int{1, 2, 4, 7} {
					from := offset
					if from >= len(want) {
						from = (len(want) - 1) / limit * limit
					}
					to := min(from+limit, len(want))
					for descending, all := range map[bool][]string{false: want, true: backwards} {
						got, count := w.part(acme.ID, store.MemberSearch{Sort: sort, Descending: descending, Offset: offset, Limit: limit})
						if !slices.Equal(got, all[from:to]) || count != len(want) {
							t.Errorf("sort %d, descending %v, %d from %d: got %q of %d, want %q", sort, descending, limit, offset, got, count, all[from:to])
						}
					}
				}
			}
		}
	})
}
