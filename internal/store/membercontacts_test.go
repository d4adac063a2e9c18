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

// Members of a version that made fewer digests are found before the others are
// made, while they are, and afterwards, in both kinds of lists; nothing else of
// them changes.
func TestContactsOfBeforeAreFound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		for i, mail := range []string{"anna@acme.example", "annb@acme.example", "anna.b@acme.example", "bert@acme.example", "a@b.c"} {
			p := w.person(acme, root, fmt.Sprintf("p%d@acme", i))
			p.Member.ID, p.Member.Name = identity.MemberID(fmt.Sprintf("mem_%026d", i)), fmt.Sprintf("P%d", i)
			p.Account.Email, p.Account.Mobile = mail, fmt.Sprintf("+861380000000%d", i)
			w.update(func(tx *store.Tx) error { return insert(tx, p) })
		}
		found := func(stage string) {
			t.Helper()
			for text, want := range map[string]string{
				"ann": "P0 P1 P2", "anna": "P0 P2", "anna@": "P0", "anna@a": "P0", "anna@acme": "P0", "bert": "P3", "bertx": "",
				"a@b.c": "P4", "1380": "P0 P1 P2 P3 P4", "+8613800000003": "P3",
			} {
				pages := w.search(acme.ID, store.MemberQuery{Text: text, Limit: 9})
				numbered, _ := w.part(acme.ID, store.MemberSearch{Text: text})
				slices.Sort(numbered)
				if got := strings.Join(pages, " "); got != want {
					t.Errorf("%s, %s: got %q, want %q", stage, text, got, want)
				}
				if got := strings.Join(numbered, " "); got != want {
					t.Errorf("%s, %s, numbered: got %q, want %q", stage, text, got, want)
				}
			}
			w.update(func(tx *store.Tx) error {
				people, err := tx.Members.ByContact(acme.ID, "a@b.c")
				if len(people) != 1 || people[0].Member.Version != 1 {
					t.Errorf("%s: by contact got %+v", stage, people)
				}
				return err
			})
		}
		found("new")
		w.asBefore(acme, root, "anna@", "annb@", "anna.", "bert@", "a@b.c")
		found("before")
		for _, want := range []int{2, 2, 1, 0} {
			w.update(func(tx *store.Tx) error {
				n, err := tx.Members.DigestContacts(2)
				if n != want {
					t.Errorf("made those of %d, want %d", n, want)
				}
				return err
			})
			found("meanwhile")
		}
	})
}

// asBefore takes the digests away that a version of before did not make, of the
// mail addresses that begin with five letters each. Which those are is seen at
// people who share all five with them, and three.
func (w town) asBefore(o identity.Organization, root identity.Department, beginnings ...string) {
	w.t.Helper()
	for n, five := range beginnings {
		var ids [2]identity.MemberID
		for i, mail := range []string{five + "?", fmt.Sprintf("%s?%d", five[:3], n)} {
			p := w.person(o, root, fmt.Sprintf("x%d@%s", i, strings.ReplaceAll(five, "@", "-")))
			p.Account.Email, p.Account.Mobile = mail, ""
			ids[i] = p.Member.ID
			w.update(func(tx *store.Tx) error { return insert(tx, p) })
		}
		w.exec(`DELETE FROM member_contacts WHERE digest IN (SELECT digest FROM member_contacts WHERE member_id = $1)
			AND digest NOT IN (SELECT digest FROM member_contacts WHERE member_id = $2)`, ids[0], ids[1])
		w.exec(`DELETE FROM members WHERE id IN ($1, $2)`, ids[0], ids[1])
	}
	w.exec(`INSERT INTO member_contacts_due SELECT id FROM members`)
}
