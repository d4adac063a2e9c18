package store

import (
	"fmt"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/identity"
)

// MemberSearch asks for a part of a list of people by its place, for surfaces
// whose lists are numbered; those of our own go on by a cursor (MemberQuery),
// which costs the same wherever it stands. Empty fields do not narrow.
type MemberSearch struct {
	// Text is looked for in name, its sound, account name and third account,
	// letter case aside, and at the beginning of mobile and mail; in an
	// organisation of more than substringMembers at the beginning of all of them.
	Text string
	// Colleagues is for a list that everybody may search: Text is looked for in
	// the SIP number instead of the third account, and finds nobody by a mobile
	// number that they hide.
	Colleagues bool
	Branch     string                // path of a department; what is below it counts
	Department identity.DepartmentID // one department alone
	Roles      []identity.Role
	Disabled   *bool
	Scope      *identity.Scope // nil is everything
	Sort       MemberSort
	Descending bool
	Offset     int // beyond the end it is that of the last page
	Limit      int
}

// MemberSort is what a list is sorted by. Equal ones stand in the order of
// their making.
type MemberSort uint8

// The sorts. Those by making, name, account and place walk an index; the others read
// the whole list.
const (
	SortByMaking MemberSort = iota
	SortByAccount
	SortByPlace // SortLevel
	SortByRole  // owner, administrators, members
	SortByStatus
	SortByDepartment // its code
	SortByName
)

// sortKeys are what the sorts compare.
var sortKeys = map[MemberSort]string{
	SortByMaking:     ``,
	SortByAccount:    `m.account_key`,
	SortByPlace:      `m.sort_level`,
	SortByRole:       `CASE m.role WHEN 'owner' THEN 0 WHEN 'administrator' THEN 1 ELSE 2 END`,
	SortByStatus:     `CASE m.status WHEN 'disabled' THEN 1 ELSE 0 END`,
	SortByDepartment: `d.code_key`,
	SortByName:       `m.name_key`,
}

const (
	// substringMembers is how many people are read one by one to find a text in
	// the middle of a name.
	substringMembers = 20_000
	// contactCandidates bounds how many contacts are opened for a text whose
	// length no digest has.
	contactCandidates = 2_000
)

// Search returns up to q.Limit people of an organisation from q.Offset on, and
// how many there are in all.
func (t Members) Search(org identity.OrganizationID, q MemberSearch) (people []identity.Person, count int, err error) {
	total, _, err := Organizations(t).Counts(org)
	if err != nil {
		return nil, 0, err
	}
	f := &memberFilter{args: []any{org}, colleagues: q.Colleagues}
	if err := f.fill(t, org, total, q); err != nil {
		return nil, 0, err
	}
	if count = total; f.narrows {
		err = t.c.row(`SELECT count(*) FROM members m`+f.join+` WHERE m.organization_id = $1`+f.where.String(), f.args...).scan(&count)
	}
	if err != nil || count == 0 {
		return nil, 0, err
	}
	people, err = t.part(f, q, count)
	return people, count, err
}

// part reads one page, from whichever end of the list is nearer.
func (t Members) part(f *memberFilter, q MemberSearch, count int) ([]identity.Person, error) {
	offset := q.Offset
	if offset >= count {
		offset = (count - 1) / q.Limit * q.Limit
	}
	n := min(q.Limit, count-offset)
	descending, skip := q.Descending, offset
	if offset > count/2 {
		descending, skip = !descending, count-offset-n
	}
	key := sortKeys[q.Sort]
	join := f.join
	if q.Sort == SortByDepartment && join == "" {
		join = joinDepartment
	}
	order := ` ORDER BY `
	direction := ``
	if descending {
		direction = ` DESC`
	}
	if key != "" {
		order += key + direction + `, `
	}
	order += `m.id` + direction
	inner := `SELECT m.id FROM members m` + join + ` WHERE m.organization_id = $1` + f.where.String() + order +
		` LIMIT ` + f.arg(n) + ` OFFSET ` + f.arg(skip)
	people, err := list(t.c, t.c.scanPerson, personSelect+joinDepartment+` WHERE m.organization_id = $1 AND m.id IN (`+inner+`)`+order, f.args...)
	if descending != q.Descending {
		slices.Reverse(people)
	}
	return people, err
}

const joinDepartment = ` JOIN departments d ON d.id = m.department_id`

// memberFilter is the conditions of one search. Every value is an argument,
// never part of the statement; $1 is the organisation.
type memberFilter struct {
	where   strings.Builder
	join    string
	args    []any
	narrows bool
	// colleagues is that of the search.
	colleagues bool
}

func (f *memberFilter) arg(v any) string {
	f.args = append(f.args, v)
	return fmt.Sprintf("$%d", len(f.args))
}

func (f *memberFilter) and(condition string) {
	f.narrows = true
	f.where.WriteString(` AND (` + condition + `)`)
}

func (f *memberFilter) fill(t Members, org identity.OrganizationID, total int, q MemberSearch) error {
	f.place(q)
	if len(q.Roles) > 0 {
		var either []string
		for _, role := range q.Roles {
			either = append(either, `m.role = `+f.arg(role))
		}
		// What is said twice lets the index of the few be used.
		if !slices.Contains(q.Roles, identity.RoleMember) {
			f.and(`m.role <> 'member'`)
		}
		f.and(strings.Join(either, ` OR `))
	}
	if q.Disabled != nil {
		equal := map[bool]string{true: `=`, false: `<>`}[*q.Disabled]
		f.and(`m.status ` + equal + ` 'disabled'`)
	}
	text := identity.Fold(q.Text)
	if text == "" {
		return nil
	}
	return f.text(t, org, text, total)
}

