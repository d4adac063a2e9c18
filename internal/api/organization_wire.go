package api

import (
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
)

// Organization is an organisation on the wire.
type Organization struct {
	ID          string        `json:"id"`
	Code        string        `json:"code"`
	Name        string        `json:"name"`
	Domain      string        `json:"domain"`
	Status      string        `json:"status" enum:"active,frozen,dissolving"`
	AutoCreate  bool          `json:"auto_create_members"`
	Everlasting bool          `json:"everlasting_signatures"`
	SignIn      SignInRules   `json:"sign_in_rules"`
	Password    PasswordRules `json:"password_rules"`
	Limits      Limits        `json:"limits"`
	Profile     Profile       `json:"profile"`
	Default     string        `json:"default_source" doc:"The identifier of the authentication source to which people of its domains are led; empty for none."`
	Version     int64         `json:"version"`
	CreatedAt   time.Time     `json:"created_at"`
	UpdatedAt   time.Time     `json:"updated_at"`
}

// SignInRules are what an organisation asks of its members' sign-in. In an
// edit, as in the structs below, what is left out stays.
type SignInRules struct {
	LockAfter       *int  `json:"lock_after,omitempty" doc:"After so many failures the account is locked; 0 means five."`
	LockFor         *int  `json:"lock_for_seconds,omitempty" doc:"For how long; 0 means five minutes."`
	ContactsAsNames *bool `json:"contacts_as_names,omitempty" doc:"Whether members sign in by mobile number and mail address too."`
	MustChange      *bool `json:"must_change_password,omitempty" doc:"Whether a password that somebody else chose has to be changed."`
	ContactRequired *bool `json:"contact_required,omitempty" doc:"Whether whoever is entered has to have a mobile number or a mail address."`
}

// PasswordRules are what a new password has to satisfy.
type PasswordRules struct {
	MinLength       *int  `json:"min_length,omitempty" doc:"The least number of characters."`
	MaxLength       *int  `json:"max_length,omitempty" doc:"The greatest number of characters."`
	MinClasses      *int  `json:"min_classes,omitempty" doc:"How many of small letters, capital letters, digits and others must occur."`
	LowerUpperDigit *bool `json:"lower_upper_digit,omitempty" doc:"Whether a small letter, a capital letter and a digit must occur."`
	ASCIIOnly       *bool `json:"ascii_only,omitempty" doc:"Whether only the characters of a keyboard are allowed."`
	MaxRepeats      *int  `json:"max_repeats,omitempty" doc:"How often one character may come in a row; 0 means as often as you like."`
	NotAccount      *bool `json:"not_account,omitempty" doc:"Whether the account name and its reverse are forbidden."`
	MinDifferent    *int  `json:"min_different,omitempty" doc:"How many characters must differ from the old password."`
	History         *int  `json:"history,omitempty" doc:"How many earlier passwords may not come again."`
	MinAge          *int  `json:"min_age_seconds,omitempty" doc:"How old a password must be before its holder may change it."`
	RefuseBreached  *bool `json:"refuse_breached,omitempty" doc:"Whether passwords on the list of well-known ones are refused."`
}

// Limits bound the size of an organisation; 0 means no limit.
type Limits struct {
	Members            *int `json:"members,omitempty"`
	DepartmentLevels   *int `json:"department_levels,omitempty" doc:"The topmost department is the first level."`
	Departments        *int `json:"departments,omitempty"`
	DepartmentChildren *int `json:"department_children,omitempty" doc:"Of one department."`
	Domains            *int `json:"domains,omitempty" doc:"How many domains may be added up to, its own among them; 0 means 3, and 100 are the most."`
}

// Profile is what an organisation tells about itself.
type Profile struct {
	Address     *string `json:"address,omitempty"`
	Phone       *string `json:"phone,omitempty"`
	Fax         *string `json:"fax,omitempty"`
	Email       *string `json:"email,omitempty"`
	Country     *string `json:"country,omitempty" doc:"By its symbolic name, such as chinaPR."`
	Description *string `json:"description,omitempty"`
	Language    *string `json:"language,omitempty" doc:"As in zh-CN."`
}

// OrganizationFields are what can be given at the making and changed later.
type OrganizationFields struct {
	Domain      *string        `json:"domain,omitempty" doc:"What follows the @ of its accounts. For the provider alone."`
	AutoCreate  *bool          `json:"auto_create_members,omitempty" doc:"Whether an unknown person with a good proof becomes a member."`
	Everlasting *bool          `json:"everlasting_signatures,omitempty" doc:"Whether signatures that never expire are honoured."`
	SignIn      *SignInRules   `json:"sign_in_rules,omitempty"`
	Password    *PasswordRules `json:"password_rules,omitempty"`
	Limits      *Limits        `json:"limits,omitempty" doc:"For the provider alone."`
	Profile     *Profile       `json:"profile,omitempty"`
}

