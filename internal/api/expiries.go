package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/application"
)

// Expiry is a key, a secret or a link that ends by itself.
type Expiry struct {
	Kind   string    `json:"kind" enum:"app_key,client_secret,webhook_secret,setup_link" doc:"The key of an App ID before the last reset, the secret of an application or of a webhook before the last rotation, or a set-up link of a source that nobody has decided."`
	ID     string    `json:"id" doc:"What it belongs to: the App ID, the client id, the webhook or the source."`
	Name   string    `json:"name" doc:"The name of that."`
	For    string    `json:"for" doc:"Whom a set-up link was made for; else empty."`
	EndsAt time.Time `json:"ends_at"`
}

func expiryShown(e application.Expiry) Expiry {
	return Expiry{Kind: string(e.Kind), ID: e.ID, Name: e.Name, For: e.For, EndsAt: e.EndsAt.UTC()}
}

type expiriesQuery struct {
	InOrganization
	Paging
	Kind string `query:"kind" enum:"app_key,client_secret,webhook_secret,setup_link" doc:"Only those of this kind."`
}

func listExpiries(ctx context.Context, c *call, in *expiriesQuery) (*listed[Expiry], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	after, err := in.after("end:")
	if err != nil {
		return nil, err
	}
	found, err := c.s.o.Applications.Expiries(ctx, c.actor, o.ID, application.ExpiryQuery{
		Kind: application.ExpiryKind(in.Kind), After: after, Limit: in.Limit + 1,
	})
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found, application.Expiry.Key, expiryShown), nil
}
