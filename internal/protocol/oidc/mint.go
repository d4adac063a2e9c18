package oidc

import (
	"context"
	"crypto"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/identity"
)

// The header typ of what we sign. Each has its own, so that no token passes for
// one of another kind (RFC 8725, 3.11).
const (
	typIDToken     = "JWT"        // RFC 7519, 5.1
	typAccessToken = "at+jwt"     // RFC 9068, 2.1
	typLogoutToken = "logout+jwt" // Back-Channel Logout 1.0, 2.4
)

// tokens is the answer of the token endpoint (RFC 6749, 5.1; OpenID Connect
// Core 1.0, 3.1.3.3).
type tokens struct {
	Access    string `json:"access_token"`
	Type      string `json:"token_type"`
	ExpiresIn int64  `json:"expires_in"`
	Refresh   string `json:"refresh_token,omitempty"`
	Scope     string `json:"scope"`
	IDToken   string `json:"id_token,omitempty"`
}

// mint puts what was issued into the form that the application wants.
func (p *Provider) mint(ctx context.Context, x exchange, issued identity.Issued) (tokens, error) {
	now := p.host.Now()
	answer := tokens{
		Access: issued.Access, Type: "Bearer", ExpiresIn: int64(issued.AccessEnd.Sub(now) / time.Second),
		Refresh: issued.Refresh, Scope: strings.Join(issued.Grant.Scopes, " "),
	}
	var err error
	if x.application.OAuth.AccessFormat == identity.JWT {
		if answer.Access, err = p.mintAccess(ctx, x.application, issued); err != nil {
			return tokens{}, err
		}
	}
	if x.application.Protocol == identity.ProtocolOIDC && slices.Contains(issued.Grant.Scopes, scopeOpenID) {
		answer.IDToken, err = p.mintID(ctx, x.application, issued.Grant, answer.Access)
	}
	return answer, err
}

// accessClaims is a JWT access token (RFC 9068, 2.2). A person's is found again
// by the grant in jti; an application's own is not stored anywhere and names
// the application's generation instead.
type accessClaims struct {
	Issuer     string   `json:"iss"`
	Subject    string   `json:"sub"`
	Audience   audience `json:"aud"`
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

// mintAccess signs an access token. It is for the application's resource
// servers; with the scope openid also for ourselves, who answer user info.
func (p *Provider) mintAccess(ctx context.Context, a identity.Application, issued identity.Issued) (string, error) {
	g := issued.Grant
	c := accessClaims{
		Issuer: p.issuer, ClientID: a.ClientID, Scope: strings.Join(g.Scopes, " "), Audience: slices.Clone(a.OAuth.Audiences),
		IssuedAt: p.host.Now().Unix(), ExpiresAt: issued.AccessEnd.Unix(), ID: string(g.ID) + "." + strconv.FormatInt(g.Round, 10),
	}
	if len(c.Audience) == 0 || slices.Contains(g.Scopes, scopeOpenID) && !slices.Contains(c.Audience, p.issuer) {
		c.Audience = append(c.Audience, p.issuer)
	}
	if g.MemberID == "" {
		c.Subject, c.Generation = a.ClientID, &a.Generation // RFC 9068, 2.2
	} else {
		c.Subject, c.AuthTime, c.ACR, c.AMR = p.host.Subjects.SubjectID(g.MemberID), g.ProvenAt.Unix(), acrOneProof, g.Methods
	}
	payload, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	return p.host.Keys.Sign(ctx, identity.ES256, typAccessToken, payload)
}

// mintID signs an ID token (OpenID Connect Core 1.0, 2 and 3.1.3.6). What the
// scopes release stands in user info (5.4); here stands what the claims
// parameter and the application's own rules ask for.
func (p *Provider) mintID(ctx context.Context, a identity.Application, g identity.Grant, access string) (string, error) {
	now := p.host.Now()
	claims := map[string]any{}
	wishes, err := wishesOf(g.Claims)
	if err != nil {
		return "", err
	}
	if len(wishes.IDToken) > 0 || len(a.Claims) > 0 {
		s, err := p.host.Subjects.Subject(ctx, g.MemberID, a)
		if err != nil {
			return "", asGrant(err)
		}
		release(claims, s, nil, wishes.IDToken)
	}
	claims["iss"] = p.issuer
	claims["sub"] = p.host.Subjects.SubjectID(g.MemberID)
	claims["aud"] = a.ClientID
	claims["iat"] = now.Unix()
	claims["exp"] = now.Add(a.OAuth.IDTokenLife).Unix()
	claims["auth_time"] = g.ProvenAt.Unix()
	claims["acr"] = acrOneProof
	claims["at_hash"] = hashOf(a.OAuth.IDTokenAlgorithm, access)
	if len(g.Methods) > 0 {
		claims["amr"] = g.Methods
	}
	if g.Nonce != "" {
		claims["nonce"] = g.Nonce
	}
	if sid := sidOf(g.SessionID); sid != "" {
		claims["sid"] = sid
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	return p.host.Keys.Sign(ctx, a.OAuth.IDTokenAlgorithm, typIDToken, payload)
}

// hashOf is at_hash: the left half of the access token's hash, with the hash of
// the ID token's algorithm (OpenID Connect Core 1.0, 3.1.3.6).
func hashOf(alg identity.Algorithm, access string) string {
	hash := crypto.SHA256
	switch alg {
	case identity.RS384:
		hash = crypto.SHA384
	case identity.RS512:
		hash = crypto.SHA512
	}
	h := hash.New()
	h.Write([]byte(access))
	sum := h.Sum(nil)
	return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
}
