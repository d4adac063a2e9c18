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

// decideRuns is how often an approval is run that met another edit of the same
// application.
const decideRuns = 3

// Approve grants a request to an organisation and tells the person: a wish to
// join makes them a member, a wish to enter names them among those who may.
// answer is told too, "" for none.
//
// One to enter whose wish to join is undecided is Conflict (request_order);
// one that was decided or withdrawn is Conflict (request_decided); whoever is
// a member no more is NotFound (member_not_found); one member too many is
// Conflict (member_limit).
func (r *Approval) Approve(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.RequestID, answer string) error {
	return r.decide(ctx, actor, decision{org, id, identity.RequestApproved, answer})
}

// Reject refuses a request to an organisation and tells the person, who may ask
// again. With a wish to join, what waits for it is refused too.
func (r *Approval) Reject(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.RequestID, answer string) error {
	return r.decide(ctx, actor, decision{org, id, identity.RequestRejected, answer})
}

// decision is what somebody decides about a request.
type decision struct {
	org    identity.OrganizationID
	id     identity.RequestID
	state  identity.RequestState
	answer string
}

func (r *Approval) decide(ctx context.Context, actor identity.Actor, d decision) (err error) {
	if err := access.Allow(actor, access.DecideRequests, d.org); err != nil {
		return err
	}
	if d.answer, err = checkText("answer", d.answer); err != nil {
		return err
	}
	for range decideRuns {
		err = r.db.Update(ctx, func(tx *store.Tx) error { return r.decideIn(tx, actor, d) })
		if fault.KindOf(err) != fault.Stale {
			return err
		}
	}
	return err
}

func (r *Approval) decideIn(tx *store.Tx, actor identity.Actor, d decision) error {
	request, err := tx.Requests.Get(d.org, d.id)
	if err != nil {
		return err
	}
	if request.State != identity.RequestPending {
		return fault.New(fault.Conflict, fault.CodeRequestDecided)
	}
	if d.state == identity.RequestRejected {
		return endAll(tx, request, func(one identity.Request) error { return r.end(tx, actor, one, d) })
	}
	if err := inOrder(tx, request); err != nil {
		return err
	}
	// The end is stored first: whoever comes second does nothing.
	if err := r.end(tx, actor, request, d); err != nil {
		return err
	}
	return grant(tx, request)
}

// inOrder refuses to let somebody enter before they joined.
func inOrder(tx *store.Tx, request identity.Request) error {
	if request.After == "" {
		return nil
	}
	before, err := tx.Requests.Get(request.OrganizationID, request.After)
	if err == nil && before.State == identity.RequestPending {
		return errOrder
	}
	if fault.Is(err, fault.CodeRequestNotFound) {
		return nil
	}
	return err
}

// end stores the end of a request and tells the person.
func (r *Approval) end(tx *store.Tx, actor identity.Actor, request identity.Request, d decision) error {
	request.State, request.DecidedBy, request.Answer, request.DecidedAt = d.state, actor.Name, d.answer, tx.Now()
	if err := tx.Requests.Decide(request); err != nil {
		return err
	}
	what := audit.RequestApproved
	if d.state == identity.RequestRejected {
		what = audit.RequestRejected
	}
	if err := record(tx, actor, what, request); err != nil {
		return err
	}
	return r.tellApplicant(tx, request)
}

// grant does what was wished for.
func grant(tx *store.Tx, request identity.Request) error {
	if request.Kind == identity.RequestJoin {
		_, err := directory.JoinIn(tx, request.OrganizationID, request.AccountID)
		return err
	}
	p, err := tx.Members.ByAccount(request.OrganizationID, request.AccountID)
	if err != nil {
		return err
	}
	now, err := tx.Applications.Admission(request.ApplicationID, request.OrganizationID, p.Member.ID)
	if err != nil || now.Admitted {
		return err
	}
	a, err := tx.Applications.Get(request.OrganizationID, request.ApplicationID)
	if err != nil {
		return err
	}
	a.Access.Members = append(a.Access.Members, p.Member.ID)
	a.UpdatedAt = tx.Now()
	return tx.Applications.Put(a)
}
