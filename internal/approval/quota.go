package approval

import (
	"context"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Quota is a wish for room with what people call those it is about.
type Quota = store.QuotaRow

// QuotaQuery narrows a page of wishes for room.
type QuotaQuery = store.QuotaQuery

// AskMembers asks for room for more members of an organisation (OrgID, B.10):
// identity.MoreMembers, once the provider agrees, or at once where the
// installation says so. Owner and administrators ask; a token asks in the
// owner's name. While such a wish waits it
// is a Conflict (quota_waits); the other faults are those of
// directory.MayGrowIn.
func (r *Approval) AskMembers(ctx context.Context, actor identity.Actor, org identity.OrganizationID, reason string) (q Quota, err error) {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return q, err
	}
	return r.askQuota(ctx, actor, identity.QuotaRequest{Kind: identity.QuotaMembers, OrganizationID: org, Reason: reason}, func(tx *store.Tx) error {
		return directory.MayGrowIn(tx, org)
	})
}

// AskOrganizations asks for one organisation more that the acting person may own.
// While such a wish waits it is a Conflict (quota_waits); whoever has no account
// of their own is Forbidden (person_only).
func (r *Approval) AskOrganizations(ctx context.Context, actor identity.Actor, reason string) (q Quota, err error) {
	return r.askQuota(ctx, actor, identity.QuotaRequest{Kind: identity.QuotaOrganizations, Reason: reason}, func(tx *store.Tx) error {
		_, err := directory.PersonIn(tx, actor)
		return err
	})
}

// askQuota makes a wish that may be made, and grants it where that needs nobody.
func (r *Approval) askQuota(ctx context.Context, actor identity.Actor, wish identity.QuotaRequest, may func(*store.Tx) error) (q Quota, err error) {
	if wish.Reason, err = checkText("reason", wish.Reason); err != nil {
		return q, err
	}
	err = r.db.Update(ctx, func(tx *store.Tx) error {
		if err := may(tx); err != nil {
			return err
		}
		one := wish
		one.ID, one.AccountID, one.State, one.CreatedAt = identity.NewRequestID(tx.Now()), actor.AccountID, identity.RequestPending, tx.Now()
		if one.AccountID == "" {
			owner, err := tx.Members.Owner(one.OrganizationID)
			if err != nil {
				return err
			}
			one.AccountID = owner.Account.ID
		}
		added, err := tx.QuotaRequests.Add(one)
		switch {
		case err != nil:
			return err
		case !added:
			return fault.New(fault.Conflict, fault.CodeQuotaWaits)
		}
		if err := recordQuota(tx, actor, audit.QuotaRequested, one); err != nil {
			return err
		}
		atOnce, err := directory.QuotaAtOnceIn(tx)
		if err == nil && atOnce {
			err = decideQuota(tx, actor, one, quotaDecision{state: identity.RequestApproved})
		}
		if err != nil {
			return err
		}
		q, err = tx.QuotaRequests.Get(one.ID)
		return err
	})
	return q, err
}

// Quotas returns wishes for room, newest first: all of them to the provider.
func (r *Approval) Quotas(ctx context.Context, actor identity.Actor, q QuotaQuery) (all []Quota, err error) {
	if err := access.Allow(actor, access.ManageProvider, ""); err != nil {
		return nil, err
	}
	return r.quotas(ctx, q)
}

// QuotasOf returns the wishes of an organisation for more members, newest first.
func (r *Approval) QuotasOf(ctx context.Context, actor identity.Actor, org identity.OrganizationID, q QuotaQuery) (all []Quota, err error) {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return nil, err
	}
	q.Organization, q.Account = org, ""
	return r.quotas(ctx, q)
}

// MyQuotas returns the acting person's wishes for organisations, newest first.
func (r *Approval) MyQuotas(ctx context.Context, actor identity.Actor, q QuotaQuery) (all []Quota, err error) {
	if !actor.Somebody() {
		return nil, errForbidden
	}
	q.Organization, q.Account = "", actor.AccountID
	return r.quotas(ctx, q)
}

func (r *Approval) quotas(ctx context.Context, q QuotaQuery) (all []Quota, err error) {
	if q.Limit <= 0 || q.Limit > maxPage {
		q.Limit = maxPage
	}
	err = r.db.View(ctx, func(tx *store.Tx) error {
		all, err = tx.QuotaRequests.Page(q)
		return err
	})
	return all, err
}

// DecideQuota grants or refuses a wish for room; state is approved or rejected.
// answer is kept with it, "" for none, and told to who asked. One that was
// decided is a Conflict (request_decided); one that cannot be granted any more
// has the faults of directory.GrowIn, and waits on.
func (r *Approval) DecideQuota(ctx context.Context, actor identity.Actor, id identity.RequestID, state identity.RequestState, answer string) (err error) {
	if err := access.Allow(actor, access.ManageProvider, ""); err != nil {
		return err
	}
	if answer, err = checkText("answer", answer); err != nil {
		return err
	}
	return r.db.Update(ctx, func(tx *store.Tx) error {
		row, err := tx.QuotaRequests.Get(id)
		if err != nil {
			return err
		}
		if err := decideQuota(tx, actor, row.Request, quotaDecision{state, answer}); err != nil {
			return err
		}
		return r.tellQuota(tx, id)
	})
}

// quotaDecision is what is decided about a wish for room.
type quotaDecision struct {
	state  identity.RequestState
	answer string
}

func decideQuota(tx *store.Tx, actor identity.Actor, q identity.QuotaRequest, d quotaDecision) error {
	q.State, q.Answer, q.DecidedBy, q.DecidedAt = d.state, d.answer, actor.Name, tx.Now()
	// The end is stored first: whoever comes second does nothing.
	if err := tx.QuotaRequests.Decide(q); err != nil {
		return err
	}
	if d.state != identity.RequestApproved {
		return recordQuota(tx, actor, audit.QuotaRejected, q)
	}
	var err error
	if q.Kind == identity.QuotaMembers {
		err = directory.GrowIn(tx, q.OrganizationID)
	} else {
		err = tx.People.Grant(q.AccountID)
	}
	if err != nil {
		return err
	}
	return recordQuota(tx, actor, audit.QuotaApproved, q)
}

func recordQuota(tx *store.Tx, actor identity.Actor, what audit.Type, q identity.QuotaRequest) error {
	return audit.Record(tx, actor, what, audit.About{
		Organization: q.OrganizationID, Target: string(q.ID), Details: map[string]string{"kind": string(q.Kind), "account": string(q.AccountID)},
	})
}
