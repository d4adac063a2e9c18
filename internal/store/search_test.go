package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// search returns the names of the members that a query finds.
func (w town) search(org identity.OrganizationID, q store.MemberQuery) (names []string) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		people, err := tx.Members.Page(org, q)
		names = namesOf(people)
		return err
	})
	return names
}

func TestMemberSearch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		rd := w.department(root, "rd")
		lab := w.department(rd, "lab")
		w.department(root, "rd2")
		for _, p := range []struct {
			name, account, email, mobile string
			dep                          identity.Department
			role                         identity.Role
			status                       identity.MemberStatus
		}{
			{"Alice", "al@acme", "alice.springs@acme.example", "+8613800000001", rd, identity.RoleMember, identity.MemberActive},
			{"Ärger", "bob@acme", "bob@acme.example", "+4917000000002", lab, identity.RoleAdministrator, identity.MemberActive},
			{"王小明", "ming@acme", "", "+8613811111111", root, identity.RoleMember, identity.MemberDisabled},
			{"100%", "per_cent@acme", "", "", root, identity.RoleOwner, identity.MemberActive},
		} {
			person := w.person(acme, p.dep, p.account)
			person.Member.Name, person.Account.Email, person.Account.Mobile = p.name, p.email, p.mobile
			person.Member.Role, person.Member.Status, person.Member.ActivatedAt = p.role, p.status, w.now
			w.update(func(tx *store.Tx) error { return insert(tx, person) })
		}
		over, fresh := w.person(acme, lab, "ended@acme"), w.person(acme, lab, "fresh@acme")
		over.Member.Name, over.Member.ExpiresAt, over.Member.ActivatedAt = "Over", w.now, w.now
		fresh.Member.Name, fresh.Member.ExpiresAt = "Fresh", w.now.AddDate(9, 0, 0)
		w.update(func(tx *store.Tx) error { return errors.Join(insert(tx, over), insert(tx, fresh)) })
		other, otherRoot := w.organization("other")
		stranger := w.person(other, otherRoot, "al@other")
		stranger.Member.Name, stranger.Account.Mobile = "Alice", "+8613800000009"
		w.update(func(tx *store.Tx) error { return insert(tx, stranger) })

		all := []string{"100%", "Alice", "Fresh", "Over", "Ärger", "王小明"}
		tests := []struct {
			name string
			q    store.MemberQuery
			want []string
		}{
			{"everybody", store.MemberQuery{}, all},
			{"blank text", store.MemberQuery{Text: "  "}, all},
			{"name, letter case aside", store.MemberQuery{Text: "ALI"}, []string{"Alice"}},
			{"name beyond ASCII folded", store.MemberQuery{Text: "ärg"}, []string{"Ärger"}},
			{"Chinese name", store.MemberQuery{Text: "王"}, []string{"王小明"}},
			{"how a name sounds", store.MemberQuery{Text: "wangx"}, []string{"王小明"}},
			{"in syllables", store.MemberQuery{Text: "Wang Xiao M"}, []string{"王小明"}},
			{"its initials", store.MemberQuery{Text: "WXM"}, []string{"王小明"}},
			{"a later syllable begins no name", store.MemberQuery{Text: "xiao"}, nil},
			{"account name", store.MemberQuery{Text: "MING@"}, []string{"王小明"}},
			{"mail", store.MemberQuery{Text: "alice.spr"}, []string{"Alice"}},
			{"whole mail", store.MemberQuery{Text: "alice.springs@acme.example"}, []string{"Alice"}},
			{"mail differs beyond the digest", store.MemberQuery{Text: "alice.springfield"}, nil},
			{"mobile with its code", store.MemberQuery{Text: "+8613800"}, []string{"Alice"}},
			{"mobile without plus", store.MemberQuery{Text: "4917000"}, []string{"Ärger"}},
			{"mobile without code", store.MemberQuery{Text: "138"}, []string{"Alice", "王小明"}},
			{"whole mobile", store.MemberQuery{Text: "13811111111"}, []string{"王小明"}},
			{"the middle is not found", store.MemberQuery{Text: "lice"}, nil},
			{"percent is itself", store.MemberQuery{Text: "%"}, nil},
			{"underscore is itself", store.MemberQuery{Text: "per_"}, []string{"100%"}},
			{"quote", store.MemberQuery{Text: "' OR '1'='1"}, nil},
			{"department with its subtree", store.MemberQuery{Department: rd.Path}, []string{"Alice", "Fresh", "Over", "Ärger"}},
			{"department and text", store.MemberQuery{Department: lab.Path, Text: "bob"}, []string{"Ärger"}},
			{"role", store.MemberQuery{Role: identity.RoleAdministrator}, []string{"Ärger"}},
			{"status", store.MemberQuery{Status: identity.MemberDisabled}, []string{"王小明"}},
			{"never came in", store.MemberQuery{Status: identity.MemberInactive}, []string{"Fresh"}},
			{"over", store.MemberQuery{Status: identity.MemberExpired}, []string{"Over"}},
			{"active", store.MemberQuery{Status: identity.MemberActive}, []string{"100%", "Alice", "Ärger"}},
			{"no state at all", store.MemberQuery{Status: "gone"}, nil},
			{"role and status", store.MemberQuery{Role: identity.RoleOwner, Status: identity.MemberDisabled}, nil},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				tt.q.Limit = 50
				if got := w.search(acme.ID, tt.q); !slices.Equal(got, tt.want) {
					t.Errorf("got %v, want %v", got, tt.want)
				}
			})
		}
	})
}

