package grant

import (
	"net/netip"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// guard switches the policies of the wiki on: from the office whoever, at noon
// to one (UTC) with a second proof, else nobody.
func (h *house) guard() {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		r := identity.Region{ID: "reg_office", OrganizationID: h.org.ID, Name: "Office", Network: netip.MustParsePrefix("10.0.0.0/8")}
		if err := tx.Regions.Insert(r); err != nil {
			return err
		}
		for _, p := range []identity.AccessPolicy{
			{ID: "pol_1", Name: "office", Regions: []identity.RegionID{r.ID}, Decision: identity.PolicyAllow},
			{ID: "pol_2", Name: "noon", Schedule: identity.Schedule{Starts: 720, Ends: 780, Zone: "UTC"}, Decision: identity.PolicyVerify},
		} {
			p.OrganizationID, p.ApplicationID = h.org.ID, h.app.ID
			if err := tx.AccessPolicies.Insert(p); err != nil {
				return err
			}
		}
		return h.control(tx, identity.PolicyDeny)
	})
}

func (h *house) control(tx *store.Tx, otherwise identity.PolicyDecision) error {
	c, err := tx.AccessPolicies.Control(h.org.ID, h.app.ID)
	if err != nil {
		return err
	}
	c.Enabled, c.Default = true, otherwise
	return tx.AccessPolicies.PutControl(c)
}

// What somebody showed when they entered counts at refreshes and inspections:
// from where, and by which proofs; and the time of each.
func TestPoliciesWithoutABrowser(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.guard()
		h.clock.Advance(time.Date(2030, 1, 7, 12, 30, 30, 0, time.UTC).Sub(h.clock.Now()))
		h.session = h.signIn()
		h.session.Origin.Address = netip.MustParseAddr("192.0.2.1")
		_, err := h.Redeem(t.Context(), h.redemption(h.code()))
		wants(t, "outside without a second proof", err, fault.CodeGrantInvalid)
		h.session.VerifiedAt = h.clock.Now()
		outside := h.enter()
		if g := outside.Grant; !g.VerifiedAt.Equal(h.session.VerifiedAt) || g.Address != h.session.Origin.Address {
			t.Errorf("granted %+v", g)
		}
		h.session.VerifiedAt, h.session.Origin.Address = time.Time{}, netip.MustParseAddr("10.1.2.3")
		inside := h.enter()
		outside = h.rotate("at noon", outside.Refresh, "")
		h.counts("at noon", h.Grants, outside.Access, "")
		h.clock.Advance(29 * time.Minute) // 12:59:30
		h.counts("before one", h.Grants, outside.Access, "")
		h.clock.Advance(30 * time.Second)
		h.counts("at one, though remembered", h.Grants, outside.Access, fault.CodeTokenRevoked)
		h.counts("at one in the office", h.Grants, inside.Access, "")
		h.rotate("at one", outside.Refresh, fault.CodeGrantInvalid)
		h.rotate("at one in the office", inside.Refresh, "")
		h.write(func(tx *store.Tx) error { return h.control(tx, identity.PolicyAllow) })
		h.counts("once everybody may", h.Grants, outside.Access, "")
		h.rotate("once everybody may", outside.Refresh, "")
	})
}

// An edit counts at once, on the node that has remembered a token, too.
func TestPolicyEditsCountAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.session.Origin.Address = netip.MustParseAddr("10.1.2.3")
		in := h.enter()
		h.counts("before", h.Grants, in.Access, "")
		h.guard()
		h.counts("in the office", h.Grants, in.Access, "")
		h.write(func(tx *store.Tx) error {
			r, err := tx.Regions.Get(h.org.ID, "reg_office")
			if err != nil {
				return err
			}
			r.Network = netip.MustParsePrefix("172.16.0.0/12")
			if err := tx.Regions.Put(r); err != nil {
				return err
			}
			return tx.AccessPolicies.RegionMoved(h.org.ID, r.ID)
		})
		h.counts("the office has moved", h.Grants, in.Access, fault.CodeTokenRevoked)
	})
}
