package store

import "github.com/orgate/orgate/internal/identity"

// Invariants are the rules of an organisation's rows that every transaction
// keeps and that no key or index of the database enforces. A breach is a defect
// of ours, or somebody wrote to the database by hand.
type Invariants struct{ c *conn }

// Invariant names one rule.
type Invariant string

// The rules.
const (
	OneRoot           Invariant = "one_root"            // an organisation has one root department
	PathOfParent      Invariant = "path_of_parent"      // path and level of a department follow from its parent
	CountsOfRows      Invariant = "counts_of_rows"      // the running counts are those of the rows
	PlacedAtHome      Invariant = "placed_at_home"      // what stands in a department is of the same organisation
	OneOwner          Invariant = "one_owner"           // an organisation has at most one owner
	ManagedAtHome     Invariant = "managed_at_home"     // an account that an organisation owns is a member of it and of no other
	NamedSomehow      Invariant = "named_somehow"       // an account that is there has a login name
	DepartmentsToHead Invariant = "departments_to_head" // who has departments is a department administrator
	GroupedAtHome     Invariant = "grouped_at_home"     // members and owners of a group are of its organisation
	LentAtHome        Invariant = "lent_at_home"        // who has a meeting room is of its organisation
	AdmittedAtHome    Invariant = "admitted_at_home"    // whom an application lets in is there, and of its organisation
	OwnedByNobody     Invariant = "owned_by_nobody"     // what names an organisation goes with it
)

// Breach is one row that breaks a rule.
type Breach struct {
	Invariant    Invariant
	Organization identity.OrganizationID
	Subject      string // the identifier of the row
}

// invariants are the rules as queries for organisation and identifier of what
// breaks them. Organisations that are being dissolved are left out where rows go
// one slice after another.
var invariants = []struct {
	rule  Invariant
	query string
}{
	{OneRoot, `SELECT o.id, o.id FROM organizations o WHERE o.status <> 'dissolving' AND
		(SELECT count(*) FROM departments d WHERE d.organization_id = o.id AND d.parent_id = '') <> 1`},
	{PathOfParent, `SELECT d.organization_id, d.id FROM departments d
		LEFT JOIN departments p ON p.id = d.parent_id AND p.organization_id = d.organization_id
		WHERE d.path <> coalesce(p.path, '') || d.code || '/' OR d.level <> coalesce(p.level, 0) + 1
			OR d.parent_id <> '' AND p.id IS NULL`},
	{CountsOfRows, `SELECT c.organization_id, c.organization_id FROM organization_counts c
		JOIN organizations o ON o.id = c.organization_id WHERE o.status <> 'dissolving' AND
		(c.members <> (SELECT count(*) FROM members m WHERE m.organization_id = c.organization_id)
		OR c.departments <> (SELECT count(*) FROM departments d WHERE d.organization_id = c.organization_id))`},
	{PlacedAtHome, `SELECT m.organization_id, m.id FROM members m JOIN departments d ON d.id = m.department_id
			WHERE d.organization_id <> m.organization_id
		UNION ALL SELECT t.organization_id, t.id FROM terminals t JOIN departments d ON d.id = t.department_id
			WHERE d.organization_id <> t.organization_id
		UNION ALL SELECT a.organization_id, a.id FROM activation_codes a JOIN departments d ON d.id = a.department_id
			WHERE d.organization_id <> a.organization_id
		UNION ALL SELECT g.organization_id, g.department_id FROM department_designations g
			JOIN departments d ON d.id = g.department_id JOIN departments t ON t.id = g.designated_id
			WHERE d.organization_id <> g.organization_id OR t.organization_id <> g.organization_id`},
	{OneOwner, `SELECT organization_id, min(id) FROM members WHERE role = 'owner' GROUP BY organization_id HAVING count(*) > 1`},
	{ManagedAtHome, `SELECT a.organization_id, a.id FROM accounts a
			WHERE a.organization_id <> '' AND NOT EXISTS
				(SELECT 1 FROM members m WHERE m.account_id = a.id AND m.organization_id = a.organization_id)
		UNION ALL SELECT m.organization_id, m.id FROM members m JOIN accounts a ON a.id = m.account_id
			WHERE a.organization_id <> m.organization_id AND a.kind <> 'personal'`},
	{NamedSomehow, `SELECT a.organization_id, a.id FROM accounts a
		WHERE NOT EXISTS (SELECT 1 FROM login_names l WHERE l.account_id = a.id)`},
	{DepartmentsToHead, `SELECT x.organization_id, x.member_id FROM department_administrators x
		JOIN members m ON m.id = x.member_id JOIN departments d ON d.id = x.department_id
		WHERE m.role <> 'department_administrator' OR m.organization_id <> x.organization_id
			OR d.organization_id <> x.organization_id`},
	{GroupedAtHome, `SELECT g.organization_id, g.id FROM member_groups g JOIN group_members x ON x.group_id = g.id
			JOIN members m ON m.id = x.member_id WHERE m.organization_id <> g.organization_id
		UNION ALL SELECT g.organization_id, g.id FROM member_groups g JOIN group_owners x ON x.group_id = g.id
			JOIN members m ON m.id = x.member_id WHERE m.organization_id <> g.organization_id`},
	{LentAtHome, `SELECT r.organization_id, r.id FROM meeting_rooms r
		LEFT JOIN members m ON m.id = coalesce(r.personal_of, r.member_id) LEFT JOIN terminals t ON t.id = r.terminal_id
		WHERE m.organization_id <> r.organization_id OR t.organization_id <> r.organization_id`},
	{AdmittedAtHome, `SELECT a.organization_id, a.id FROM applications a JOIN application_access x ON x.application_id = a.id
		WHERE x.kind = 'member' AND NOT EXISTS
				(SELECT 1 FROM members m WHERE m.id = x.target_id AND m.organization_id = a.organization_id)
			OR x.kind = 'department' AND NOT EXISTS
				(SELECT 1 FROM departments d WHERE d.id = x.target_id AND d.organization_id = a.organization_id)
			OR x.kind = 'group' AND NOT EXISTS
				(SELECT 1 FROM member_groups g WHERE g.id = x.target_id AND g.organization_id = a.organization_id)`},
	{OwnedByNobody, `SELECT x.organization_id, x.id FROM (SELECT organization_id, id FROM accounts
			UNION ALL SELECT organization_id, id FROM app_ids) x
		WHERE x.organization_id <> '' AND NOT EXISTS (SELECT 1 FROM organizations o WHERE o.id = x.organization_id)`},
}

// Breaches looks at every organisation and returns up to limit breaches of each
// rule, in the order of the rules. It reads every row once or twice: minutes
// for millions.
func (t Invariants) Breaches(limit int) (all []Breach, err error) {
	for _, i := range invariants {
		some, err := list(t.c, func(scan func(...any) error) (b Breach, err error) {
			b.Invariant = i.rule
			return b, scan(&b.Organization, &b.Subject)
		}, i.query+` LIMIT $1`, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}
