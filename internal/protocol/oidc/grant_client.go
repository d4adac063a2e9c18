package oidc

import (
	"context"

	"github.com/orgate/orgate/internal/identity"
)

// exchangeClient grants an application something for itself (RFC 6749, 4.4).
// One that can keep no secret proves nothing and is granted nothing (4.4.2).
func (p *Provider) exchangeClient(ctx context.Context, x exchange) (identity.Issued, error) {
	if x.application.OAuth.Public {
		return identity.Issued{}, errNotOffered.At("grant_type")
	}
	scopes, err := ownScopes(x.application, x.get("scope"))
	if err != nil {
		return identity.Issued{}, err
	}
	return p.host.Grants.Issue(ctx, x.application, scopes)
}
