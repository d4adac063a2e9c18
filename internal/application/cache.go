package application

import (
	"context"
	"crypto/hmac"
	"hash"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// cache keeps App IDs with their keys opened, until the change feed says that
// one changed.
type cache struct {
	fresh   *store.Freshness
	known   *store.Cache[*entry]
	unknown *store.Cache[struct{}]
}

// unknownSize bounds the App IDs remembered as unknown. It is small because
// anybody can fill it; one that is remembered costs no query.
const unknownSize = 1024

func newCache(feed *store.Feed, size int) *cache {
	fresh := store.NewFreshness(feed, store.TopicAppID)
	return &cache{fresh: fresh, known: store.NewCache[*entry](fresh, size), unknown: store.NewCache[struct{}](fresh, unknownSize)}
}

func (c *cache) close() { c.fresh.Close() }

// get returns what is kept of an App ID: its entry, or found with a nil entry
// when it is known not to exist.
func (c *cache) get(id string) (e *entry, found bool) {
	if e, found = c.known.Get(id); found {
		return e, true
	}
	_, found = c.unknown.Get(id)
	return nil, found
}

// entry is an App ID ready for checking. It is shared: read it only.
type entry struct {
	app  identity.AppID // without keys
	keys []liveKey      // the current one first, ended ones included
}

type liveKey struct {
	*macKey
	endsAt time.Time // zero means no end
}

func (k liveKey) live(now time.Time) bool { return k.endsAt.IsZero() || now.Before(k.endsAt) }

// macKey makes hashes keyed with one opened key. Setting up a key costs two
// blocks and several allocations, so keyed hashes are used again.
type macKey struct {
	secret string
	macs   sync.Pool // of hash.Hash
}

func newMacKey(secret string, newMAC macMaker) *macKey {
	k := &macKey{secret: secret}
	k.macs.New = func() any { return newMAC(k.secret) }
	return k
}

// String keeps the key out of logs.
func (*macKey) String() string { return "[redacted]" }

// LogValue keeps the key out of structured logs.
func (*macKey) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// sum appends the keyed hash of text to out.
func (k *macKey) sum(text, out []byte) []byte {
	mac, _ := k.macs.Get().(hash.Hash)
	mac.Reset()
	_, _ = mac.Write(text) // a hash never fails
	out = mac.Sum(out)
	k.macs.Put(mac)
	return out
}

// matches compares the keyed hash of text with a digest in constant time.
func (k *macKey) matches(text, digest []byte) bool {
	return hmac.Equal(k.sum(text, nil), digest)
}

// idLength is the length of an App ID.
const idLength = 32

// wellFormed tells whether a text can be an App ID; no other is looked up.
func wellFormed(id string) bool {
	return len(id) == idLength && strings.Trim(id, "0123456789abcdef") == ""
}

// find returns an App ID ready for checking, nil when there is none.
func (a *Applications) find(ctx context.Context, id string) (*entry, error) {
	if !wellFormed(id) {
		return nil, nil
	}
	if e, found := a.cache.get(id); found {
		return e, nil
	}
	since := a.cache.fresh.Now()
	var app identity.AppID
	err := a.db.View(ctx, func(tx *store.Tx) (err error) {
		app, err = tx.Lookup.AppID(id)
		return err
	})
	switch {
	case fault.Is(err, fault.CodeAppIDNotFound):
		id = strings.Clone(id)
		a.cache.unknown.Put(since, id, struct{}{}, id)
		return nil, nil
	case err != nil:
		return nil, err
	}
	e := a.newEntry(app)
	a.cache.known.Put(since, app.ID, e, app.ID)
	return e, nil
}

func (a *Applications) newEntry(app identity.AppID) *entry {
	e := &entry{keys: make([]liveKey, len(app.Keys))}
	for i, k := range app.Keys {
		e.keys[i] = liveKey{newMacKey(k.Secret, a.newMAC), k.EndsAt}
	}
	e.app = app
	e.app.Keys = nil
	return e
}
