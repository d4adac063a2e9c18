package store

import (
	"context"
	"hash/maphash"
)

// turns let the acts of one process that write the same row come one after the
// other before they take a connection. Where transactions wait for each other's
// rows, those that wait would hold all connections, and the database would wake
// each of them for every commit.
type turns struct {
	seed  maphash.Seed
	turns [turnCount]chan struct{}
}

// turnCount bounds the turns; keys that share one only wait without need.
const turnCount = 1024

func newTurns() *turns {
	t := &turns{seed: maphash.MakeSeed()}
	for i := range t.turns {
		t.turns[i] = make(chan struct{}, 1)
	}
	return t
}

// Turn waits until no other holds the turn of a key in this process, and
// returns what gives it back. It is a courtesy, not a lock: other nodes do not
// know of it. When ctx ends first it is an Unavailable fault. Where one
// transaction writes at a time nobody waits. Who holds a turn takes no other.
func (db *DB) Turn(ctx context.Context, key string) (done func(), err error) {
	if db.traits.forUpdate == "" {
		return func() {}, nil
	}
	turn := db.turns.turns[maphash.String(db.turns.seed, key)%turnCount]
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, gone(ctx)
	}
}
