package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/approval"
	"github.com/orgate/orgate/internal/identity"
)

// QuotaRequest is a wish for room, on the wire.
type QuotaRequest struct {
	ID             string     `json:"id"`
	Kind           string     `json:"kind" enum:"members,organizations" doc:"Room for 100 more members, or for one more organisation of a person."`
	State          string     `json:"state" enum:"pending,approved,rejected,withdrawn"`
	OrganizationID string     `json:"organization_id,omitempty" doc:"Of a wish for members."`
	Organization   string     `json:"organization,omitempty" doc:"Its name."`
	Account        string     `json:"account" doc:"The account name of who asks."`
	Reason         string     `json:"reason,omitempty" doc:"In the words of who asks."`
	DecidedBy      string     `json:"decided_by,omitempty"`
	Answer         string     `json:"answer,omitempty" doc:"In the words of who decided."`
	CreatedAt      time.Time  `json:"created_at"`
	DecidedAt      *time.Time `json:"decided_at,omitempty"`
}

func quotaShown(q approval.Quota) QuotaRequest {
	r := q.Request
	return QuotaRequest{
		ID: string(r.ID), Kind: string(r.Kind), State: string(r.State), OrganizationID: string(r.OrganizationID), Organization: q.Organization,
		Account: q.Account, Reason: r.Reason, DecidedBy: r.DecidedBy, Answer: r.Answer, CreatedAt: r.CreatedAt.UTC(), DecidedAt: given(r.DecidedAt),
	}
}

// QuotaFilter is what every list of wishes for room is asked with.
type QuotaFilter struct {
	Paging
	State string `query:"state" enum:"pending,approved,rejected,withdrawn" doc:"Only those in this state; otherwise all."`
}

func (f QuotaFilter) query() (q approval.QuotaQuery, err error) {
	before, err := f.after("req_")
	return approval.QuotaQuery{State: identity.RequestState(f.State), Before: identity.RequestID(before), Limit: f.Limit + 1}, err
}

func (c *call) quotas(f QuotaFilter, found []approval.Quota, err error) (*listed[QuotaRequest], error) {
	if err != nil {
		return nil, err
	}
	return paged(c, f.Paging, found, func(q approval.Quota) string { return string(q.Request.ID) }, quotaShown), nil
}

type providerQuotasQuery struct{ QuotaFilter }

func listProviderQuotas(ctx context.Context, c *call, in *providerQuotasQuery) (*listed[QuotaRequest], error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	found, err := c.s.o.Approval.Quotas(ctx, c.actor, q)
	return c.quotas(in.QuotaFilter, found, err)
}

type quotasQuery struct {
	InOrganization
	QuotaFilter
}

func listQuotas(ctx context.Context, c *call, in *quotasQuery) (*listed[QuotaRequest], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	found, err := c.s.o.Approval.QuotasOf(ctx, c.actor, o.ID, q)
	return c.quotas(in.QuotaFilter, found, err)
}

func listMyQuotas(ctx context.Context, c *call, in *providerQuotasQuery) (*listed[QuotaRequest], error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	found, err := c.s.o.Approval.MyQuotas(ctx, c.actor, q)
	return c.quotas(in.QuotaFilter, found, err)
}

// QuotaReason is the body of a wish for room.
type QuotaReason struct {
	Reason string `json:"reason,omitempty" doc:"What it is for, at most 500 characters in one line."`
}

// quotaMade answers where a wish was made; wishes have no versions.
type quotaMade struct {
	Location string `header:"Location" doc:"The list it is in."`
	Body     QuotaRequest
}

type addQuotaInput struct {
	InOrganization
	Body QuotaReason
}

func addQuota(ctx context.Context, c *call, in *addQuotaInput) (*quotaMade, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	q, err := c.s.o.Approval.AskMembers(ctx, c.actor, o.ID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return &quotaMade{c.at("/organizations/" + string(o.ID) + "/quota-requests"), quotaShown(q)}, nil
}

type addMyQuotaInput struct{ Body QuotaReason }

func addMyQuota(ctx context.Context, c *call, in *addMyQuotaInput) (*quotaMade, error) {
	q, err := c.s.o.Approval.AskOrganizations(ctx, c.actor, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return &quotaMade{c.at("/me/quota-requests"), quotaShown(q)}, nil
}

type decideQuotaInput struct {
	Quota string `path:"quota_request" doc:"The identifier of the wish."`
	Body  struct {
		Answer string `json:"answer,omitempty" doc:"Kept beside the decision, at most 500 characters in one line."`
	}
}

func approveQuota(ctx context.Context, c *call, in *decideQuotaInput) (*empty, error) {
	return &empty{}, c.s.o.Approval.DecideQuota(ctx, c.actor, identity.RequestID(in.Quota), identity.RequestApproved, in.Body.Answer)
}

func rejectQuota(ctx context.Context, c *call, in *decideQuotaInput) (*empty, error) {
	return &empty{}, c.s.o.Approval.DecideQuota(ctx, c.actor, identity.RequestID(in.Quota), identity.RequestRejected, in.Body.Answer)
}
