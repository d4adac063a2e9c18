package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/source"
)

// SetupLink is a link by which the other side fills in a source, on the wire.
type SetupLink struct {
	ID          string     `json:"id"`
	Source      string     `json:"source" doc:"The identifier of the source."`
	State       string     `json:"state" enum:"waiting,open,submitted,approved,rejected,withdrawn"`
	For         string     `json:"for,omitempty" doc:"Whom it was made for."`
	Domain      string     `json:"domain,omitempty" doc:"The mail domain that the other side says is theirs."`
	Note        string     `json:"note,omitempty" doc:"Why it was rejected."`
	CreatedAt   time.Time  `json:"created_at"`
	EndsAt      time.Time  `json:"ends_at" doc:"Nothing can be filled in after this."`
	SubmittedAt *time.Time `json:"submitted_at,omitempty"`
	DecidedAt   *time.Time `json:"decided_at,omitempty"`
}

func setupLinkShown(l identity.SetupLink) SetupLink {
	return SetupLink{
		ID: string(l.ID), Source: string(l.SourceID), State: string(l.State), For: l.For, Domain: l.Domain, Note: l.Note,
		CreatedAt: l.CreatedAt.UTC(), EndsAt: l.EndsAt.UTC(), SubmittedAt: instantOf(l.SubmittedAt), DecidedAt: instantOf(l.DecidedAt),
	}
}

// instantOf is nil for an instant that has not been.
func instantOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

type setupLinksInput struct{ InOrganization }

func listSetupLinks(ctx context.Context, c *call, in *setupLinksInput) (*all[SetupLink], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	found, err := c.s.o.Sources.SetupLinks(ctx, c.actor, o.ID)
	if err != nil {
		return nil, err
	}
	return whole(found, setupLinkShown), nil
}

type addSetupLinkInput struct {
	InSource
	Body struct {
		For  string `json:"for,omitempty" doc:"Whom it is for, at most 255 characters in one line; recorded with what they do."`
		Life *int   `json:"life,omitempty" doc:"How long it can be used, in seconds: an hour to 30 days. Default 7 days."`
	}
}

// AddedSetupLink is a new set-up link with its address, which is never shown
// again.
type AddedSetupLink struct {
	SetupLink
	URL string `json:"url" doc:"To be given to the administrator of the other side. It works once and is not shown again."`
}

type setupLinkMade struct {
	Location string `header:"Location" doc:"Where it can be read."`
	Body     AddedSetupLink
}

func addSetupLink(ctx context.Context, c *call, in *addSetupLinkInput) (*setupLinkMade, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	n := source.NewSetupLink{Source: identity.SourceID(in.Source), For: in.Body.For}
	putSeconds(&n.Life, in.Body.Life)
	link, secret, err := c.s.o.Sources.AddSetupLink(ctx, c.actor, o.ID, n)
	if err != nil {
		return nil, err
	}
	return &setupLinkMade{
		Location: c.at("/organizations/" + string(o.ID) + "/setup-links/" + string(link.ID)),
		Body:     AddedSetupLink{setupLinkShown(link), c.s.o.BaseURL.JoinPath("connect", secret).String()},
	}, nil
}

// InSetupLink is embedded by everything about one set-up link.
type InSetupLink struct {
	InOrganization
	Link string `path:"setup_link" doc:"The link's identifier."`
}

type setupLinkInput struct{ InSetupLink }

// SubmittedSetupLink is a set-up link with what was filled in.
type SubmittedSetupLink struct {
	SetupLink
	Settings SourceSettings `json:"settings" doc:"Those filled in, with their defaults and without secrets."`
	Secrets  []string       `json:"secrets" doc:"The keys of the secrets that were filled in."`
}

type setupLinkBody struct{ Body SubmittedSetupLink }

func getSetupLink(ctx context.Context, c *call, in *setupLinkInput) (*setupLinkBody, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	sub, err := c.s.o.Sources.SetupLink(ctx, c.actor, o.ID, identity.SetupLinkID(in.Link))
	if err != nil {
		return nil, err
	}
	settings, err := sourceSettings(sub.Source.Kind, sub.Settings)
	return &setupLinkBody{SubmittedSetupLink{setupLinkShown(sub.Link), settings, sub.Secrets}}, err
}

type rejectSetupLinkInput struct {
	InSetupLink
	Body struct {
		Note string `json:"note,omitempty" doc:"Why, at most 255 characters in one line; the other side reads it."`
	}
}

func approveSetupLink(ctx context.Context, c *call, in *setupLinkInput) (*empty, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Sources.ApproveSetupLink(ctx, c.actor, o.ID, identity.SetupLinkID(in.Link))
}

func rejectSetupLink(ctx context.Context, c *call, in *rejectSetupLinkInput) (*empty, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Sources.RejectSetupLink(ctx, c.actor, o.ID, identity.SetupLinkID(in.Link), in.Body.Note)
}

func withdrawSetupLink(ctx context.Context, c *call, in *setupLinkInput) (*empty, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Sources.WithdrawSetupLink(ctx, c.actor, o.ID, identity.SetupLinkID(in.Link))
}
