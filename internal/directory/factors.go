package directory

import (
	"context"
	"strconv"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// MemberFactors returns what a member can prove themselves by beside the
// password, oldest first, for whoever may manage them. That of an account of
// somebody's own is nobody else's business: it is Forbidden (factor_reset).
func (d *Directory) MemberFactors(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.MemberID) (all []identity.Factor, err error) {
	if err := access.AllowSomewhere(actor, access.ManageMembers, org); err != nil {
		return nil, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		person, err := withFactors(tx, actor, org, id)
		if err != nil {
			return err
		}
		rows, err := tx.Factors.Of(person.Account.ID)
		for _, r := range rows {
			all = append(all, r.Factor)
		}
		return err
	})
	return all, err
}

// ResetFactors removes everything by which a member can prove themselves beside
// the password, recovery codes included: for whoever has lost it all. It
// takes what resetting their password takes; an account of
// somebody's own is theirs, and Forbidden (factor_reset).
func (d *Directory) ResetFactors(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.MemberID) error {
	if err := access.AllowSomewhere(actor, access.ManageMembers, org); err != nil {
		return err
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		person, err := withFactors(tx, actor, org, id)
		if err != nil {
			return err
		}
		removed, err := tx.Factors.Clear(person.Account.ID)
		if err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.FactorsReset, aboutMember(person, map[string]string{"factors": strconv.FormatInt(removed, 10)}))
	})
}

// withFactors is a member whose factors the actor may reset.
func withFactors(tx *store.Tx, actor identity.Actor, org identity.OrganizationID, id identity.MemberID) (identity.Person, error) {
	person, err := tx.Members.Get(org, id)
	if err != nil {
		return person, err
	}
	if err := inReach(tx, actor, access.ManageMembers, person.Member); err != nil {
		return person, err
	}
	if isSelf(actor, org, id) || !mayReset(actor, person) {
		return person, fault.New(fault.Forbidden, fault.CodeFactorReset)
	}
	return person, nil
}
