package policy

import (
	"fmt"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Draft is an application's access control as it would be saved. What is left
// out is as stored.
type Draft struct {
	Default  identity.PolicyDecision // "" as stored, and allow where none was chosen
	Policies *[]NewPolicy            // in their order
}

// rules are the rules of the draft, as if they were switched on. Its policies
// are checked as those that are stored: each by itself, unique names, regions
// that there are. The fault names the place in the list.
func (d Draft) rules(tx *store.Tx, stored identity.AccessControl) (r identity.AccessRules, err error) {
	if d.Default != "" {
		stored.Default = d.Default
	}
	if err := stored.Validate(); err != nil {
		return r, err
	}
	if d.Policies == nil {
		r, err = tx.AccessPolicies.Rules(stored)
		return asIfOn(r), err
	}
	if len(*d.Policies) > MaxPolicies {
		return r, fault.New(fault.Conflict, fault.CodePolicyLimit).With("max", MaxPolicies)
	}
	r = identity.AccessRules{AccessControl: stored, Regions: map[identity.RegionID]identity.Region{}}
	names := map[string]bool{}
	for i, n := range *d.Policies {
		p := identity.AccessPolicy{
			ID: identity.PolicyID(fmt.Sprintf("draft_%d", i)), OrganizationID: stored.OrganizationID, ApplicationID: stored.ApplicationID,
			Name: n.Name, Description: n.Description, Schedule: n.Schedule, Regions: n.Regions, Decision: n.Decision, ReportOnly: n.ReportOnly,
		}
		err := p.Validate()
		if err == nil && names[identity.Fold(n.Name)] {
			err = fault.New(fault.Conflict, fault.CodePolicyExists).At("name")
		}
		if err == nil {
			err = named(tx, p, r.Regions)
		}
		if err != nil {
			return r, within(i, err)
		}
		names[identity.Fold(n.Name)] = true
		r.Policies = append(r.Policies, p)
	}
	return asIfOn(r), nil
}

// named reads the regions that a policy names.
func named(tx *store.Tx, p identity.AccessPolicy, known map[identity.RegionID]identity.Region) error {
	for _, id := range p.Regions {
		if _, ok := known[id]; ok {
			continue
		}
		region, err := tx.Regions.Get(p.OrganizationID, id)
		if fault.Is(err, fault.CodeRegionNotFound) {
			return fault.New(fault.Invalid, fault.CodeRegionNotFound).At("regions")
		}
		if err != nil {
			return err
		}
		known[id] = region
	}
	return nil
}

// within names the policy of the list that a fault is about.
func within(i int, err error) error {
	f := fault.Of(err)
	if f.Field == "" {
		return err
	}
	return f.At(fmt.Sprintf("policies[%d].%s", i, f.Field))
}
