package manifest

import (
	"maps"
	"slices"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
)

// presets are the limits that have a name.
var presets = map[string]Limits{
	"orgid":   limitsAsWritten(identity.LimitsOrgID()),
	"meeting": limitsAsWritten(identity.LimitsMeeting()),
}

func presetNames() []string { return slices.Sorted(maps.Keys(presets)) }

// The functions xxxAsWritten turn what is stored into the struct of the
// manifest with every field given; those named xxxWanted turn what a manifest
// gives into what a use case takes, starting from what is stored.

func limitsAsWritten(l identity.Limits) Limits {
	return Limits{Members: &l.Members, DepartmentLevels: &l.DepartmentLevels, Departments: &l.Departments, DepartmentChildren: &l.DepartmentChildren, Domains: &l.Domains}
}

func limitsWanted(w *Limits, l identity.Limits) *identity.Limits {
	if w == nil {
		return nil
	}
	take(&l.Members, w.Members)
	take(&l.DepartmentLevels, w.DepartmentLevels)
	take(&l.Departments, w.Departments)
	take(&l.DepartmentChildren, w.DepartmentChildren)
	take(&l.Domains, w.Domains)
	return &l
}

// take stores a value that was given.
func take[T any](into, value *T) {
	if value != nil {
		*into = *value
	}
}

func rulesAsWritten(r identity.SignInRules) (SignInRules, PasswordRules) {
	p := r.Password
	s := SignInRules{
		LockAfter: &r.LockAfter, LockFor: &r.LockFor, ContactsAsNames: &r.ContactsAsNames, MustChange: &r.MustChange, ContactRequired: &r.ContactRequired,
	}
	return s, PasswordRules{
		MinLength: &p.MinLength, MaxLength: &p.MaxLength, MinClasses: &p.MinClasses, LowerUpperDigit: &p.LowerUpperDigit,
		ASCIIOnly: &p.ASCIIOnly, MaxRepeats: &p.MaxRepeats, NotAccount: &p.NotAccount, MinDifferent: &p.MinDifferent,
		History: &p.History, MinAge: &p.MinAge, RefuseBreached: &p.RefuseBreached,
	}
}

func rulesWanted(s *SignInRules, p *PasswordRules, r identity.SignInRules) *identity.SignInRules {
	if s == nil && p == nil {
		return nil
	}
	if s != nil {
		take(&r.LockAfter, s.LockAfter)
		take(&r.LockFor, s.LockFor)
		take(&r.ContactsAsNames, s.ContactsAsNames)
		take(&r.MustChange, s.MustChange)
		take(&r.ContactRequired, s.ContactRequired)
	}
	if p != nil {
		take(&r.Password.MinLength, p.MinLength)
		take(&r.Password.MaxLength, p.MaxLength)
		take(&r.Password.MinClasses, p.MinClasses)
		take(&r.Password.LowerUpperDigit, p.LowerUpperDigit)
		take(&r.Password.ASCIIOnly, p.ASCIIOnly)
		take(&r.Password.MaxRepeats, p.MaxRepeats)
		take(&r.Password.NotAccount, p.NotAccount)
		take(&r.Password.MinDifferent, p.MinDifferent)
		take(&r.Password.History, p.History)
		take(&r.Password.MinAge, p.MinAge)
		take(&r.Password.RefuseBreached, p.RefuseBreached)
	}
	return &r
}

func profileAsWritten(p identity.OrganizationProfile) Profile {
	return Profile{Address: &p.Address, Phone: &p.Phone, Fax: &p.Fax, Email: &p.Email, Country: &p.Country, Description: &p.Description, Language: &p.Language}
}

func profileWanted(w *Profile, p identity.OrganizationProfile) *identity.OrganizationProfile {
	if w == nil {
		return nil
	}
	take(&p.Address, w.Address)
	take(&p.Phone, w.Phone)
	take(&p.Fax, w.Fax)
	take(&p.Email, w.Email)
	take(&p.Country, w.Country)
	take(&p.Description, w.Description)
	take(&p.Language, w.Language)
	return &p
}

func organizationAsWritten(o identity.Organization) Organization {
	status, limits, profile := string(o.Status), limitsAsWritten(o.Limits), profileAsWritten(o.Profile)
	signIn, password := rulesAsWritten(o.Rules)
	return Organization{
		Code: o.Code, Name: o.Name, Domain: &o.Domain, Status: &status, AutoCreate: &o.AutoCreate,
		Everlasting: &o.Everlasting, Limits: &limits, SignInRules: &signIn, PasswordRules: &password, Profile: &profile,
	}
}

// freshOrganization is what an organisation is when nothing is said about it.
func freshOrganization() Organization {
	return organizationAsWritten(identity.Organization{
		Status: identity.OrganizationActive, AutoCreate: true, Everlasting: true,
		Rules: identity.DefaultSignInRules(), Limits: identity.LimitsOrgID(),
	})
}

