package source

import (
	"context"
	"crypto"
	"net/url"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// connect is a source of the kind oidc: an OpenID provider that is named by its
// issuer. Whoever signs in is who its ID token says.
type connect struct {
	v     Values
	rules identity.SourceRules
	tools tools
}

func openOIDC(source identity.Source, t tools) (Source, error) {
	v, err := readValues(source.Kind, source.Settings)
	return connect{v: v, rules: source.Rules, tools: t}, err
}

// centre is the provider as the one who is spoken to in OAuth 2.0.
func (c connect) centre(ctx context.Context, s *trace.Story) (centre, error) {
	p, err := c.find(ctx, s)
	if err != nil {
		return centre{}, err
	}
	v := c.v.with(Values{"authorize_url": p.AuthorizeURL, "token_url": p.TokenURL, "userinfo_url": p.UserInfoURL})
	of, err := ownCentre(v, c.rules, c.tools)
	of.provider = &p
	of.o.Dialect = DialectOAuth2
	of.auth.audience = p.Issuer
	return of, err
}

// Begin leads the browser to the provider. Where its configuration has to be
// asked for and cannot be had, the fault is that of Finish.
func (c connect) Begin(ctx context.Context, a Attempt) (Step, error) {
	of, err := c.centre(ctx, nil)
	if err != nil {
		return Step{}, err
	}
	return of.Begin(ctx, a)
}

// Finish is that of OAuth 2.0, but that an ID token has to come and names the
// person (OpenID Connect Core, 3.1.3.7).
func (c connect) Finish(ctx context.Context, a Attempt, back Answer, s *trace.Story) (identity.Profile, error) {
	of, err := c.centre(ctx, s)
	if err != nil {
		return identity.Profile{}, err
	}
	return of.Finish(ctx, a, back, s)
}

// leave is the configured exit address, or else the published one
// (RP-Initiated Logout 1.0, 2). A provider that does not answer has none: who
// leaves is not kept waiting for it.
func (c connect) leave(ctx context.Context, to string) (string, error) {
	if c.v["exit_url"] != "" {
		return centre{exit: c.v["exit_url"]}.leave(ctx, to)
	}
	p, _ := c.find(ctx, nil) // without an answer it has no published address
	if p.ExitURL == "" {
		return "", nil
	}
	u, err := url.Parse(p.ExitURL)
	if err != nil {
		return "", err
	}
	u.RawQuery = extended(u.RawQuery, []parameter{{"client_id", c.v["client_id"]}, {"post_logout_redirect_uri", to}})
	return u.String(), nil
}

// verifier is what verifies the ID token with this header. Its keys are those
// of the provider, or for another centre those that the named issuer publishes.
func (t *turn) verifier(ctx context.Context, header joseHeader, issuer string) (*oidc.IDTokenVerifier, error) {
	if t.provider == nil {
		v, err := t.tools.issuers.verifier(ctx, t.tools, issuer, t.o.ClientID)
		if err != nil {
			return nil, t.fail(trace.IDTokenKeys, trace.Detail{Expected: issuer, Received: discoveryProblem(err)}, err)
		}
		return v, nil
	}
	keys, err := t.keysNamed(ctx, t.provider.KeysURL, header.KeyID)
	if err != nil {
		return nil, err
	}
	return t.verifierWith(keys), nil
}

func (t *turn) verifierWith(keys []crypto.PublicKey) *oidc.IDTokenVerifier {
	now := t.tools.now()
	return oidc.NewVerifier(t.provider.Issuer, &oidc.StaticKeySet{PublicKeys: keys}, &oidc.Config{
		ClientID: t.o.ClientID, SupportedSigningAlgs: algorithms,
		// As for issuers: the library gives no leeway to exp.
		Now: func() time.Time { return now.Add(-skew) },
	})
}
