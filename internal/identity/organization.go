package identity

import (
	"strings"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// Organization is a tenant: it owns members, departments and App IDs.
type Organization struct {
	ID   OrganizationID
	Code string // natural key, compared folded, never changes
	Name string // its root department carries the same name
	// Domain is what follows the @ of its accounts; "" when it has none.
	Domain      string
	Status      OrganizationStatus
	AutoCreate  bool // an unknown person with a good proof becomes a member
	Rules       SignInRules
	Limits      Limits
	Everlasting bool // signatures that never expire are honoured
	Profile     OrganizationProfile
	Generation  int64 // tokens of an earlier generation are dead
	Version     int64
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Domains counts the organisation's domains with one more: those noted, its
// own and the one to be added, each once.
func (o Organization) Domains(noted []Domain, more string) int {
	names := map[string]bool{more: true}
	if o.Domain != "" {
		names[strings.ToLower(o.Domain)] = true
	}
	for _, d := range noted {
		names[d.Name] = true
	}
	return len(names)
}

// OrganizationProfile is what an organisation tells about itself; no rule
// depends on it.
type OrganizationProfile struct {
	Address, Phone, Fax, Email, Country, Description, Language string
}

// OrganizationStatus is the life of an organisation.
type OrganizationStatus string

// The states of an organisation.
const (
	OrganizationActive OrganizationStatus = "active"
	OrganizationFrozen OrganizationStatus = "frozen" // nobody signs in, nothing is lost
	// OrganizationDissolving is being removed: nobody signs in, and there is no
	// way back.
	OrganizationDissolving OrganizationStatus = "dissolving"
)

// Active reports whether members may sign in.
func (o Organization) Active() bool { return o.Status == OrganizationActive }

// Limits bound the size of an organisation; 0 means no limit.
type Limits struct {
	Members            int
	DepartmentLevels   int // the root is level 1
	Departments        int
	DepartmentChildren int // of one department
	Domains            int // 0 means DefaultDomains, and MaxDomains are the most
	// Granted says that Members is what the provider granted when its grants were
	// last changed, and that 0 means nobody. How many count at an instant is asked
	// of the grants.
	Granted bool
}

// The bounds of how many domains an organisation adds up to. What it has
// already stays when the limit is less.
const (
	DefaultDomains = 3 // OrgID, A.2: the one set at first and two more
	MaxDomains     = 100
)

// MostDomains is how many domains the organisation may have, its own among
// them.
func (l Limits) MostDomains() int {
	if l.Domains == 0 {
		return DefaultDomains
	}
	return l.Domains
}

// LimitsOrgID is the default of a new organisation (OrgID: five levels, 999
// departments), LimitsMeeting the other preset (Meeting API, 5.5).
func LimitsOrgID() Limits {
	return Limits{DepartmentLevels: 5, Departments: 999}
}

// LimitsMeeting is the preset of the Meeting API, section 5.5.
func LimitsMeeting() Limits {
	return Limits{DepartmentLevels: 10, Departments: 10_000, DepartmentChildren: 100}
}

// SignInRules are what an organisation asks of its members' sign-in.
type SignInRules struct {
	Password        PasswordRules
	LockAfter       int           // failures; 0 means the default of five
	LockFor         time.Duration // 0 means the default of five minutes
	ContactsAsNames bool          // managed accounts may sign in by mobile and mail
	MustChange      bool          // a password somebody else chose has to be changed
	// ContactRequired asks that everybody who is entered can be reached, by mobile
	// number or mail (Meeting API, O-13).
	ContactRequired bool
	// DefaultSource is the source to which people of the organisation are led
	// without being asked, "" for none.
	DefaultSource SourceID
}

// DefaultSignInRules is what a new organisation starts with.
func DefaultSignInRules() SignInRules {
	return SignInRules{Password: DefaultPasswordRules(), LockAfter: 5, LockFor: 5 * time.Minute, ContactsAsNames: true, MustChange: true}
}

var organizationCode = pattern(`^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,30}[A-Za-z0-9])?$`)

// Validate checks an organisation's own rules: a code of 1–32 letters, digits,
// dots, underscores and hyphens, and a name of 1–64 characters without the
// characters the Meeting API forbids in enterprise names (1.7, CORPNAME).
func (o Organization) Validate() error {
	var faults []*fault.Error
	if !organizationCode().MatchString(o.Code) {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeOrganizationCode).At("code"))
	}
	if n := len([]rune(o.Name)); n < 1 || n > 64 {
		faults = append(faults, lengthFault("name", 1, 64))
	} else if strings.ContainsAny(o.Name, "#%&'+;<>=\"？?\\…/") {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldFormat).At("name").With("want", "want.organization_name"))
	}
	if o.Limits.Members < 0 || o.Limits.DepartmentLevels < 0 || o.Limits.Departments < 0 || o.Limits.DepartmentChildren < 0 {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldRange).At("limits").With("min", 0).With("max", 1_000_000_000))
	}
	if o.Limits.Domains < 0 || o.Limits.Domains > MaxDomains {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldRange).At("limits.domains").With("min", 0).With("max", MaxDomains))
	}
	return fault.All(faults)
}

func lengthFault(field string, low, high int) *fault.Error {
	return fault.New(fault.Invalid, fault.CodeFieldLength).At(field).With("min", low).With("max", high)
}
