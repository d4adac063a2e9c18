package identity

import (
	"net/netip"
	"slices"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// AccessControl is whether policies say who may enter an application, and what
// holds where none of them does (OrgID, F.1).
type AccessControl struct {
	ApplicationID  ApplicationID
	OrganizationID OrganizationID
	Enabled        bool
	Default        PolicyDecision // PolicyAllow or PolicyDeny; "" while it was never chosen
	// Version moves with each edit of the switch, of a policy, of their order and
	// of a region that one of them names.
	Version int64
}

// Validate checks the rules of the switch: a default that allows or denies,
// which must be chosen before it is turned on.
func (c AccessControl) Validate() error {
	if c.Default == PolicyAllow || c.Default == PolicyDeny || c.Default == "" && !c.Enabled {
		return nil
	}
	return fault.New(fault.Invalid, fault.CodeFieldChoice).At("default").
		With("choices", []string{string(PolicyAllow), string(PolicyDeny)})
}

// AccessPolicy says who enters an application at certain times from certain
// parts of the network. The policies of an application have an order, and the
// first that holds decides.
type AccessPolicy struct {
	ID             PolicyID
	OrganizationID OrganizationID
	ApplicationID  ApplicationID
	Name           string // unique at the application, compared folded
	Description    string
	Schedule       Schedule
	Regions        []RegionID // any of them will do; none is everywhere
	Decision       PolicyDecision
	// ReportOnly policies are looked at and told of, and decide nothing.
	ReportOnly bool
	Version    int64
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// PolicyDecision is what a policy says of who enters.
type PolicyDecision string

// The decisions.
const (
	PolicyAllow  PolicyDecision = "allow"
	PolicyDeny   PolicyDecision = "deny"
	PolicyVerify PolicyDecision = "second_verification" // allow after a proof beside the first
)

// PolicyDecisions are all decisions, in the order to show them.
func PolicyDecisions() []PolicyDecision {
	return []PolicyDecision{PolicyAllow, PolicyDeny, PolicyVerify}
}

// MaxPolicyRegions is how many regions a policy names at most.
const MaxPolicyRegions = 100

// Validate checks the policy's own rules: a name of 1–64 characters, a
// description of at most 255, a schedule that can hold, regions each once, a
// decision.
func (p AccessPolicy) Validate() error {
	faults := p.Schedule.faults()
	if f := textFault("name", p.Name, 1, 64); f != nil {
		faults = append(faults, f)
	}
	if f := textFault("description", p.Description, 0, 255); f != nil {
		faults = append(faults, f)
	}
	for i, region := range p.Regions {
		if slices.Contains(p.Regions[:i], region) {
			faults = append(faults, fault.New(fault.Invalid, fault.CodeListTwice).At("regions"))
			break
		}
	}
	if len(p.Regions) > MaxPolicyRegions {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldRange).At("regions").With("min", 0).With("max", MaxPolicyRegions))
	}
	if !slices.Contains(PolicyDecisions(), p.Decision) {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldChoice).At("decision").With("choices", texts(PolicyDecisions())))
	}
	return fault.All(faults)
}

// AccessRules are the policies of an application with what they name.
type AccessRules struct {
	AccessControl
	Policies []AccessPolicy // in their order
	Regions  map[RegionID]Region
	zones    zones // of all policies, nil where they were not looked up
}

// Shared is the rules with all that judging would have to look up: any number
// may ask them at once.
func (r AccessRules) Shared() AccessRules {
	r.zones = zones{}
	for _, p := range r.Policies {
		r.zones.named(p.Schedule.ZoneName())
	}
	return r
}

// Circumstances are those in which somebody wishes to enter.
type Circumstances struct {
	At      time.Time
	Address netip.Addr // of the client; one that is not known lies in no region
}

// Timed reports whether what the rules say may change by the passing of time
// alone. It does so at whole minutes.
func (r AccessRules) Timed() bool {
	return r.Enabled && slices.ContainsFunc(r.Policies, func(p AccessPolicy) bool { return !p.Schedule.Always() })
}

// PolicyResult is what was found at one policy.
type PolicyResult struct {
	Policy AccessPolicy
	Time   bool // its schedule holds
	Place  bool // the address lies in one of its regions
	// Decides: it is the first that holds of those that decide.
	Decides bool
}

// Holds reports whether everything about the policy holds.
func (r PolicyResult) Holds() bool { return r.Time && r.Place }

// Judgment is what the policies say of a wish to enter.
type Judgment struct {
	Controlled bool // the policies are switched on
	Decision   PolicyDecision
	Policy     AccessPolicy   // that decides, zero for the default
	Looked     []PolicyResult // all that were looked at, in their order
}

// Judge decides about a wish to enter: the first policy that holds, else the
// default. Policies that only report are looked at like all others; so are
// those behind the one that decides, for who wishes to know why. Rules that are
// switched off allow; a default or decision that is not known denies.
func (r AccessRules) Judge(c Circumstances) Judgment {
	if r.zones != nil {
		return r.judge(c, r.zones)
	}
	return r.judge(c, zones{})
}

// Judging is Judge for whoever asks often: zones are looked up once. One goroutine
// asks.
func (r AccessRules) Judging() func(Circumstances) Judgment {
	known := zones{}
	return func(c Circumstances) Judgment { return r.judge(c, known) }
}

func (r AccessRules) judge(c Circumstances, known zones) Judgment {
	if !r.Enabled {
		return Judgment{Decision: PolicyAllow}
	}
	j := Judgment{Controlled: true, Looked: make([]PolicyResult, 0, len(r.Policies))}
	for _, p := range r.Policies {
		found := PolicyResult{Policy: p, Time: p.Schedule.holds(c.At, known), Place: r.placed(p, c.Address)}
		if found.Holds() && !p.ReportOnly && j.Decision == "" {
			found.Decides, j.Policy, j.Decision = true, p, p.Decision
		}
		j.Looked = append(j.Looked, found)
	}
	if j.Decision == "" {
		j.Decision = r.Default
	}
	if !slices.Contains(PolicyDecisions(), j.Decision) {
		j.Decision = PolicyDeny
	}
	return j
}

// placed reports whether an address lies where a policy holds.
func (r AccessRules) placed(p AccessPolicy, address netip.Addr) bool {
	return len(p.Regions) == 0 || slices.ContainsFunc(p.Regions, func(id RegionID) bool { return r.Regions[id].Holds(address) })
}

// Reports are the policies that would have decided if they did not only report,
// each with what it would have said; nil for none.
func (j Judgment) Reports() (all []PolicyResult) {
	for _, found := range j.Looked {
		switch {
		case found.Decides:
			return all
		case found.Policy.ReportOnly && found.Holds():
			all = append(all, found)
		}
	}
	return all
}

// Passes reports whether somebody is let in who has given a proof beside the
// first, or has not.
func (j Judgment) Passes(verified bool) bool {
	return j.Decision == PolicyAllow || j.Decision == PolicyVerify && verified
}
