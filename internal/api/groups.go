package api

import (
	"context"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Group is a set of members.
type Group struct {
	ID          string    `json:"id"`
	Type        string    `json:"type" enum:"ordinary,security" doc:"A security group belongs to a federation: nobody makes, edits, fills or removes one by hand."`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	Version     int64     `json:"version"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
}

func groupShown(g identity.Group) Group {
	return Group{
		ID: string(g.ID), Type: string(g.Kind), Name: g.Name, Description: g.Description, Version: g.Version,
		CreatedAt: g.CreatedAt.UTC(), UpdatedAt: g.UpdatedAt.UTC(),
	}
}

type groupsQuery struct {
	InOrganization
	Paging
	Q     string `query:"q" doc:"Only those whose name contains this, whatever the letter case."`
	Type  string `query:"type" enum:"ordinary,security" doc:"Only those of this type."`
	Owner string `query:"owner" doc:"Only those that the member with this identifier owns. Whoever does not manage groups sees their own alone."`
	Sort  string `query:"sort" enum:"created,name" default:"created" doc:"The order: of making, or of names."`
}

// named begins the cursors of lists in the order of names: the cursor of
// another order is refused.
const named = "name:"

// key is what a page in the wanted order goes on after.
func (q *groupsQuery) key(g identity.Group) string {
	if q.Sort == "name" {
		return named + identity.Fold(g.Name)
	}
	return string(g.ID)
}

func listGroups(ctx context.Context, c *call, in *groupsQuery) (*listed[Group], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	q := directory.GroupQuery{
		Text: in.Q, Kind: identity.GroupKind(in.Type), Owner: identity.MemberID(in.Owner), ByName: in.Sort == "name", Limit: in.Limit + 1,
	}
	prefix := "grp_"
	if q.ByName {
		prefix = named
	}
	after, err := in.after(prefix)
	if err != nil {
		return nil, err
	}
	q.After = strings.TrimPrefix(after, named)
	found, err := c.s.o.Directory.Groups(ctx, c.actor, o.ID, q)
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found, in.key, groupShown), nil
}

// NewGroup is the body that makes a group.
type NewGroup struct {
	Name        string `json:"name" doc:"The name, 1 to 64 characters, unique in the organisation whatever the letter case."`
	Description string `json:"description,omitempty" doc:"At most 255 characters."`
}

type addGroupInput struct {
	InOrganization
	Body NewGroup
}

func addGroup(ctx context.Context, c *call, in *addGroupInput) (*made[Group], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	g, err := c.s.o.Directory.AddGroup(ctx, c.actor, o.ID, directory.NewGroup{Name: in.Body.Name, Description: in.Body.Description})
	if err != nil {
		return nil, err
	}
	return &made[Group]{
		ETag: etag(g.Version), Location: c.at("/organizations/" + string(o.ID) + "/groups/" + string(g.ID)), Body: groupShown(g),
	}, nil
}

// InGroup is embedded by everything about one group.
type InGroup struct {
	InOrganization
	Group string `path:"group" doc:"The group's identifier."`
}

// group finds the group that a call is about.
func (c *call) group(ctx context.Context, in InGroup) (g identity.Group, err error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return g, err
	}
	return c.s.o.Directory.Group(ctx, c.actor, o.ID, identity.GroupID(in.Group))
}

type groupInput struct {
	InGroup
	Known
}

func getGroup(ctx context.Context, c *call, in *groupInput) (*single[Group], error) {
	g, err := c.group(ctx, in.InGroup)
	if err != nil {
		return nil, err
	}
	return shown(in.Known, g.Version, groupShown(g))
}

// GroupChange is an edit of a group; what is left out stays.
type GroupChange struct {
	Name        *string `json:"name,omitempty"`
	Description *string `json:"description,omitempty"`
}

type changeGroupInput struct {
	InGroup
	Unchanged
	Body GroupChange
}

func changeGroup(ctx context.Context, c *call, in *changeGroupInput) (*single[Group], error) {
	g, err := c.group(ctx, in.InGroup)
	if err != nil {
		return nil, err
	}
	version, err := in.version(g.Version)
	if err != nil {
		return nil, err
	}
	g, err = c.s.o.Directory.ChangeGroup(ctx, c.actor, g.OrganizationID, g.ID, version,
		directory.GroupChange{Name: in.Body.Name, Description: in.Body.Description})
	if err != nil {
		return nil, err
	}
	return &single[Group]{ETag: etag(g.Version), Body: groupShown(g)}, nil
}

type removeGroupInput struct {
	InGroup
	Unchanged
}

func removeGroup(ctx context.Context, c *call, in *removeGroupInput) (*empty, error) {
	g, err := c.group(ctx, in.InGroup)
	if err != nil {
		return nil, err
	}
	if _, err := in.version(g.Version); err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Directory.RemoveGroup(ctx, c.actor, g.OrganizationID, g.ID)
}

type groupMembersQuery struct {
	InGroup
	Paging
}

func listGroupMembers(ctx context.Context, c *call, in *groupMembersQuery) (*listed[Member], error) {
	g, err := c.group(ctx, in.InGroup)
	if err != nil {
		return nil, err
	}
	after, err := in.after("mem_")
	if err != nil {
		return nil, err
	}
	people, err := c.s.o.Directory.GroupMembers(ctx, c.actor, g.OrganizationID, g.ID, identity.MemberID(after), in.Limit+1)
	if err != nil {
		return nil, err
	}
	codes, err := c.departmentCodes(ctx, g.OrganizationID, people)
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, people, func(p identity.Person) string { return string(p.Member.ID) }, func(p identity.Person) Member {
		return c.groupMember(p, codes[p.Member.Department])
	}), nil
}

// groupMember is somebody in a group: whole to who may read all members, and
// without contacts and personal data to an owner who may not.
func (c *call) groupMember(p identity.Person, department string) Member {
	view := c.memberShown(p, department)
	if access.Everywhere(c.actor, access.ReadMembers, p.Member.OrganizationID) {
		return view
	}
	view.Email, view.Mobile, view.Country, view.ThirdAccount, view.Number = "", "", "", "", ""
	view.Signature, view.Description, view.ActivatedAt, view.ExpiresAt = "", "", nil, nil
	view.Attributes = map[string]string{}
	return view
}

// GroupMembers is the body that puts members into a group.
type GroupMembers struct {
	Members  []string `json:"members,omitempty" maxItems:"200" doc:"The identifiers of at most 200 members. Who is in the group already stays; when one is unknown, nobody comes in."`
	Accounts []string `json:"accounts,omitempty" maxItems:"200" doc:"In place of members: the names of their accounts."`
}

func memberIDs(texts []string) []identity.MemberID {
	ids := make([]identity.MemberID, len(texts))
	for i, text := range texts {
		ids[i] = identity.MemberID(text)
	}
	return ids
}

type addGroupMembersInput struct {
	InGroup
	Body GroupMembers
}

func addGroupMembers(ctx context.Context, c *call, in *addGroupMembersInput) (*empty, error) {
	g, err := c.group(ctx, in.InGroup)
	if err != nil {
		return nil, err
	}
	if len(in.Body.Accounts) == 0 {
		return &empty{}, c.s.o.Directory.AddGroupMembers(ctx, c.actor, g.OrganizationID, g.ID, memberIDs(in.Body.Members))
	}
	if len(in.Body.Members) > 0 {
		return nil, fault.New(fault.Invalid, fault.CodeFieldUnwanted).At("accounts")
	}
	return &empty{}, c.s.o.Directory.AddGroupAccounts(ctx, c.actor, g.OrganizationID, g.ID, in.Body.Accounts)
}

type groupMemberInput struct {
	InGroup
	Member string `path:"member" doc:"The member's identifier."`
}

func removeGroupMember(ctx context.Context, c *call, in *groupMemberInput) (*empty, error) {
	g, err := c.group(ctx, in.InGroup)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Directory.RemoveGroupMembers(ctx, c.actor, g.OrganizationID, g.ID, []identity.MemberID{identity.MemberID(in.Member)})
}
