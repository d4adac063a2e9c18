package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
)

// Group is a set of members.
type Group struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	Version     int64     `json:"version"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
}

func groupShown(g identity.Group) Group {
	return Group{
		ID: string(g.ID), Name: g.Name, Description: g.Description, Version: g.Version,
		CreatedAt: g.CreatedAt.UTC(), UpdatedAt: g.UpdatedAt.UTC(),
	}
}

type groupsQuery struct {
	InOrganization
	Paging
}

func listGroups(ctx context.Context, c *call, in *groupsQuery) (*listed[Group], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	after, err := in.after("grp_")
	if err != nil {
		return nil, err
	}
	found, err := c.s.o.Directory.Groups(ctx, c.actor, o.ID, identity.GroupID(after), in.Limit+1)
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found, func(g identity.Group) string { return string(g.ID) }, groupShown), nil
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
		return c.memberShown(p, codes[p.Member.Department])
	}), nil
}

// GroupMembers is the body that puts members into a group.
type GroupMembers struct {
	Members []string `json:"members" maxItems:"200" doc:"The identifiers of at most 200 members. Who is in the group already stays; when one is unknown, nobody comes in."`
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
	members := make([]identity.MemberID, len(in.Body.Members))
	for i, id := range in.Body.Members {
		members[i] = identity.MemberID(id)
	}
	return &empty{}, c.s.o.Directory.AddGroupMembers(ctx, c.actor, g.OrganizationID, g.ID, members)
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
