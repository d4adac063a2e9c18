package application

import (
	"context"
	"crypto/rand"
	"crypto/subtle"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/identity"
)

// ResetAppKey gives an App ID a new key, carried in Keys[0].Secret this once.
// The key before lives 30 days more; keys before that end now, so that
// resetting twice ends a stolen key at once.
func (a *Applications) ResetAppKey(ctx context.Context, actor identity.Actor, owner identity.OrganizationID, id string) (identity.AppID, error) {
	key := randomKey()
	app, err := a.setKey(ctx, actor, owner, id, key)
	if err != nil {
		return identity.AppID{}, err
	}
	app = withoutSecrets(app)
	app.Keys[0].Secret = key
	return app, nil
}

// SetAppKey makes a given key the current one, with the same overlap as
// ResetAppKey; it does nothing when it is the current one already.
func (a *Applications) SetAppKey(ctx context.Context, actor identity.Actor, owner identity.OrganizationID, id, key string) (identity.AppID, error) {
	app, err := a.setKey(ctx, actor, owner, id, key)
	return withoutSecrets(app), err
}

func (a *Applications) setKey(ctx context.Context, actor identity.Actor, owner identity.OrganizationID, id, key string) (identity.AppID, error) {
	return a.edit(ctx, actor, owner, id, func(app *identity.AppID) (string, audit.Type, error) {
		if len(app.Keys) > 0 && subtle.ConstantTimeCompare([]byte(app.Keys[0].Secret), []byte(key)) == 1 {
			return "", "", nil
		}
		app.ResetKey(key, a.options.Now())
		return "key", audit.AppIDKeyReset, nil
	})
}

const keyLength = 64 // of a generated key

const alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// randomKey returns a fresh key of letters and digits, all equally likely.
func randomKey() string {
	key := make([]byte, 0, keyLength)
	var b [2 * keyLength]byte
	for {
		_, _ = rand.Read(b[:]) // never fails
		for _, c := range b {
			// Beyond the last whole multiple some would come more often.
			if int(c) >= 256/len(alphanumeric)*len(alphanumeric) {
				continue
			}
			if key = append(key, alphanumeric[int(c)%len(alphanumeric)]); len(key) == keyLength {
				return string(key)
			}
		}
	}
}
