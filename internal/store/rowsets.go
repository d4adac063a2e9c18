package store

import (
	"fmt"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pinyin"
)

// manyRows is how many rows one statement inserts: enough to make statements
// cheap, few enough for the parameters that a statement can have.
const manyRows = 50

// insertMany inserts rows of equal length; into is the table with its columns
// in brackets, tail what follows the rows. It returns how many rows came in.
func (c *conn) insertMany(into, tail string, rows [][]any) (total int64, err error) {
	for len(rows) > 0 {
		some := rows[:min(manyRows, len(rows))]
		rows = rows[len(some):]
		var sql strings.Builder
		sql.WriteString(`INSERT INTO ` + into + ` VALUES `)
		args := make([]any, 0, len(some)*len(some[0]))
		for i, row := range some {
			if i > 0 {
				sql.WriteString(`, `)
			}
			sql.WriteString(placeholders(len(args)+1, len(row)))
			args = append(args, row...)
		}
		n, err := c.exec(sql.String()+` `+tail, args...)
		total += n
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

// placeholders is "($3, $4)" for two from 3 on.
func placeholders(from, n int) string {
	var sql strings.Builder
	sql.WriteByte('(')
	for i := range n {
		if i > 0 {
			sql.WriteString(", ")
		}
		fmt.Fprintf(&sql, "$%d", from+i)
	}
	sql.WriteByte(')')
	return sql.String()
}

// among returns the arguments of an IN list behind those there are, and its
// text. The list is filled up with its last value to a power of two, so that
// few texts are prepared.
func among[T any](args []any, values []T) ([]any, string) {
	length := 1
	for length < len(values) {
		length *= 2
	}
	text := placeholders(len(args)+1, length)
	for i := range length {
		args = append(args, values[min(i, len(values)-1)])
	}
	return args, text
}

// manyValues is how many values one IN list has at most.
const manyValues = 1024

// sets calls read for each stretch of values that fits an IN list.
func sets[T any](values []T, read func(some []T) error) error {
	for len(values) > 0 {
		n := min(manyValues, len(values))
		if err := read(values[:n]); err != nil {
			return err
		}
		values = values[n:]
	}
	return nil
}

// Holders returns the accounts that have some of these login names.
func (t Lookup) Holders(names []identity.LoginName) (map[identity.LoginName]identity.AccountID, error) {
	keys, byKey := make([]string, 0, len(names)), make(map[string]identity.LoginName, len(names))
	for _, name := range names {
		key := t.c.loginKey(name)
		if _, seen := byKey[key]; !seen {
			byKey[key] = name
			keys = append(keys, key)
		}
	}
	holders := map[identity.LoginName]identity.AccountID{}
	err := sets(keys, func(some []string) error {
		args, in := among(nil, some)
		return t.c.each(`SELECT name, account_id FROM login_names WHERE name IN `+in, args, func(scan func(...any) error) error {
			var key string
			var id identity.AccountID
			if err := scan(&key, &id); err != nil {
				return err
			}
			holders[byKey[key]] = id
			return nil
		})
	})
	return holders, err
}

// OfAccounts returns the places of some accounts in an organisation; accounts
// without one are left out.
func (t Members) OfAccounts(org identity.OrganizationID, ids []identity.AccountID) (people []identity.Person, err error) {
	err = sets(ids, func(some []identity.AccountID) error {
		args, in := among([]any{org}, some)
		more, err := list(t.c, t.c.scanPerson, personSelect+`WHERE m.organization_id = $1 AND m.account_id IN `+in, args...)
		people = append(people, more...)
		return err
	})
	return people, err
}

// ByIDs returns some members of an organisation; those that are not there are
// left out.
func (t Members) ByIDs(org identity.OrganizationID, ids []identity.MemberID) (people []identity.Person, err error) {
	err = sets(ids, func(some []identity.MemberID) error {
		args, in := among([]any{org}, some)
		more, err := list(t.c, t.c.scanPerson, personSelect+`WHERE m.organization_id = $1 AND m.id IN `+in, args...)
		people = append(people, more...)
		return err
	})
	return people, err
}

// ByThirdAccounts returns the members with some identifiers in the third
// party's system.
func (t Members) ByThirdAccounts(org identity.OrganizationID, thirds []string) (people []identity.Person, err error) {
	err = sets(thirds, func(some []string) error {
		args, in := among([]any{org}, some)
		more, err := list(t.c, t.c.scanPerson, personSelect+`WHERE m.organization_id = $1 AND m.third_account IN `+in, args...)
		people = append(people, more...)
		return err
	})
	return people, err
}

// NamedAccount is an account with the login names it is to have.
type NamedAccount struct {
	Account identity.Account
	Names   []identity.LoginName
}

// errRaced tells that a row that was looked for came in meanwhile: whoever
// looked may run the transaction again.
var errRaced = fault.New(fault.Stale, fault.CodeStale)

// InsertAll adds accounts with version 1. Whoever calls has looked whether the
// names are free in the same transaction; one that is not is Stale.
func (t Accounts) InsertAll(all []NamedAccount) error {
	var rows, names [][]any
	for _, n := range all {
		a := n.Account
		email, mobile := t.c.sealContacts(a)
		rows = append(rows, []any{
			a.ID, a.Kind, a.OrganizationID, a.Name, a.DisplayName, email, mobile, a.Country, a.Language,
			a.Status, a.Generation, 1, ms(a.CreatedAt), ms(a.UpdatedAt),
		})
		for _, name := range n.Names {
			names = append(names, []any{t.c.loginKey(name), a.ID})
		}
	}
	if _, err := t.c.insertMany(`accounts (id, kind, organization_id, name, display_name, email, mobile, country, language,
		status, generation, version, created_at, updated_at)`, ``, rows); err != nil {
		return err
	}
	n, err := t.c.insertMany(`login_names (name, account_id)`, `ON CONFLICT DO NOTHING`, names)
	if err == nil && n != int64(len(names)) {
		err = errRaced
	}
	return err
}

// InsertAll adds members of one organisation with version 1. Whoever calls has
// looked whether third accounts are free in the same transaction; one that is
// not is Stale.
func (t Members) InsertAll(org identity.OrganizationID, all []identity.Person) error {
	rows := make([][]any, len(all))
	for i, p := range all {
		m := p.Member
		attributes, err := attributesText(m.Attributes)
		if err != nil {
			return err
		}
		sound, initials := pinyin.Of(m.Name)
		rows[i] = []any{
			m.ID, org, m.AccountID, identity.FoldAccount(p.Account.Name), m.Name, identity.Fold(m.Name), m.EnglishName,
			nullable(m.ThirdAccount), m.Role, m.Status, m.Department, m.Title, m.Signature, m.Description, m.SortLevel, m.HideMobile,
			m.Number, attributes, m.Generation, 1, ms(m.CreatedAt), ms(m.UpdatedAt), ms(m.ActivatedAt), ms(m.ExpiresAt),
			sound, initials,
		}
	}
	n, err := t.c.insertMany(`members (id, organization_id, account_id, account_key, name, name_key, english_name, third_account,
		role, status, department_id, title, signature, description, sort_level, hide_mobile, number, attributes, generation,
		version, created_at, updated_at, activated_at, expires_at, name_sound, name_initials)`, `ON CONFLICT DO NOTHING`, rows)
	if err == nil && n != int64(len(rows)) {
		err = errRaced
	}
	if err != nil {
		return err
	}
	if err := t.c.count(org, len(all), 0); err != nil {
		return err
	}
	return t.putContacts(all...)
}

// Child returns the department directly below another with a name, compared
// folded, or NotFound.
func (t Departments) Child(org identity.OrganizationID, parent identity.DepartmentID, name string) (identity.Department, error) {
	return found(t.c, errNoDepartment, scanDepartment, `SELECT `+departmentColumns+` FROM departments
		WHERE organization_id = $1 AND parent_id = $2 AND name_key = $3`, org, parent, identity.Fold(name))
}

// ByNames returns the groups with some names, compared folded.
func (t Groups) ByNames(org identity.OrganizationID, names []string) (groups []identity.Group, err error) {
	folded := make([]string, len(names))
	for i, name := range names {
		folded[i] = identity.Fold(name)
	}
	err = sets(folded, func(some []string) error {
		args, in := among([]any{org}, some)
		more, err := list(t.c, scanGroup, `SELECT `+groupColumns+` FROM member_groups g
			WHERE g.organization_id = $1 AND g.name_key IN `+in, args...)
		groups = append(groups, more...)
		return err
	})
	return groups, err
}

// OfMembers returns the groups that some members are in, each with its names in
// their order.
func (t Groups) OfMembers(org identity.OrganizationID, ids []identity.MemberID) (map[identity.MemberID][]identity.Group, error) {
	of := map[identity.MemberID][]identity.Group{}
	err := sets(ids, func(some []identity.MemberID) error {
		args, in := among([]any{org}, some)
		return t.c.each(`SELECT x.member_id, `+groupColumns+` FROM group_members x JOIN member_groups g ON g.id = x.group_id
			WHERE g.organization_id = $1 AND x.member_id IN `+in+` ORDER BY g.name_key`, args, func(scan func(...any) error) error {
			var id identity.MemberID
			g, err := scanGroup(func(dest ...any) error { return scan(append([]any{&id}, dest...)...) })
			of[id] = append(of[id], g)
			return err
		})
	})
	return of, err
}
