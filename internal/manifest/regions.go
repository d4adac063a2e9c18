package manifest

import (
	"context"

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
	for _, r := range w.Regions {
		key := identity.Fold(r.Name)
		old, exists := stored[key]
		delete(stored, key)
		switch fields := differences(r, regionAsWritten(old)); {
		case !exists:
			p.add(Step{Action: Create, Kind: "region", Name: r.Name, Of: of.code, do: createRegion(r, of)})
		case len(fields) > 0:
			p.add(Step{Action: Change, Kind: "region", Name: old.Name, Of: of.code, Fields: fields, do: changeRegion(r, old)})
		}
	}
	for _, key := range order {
		if old, unlisted := stored[key]; unlisted {
			left = append(left, old)
		}
	}
	return left, nil
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

func changeRegion(r Region, old identity.Region) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		_, err := a.house.Policies.ChangeRegion(ctx, a.actor, old.OrganizationID, old.ID, 0, policy.RegionChange{Network: &r.Network, Description: r.Description})
		return err
	}
}

// pruneRegions plans the removal of regions.
func (p *planner) pruneRegions(left []identity.Region, of owner) {
	if !p.options.Prune {
		return
	}
	for _, old := range left {
		p.add(Step{Action: Remove, Kind: "region", Name: old.Name, Of: of.code, do: func(ctx context.Context, a *applier) error {
			return a.house.Policies.RemoveRegion(ctx, a.actor, old.OrganizationID, old.ID)
		}})
	}
}

func (e *exporter) regions(org identity.OrganizationID) error {
	regions := list{e: e, indent: 2, key: "regions"}
	return eachRegion(e.ctx, e.actor, e.house, org, func(r identity.Region) error {
		return regions.add(withoutDefaults(regionAsWritten(r), freshRegion()))
	})
}
