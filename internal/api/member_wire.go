package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Member is a member on the wire, with the account behind it.
type Member struct {
	ID           string            `json:"id"`
	AccountID    string            `json:"account_id"`
	Account      string            `json:"account" doc:"What is typed to sign in."`
	Name         string            `json:"name"`
	EnglishName  string            `json:"english_name"`
	ThirdAccount string            `json:"third_account" doc:"The member's id in the third party's system."`
	Role         string            `json:"role" enum:"owner,administrator,department_administrator,member"`
	Administers  []string          `json:"administers,omitempty" doc:"Of a department administrator: the codes of the departments."`
	Status       string            `json:"status" enum:"active,inactive,disabled,expired" doc:"inactive is who may sign in and never did, expired whose expires_at has come."`
	ActivatedAt  *time.Time        `json:"activated_at,omitempty" doc:"When the member first came in. Left out until then."`
	ExpiresAt    *time.Time        `json:"expires_at,omitempty" doc:"When the membership ends. Left out, never."`
	Kind         string            `json:"kind" enum:"member,guest" doc:"guest is who was made by an authentication source and is known by it alone."`
	Links        []MemberLink      `json:"links,omitempty" doc:"Of a guest: the accounts at authentication sources."`
	Department   string            `json:"department" doc:"The department's code."`
	Email        string            `json:"email"`
	Mobile       string            `json:"mobile"`
	Country      string            `json:"country"`
	Title        string            `json:"title"`
	Signature    string            `json:"signature"`
	Description  string            `json:"description"`
	SortLevel    int               `json:"sort_level"`
	HideMobile   bool              `json:"hide_mobile"`
	Number       string            `json:"number"`
	Picture      string            `json:"picture" doc:"The public address of the picture; empty without one."`
	Attributes   map[string]string `json:"attributes" doc:"Custom attributes. To who does not manage members, some are shown as •••• and some not at all."`
	Version      int64             `json:"version"`
	CreatedAt    time.Time         `json:"created_at"`
	UpdatedAt    time.Time         `json:"updated_at"`
}

// NewMember is the body that makes a member.
type NewMember struct {
	MemberIdentity
	Domain      string     `json:"domain,omitempty" doc:"A domain of the organisation that is not frozen; it is written behind the account name and an @."`
	Role        string     `json:"role,omitempty" enum:"owner,administrator,department_administrator,member" doc:"Left out, member. owner only where there is none yet."`
	Administers []string   `json:"administers,omitempty" maxItems:"50" doc:"Of a department administrator: the codes of the departments, at least one."`
	Disabled    bool       `json:"disabled,omitempty" doc:"Whether the member may not sign in at first."`
	ExpiresAt   *time.Time `json:"expires_at,omitempty" doc:"When the membership ends. Left out, never."`
	Department  string     `json:"department,omitempty" doc:"The code of the department. Left out, the topmost."`
	MustChange  *bool      `json:"must_change_password,omitempty" doc:"Whether the password has to be changed at the first sign-in. Default true."`
	Notify      bool       `json:"notify,omitempty" doc:"Whether the person is told, with a password that was made."`
}

// NewOwner is the person who is made with an organisation.
type NewOwner struct {
	MemberIdentity
	MustChange *bool `json:"must_change_password,omitempty" doc:"Whether the password has to be changed at the first sign-in. Default true."`
}

// MemberIdentity is what both are made from.
type MemberIdentity struct {
	Account      string            `json:"account,omitempty" doc:"What is typed to sign in, unique in the whole system. Left out, one is made."`
	Name         string            `json:"name" doc:"The name, 1 to 64 characters."`
	EnglishName  string            `json:"english_name,omitempty"`
	ThirdAccount string            `json:"third_account,omitempty" doc:"The id in the third party's system, unique in the organisation; no colon."`
	Email        string            `json:"email,omitempty"`
	Mobile       string            `json:"mobile,omitempty" doc:"With the country code, such as +8613800000001."`
	Country      string            `json:"country,omitempty" doc:"By its symbolic name, such as chinaPR."`
	Title        string            `json:"title,omitempty"`
	Signature    string            `json:"signature,omitempty"`
	Description  string            `json:"description,omitempty"`
	SortLevel    int               `json:"sort_level,omitempty" doc:"1 to 10000; smaller sorts first."`
	HideMobile   bool              `json:"hide_mobile,omitempty"`
	Attributes   map[string]string `json:"attributes,omitempty"`
	Language     string            `json:"language,omitempty" doc:"Of messages to the person."`
	Password     string            `json:"password,omitempty" doc:"Left out, one is made and told in the answer, this once."`
}

