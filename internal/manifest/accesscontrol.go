package manifest

import (
	"context"
	"slices"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/policy"
)

// accessControl checks the policies of an application and writes each in one
// way, so that a plan compares like with like: what has its default is left out.
func (c *checker) accessControl(a *AccessControl) {
	if a == nil {
		return
	}
	if a.Enabled == nil {
		a.Enabled = new(bool)
	}
	if a.Default == nil {
		a.Default = new(string)
	}
	names := taken{}
	for i := range a.Policies {
		p := &a.Policies[i]
		if p.Name == "" || p.Decision == "" {
			continue // the decoder has said so
		}
		c.free(names, identity.Fold(p.Name), p.At, "name")
		times, err := p.schedule()
		if err == nil {
			err = identity.AccessPolicy{
				Name: p.Name, Description: or(p.Description, ""), Schedule: times, Decision: identity.PolicyDecision(p.Decision),
			}.Validate()
		}
		if err != nil {
			c.rule(p.At, err)
			continue
		}
		*p = policyAsWritten(identity.AccessPolicy{
			Name: p.Name, Description: or(p.Description, ""), Schedule: times, Decision: identity.PolicyDecision(p.Decision),
			ReportOnly: or(p.ReportOnly, false),
		}, p.Regions, p.At)
	}
	if len(a.Policies) == 0 {
		a.Policies = []AccessPolicy{}
	}
}

// schedule reads when a policy holds; weekdays are in the order of the calendar.
func (p AccessPolicy) schedule() (s identity.Schedule, err error) {
	s = identity.Schedule{From: identity.Date(or(p.From, "")), Until: identity.Date(or(p.Until, "")), Zone: or(p.Zone, "")}
	if s.Zone == identity.DefaultZone {
		s.Zone = ""
	}
	for _, day := range p.Weekdays {
		s.Weekdays = append(s.Weekdays, identity.Weekday(day))
	}
	slices.SortStableFunc(s.Weekdays, func(a, b identity.Weekday) int {
		return slices.Index(identity.Weekdays(), a) - slices.Index(identity.Weekdays(), b)
	})
	for key, hour := range map[string]struct {
		text *string
		into *identity.TimeOfDay
	}{"starts": {p.Starts, &s.Starts}, "ends": {p.Ends, &s.Ends}} {
		if or(hour.text, "") == "" {
			continue
		}
		if *hour.into, err = identity.ParseTimeOfDay(*hour.text); err != nil {
			return s, fault.Of(err).At(key)
		}
	}
	return s, nil
}

// optional is a pointer to what is not its zero value.
func optional[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}
	return &value
}

// policyAsWritten leaves out what has its default.
func policyAsWritten(p identity.AccessPolicy, regions []string, at Position) AccessPolicy {
	s := p.Schedule
	if s.Zone == identity.DefaultZone {
		s.Zone = ""
	}
	w := AccessPolicy{
		At: at, Name: p.Name, Description: optional(p.Description), From: optional(string(s.From)), Until: optional(string(s.Until)),
		Zone: optional(s.Zone), Decision: string(p.Decision), ReportOnly: optional(p.ReportOnly),
	}
	for _, day := range s.Weekdays {
		w.Weekdays = append(w.Weekdays, string(day))
	}
	if s.Starts != 0 || s.Ends != 0 {
		w.Starts, w.Ends = new(s.Starts.String()), new(s.Ends.String())
	}
	w.Regions = slices.Clone(regions)
	if len(w.Regions) == 0 {
		w.Regions = nil
	}
	return w
}

// controlAsWritten is the access control of an application as a manifest writes
// it.
func controlAsWritten(r identity.AccessRules) *AccessControl {
	w := &AccessControl{Enabled: new(r.Enabled), Default: new(string(r.Default)), Policies: []AccessPolicy{}}
	for _, p := range r.Policies {
		names := make([]string, len(p.Regions))
		for i, id := range p.Regions {
			names[i] = r.Regions[id].Name
		}
		w.Policies = append(w.Policies, policyAsWritten(p, names, Position{}))
	}
	return w
}

// regionNames are the regions that an organisation will have, by their folded
// names, as they are written.
func (p *planner) regionNames(w Organization, of owner) (map[string]string, error) {
	names := map[string]string{}
	for _, r := range w.Regions {
		names[identity.Fold(r.Name)] = r.Name
	}
	if of.new {
		return names, nil
	}
	return names, eachRegion(p.ctx, p.actor, p.house, of.id, func(r identity.Region) error {
		key := identity.Fold(r.Name)
		if _, listed := names[key]; listed || w.Regions == nil || !p.options.Prune {
			names[key] = r.Name
		}
		return nil
	})
}

