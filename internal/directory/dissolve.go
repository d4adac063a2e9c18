package directory

import (
	"context"
	"math"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/store"
)

// The bounds of a dissolution.
const (
	dissolvePeople = 100   // in one transaction, so that nobody waits long behind it
	dissolveRows   = 5_000 // of a table that is looked through, likewise
	dissolveAtOnce = 20    // slices of people before the job goes on with the rest
	dissolveMany   = 100   // organisations in one run of the job
)

// Dissolve removes an organisation at its owner's wish (OrgID, B.10), with all
// that RemoveOrganization tells. code has to be the organisation's, letter case
// aside, so that nobody dissolves another one than they meant: anything else is
// Invalid (confirmation_wrong). It cannot be undone.
func (d *Directory) Dissolve(ctx context.Context, actor identity.Actor, id identity.OrganizationID, code string) error {
	if err := access.Allow(actor, access.DissolveOrganization, id); err != nil {
		return err
	}
	return d.dissolve(ctx, id, func(tx *store.Tx, o identity.Organization) error {
		if identity.Fold(code) != identity.Fold(o.Code) {
			return fault.New(fault.Invalid, fault.CodeConfirmation).At("confirm")
		}
		return recordEnd(tx, actor, audit.OrganizationDissolved, o)
	})
}

// RemoveOrganization is the provider's Dissolve. An organisation goes with its
// departments, members, their managed accounts, its applications, App IDs and
// management tokens. From the first moment all its access tokens are dead, and
// its members' sessions end: applications of other organisations that were
// entered in them are told. One of more than two thousand members is gone
// soon after; until then it is dissolving, and nobody can change that. Nothing
// of it can be had back.
func (d *Directory) RemoveOrganization(ctx context.Context, actor identity.Actor, id identity.OrganizationID) error {
	if err := access.Allow(actor, access.AddOrganizations, ""); err != nil {
		return err
	}
	return d.dissolve(ctx, id, func(tx *store.Tx, o identity.Organization) error {
		return recordEnd(tx, actor, audit.OrganizationRemoved, o)
	})
}

// recordEnd records the end of an organisation in the installation's log: the
// organisation's own has no reader any more.
func recordEnd(tx *store.Tx, actor identity.Actor, what audit.Type, o identity.Organization) error {
	return audit.Record(tx, actor, what, audit.About{Target: string(o.ID), Details: map[string]string{"code": o.Code, "name": o.Name}})
}

// dissolve condemns an organisation and takes it apart as far as may be waited
// for. agree may refuse, and records.
func (d *Directory) dissolve(ctx context.Context, id identity.OrganizationID, agree func(*store.Tx, identity.Organization) error) error {
	err := d.db.Update(ctx, func(tx *store.Tx) error {
		o, err := tx.Organizations.Get(id)
		if err != nil {
			return err
		}
		if o.Status == identity.OrganizationDissolving {
			tx.NoEvent("recorded when it was condemned")
			return nil
		}
		if err := agree(tx, o); err != nil {
			return err
		}
		return condemn(tx, o)
	})
	if err != nil {
		return err
	}
	return d.takeApart(ctx, id, dissolveAtOnce)
}

// condemn bars everybody from an organisation for good.
func condemn(tx *store.Tx, o identity.Organization) error {
	if err := removeApplications(tx, o.ID); err != nil {
		return err
	}
	// After its own applications, which are there no more to be told.
	if err := session.EndAllOf(tx, session.Whose{Organization: o.ID}, identity.EndedByRemoval); err != nil {
		return err
	}
	o.Status, o.UpdatedAt = identity.OrganizationDissolving, tx.Now()
	o.Generation++
	return tx.Organizations.Put(o)
}

// FinishDissolutions goes on with what a dissolution left over, because there
// was much or because the process ended in the middle. It is a job.
func (d *Directory) FinishDissolutions(ctx context.Context) error {
	var waiting []identity.OrganizationID
	err := d.db.View(ctx, func(tx *store.Tx) (err error) {
		waiting, err = tx.Dissolutions.Waiting(dissolveMany)
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range waiting {
		if err := d.takeApart(ctx, id, math.MaxInt); err != nil {
			return err
		}
	}
	return nil
}

// takeApart removes what a condemned organisation has, its people in at most
// so many slices, and then itself. Each slice is a transaction of its own, and
// whoever begins again finds what is left.
func (d *Directory) takeApart(ctx context.Context, id identity.OrganizationID, slices int) error {
	for range slices {
		var n int
		err := d.db.Act(ctx, store.ActSweep, func(tx *store.Tx) (err error) {
			n, err = tx.Dissolutions.People(id, dissolvePeople)
			return err
		})
		if err != nil {
			return err
		}
		if n < dissolvePeople {
			return d.clearAway(ctx, id)
		}
	}
	return nil
}

// clearAway removes what is left of an organisation without people.
func (d *Directory) clearAway(ctx context.Context, id identity.OrganizationID) error {
	if err := passThrough(ctx, d, func(tx *store.Tx, above identity.TokenID) (identity.TokenID, error) {
		return tx.Dissolutions.Tokens(id, above, dissolveRows)
	}); err != nil {
		return err
	}
	if err := passThrough(ctx, d, func(tx *store.Tx, above identity.TraceID) (identity.TraceID, error) {
		return tx.Dissolutions.Traces(id, above, dissolveRows)
	}); err != nil {
		return err
	}
	for n := int64(dissolveRows); n == dissolveRows; {
		err := d.db.Act(ctx, store.ActSweep, func(tx *store.Tx) (err error) {
			n, err = tx.Dissolutions.Met(id, dissolveRows)
			return err
		})
		if err != nil {
			return err
		}
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		tx.NoEvent("recorded when it was condemned")
		if err := removeBelongings(tx, id); err != nil {
			return err
		}
		if err := tx.Dissolutions.Keys(id); err != nil {
			return err
		}
		err := tx.Organizations.Delete(id)
		if fault.Is(err, fault.CodeOrganizationNotFound) {
			return nil // the job and the caller met
		}
		return err
	})
}

// passThrough looks through a table, a slice in each transaction.
func passThrough[ID ~string](ctx context.Context, d *Directory, slice func(*store.Tx, ID) (ID, error)) error {
	var above ID
	for {
		var last ID
		err := d.db.Act(ctx, store.ActSweep, func(tx *store.Tx) (err error) {
			last, err = slice(tx, above)
			return err
		})
		if err != nil || last == "" {
			return err
		}
		above = last
	}
}
