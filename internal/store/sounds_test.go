package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// Rows of a version before sounds are found by them as soon as they are worked
// out, however often that is broken off; nothing else of them changes.
func TestNamesOfBeforeAreHeard(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		for i, name := range []string{"张三", "Bob", "李四", "王五", "Ärger"} {
			p := w.person(acme, root, fmt.Sprintf("p%d@acme", i))
			p.Member.ID, p.Member.Name = identity.MemberID(fmt.Sprintf("mem_%026d", i)), name
			w.update(func(tx *store.Tx) error { return insert(tx, p) })
		}
		w.exec(`UPDATE members SET name_sound = NULL, name_initials = NULL`)
		if got := w.search(acme.ID, store.MemberQuery{Text: "zhang", Limit: 9}); len(got) > 0 {
			t.Fatalf("before: got %q", got)
		}
		for _, want := range []int{2, 2, 1, 0} {
			w.update(func(tx *store.Tx) error {
				n, err := tx.Members.Hear(2)
				if n != want {
					t.Errorf("heard %d, want %d", n, want)
				}
				return err
			})
		}
		for text, want := range map[string][]string{"zhangs": {"张三"}, "ls": {"李四"}, "wang": {"王五"}, "bob": {"Bob"}} {
			if got := w.search(acme.ID, store.MemberQuery{Text: text, Limit: 9}); !slices.Equal(got, want) {
				t.Errorf("%s: got %q, want %q", text, got, want)
			}
		}
		w.update(func(tx *store.Tx) error {
			p, err := tx.Members.Get(acme.ID, "mem_00000000000000000000000000")
			if p.Member.Version != 1 {
				t.Errorf("version %d, want 1", p.Member.Version)
			}
			return err
		})
	})
}

// Whoever comes in and whoever is renamed is found by the new sound alone, one
// by one or many at once.
func TestNamesAreHeardAsTheyAreStored(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		one, many := w.person(acme, root, "one@acme"), w.person(acme, root, "many@acme")
		one.Member.Name, many.Member.Name = "张三", "张飞"
		w.update(func(tx *store.Tx) error { return insert(tx, one) })
		w.update(func(tx *store.Tx) error {
			if err := tx.Accounts.InsertAll([]store.NamedAccount{{Account: many.Account, Names: many.Account.LoginNames(true)}}); err != nil {
				return err
			}
			return tx.Members.InsertAll(acme.ID, []identity.Person{many})
		})
		found := func(text string) string {
			names := w.search(acme.ID, store.MemberQuery{Text: text, Limit: 9})
			slices.Sort(names)
			return strings.Join(names, " ")
		}
		if got := found("zhang"); got != "张三 张飞" {
			t.Errorf("got %q", got)
		}
		one.Member.Name = "Zoe"
		w.update(func(tx *store.Tx) error { return tx.Members.Put(one) })
		if got := found("zhang") + "," + found("zs") + "," + found("zoe"); got != "张飞,,Zoe" {
			t.Errorf("renamed: got %q", got)
		}
	})
}

// A number that somebody hides finds them for administrators alone.
func TestHiddenNumbersFindNobody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		for i, hidden := range []bool{true, false} {
			p := w.person(acme, root, fmt.Sprintf("p%d@acme", i))
			p.Member.Name, p.Member.HideMobile = fmt.Sprintf("P%d", i), hidden
			p.Account.Mobile, p.Account.Email = fmt.Sprintf("+861380000000%d", i), fmt.Sprintf("p%d@acme.example", i)
			w.update(func(tx *store.Tx) error { return insert(tx, p) })
		}
		for _, tt := range []struct {
			text       string
			colleagues bool
			want       []string
		}{
			{"138000", false, []string{"P0", "P1"}},
			{"138000", true, []string{"P1"}},         // as long as a digest
			{"+8613800", true, []string{"P1"}},       // between two
			{"+8613800000000", true, nil},            // whole
			{"p0@acme.ex", true, []string{"P0"}},     // what is not hidden
			{"+8613800000001", true, []string{"P1"}}, // somebody else's
		} {
			names, _ := w.part(acme.ID, store.MemberSearch{Text: tt.text, Colleagues: tt.colleagues})
			if slices.Sort(names); !slices.Equal(names, tt.want) {
				t.Errorf("%s, colleagues %v: got %q, want %q", tt.text, tt.colleagues, names, tt.want)
			}
		}
	})
}
