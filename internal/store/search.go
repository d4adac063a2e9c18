package store

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/orgate/orgate/internal/identity"
)

// MemberQuery narrows a page of members. Empty fields do not narrow.
type MemberQuery struct {
	Text       string // leading part of name, its sound, account name, mobile or mail
	Department string // path of a department; its subtree counts
	Role       identity.Role
	Status     identity.MemberStatus
	Kind       identity.MemberKind
	// Limited leaves none but those whose department is below one of the paths
	// in Below, or is one of them.
	Limited bool
	Below   []string
	// Sort is by making, by name or by account; it says nothing where a text is
	// looked for.
	Sort  MemberSort
	After MemberMark // "" is the beginning
	Limit int
}

// wide tells that a query leaves out nobody but for its text.
func (q MemberQuery) wide() bool {
	return q.Department == "" && !q.Limited && q.Role == "" && q.Status == "" && q.Kind == ""
}

// contactLengths are the leading parts of a contact that can be searched: a
// longer text is looked for by the longest of them and filtered after opening.
// More lengths would cost each new member more rows (docs/decisions).
var contactLengths = [...]int{3, 6, 9, 12}

// mailLengths are those of a member's mail address. Three letters find
// thousands in a large organisation, of whom one that is typed more leaves a few.
var mailLengths = [...]int{3, 4, 5, 6, 9, 12}

// memberLengths are the lengths that a contact of a member has, or a text that
// one may begin with. Numbers begin with a plus, and hardly any mail address.
func memberLengths(contact string) []int {
	if strings.HasPrefix(contact, "+") {
		return contactLengths[:]
	}
	return mailLengths[:]
}

// longestPart is the longest beginning of a text that has one of the lengths,
// which ascend, or "" when it is shorter than all.
func longestPart(lengths []int, text string) (part string) {
	for _, n := range lengths {
		if len(text) >= n {
			part = text[:n]
		}
	}
	return part
}

// Page returns up to q.Limit people of an organisation after q.After: in the
// order that is asked for or, where a text is looked for, those whose name begins
// with it before those whose account name, the sound of whose name or whose
// contact does. The cost of a page does not depend on its place, nor on how many
// there are. A mark that is none is Invalid (cursor).
func (t Members) Page(org identity.OrganizationID, q MemberQuery) ([]identity.Person, error) {
	if text := identity.Fold(q.Text); text != "" {
		return t.leading(org, text, q)
	}
	at, err := q.After.read()
	if err != nil {
		return nil, err
	}
	f := &pageFilter{args: []any{org, at.id}, now: ms(t.c.tx.now)}
	after, order := `m.id > $2`, `m.id`
	if key := sortKeys[q.Sort]; q.Sort != SortByMaking {
		after, order = `(`+key+`, m.id) > (`+f.arg(at.word)+`, $2)`, key+`, m.id`
	}
	f.narrow(q)
	return list(t.c, t.c.scanPerson, personSelect+f.join+`WHERE m.organization_id = $1 AND `+after+f.where.String()+
		` ORDER BY `+order+` LIMIT `+f.limit(q.Limit), f.args...)
}

// mobileForms are the ways in which a typed number may begin a stored one.
func mobileForms(text string) []string {
	if strings.HasPrefix(text, "+") {
		return []string{text}
	}
	return []string{"+" + text, "+86" + text}
}

// guestAccounts are the accounts that sources made in an organisation. The kind
// is written out so that the index on them is used.
const guestAccounts = `SELECT id FROM accounts WHERE organization_id = $1 AND kind = 'outside'`

// pageFilter is what narrows one page. Every value is an argument, never part of
// the statement, but for some lengths of pages; $1 is the organisation, m the member and a the account.
type pageFilter struct {
	join  string
	where strings.Builder
	args  []any
	now   int64
}

func (f *pageFilter) arg(v any) string {
	f.args = append(f.args, v)
	return fmt.Sprintf("$%d", len(f.args))
}

