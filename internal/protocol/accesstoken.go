package protocol

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// What several protocols say of assurance and of signed access tokens.
const (
	// OneProof is the authentication context of a single proof, whichever.
	OneProof = "urn:orgate:loa:1"
	// TwoProofs is that of a proof beside the first.
	TwoProofs = "urn:orgate:loa:2"
	// TypAccessToken is the header typ of a JWT access token (RFC 9068, 2.1).
	TypAccessToken = "at+jwt"
	scopeOpenID    = "openid"
)

// maxToken bounds a token that is looked at, in bytes.
const maxToken = 8 << 10

var errToken = fault.New(fault.Unauthenticated, fault.CodeTokenUnknown)

// AccessClaims is a JWT access token (RFC 9068, 2.2). A person's is found again
// by the grant in jti; an application's own is stored nowhere and names the
// application's generation instead.
type AccessClaims struct {
	Issuer     string   `json:"iss"`
	Subject    string   `json:"sub"`
	Audience   []string `json:"aud"`
	ClientID   string   `json:"client_id"`
	Scope      string   `json:"scope,omitempty"` // RFC 8693, 4.2
	IssuedAt   int64    `json:"iat"`
	ExpiresAt  int64    `json:"exp"`
	ID         string   `json:"jti"`
	AuthTime   int64    `json:"auth_time,omitempty"`
	ACR        string   `json:"acr,omitempty"`
	AMR        []string `json:"amr,omitempty"`
	Generation *int64   `json:"orgate_generation,omitempty"`
}

// Token is an access or refresh token that counts.
type Token struct {
	identity.Inspection
	// Claims are those of a JWT, nil for an opaque token.
	Claims *AccessClaims
}

// Own reports whether it is an application's token for itself.
func (t Token) Own() bool { return t.Grant.MemberID == "" }

// Issuer is the public address without a final slash: our name on every wire.
func (h Host) Issuer() string { return strings.TrimSuffix(h.BaseURL.String(), "/") }

// AccessToken returns the access token of what was issued in the form that the
// application wants. A JWT is for the application's resource servers; with the
// scope openid also for ourselves, who answer user info.
func (h Host) AccessToken(ctx context.Context, a identity.Application, issued identity.Issued) (string, error) {
	if a.OAuth.AccessFormat != identity.JWT {
		return issued.Access, nil
	}
	g := issued.Grant
	c := AccessClaims{
		Issuer: h.Issuer(), ClientID: a.ClientID, Scope: strings.Join(g.Scopes, " "), Audience: slices.Clone(a.OAuth.Audiences),
		IssuedAt: h.Now().Unix(), ExpiresAt: issued.AccessEnd.Unix(), ID: string(g.ID) + "." + strconv.FormatInt(g.Round, 10),
	}
	if len(c.Audience) == 0 || slices.Contains(g.Scopes, scopeOpenID) && !slices.Contains(c.Audience, c.Issuer) {
		c.Audience = append(c.Audience, c.Issuer)
	}
	if g.MemberID == "" {
		c.Subject, c.Generation = a.ClientID, &a.Generation // RFC 9068, 2.2
	} else {
		c.Subject, c.AuthTime, c.ACR, c.AMR = h.Subjects.SubjectID(g.MemberID), g.ProvenAt.Unix(), Context(g), g.Methods
	}
	payload, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	return h.Keys.Sign(ctx, a.OAuth.AccessAlgorithm, TypAccessToken, payload)
}

// Context is the authentication context in which a person granted something.
func Context(g identity.Grant) string {
	if g.VerifiedAt.IsZero() {
		return OneProof
	}
	return TwoProofs
}

// Inspect finds out what a token stands for, in either form. One that does not
// count is Unauthenticated, as Grants.Inspect tells it.
func (h Host) Inspect(ctx context.Context, token string) (Token, error) {
	if token == "" || len(token) > maxToken {
		return Token{}, errToken
	}
	// An opaque token of ours has no dot.
	if strings.Count(token, ".") != 2 {
		i, err := h.Grants.Inspect(ctx, token)
		return Token{Inspection: i}, err
	}
	c, err := h.readAccess(ctx, token)
	if err != nil {
		return Token{}, err
	}
	if c.Generation != nil {
		i, err := h.standsAlone(ctx, c)
		return Token{i, &c}, err
	}
	id, _, _ := strings.Cut(c.ID, ".")
	i, err := h.Grants.Stands(ctx, identity.GrantID(id))
	i.EndsAt, i.IssuedAt, i.Refresh = time.Unix(c.ExpiresAt, 0), time.Unix(c.IssuedAt, 0), false
	i.Grant.Scopes = strings.Fields(c.Scope) // a refresh may have narrowed them
	return Token{i, &c}, err
}

// readAccess proves a JWT access token of ours (RFC 9068, 4). The algorithm
// and the key are the key ring's choice, never the token's.
func (h Host) readAccess(ctx context.Context, compact string) (AccessClaims, error) {
	var c AccessClaims
	payload, typ, err := h.Keys.Verify(ctx, compact)
	if err != nil {
		return c, err
	}
	if typ != TypAccessToken {
		return c, errToken
	}
	if err := json.Unmarshal(payload, &c); err != nil {
		return c, errToken.Because(err)
	}
	if c.Issuer != h.Issuer() || c.ID == "" {
		return c, errToken
	}
	if !h.Now().Before(time.Unix(c.ExpiresAt, 0)) {
		return c, fault.New(fault.Unauthenticated, fault.CodeTokenExpired)
	}
	return c, nil
}

// standsAlone decides about the own token of an application, of which nothing
// is stored: it counts as long as the application does.
func (h Host) standsAlone(ctx context.Context, c AccessClaims) (identity.Inspection, error) {
	a, err := h.Applications.Find(ctx, c.ClientID)
	if fault.KindOf(err) == fault.NotFound {
		return identity.Inspection{}, errToken
	}
	if err != nil {
		return identity.Inspection{}, err
	}
	if !a.Active() || a.Generation != *c.Generation || c.Subject != a.ClientID {
		return identity.Inspection{}, fault.New(fault.Unauthenticated, fault.CodeTokenRevoked)
	}
	return identity.Inspection{
		Grant:       identity.Grant{ApplicationID: a.ID, OrganizationID: a.OrganizationID, Scopes: strings.Fields(c.Scope)},
		Application: a, EndsAt: time.Unix(c.ExpiresAt, 0), IssuedAt: time.Unix(c.IssuedAt, 0),
	}, nil
}
