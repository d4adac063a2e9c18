package api

import (
	"context"

	"github.com/orgate/orgate/internal/identity"
)

type manyTerminalsInput struct {
	InOrganization
	Body struct {
		Terminals []string `json:"terminals" doc:"Identifiers or serial numbers, at most 500."`
	}
}

// manyTerminals does one thing to terminals: all or none.
func (c *call) manyTerminals(ctx context.Context, in *manyTerminalsInput, do func(org identity.OrganizationID, keys []string) error) (*empty, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	return &empty{}, do(o.ID, in.Body.Terminals)
}

func disableTerminals(ctx context.Context, c *call, in *manyTerminalsInput) (*empty, error) {
	return c.manyTerminals(ctx, in, func(org identity.OrganizationID, keys []string) error {
		return c.s.o.Resources.SetTerminalsDisabled(ctx, c.actor, org, keys, true)
	})
}

func enableTerminals(ctx context.Context, c *call, in *manyTerminalsInput) (*empty, error) {
	return c.manyTerminals(ctx, in, func(org identity.OrganizationID, keys []string) error {
		return c.s.o.Resources.SetTerminalsDisabled(ctx, c.actor, org, keys, false)
	})
}

func removeTerminals(ctx context.Context, c *call, in *manyTerminalsInput) (*empty, error) {
	return c.manyTerminals(ctx, in, func(org identity.OrganizationID, keys []string) error {
		return c.s.o.Resources.RemoveTerminals(ctx, c.actor, org, keys)
	})
}
