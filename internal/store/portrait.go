package store

import "github.com/orgate/orgate/internal/identity"

// Portrait is a member with the names of all they belong to.
type Portrait struct {
	identity.Person
	OrganizationCode string
	OrganizationName string
	Department       string
	Groups           []string
}

// Portrait returns a member of an organisation with the names of all they
// belong to, groups in the order of their names, or NotFound. It is one
// statement.
func (t Members) Portrait(org identity.OrganizationID, id identity.MemberID) (Portrait, error) {
	var p Portrait
	var m memberScan
	var a accountScan
	into := append(append(m.into(), a.into()...), &p.OrganizationCode, &p.OrganizationName, &p.Department)
	rows := 0
	err := t.c.each(`SELECT `+memberColumns+`, `+accountColumns+`, o.code, o.name, d.name, g.name FROM members m
		JOIN accounts a ON a.id = m.account_id JOIN organizations o ON o.id = m.organization_id
		JOIN departments d ON d.id = m.department_id
		LEFT JOIN group_members gm ON gm.member_id = m.id LEFT JOIN member_groups g ON g.id = gm.group_id
		WHERE m.organization_id = $1 AND m.id = $2 ORDER BY g.name_key`, []any{org, id}, func(scan func(...any) error) error {
		var group *string
		rows++
		err := scan(append(into, &group)...)
		if group != nil {
			p.Groups = append(p.Groups, *group)
		}
		return err
	})
	if err == nil && rows == 0 {
		err = errNoMember
	}
	if err != nil {
		return p, err
	}
	if p.Member, err = m.member(); err != nil {
		return p, err
	}
	p.Account, err = a.account(t.c)
	return p, err
}
