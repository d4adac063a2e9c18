package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// Trace is the story of one sign-in on the wire.
type Trace struct {
	ID             string      `json:"id"`
	Code           string      `json:"code" doc:"The eight characters that the person was shown."`
	RequestID      string      `json:"request_id"`
	Kind           string      `json:"kind" doc:"The way of signing in."`
	Outcome        string      `json:"outcome" doc:"succeeded, refused or failed."`
	At             time.Time   `json:"at" doc:"When it began."`
	Address        string      `json:"address" doc:"Where it came from; empty when unknown."`
	OrganizationID string      `json:"organization_id" doc:"Empty when none was found."`
	ApplicationID  string      `json:"application_id" doc:"Empty when it is about none."`
	Who            string      `json:"who" doc:"The account, or the id in the third party's system, that was given."`
	Steps          []TraceStep `json:"steps"`
}

// TraceStep is one line of a story.
type TraceStep struct {
	Check    string `json:"check"`
	State    string `json:"state" doc:"passed, failed, warned or noted."`
	Text     string `json:"text" doc:"What was looked at."`
	Expected string `json:"expected" doc:"What should have come, in the caller's language where it is no value."`
	Received string `json:"received" doc:"What came, likewise; secrets are described, never shown."`
	Remedy   string `json:"remedy" doc:"How to mend it; empty where nothing is wrong."`
	AfterMS  int64  `json:"after_ms" doc:"Milliseconds from the beginning."`
}

func (c *call) trace(r trace.Record) Trace {
	view := Trace{
		ID: string(r.ID), Code: r.Code, RequestID: r.Origin.RequestID, Kind: string(r.Kind), Outcome: string(r.Outcome),
		At: r.At.UTC(), OrganizationID: string(r.Organization), ApplicationID: string(r.Application), Who: r.Who, Steps: c.steps(r.Steps),
	}
	if r.Origin.Address.IsValid() {
		view.Address = r.Origin.Address.String()
	}
	return view
}

type traceInput struct {
	ID string `path:"id" doc:"The code that the person was shown, or a request id."`
}

func findTraces(ctx context.Context, c *call, in *traceInput) (*all[Trace], error) {
	found, err := c.s.o.Traces.Find(ctx, c.actor, in.ID)
	if err != nil {
		return nil, err
	}
	return whole(found, c.trace), nil
}

type tracesQuery struct {
	InOrganization
	Paging
	Application string `query:"application" doc:"The id of an application, as stories name it: only those about it."`
	Client      string `query:"client_id" doc:"The same by the client id of the application."`
}

func listTraces(ctx context.Context, c *call, in *tracesQuery) (*listed[Trace], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	before, err := in.after("trc_")
	if err != nil {
		return nil, err
	}
	about := identity.ApplicationID(in.Application)
	if in.Client != "" {
		a, err := c.s.o.Applications.Application(ctx, c.actor, o.ID, in.Client)
		if err != nil {
			return nil, err
		}
		about = a.ID
	}
	found, err := c.s.o.Traces.Page(ctx, c.actor, trace.Asked{
		Organization: o.ID, Application: about, Before: identity.TraceID(before), Limit: in.Limit + 1,
	})
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found, func(r trace.Record) string { return string(r.ID) }, c.trace), nil
}
