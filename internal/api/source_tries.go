package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/source"
)

// SourceTryReport tells how a try of a source went.
type SourceTryReport struct {
	ID      string       `json:"id"`
	State   string       `json:"state" enum:"waiting,passed,failed" doc:"waiting until the browser has come back."`
	Steps   []TraceStep  `json:"steps"`
	Subject string       `json:"subject" doc:"The source's own name for the person; empty unless the try passed."`
	Fills   []SourceFill `json:"fills" doc:"What the rules look at, with what the source said; empty unless the try passed."`
	Outlook TryOutlook   `json:"outlook" doc:"What a sign-in with these settings would do."`
	EndsAt  time.Time    `json:"ends_at" doc:"When the report is forgotten."`
}

// SourceFill is one thing that the rules of a source look at.
type SourceFill struct {
	Field string `json:"field" doc:"match, or mappings and the place in the list, such as mappings.0."`
	Ours  string `json:"ours" doc:"The attribute that is compared or filled."`
	From  string `json:"from" doc:"The name under which the source says it; empty for a fixed value."`
	Value string `json:"value" doc:"What it would be filled with; empty when the source said nothing."`
}

type (
	addSourceTryInput struct {
		InSource
		Body SourceChange
	}
	sourceTryInput struct {
		InSource
		Try string `path:"try" doc:"The identifier of the try."`
	}
)

func addSourceTry(ctx context.Context, c *call, in *addSourceTryInput) (*begun, error) {
	one, err := c.source(ctx, in.InSource)
	if err != nil {
		return nil, err
	}
	change, err := in.Body.change(one.Rules)
	if err != nil {
		return nil, err
	}
	t, err := c.s.o.Sources.StartSourceTry(ctx, c.actor, one.OrganizationID, source.SourceTry{Source: one.ID, Change: change})
	if err != nil {
		return nil, err
	}
	return &begun{
		Location: c.at("/organizations/" + string(one.OrganizationID) + "/sources/" + string(one.ID) + "/tries/" + string(t.ID)),
		Body:     Try{ID: string(t.ID), State: string(t.State), URL: t.URL},
	}, nil
}

// tryOf reads the report of a try of a source, of enterprise SSO for "". A try
// of another source is not found.
func (c *call) tryOf(ctx context.Context, org identity.OrganizationID, of identity.SourceID, id string) (source.Report, error) {
	r, err := c.s.o.Sources.TryReport(ctx, c.actor, org, identity.TryID(id))
	if err == nil && r.Source.ID != of {
		err = fault.New(fault.NotFound, fault.CodeTryNotFound)
	}
	return r, err
}

func getSourceTry(ctx context.Context, c *call, in *sourceTryInput) (*answered[SourceTryReport], error) {
	one, err := c.source(ctx, in.InSource)
	if err != nil {
		return nil, err
	}
	r, err := c.tryOf(ctx, one.OrganizationID, one.ID, in.Try)
	if err != nil {
		return nil, err
	}
	view := SourceTryReport{
		ID: string(r.ID), State: string(r.State), Steps: c.reportSteps(r.Steps), Subject: r.Profile.Subject, Fills: []SourceFill{},
		Outlook: c.outlook(r.Outlook), EndsAt: r.EndsAt.UTC(),
	}
	for _, f := range r.Fills() {
		view.Fills = append(view.Fills, SourceFill(f))
	}
	return &answered[SourceTryReport]{Body: view}, nil
}
