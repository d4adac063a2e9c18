package store

import (
	"strings"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pinyin"
)

// soundColumns hold how a name is typed by its sound, whole and by initials.
var soundColumns = [...]string{`name_sound`, `name_initials`}

// soundOf is a folded text as a sound: people type blanks between syllables, or
// none. A text with a Chinese character in it is no sound: "".
func soundOf(text string) string {
	if sound, _ := pinyin.Of(text); sound != "" {
		return ""
	}
	return strings.Join(strings.Fields(text), "")
}

// soundBranches are subqueries of the members of $1 whose name begins with a
// sound; each walks an index of the names that have one.
func soundBranches(text string, arg func(any) string) (branches []string) {
	typed := soundOf(text)
	if typed == "" {
		return nil
	}
	low, high := arg(typed), arg(prefixEnd(typed))
	for _, column := range soundColumns {
		// The first condition repeats that of the index, so that it is used.
		branches = append(branches, `SELECT id FROM members WHERE organization_id = $1 AND `+column+` <> '' AND `+column+` >= `+low+` AND `+column+` < `+high)
	}
	return branches
}

// Hear works out the sounds of up to limit names that were stored before sounds
// were, and returns how many it was. Members keep their version: nobody sees
// what changes.
func (t Members) Hear(limit int) (n int, err error) {
	type named struct {
		id   identity.MemberID
		name string
	}
	unheard, err := list(t.c, func(scan func(...any) error) (one named, err error) { return one, scan(&one.id, &one.name) },
		`SELECT id, name FROM members WHERE name_sound IS NULL ORDER BY id LIMIT $1`, limit)
	if err != nil {
		return 0, err
	}
	for _, one := range unheard {
		sound, initials := pinyin.Of(one.name)
		// Somebody may have given the member another name meanwhile.
		if err := t.c.later(`UPDATE members SET name_sound = $3, name_initials = $4 WHERE id = $1 AND name = $2`,
			one.id, one.name, sound, initials); err != nil {
			return 0, err
		}
	}
	return len(unheard), nil
}
