package manifest

import (
	"context"
	"slices"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/policy"
)

// regions looks for names and networks given twice, and brings networks into
// their one spelling, so that a plan compares like with like.
func (c *checker) regions(all []Region) {
	names, networks := taken{}, taken{}
	for i := range all {
		r := &all[i]
		if r.Name == "" || r.Network == "" {
			continue // the decoder has said so
		}
		c.free(names, identity.Fold(r.Name), r.At, "name")
		network, err := identity.ParseNetwork(r.Network)
		if err != nil {
			c.rule(r.At, err)
			continue
		}
		r.Network = network.String()
		c.free(networks, r.Network, r.At, "network")
		c.rule(r.At, identity.Region{Name: r.Name, Network: network, Description: or(r.Description, "")}.Validate())
	}
}

func regionAsWritten(r identity.Region) Region {
	return Region{Name: r.Name, Network: r.Network.String(), Description: &r.Description}
}

func freshRegion() Region { return regionAsWritten(identity.Region{}) }

// eachRegion visits the regions of an organisation, oldest first.
func eachRegion(ctx context.Context, actor identity.Actor, house House, org identity.OrganizationID, visit func(identity.Region) error) error {
	var after identity.RegionID
	for {
		page, err := house.Policies.Regions(ctx, actor, org, policy.RegionQuery{After: string(after), Limit: pageSize})
		if err != nil {
			return err
		}
		for _, r := range page {
			if err := visit(r); err != nil {
				return err
			}
			after = r.ID
		}
		if len(page) < pageSize {
			return nil
		}
	}
}

// regions plans the regions of an organisation, and returns those that are
// stored and not listed: they are removed when no application names them any
// more.
func (p *planner) regions(w Organization, of owner) (left []identity.Region, err error) {
	if w.Regions == nil {
		return nil, nil
	}
	stored, order := map[string]identity.Region{}, []string(nil)
	if !of.new {
		err = eachRegion(p.ctx, p.actor, p.house, of.id, func(r identity.Region) error {
			key := identity.Fold(r.Name)
			stored[key] = r
			order = append(order, key)
			return nil
		})
	}
	if err != nil {
		return nil, err
	}
	known := map[string]identity.Region{}
	for _, r := range w.Regions {
		key := identity.Fold(r.Name)
		if old, exists := stored[key]; exists {
			known[key] = old
			delete(stored, key)
		}
	}
	for _, key := range order {
		if old, unlisted := stored[key]; unlisted {
			left = append(left, old)
		}
	}
	return p.placeRegions(w, of, known, left), nil
}

// placeRegions plans the listed regions; known are those of them that are stored,
// by their folded names, and left the stored ones that are not listed. What has a
// network that another one is to have gives it up first: a region that goes is
// renamed to the new one with its network, so that what names it keeps it, or is
// removed. It returns what is left then.
func (p *planner) placeRegions(w Organization, of owner, known map[string]identity.Region, left []identity.Region) []identity.Region {
	var creates, changes []Step
	taken := func(network string) (old identity.Region, going bool) {
		at := slices.IndexFunc(left, func(each identity.Region) bool { return each.Network.String() == network })
		if !p.options.Prune || at < 0 {
			return old, false
		}
		old = left[at]
		left = slices.Delete(slices.Clone(left), at, at+1)
		return old, true
	}
	for _, r := range w.Regions {
		old, exists := known[identity.Fold(r.Name)]
		if exists && old.Network.String() != r.Network {
			if gone, going := taken(r.Network); going {
				p.add(removeRegion(gone, of))
			}
		}
		if !exists {
			old, exists = taken(r.Network)
		}
		fields := differences(r, regionAsWritten(old))
		if exists && !sameName(r, old) {
			fields = append([]FieldChange{{Key: "name", Old: quoted(old.Name), New: quoted(r.Name)}}, fields...)
		}
		switch {
		case !exists:
			creates = append(creates, Step{Action: Create, Kind: "region", Name: r.Name, Of: of.code, do: createRegion(r, of)})
		case len(fields) > 0:
			changes = append(changes, Step{Action: Change, Kind: "region", Name: old.Name, Of: of.code, Fields: fields, do: changeRegion(r, old)})
		}
	}
	for _, s := range append(changes, creates...) {
		p.add(s)
	}
	return left
}

func createRegion(r Region, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		org, err := of.resolve(a)
		if err != nil {
			return err
		}
		_, err = a.house.Policies.AddRegion(ctx, a.actor, org, policy.NewRegion{Name: r.Name, Network: r.Network, Description: or(r.Description, "")})
		return err
	}
}

func sameName(r Region, old identity.Region) bool {
	return identity.Fold(r.Name) == identity.Fold(old.Name)
}

func changeRegion(r Region, old identity.Region) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		change := policy.RegionChange{Network: &r.Network, Description: r.Description}
		if !sameName(r, old) {
			change.Name = &r.Name
		}
		_, err := a.house.Policies.ChangeRegion(ctx, a.actor, old.OrganizationID, old.ID, 0, change)
		return err
	}
}

// pruneRegions plans the removal of regions.
func (p *planner) pruneRegions(left []identity.Region, of owner) {
	if !p.options.Prune {
		return
	}
	for _, old := range left {
		p.add(removeRegion(old, of))
	}
}

func removeRegion(old identity.Region, of owner) Step {
	return Step{Action: Remove, Kind: "region", Name: old.Name, Of: of.code, do: func(ctx context.Context, a *applier) error {
		return a.house.Policies.RemoveRegion(ctx, a.actor, old.OrganizationID, old.ID)
	}}
}

func (e *exporter) regions(org identity.OrganizationID) error {
	regions := list{e: e, indent: 2, key: "regions"}
	return eachRegion(e.ctx, e.actor, e.house, org, func(r identity.Region) error {
		return regions.add(withoutDefaults(regionAsWritten(r), freshRegion()))
	})
}
