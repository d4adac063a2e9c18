package oidc

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

var (
	errNoToken = fault.New(fault.Unauthenticated, fault.CodeTokenMissing)
	errToken   = fault.New(fault.Unauthenticated, fault.CodeTokenUnknown)
)

// bearer reads the access token of a request: from the header, whose scheme
// counts in any case (RFC 9110, 11.1), or from a posted form (RFC 6750, 2.1 and
// 2.2). In an address it would be logged and is refused (RFC 9700, 4.3.2).
func bearer(r *http.Request) (string, error) {
	if r.URL.Query().Has("access_token") {
		return "", fault.New(fault.Invalid, fault.CodeOAuthTokenPlace)
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") {
		token = ""
	}
	if r.Method == http.MethodPost && isForm(r) {
		form, err := readForm(r)
		if err != nil {
			return "", err
		}
		if form.twice == "access_token" || form.get("access_token") != "" && token != "" {
			return "", fault.New(fault.Invalid, fault.CodeOAuthTokenTwice)
		}
		if token == "" {
			token = form.get("access_token")
		}
	}
	if token == "" {
		return "", errNoToken
	}
	return token, nil
}

// shownToken is a token that counts.
type shownToken struct {
	identity.Inspection
	// claims are those of a JWT, nil for an opaque token.
	claims *accessClaims
}

// own reports whether the application acts for itself.
func (t shownToken) own() bool { return t.Grant.MemberID == "" }

// inspect finds out what a token stands for, in either form. One that does not
// count is Unauthenticated, whatever was wrong with it.
func (p *Provider) inspect(ctx context.Context, token string) (shownToken, error) {
	if token == "" || len(token) > maxToken {
		return shownToken{}, errToken
	}
	// An opaque token of ours has no dot.
	if strings.Count(token, ".") != 2 {
		i, err := p.host.Grants.Inspect(ctx, token)
		return shownToken{Inspection: i}, err
	}
	c, err := p.readAccess(ctx, token)
	if err != nil {
		return shownToken{}, err
	}
	if c.Generation != nil {
		i, err := p.standsAlone(ctx, c)
		return shownToken{i, &c}, err
	}
	id, _, _ := strings.Cut(c.ID, ".")
	i, err := p.host.Grants.Stands(ctx, identity.GrantID(id))
	i.EndsAt, i.IssuedAt, i.Refresh = time.Unix(c.ExpiresAt, 0), time.Unix(c.IssuedAt, 0), false
	i.Grant.Scopes = words(c.Scope) // a refresh may have narrowed them
	return shownToken{i, &c}, err
}

// readAccess proves a JWT access token of ours (RFC 9068, 4). The algorithm
// and the key are the key ring's choice, never the token's.
func (p *Provider) readAccess(ctx context.Context, compact string) (accessClaims, error) {
	var c accessClaims
	payload, typ, err := p.host.Keys.Verify(ctx, compact)
	if err != nil {
		return c, err
	}
	if typ != typAccessToken {
		return c, errToken
	}
	if err := json.Unmarshal(payload, &c); err != nil {
		return c, errToken.Because(err)
	}
	if c.Issuer != p.issuer || c.ID == "" {
		return c, errToken
	}
	if !p.host.Now().Before(time.Unix(c.ExpiresAt, 0)) {
		return c, fault.New(fault.Unauthenticated, "token_expired")
	}
	return c, nil
}

// standsAlone decides about the own token of an application, of which nothing
// is stored: it counts as long as the application does.
func (p *Provider) standsAlone(ctx context.Context, c accessClaims) (identity.Inspection, error) {
	a, err := p.find(ctx, c.ClientID)
	if fault.KindOf(err) == fault.NotFound {
		return identity.Inspection{}, errToken
	}
	if err != nil {
		return identity.Inspection{}, err
	}
	if !a.Active() || a.Generation != *c.Generation || c.Subject != a.ClientID {
		return identity.Inspection{}, fault.New(fault.Unauthenticated, "token_revoked")
	}
	return identity.Inspection{
		Grant:       identity.Grant{ApplicationID: a.ID, OrganizationID: a.OrganizationID, Scopes: words(c.Scope)},
		Application: a, EndsAt: time.Unix(c.ExpiresAt, 0), IssuedAt: time.Unix(c.IssuedAt, 0),
	}, nil
}
