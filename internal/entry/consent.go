package entry

import (
	"context"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Agree remembers that the acting person agrees to release what scopes name to
// an application that they may enter, as the member they are in its
// organisation. What was agreed to before stays. Whoever may not enter is
// Forbidden (entry_refused).
func (e *Entry) Agree(ctx context.Context, actor identity.Actor, a identity.Application, scopes []string) error {
	if !actor.Somebody() {
		return errForbidden
	}
	return e.db.Update(ctx, func(tx *store.Tx) error {
		// Access policies are no question here: who has agreed is asked again
		// whether they may enter.
		d, _, err := decide(tx, Asking{Application: a, AccountID: actor.AccountID})
		if err != nil {
			return err
		}
		if !d.Allowed() {
			return fault.New(fault.Forbidden, fault.CodeEntryRefused)
		}
		all := slices.Concat(d.Agreed, scopes)
		slices.Sort(all)
		err = tx.Consents.Put(identity.Consent{
			ApplicationID: a.ID, MemberID: d.Member, Scopes: slices.Compact(all), CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
		})
		if err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.ConsentGiven, audit.About{
			Organization: a.OrganizationID, Target: string(a.ID), Details: map[string]string{"scopes": strings.Join(scopes, " ")},
		})
	})
}

// Consents returns what the acting person has agreed to, oldest first.
func (e *Entry) Consents(ctx context.Context, actor identity.Actor) (all []store.ConsentRow, err error) {
	if !actor.Somebody() {
		return nil, errForbidden
	}
	err = e.db.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Consents.OfAccount(actor.AccountID)
		return err
	})
	return all, err
}

// Withdraw takes a consent of the acting person back and ends what the
// application was granted by it. Without one it is NotFound
// (consent_not_found).
func (e *Entry) Withdraw(ctx context.Context, actor identity.Actor, a identity.ApplicationID) error {
	if !actor.Somebody() {
		return errForbidden
	}
	return e.db.Update(ctx, func(tx *store.Tx) error {
		row, err := tx.Consents.ByAccount(actor.AccountID, a)
		if err != nil {
			return err
		}
		m := row.Consent.MemberID
		if err := tx.Consents.Remove(m, a); err != nil {
			return err
		}
		if _, err := tx.Grants.RevokeOf(row.OrganizationID, m, a); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.ConsentWithdrawn, audit.About{Organization: row.OrganizationID, Target: string(a)})
	})
}