func (m MemberIdentity) member() directory.NewMember {
	return directory.NewMember{
		Account: m.Account, Name: m.Name, EnglishName: m.EnglishName, ThirdAccount: m.ThirdAccount, Email: m.Email,
		Mobile: m.Mobile, Country: m.Country, Title: m.Title, Signature: m.Signature, Description: m.Description, SortLevel: m.SortLevel,
		HideMobile: m.HideMobile, Attributes: m.Attributes, Language: m.Language, Password: m.Password,
	}
}

// member is the owner with a password: the use case makes none for it.
func (n NewOwner) member() *directory.NewMember {
	m := n.MemberIdentity.member()
	m.MustChange = n.MustChange
	if m.Password == "" {
		m.Password = directory.GeneratePassword()
	}
	return &m
}

// MadeMember is a new member.
type MadeMember struct {
	Member
	Password string `json:"password,omitempty" doc:"The password that was made. It is told this once."`
}

// madeOwner is the owner of a new organisation, with the password if it was
// made here.
func (c *call) madeOwner(ctx context.Context, o identity.Organization, asked NewOwner, given directory.NewMember) (*MadeMember, error) {
	people, err := c.s.o.Directory.Administrators(ctx, c.actor, o.ID)
	if err != nil || len(people) == 0 {
		return nil, err
	}
	view := &MadeMember{Member: c.memberShown(people[0], identity.RootDepartmentCode)}
	if asked.Password == "" {
		view.Password = given.Password
	}
	return view, nil
}

func (c *call) memberShown(p identity.Person, department string) Member {
	m, a := p.Member, p.Account
	attributes := m.Attributes
	if attributes == nil {
		attributes = map[string]string{}
	}
	return Member{
		ID: string(m.ID), AccountID: string(a.ID), Account: a.Name, Name: m.Name, EnglishName: m.EnglishName,
		ThirdAccount: m.ThirdAccount, Role: string(m.Role), Status: string(c.s.o.Directory.Standing(m)), ActivatedAt: moment(m.ActivatedAt), ExpiresAt: moment(m.ExpiresAt), Kind: string(p.Kind()), Department: department, Email: a.Email,
		Mobile: a.Mobile, Country: a.Country, Title: m.Title, Signature: m.Signature, Description: m.Description,
		SortLevel: m.SortLevel, HideMobile: m.HideMobile, Number: m.Number, Picture: c.pictureOf(m), Attributes: attributes, Version: m.Version,
		CreatedAt: m.CreatedAt.UTC(), UpdatedAt: m.UpdatedAt.UTC(),
	}
}

// MemberChange is an edit of a member; what is left out stays. Account name,
// role, status and password have ways of their own.
type MemberChange struct {
	Name         *string            `json:"name,omitempty"`
	EnglishName  *string            `json:"english_name,omitempty"`
	ThirdAccount *string            `json:"third_account,omitempty"`
	Department   *string            `json:"department,omitempty" doc:"The code of another department."`
	Email        *string            `json:"email,omitempty"`
	Mobile       *string            `json:"mobile,omitempty"`
	Country      *string            `json:"country,omitempty"`
	Title        *string            `json:"title,omitempty"`
	Signature    *string            `json:"signature,omitempty"`
	Description  *string            `json:"description,omitempty"`
	SortLevel    *int               `json:"sort_level,omitempty"`
	HideMobile   *bool              `json:"hide_mobile,omitempty"`
	Attributes   map[string]*string `json:"attributes,omitempty" doc:"Those named are set, or removed by null; the others stay."`
	ExpiresAt    *string            `json:"expires_at,omitempty" doc:"When the membership ends, such as 2030-12-31T23:59:59Z; an empty text is never. A later end renews a membership that is over."`
}

func (m MemberChange) change() (directory.MemberChange, error) {
	c := directory.MemberChange{
		Name: m.Name, EnglishName: m.EnglishName, Email: m.Email, Mobile: m.Mobile, Country: m.Country,
		DepartmentCode: m.Department, Title: m.Title, Signature: m.Signature, Description: m.Description, SortLevel: m.SortLevel,
		HideMobile: m.HideMobile, ThirdAccount: m.ThirdAccount, Attributes: m.Attributes,
	}
	if m.ExpiresAt == nil {
		return c, nil
	}
	c.ExpiresAt = new(time.Time)
	if *m.ExpiresAt == "" {
		return c, nil
	}
	end, err := time.Parse(time.RFC3339, *m.ExpiresAt)
	if err != nil {
		return c, fault.New(fault.Invalid, fault.CodeFieldFormat).At("expires_at").With("want", "want.instant")
	}
	c.ExpiresAt = &end
	return c, nil
}
