package manifest

import (
	"context"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
)

// pageSize is how many objects are read at once: many enough to be quick, few
// enough that an export of 100,000 members needs little memory.
const pageSize = 1000

func eachOrganization(ctx context.Context, actor identity.Actor, house House, visit func(identity.Organization) error) error {
	q := directory.OrganizationQuery{Slice: directory.Slice{Limit: pageSize}}
	for {
		page, err := house.Directory.Organizations(ctx, actor, q)
		if err != nil {
			return err
		}
		for _, o := range page {
			if err := visit(o); err != nil {
				return err
			}
			q.After = string(o.ID)
		}
		if len(page) < pageSize {
			return nil
		}
	}
}

// eachDepartment visits parents before their children.
func eachDepartment(ctx context.Context, actor identity.Actor, house House, org identity.OrganizationID, visit func(identity.Department) error) error {
	after := ""
	for {
		page, err := house.Directory.Departments(ctx, actor, org, after, pageSize)
		if err != nil {
			return err
		}
		for _, d := range page {
			if err := visit(d); err != nil {
				return err
			}
			after = d.Path
		}
		if len(page) < pageSize {
			return nil
		}
	}
}

// eachMember visits members in the order of their making. Guests are no part of
// a manifest: their sources make them.
func eachMember(ctx context.Context, actor identity.Actor, house House, org identity.OrganizationID, visit func(identity.Person) error) error {
	q := directory.MemberQuery{Kind: identity.KindMember, Limit: pageSize}
	for {
		page, err := house.Directory.Members(ctx, actor, org, q)
		if err != nil {
			return err
		}
		for _, person := range page {
			if err := visit(person); err != nil {
				return err
			}
			q.After = q.MarkOf(person)
		}
		if len(page) < pageSize {
			return nil
		}
	}
}

// eachAppID visits the App IDs of an owner, oldest first.
func eachAppID(ctx context.Context, actor identity.Actor, house House, owner identity.OrganizationID, visit func(identity.AppID) error) error {
	for seen := 0; ; {
		page, total, err := house.Applications.AppIDs(ctx, actor, owner, seen, pageSize)
		if err != nil {
			return err
		}
		for _, a := range page {
			if err := visit(a); err != nil {
				return err
			}
		}
		if seen += len(page); seen >= total || len(page) == 0 {
			return nil
		}
	}
}