func organizationChange(w Organization, o identity.Organization) directory.OrganizationChange {
	c := directory.OrganizationChange{
		Name: &w.Name, AutoCreate: w.AutoCreate, Everlasting: w.Everlasting, Domain: w.Domain,
		Rules: rulesWanted(w.SignInRules, w.PasswordRules, o.Rules), Limits: limitsWanted(w.Limits, o.Limits),
		Profile: profileWanted(w.Profile, o.Profile),
	}
	if w.Status != nil {
		status := identity.OrganizationStatus(*w.Status)
		c.Status = &status
	}
	return c
}

func newOrganization(w Organization) directory.NewOrganization {
	n := directory.NewOrganization{
		Code: w.Code, Name: w.Name, Domain: or(w.Domain, ""), AutoCreate: w.AutoCreate, Everlasting: w.Everlasting,
		Rules:  rulesWanted(w.SignInRules, w.PasswordRules, identity.DefaultSignInRules()),
		Limits: limitsWanted(w.Limits, identity.LimitsOrgID()),
	}
	take(&n.Profile, profileWanted(w.Profile, n.Profile))
	return n
}

func departmentAsWritten(d identity.Department, parent string) Department {
	sees := string(d.Visibility.Sees)
	return Department{
		Code: d.Code, Name: d.Name, Parent: &parent, SortLevel: &d.SortLevel, Note: &d.Note,
		Open: &d.Visibility.Open, Sees: &sees, Designated: folded(d.Visibility.Designated),
	}
}

func freshDepartment() Department {
	return departmentAsWritten(identity.Department{
		SortLevel: lastSortLevel, Visibility: identity.Visibility{Sees: identity.SeesAll},
	}, identity.RootDepartmentCode)
}

// lastSortLevel is the place of what asks for none.
const lastSortLevel = 10_000

func memberAsWritten(p identity.Person, department string, administers []string) Member {
	m, a := p.Member, p.Account
	role, status := string(m.Role), string(m.Status)
	attributes := m.Attributes
	if attributes == nil {
		attributes = map[string]string{}
	}
	return Member{
		Account: a.Name, Name: m.Name, EnglishName: &m.EnglishName, ThirdAccount: &m.ThirdAccount, Role: &role, Status: &status,
		Department: &department, Email: &a.Email, Mobile: &a.Mobile, Country: &a.Country, Title: &m.Title, Signature: &m.Signature,
		Description: &m.Description, SortLevel: &m.SortLevel, HideMobile: &m.HideMobile, Attributes: attributes,
		Administers: folded(administers),
	}
}

func freshMember() Member {
	return memberAsWritten(identity.Person{
		Member:  identity.Member{Role: identity.RoleMember, Status: identity.MemberActive, SortLevel: lastSortLevel},
		Account: identity.Account{Country: directory.DefaultCountry},
	}, identity.RootDepartmentCode, []string{})
}

func newMember(w Member) directory.NewMember {
	mustChange := or(w.MustChange, !w.Password.Given())
	return directory.NewMember{
		Account: w.Account, Name: w.Name, EnglishName: or(w.EnglishName, ""), ThirdAccount: or(w.ThirdAccount, ""),
		Email: or(w.Email, ""), Mobile: or(w.Mobile, ""), Country: or(w.Country, ""), DepartmentCode: or(w.Department, ""),
		Title: or(w.Title, ""), Signature: or(w.Signature, ""), Description: or(w.Description, ""), SortLevel: or(w.SortLevel, 0),
		HideMobile: or(w.HideMobile, false), Role: identity.Role(or(w.Role, "")),
		Disabled: or(w.Status, "") == string(identity.MemberDisabled), Password: w.Password.Reveal(), MustChange: &mustChange,
		Attributes: w.Attributes, Administers: w.Administers,
	}
}

func memberChange(w Member, stored identity.Member) directory.MemberChange {
	c := directory.MemberChange{
		Name: &w.Name, EnglishName: w.EnglishName, Email: w.Email, Mobile: w.Mobile, Country: w.Country,
		DepartmentCode: w.Department, Title: w.Title, Signature: w.Signature, Description: w.Description, SortLevel: w.SortLevel,
		HideMobile: w.HideMobile, ThirdAccount: w.ThirdAccount,
	}
	if w.Attributes == nil {
		return c
	}
	c.Attributes = map[string]*string{}
	for key := range stored.Attributes {
		c.Attributes[key] = nil
	}
	for key, value := range w.Attributes {
		c.Attributes[key] = &value
	}
	return c
}

func appIDAsWritten(a identity.AppID) AppID {
	status := string(a.Status)
	return AppID{
		Name: a.Name, ID: a.ID, Description: &a.Description, Status: &status, AutoCreate: &a.AutoCreate,
		Everlasting: &a.Everlasting, MaxAhead: &a.MaxAhead,
	}
}

func freshAppID() AppID {
	return appIDAsWritten(identity.AppID{Status: identity.AppIDActive, AutoCreate: true, Everlasting: true, MaxAhead: identity.DefaultMaxAhead})
}

func administratorAsWritten(a identity.Account) Administrator {
	return Administrator{Account: a.Name, Name: a.DisplayName, Email: &a.Email, Mobile: &a.Mobile}
}
