package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// pagesOfMembers is how many pages of the members and their indexes this
// transaction has read so far, 0 where that is not counted.
func pagesOfMembers(tx *store.Tx, count bool) (pages int64, err error) {
	if !count {
		return 0, nil
	}
	err = store.Scan(tx, &pages, `SELECT sum(pg_stat_get_xact_blocks_fetched(oid))::bigint FROM pg_class
		WHERE oid = 'members'::regclass OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = 'members'::regclass)`)
	return pages, err
}

// A search reads the leaves on which those stand whom it finds, not those before
// them: neither at the beginning of a list nor further on, neither with the plan
// for one text nor with that for any, and without statistics. PostgreSQL alone
// counts what it reads.
func TestSearchReadsFewPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		const crowd = 1_500
		w.update(func(tx *store.Tx) error {
			for i := range crowd {
				p := w.person(o, root, fmt.Sprintf("m%04d", i))
				p.Member.Name = fmt.Sprintf("M%04d %s", i, strings.Repeat("long ", 90)) // a leaf holds fifteen
				if i >= crowd-3 {
					p.Member.Name = fmt.Sprintf("Zoe %d", i)
				}
				if err := insert(tx, p); err != nil {
					return err
				}
			}
			return nil
		})
		count := store.Dialect(w.db) == "postgres"
		// A walk through a tree for each of the places and for everybody found are some
		// fifteen; as many again is what planning reads of the indexes, of each a page.
		// The leaves of names alone are more than a hundred.
		const most = 60
		for _, tt := range []struct {
			q    store.MemberQuery
			want []string
		}{
			{store.MemberQuery{Text: "zoe", Limit: 2}, []string{"Zoe 1497", "Zoe 1498"}},
			{store.MemberQuery{Text: "zoe", Limit: 2, After: "mem_9 0 zoe 1498"}, []string{"Zoe 1499"}},
			{store.MemberQuery{Text: "zoe", Limit: 2, After: "mem_9 0 a"}, []string{"Zoe 1497", "Zoe 1498"}},
			{store.MemberQuery{Text: "m1499", Limit: 2}, []string{"Zoe 1499"}},
		} {
			for range 8 { // from the sixth on the server may plan for any text
				err := w.db.View(t.Context(), func(tx *store.Tx) error {
					before, err := pagesOfMembers(tx, count)
					if err != nil {
						return err
					}
					people, err := tx.Members.Page(o.ID, tt.q)
					if got := namesOf(people); err != nil || !slices.Equal(got, tt.want) {
						t.Errorf("%+v: got %v, %v, want %v", tt.q, got, err, tt.want)
					}
					after, err := pagesOfMembers(tx, count)
					if read := after - before; read > most || count && read < 1 {
						t.Errorf("%+v: %d pages were read, want at most %d", tt.q, read, most)
					}
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
