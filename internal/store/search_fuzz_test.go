package store_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// FuzzMemberSearch types anything and goes on after anything. Whoever is called
// as was typed is found, each of them once, whether a page is long or short.
func FuzzMemberSearch(f *testing.F) {
	for _, text := range []string{"lin", "1380", "+86138", "王", "%", "_", `\`, "' OR '1'='1", "\x00", "LIN ", "\U0010FFFF", "l\u0131n", "a@b"} {
		f.Add(text, "")
		f.Add(text, "mem_0 2 lin")
	}
	w := newTown(f, func(o ...storetest.Option) *store.DB { return storetest.Open(f, o...) })
	acme, root := w.organization("acme")
	names := []string{"Lin", "林", "Linda", "王小明", "100%", "per_cent", `back\slash`, "Ärger", "İstanbul", "a@b"}
	for i, name := range names {
		p := w.person(acme, root, "p"+name)
		p.Member.Name, p.Account.Mobile = name, "+861380000000"+string(rune('0'+i))
		w.update(func(tx *store.Tx) error { return insert(tx, p) })
	}
	f.Fuzz(func(t *testing.T, text, mark string) {
		if strings.Contains(text, "\x00") || !utf8.ValidString(text) {
			return // refused before any statement
		}
		find := func(tx *store.Tx, q store.MemberQuery) (found []string) {
			for range 2 * len(names) {
				page, err := tx.Members.Page(acme.ID, q)
				if err != nil {
					t.Fatalf("%q after %q: %v", text, q.After, err)
				}
				found = append(found, namesOf(page)...)
				if len(page) < q.Limit {
					return found
				}
				q.After = q.MarkOf(page[len(page)-1])
			}
			t.Fatalf("%q: no end", text)
			return nil
		}
		err := w.db.View(t.Context(), func(tx *store.Tx) error {
			long := find(tx, store.MemberQuery{Text: text, Limit: 50})
			if short := find(tx, store.MemberQuery{Text: text, Limit: 1}); !slices.Equal(slices.Sorted(slices.Values(short)), slices.Sorted(slices.Values(long))) {
				t.Errorf("%q: got %q by one and %q at once", text, short, long)
			}
			for _, name := range names {
				if wanted := identity.Fold(text); strings.HasPrefix(identity.Fold(name), wanted) && !slices.Contains(long, name) {
					t.Errorf("%q does not find %q", text, name)
				}
			}
			_, err := tx.Members.Page(acme.ID, store.MemberQuery{Text: text, After: store.MemberMark(mark), Limit: 3})
			if fault.KindOf(err) == fault.Invalid {
				return nil
			}
			return err
		})
		if err != nil {
			t.Errorf("%q after %q: %v", text, mark, err)
		}
	})
}
