package api

import (
	"context"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

type membersQuery struct {
	InOrganization
	Paging
	Q          string `query:"q" doc:"Only those whose name, account name, mobile number or mail address begins so, in this order."`
	Department string `query:"department" doc:"Only those in the department with this code or below it."`
	Role       string `query:"role" enum:"owner,administrator,department_administrator,member" doc:"Only those with this role."`
	Status     string `query:"status" enum:"active,inactive,disabled,expired" doc:"Only those in this state."`
	Sort       string `query:"sort" enum:"created,name,account" default:"created" doc:"The order: of making, of names, or of account names. With q it is that of q."`
	Kind       string `query:"kind" enum:"member,guest" doc:"Only those of this kind: guest are those whom an authentication source made."`
}

var memberSorts = map[string]directory.MemberSort{"name": directory.SortByName, "account": directory.SortByAccount}

// marked is what the page goes on after. The cursor of another order is refused.
func (in *membersQuery) marked() (string, error) {
	after, err := in.after("mem_")
	if ordered := in.Q != "" || in.Sort != "created"; err == nil && after != "" && ordered != strings.Contains(after, " ") {
		return "", fault.New(fault.Invalid, fault.CodeCursor).At("cursor")
	}
	return after, err
}

func listMembers(ctx context.Context, c *call, in *membersQuery) (*listed[Member], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	after, err := in.marked()
	if err != nil {
		return nil, err
	}
	q := directory.MemberQuery{
		Text: in.Q, Role: identity.Role(in.Role), Status: identity.MemberStatus(in.Status), Kind: identity.MemberKind(in.Kind),
		Sort: memberSorts[in.Sort], After: directory.MemberMark(after), Limit: in.Limit + 1,
	}
	if in.Department != "" {
		d, err := c.s.o.Directory.Department(ctx, c.actor, o.ID, in.Department)
		if err != nil {
			return nil, err
		}
		q.Department = d.Path
	}
	people, err := c.s.o.Directory.Members(ctx, c.actor, o.ID, q)
	if err != nil {
		return nil, err
	}
	codes, err := c.departmentCodes(ctx, o.ID, people)
	if err != nil {
		return nil, err
	}
	links, err := c.linksOfGuests(ctx, o.ID, people)
	if err != nil {
		return nil, err
	}
	administered, err := c.administered(ctx, o.ID, people)
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, people, func(p identity.Person) string { return string(q.MarkOf(p)) }, func(p identity.Person) Member {
		view := c.memberShown(p, codes[p.Member.Department])
		view.Links, view.Administers = links[p.Member.ID], administered[p.Member.ID]
		return view
	}), nil
}

// administered is which departments are administered by whom, when somebody
// among these people administers any.
func (c *call) administered(ctx context.Context, org identity.OrganizationID, people []identity.Person) (map[identity.MemberID][]string, error) {
	if !slices.ContainsFunc(people, func(p identity.Person) bool { return p.Member.Role == identity.RoleDepartmentAdministrator }) {
		return nil, nil
	}
	return c.s.o.Directory.Administered(ctx, c.actor, org)
}

// departmentCodes are the codes of the departments of some people: one look
// for each department, not for each person.
func (c *call) departmentCodes(ctx context.Context, org identity.OrganizationID, people []identity.Person) (map[identity.DepartmentID]string, error) {
	codes := map[identity.DepartmentID]string{}
	for _, p := range people {
		id := p.Member.Department
		if _, found := codes[id]; found {
			continue
		}
		trail, err := c.s.o.Directory.DepartmentTrail(ctx, c.actor, org, id)
		if err != nil {
			return nil, err
		}
		codes[id] = trail[len(trail)-1].Code
	}
	return codes, nil
}

// memberView is one person as they are shown.
func (c *call) memberView(ctx context.Context, p identity.Person) (Member, error) {
	codes, err := c.departmentCodes(ctx, p.Member.OrganizationID, []identity.Person{p})
	if err != nil {
		return Member{}, err
	}
	administered, err := c.administered(ctx, p.Member.OrganizationID, []identity.Person{p})
	view := c.memberShown(p, codes[p.Member.Department])
	view.Administers = administered[p.Member.ID]
	if err == nil && p.Guest() {
		view.Links, err = c.linksShown(ctx, p)
	}
	return view, err
}

type addMemberInput struct {
	InOrganization
	Body NewMember
}

func addMember(ctx context.Context, c *call, in *addMemberInput) (*made[MadeMember], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	n := in.Body.member()
	n.Domain = in.Body.Domain
	n.Role, n.Disabled, n.DepartmentCode = identity.Role(in.Body.Role), in.Body.Disabled, in.Body.Department
	n.MustChange, n.Notify, n.Administers, n.Complete = in.Body.MustChange, in.Body.Notify, in.Body.Administers, true
	if in.Body.ExpiresAt != nil {
		n.ExpiresAt = *in.Body.ExpiresAt
	}
	added, err := c.s.o.Directory.AddMember(ctx, c.actor, o.ID, n)
	if err != nil {
		return nil, err
	}
	view, err := c.memberView(ctx, added.Person)
	if err != nil {
		return nil, err
	}
	return &made[MadeMember]{
		ETag: etag(view.Version), Location: c.at("/organizations/" + string(o.ID) + "/members/" + view.ID),
		Body: MadeMember{Member: view, Password: added.Password},
	}, nil
}

