package keyring

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Purpose is what a key is for.
type Purpose string

// The purposes.
const (
	Sealing  Purpose = "seal"  // seals and opens column values
	Indexing Purpose = "index" // makes the digests that are searched for; never rotated
)

// Key describes a key without its material.
type Key struct {
	ID        string
	Purpose   Purpose
	WrappedBy string // the master key that wraps it
	CreatedAt time.Time
	RetiredAt time.Time // zero while it is in use; a retired key still opens
}

// Active reports whether new values are sealed with the key.
func (k Key) Active() bool { return k.RetiredAt.IsZero() }

// Record writes the audit event of a rotation inside its transaction. It is
// given in because audit lies above this room.
type Record func(tx *store.Tx, actor identity.Actor, keyID string) error

// Keyring is the keys of a database. It is safe for concurrent use.
type Keyring struct {
	db     *store.DB
	record Record
}

// New returns the keys of a database; record must not be nil.
func New(db *store.DB, record Record) *Keyring { return &Keyring{db, record} }

// List returns every key, oldest first.
func (k *Keyring) List(ctx context.Context) (keys []Key, err error) {
	err = k.db.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.DataKeys()
		keys = make([]Key, len(rows))
		for i, r := range rows {
			keys[i] = Key{r.ID, Purpose(r.Purpose), r.WrappedBy, r.CreatedAt, r.RetiredAt}
		}
		return err
	})
	return keys, err
}

// Rotate makes a new sealing key and returns its id. This node seals with it
// when Rotate returns, others within a second; what earlier keys sealed stays
// readable. Only the provider, the operator and jobs may rotate; anybody else
// is Forbidden.
func (k *Keyring) Rotate(ctx context.Context, actor identity.Actor) (id string, err error) {
	switch actor.Kind {
	case identity.ActsAsProvider, identity.ActsAsConsole, identity.ActsAsJob:
	default:
		return "", fault.New(fault.Forbidden, fault.CodeForbidden)
	}
	err = k.db.Update(ctx, func(tx *store.Tx) error {
		if id, err = tx.RotateDataKey(); err != nil {
			return err
		}
		return k.record(tx, actor, id)
	})
	if err != nil {
		return "", err
	}
	// The key is in force whether or not this succeeds: the change feed makes
	// this node read the keys again, and repeats that until it does.
	_ = k.db.LoadKeys(ctx)
	return id, nil
}
