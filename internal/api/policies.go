package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/policy"
)

// Policy is an access policy of an application.
type Policy struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	Schedule    Schedule  `json:"schedule"`
	Regions     []string  `json:"regions" doc:"The identifiers of regions, any of which will do; none is everywhere."`
	Decision    string    `json:"decision" enum:"allow,deny,second_verification"`
	ReportOnly  bool      `json:"report_only" doc:"The policy is looked at and told of in the story of a sign-in, and decides nothing."`
	Version     int64     `json:"version"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
}

// Schedule is when a policy holds. All that is given has to hold at once.
type Schedule struct {
	Weekdays []string `json:"weekdays,omitempty" enum:"monday,tuesday,wednesday,thursday,friday,saturday,sunday" doc:"None is each day."`
	From     string   `json:"from,omitempty" doc:"The first day, such as 2030-01-31."`
	Until    string   `json:"until,omitempty" doc:"The last day, such as 2030-12-31."`
	Starts   string   `json:"starts,omitempty" doc:"The hour, such as 09:00, at which the policy begins to hold on each day."`
	Ends     string   `json:"ends,omitempty" doc:"The hour, such as 17:30 or 24:00, from which it holds no more. One that is not after the start lies on the following day; the day on which the hours begin is the one that counts."`
	Zone     string   `json:"zone,omitempty" doc:"The name of the time zone in which all this is read; Asia/Shanghai (UTC+08:00) if left out."`
}

func policyShown(p identity.AccessPolicy) Policy {
	s := p.Schedule
	shown := Policy{
		ID: string(p.ID), Name: p.Name, Description: p.Description, Regions: make([]string, len(p.Regions)), Decision: string(p.Decision),
		ReportOnly: p.ReportOnly, Version: p.Version, CreatedAt: p.CreatedAt.UTC(), UpdatedAt: p.UpdatedAt.UTC(),
		Schedule: Schedule{From: string(s.From), Until: string(s.Until), Zone: s.ZoneName()},
	}
	for i, id := range p.Regions {
		shown.Regions[i] = string(id)
	}
	for _, day := range s.Weekdays {
		shown.Schedule.Weekdays = append(shown.Schedule.Weekdays, string(day))
	}
	if s.Starts != 0 || s.Ends != 0 {
		shown.Schedule.Starts, shown.Schedule.Ends = s.Starts.String(), s.Ends.String()
	}
	return shown
}

// read is the schedule as the rest of the product knows it.
func (s Schedule) read() (out identity.Schedule, err error) {
	out = identity.Schedule{From: identity.Date(s.From), Until: identity.Date(s.Until), Zone: s.Zone}
	for _, day := range s.Weekdays {
		out.Weekdays = append(out.Weekdays, identity.Weekday(day))
	}
	for _, hour := range []struct {
		field, text string
		into        *identity.TimeOfDay
	}{{"starts", s.Starts, &out.Starts}, {"ends", s.Ends, &out.Ends}} {
		if hour.text == "" {
			continue
		}
		if *hour.into, err = identity.ParseTimeOfDay(hour.text); err != nil {
			return out, fault.Of(err).At("schedule." + hour.field)
		}
	}
	return out, nil
}

func regionIDs(texts []string) []identity.RegionID {
	ids := make([]identity.RegionID, len(texts))
	for i, text := range texts {
		ids[i] = identity.RegionID(text)
	}
	return ids
}

// listPolicies comes whole and in order: an application has few.
func listPolicies(ctx context.Context, c *call, in *applicationInput) (*all[Policy], error) {
	rules, err := c.rules(ctx, in.InApplication)
	if err != nil {
		return nil, err
	}
	return whole(rules.Policies, policyShown), nil
}

// rules finds the policies of the application that a call is about.
func (c *call) rules(ctx context.Context, in InApplication) (r identity.AccessRules, err error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return r, err
	}
	return c.s.o.Policies.Rules(ctx, c.actor, o.ID, in.ClientID)
}

// NewPolicy is the body that makes a policy.
type NewPolicy struct {
	Name        string   `json:"name" doc:"The name, 1 to 64 characters, unique at the application whatever the letter case."`
	Description string   `json:"description,omitempty" doc:"At most 255 characters."`
	Schedule    Schedule `json:"schedule,omitempty" doc:"When it holds; left out, at any time."`
	Regions     []string `json:"regions,omitempty" doc:"The identifiers of regions, any of which will do; none is everywhere."`
	Decision    string   `json:"decision" doc:"What it says: allow, deny or second_verification."`
	ReportOnly  bool     `json:"report_only,omitempty"`
}

type addPolicyInput struct {
	InApplication
	Body NewPolicy
}

func addPolicy(ctx context.Context, c *call, in *addPolicyInput) (*made[Policy], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	n, err := in.Body.read()
	if err != nil {
		return nil, err
	}
	p, err := c.s.o.Policies.AddPolicy(ctx, c.actor, o.ID, in.ClientID, n)
	if err != nil {
		return nil, err
	}
	return &made[Policy]{
		ETag: etag(p.Version), Body: policyShown(p),
		Location: c.at("/organizations/" + string(o.ID) + "/applications/" + in.ClientID + "/policies/" + string(p.ID)),
	}, nil
}

// InPolicy is embedded by everything about one policy.
type InPolicy struct {
	InApplication
	Policy string `path:"policy" doc:"The policy's identifier."`
}

// policy finds the policy that a call is about.
func (c *call) policy(ctx context.Context, in InPolicy) (p identity.AccessPolicy, err error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return p, err
	}
	return c.s.o.Policies.Policy(ctx, c.actor, o.ID, in.ClientID, identity.PolicyID(in.Policy))
}

type policyInput struct {
	InPolicy
	Known
}

func getPolicy(ctx context.Context, c *call, in *policyInput) (*single[Policy], error) {
	p, err := c.policy(ctx, in.InPolicy)
	if err != nil {
		return nil, err
	}
	return shown(in.Known, p.Version, policyShown(p))
}

// PolicyChange is an edit of a policy; what is left out stays.
type PolicyChange struct {
	Name        *string   `json:"name,omitempty"`
	Description *string   `json:"description,omitempty"`
	Schedule    *Schedule `json:"schedule,omitempty" doc:"The whole schedule, in place of the one that was."`
	Regions     *[]string `json:"regions,omitempty"`
	Decision    *string   `json:"decision,omitempty"`
	ReportOnly  *bool     `json:"report_only,omitempty"`
}

func (b PolicyChange) edit() (policy.PolicyChange, error) {
	edit := policy.PolicyChange{
		Name: b.Name, Description: b.Description, Decision: (*identity.PolicyDecision)(b.Decision), ReportOnly: b.ReportOnly,
	}
	if b.Regions != nil {
		edit.Regions = new(regionIDs(*b.Regions))
	}
	if b.Schedule == nil {
		return edit, nil
	}
	times, err := b.Schedule.read()
	edit.Schedule = &times
	return edit, err
}

type changePolicyInput struct {
	InPolicy
	Unchanged
	Body PolicyChange
}

func changePolicy(ctx context.Context, c *call, in *changePolicyInput) (*single[Policy], error) {
	at, err := c.aim(ctx, in.InPolicy, in.Unchanged)
	if err != nil {
		return nil, err
	}
	edit, err := in.Body.edit()
	if err != nil {
		return nil, err
	}
	p, err := c.s.o.Policies.ChangePolicy(ctx, c.actor, at, edit)
	if err != nil {
		return nil, err
	}
	return &single[Policy]{ETag: etag(p.Version), Body: policyShown(p)}, nil
}

// aim is a policy for an edit that may name the version it was made on.
func (c *call) aim(ctx context.Context, in InPolicy, u Unchanged) (at policy.PolicyAim, err error) {
	p, err := c.policy(ctx, in)
	if err != nil {
		return at, err
	}
	version, err := u.version(p.Version)
	return policy.PolicyAim{Organization: p.OrganizationID, ClientID: in.ClientID, Policy: p.ID, Version: version}, err
}

type removePolicyInput struct {
	InPolicy
	Unchanged
}

func removePolicy(ctx context.Context, c *call, in *removePolicyInput) (*empty, error) {
	at, err := c.aim(ctx, in.InPolicy, in.Unchanged)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Policies.RemovePolicy(ctx, c.actor, at)
}
