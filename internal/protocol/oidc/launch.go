package oidc

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/identity"
)

// Launch returns where a person goes who wishes to use an application without
// having been sent by it: at counts its home addresses from 1, and an odd one is
// the first. An application that can do so is given a code at once, as if it had
// asked for one without a state; one that has to use PKCE must ask itself, and
// its own address is opened.
func (p *Provider) Launch(ctx context.Context, clientID string, at int) (string, error) {
	a, err := p.find(ctx, clientID)
	if err != nil {
		return "", err
	}
	home := a.HomeURLs[0]
	if at >= 1 && at <= len(a.HomeURLs) {
		home = a.HomeURLs[at-1]
	}
	if a.OAuth.Public || a.OAuth.RequirePKCE || !a.OAuth.Offers(identity.GrantCode) {
		return home, nil
	}
	scopes := slices.DeleteFunc(mayAsk(a), func(s string) bool { return s == scopeOffline })
	return pathAuthorize + "?" + url.Values{
		"response_type": {responseCode}, "client_id": {a.ClientID}, "redirect_uri": {home}, "scope": {strings.Join(scopes, " ")},
	}.Encode(), nil
}
