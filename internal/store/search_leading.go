package store

import (
	"strconv"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pinyin"
)

// MemberMark is where somebody stands in the list that a query makes: their id
// and, where a text is looked for, by what it found them. It stays valid when
// they are gone.
type MemberMark string

// markAt is a mark that was read.
type markAt struct {
	place int
	word  string
	id    identity.MemberID
}

// MarkOf is the mark of somebody whom the query found: the following page comes
// after it.
func (q MemberQuery) MarkOf(p identity.Person) MemberMark {
	id := MemberMark(p.Member.ID)
	text := identity.Fold(q.Text)
	switch {
	case text == "" && q.Sort == SortByName:
		return id + MemberMark(" 0 "+identity.Fold(p.Member.Name))
	case text == "" && q.Sort == SortByAccount:
		return id + MemberMark(" 0 "+identity.FoldAccount(p.Account.Name))
	case text == "":
		return id
	}
	place, word := newWanted(text).foundBy(p)
	return id + MemberMark(" "+strconv.Itoa(place)+" "+word)
}

func (m MemberMark) read() (at markAt, err error) {
	id, rest, searched := strings.Cut(string(m), " ")
	at.id = identity.MemberID(id)
	if !searched {
		return at, nil
	}
	place, word, _ := strings.Cut(rest, " ")
	at.word = word
	if at.place, err = strconv.Atoi(place); err != nil || at.place < 0 {
		return at, fault.New(fault.Invalid, fault.CodeCursor).At("cursor")
	}
	return at, nil
}

// The places in which a text is looked for, in the order in which people are
// listed: whose name begins with it comes first. From inContacts on there is one
// for each form of a contact that the text may be the beginning of.
const (
	inName = iota
	inAccount
	inSound
	inInitials
	inContacts
)

// wanted is a text that is looked for, as each place needs it.
type wanted struct {
	words    [inContacts]string // "" where nothing can be found
	contacts []string
}

func newWanted(text string) wanted {
	sound := soundOf(text)
	w := wanted{words: [inContacts]string{inName: text, inAccount: text, inSound: sound, inInitials: sound}, contacts: []string{text}}
	if strings.Trim(text, "0123456789") == "" {
		w.contacts = append(mobileForms(text), text)
	}
	return w
}

// leadingColumns are the keys of the places before the contacts, each of which
// has an index.
var leadingColumns = [inContacts]string{`m.name_key`, `m.account_key`, `m.` + soundColumns[0], `m.` + soundColumns[1]}

// foundBy is the first place that finds somebody, and their key there: the word
// by which that place is sorted, "" for a contact. Where none does the place is
// behind all.
func (w wanted) foundBy(p identity.Person) (place int, word string) {
	sound, initials := pinyin.Of(p.Member.Name)
	for place, own := range [inContacts]string{identity.Fold(p.Member.Name), identity.FoldAccount(p.Account.Name), sound, initials} {
		if w.words[place] != "" && strings.HasPrefix(own, w.words[place]) {
			return place, own
		}
	}
	for i, form := range w.contacts {
		if strings.HasPrefix(p.Account.Mobile, form) || strings.HasPrefix(p.Account.Email, form) {
			return inContacts + i, ""
		}
	}
	return inContacts + len(w.contacts), ""
}

// leading reads a page of those whom a text finds. One statement walks the index
// of each place, no further than a page is long; who stands in an earlier place
// too, or shares no more than the digest of a contact, is dropped, and the page
// is filled from what follows.
func (t Members) leading(org identity.OrganizationID, text string, q MemberQuery) ([]identity.Person, error) {
	at, err := q.After.read()
	if err != nil {
		return nil, err
	}
	if q.wide() {
		if err := t.c.steady(); err != nil {
			return nil, err
		}
	}
	w, found := newWanted(text), []identity.Person{}
	for {
		marks, err := t.walk(org, w, at, q)
		if err != nil {
			return nil, err
		}
		people, err := t.marked(org, marks)
		if err != nil {
			return nil, err
		}
		for _, mark := range marks {
			p := people[mark.id]
			if place, _ := w.foundBy(p); place == mark.place && len(found) < q.Limit {
				found = append(found, p)
			}
		}
		if len(marks) < q.Limit || len(found) == q.Limit {
			return found, nil
		}
		at = marks[len(marks)-1]
	}
}

