package oidc

import (
	"context"

	"github.com/orgate/orgate/internal/identity"
)

// exchangeCode redeems an authorization code (RFC 6749, 4.1.3; RFC 7636, 4.5).
// Whether the code, the redirect URI and the verifier belong together is decided
// where the code is kept, in one act.
func (p *Provider) exchangeCode(ctx context.Context, x exchange) (identity.Issued, error) {
	code := x.get("code")
	if code == "" {
		return identity.Issued{}, missing("code")
	}
	issued, err := p.host.Codes.Redeem(ctx, identity.Redemption{
		Application: x.application, Code: code, RedirectURI: x.get("redirect_uri"), Verifier: x.get("code_verifier"),
	})
	return issued, asGrant(err)
}
