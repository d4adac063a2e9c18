package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/tryout"
)

// ApplicationTry is a try of an application that has just begun.
type ApplicationTry struct {
	ID    string `json:"id"`
	State string `json:"state" enum:"waiting,passed,failed" doc:"waiting for a browser; an application that no person signs in to has passed or failed at once."`
	URL   string `json:"url" doc:"To be opened within fifteen minutes, by whoever began the try; one that a management token began, by an administrator of the organisation. Empty where no person is needed."`
}

// ApplicationTryReport tells how a try of an application went.
type ApplicationTryReport struct {
	ID       string               `json:"id"`
	State    string               `json:"state" enum:"waiting,running,passed,failed"`
	ClientID string               `json:"client_id" doc:"Of the stored application; empty for a new one."`
	URL      string               `json:"url" doc:"To be opened in a browser, while the try waits; else empty."`
	Steps    []ApplicationTryStep `json:"steps"`
	Claims   []ReleasedClaim      `json:"claims" doc:"What was released of the person, and rules that had nothing to release."`
	EndsAt   time.Time            `json:"ends_at" doc:"When the report is forgotten."`
}

// ApplicationTryStep is one exchange of the flow.
type ApplicationTryStep struct {
	Step    string                `json:"step" enum:"authorize,token,id_token,user_info,refresh,own,release"`
	State   string                `json:"state" enum:"passed,failed,noted"`
	Text    string                `json:"text" doc:"What was done, in the caller's language."`
	Request string                `json:"request" doc:"What the application sent. Secrets are described, never shown."`
	Answer  string                `json:"answer" doc:"What came."`
	Tokens  []DecodedToken        `json:"tokens"`
	Checks  []ApplicationTryCheck `json:"checks"`
	Remedy  string                `json:"remedy" doc:"How to mend a failure; else empty."`
}

// ApplicationTryCheck is one thing that was looked at in a step.
type ApplicationTryCheck struct {
	Check    string `json:"check"`
	State    string `json:"state" enum:"passed,failed,noted"`
	Text     string `json:"text"`
	Expected string `json:"expected"`
	Received string `json:"received"`
}

// DecodedToken is a token without its signature.
type DecodedToken struct {
	Kind   string `json:"kind" enum:"id_token,access_token"`
	Header string `json:"header" doc:"JSON."`
	Claims string `json:"claims" doc:"JSON."`
}

// ReleasedClaim is one claim with where it came from.
type ReleasedClaim struct {
	Claim     string `json:"claim"`
	Value     string `json:"value" doc:"A text, or JSON; empty where a rule had nothing to release."`
	IDToken   bool   `json:"id_token" doc:"It stood in the ID token."`
	UserInfo  bool   `json:"user_info" doc:"It stood in user info."`
	Scope     string `json:"scope" doc:"The scope that released it; else empty."`
	Attribute string `json:"attribute" doc:"The attribute of the rule that released it; else empty."`
}

type (
	tryApplicationInput struct {
		InOrganization
		Body NewApplication
	}
	tryChangeInput struct {
		InApplication
		Unchanged
		Body ApplicationChange
	}
	// begunApplication is the answer with a new try, which has no version.
	begunApplication struct {
		Location string `header:"Location" doc:"Where its report can be read."`
		Body     ApplicationTry
	}
)

// application is what the body says of a new one.
func (b NewApplication) application() application.NewApplication {
	n := application.NewApplication{
		ClientID: b.ClientID, Secret: b.ClientSecret, Protocol: identity.ProtocolName(b.Protocol), Public: b.Public, Settings: b.change(),
	}
	n.Settings.Name = &b.Name
	return n
}

// edit is what the body changes.
func (b ApplicationChange) edit() application.ApplicationChange {
	change := b.change()
	change.Name = b.Name
	change.Status = as[identity.ApplicationStatus](b.Status)
	return change
}

func tryApplication(ctx context.Context, c *call, in *tryApplicationInput) (*begunApplication, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	return c.beginTry(ctx, o.ID, application.Proposal{New: new(in.Body.application())})
}

func tryApplicationChange(ctx context.Context, c *call, in *tryChangeInput) (*begunApplication, error) {
	a, version, err := c.unchangedApplication(ctx, in.InApplication, in.Unchanged)
	if err != nil {
		return nil, err
	}
	return c.beginTry(ctx, a.OrganizationID, application.Proposal{ClientID: a.ClientID, Version: version, Change: in.Body.edit()})
}

func (c *call) beginTry(ctx context.Context, org identity.OrganizationID, p application.Proposal) (*begunApplication, error) {
	t, err := c.s.o.Tryout.Start(ctx, c.actor, org, p)
	if err != nil {
		return nil, err
	}
	return &begunApplication{
		Location: c.at("/organizations/" + string(org) + "/application-tries/" + string(t.ID)),
		Body:     ApplicationTry{ID: string(t.ID), State: string(t.State), URL: t.URL},
	}, nil
}

func getApplicationTry(ctx context.Context, c *call, in *tryInput) (*answered[ApplicationTryReport], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	r, err := c.s.o.Tryout.Report(ctx, c.actor, o.ID, identity.TryID(in.Try))
	if err != nil {
		return nil, err
	}
	return &answered[ApplicationTryReport]{Body: c.applicationReport(r)}, nil
}

func (c *call) applicationReport(r tryout.Report) ApplicationTryReport {
	view := ApplicationTryReport{
		ID: string(r.ID), State: string(r.State), ClientID: r.ClientID, URL: r.URL, Steps: make([]ApplicationTryStep, len(r.Steps)),
		Claims: make([]ReleasedClaim, len(r.Claims)), EndsAt: r.EndsAt.UTC(),
	}
	for i, s := range r.Steps {
		view.Steps[i] = c.triedStep(s)
	}
	for i, claim := range r.Claims {
		view.Claims[i] = ReleasedClaim{claim.Name, claim.Value, claim.IDToken, claim.UserInfo, claim.Scope, claim.Attribute}
	}
	return view
}

func (c *call) triedStep(s tryout.Step) ApplicationTryStep {
	step := ApplicationTryStep{
		Step: string(s.Name), State: string(s.Mark), Text: c.text("tryout.step." + string(s.Name)), Request: s.Request, Answer: s.Answer,
		Tokens: make([]DecodedToken, len(s.Tokens)), Checks: make([]ApplicationTryCheck, len(s.Checks)),
	}
	for i, t := range s.Tokens {
		step.Tokens[i] = DecodedToken(t)
	}
	for i, k := range s.Checks {
		step.Checks[i] = ApplicationTryCheck{k.Name, string(k.Mark), c.text("tryout.check." + k.Name), c.said(k.Expected), c.said(k.Received)}
	}
	if s.Remedy != "" {
		step.Remedy = c.text(s.Remedy)
	}
	return step
}