// walk returns the next marks after one, at most as many as a page is long.
func (t Members) walk(org identity.OrganizationID, w wanted, after markAt, q MemberQuery) ([]markAt, error) {
	f := &pageFilter{args: []any{org}, now: ms(t.c.tx.now)}
	f.narrow(q)
	if q.Kind == identity.KindMember {
		f.join += `JOIN accounts a ON a.id = m.account_id `
	}
	b := walked{f: f, after: after, limit: f.limit(q.Limit)}
	for place, key := range leadingColumns {
		if word := w.words[place]; word != "" && place >= after.place {
			// The first condition is that of the index on sounds, so that it is used.
			b.branch(place, key, `members m `, key+` <> '' AND `+b.from(place, key, word)+` AND `+key+` < `+f.arg(prefixEnd(word)))
		}
	}
	for i, form := range w.contacts {
		part, err := t.leadingPart(form)
		if err != nil {
			return nil, err
		}
		if part != "" && inContacts+i >= after.place {
			// All contacts of a branch share the digest: the member tells them apart.
			where := `c.organization_id = $1 AND c.digest = ` + f.arg(t.c.contactDigest(org, part))
			if inContacts+i == after.place {
				where += ` AND c.member_id > ` + f.arg(after.id)
			}
			b.branch(inContacts+i, `c.digest`, `member_contacts c JOIN members m ON m.id = c.member_id `, where)
		}
	}
	if len(b.branches) == 0 {
		return nil, nil
	}
	return list(t.c, func(scan func(...any) error) (at markAt, err error) { return at, scan(&at.place, &at.word, &at.id) },
		strings.Join(b.branches, ` UNION ALL `)+` ORDER BY place, word, id LIMIT `+b.limit, f.args...)
}

// walked is the statement of walk as it is put together.
type walked struct {
	f        *pageFilter
	after    markAt
	limit    string
	branches []string
}

// from is where the walk through the index of a place begins: at the word, or
// behind the mark where that is further on. It is one condition and never both:
// of two lower bounds PostgreSQL takes one to find the place to begin at, which
// need not be the nearer, and reads everything up to the other.
func (b *walked) from(place int, key, word string) string {
	if place != b.after.place || b.after.word < word {
		return key + ` >= ` + b.f.arg(word)
	}
	return `(` + key + `, m.id) > (` + b.f.arg(b.after.word) + `, ` + b.f.arg(b.after.id) + `)`
}

// branch adds the walk through one index, which is sorted by a key and then by
// member.
func (b *walked) branch(place int, key, from, where string) {
	id := `m.id`
	if place >= inContacts {
		id = `c.member_id` // by which the index is sorted
	}
	at := strconv.Itoa(place)
	b.branches = append(b.branches, `SELECT * FROM (SELECT `+at+` AS place, `+key+` AS word, `+id+` AS id FROM `+from+b.f.join+
		`WHERE m.organization_id = $1 AND `+where+b.f.where.String()+` ORDER BY `+key+`, `+id+` LIMIT `+b.limit+`) walked`+at)
}

// marked reads the people at some marks, by their id.
func (t Members) marked(org identity.OrganizationID, marks []markAt) (map[identity.MemberID]identity.Person, error) {
	people := make(map[identity.MemberID]identity.Person, len(marks))
	if len(marks) == 0 {
		return people, nil
	}
	ids := make([]identity.MemberID, len(marks))
	for i, mark := range marks {
		ids[i] = mark.id
	}
	args, in := among([]any{org}, ids)
	rows, err := list(t.c, t.c.scanPerson, personSelect+`WHERE m.organization_id = $1 AND m.id IN `+in, args...)
	for _, p := range rows {
		people[p.Member.ID] = p
	}
	return people, err
}
