package store

import (
	"sync"

	"github.com/orgate/orgate/internal/identity"
)

// maxKeptRules bounds the applications whose rules a process remembers.
const maxKeptRules = 512

// keptRules are the rules of applications that were read, each under the version
// of its switch. Every edit of what they consist of moves that version, so that
// who knows the version from the database need not read the rules again.
type keptRules struct {
	mu  sync.RWMutex
	all map[identity.ApplicationID]identity.AccessRules
}

func newKeptRules() *keptRules {
	return &keptRules{all: map[identity.ApplicationID]identity.AccessRules{}}
}

func (k *keptRules) of(c identity.AccessControl) (identity.AccessRules, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	r, ok := k.all[c.ApplicationID]
	return r, ok && r.AccessControl == c
}

// keep remembers rules that are not older than those that are remembered. They
// may be newer than their version says: then the next who asks has another one.
func (k *keptRules) keep(r identity.AccessRules) {
	k.mu.Lock()
	defer k.mu.Unlock()
	before, known := k.all[r.ApplicationID]
	switch {
	case known && before.Version > r.Version:
		return
	case !known && len(k.all) >= maxKeptRules:
		clear(k.all)
	}
	k.all[r.ApplicationID] = r
}

// Standing is Rules for whoever is about to enter: it asks the database only
// where the switch is in another version than the rules that were read last.
// What it returns is shared, and read by many at once. A transaction that edits
// policies asks Rules.
func (t AccessPolicies) Standing(c identity.AccessControl) (identity.AccessRules, error) {
	if r, ok := t.c.tx.db.rules.of(c); ok {
		return r, nil
	}
	r, err := t.Rules(c)
	if err != nil {
		return r, err
	}
	r = r.Shared()
	t.c.tx.db.rules.keep(r)
	return r, nil
}
