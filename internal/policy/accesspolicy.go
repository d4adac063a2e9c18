package policy

import (
	"context"
	"slices"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// MaxPolicies is how many access policies an application has at most.
const MaxPolicies = 50

// NewPolicy is what a policy is made from; it comes behind all others.
type NewPolicy struct {
	Name        string // unique at the application, letter case aside
	Description string
	Schedule    identity.Schedule
	Regions     []identity.RegionID // none is everywhere
	Decision    identity.PolicyDecision
	ReportOnly  bool
}

// PolicyChange is an edit of a policy; nil leaves a field alone.
type PolicyChange struct {
	Name        *string
	Description *string
	Schedule    *identity.Schedule
	Regions     *[]identity.RegionID
	Decision    *identity.PolicyDecision
	ReportOnly  *bool
}

// Policy returns a policy of an application, or NotFound (policy_not_found).
func (p *Policies) Policy(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string, id identity.PolicyID) (found identity.AccessPolicy, err error) {
	if err := access.Allow(actor, access.ReadApplications, org); err != nil {
		return found, err
	}
	err = p.db.View(ctx, func(tx *store.Tx) error {
		a, err := tx.Applications.ByClientID(org, clientID)
		if err == nil {
			found, err = tx.AccessPolicies.Get(identity.AccessControl{ApplicationID: a.ID, OrganizationID: org}, id)
		}
		return err
	})
	return found, err
}

// AddPolicy makes a policy, behind all others. Faults: those of
// identity.AccessPolicy, policy_exists, policy_limit, region_not_found.
func (p *Policies) AddPolicy(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string, n NewPolicy) (added identity.AccessPolicy, err error) {
	_, err = p.rework(ctx, actor, aim{org, clientID, 0}, func(tx *store.Tx, of *guarded) (*told, error) {
		added = identity.AccessPolicy{
			ID: identity.NewPolicyID(tx.Now()), OrganizationID: org, ApplicationID: of.app.ID, Name: n.Name, Description: n.Description,
			Schedule: n.Schedule, Regions: n.Regions, Decision: n.Decision, ReportOnly: n.ReportOnly, Version: 1,
			CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
		}
		if err := added.Validate(); err != nil {
			return nil, err
		}
		rules, err := tx.AccessPolicies.Rules(of.control)
		if err != nil {
			return nil, err
		}
		if len(rules.Policies) >= MaxPolicies {
			return nil, fault.New(fault.Conflict, fault.CodePolicyLimit).With("max", MaxPolicies)
		}
		return tell(audit.PolicyAdded, added, nil), tx.AccessPolicies.Insert(added)
	})
	return added, err
}

func tell(what audit.Type, p identity.AccessPolicy, details map[string]string) *told {
	if details == nil {
		details = map[string]string{}
	}
	details["name"], details["decision"] = p.Name, string(p.Decision)
	return &told{what: what, target: string(p.ID), details: details}
}

// PolicyAim names a policy that is edited, in the version that the caller read;
// 0 for whatever version.
type PolicyAim struct {
	Organization identity.OrganizationID
	ClientID     string
	Policy       identity.PolicyID
	Version      int64
}

// ChangePolicy edits a policy. It counts at the very next entry.
func (p *Policies) ChangePolicy(ctx context.Context, actor identity.Actor, at PolicyAim, c PolicyChange) (changed identity.AccessPolicy, err error) {
	_, err = p.rework(ctx, actor, aim{at.Organization, at.ClientID, 0}, func(tx *store.Tx, of *guarded) (*told, error) {
		if changed, err = tx.AccessPolicies.Get(of.control, at.Policy); err != nil {
			return nil, err
		}
		if err := store.CheckVersion(at.Version, changed.Version); err != nil {
			return nil, err
		}
		fields := c.onto(&changed)
		if err := changed.Validate(); err != nil || len(fields) == 0 {
			return nil, err
		}
		changed.UpdatedAt = tx.Now()
		if err := tx.AccessPolicies.Put(changed); err != nil {
			return nil, err
		}
		changed.Version++
		return tell(audit.PolicyChanged, changed, fields.Details()), nil
	})
	return changed, err
}

// onto edits a policy and tells which fields differ now.
func (c PolicyChange) onto(p *identity.AccessPolicy) (changed audit.Edit) {
	audit.Set(&changed, "name", &p.Name, c.Name)
	audit.Set(&changed, "description", &p.Description, c.Description)
	audit.Set(&changed, "decision", &p.Decision, c.Decision)
	audit.Set(&changed, "report_only", &p.ReportOnly, c.ReportOnly)
	if c.Schedule != nil && !sameSchedule(p.Schedule, *c.Schedule) {
		p.Schedule = *c.Schedule
		changed = append(changed, "schedule")
	}
	if c.Regions != nil && !slices.Equal(p.Regions, *c.Regions) {
		p.Regions = slices.Clone(*c.Regions)
		changed = append(changed, "regions")
	}
	return changed
}

func sameSchedule(a, b identity.Schedule) bool {
	return slices.Equal(a.Weekdays, b.Weekdays) && a.From == b.From && a.Until == b.Until &&
		a.Starts == b.Starts && a.Ends == b.Ends && a.Zone == b.Zone
}

// RemovePolicy forgets a policy; there is no way back. It counts at the very
// next entry.
func (p *Policies) RemovePolicy(ctx context.Context, actor identity.Actor, at PolicyAim) error {
	_, err := p.rework(ctx, actor, aim{at.Organization, at.ClientID, 0}, func(tx *store.Tx, of *guarded) (*told, error) {
		old, err := tx.AccessPolicies.Get(of.control, at.Policy)
		if err != nil {
			return nil, err
		}
		if err := store.CheckVersion(at.Version, old.Version); err != nil {
			return nil, err
		}
		return tell(audit.PolicyRemoved, old, nil), tx.AccessPolicies.Remove(of.control, old.ID)
	})
	return err
}

// orders reports whether an order is the one that stands already, and refuses
// one that has not each policy once.
func orders(stored []identity.AccessPolicy, order []identity.PolicyID) (same bool, err error) {
	ids := make([]identity.PolicyID, len(stored))
	for i, p := range stored {
		ids[i] = p.ID
	}
	if slices.Equal(ids, order) {
		return true, nil
	}
	if !slices.Equal(slices.Sorted(slices.Values(ids)), slices.Sorted(slices.Values(order))) {
		return false, fault.New(fault.Invalid, fault.CodePolicyOrder).At("policies")
	}
	return false, nil
}
