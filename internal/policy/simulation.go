package policy

import (
	"context"
	"net/netip"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Simulation is a wish to enter that nobody has: what would be said of it?
type Simulation struct {
	Member  identity.MemberID
	Address netip.Addr
	At      time.Time // zero for now
	// Verified says that the member has given a proof beside the first.
	Verified bool
}

// Outcome is what would be said of a simulated wish to enter.
type Outcome struct {
	identity.Judgment
	At       time.Time
	Active   bool                  // the application and the organisation let people in at all
	Status   identity.MemberStatus // of the member
	Admitted bool                  // the member is among those who may enter
	Factors  bool                  // the member has a factor of their own, or a contact to which a code could be sent
	Enters   bool                  // everything taken together
	Regions  map[identity.RegionID]identity.Region
}

// Simulate tells what would be said if a member wished to enter an application
// at a time from an address: by what is stored, as if the policies were switched
// on, so that they can be looked at before. It changes nothing. Whoever may change the application may simulate. A member who is
// unknown is NotFound (member_not_found).
func (p *Policies) Simulate(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string, s Simulation) (out Outcome, err error) {
	if err := access.Allow(actor, access.ManageApplications, org); err != nil {
		return out, err
	}
	err = p.db.View(ctx, func(tx *store.Tx) error {
		of, err := load(tx, actor, aim{org, clientID, 0})
		if err != nil {
			return err
		}
		member, err := tx.Members.Get(org, s.Member)
		if err != nil {
			return err
		}
		standing, err := tx.Applications.Admission(of.app.ID, org, s.Member)
		if err != nil {
			return err
		}
		rules, err := tx.AccessPolicies.Rules(of.control)
		if err != nil {
			return err
		}
		own, err := tx.Factors.Of(member.Account.ID)
		if err != nil {
			return err
		}
		if s.At.IsZero() {
			s.At = tx.Now()
		}
		out = Outcome{
			Judgment: asIfOn(rules).Judge(identity.Circumstances{At: s.At, Address: s.Address}), At: s.At, Regions: rules.Regions,
			Active: standing.Active, Status: standing.Status, Admitted: standing.Admitted,
			Factors: len(own) > 0 || member.Account.Mobile != "" || member.Account.Email != "",
		}
		out.Controlled = of.control.Enabled
		out.Enters = standing.Entered() && out.Passes(s.Verified)
		return nil
	})
	return out, err
}

// asIfOn switches rules on; where no default was chosen, everybody may.
func asIfOn(r identity.AccessRules) identity.AccessRules {
	r.Enabled = true
	if r.Default == "" {
		r.Default = identity.PolicyAllow
	}
	return r
}
