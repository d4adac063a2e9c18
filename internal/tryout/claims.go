package tryout

import (
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/orgate/orgate/internal/identity"
)

// proveID proves the ID token against the published keys (OpenID Connect Core
// 1.0, 3.1.3.7), as any relying party would: by a library of its own, which
// knows nothing of the server but its addresses.
func (g *game) proveID(ctx context.Context) bool {
	if g.Application.Protocol != identity.ProtocolOIDC {
		return true
	}
	s := Step{Name: StepIDToken}
	if g.answer.IDToken == "" {
		s.Checks = append(s.Checks, Check{Name: "id_token_there", Mark: Failed, Expected: "id_token"})
		return g.done(s, "openid")
	}
	ctx = oidc.ClientContext(ctx, g.client)
	keys := oidc.NewRemoteKeySet(ctx, g.tryout.issuer()+"/oauth2/jwks")
	alg := string(g.Application.OAuth.IDTokenAlgorithm)
	verifier := oidc.NewVerifier(g.tryout.issuer(), keys, &oidc.Config{ClientID: g.id, SupportedSigningAlgs: []string{alg}, Now: g.tryout.options.Now})
	if t, ok := opened("id_token", g.answer.IDToken); ok {
		s.Tokens = append(s.Tokens, t)
	}
	token, err := verifier.Verify(ctx, g.answer.IDToken)
	if err != nil {
		s.Checks = append(s.Checks, Check{"signature", Failed, alg, err.Error()})
		return g.done(s, "id_token")
	}
	s.Checks = append(s.Checks,
		Check{"signature", Passed, alg, alg}, is("iss", g.tryout.issuer(), token.Issuer), is("aud", g.id, strings.Join(token.Audience, " ")),
		is("nonce", g.Nonce, token.Nonce), is("at_hash", half(alg, g.answer.Access), token.AccessTokenHash))
	g.subject = token.Subject
	if token.Claims(&g.idClaims) != nil {
		s.Checks = append(s.Checks, Check{Name: "json", Mark: Failed})
	}
	return g.done(s, "id_token")
}

// half is at_hash (OpenID Connect Core 1.0, 3.1.3.6).
func half(alg, access string) string {
	h := sha256.New()
	switch alg {
	case "RS384":
		h = sha512.New384()
	case "RS512":
		h = sha512.New()
	}
	h.Write([]byte(access))
	sum := h.Sum(nil)
	return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
}

// askUserInfo asks for the person's claims (OpenID Connect Core 1.0, 5.3).
func (g *game) askUserInfo(ctx context.Context) bool {
	s := Step{Name: StepUserInfo}
	r := g.ask(ctx, "/oauth2/userinfo", nil)
	r.Header.Set("Authorization", "Bearer "+g.answer.Access)
	status, body := g.send(r, &s, nil)
	s.Checks = append(s.Checks, answered(status, body))
	if s.ok() {
		if json.Unmarshal(body, &g.userInfo) != nil {
			s.Checks = append(s.Checks, Check{Name: "json", Mark: Failed})
		}
		if sub, _ := g.userInfo["sub"].(string); g.subject != "" {
			s.Checks = append(s.Checks, is("sub", g.subject, sub)) // 5.3.2
		}
	}
	return g.done(s, "user_info")
}

// refresh redeems the refresh token, where the settings give one.
func (g *game) refresh(ctx context.Context) bool {
	if g.answer.Refresh == "" {
		return true
	}
	s := Step{Name: StepRefresh}
	next := g.tokens(ctx, &s, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {g.answer.Refresh}})
	if s.ok() && (next.Refresh == "" || next.Refresh == g.answer.Refresh) {
		s.Checks = append(s.Checks, Check{Name: "rotated", Mark: Failed})
	}
	return g.done(s, "refresh")
}

// own asks for a token that stands for the application itself (RFC 6749, 4.4).
func (g *game) own(ctx context.Context) bool {
	s := Step{Name: StepOwn}
	g.tokens(ctx, &s, url.Values{"grant_type": {"client_credentials"}})
	return g.done(s, "own")
}

// opened decodes a JWT; false for what is none. Nothing is proven by it.
func opened(kind, compact string) (Token, bool) {
	parts := strings.Split(compact, ".")
	if len(parts) != 3 {
		return Token{}, false
	}
	header, first := decoded(parts[0])
	claims, second := decoded(parts[1])
	return Token{kind, header, claims}, first && second
}

func decoded(part string) (string, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return "", false
	}
	members := map[string]json.RawMessage{}
	if json.Unmarshal(raw, &members) != nil {
		return "", false
	}
	return indented(members), true
}

// ofProtocol are the claims that say nothing of a person.
var ofProtocol = []string{
	"iss", "aud", "exp", "iat", "nbf", "jti", "auth_time", "nonce", "acr", "amr", "azp", "at_hash", "c_hash", "sid",
}

// release gathers what was released of the person, from which scope or rule,
// and which rules gave nothing.
func (g *game) release() {
	if !g.Application.OAuth.Offers(identity.GrantCode) {
		return
	}
	names := slices.Sorted(maps.Keys(g.userInfo))
	for name := range g.idClaims {
		if !slices.Contains(ofProtocol, name) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	s := Step{Name: StepRelease}
	for _, name := range names {
		g.kept.Claims = append(g.kept.Claims, g.claim(name))
	}
	for _, rule := range g.Application.Claims {
		if slices.Contains(names, rule.Claim) {
			s.Checks = append(s.Checks, Check{"rule", Passed, rule.Attribute, rule.Claim})
			continue
		}
		g.kept.Claims = append(g.kept.Claims, Claim{Name: rule.Claim, Attribute: rule.Attribute})
		s.Checks = append(s.Checks, Check{"rule_empty", Noted, rule.Attribute, rule.Claim})
	}
	g.done(s, "release")
}

// claim is one claim with where it came from.
func (g *game) claim(name string) Claim {
	value, inUserInfo := g.userInfo[name]
	idValue, inIDToken := g.idClaims[name]
	if !inUserInfo {
		value = idValue
	}
	c := Claim{Name: name, IDToken: inIDToken, UserInfo: inUserInfo}
	if text, is := value.(string); is {
		c.Value = text
	} else {
		c.Value = indented(value)
	}
	for _, rule := range g.Application.Claims {
		if rule.Claim == name {
			c.Attribute = rule.Attribute
			return c
		}
	}
	if name == "sub" && g.Application.Protocol == identity.ProtocolOIDC {
		c.Scope = scopeOpenID
		return c
	}
	c.Scope = g.tryout.options.Scope(name)
	return c
}