// merge writes what is given over what is there.
func (f OrganizationFields) merge(o *identity.Organization) {
	put(&o.Domain, f.Domain)
	if r := f.SignIn; r != nil {
		put(&o.Rules.LockAfter, r.LockAfter)
		putSeconds(&o.Rules.LockFor, r.LockFor)
		put(&o.Rules.ContactsAsNames, r.ContactsAsNames)
		put(&o.Rules.MustChange, r.MustChange)
		put(&o.Rules.ContactRequired, r.ContactRequired)
	}
	if f.Password != nil {
		f.Password.merge(&o.Rules.Password)
	}
	if l := f.Limits; l != nil {
		put(&o.Limits.Members, l.Members)
		put(&o.Limits.DepartmentLevels, l.DepartmentLevels)
		put(&o.Limits.Departments, l.Departments)
		put(&o.Limits.DepartmentChildren, l.DepartmentChildren)
		put(&o.Limits.Domains, l.Domains)
	}
	if p := f.Profile; p != nil {
		put(&o.Profile.Address, p.Address)
		put(&o.Profile.Phone, p.Phone)
		put(&o.Profile.Fax, p.Fax)
		put(&o.Profile.Email, p.Email)
		put(&o.Profile.Country, p.Country)
		put(&o.Profile.Description, p.Description)
		put(&o.Profile.Language, p.Language)
	}
}

func (r PasswordRules) merge(into *identity.PasswordRules) {
	put(&into.MinLength, r.MinLength)
	put(&into.MaxLength, r.MaxLength)
	put(&into.MinClasses, r.MinClasses)
	put(&into.LowerUpperDigit, r.LowerUpperDigit)
	put(&into.ASCIIOnly, r.ASCIIOnly)
	put(&into.MaxRepeats, r.MaxRepeats)
	put(&into.NotAccount, r.NotAccount)
	put(&into.MinDifferent, r.MinDifferent)
	put(&into.History, r.History)
	putSeconds(&into.MinAge, r.MinAge)
	put(&into.RefuseBreached, r.RefuseBreached)
}

func put[T any](into *T, given *T) {
	if given != nil {
		*into = *given
	}
}

// maxSeconds bounds durations on the wire, so that none overflows.
const maxSeconds = 1 << 32

// putSeconds is put for a duration. Beyond the bounds it stays beyond every
// rule's, which the use case then tells.
func putSeconds(into *time.Duration, given *int) {
	if given != nil {
		*into = time.Duration(max(-1, min(*given, maxSeconds))) * time.Second
	}
}

// change is the edit for the use case. What the caller did not mention is not
// asked for, since some of it is the provider's alone.
func (b OrganizationChange) change(o identity.Organization) directory.OrganizationChange {
	b.merge(&o)
	c := directory.OrganizationChange{Name: b.Name, AutoCreate: b.AutoCreate, Everlasting: b.Everlasting, Domain: b.Domain}
	if b.SignIn != nil || b.Password != nil {
		c.Rules = &o.Rules
	}
	c.DefaultSource = as[identity.SourceID](b.Default)
	if b.Limits != nil {
		c.Limits = &o.Limits
	}
	if b.Profile != nil {
		c.Profile = &o.Profile
	}
	if b.Status != nil {
		c.Status = new(identity.OrganizationStatus(*b.Status))
	}
	return c
}

func organizationShown(o identity.Organization) Organization {
	return Organization{
		ID: string(o.ID), Code: o.Code, Name: o.Name, Domain: o.Domain, Status: string(o.Status), AutoCreate: o.AutoCreate,
		Everlasting: o.Everlasting, SignIn: signInShown(o.Rules), Password: passwordShown(o.Rules.Password),
		Limits: Limits{&o.Limits.Members, &o.Limits.DepartmentLevels, &o.Limits.Departments, &o.Limits.DepartmentChildren, &o.Limits.Domains},
		Profile: Profile{
			&o.Profile.Address, &o.Profile.Phone, &o.Profile.Fax, &o.Profile.Email, &o.Profile.Country, &o.Profile.Description,
			&o.Profile.Language,
		},
		Default: string(o.Rules.DefaultSource), Version: o.Version, CreatedAt: o.CreatedAt.UTC(), UpdatedAt: o.UpdatedAt.UTC(),
	}
}

func signInShown(r identity.SignInRules) SignInRules {
	return SignInRules{
		LockAfter: &r.LockAfter, LockFor: seconds(r.LockFor), ContactsAsNames: &r.ContactsAsNames, MustChange: &r.MustChange,
		ContactRequired: &r.ContactRequired,
	}
}

func passwordShown(r identity.PasswordRules) PasswordRules {
	return PasswordRules{
		MinLength: &r.MinLength, MaxLength: &r.MaxLength, MinClasses: &r.MinClasses, LowerUpperDigit: &r.LowerUpperDigit,
		ASCIIOnly: &r.ASCIIOnly, MaxRepeats: &r.MaxRepeats, NotAccount: &r.NotAccount, MinDifferent: &r.MinDifferent,
		History: &r.History, MinAge: seconds(r.MinAge), RefuseBreached: &r.RefuseBreached,
	}
}

func seconds(d time.Duration) *int { return new(int(d / time.Second)) }
