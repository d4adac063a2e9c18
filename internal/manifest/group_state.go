package manifest

import (
	"context"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
)

// storedGroup is a group as it is, with its members and its owners.
type storedGroup struct {
	identity.Group
	members, owners groupPeople
}

// groupPeople are some members, with their identifiers by their folded account
// names.
type groupPeople struct {
	accounts []string
	ids      map[string]identity.MemberID
}

func (s *groupPeople) add(p identity.Person) {
	if s.ids == nil {
		s.ids = map[string]identity.MemberID{}
	}
	s.accounts = append(s.accounts, p.Account.Name)
	s.ids[identity.FoldAccount(p.Account.Name)] = p.Member.ID
}

// written are the accounts as a manifest has them.
func (s groupPeople) written() []string {
	if s.accounts == nil {
		return []string{}
	}
	return inOrder(s.accounts)
}

// until tells who comes and who leaves until just these accounts are there;
// nil says nothing.
func (s groupPeople) until(accounts []string) (coming []string, leaving []identity.MemberID) {
	if accounts == nil {
		return nil, nil
	}
	stays := map[string]bool{}
	for _, account := range accounts {
		key := identity.FoldAccount(account)
		if _, in := s.ids[key]; !in {
			coming = append(coming, account)
		}
		stays[key] = true
	}
	for _, account := range s.accounts {
		if key := identity.FoldAccount(account); !stays[key] {
			leaving = append(leaving, s.ids[key])
		}
	}
	return coming, leaving
}

// storedGroups returns the groups of an organisation by their folded names and
// in the order of their making.
func (p *planner) storedGroups(of owner) (map[string]storedGroup, []string, error) {
	byName, order := map[string]storedGroup{}, []string(nil)
	if of.new {
		return byName, nil, nil
	}
	err := eachGroup(p.ctx, p.actor, p.house, of.id, func(g storedGroup) error {
		key := identity.Fold(g.Name)
		byName[key] = g
		order = append(order, key)
		return nil
	})
	return byName, order, err
}

func groupAsWritten(g storedGroup) Group {
	return Group{Name: g.Name, Description: &g.Description, Members: g.members.written(), Owners: g.owners.written()}
}

func freshGroup() Group { return groupAsWritten(storedGroup{}) }

// eachGroup visits the groups of an organisation, oldest first, with their
// members.
func eachGroup(ctx context.Context, actor identity.Actor, house House, org identity.OrganizationID, visit func(storedGroup) error) error {
	var after identity.GroupID
	for {
		page, err := house.Directory.Groups(ctx, actor, org, directory.GroupQuery{After: string(after), Limit: pageSize})
		if err != nil {
			return err
		}
		for _, g := range page {
			full := storedGroup{Group: g}
			if err := eachGroupMember(ctx, actor, house, g, full.members.add); err != nil {
				return err
			}
			owners, err := house.Directory.GroupOwners(ctx, actor, org, g.ID)
			if err != nil {
				return err
			}
			for _, p := range owners {
				full.owners.add(p)
			}
			if err := visit(full); err != nil {
				return err
			}
			after = g.ID
		}
		if len(page) < pageSize {
			return nil
		}
	}
}

func eachGroupMember(ctx context.Context, actor identity.Actor, house House, g identity.Group, visit func(identity.Person)) error {
	var after identity.MemberID
	for {
		page, err := house.Directory.GroupMembers(ctx, actor, g.OrganizationID, g.ID, after, pageSize)
		if err != nil {
			return err
		}
		for _, p := range page {
			visit(p)
			after = p.Member.ID
		}
		if len(page) < pageSize {
			return nil
		}
	}
}
