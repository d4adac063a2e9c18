package main

import (
	"context"
	"fmt"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/policy"
	"github.com/orgate/orgate/internal/store"
)

// guardedClient is an application with access policies.
const guardedClient = "bench-guarded"

// guardingPolicies is how many policies are looked at for each entry. All name
// times or places that do not hold but the last.
const guardingPolicies = 10

// addPolicies gives the guarded application of the first organisation its
// policies: every second one of them of times and the others of regions.
func (p *population) addPolicies(ctx context.Context, db *store.DB) error {
	policies, actor, org := policy.New(db), identity.Actor{Kind: identity.ActsAsConsole, Name: "bench"}, p.tenants[0].id
	for i := range guardingPolicies {
		n := policy.NewPolicy{Name: fmt.Sprintf("Policy %d", i), Decision: identity.PolicyDeny}
		switch {
		case i == guardingPolicies-1:
			n.Decision = identity.PolicyAllow
		case i%2 == 0:
			n.Schedule = neverNow(i)
		default:
			region, err := policies.AddRegion(ctx, actor, org, policy.NewRegion{
				// TEST-NET-3 (RFC 5737), from which no browser of ours comes.
				Name: fmt.Sprintf("Region %d", i), Network: fmt.Sprintf("203.0.113.%d/32", i),
			})
			if err != nil {
				return fmt.Errorf("fill regions: %w", err)
			}
			n.Regions = []identity.RegionID{region.ID}
		}
		if _, err := policies.AddPolicy(ctx, actor, org, guardedClient, n); err != nil {
			return fmt.Errorf("fill policies: %w", err)
		}
	}
	_, err := policies.ChangeAccessControl(ctx, actor, org, guardedClient, 0, policy.ControlChange{
		Enabled: new(true), Default: new(identity.PolicyDeny),
	})
	if err != nil {
		return fmt.Errorf("fill access control: %w", err)
	}
	return nil
}

// neverNow is a time like those of offices, in different zones, in years that no
// measuring lives to see.
func neverNow(i int) identity.Schedule {
	zones := []string{"Europe/Berlin", "America/New_York", "Asia/Shanghai"}
	return identity.Schedule{
		Weekdays: []identity.Weekday{identity.Monday, identity.Tuesday, identity.Wednesday, identity.Thursday, identity.Friday}, From: "2999-01-01",
		Starts: 9 * 60, Ends: 17*60 + 30, Zone: zones[i%len(zones)],
	}
}
