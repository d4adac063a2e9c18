package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/approval"
	"github.com/orgate/orgate/internal/identity"
)

// Request is somebody's wish to enter an application or to join an
// organisation, on the wire.
type Request struct {
	ID            string     `json:"id"`
	Kind          string     `json:"kind" enum:"entry,join"`
	State         string     `json:"state" enum:"pending,approved,rejected,withdrawn"`
	Organization  string     `json:"organization" doc:"Its name."`
	ApplicationID string     `json:"application_id,omitempty" doc:"Of a wish to enter."`
	ClientID      string     `json:"client_id,omitempty" doc:"Likewise."`
	Application   string     `json:"application,omitempty" doc:"Its name."`
	Account       string     `json:"account" doc:"The account name of who asks."`
	Applicant     string     `json:"applicant" doc:"What they are called."`
	After         string     `json:"after,omitempty" doc:"The request that has to be approved first."`
	Waits         bool       `json:"waits" doc:"That one is not decided yet."`
	Reason        string     `json:"reason,omitempty" doc:"In the words of who asks."`
	DecidedBy     string     `json:"decided_by,omitempty"`
	Answer        string     `json:"answer,omitempty" doc:"In the words of who decided."`
	CreatedAt     time.Time  `json:"created_at"`
	DecidedAt     *time.Time `json:"decided_at,omitempty" doc:"Or withdrawn."`
}

func requestShown(l approval.Listed) Request {
	r := l.Request
	shown := Request{
		ID: string(r.ID), Kind: string(r.Kind), State: string(r.State), Organization: l.Organization, ApplicationID: string(r.ApplicationID),
		ClientID: l.ClientID, Application: l.Application, Account: l.Account, Applicant: l.Applicant, After: string(r.After),
		Waits: l.Waits, Reason: r.Reason, DecidedBy: r.DecidedBy, Answer: r.Answer, CreatedAt: r.CreatedAt.UTC(),
	}
	if !r.DecidedAt.IsZero() {
		decided := r.DecidedAt.UTC()
		shown.DecidedAt = &decided
	}
	return shown
}

type requestsQuery struct {
	InOrganization
	Paging
	State       string `query:"state" enum:"pending,approved,rejected,withdrawn" doc:"Only those in this state; otherwise all."`
	Application string `query:"application" doc:"Only those to enter the application with this identifier; otherwise all."`
}

func listRequests(ctx context.Context, c *call, in *requestsQuery) (*listed[Request], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	before, err := in.after("req_")
	if err != nil {
		return nil, err
	}
	found, err := c.s.o.Approval.Page(ctx, c.actor, o.ID, approval.Query{
		State: identity.RequestState(in.State), Before: identity.RequestID(before), Application: identity.ApplicationID(in.Application), Limit: in.Limit + 1,
	})
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found, func(l approval.Listed) string { return string(l.Request.ID) }, requestShown), nil
}

// InRequest is embedded by everything about one request.
type InRequest struct {
	Request string `path:"request" doc:"The request's identifier."`
}

type decideRequestInput struct {
	InOrganization
	InRequest
	Body struct {
		Answer string `json:"answer,omitempty" doc:"What the person is told beside the decision, at most 500 characters in one line."`
	}
}

// decider is Approve or Reject.
type decider func(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.RequestID, answer string) error

func (c *call) decide(ctx context.Context, in *decideRequestInput, decide decider) (*empty, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	return &empty{}, decide(ctx, c.actor, o.ID, identity.RequestID(in.Request), in.Body.Answer)
}

func approveRequest(ctx context.Context, c *call, in *decideRequestInput) (*empty, error) {
	return c.decide(ctx, in, c.s.o.Approval.Approve)
}

func rejectRequest(ctx context.Context, c *call, in *decideRequestInput) (*empty, error) {
	return c.decide(ctx, in, c.s.o.Approval.Reject)
}

func listMyRequests(ctx context.Context, c *call, _ *nothing) (*all[Request], error) {
	found, err := c.s.o.Approval.Mine(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	return whole(found, requestShown), nil
}

type myRequestInput struct{ InRequest }

func withdrawMyRequest(ctx context.Context, c *call, in *myRequestInput) (*empty, error) {
	if _, err := c.myself(); err != nil && c.actor.Kind != identity.ActsAsPerson {
		return nil, err
	}
	return &empty{}, c.s.o.Approval.Withdraw(ctx, c.actor, identity.RequestID(in.Request))
}
