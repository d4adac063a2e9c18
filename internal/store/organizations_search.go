package store

import (
	"fmt"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Search returns up to limit organisations from offset on, in the order of
// their making, and how many there are in all; beyond the end they are those of
// the last page. A text narrows to those that have it in name, code, identifier,
// telephone, mail address or their owner's account, and to those whose owner
// signs in by it as mobile or mail.
func (t Organizations) Search(text string, offset, limit int) (page []identity.Organization, count int, err error) {
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return fmt.Sprintf("$%d", len(args))
	}
	where := ``
	if folded := identity.Fold(text); folded != "" {
		owners, err := t.ownersBy(folded)
		if err != nil {
			return nil, 0, err
		}
		where = ` WHERE ` + t.having(folded, owners, arg)
	}
	if err := t.c.row(`SELECT count(*) FROM organizations`+where, args...).scan(&count); err != nil || count == 0 {
		return nil, 0, err
	}
	if offset >= count {
		offset = (count - 1) / limit * limit
	}
	page, err = list(t.c, scanOrganization, `SELECT `+organizationColumns+` FROM organizations`+where+
		` ORDER BY id LIMIT `+arg(limit)+` OFFSET `+arg(offset), args...)
	return page, count, err
}

// having is the condition of a text. Every value is an argument.
func (t Organizations) having(text string, owners []identity.AccountID, arg func(any) string) string {
	pattern := arg(containing(text))
	var either []string
	for _, column := range []string{`name_key`, `code_key`, `id`, t.c.traits.profile("Phone"), t.c.traits.profile("Email")} {
		either = append(either, column+` LIKE `+pattern+` ESCAPE '\'`)
	}
	of := `account_key LIKE ` + pattern + ` ESCAPE '\'`
	for _, id := range owners {
		of += ` OR account_id = ` + arg(id)
	}
	return strings.Join(either, ` OR `) + ` OR id IN (SELECT organization_id FROM members WHERE role = 'owner' AND role <> 'member' AND (` + of + `))`
}

// ownersBy returns the accounts that sign in by a text as mobile or mail.
func (t Organizations) ownersBy(text string) (ids []identity.AccountID, err error) {
	names := []identity.LoginName{{Kind: identity.ByEmail, Text: text}}
	if strings.Trim(text, "+0123456789") == "" {
		names = nil
		for _, form := range mobileForms(text) {
			names = append(names, identity.LoginName{Kind: identity.ByMobile, Text: form})
		}
	}
	for _, name := range names {
		a, err := Lookup(t).Account(name)
		if fault.Is(err, fault.CodeAccountNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, a.ID)
	}
	return ids, nil
}

// Owners returns the owners of several organisations, those that have one.
func (t Members) Owners(orgs []identity.OrganizationID) (map[identity.OrganizationID]identity.Person, error) {
	args := make([]any, 0, len(orgs))
	for _, id := range orgs {
		args = append(args, id)
	}
	if len(orgs) == 0 {
		return nil, nil
	}
	people, err := list(t.c, t.c.scanPerson, personSelect+`WHERE m.organization_id IN `+placeholders(1, len(orgs))+`
		AND m.role = 'owner' AND m.role <> 'member'`, args...)
	owners := make(map[identity.OrganizationID]identity.Person, len(people))
	for _, p := range people {
		owners[p.Member.OrganizationID] = p
	}
	return owners, err
}
