package oidc

import (
	"context"
	"net/http"
	"slices"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/trace"
)

// userInfo answers what an access token's scopes release of the person it
// stands for (OpenID Connect Core 1.0, 5.3).
func (p *Provider) userInfo(w http.ResponseWriter, r *http.Request) error {
	t, err := p.shown(r)
	var claims map[string]any
	if err == nil {
		p.note(r, t.Application)
		claims, err = p.claimsFor(r.Context(), t)
	}
	if err != nil {
		p.keepStory(r, scene{kind: trace.UserInfoRequest, application: t.Application}, err)
		return err
	}
	sendJSON(w, http.StatusOK, claims)
	return nil
}

// shown is the access token that a request carries.
func (p *Provider) shown(r *http.Request) (protocol.Token, error) {
	token, err := bearer(r)
	if err != nil {
		return protocol.Token{}, err
	}
	return p.host.Inspect(r.Context(), token)
}

// claimsFor are the claims that a token releases.
func (p *Provider) claimsFor(ctx context.Context, t protocol.Token) (map[string]any, error) {
	if err := mayAskAbout(t); err != nil {
		return nil, err
	}
	s, err := p.host.Subjects.Subject(ctx, t.Grant.MemberID, t.Application)
	if fault.KindOf(err) == fault.NotFound {
		return nil, errToken.Because(err)
	}
	if err != nil {
		return nil, err
	}
	wishes, err := wishesOf(t.Grant.Claims)
	if err != nil {
		return nil, err
	}
	claims := map[string]any{}
	release(claims, s, t.Grant.Scopes, wishes.UserInfo)
	claims["sub"] = s.ID // 5.3.2: always there
	return claims, nil
}

// mayAskAbout: a person's access token, and in OpenID Connect one of a request
// that was one (OpenID Connect Core 1.0, 3.1.2.1).
func mayAskAbout(t protocol.Token) error {
	switch {
	case t.Refresh:
		return errToken
	case t.Own():
		return fault.New(fault.Unauthenticated, fault.CodeOAuthTokenPersonal)
	case t.Application.Protocol == identity.ProtocolOIDC && !slices.Contains(t.Grant.Scopes, scopeOpenID):
		return fault.New(fault.Forbidden, fault.CodeOAuthTokenScope).With("scope", scopeOpenID)
	}
	return nil
}