// InMember is embedded by everything about one member.
type InMember struct {
	InOrganization
	Member string `path:"member" doc:"The member's identifier."`
}

// member finds the person that a call is about.
func (c *call) member(ctx context.Context, in InMember) (p identity.Person, err error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return p, err
	}
	return c.s.o.Directory.Member(ctx, c.actor, o.ID, identity.MemberID(in.Member))
}

// answer shows a person as they are now.
func (c *call) answer(ctx context.Context, p identity.Person) (*single[Member], error) {
	view, err := c.memberView(ctx, p)
	if err != nil {
		return nil, err
	}
	return &single[Member]{ETag: etag(view.Version), Body: view}, nil
}

type memberInput struct {
	InMember
	Known
}

func getMember(ctx context.Context, c *call, in *memberInput) (*single[Member], error) {
	p, err := c.member(ctx, in.InMember)
	if err != nil {
		return nil, err
	}
	view, err := c.memberView(ctx, p)
	if err != nil {
		return nil, err
	}
	return shown(in.Known, view.Version, view)
}

type changeMemberInput struct {
	InMember
	Unchanged
	Body MemberChange
}

func changeMember(ctx context.Context, c *call, in *changeMemberInput) (*single[Member], error) {
	p, err := c.member(ctx, in.InMember)
	if err != nil {
		return nil, err
	}
	version, err := in.version(p.Member.Version)
	if err != nil {
		return nil, err
	}
	change, err := in.Body.change()
	if err != nil {
		return nil, err
	}
	p, err = c.s.o.Directory.ChangeMember(ctx, c.actor, p.Member.OrganizationID, p.Member.ID, version, change)
	if err != nil {
		return nil, err
	}
	return c.answer(ctx, p)
}

type memberActionInput struct {
	InMember
	Unchanged
}

// act does something to a member who is as the caller saw them.
func (c *call) act(ctx context.Context, in InMember, u Unchanged, do memberAction) error {
	p, err := c.member(ctx, in)
	if err != nil {
		return err
	}
	if _, err := u.version(p.Member.Version); err != nil {
		return err
	}
	return do(ctx, c.actor, p.Member.OrganizationID, p.Member.ID)
}

// memberAction is a use case about one member.
type memberAction func(context.Context, identity.Actor, identity.OrganizationID, identity.MemberID) error

// actAndShow is act, answered with the person afterwards.
func (c *call) actAndShow(ctx context.Context, in InMember, u Unchanged, do memberAction) (*single[Member], error) {
	if err := c.act(ctx, in, u, do); err != nil {
		return nil, err
	}
	p, err := c.member(ctx, in)
	if err != nil {
		return nil, err
	}
	return c.answer(ctx, p)
}

func removeMember(ctx context.Context, c *call, in *memberActionInput) (*empty, error) {
	return &empty{}, c.act(ctx, in.InMember, in.Unchanged, c.s.o.Directory.RemoveMember)
}

func suspendMember(ctx context.Context, c *call, in *memberActionInput) (*single[Member], error) {
	return c.actAndShow(ctx, in.InMember, in.Unchanged, c.s.o.Directory.SuspendMember)
}

func resumeMember(ctx context.Context, c *call, in *memberActionInput) (*single[Member], error) {
	return c.actAndShow(ctx, in.InMember, in.Unchanged, c.s.o.Directory.ResumeMember)
}

func resetPassword(ctx context.Context, c *call, in *memberActionInput) (*empty, error) {
	return &empty{}, c.act(ctx, in.InMember, in.Unchanged, c.s.o.Directory.ResetPassword)
}

type setRoleInput struct {
	InMember
	Unchanged
	Body struct {
		Role        string   `json:"role" enum:"owner,administrator,department_administrator,member" doc:"owner hands the organisation over to this member."`
		Administers []string `json:"administers,omitempty" maxItems:"50" doc:"Of a department administrator: the codes of the departments, exactly these."`
	}
}

func setRole(ctx context.Context, c *call, in *setRoleInput) (*single[Member], error) {
	d, role := c.s.o.Directory, identity.Role(in.Body.Role)
	switch role {
	case identity.RoleOwner:
		return c.actAndShow(ctx, in.InMember, in.Unchanged, d.TransferOwnership)
	case identity.RoleDepartmentAdministrator:
		return c.actAndShow(ctx, in.InMember, in.Unchanged, func(ctx context.Context, a identity.Actor, o identity.OrganizationID, m identity.MemberID) error {
			return d.GiveDepartments(ctx, a, o, m, in.Body.Administers)
		})
	}
	return c.actAndShow(ctx, in.InMember, in.Unchanged, func(ctx context.Context, a identity.Actor, o identity.OrganizationID, m identity.MemberID) error {
		return d.SetRole(ctx, a, o, m, role)
	})
}

type organizationReference struct{ InOrganization }

func listAdministrators(ctx context.Context, c *call, in *organizationReference) (*all[Member], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	people, err := c.s.o.Directory.Administrators(ctx, c.actor, o.ID)
	if err != nil {
		return nil, err
	}
	codes, err := c.departmentCodes(ctx, o.ID, people)
	if err != nil {
		return nil, err
	}
	return whole(people, func(p identity.Person) Member { return c.memberShown(p, codes[p.Member.Department]) }), nil
}
