package directory

import (
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// MayGrowIn tells, inside the caller's transaction, whether an organisation can
// be given room for more members: nil; Conflict (members_granted) where grants of
// the provider say how many, (request_needless) where nothing bounds it, and
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
		return fault.New(fault.Conflict, fault.CodeRequestNeedless)
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
