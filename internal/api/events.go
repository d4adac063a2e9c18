package api

import (
	"context"
	"net/netip"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Event is one entry of the operation log on the wire.
type Event struct {
	ID             string            `json:"id"`
	OrganizationID string            `json:"organization_id" doc:"Empty for what concerns the installation."`
	Type           string            `json:"type" doc:"Such as member.suspended."`
	Text           string            `json:"text" doc:"What happened, in the caller's language."`
	At             time.Time         `json:"at"`
	ActorKind      string            `json:"actor_kind"`
	ActorID        string            `json:"actor_id"`
	ActorName      string            `json:"actor_name"`
	Target         string            `json:"target" doc:"The identifier of what was changed."`
	Address        string            `json:"address" doc:"Where the call came from; empty when unknown."`
	RequestID      string            `json:"request_id"`
	Details        map[string]string `json:"details"`
}

func (c *call) event(e identity.Event) Event {
	details := e.Details
	if details == nil {
		details = map[string]string{}
	}
	view := Event{
		ID: string(e.ID), OrganizationID: string(e.OrganizationID), Type: e.Type, Text: c.text("event." + e.Type), At: e.At.UTC(),
		ActorKind: string(e.ActorKind), ActorID: e.ActorID, ActorName: e.ActorName, Target: e.Target, RequestID: e.RequestID, Details: details,
	}
	if e.Address.IsValid() {
		view.Address = e.Address.String()
	}
	return view
}

// EventFilter is how lists of events are asked.
type EventFilter struct {
	EventTime
	Type    string `query:"type" doc:"Only events of this type."`
	Log     string `query:"log" enum:"operations,sign_ins" doc:"Only those of sign-ins, or all but those."`
	Actor   string `query:"actor" doc:"Only what was done by who has this identifier, or exactly this name."`
	Address string `query:"address" doc:"Only what came from this address."`
	Outcome string `query:"outcome" enum:"succeeded,refused" doc:"Only sign-ins with this outcome."`
}

// EventTime is the stretch of the log that is wanted.
type EventTime struct {
	Paging
	From time.Time `query:"from" doc:"Only events of this instant or later."`
	To   time.Time `query:"to" doc:"Only events before this instant."`
}

func (in EventTime) search() (q audit.Search, err error) {
	before, err := in.after("evt_")
	q.Before, q.From, q.To, q.Limit = identity.EventID(before), in.From, in.To, in.Limit
	return q, err
}

// search is what the filter looks for in a log.
func (in EventFilter) search(within audit.Query) (audit.Search, error) {
	q, err := in.EventTime.search()
	if err != nil {
		return q, err
	}
	q.All, q.Organization, q.Type, q.Actor = within.All, within.Organization, in.Type, in.Actor
	if in.Address != "" {
		address, err := netip.ParseAddr(in.Address)
		if err != nil {
			return q, fault.New(fault.Invalid, fault.CodeFieldFormat).At("address").With("want", "want.address")
		}
		q.Address = address.Unmap().String()
	}
	return audit.Narrow(q, audit.Book(in.Log), audit.Outcome(in.Outcome)), nil
}

// events shows a page; whether the caller may see it was asked before.
func (c *call) events(ctx context.Context, in EventFilter, within audit.Query) (*listed[Event], error) {
	q, err := in.search(within)
	if err != nil {
		return nil, err
	}
	return c.searched(ctx, q)
}

// searched shows what a search finds. A page with few events, or none, may be
// followed by more: the search looks through so many at once.
func (c *call) searched(ctx context.Context, q audit.Search) (*listed[Event], error) {
	found, next, err := c.s.o.Events.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	answer := &listed[Event]{Body: page[Event]{Items: whole(found, c.event).Body.Items}}
	if next != "" {
		answer.Body.Next = encodeCursor(string(next))
		answer.Link = c.link(answer.Body.Next)
	}
	return answer, nil
}

type myEventsQuery struct{ EventTime }

// listMyEvents shows people their own sign-ins (OrgID, B.11).
func listMyEvents(ctx context.Context, c *call, in *myEventsQuery) (*listed[Event], error) {
	if c.actor.Kind != identity.ActsAsMember || c.actor.MemberID == "" {
		return nil, fault.New(fault.Forbidden, fault.CodeForbidden)
	}
	q, err := in.search()
	if err != nil {
		return nil, err
	}
	q.Organization, q.Person = c.actor.OrganizationID, string(c.actor.MemberID)
	return c.searched(ctx, audit.Narrow(q, audit.SignIns, ""))
}

type eventsQuery struct {
	EventFilter
	Organization string `query:"organization" doc:"Only those of the organisation with this identifier or code; by the identifier also when it is gone."`
}

func listEvents(ctx context.Context, c *call, in *eventsQuery) (*listed[Event], error) {
	within, err := c.log(ctx, in.Organization)
	if err != nil {
		return nil, err
	}
	return c.events(ctx, in.EventFilter, within)
}

// log is the log of the installation, or no more of it than an organisation's.
func (c *call) log(ctx context.Context, organization string) (audit.Query, error) {
	if err := access.Allow(c.actor, access.ReadEvents, ""); err != nil {
		return audit.Query{}, err
	}
	if organization == "" {
		return audit.Query{All: true}, nil
	}
	o, err := c.s.o.Directory.OrganizationByRef(ctx, c.actor, organization)
	if fault.Is(err, fault.CodeOrganizationNotFound) {
		// What was done to an organisation outlives it.
		if _, ours := identity.UUID(identity.OrganizationID(organization)); ours {
			o.ID, err = identity.OrganizationID(organization), nil
		}
	}
	return audit.Query{Organization: o.ID}, err
}

type organizationEventsQuery struct {
	InOrganization
	EventFilter
}

func listOrganizationEvents(ctx context.Context, c *call, in *organizationEventsQuery) (*listed[Event], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	if err := access.Allow(c.actor, access.ReadEvents, o.ID); err != nil {
		return nil, err
	}
	return c.events(ctx, in.EventFilter, audit.Query{Organization: o.ID})
}
