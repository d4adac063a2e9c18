package store

import "github.com/orgate/orgate/internal/identity"

// Administrations is the table that tells which departments a member
// administers. A row goes with its member and with its department.
type Administrations struct{ c *conn }

// Of returns the departments that a member administers, in the order of their
// paths.
func (t Administrations) Of(org identity.OrganizationID, member identity.MemberID) ([]identity.Department, error) {
	return list(t.c, scanDepartment, `SELECT `+departmentColumns+` FROM departments WHERE organization_id = $1 AND id IN
		(SELECT department_id FROM department_administrators WHERE member_id = $2) ORDER BY path`, org, member)
}

// All returns the codes of what each member of an organisation administers, in
// the order of the paths.
func (t Administrations) All(org identity.OrganizationID) (map[identity.MemberID][]string, error) {
	by := map[identity.MemberID][]string{}
	_, err := list(t.c, func(scan func(...any) error) (struct{}, error) {
		var member identity.MemberID
		var code string
		err := scan(&member, &code)
		by[member] = append(by[member], code)
		return struct{}{}, err
	}, `SELECT a.member_id, d.code FROM department_administrators a JOIN departments d ON d.id = a.department_id
		WHERE a.organization_id = $1 ORDER BY d.path`, org)
	return by, err
}

// Heads returns the members who administer a department itself, in the order
// of their making; who administers it from above is not among them.
func (t Administrations) Heads(org identity.OrganizationID, department identity.DepartmentID) ([]identity.Person, error) {
	return list(t.c, t.c.scanPerson, personSelect+`WHERE m.organization_id = $1 AND m.id IN
		(SELECT member_id FROM department_administrators WHERE department_id = $2) ORDER BY m.id`, org, department)
}

// Set makes exactly these departments those that a member administers. They
// and the member are of the organisation: the caller has read them.
func (t Administrations) Set(org identity.OrganizationID, member identity.MemberID, departments []identity.DepartmentID) error {
	if _, err := t.c.exec(`DELETE FROM department_administrators WHERE organization_id = $1 AND member_id = $2`, org, member); err != nil {
		return err
	}
	for _, id := range departments {
		if _, err := t.c.exec(`INSERT INTO department_administrators (member_id, department_id, organization_id) VALUES ($1, $2, $3)
			ON CONFLICT DO NOTHING`, member, id, org); err != nil {
			return err
		}
	}
	return nil
}
