package setting

import (
	"context"
	"log/slog"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Applied is a secret that a manifest gives an object.
type Applied struct {
	Object string // names it for ever, such as "member:acme/alice/password"
	Secret string
}

// String keeps the secret out of logs.
func (Applied) String() string { return "[redacted]" }

// GoString keeps the secret out of %#v.
func (Applied) GoString() string { return "[redacted]" }

// LogValue keeps the secret out of structured logs.
func (Applied) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// SameApplied tells for each secret whether it is the one that was last applied
// to its object. What is stored is a keyed digest: nobody can tell the secret
// from it, and no password hash has to be verified.
func (s *Settings) SameApplied(ctx context.Context, actor identity.Actor, secrets []Applied) (same []bool, err error) {
	if err := allow(actor); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		same = make([]bool, len(secrets))
		for i, secret := range secrets {
			if same[i], err = tx.AppliedSecrets.Same(secret.Object, secret.Secret); err != nil {
				return err
			}
		}
		return nil
	})
	return same, err
}

// NoteApplied remembers a secret after it was applied to its object. A crash
// between the two makes the next apply set it again, which changes nothing.
func (s *Settings) NoteApplied(ctx context.Context, actor identity.Actor, secret Applied) error {
	if err := allow(actor); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *store.Tx) error {
		tx.NoEvent("setting the secret recorded itself")
		return tx.AppliedSecrets.Put(secret.Object, secret.Secret)
	})
}

// RecordManifest records that a manifest was applied; details tell how much
// it changed.
func (s *Settings) RecordManifest(ctx context.Context, actor identity.Actor, details map[string]string) error {
	if err := allow(actor); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *store.Tx) error {
		return audit.Record(tx, actor, audit.ManifestApplied, audit.About{Details: details})
	})
}
