package source

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/orgate/orgate/internal/fault"
)

const (
	// issuerLife is how long a discovery document is believed. Keys are fetched
	// anew whenever a token names one that is not known.
	issuerLife = 15 * time.Minute
	// maxIssuers bounds how many are remembered.
	maxIssuers = 256
)

// issuers remembers the published configuration of issuers of ID tokens. It is
// safe for concurrent use.
type issuers struct {
	mu    sync.Mutex
	known map[string]knownIssuer
}

type knownIssuer struct {
	provider *oidc.Provider
	until    time.Time
}

// verifier returns what verifies ID tokens of an issuer for a client. The
// discovery document is fetched through the egress client, outside the lock:
// two at once fetch it twice.
func (i *issuers) verifier(ctx context.Context, t tools, issuer, clientID string) (*oidc.IDTokenVerifier, error) {
	now := t.now()
	provider := i.find(issuer, now)
	if provider == nil {
		ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, t.client), t.timeout)
		defer cancel()
		var err error
		if provider, err = oidc.NewProvider(ctx, issuer); err != nil {
			return nil, err
		}
		i.keep(issuer, knownIssuer{provider, now.Add(issuerLife)}, now)
	}
	return provider.Verifier(&oidc.Config{
		ClientID: clientID, SupportedSigningAlgs: algorithms,
		// The library gives no leeway to exp; a clock behind by as much does.
		Now: func() time.Time { return now.Add(-skew) },
	}), nil
}

func (i *issuers) find(issuer string, now time.Time) *oidc.Provider {
	i.mu.Lock()
	defer i.mu.Unlock()
	if k, ok := i.known[issuer]; ok && now.Before(k.until) {
		return k.provider
	}
	return nil
}

func (i *issuers) keep(issuer string, k knownIssuer, now time.Time) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.known) >= maxIssuers {
		for name, old := range i.known {
			if !now.Before(old.until) || len(i.known) >= maxIssuers {
				delete(i.known, name)
			}
		}
	}
	i.known[issuer] = k
}

// discoveryProblem says in a few words why an issuer's configuration could not
// be had.
func discoveryProblem(err error) string {
	var mismatch *oidc.IssuerMismatchError
	if errors.As(err, &mismatch) {
		return "a configuration of " + mismatch.Discovered
	}
	var known *fault.Error
	if errors.As(err, &known) {
		return string(known.Code)
	}
	return "no configuration at this address"
}