// limit is the length of a page. Where nothing narrows one plan suits all, and
// the number is written out: with an argument PostgreSQL expects a tenth of
// everybody of any plan and makes one for each call instead, which takes longer
// than to run it. What narrows is better planned for its values.
func (f *pageFilter) limit(n int) string {
	if f.join == "" && f.where.Len() == 0 {
		return strconv.Itoa(n)
	}
	return f.arg(n)
}

// narrow adds what a query says but its text.
func (f *pageFilter) narrow(q MemberQuery) {
	if q.Department != "" || q.Limited {
		f.join = `JOIN departments d ON d.id = m.department_id `
	}
	if q.Department != "" {
		f.where.WriteString(` AND ` + below(q.Department, f.arg))
	}
	if q.Limited {
		f.where.WriteString(` AND (1 = 0`)
		for _, path := range q.Below {
			f.where.WriteString(` OR (` + below(path, f.arg) + `)`)
		}
		f.where.WriteString(`)`)
	}
	if q.Role != "" {
		f.where.WriteString(` AND m.role = ` + f.arg(q.Role))
	}
	if q.Status != "" {
		f.where.WriteString(statusIs(q.Status, func() string { return f.arg(f.now) }))
	}
	switch q.Kind {
	case identity.KindGuest:
		f.where.WriteString(` AND m.account_id IN (` + guestAccounts + `)`)
	case identity.KindMember:
		f.where.WriteString(` AND a.kind <> 'outside'`)
	}
}

// statusIs narrows to members in a state at an instant, as Member.Standing has
// it. A state that is none narrows to nobody.
func statusIs(status identity.MemberStatus, now func() string) string {
	const standing = ` AND m.status = 'active' AND `
	switch status {
	case identity.MemberActive:
		return standing + `m.activated_at <> 0 AND (m.expires_at = 0 OR m.expires_at > ` + now() + `)`
	case identity.MemberInactive:
		return standing + `m.activated_at = 0 AND (m.expires_at = 0 OR m.expires_at > ` + now() + `)`
	case identity.MemberExpired:
		return standing + `m.expires_at <> 0 AND m.expires_at <= ` + now()
	case identity.MemberDisabled:
		return ` AND m.status = 'disabled'`
	}
	return ` AND 1 = 0`
}

// below is the condition that a department d is in a subtree.
func below(path string, arg func(any) string) string {
	return `d.path >= ` + arg(path) + ` AND d.path < ` + arg(prefixEnd(path))
}

// leadingPart is the longest beginning of a text by whose digest all members are
// found who have a contact with it, or "". As long as there is a member without
// the digests of mail addresses it is one that all contacts have.
func (t Members) leadingPart(text string) (string, error) {
	part := longestPart(memberLengths(text), text)
	if part == "" || slices.Contains(contactLengths[:], len(part)) {
		return part, nil
	}
	due, err := t.contactsDue(1)
	if err != nil || len(due) == 0 {
		return part, err
	}
	return longestPart(contactLengths[:], text), nil
}

func (c *conn) contactDigest(org identity.OrganizationID, text string) string {
	return hex.EncodeToString(c.box().Digest("contact:"+string(org), text)[:8])
}

// ByContact returns the members of an organisation whose mail address or mobile
// number, normalised, is exactly this one, in the order of their making. They
// are found by their leading part, so the cost grows with how many share it.
func (t Members) ByContact(org identity.OrganizationID, contact string) ([]identity.Person, error) {
	part, err := t.leadingPart(contact)
	if part == "" || err != nil {
		return nil, err
	}
	people, err := list(t.c, t.c.scanPerson, personSelect+`WHERE m.organization_id = $1 AND m.id IN
		(SELECT member_id FROM member_contacts WHERE organization_id = $1 AND digest = $2) ORDER BY m.id`, org, t.c.contactDigest(org, part))
	return slices.DeleteFunc(people, func(p identity.Person) bool {
		return p.Account.Email != contact && p.Account.Mobile != contact
	}), err
}

// prefixEnd returns the smallest text greater than every text that begins with
// prefix, in byte order; with it a prefix becomes a range of an index.
func prefixEnd(prefix string) string {
	// U+10FFFF sorts after every character that may follow.
	return prefix + "\U0010FFFF"
}