func TestSearchFollowsEdits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		p := w.person(o, root, "alice")
		p.Account.Mobile = "+8613800000001"
		w.update(func(tx *store.Tx) error { return insert(tx, p) })
		p.Account.Mobile, p.Member.Name = "+8613911111111", "Renamed"
		w.update(func(tx *store.Tx) error {
			if err := tx.Accounts.Put(p.Account, p.Account.LoginNames(true)); err != nil {
				return err
			}
			return tx.Members.Put(p)
		})
		for text, want := range map[string][]string{"1380": {}, "1391": {"Renamed"}, "renam": {"Renamed"}, "ali": {"Renamed"}} {
			if got := w.search(o.ID, store.MemberQuery{Text: text, Limit: 9}); !slices.Equal(got, want) {
				t.Errorf("%q: got %v, want %v", text, got, want)
			}
		}
	})
}

// A page is full although the digest finds more than belongs on it.
func TestSearchFillsPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		w.update(func(tx *store.Tx) error {
			for i := range 24 {
				p := w.person(o, root, fmt.Sprintf("m%02d", i))
				// Thirteen digits in common: the digests of all are alike.
				p.Account.Mobile = fmt.Sprintf("+861380000000%d%02d", i%2, i)
				if err := insert(tx, p); err != nil {
					return err
				}
			}
			return nil
		})
		var seen []string
		q := store.MemberQuery{Text: "+8613800000001", Limit: 5}
		for range 9 {
			var page []identity.Person
			w.update(func(tx *store.Tx) (err error) {
				page, err = tx.Members.Page(o.ID, q)
				return err
			})
			if len(page) == 0 {
				break
			}
			q.After = q.MarkOf(page[len(page)-1])
			seen = append(seen, namesOf(page)...)
		}
		slices.Sort(seen)
		if len(seen) != 12 || len(slices.Compact(seen)) != 12 {
			t.Errorf("got %d of 12 members: %v", len(seen), seen)
		}
	})
}

// People are listed by where a text was found, each of them once, however short
// the pages are.
func TestSearchInOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		lab := w.department(root, "lab")
		for i, p := range []struct{ name, account, email string }{
			{"Zoe", "zoe", "lin.zoe@acme.example"},
			{"Yan", "lin.yan", ""},
			{"林", "x", ""},
			{"Lin", "lin", "lin@acme.example"},
			{"Linda", "z", "linda@acme.example"},
			{"Lin", "a", ""},
			{"立农", "y", ""},
			{"李娜", "l1", ""},
			{"Xi", "lin.xi", "lin.xi@acme.example"},
			{"Lim", "lim", "lil@acme.example"},
			{"Guest", "lin.guest", ""},
		} {
			person := w.person(o, []identity.Department{root, lab}[i%2], p.account)
			person.Member.Name, person.Account.Email = p.name, p.email
			if p.name == "Guest" {
				person.Account.Kind = identity.Outside
			}
			w.update(func(tx *store.Tx) error { return insert(tx, person) })
		}
		for _, tt := range []struct {
			q    store.MemberQuery
			want []string
		}{
			{store.MemberQuery{Text: "LIN"}, []string{"Lin", "Lin", "Linda", "Guest", "Xi", "Yan", "林", "李娜", "立农", "Zoe"}},
			{store.MemberQuery{Text: "lin", Kind: identity.KindMember}, []string{"Lin", "Lin", "Linda", "Xi", "Yan", "林", "李娜", "立农", "Zoe"}},
			{store.MemberQuery{Text: "lin", Kind: identity.KindGuest}, []string{"Guest"}},
			{store.MemberQuery{Text: "lin", Department: lab.Path}, []string{"Lin", "Lin", "Yan", "李娜"}},
			{store.MemberQuery{Text: "lin", Limited: true, Below: []string{lab.Path}}, []string{"Lin", "Lin", "Yan", "李娜"}},
			{store.MemberQuery{Text: "lin", Limited: true}, nil},
			{store.MemberQuery{Sort: store.SortByName, Department: lab.Path}, []string{"Lim", "Lin", "Lin", "Yan", "李娜"}},
			{store.MemberQuery{Sort: store.SortByAccount, Department: lab.Path}, []string{"Lin", "李娜", "Lim", "Lin", "Yan"}},
		} {
			for limit := 1; limit <= 12; limit++ {
				tt.q.Limit = limit
				if got := w.leaf(o.ID, tt.q); !slices.Equal(got, tt.want) {
					t.Errorf("%+v: got %v, want %v", tt.q, got, tt.want)
				}
			}
		}
		w.update(func(tx *store.Tx) error {
			for _, mark := range []store.MemberMark{"mem_1 x lin", "mem_1 -1 lin", "mem_1 "} {
				if _, err := tx.Members.Page(o.ID, store.MemberQuery{Text: "lin", After: mark, Limit: 9}); fault.KindOf(err) != fault.Invalid {
					t.Errorf("after %q: got %v", mark, err)
				}
			}
			people, err := tx.Members.Page(o.ID, store.MemberQuery{Text: "lin", After: "mem_1 99 lin", Limit: 9})
			if len(people) != 0 {
				t.Errorf("behind all places: got %v", namesOf(people))
			}
			return err
		})
	})
}

// leaf reads a list page by page.
func (w town) leaf(org identity.OrganizationID, q store.MemberQuery) (names []string) {
	w.t.Helper()
	for range 99 {
		var page []identity.Person
		w.update(func(tx *store.Tx) (err error) {
			page, err = tx.Members.Page(org, q)
			return err
		})
		for _, p := range page {
			names = append(names, p.Member.Name)
		}
		if len(page) < q.Limit {
			return names
		}
		q.After = q.MarkOf(page[len(page)-1])
	}
	w.t.Fatalf("%+v has no end", q)
	return nil
}
