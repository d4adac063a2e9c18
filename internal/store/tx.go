package store

import (
	"time"

	"github.com/orgate/orgate/internal/seal"
)

// Tx is one transaction. Its fields are the tables, one small value per noun;
// each statement runs in this transaction. A Tx belongs to the goroutine that
// runs the function it was given to, and is dead when that function returns.
//
// The first write that fails latches: every later call returns the same error
// and the transaction is rolled back, whatever the function returns.
type Tx struct {
	tables
	conn    *conn
	db      *DB
	now     time.Time
	box     *seal.Box
	changes []change
}

// Now is the instant of the transaction: the same at every call, in UTC, cut
// to the millisecond that is stored.
func (tx *Tx) Now() time.Time { return tx.now }

// Changed announces that what caches keep under the topic and key no longer
// holds. It is delivered to every node after the commit (see Feed). Announce
// revocations and edits only, never what is merely issued: on PostgreSQL an
// announcing transaction takes a global lock when it commits.
func (tx *Tx) Changed(topic Topic, key string) error {
	err := tx.db.feed.write(tx.conn, change{topic: topic, key: key}, tx.now)
	if err == nil {
		tx.changes = append(tx.changes, change{topic: topic, key: key})
	}
	return err
}

// NoEvent states why this transaction needs no audit event. Tests fail an
// Update that writes and has neither an event nor a reason.
func (tx *Tx) NoEvent(why string) {
	tx.conn.told = tx.conn.told || why != ""
}

// Box seals and opens column values with the data keys. A value sealed with a
// key that another node made a moment ago makes it read the keys again.
func (tx *Tx) Box() *seal.Box {
	if tx.box == nil {
		tx.box = tx.db.keys.box(tx.conn)
	}
	return tx.box
}
