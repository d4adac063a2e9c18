package directory

import (
	"context"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// MembersQuota is how many members an organisation has and may have.
type MembersQuota struct {
	Members int
	Most    int   // 0 is as many as come
	Closed  error // why more cannot be asked for, nil if they can: the faults of MayGrowIn
}

// MembersQuota tells those who administer an organisation how many members it has and may have.
func (d *Directory) MembersQuota(ctx context.Context, actor identity.Actor, org identity.OrganizationID) (q MembersQuota, err error) {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return q, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		o, err := tx.Organizations.Get(org)
		if err != nil {
			return err
		}
		if q.Members, _, err = tx.Organizations.Counts(org); err != nil {
			return err
		}
		if q.Most, _, err = memberLimit(tx, o); err != nil {
			return err
		}
		q.Closed = MayGrowIn(tx, org)
		if q.Closed != nil && fault.KindOf(q.Closed) == fault.Internal {
			return q.Closed
		}
		return nil
	})
	return q, err
}

// MayGrowIn tells, inside the caller's transaction, whether an organisation can
// be given room for more members: nil; Conflict (members_granted) where grants of
// the provider say how many, (quota_needless) where nothing bounds it, and
// (quota_most) where it has all there is.
func MayGrowIn(tx *store.Tx, org identity.OrganizationID) error {
	o, err := tx.Organizations.Get(org)
	switch {
	case err != nil:
		return err
	case !o.Active():
		return errFrozen
	case o.Limits.Granted:
		return fault.New(fault.Conflict, fault.CodeMembersGranted)
	case o.Limits.Members == 0:
		return fault.New(fault.Conflict, fault.CodeQuotaNeedless)
	case o.Limits.Members >= identity.MostMembers:
		return fault.New(fault.Conflict, fault.CodeQuotaMost).With("max", identity.MostMembers)
	}
	return nil
}

// GrowIn gives an organisation room for identity.MoreMembers more, at most
// identity.MostMembers. The faults are those of MayGrowIn.
func GrowIn(tx *store.Tx, org identity.OrganizationID) error {
	if err := MayGrowIn(tx, org); err != nil {
		return err
	}
	o, err := tx.Organizations.Get(org)
	if err != nil {
		return err
	}
	o.Limits.Members = min(o.Limits.Members+identity.MoreMembers, identity.MostMembers)
	o.UpdatedAt = tx.Now()
	return tx.Organizations.Put(o)
}

// PersonIn returns the account of their own that the actor acts with. Everybody
// else is Forbidden (person_only).
func PersonIn(tx *store.Tx, actor identity.Actor) (identity.Account, error) {
	return ownAccount(tx, actor)
}
