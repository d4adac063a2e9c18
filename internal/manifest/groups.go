package manifest

import (
	"context"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

func (c *checker) groups(all []Group) {
	seen := taken{}
	for i := range all {
		c.group(seen, &all[i])
	}
}

// group brings the accounts into an order, so that a plan compares sets.
func (c *checker) group(seen taken, g *Group) {
	if g.Name == "" {
		return
	}
	c.free(seen, identity.Fold(g.Name), g.At, "name")
	c.rule(g.At, identity.Group{Name: g.Name, Description: or(g.Description, "")}.Validate())
	c.once(g.At, "members", inOrder(g.Members))
	c.once(g.At, "owners", inOrder(g.Owners))
	if n := len(g.Owners); n > directory.MaxGroupOwners {
		c.rule(g.At, fault.New(fault.Invalid, fault.CodeFieldRange).At("owners").With("min", 0).With("max", directory.MaxGroupOwners))
	}
}

// once reports an account that a list in order names twice.
func (c *checker) once(at Position, key string, accounts []string) {
	for i, account := range accounts {
		if i > 0 && identity.FoldAccount(account) == identity.FoldAccount(accounts[i-1]) {
			c.wrong(at, key, "names %s twice", account)
		}
	}
}

// inOrder sorts account names as they are compared; nil stays nil.
func inOrder(accounts []string) []string {
	slices.SortFunc(accounts, func(a, b string) int { return strings.Compare(identity.FoldAccount(a), identity.FoldAccount(b)) })
	return accounts
}

// groups plans the groups of an organisation, and returns those that are stored
// and not listed: they are removed when no application lets them in any more.
// They come after the members whom they name.
func (p *planner) groups(w Organization, of owner) (left []storedGroup, err error) {
	if w.Groups == nil {
		return nil, nil
	}
	listed := map[string]bool{}
	for _, m := range w.Members {
		listed[identity.FoldAccount(m.Account)] = true
	}
	stored, order, err := p.storedGroups(of)
	if err != nil {
		return nil, err
	}
	for _, g := range w.Groups {
		if err := p.checkGroupPeople(g, listed, w, of); err != nil {
			return nil, err
		}
		key := identity.Fold(g.Name)
		old, exists := stored[key]
		delete(stored, key)
		switch fields := differences(g, groupAsWritten(old)); {
		case exists && old.Editable() != nil:
			p.problems.add(g.At, "%s is a security group, which is not configured by hand; leave it out", old.Name)
		case !exists:
			p.add(Step{Action: Create, Kind: "group", Name: g.Name, Of: of.code, do: createGroup(g, of)})
		case len(fields) > 0:
			p.add(Step{Action: Change, Kind: "group", Name: old.Name, Of: of.code, Fields: fields, do: changeGroup(g, old)})
		}
	}
	for _, key := range order {
		if old, unlisted := stored[key]; unlisted && old.Editable() == nil {
			left = append(left, old)
		}
	}
	return left, nil
}

// pruneGroups plans the removal of groups. One that an application still lets
// in when all else is done is a problem.
func (p *planner) pruneGroups(left []storedGroup, w Organization, of owner) error {
	if !p.options.Prune {
		return nil
	}
	for _, old := range left {
		clients, err := p.house.Directory.GroupUses(p.ctx, p.actor, of.id, old.ID)
		if err != nil {
			return err
		}
		for _, client := range clients {
			if stillLetsIn(w, client) {
				p.problems.add(w.At, "group %s cannot be removed: the application %s lets it in, and its access is not given here", quoted(old.Name), client)
			}
		}
		p.add(Step{Action: Remove, Kind: "group", Name: old.Name, Of: of.code, do: removeGroup(old)})
	}
	return nil
}

// stillLetsIn reports whether an application that is stored keeps the access it
// has. One that names a group which is not listed is a problem of its own.
func stillLetsIn(w Organization, clientID string) bool {
	for _, a := range w.Applications {
		if a.ClientID == clientID {
			return a.Access == nil
		}
	}
	return w.Applications == nil
}

// checkGroupPeople reports members and owners who are not listed and will not
// be there.
func (p *planner) checkGroupPeople(g Group, listed map[string]bool, w Organization, of owner) error {
	for _, some := range []struct {
		key      string
		accounts []string
	}{{"members", g.Members}, {"owners", g.Owners}} {
		for _, account := range some.accounts {
			if listed[identity.FoldAccount(account)] {
				continue
			}
			if err := p.checkGroupMember(g, some.key, account, w, of); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkGroupMember reports somebody who is not listed and will not be a member.
func (p *planner) checkGroupMember(g Group, key, account string, w Organization, of owner) error {
	if stays := !of.new && (w.Members == nil || !p.options.Prune); stays {
		_, err := p.house.Directory.MemberByAccount(p.ctx, p.actor, of.id, account)
		if err == nil || !fault.Is(err, fault.CodeMemberNotFound) {
			return err
		}
	}
	at := g.At
	at.Path = join(at.Path, key)
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
		if err := a.fillGroup(ctx, made, g.Members, a.house.Directory.AddGroupMembers); err != nil {
			return err
		}
		return a.fillGroup(ctx, made, g.Owners, a.house.Directory.AddGroupOwners)
	}
}

// changeGroup edits a group and lets in and out whoever differs. Owners leave
// before others come: there are never too many.
func changeGroup(g Group, old storedGroup) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		_, err := a.house.Directory.ChangeGroup(ctx, a.actor, old.OrganizationID, old.ID, 0, directory.GroupChange{Description: g.Description})
		if err != nil {
			return err
		}
		coming, leaving := old.members.until(g.Members)
		for some := range slices.Chunk(leaving, directory.MaxGroupChange) {
			if err := a.house.Directory.RemoveGroupMembers(ctx, a.actor, old.OrganizationID, old.ID, some); err != nil {
				return err
			}
		}
		if err := a.fillGroup(ctx, old.Group, coming, a.house.Directory.AddGroupMembers); err != nil {
			return err
		}
		coming, leaving = old.owners.until(g.Owners)
		if err := a.house.Directory.RemoveGroupOwners(ctx, a.actor, old.OrganizationID, old.ID, leaving); err != nil {
			return err
		}
		return a.fillGroup(ctx, old.Group, coming, a.house.Directory.AddGroupOwners)
	}
}

// adding is a use case that puts members into a group, or makes them owners.
type adding func(context.Context, identity.Actor, identity.OrganizationID, identity.GroupID, []identity.MemberID) error

// fillGroup adds people to a group by their account names.
func (a *applier) fillGroup(ctx context.Context, g identity.Group, accounts []string, add adding) error {
	for some := range slices.Chunk(accounts, directory.MaxGroupChange) {
		ids := make([]identity.MemberID, 0, len(some))
		for _, account := range some {
			p, err := a.house.Directory.MemberByAccount(ctx, a.actor, g.OrganizationID, account)
			if err != nil {
				return err
			}
			ids = append(ids, p.Member.ID)
		}
		if err := add(ctx, a.actor, g.OrganizationID, g.ID, ids); err != nil {
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
