package application

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// The overlap of a rotation: how long the secret before lives on.
const (
	DefaultOverlap = 24 * time.Hour
	MaxOverlap     = 90 * 24 * time.Hour
)

// digest is what is kept of a secret.
func digest(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// Prove reports whether a secret is one of the application's live ones. It
// takes the same work whatever the application has, and one without secrets is
// proven by none.
func (a *Applications) Prove(app identity.Application, secret string) bool {
	got := digest(secret)
	now, right := a.options.Now(), 0
	for i := range identity.MaxSecrets {
		known, live := a.nothing[:], 0
		if i < len(app.Secrets) {
			known = app.Secrets[i].Digest
			if app.Secrets[i].Live(now) {
				live = 1
			}
		}
		right |= live & subtle.ConstantTimeCompare(got, known)
	}
	return right == 1
}

// RotateSecret gives an application a new secret, returned in full this once.
// The one before lives on for the overlap, 0 ending it at once; any older one
// ends now. A public application has none: a Conflict (secret_limit).
func (a *Applications) RotateSecret(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string, overlap time.Duration) (identity.Application, string, error) {
	secret := randomHex()
	app, err := a.setSecret(ctx, actor, org, clientID, rotation{secret, overlap})
	if err != nil {
		return app, "", err
	}
	return app, secret, nil
}

// SetSecret makes a given secret the current one, with the overlap that is the
// default; it does nothing when it is the current one already.
func (a *Applications) SetSecret(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID, secret string) (identity.Application, error) {
	if err := access.Allow(actor, access.ManageApplications, org); err != nil {
		return identity.Application{}, err
	}
	if err := identity.CheckClientSecret(secret); err != nil {
		return identity.Application{}, err
	}
	return a.setSecret(ctx, actor, org, clientID, rotation{secret, DefaultOverlap})
}

// rotation is a new secret and how long the one before lives on.
type rotation struct {
	secret  string
	overlap time.Duration
}

// String keeps the secret out of logs.
func (rotation) String() string { return "[redacted]" }

func (a *Applications) setSecret(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string, r rotation) (identity.Application, error) {
	app, err := a.rework(ctx, actor, org, clientID, func(tx *store.Tx, app *identity.Application) (*entryOf, error) {
		if err := MayChange(tx, actor, *app); err != nil {
			return nil, err
		}
		if r.overlap < 0 || r.overlap > MaxOverlap {
			return nil, fault.New(fault.Invalid, fault.CodeFieldRange).At("overlap").With("min", 0).With("max", int64(MaxOverlap/time.Second))
		}
		if app.OAuth == nil || app.OAuth.Public {
			return nil, fault.New(fault.Conflict, fault.CodeSecretLimit).With("max", identity.MaxSecrets)
		}
		sum := digest(r.secret)
		if len(app.Secrets) > 0 && subtle.ConstantTimeCompare(app.Secrets[0].Digest, sum) == 1 {
			return nil, nil
		}
		app.Secrets = taken(app.Secrets, tx.Now(), r.overlap)
		app.Secrets = append([]identity.ClientSecret{{Digest: sum, CreatedAt: tx.Now()}}, app.Secrets...)
		// Whoever is told of the organisation is told of the new secret too: it is known here and never again.
		if err := tx.ApplicationSyncs.Follow(app.OrganizationID, app.ID, r.secret, tx.Now()); err != nil {
			return nil, err
		}
		return &entryOf{audit.ApplicationSecretRotated, map[string]string{
			"client_id": app.ClientID, "previous_ends_at": tx.Now().Add(r.overlap).Format(time.RFC3339),
		}}, nil
	})
	return withoutDigests(app), err
}

// taken is what remains of the secrets when another takes over: the current
// one for the overlap.
func taken(secrets []identity.ClientSecret, now time.Time, overlap time.Duration) []identity.ClientSecret {
	if len(secrets) == 0 || overlap == 0 || !secrets[0].Live(now) {
		return nil
	}
	previous := secrets[0]
	previous.EndsAt = now.Add(overlap)
	return []identity.ClientSecret{previous}
}

// RevokeSecret ends the older of an application's secrets before its time. The
// only one it has is a Conflict (secret_none).
func (a *Applications) RevokeSecret(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string) (identity.Application, error) {
	app, err := a.rework(ctx, actor, org, clientID, func(tx *store.Tx, app *identity.Application) (*entryOf, error) {
		if err := MayChange(tx, actor, *app); err != nil {
			return nil, err
		}
		if len(app.Secrets) < identity.MaxSecrets {
			return nil, fault.New(fault.Conflict, fault.CodeSecretNone)
		}
		app.Secrets = app.Secrets[:1]
		return &entryOf{audit.ApplicationSecretRevoked, map[string]string{"client_id": app.ClientID}}, nil
	})
	return withoutDigests(app), err
}
