package api

import (
	"context"

	"github.com/orgate/orgate/internal/identity"
)

type groupOwnersInput struct{ InGroup }

// listGroupOwners comes whole: a group has few owners.
func listGroupOwners(ctx context.Context, c *call, in *groupOwnersInput) (*all[Member], error) {
	g, err := c.group(ctx, in.InGroup)
	if err != nil {
		return nil, err
	}
	people, err := c.s.o.Directory.GroupOwners(ctx, c.actor, g.OrganizationID, g.ID)
	if err != nil {
		return nil, err
	}
	codes, err := c.departmentCodes(ctx, g.OrganizationID, people)
	if err != nil {
		return nil, err
	}
	return whole(people, func(p identity.Person) Member { return c.groupMember(p, codes[p.Member.Department]) }), nil
}

// GroupOwners is the body that makes members owners of a group.
type GroupOwners struct {
	Members []string `json:"members" maxItems:"50" doc:"The identifiers of members; a group has at most 50 owners. Who owns the group already stays; when one is unknown, nobody is added."`
}

type addGroupOwnersInput struct {
	InGroup
	Body GroupOwners
}

func addGroupOwners(ctx context.Context, c *call, in *addGroupOwnersInput) (*empty, error) {
	g, err := c.group(ctx, in.InGroup)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Directory.AddGroupOwners(ctx, c.actor, g.OrganizationID, g.ID, memberIDs(in.Body.Members))
}

func removeGroupOwner(ctx context.Context, c *call, in *groupMemberInput) (*empty, error) {
	g, err := c.group(ctx, in.InGroup)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Directory.RemoveGroupOwners(ctx, c.actor, g.OrganizationID, g.ID, []identity.MemberID{identity.MemberID(in.Member)})
}
