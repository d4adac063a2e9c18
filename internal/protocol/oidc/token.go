package oidc

import (
	"context"
	"net/http"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// exchange is one request to the token endpoint whose sender is proven.
type exchange struct {
	parameters
	application identity.Application
}

// grant is a way to tokens: what is its own, for token has done the rest before
// it is asked.
type grant struct {
	name     identity.GrantType
	exchange func(*Provider, context.Context, exchange) (identity.Issued, error)
}

// grants are the ways that are served.
var grants = []grant{
	{identity.GrantCode, (*Provider).exchangeCode},
	{identity.GrantRefresh, (*Provider).exchangeRefresh},
	{identity.GrantClient, (*Provider).exchangeClient},
}

// grantNames are the grants as the discovery document lists them.
func grantNames() []string {
	names := make([]string, 0, len(grants))
	for _, g := range grants {
		names = append(names, string(g.name))
	}
	return names
}

// token answers the token endpoint (RFC 6749, 3.2). The order of the checks is
// here and nowhere else: the form, the application, whether it may use the
// grant, the grant's own, and only then tokens.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) error {
	a, form, err := p.caller(r)
	x := exchange{form, a}
	var answer tokens
	if err == nil {
		answer, err = p.exchange(r.Context(), x)
	}
	if err != nil || x.get("grant_type") == string(identity.GrantCode) {
		p.keepStory(r, x.scene(), err)
	}
	if err != nil {
		return err
	}
	sendJSON(w, http.StatusOK, answer)
	return nil
}

// exchange finds the grant and does what it is for.
func (p *Provider) exchange(ctx context.Context, x exchange) (tokens, error) {
	g, err := x.grant()
	if err != nil {
		return tokens{}, err
	}
	issued, err := g.exchange(p, ctx, x)
	if err != nil {
		return tokens{}, err
	}
	return p.mint(ctx, x, issued)
}

// scene is the request for its story.
func (x exchange) scene() scene {
	if x.get("grant_type") == string(identity.GrantRefresh) {
		return scene{kind: trace.TokenRefresh, application: x.application, parameters: x.parameters}
	}
	return scene{kind: trace.TokenExchange, application: x.application, parameters: x.parameters}
}

// grant finds the grant that is asked for (RFC 6749, 5.2).
func (x exchange) grant() (grant, error) {
	name := identity.GrantType(x.get("grant_type"))
	if name == "" {
		return grant{}, missing("grant_type")
	}
	for _, g := range grants {
		switch {
		case g.name != name:
		case !x.application.OAuth.Offers(name):
			return g, errNotOffered.At("grant_type")
		default:
			return g, nil
		}
	}
	return grant{}, fault.New(fault.Invalid, fault.CodeOAuthGrantType).At("grant_type")
}

// asGrant tells what refuses a code or a refresh token in the one way there is
// for it (RFC 6749, 5.2): nothing that the application holds counts any more.
// What is wrong with the server stays what it is.
func asGrant(err error) error {
	switch f := fault.Of(err); {
	case f == nil:
		return nil
	case f.Kind == fault.Internal, f.Kind == fault.Unavailable, f.Kind == fault.TooMany, f.Code == fault.CodeOAuthScope:
		return err
	default:
		return fault.New(fault.Invalid, fault.CodeGrantInvalid).Because(err)
	}
}
