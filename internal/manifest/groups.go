package manifest

import (
	"context"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// group brings the accounts into an order, so that a plan compares sets.
func (c *checker) group(seen taken, g *Group) {
	if g.Name == "" {
		return
	}
	c.free(seen, identity.Fold(g.Name), g.At, "name")
	c.rule(g.At, identity.Group{Name: g.Name, Description: or(g.Description, "")}.Validate())
	g.Members = inOrder(g.Members)
	for i, account := range g.Members {
		if i > 0 && identity.FoldAccount(account) == identity.FoldAccount(g.Members[i-1]) {
			c.wrong(g.At, "members", "names %s twice", account)
		}
	}
}

// inOrder sorts account names as they are compared; nil stays nil.
func inOrder(accounts []string) []string {
	slices.SortFunc(accounts, func(a, b string) int { return strings.Compare(identity.FoldAccount(a), identity.FoldAccount(b)) })
	return accounts
}

// storedGroup is a group as it is, with the members by their folded account
// names.
type storedGroup struct {
	identity.Group
	accounts []string
	ids      map[string]identity.MemberID
}

// groups plans the groups of an organisation. They come after the members whom
// they name.
func (p *planner) groups(w Organization, of owner) error {
	if w.Groups == nil {
		return nil
	}
	listed := map[string]bool{}
	for _, m := range w.Members {
		listed[identity.FoldAccount(m.Account)] = true
	}
	stored, order, err := p.storedGroups(of)
	if err != nil {
		return err
	}
	for _, g := range w.Groups {
		for _, account := range g.Members {
			if !listed[identity.FoldAccount(account)] {
				if err := p.checkGroupMember(g, account, w, of); err != nil {
					return err
				}
			}
		}
		key := identity.Fold(g.Name)
		old, exists := stored[key]
		delete(stored, key)
		switch fields := differences(g, groupAsWritten(old)); {
		case !exists:
			p.add(Step{Action: Create, Kind: "group", Name: g.Name, Of: of.code, do: createGroup(g, of)})
		case len(fields) > 0:
			p.add(Step{Action: Change, Kind: "group", Name: old.Name, Of: of.code, Fields: fields, do: changeGroup(g, old)})
		}
	}
	for _, key := range order {
		if old, left := stored[key]; left && p.options.Prune {
			p.add(Step{Action: Remove, Kind: "group", Name: old.Name, Of: of.code, do: removeGroup(old)})
		}
	}
	return nil
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

// checkGroupMember reports somebody who is not listed and will not be a member.
func (p *planner) checkGroupMember(g Group, account string, w Organization, of owner) error {
	if stays := !of.new && (w.Members == nil || !p.options.Prune); stays {
		_, err := p.house.Directory.MemberByAccount(p.ctx, p.actor, of.id, account)
		if err == nil || !fault.Is(err, fault.CodeMemberNotFound) {
			return err
		}
	}
	at := g.At
	at.Path = join(at.Path, "members")
	p.problems.add(at, "there is no member %q in %s, neither here nor stored", account, of.code)
	return nil
}

func createGroup(g Group, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		org, err := of.resolve(a)
		if err != nil {
			return err
		}
		made, err := a.house.Directory.AddGroup(ctx, a.actor, org, directory.NewGroup{Name: g.Name, Description: or(g.Description, "")})
		if err != nil {
			return err
		}
		return a.fillGroup(ctx, made, g.Members)
	}
}

// changeGroup edits a group and lets in and out whoever differs.
func changeGroup(g Group, old storedGroup) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		_, err := a.house.Directory.ChangeGroup(ctx, a.actor, old.OrganizationID, old.ID, 0, directory.GroupChange{Description: g.Description})
		if err != nil || g.Members == nil {
			return err
		}
		leaving, coming := map[string]identity.MemberID{}, []string(nil)
		for key, id := range old.ids {
			leaving[key] = id
		}
		for _, account := range g.Members {
			if _, in := leaving[identity.FoldAccount(account)]; !in {
				coming = append(coming, account)
			}
			delete(leaving, identity.FoldAccount(account))
		}
		ids := make([]identity.MemberID, 0, len(leaving))
		for _, id := range leaving {
			ids = append(ids, id)
		}
		for some := range slices.Chunk(ids, directory.MaxGroupChange) {
			if err := a.house.Directory.RemoveGroupMembers(ctx, a.actor, old.OrganizationID, old.ID, some); err != nil {
				return err
			}
		}
		return a.fillGroup(ctx, old.Group, coming)
	}
}

// fillGroup puts members into a group by their account names.
func (a *applier) fillGroup(ctx context.Context, g identity.Group, accounts []string) error {
	for some := range slices.Chunk(accounts, directory.MaxGroupChange) {
		ids := make([]identity.MemberID, 0, len(some))
		for _, account := range some {
			p, err := a.house.Directory.MemberByAccount(ctx, a.actor, g.OrganizationID, account)
			if err != nil {
				return err
			}
			ids = append(ids, p.Member.ID)
		}
		if err := a.house.Directory.AddGroupMembers(ctx, a.actor, g.OrganizationID, g.ID, ids); err != nil {
			return err
		}
	}
	return nil
}

func removeGroup(g storedGroup) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		return a.house.Directory.RemoveGroup(ctx, a.actor, g.OrganizationID, g.ID)
	}
}

func groupAsWritten(g storedGroup) Group {
	members := g.accounts
	if members == nil {
		members = []string{}
	}
	return Group{Name: g.Name, Description: &g.Description, Members: members}
}

func freshGroup() Group { return groupAsWritten(storedGroup{}) }

// eachGroup visits the groups of an organisation, oldest first, with their
// members.
func eachGroup(ctx context.Context, actor identity.Actor, house House, org identity.OrganizationID, visit func(storedGroup) error) error {
	var after identity.GroupID
	for {
		page, err := house.Directory.Groups(ctx, actor, org, after, pageSize)
		if err != nil {
			return err
		}
		for _, g := range page {
			full := storedGroup{Group: g, ids: map[string]identity.MemberID{}}
			err := eachGroupMember(ctx, actor, house, g, func(p identity.Person) {
				full.accounts = append(full.accounts, p.Account.Name)
				full.ids[identity.FoldAccount(p.Account.Name)] = p.Member.ID
			})
			if err != nil {
				return err
			}
			full.accounts = inOrder(full.accounts)
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
