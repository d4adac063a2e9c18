package oidc

import (
	"context"
	"crypto"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/identity"
)

// The header typ of what is signed here. Each has its own, as access tokens
// have, so that no token passes for one of another kind (RFC 8725, 3.11).
const (
	typIDToken     = "JWT"        // RFC 7519, 5.1
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
	access, err := p.host.AccessToken(ctx, x.application, issued)
	if err != nil {
		return tokens{}, err
	}
	answer := tokens{
		Access: access, Type: "Bearer", ExpiresIn: int64(issued.AccessEnd.Sub(now) / time.Second),
		Refresh: issued.Refresh, Scope: strings.Join(issued.Grant.Scopes, " "),
	}
	if x.application.Protocol == identity.ProtocolOIDC && slices.Contains(issued.Grant.Scopes, scopeOpenID) {
		answer.IDToken, err = p.mintID(ctx, x.application, issued.Grant, answer.Access)
	}
	return answer, err
}

// mintID signs an ID token (OpenID Connect Core 1.0, 2 and 3.1.3.6). What the
// scopes release stands in user info (5.4); here stands what the claims
// parameter and the application's own rules ask for.
func (p *Provider) mintID(ctx context.Context, a identity.Application, g identity.Grant, access string) (string, error) {
	now := p.host.Now()
	acr, err := contextOf(g)
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(idClaims{
		Issuer: p.issuer, Subject: p.host.Subjects.SubjectID(g.MemberID), Audience: a.ClientID,
		IssuedAt: now.Unix(), ExpiresAt: now.Add(a.OAuth.IDTokenLife).Unix(), AuthTime: g.ProvenAt.Unix(),
		ACR: acr, AMR: g.Methods, Nonce: g.Nonce, AccessHash: hashOf(a.OAuth.IDTokenAlgorithm, access), SID: sidOf(g.SessionID),
	})
	if err != nil {
		return "", err
	}
	if payload, err = p.addReleased(ctx, payload, a, g); err != nil {
		return "", err
	}
	return p.host.Keys.Sign(ctx, a.OAuth.IDTokenAlgorithm, typIDToken, payload)
}

// idClaims are the claims of an ID token that the protocol itself sets.
type idClaims struct {
	Issuer     string   `json:"iss"`
	Subject    string   `json:"sub"`
	Audience   string   `json:"aud"`
	IssuedAt   int64    `json:"iat"`
	ExpiresAt  int64    `json:"exp"`
	AuthTime   int64    `json:"auth_time"`
	ACR        string   `json:"acr"`
	AMR        []string `json:"amr,omitempty"`
	Nonce      string   `json:"nonce,omitempty"`
	AccessHash string   `json:"at_hash"`
	SID        string   `json:"sid,omitempty"`
}

// addReleased adds to the claims of an ID token what the claims parameter and
// the application's rules release of the person. Neither has a name of
// idClaims: personal claims are others, and rules must not.
func (p *Provider) addReleased(ctx context.Context, payload []byte, a identity.Application, g identity.Grant) ([]byte, error) {
	wishes, err := wishesOf(g.Claims)
	if err != nil || len(wishes.IDToken) == 0 && len(a.Claims) == 0 {
		return payload, err
	}
	s, err := p.host.Subjects.Subject(ctx, g.MemberID, a)
	if err != nil {
		return nil, asGrant(err)
	}
	claims := map[string]any{}
	release(claims, s, nil, wishes.IDToken)
	if len(claims) == 0 {
		return payload, nil
	}
	more, err := json.Marshal(claims)
	if err != nil {
		return nil, err
	}
	// Two objects, neither empty, become one.
	payload[len(payload)-1] = ','
	return append(payload, more[1:]...), nil
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
