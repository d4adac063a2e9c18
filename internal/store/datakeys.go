package store

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/orgate/orgate/internal/seal"
)

// Purposes of a data key.
const (
	sealPurpose  = "seal"
	indexPurpose = "index"
)

// reloadPause is how long to wait before the keys are read again after that
// failed.
const reloadPause = time.Second

// keyStore holds the unwrapped data keys of this process.
type keyStore struct {
	masters *seal.Keys
	loaded  atomic.Pointer[seal.Box]
	stale   chan struct{} // holds one token when the keys must be read again
}

func newKeyStore(masters *seal.Keys) *keyStore {
	return &keyStore{masters: masters, stale: make(chan struct{}, 1)}
}

// box returns the keys for one transaction. In it, an unknown key is looked
// for in the transaction's own snapshot, where it must be if the value is.
func (k *keyStore) box(c *conn) *seal.Box {
	return k.loaded.Load().Or(func() (*seal.Box, error) {
		rows, err := k.rows(c)
		if err != nil {
			return nil, err
		}
		box, err := k.boxOf(rows)
		if err == nil {
			k.loaded.Store(box)
		}
		return box, err
	})
}

// keyRow is a row of data_keys, unwrapped.
type keyRow struct {
	purpose   string
	wrappedBy string
	retired   bool
	key       seal.Key
}

func (k *keyStore) rows(c *conn) ([]keyRow, error) {
	return list(c, func(scan func(...any) error) (r keyRow, err error) {
		var id string
		var wrapped []byte
		var retiredAt int64
		if err = scan(&id, &r.purpose, &wrapped, &r.wrappedBy, &retiredAt); err != nil {
			return r, err
		}
		r.retired = retiredAt != 0
		if r.key, err = k.masters.Unwrap(wrapped, r.purpose); err != nil {
			return r, fmt.Errorf("store: unwrap data key %s, wrapped by master key %s: %w", id, r.wrappedBy, err)
		}
		if r.key.ID() != id {
			err = internal(fmt.Errorf("store: data key %s is really %s", id, r.key.ID()))
		}
		return r, err
	}, `SELECT id, purpose, wrapped, wrapped_by, retired_at FROM data_keys ORDER BY created_at, id`)
}

func (k *keyStore) boxOf(rows []keyRow) (*seal.Box, error) {
	var current, index seal.Key
	var former []seal.Key
	for _, r := range rows {
		switch {
		case r.purpose == indexPurpose:
			index = r.key
		case r.retired:
			former = append(former, r.key)
		default:
			current = r.key
			former = append(former, r.key)
		}
	}
	box, err := seal.NewBox(current, index, former...)
	if err != nil {
		return nil, internal(err)
	}
	return box, nil
}

// complete reports whether the rows need no change: there is a key of each
// purpose and all are wrapped by the current master key.
func (k *keyStore) complete(rows []keyRow) bool {
	for _, r := range rows {
		if r.wrappedBy != k.masters.Current() {
			return false
		}
	}
	return len(rows) > 0
}

// insert stores a new key of a purpose.
func (k *keyStore) insert(tx *Tx, purpose string) (seal.Key, error) {
	key, err := seal.NewKey()
	if err != nil {
		return key, internal(err)
	}
	_, err = tx.conn.exec(`INSERT INTO data_keys (id, purpose, wrapped, wrapped_by, created_at, retired_at)
		VALUES ($1, $2, $3, $4, $5, 0)`,
		key.ID(), purpose, k.masters.Wrap(key, purpose), k.masters.Current(), ms(tx.now))
	return key, err
}

// mend makes the first keys, and wraps those under an older master key again.
func (k *keyStore) mend(tx *Tx) error {
	rows, err := k.rows(tx.conn)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		for _, purpose := range []string{sealPurpose, indexPurpose} {
			if _, err := k.insert(tx, purpose); err != nil {
				return err
			}
		}
	}
	for _, r := range rows {
		if r.wrappedBy == k.masters.Current() {
			continue
		}
		_, err := tx.conn.exec(`UPDATE data_keys SET wrapped = $2, wrapped_by = $3 WHERE id = $1`,
			r.key.ID(), k.masters.Wrap(r.key, r.purpose), k.masters.Current())
		if err != nil {
			return err
		}
	}
	return nil
}