// place narrows to departments.
func (f *memberFilter) place(q MemberSearch) {
	if q.Department != "" {
		f.and(`m.department_id = ` + f.arg(q.Department))
	}
	if q.Branch != "" && q.Branch != identity.RootDepartmentCode+"/" {
		f.join = joinDepartment
		f.and(`d.path >= ` + f.arg(q.Branch) + ` AND d.path < ` + f.arg(prefixEnd(q.Branch)))
	}
	if q.Scope == nil || q.Scope.Everything {
		return
	}
	f.join = joinDepartment
	f.and(scopeCondition(*q.Scope, f.arg))
}

// scopeCondition is what departments within a scope satisfy. It compares
// paths, so that it is as long as the scope and not as the tree.
func scopeCondition(s identity.Scope, arg func(any) string) string {
	either := []string{`is_open`}
	if s.Own != "" {
		either = append(either, `path = `+arg(s.Own))
	}
	for _, branch := range s.Branches {
		either = append(either, `path >= `+arg(branch)+` AND path < `+arg(prefixEnd(branch)))
	}
	return strings.Join(either, ` OR `)
}

// text narrows to those whom a folded text finds.
func (f *memberFilter) text(t Members, org identity.OrganizationID, text string, total int) error {
	if total > substringMembers {
		low, high := f.arg(text), f.arg(prefixEnd(text))
		branches := soundBranches(text, f.arg)
		for _, key := range f.keys(`name_key`, `account_key`, `third_account`) {
			branches = append(branches, `SELECT id FROM members WHERE organization_id = $1 AND `+key+` >= `+low+` AND `+key+` < `+high)
		}
		contacts, err := f.contacts(t, org, text)
		f.and(`m.id IN (` + strings.Join(append(branches, contacts...), ` UNION `) + `)`)
		return err
	}
	pattern := f.arg(containing(text))
	either := []string{}
	for _, key := range f.keys(`m.name_key`, `m.account_key`, `lower(m.third_account)`) {
		either = append(either, key+` LIKE `+pattern+` ESCAPE '\'`)
	}
	if f.colleagues {
		either = append(either, `m.number LIKE `+pattern+` ESCAPE '\'`)
	}
	if typed := soundOf(text); typed != "" {
		sound := f.arg(containing(typed))
		for _, column := range soundColumns {
			either = append(either, `m.`+column+` LIKE `+sound+` ESCAPE '\'`)
		}
	}
	contacts, err := f.contacts(t, org, text)
	for _, found := range contacts {
		either = append(either, `m.id IN (`+found+`)`)
	}
	f.and(strings.Join(either, ` OR `))
	return err
}

// keys are the columns that a text is looked for in: name, account name and, but
// for colleagues, whom it is no concern of, third account.
func (f *memberFilter) keys(name, account, third string) []string {
	if f.colleagues {
		return []string{name, account}
	}
	return []string{name, account, third}
}

// contacts are subqueries of the members whose mobile or mail begins with a
// text. Where the text is exactly as long as a digest the digest says it all;
// else the contacts that share their beginning with it are opened, up to
// contactCandidates of them: more have to be told apart by typing on.
func (f *memberFilter) contacts(t Members, org identity.OrganizationID, text string) (subqueries []string, err error) {
	forms := []string{text}
	if strings.Trim(text, "+0123456789") == "" {
		forms = append(mobileForms(text), text)
	}
	for _, form := range forms {
		part, err := t.leadingPart(form)
		switch {
		case err != nil:
			return nil, err
		case part == "":
		case part == form:
			subqueries = append(subqueries, `SELECT member_id FROM member_contacts WHERE organization_id = $1 AND digest = `+
				f.arg(t.c.contactDigest(org, part))+f.shown(form))
		default:
			ids, err := t.beginning(org, t.c.contactDigest(org, part), form)
			if err != nil {
				return nil, err
			}
			for i, id := range ids {
				ids[i] = f.arg(id)
			}
			if len(ids) > 0 {
				subqueries = append(subqueries, `SELECT id FROM members WHERE organization_id = $1 AND id IN (`+strings.Join(ids, `, `)+`)`+f.open(form))
			}
		}
	}
	return subqueries, nil
}

// shown leaves out of the contacts that have a digest those who hide what it
// is of; open does so among members. A number begins with a plus, and hardly any
// mail address.
func (f *memberFilter) shown(form string) string {
	if !f.colleagues || !strings.HasPrefix(form, "+") {
		return ""
	}
	return ` AND member_id NOT IN (SELECT id FROM members WHERE organization_id = $1 AND hide_mobile)`
}

func (f *memberFilter) open(form string) string {
	if !f.colleagues || !strings.HasPrefix(form, "+") {
		return ""
	}
	return ` AND NOT hide_mobile`
}

// beginning returns the members with a contact that begins with a form, among
// the first contactCandidates whose contacts have its digest.
func (t Members) beginning(org identity.OrganizationID, digest, form string) (ids []string, err error) {
	people, err := list(t.c, t.c.scanPerson, personSelect+`WHERE m.organization_id = $1 AND m.id IN
		(SELECT member_id FROM member_contacts WHERE organization_id = $1 AND digest = $2 ORDER BY member_id LIMIT $3)`,
		org, digest, contactCandidates)
	for _, p := range people {
		if strings.HasPrefix(p.Account.Email, form) || strings.HasPrefix(p.Account.Mobile, form) {
			ids = append(ids, string(p.Member.ID))
		}
	}
	return ids, err
}
