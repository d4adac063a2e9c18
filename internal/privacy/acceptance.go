package privacy

import (
	"context"
	"strconv"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// InForce returns the version that counts in an organisation: its own, or else
// the installation's. False means that there is none.
func (s *Statements) InForce(ctx context.Context, org identity.OrganizationID) (v identity.PrivacyVersion, ok bool, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		v, ok, err = inForce(tx, org)
		return err
	})
	return v, ok, err
}

func inForce(tx *store.Tx, org identity.OrganizationID) (v identity.PrivacyVersion, ok bool, err error) {
	p, err := tx.Privacy.Get(org)
	if err == nil && p.Current == 0 && org != "" {
		p, err = tx.Privacy.Get("")
	}
	if err != nil || p.Current == 0 {
		return v, false, err
	}
	v, err = tx.Privacy.VersionOf(p.OrganizationID, p.Current)
	return v, err == nil, err
}

// Accept notes that somebody accepts, for themselves, a version that they have
// read. Where another one is in force meanwhile it is Stale: they read that
// first. A second time changes nothing.
func (s *Statements) Accept(ctx context.Context, actor identity.Actor, read identity.PrivacyVersion) error {
	if err := allowOwn(actor); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *store.Tx) error {
		v, ok, err := inForce(tx, actor.OrganizationID)
		if err != nil {
			return err
		}
		if !ok || v.Number != read.Number || v.OrganizationID != read.OrganizationID {
			return fault.New(fault.Stale, fault.CodeStale)
		}
		first, err := tx.Privacy.Accept(identity.PrivacyAcceptance{
			AccountID: actor.AccountID, Statement: v.OrganizationID, Number: v.Number, OrganizationID: actor.OrganizationID,
			MemberID: actor.MemberID, Name: actor.Name, At: tx.Now(),
		})
		if err != nil {
			return err
		}
		if !first {
			tx.NoEvent("it was accepted before")
			return nil
		}
		return audit.Record(tx, actor, audit.PrivacyAccepted, audit.About{
			Organization: actor.OrganizationID, Target: string(actor.AccountID),
			Details: map[string]string{"version": strconv.FormatInt(v.Number, 10)},
		})
	})
}

// allowOwn lets people act for themselves: a member, or somebody with an account
// of their own. Whoever administers the provider is asked nothing.
func allowOwn(actor identity.Actor) error {
	if actor.AccountID == "" || actor.Kind != identity.ActsAsMember && actor.Kind != identity.ActsAsPerson {
		return fault.New(fault.Forbidden, fault.CodeForbidden)
	}
	return nil
}

// Own returns what the acting person accepted, newest first.
func (s *Statements) Own(ctx context.Context, actor identity.Actor) (all []identity.PrivacyAcceptance, err error) {
	if err := allowOwn(actor); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Privacy.Of(actor.AccountID)
		return err
	})
	return all, err
}