// LoadKeys reads the data keys, makes the first ones in an empty database, and
// wraps those of a former master key under the current one. Open and Migrate
// call it.
func (db *DB) LoadKeys(ctx context.Context) error {
	var rows []keyRow
	read := func(tx *Tx) (err error) {
		rows, err = db.keys.rows(tx.conn)
		return err
	}
	if err := db.View(ctx, read); err != nil {
		return err
	}
	if !db.keys.complete(rows) {
		err := db.Update(ctx, func(tx *Tx) error {
			tx.NoEvent("no key changes: the first are made or their wrapping is renewed")
			return db.keys.mend(tx)
		})
		if err != nil {
			return err
		}
		if err := db.View(ctx, read); err != nil {
			return err
		}
	}
	box, err := db.keys.boxOf(rows)
	if err != nil {
		return err
	}
	db.keys.loaded.Store(box)
	return nil
}

// DataKey describes a data key without its material.
type DataKey struct {
	ID        string
	Purpose   string // "seal" for column values, "index" for digests that are searched
	WrappedBy string // the master key that wraps it
	CreatedAt time.Time
	RetiredAt time.Time // zero while it seals; it opens for ever
}

// DataKeys returns every data key, oldest first.
func (tx *Tx) DataKeys() ([]DataKey, error) {
	return list(tx.conn, func(scan func(...any) error) (k DataKey, err error) {
		var created, retired int64
		err = scan(&k.ID, &k.Purpose, &k.WrappedBy, &created, &retired)
		k.CreatedAt, k.RetiredAt = at(created), at(retired)
		return k, err
	}, `SELECT id, purpose, wrapped_by, created_at, retired_at FROM data_keys ORDER BY created_at, id`)
}

// RotateDataKey makes a new key that seals from the commit on and returns its
// id. The former key goes on opening what it sealed.
func (tx *Tx) RotateDataKey() (id string, err error) {
	_, err = tx.conn.exec(`UPDATE data_keys SET retired_at = $1 WHERE purpose = $2 AND retired_at = 0`,
		ms(tx.now), sealPurpose)
	if err != nil {
		return "", err
	}
	key, err := tx.db.keys.insert(tx, sealPurpose)
	if err != nil {
		return "", err
	}
	return key.ID(), tx.Changed(TopicDataKeys, key.ID())
}

// RotateDataKey is Tx.RotateDataKey in a transaction of its own, for a command
// that records the fact elsewhere. When it returns this node seals with the
// new key; others follow within a second.
func (db *DB) RotateDataKey(ctx context.Context) (id string, err error) {
	err = db.Update(ctx, func(tx *Tx) error {
		tx.NoEvent("the command that asked records it")
		id, err = tx.RotateDataKey()
		return err
	})
	if err != nil {
		return "", err
	}
	return id, db.LoadKeys(ctx)
}

// reloadKeys reads the keys again whenever the feed says so, until ctx ends.
func (db *DB) reloadKeys(ctx context.Context) {
	defer db.feed.Subscribe(TopicDataKeys, func(string) {
		select {
		case db.keys.stale <- struct{}{}:
		default:
		}
	})()
	for {
		select {
		case <-ctx.Done():
			return
		case <-db.keys.stale:
		}
		if db.keys.loaded.Load() == nil {
			continue // not migrated yet; Migrate loads them
		}
		if err := db.LoadKeys(ctx); err != nil && !errors.Is(err, context.Canceled) {
			db.options.Log.Error("data keys not read again", "err", err)
			pause(ctx, reloadPause)
			select {
			case db.keys.stale <- struct{}{}:
			default:
			}
		}
	}
}

// pause waits, or less when ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
