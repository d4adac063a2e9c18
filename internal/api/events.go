package api

import (
	"context"
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

// EventFilter is how both lists of events are asked.
type EventFilter struct {
	Paging
	Type string `query:"type" doc:"Only events of this type."`
}

// events shows a page; whether the caller may see it was asked before.
func (c *call) events(ctx context.Context, in EventFilter, q audit.Query) (*listed[Event], error) {
	before, err := in.after("evt_")
	if err != nil {
		return nil, err
	}
	q.Type, q.Before, q.Limit = in.Type, identity.EventID(before), in.Limit+1
	found, err := c.s.o.Events.Page(ctx, q)
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found, func(e identity.Event) string { return string(e.ID) }, c.event), nil
}

type eventsQuery struct {
	EventFilter
	Organization string `query:"organization" doc:"Only those of the organisation with this identifier or code; by the identifier also when it is gone."`
}

func listEvents(ctx context.Context, c *call, in *eventsQuery) (*listed[Event], error) {
	if err := access.Allow(c.actor, access.ReadEvents, ""); err != nil {
		return nil, err
	}
	if in.Organization == "" {
		return c.events(ctx, in.EventFilter, audit.Query{All: true})
	}
	o, err := c.s.o.Directory.OrganizationByRef(ctx, c.actor, in.Organization)
	if fault.Is(err, fault.CodeOrganizationNotFound) {
		// What was done to an organisation outlives it.
		if _, ours := identity.UUID(identity.OrganizationID(in.Organization)); ours {
			o.ID, err = identity.OrganizationID(in.Organization), nil
		}
	}
	if err != nil {
		return nil, err
	}
	return c.events(ctx, in.EventFilter, audit.Query{Organization: o.ID})
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
