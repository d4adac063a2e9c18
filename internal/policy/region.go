package policy

import (
	"context"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// MaxRegions is how many regions an organisation has at most.
const MaxRegions = 500

// RegionQuery narrows a page of regions.
type RegionQuery = store.RegionQuery

// NewRegion is what a region is made from.
type NewRegion struct {
	Name        string // unique in the organisation, letter case aside
	Network     string // in the notation of CIDR, unique in the organisation
	Description string
}

// RegionChange is an edit of a region; nil leaves a field alone.
type RegionChange struct {
	Name        *string
	Network     *string
	Description *string
}

// Regions returns a page of regions (100 when q.Limit is 0, at most 1,000).
func (p *Policies) Regions(ctx context.Context, actor identity.Actor, org identity.OrganizationID, q RegionQuery) (all []identity.Region, err error) {
	if err := access.Allow(actor, access.ManageRegions, org); err != nil {
		return nil, err
	}
	q.Limit = store.PageSize(q.Limit)
	err = p.db.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Regions.Page(org, q)
		return err
	})
	return all, err
}

// Region returns a region of an organisation, or NotFound (region_not_found).
func (p *Policies) Region(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.RegionID) (r identity.Region, err error) {
	if err := access.Allow(actor, access.ManageRegions, org); err != nil {
		return r, err
	}
	err = p.db.View(ctx, func(tx *store.Tx) error {
		r, err = tx.Regions.Get(org, id)
		return err
	})
	return r, err
}

// AddRegion names a part of the network. Faults: those of identity.Region and
// ParseNetwork, region_exists, region_network, region_limit.
func (p *Policies) AddRegion(ctx context.Context, actor identity.Actor, org identity.OrganizationID, n NewRegion) (r identity.Region, err error) {
	if err := access.Allow(actor, access.ManageRegions, org); err != nil {
		return r, err
	}
	network, err := identity.ParseNetwork(n.Network)
	if err != nil {
		return r, err
	}
	err = p.db.Update(ctx, func(tx *store.Tx) error {
		r = identity.Region{
			ID: identity.NewRegionID(tx.Now()), OrganizationID: org, Name: n.Name, Network: network, Description: n.Description,
			Version: 1, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
		}
		if err := r.Validate(); err != nil {
			return err
		}
		if _, err := tx.Organizations.Get(org); err != nil {
			return err
		}
		count, err := tx.Regions.Count(org)
		if err != nil {
			return err
		}
		if count >= MaxRegions {
			return fault.New(fault.Conflict, fault.CodeRegionLimit).With("max", MaxRegions)
		}
		if err := tx.Regions.Insert(r); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.RegionAdded, aboutRegion(r, nil))
	})
	return r, err
}

func aboutRegion(r identity.Region, details map[string]string) audit.About {
	if details == nil {
		details = map[string]string{}
	}
	details["name"], details["network"] = r.Name, r.Network.String()
	return audit.About{Organization: r.OrganizationID, Target: string(r.ID), Details: details}
}

// ChangeRegion edits a region. Another network holds wherever the region is
// named, from the next request on.
func (p *Policies) ChangeRegion(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.RegionID, version int64, c RegionChange) (r identity.Region, err error) {
	if err := access.Allow(actor, access.ManageRegions, org); err != nil {
		return r, err
	}
	err = p.db.Update(ctx, func(tx *store.Tx) error {
		if r, err = tx.Regions.Get(org, id); err != nil {
			return err
		}
		if err := store.CheckVersion(version, r.Version); err != nil {
			return err
		}
		changed, err := c.onto(&r)
		if err != nil || len(changed) == 0 {
			return err
		}
		r.UpdatedAt = tx.Now()
		if err := tx.Regions.Put(r); err != nil {
			return err
		}
		if err := tx.AccessPolicies.RegionMoved(org, id); err != nil {
			return err
		}
		r.Version++
		return audit.Record(tx, actor, audit.RegionChanged, aboutRegion(r, changed.Details()))
	})
	return r, err
}

// onto edits a region and tells which fields differ now.
func (c RegionChange) onto(r *identity.Region) (changed audit.Edit, err error) {
	audit.Set(&changed, "name", &r.Name, c.Name)
	audit.Set(&changed, "description", &r.Description, c.Description)
	if c.Network != nil {
		network, err := identity.ParseNetwork(*c.Network)
		if err != nil {
			return nil, err
		}
		audit.Set(&changed, "network", &r.Network, &network)
	}
	return changed, r.Validate()
}

// RemoveRegion forgets a region. One that a policy names is a Conflict
// (region_in_use): without it the policy would say something else.
func (p *Policies) RemoveRegion(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.RegionID) error {
	if err := access.Allow(actor, access.ManageRegions, org); err != nil {
		return err
	}
	return p.db.Update(ctx, func(tx *store.Tx) error {
		r, err := tx.Regions.Get(org, id)
		if err != nil {
			return err
		}
		if err := unused(tx, r); err != nil {
			return err
		}
		if err := tx.Regions.Remove(org, id); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.RegionRemoved, aboutRegion(r, nil))
	})
}

// namedUses is how many policies a refusal names.
const namedUses = 5

// unused refuses a region that policies name.
func unused(tx *store.Tx, r identity.Region) error {
	uses, err := tx.AccessPolicies.Naming(r.OrganizationID, r.ID, namedUses)
	if err != nil || len(uses) == 0 {
		return err
	}
	names := make([]string, len(uses))
	for i, use := range uses {
		names[i] = use.ClientID + " / " + use.Name
	}
	return fault.New(fault.Conflict, fault.CodeRegionInUse).With("policies", strings.Join(names, ", "))
}
