package api

import (
	"context"
	"net/netip"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/policy"
)

// AccessControl is whether policies say who may enter an application.
type AccessControl struct {
	Enabled bool   `json:"enabled" doc:"The policies are asked at every way into the application."`
	Default string `json:"default" doc:"What holds where no policy does: allow or deny; empty while it was never chosen."`
	Version int64  `json:"version" doc:"Moves with each edit of the switch, of a policy and of their order."`
}

func controlShown(c identity.AccessControl) AccessControl {
	return AccessControl{Enabled: c.Enabled, Default: string(c.Default), Version: c.Version}
}

func getAccessControl(ctx context.Context, c *call, in *applicationInput) (*single[AccessControl], error) {
	rules, err := c.rules(ctx, in.InApplication)
	if err != nil {
		return nil, err
	}
	return shown(in.Known, rules.Version, controlShown(rules.AccessControl))
}

// AccessControlChange is an edit of the switch; what is left out stays.
type AccessControlChange struct {
	Enabled *bool   `json:"enabled,omitempty"`
	Default *string `json:"default,omitempty" doc:"allow or deny; needed when the policies are switched on for the first time."`
}

type changeAccessControlInput struct {
	InApplication
	Unchanged
	Body AccessControlChange
}

func changeAccessControl(ctx context.Context, c *call, in *changeAccessControlInput) (*single[AccessControl], error) {
	rules, version, err := c.unchangedRules(ctx, in.InApplication, in.Unchanged)
	if err != nil {
		return nil, err
	}
	return controlled(c.s.o.Policies.ChangeAccessControl(ctx, c.actor, rules.OrganizationID, in.ClientID, version, policy.ControlChange{
		Enabled: in.Body.Enabled, Default: (*identity.PolicyDecision)(in.Body.Default),
	}))
}

func (c *call) unchangedRules(ctx context.Context, in InApplication, u Unchanged) (r identity.AccessRules, version int64, err error) {
	if r, err = c.rules(ctx, in); err == nil {
		version, err = u.version(r.Version)
	}
	return r, version, err
}

func controlled(now identity.AccessControl, err error) (*single[AccessControl], error) {
	if err != nil {
		return nil, err
	}
	return &single[AccessControl]{ETag: etag(now.Version), Body: controlShown(now)}, nil
}

// PolicyOrder is the body that orders the policies of an application.
type PolicyOrder struct {
	Policies []string `json:"policies" doc:"The identifiers of all policies of the application, each once; the first that holds decides."`
}

type reorderPoliciesInput struct {
	InApplication
	Unchanged
	Body PolicyOrder
}

func reorderPolicies(ctx context.Context, c *call, in *reorderPoliciesInput) (*single[AccessControl], error) {
	rules, version, err := c.unchangedRules(ctx, in.InApplication, in.Unchanged)
	if err != nil {
		return nil, err
	}
	order := make([]identity.PolicyID, len(in.Body.Policies))
	for i, id := range in.Body.Policies {
		order[i] = identity.PolicyID(id)
	}
	return controlled(c.s.o.Policies.ReorderPolicies(ctx, c.actor, rules.OrganizationID, in.ClientID, version, order))
}

// SimulatedEntry is the body that asks what the policies would say.
type SimulatedEntry struct {
	Member   string     `json:"member" doc:"The member's identifier."`
	Address  string     `json:"address,omitempty" doc:"The address of the client; left out, one that is not known, which lies in no region."`
	At       *time.Time `json:"at,omitempty" doc:"When; left out, now."`
	Verified bool       `json:"verified,omitempty" doc:"The member has given a second proof in this session."`
}

// SimulatedJudgment is what the policies would say of an entry, as if they were
// switched on.
type SimulatedJudgment struct {
	Enters   bool           `json:"enters" doc:"The member would be let in, everything taken together."`
	Enabled  bool           `json:"enabled" doc:"The policies are switched on; the rest is told as if they were."`
	Decision string         `json:"decision" enum:"allow,deny,second_verification"`
	Policy   string         `json:"policy,omitempty" doc:"The identifier of the policy that decides; left out where it is the default."`
	At       time.Time      `json:"at"`
	Active   bool           `json:"active" doc:"The application and its organisation let people in at all."`
	Admitted bool           `json:"admitted" doc:"The member is active and among those who may enter."`
	Factor   bool           `json:"factor" doc:"The member has a factor of their own, or a contact to which a code can be sent."`
	Policies []PolicyResult `json:"policies" doc:"What was found at each policy, in their order."`
}

// PolicyResult is what was found at one policy.
type PolicyResult struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Decision   string `json:"decision"`
	ReportOnly bool   `json:"report_only"`
	Time       bool   `json:"time" doc:"Its schedule holds."`
	Place      bool   `json:"place" doc:"The address lies in one of its regions."`
	Decides    bool   `json:"decides"`
}

type simulateInput struct {
	InApplication
	Body SimulatedEntry
}

// simulated is the answer of a simulation.
type simulated struct{ Body SimulatedJudgment }

func simulatePolicies(ctx context.Context, c *call, in *simulateInput) (*simulated, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	s := policy.Simulation{Member: identity.MemberID(in.Body.Member), Verified: in.Body.Verified}
	if in.Body.At != nil {
		s.At = *in.Body.At
	}
	if in.Body.Address != "" {
		if s.Address, err = netip.ParseAddr(in.Body.Address); err != nil {
			return nil, fault.New(fault.Invalid, fault.CodeFieldFormat).At("address").With("want", "want.address")
		}
	}
	out, err := c.s.o.Policies.Simulate(ctx, c.actor, o.ID, in.ClientID, s)
	if err != nil {
		return nil, err
	}
	return &simulated{Body: judgmentShown(out)}, nil
}

func judgmentShown(out policy.Outcome) SimulatedJudgment {
	shown := SimulatedJudgment{
		Enters: out.Enters, Enabled: out.Controlled, Decision: string(out.Decision), Policy: string(out.Policy.ID), At: out.At.UTC(),
		Active: out.Active, Admitted: out.Status == identity.MemberActive && out.Admitted, Factor: out.Factors,
		Policies: make([]PolicyResult, len(out.Looked)),
	}
	for i, r := range out.Looked {
		shown.Policies[i] = PolicyResult{
			ID: string(r.Policy.ID), Name: r.Policy.Name, Decision: string(r.Policy.Decision), ReportOnly: r.Policy.ReportOnly,
			Time: r.Time, Place: r.Place, Decides: r.Decides,
		}
	}
	return shown
}