// spellRegions writes the regions of an application's policies as they are
// stored, and reports those that will not be there.
func (p *planner) spellRegions(a Application, w Organization, of owner) error {
	if a.AccessControl == nil {
		return nil
	}
	if or(a.AccessControl.Enabled, false) && or(a.AccessControl.Default, "") == "" {
		at := a.At
		at.Path = join(at.Path, "access_control.default")
		p.problems.add(at, "say what holds where no policy does: allow or deny")
	}
	names, err := p.regionNames(w, of)
	if err != nil {
		return err
	}
	for _, one := range a.AccessControl.Policies {
		for i, region := range one.Regions {
			spelled, there := names[identity.Fold(region)]
			if !there {
				at := one.At
				at.Path = join(at.Path, "regions")
				p.problems.add(at, "there is no region %q in %s, neither here nor stored", region, of.code)
				continue
			}
			one.Regions[i] = spelled
		}
	}
	return nil
}

// control makes the policies of an application as they are wanted: what is no
// longer listed goes, the rest is made or changed, and then ordered. Policies
// are switched on last.
func (a *applier) control(ctx context.Context, org identity.OrganizationID, w Application) error {
	if w.AccessControl == nil {
		return nil
	}
	rules, err := a.house.Policies.Rules(ctx, a.actor, org, w.ClientID)
	if err != nil {
		return err
	}
	stored := map[string]identity.AccessPolicy{}
	for _, p := range rules.Policies {
		stored[identity.Fold(p.Name)] = p
	}
	for _, p := range w.AccessControl.Policies {
		delete(stored, identity.Fold(p.Name))
	}
	for _, p := range stored {
		if err := a.house.Policies.RemovePolicy(ctx, a.actor, policy.PolicyAim{Organization: org, ClientID: w.ClientID, Policy: p.ID}); err != nil {
			return err
		}
	}
	order, err := a.policies(ctx, org, w, rules)
	if err != nil {
		return err
	}
	if _, err := a.house.Policies.ReorderPolicies(ctx, a.actor, org, w.ClientID, 0, order); err != nil {
		return err
	}
	otherwise := identity.PolicyDecision(or(w.AccessControl.Default, ""))
	_, err = a.house.Policies.ChangeAccessControl(ctx, a.actor, org, w.ClientID, 0, policy.ControlChange{
		Enabled: w.AccessControl.Enabled, Default: &otherwise,
	})
	return err
}

// policies makes and changes the listed policies, and returns their order.
func (a *applier) policies(ctx context.Context, org identity.OrganizationID, w Application, rules identity.AccessRules) ([]identity.PolicyID, error) {
	regions := map[string]identity.RegionID{}
	err := eachRegion(ctx, a.actor, a.house, org, func(r identity.Region) error {
		regions[identity.Fold(r.Name)] = r.ID
		return nil
	})
	if err != nil {
		return nil, err
	}
	order := make([]identity.PolicyID, 0, len(w.AccessControl.Policies))
	for _, one := range w.AccessControl.Policies {
		n, err := one.fresh(regions)
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(rules.Policies, func(p identity.AccessPolicy) bool { return identity.Fold(p.Name) == identity.Fold(n.Name) })
		var made identity.AccessPolicy
		if at < 0 {
			made, err = a.house.Policies.AddPolicy(ctx, a.actor, org, w.ClientID, n)
		} else {
			made, err = a.house.Policies.ChangePolicy(ctx, a.actor, policy.PolicyAim{
				Organization: org, ClientID: w.ClientID, Policy: rules.Policies[at].ID,
			}, policy.PolicyChange{
				Name: &n.Name, Description: &n.Description, Schedule: &n.Schedule, Regions: &n.Regions, Decision: &n.Decision, ReportOnly: &n.ReportOnly,
			})
		}
		if err != nil {
			return nil, err
		}
		order = append(order, made.ID)
	}
	return order, nil
}

// fresh is the policy as it is made; its regions have been looked for already.
func (p AccessPolicy) fresh(regions map[string]identity.RegionID) (policy.NewPolicy, error) {
	times, err := p.schedule()
	n := policy.NewPolicy{
		Name: p.Name, Description: or(p.Description, ""), Schedule: times, Decision: identity.PolicyDecision(p.Decision),
		ReportOnly: or(p.ReportOnly, false),
	}
	for _, name := range p.Regions {
		n.Regions = append(n.Regions, regions[identity.Fold(name)])
	}
	return n, err
}
