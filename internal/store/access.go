package store

import (
	"strings"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// AccessKind is the kind of what a row of application_access names.
type AccessKind string

// The kinds. That everyone may enter is a column of the application itself.
const (
	AccessMember     AccessKind = "member"
	AccessDepartment AccessKind = "department"
	AccessGroup      AccessKind = "group"
)

// accessSource stands in the same rows for a source of the application.
const accessSource AccessKind = "source"

// Admission is what decides whether a member may enter an application, as it
// stands in one instant.
type Admission struct {
	Active   bool                  // the application is there and not disabled, nor is its organisation frozen
	Status   identity.MemberStatus // of the member at this instant: active, disabled or expired; "" when the organisation has none such
	Admitted bool                  // the member is named in some way
	// Controlled says that access policies are asked besides; Otherwise is what
	// holds where none of them does, and Rules the version of their switch.
	Controlled bool
	Otherwise  identity.PolicyDecision
	Rules      int64
}

// Entered reports whether nothing stands in the way.
func (a Admission) Entered() bool {
	return a.Active && a.Status == identity.MemberActive && a.Admitted
}

// admissionColumns tell of an application a of an organisation o and a member
// m, where there is one, what Admission has.
const admissionColumns = `CASE WHEN a.status = 'active' AND o.status = 'active' THEN 1 ELSE 0 END,
	CASE WHEN a.access_control THEN 1 ELSE 0 END, coalesce(a.access_default, ''), coalesce(a.access_version, 0), coalesce(m.status, ''),
	coalesce(m.expires_at, 0), CASE WHEN m.id IS NULL THEN 0
		WHEN a.everyone THEN 1
		WHEN EXISTS (SELECT 1 FROM application_access x
			WHERE x.application_id = a.id AND x.kind = 'member' AND x.target_id = m.id) THEN 1
		WHEN EXISTS (SELECT 1 FROM application_access x
			JOIN group_members g ON g.group_id = x.target_id AND g.member_id = m.id
			WHERE x.application_id = a.id AND x.kind = 'group') THEN 1
		WHEN EXISTS (SELECT 1 FROM application_access x
			JOIN departments d ON d.id = x.target_id AND d.organization_id = a.organization_id
			JOIN departments own ON own.id = m.department_id
			WHERE x.application_id = a.id AND x.kind = 'department'
				AND substr(own.path, 1, length(d.path)) = d.path) THEN 1
		ELSE 0 END`

// Admission reads how a member stands with an application of the member's own
// organisation. Neither an application nor a member that is unknown is an
// error: nobody enters the one, and the other enters nothing.
func (t Applications) Admission(id identity.ApplicationID, org identity.OrganizationID, m identity.MemberID) (a Admission, err error) {
	var s admissionScan
	err = t.c.row(`SELECT `+admissionColumns+` FROM applications a JOIN organizations o ON o.id = a.organization_id
		LEFT JOIN members m ON m.id = $3 AND m.organization_id = a.organization_id
		WHERE a.id = $1 AND a.organization_id = $2`, id, org, m).scan(s.into()...)
	if fault.Is(err, fault.CodeNotFound) {
		return Admission{}, nil
	}
	return s.admission(t.c.tx.now), err
}

// admissionScan gathers admissionColumns.
type admissionScan struct {
	active, controlled, admitted int
	otherwise                    identity.PolicyDecision
	version, end                 int64
	status                       identity.MemberStatus
}

func (s *admissionScan) into() []any {
	return []any{&s.active, &s.controlled, &s.otherwise, &s.version, &s.status, &s.end, &s.admitted}
}

// admission is what the columns say at an instant.
func (s *admissionScan) admission(now time.Time) Admission {
	a := Admission{Active: s.active != 0, Status: s.status, Admitted: s.admitted != 0, Controlled: s.controlled != 0}
	if a.Controlled {
		a.Otherwise, a.Rules = s.otherwise, s.version
	}
	if m := (identity.Member{Status: s.status, ExpiresAt: at(s.end)}); a.Status == identity.MemberActive && m.Expired(now) {
		a.Status = identity.MemberExpired
	}
	return a
}

// Place is who somebody is in the organisation of an application, and how they
// stand with it in one instant.
type Place struct {
	Admission
	Member     identity.MemberID // "" for none
	Generation identity.Generations
	Agreed     []string // what the member has agreed to release to it
}

// Place reads how an account stands with an application: as the given member of
// the application's organisation, or with "" as whichever the account is there.
// A member that is not the account's is none; an application that is unknown is
// no error, and not active. It is one statement.
func (t Applications) Place(a identity.Application, account identity.AccountID, m identity.MemberID) (p Place, err error) {
	var s admissionScan
	var scopes string
	err = t.c.row(`SELECT `+admissionColumns+`, coalesce(m.id, ''), coalesce(m.generation, 0), coalesce(u.generation, 0), o.generation,
		coalesce(c.scopes, '') FROM organizations o LEFT JOIN applications a ON a.id = $1 AND a.organization_id = o.id
		LEFT JOIN members m ON m.account_id = $3 AND m.organization_id = o.id AND ($4 = '' OR m.id = $4)
		LEFT JOIN accounts u ON u.id = m.account_id
		LEFT JOIN consents c ON c.member_id = m.id AND c.application_id = a.id WHERE o.id = $2`, a.ID, a.OrganizationID, account, m).
		scan(append(s.into(), &p.Member, &p.Generation.Member, &p.Generation.Account, &p.Generation.Organization, &scopes)...)
	if fault.Is(err, fault.CodeNotFound) {
		return Place{}, nil
	}
	p.Admission, p.Agreed = s.admission(t.c.tx.now), strings.Fields(scopes)
	return p, err
}

// Admits reports whether a member who is active is let into an application
// that is not disabled.
func (t Applications) Admits(id identity.ApplicationID, org identity.OrganizationID, m identity.MemberID) (bool, error) {
	a, err := t.Admission(id, org, m)
	return a.Entered(), err
}

// OpenTo returns the applications of an organisation that a member is let into
// and that have an address to arrive at, in the order of their names, without
// who else may. It is one statement.
func (t Applications) OpenTo(org identity.OrganizationID, m identity.MemberID) (open []identity.Application, err error) {
	err = t.c.each(`SELECT `+admissionColumns+`, `+applicationColumns+` FROM applications a JOIN organizations o ON o.id = a.organization_id
		JOIN members m ON m.id = $2 AND m.organization_id = a.organization_id
		WHERE a.organization_id = $1 AND a.tried_by = '' ORDER BY a.name_key, a.id`, []any{org, m}, func(scan func(...any) error) error {
		var s admissionScan
		a, err := scanApplication(func(dest ...any) error { return scan(append(s.into(), dest...)...) })
		if err == nil && s.admission(t.c.tx.now).Entered() && len(a.HomeURLs) > 0 {
			open = append(open, a)
		}
		return err
	})
	return open, err
}
