package identity

import (
	"strings"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// Member is an account's place in one organisation.
type Member struct {
	ID             MemberID
	OrganizationID OrganizationID
	AccountID      AccountID
	Name           string
	EnglishName    string
	// ThirdAccount is the member's id in the third party's system, compared
	// byte by byte and unique in the organisation; "" when there is none.
	ThirdAccount string
	Role         Role
	// Status is what was decided: active or disabled. Standing tells the rest.
	Status      MemberStatus
	Department  DepartmentID // the main placement
	Title       string
	Signature   string
	Description string
	SortLevel   int // 1–10000, smaller sorts first
	HideMobile  bool
	Number      string            // the SIP number, digits with a leading +
	Attributes  map[string]string // custom attributes by their key
	// ActivatedAt is when the member first came in, zero until then.
	ActivatedAt time.Time
	// ExpiresAt is when the membership ends, zero for never. It is kept to the
	// millisecond.
	ExpiresAt time.Time
	// Picture is the word in the address of the member's picture, "" without
	// one. It is set with the picture and by nothing else.
	Picture    string
	Generation int64 // tokens of an earlier generation are dead
	Version    int64
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// Role is what a member may do in the organisation.
type Role string

// The roles. Owner is exactly one member of an organisation. A department
// administrator manages the departments named with the role, with what hangs
// below them and who is in them, and nothing else (OrgID, E).
const (
	RoleOwner                   Role = "owner"
	RoleAdministrator           Role = "administrator"
	RoleDepartmentAdministrator Role = "department_administrator"
	RoleMember                  Role = "member"
)

// Roles are all roles, from the most to the least.
func Roles() []Role {
	return []Role{RoleOwner, RoleAdministrator, RoleDepartmentAdministrator, RoleMember}
}

// MemberStatus is the life of a member.
type MemberStatus string

// The states of a member. Active and disabled are stored; the others follow
// from what is stored and, for the last, from the clock (OrgID, A.4).
const (
	MemberActive   MemberStatus = "active"
	MemberDisabled MemberStatus = "disabled" // by an administrator; OrgID says frozen
	MemberInactive MemberStatus = "inactive" // may sign in and never did
	MemberExpired  MemberStatus = "expired"  // the end has come, and can be put off
)

// Active reports whether the member may sign in at an instant.
func (m Member) Active(now time.Time) bool { return m.Status == MemberActive && !m.Expired(now) }

// Expired reports whether the membership has come to its end at an instant.
func (m Member) Expired(now time.Time) bool { return !m.ExpiresAt.IsZero() && !now.Before(m.ExpiresAt) }

// Standing is the state in which a member is at an instant. Disabled comes
// before expired, because putting off the end would not let them in, and
// expired before inactive.
func (m Member) Standing(now time.Time) MemberStatus {
	switch {
	case m.Status != MemberActive:
		return m.Status
	case m.Expired(now):
		return MemberExpired
	case m.ActivatedAt.IsZero():
		return MemberInactive
	}
	return MemberActive
}

// Activate notes that the member came in, and reports whether it was for the
// first time.
func (m *Member) Activate(now time.Time) bool {
	first := m.ActivatedAt.IsZero()
	if first {
		m.ActivatedAt = now
	}
	return first
}

// Renew sets the end of the membership, zero for never; one that lies in the
// past ends it at once. The owner's has no end.
func (m *Member) Renew(end time.Time) error {
	if m.Role == RoleOwner && !end.IsZero() {
		return fault.New(fault.Conflict, fault.CodeOwnerProtected).At("expires_at")
	}
	if !end.IsZero() {
		end = end.UTC().Truncate(time.Millisecond)
		if first := time.UnixMilli(1).UTC(); end.Before(first) {
			end = first // what is stored as nothing is never
		}
	}
	m.ExpiresAt = end
	return nil
}

// Administers reports whether the member manages the organisation as a whole.
func (m Member) Administers() bool { return m.Role == RoleOwner || m.Role == RoleAdministrator }

// MayBeResponsible reports whether the member may be responsible for an
// application: whoever administers anything may (OrgID, A.8).
func (m Member) MayBeResponsible() bool {
	return m.Administers() || m.Role == RoleDepartmentAdministrator
}

// Suspend bars the member from signing in. The owner cannot be barred.
func (m *Member) Suspend() error {
	if m.Role == RoleOwner {
		return fault.New(fault.Conflict, fault.CodeOwnerProtected)
	}
	m.Status = MemberDisabled
	m.Generation++
	return nil
}

// Resume lets a suspended member sign in again, unless the end has come.
func (m *Member) Resume() { m.Status = MemberActive }

// Validate checks the member's own rules (Meeting API, 1.6).
func (m Member) Validate() error {
	var faults []*fault.Error
	for _, f := range []struct {
		name, text string
		low, high  int
	}{
		{"name", m.Name, 1, 64},
		{"english_name", m.EnglishName, 0, 64},
		{"third_account", m.ThirdAccount, 0, 64},
		{"title", m.Title, 0, 32},
		{"signature", m.Signature, 0, 512},
		{"description", m.Description, 0, 128},
	} {
		if n := len([]rune(f.text)); n < f.low || n > f.high {
			faults = append(faults, lengthFault(f.name, f.low, f.high))
		} else if !CleanText(f.text) {
			faults = append(faults, fault.New(fault.Invalid, fault.CodeMalformed).At(f.name))
		}
	}
	if strings.Contains(m.ThirdAccount, ":") {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldFormat).At("third_account").With("want", "want.third_account"))
	}
	if m.SortLevel < 1 || m.SortLevel > 10_000 {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldRange).At("sort_level").With("min", 1).With("max", 10_000))
	}
	return fault.All(faults)
}

// Person is a member together with the account behind it.
type Person struct {
	Member  Member
	Account Account
}

// Active reports whether the person may sign in at an instant, as far as member
// and account are concerned.
func (p Person) Active(now time.Time) bool { return p.Member.Active(now) && p.Account.Active() }

// Guest reports whether the person was made by an authentication source and is
// known by it alone: without a password here, and never more than an ordinary
// member (OrgID, A.5).
func (p Person) Guest() bool { return p.Account.Kind == Outside }

// Kind returns which of the two the person is.
func (p Person) Kind() MemberKind {
	if p.Guest() {
		return KindGuest
	}
	return KindMember
}

// MemberKind tells guests from all others.
type MemberKind string

// The kinds of members.
const (
	KindMember MemberKind = "member"
	KindGuest  MemberKind = "guest"
)
