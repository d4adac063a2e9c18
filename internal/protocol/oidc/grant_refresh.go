package oidc

import (
	"context"

	"github.com/orgate/orgate/internal/identity"
)

// exchangeRefresh redeems a refresh token (RFC 6749, 6) for an access token
// and the refresh token that takes its place (RFC 9700, 4.14.2).
func (p *Provider) exchangeRefresh(ctx context.Context, x exchange) (identity.Issued, error) {
	refresh := x.get("refresh_token")
	if refresh == "" {
		return identity.Issued{}, missing("refresh_token")
	}
	scopes, err := narrowed(x.get("scope"))
	if err != nil {
		return identity.Issued{}, err
	}
	issued, err := p.host.Grants.Rotate(ctx, x.application, refresh, scopes)
	// OpenID Connect Core 1.0, 12.2: the ID token of a refresh has no nonce.
	issued.Grant.Nonce = ""
	return issued, asGrant(err)
}
