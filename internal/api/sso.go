package api

import (
	"context"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/source"
)

type ssoInput struct {
	InOrganization
	Known
}

// sso finds what is stored of the organisation that a call is about.
func (c *call) sso(ctx context.Context, in InOrganization) (identity.OrganizationID, source.SSOState, error) {
	o, err := c.organization(ctx, in)
	if err != nil {
		return "", source.SSOState{}, err
	}
	state, err := c.s.o.Sources.SSO(ctx, c.actor, o.ID)
	return o.ID, state, err
}

func getSSO(ctx context.Context, c *call, in *ssoInput) (*single[SSO], error) {
	_, state, err := c.sso(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	return shown(in.Known, state.Version, ssoShown(state))
}

type setSSOInput struct {
	InOrganization
	Unchanged
	Body NewSSO
}

func setSSO(ctx context.Context, c *call, in *setSSOInput) (*single[SSO], error) {
	org, state, err := c.sso(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	version, err := in.version(state.Version)
	if err != nil {
		return nil, err
	}
	wanted := in.Body.sso()
	wanted.ClientSecret = in.Body.ClientSecret
	if err := c.s.o.Sources.SetSSO(ctx, c.actor, org, version, source.Replacing(wanted)); err != nil {
		return nil, err
	}
	_, state, err = c.sso(ctx, in.InOrganization)
	return &single[SSO]{ETag: etag(state.Version), Body: ssoShown(state)}, err
}

type removeSSOInput struct {
	InOrganization
	Unchanged
}

func removeSSO(ctx context.Context, c *call, in *removeSSOInput) (*empty, error) {
	org, state, err := c.sso(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	version, err := in.version(state.Version)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Sources.RemoveSSO(ctx, c.actor, org, version)
}

type addTryInput struct {
	InOrganization
	Body NewSSO
}

// begun is the answer with a new try, which has no version.
type begun struct {
	Location string `header:"Location" doc:"Where its report can be read."`
	Body     Try
}

func addTry(ctx context.Context, c *call, in *addTryInput) (*begun, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	r := source.TryRequest{SSO: in.Body.sso()}
	r.SSO.ClientSecret = in.Body.ClientSecret
	t, err := c.s.o.Sources.StartTry(ctx, c.actor, o.ID, r)
	if err != nil {
		return nil, err
	}
	return &begun{
		Location: c.at("/organizations/" + string(o.ID) + "/sso/tries/" + string(t.ID)),
		Body:     Try{ID: string(t.ID), State: string(t.State), URL: t.URL},
	}, nil
}

type tryInput struct {
	InOrganization
	Try string `path:"try" doc:"The identifier of the try."`
}

// answered is the answer with something that has no version.
type answered[T any] struct{ Body T }

func getTry(ctx context.Context, c *call, in *tryInput) (*answered[TryReport], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	r, err := c.tryOf(ctx, o.ID, "", in.Try)
	if err != nil {
		return nil, err
	}
	return &answered[TryReport]{Body: c.report(r)}, nil
}
