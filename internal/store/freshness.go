package store

import (
	"hash/maphash"
	"sync"
	"sync/atomic"

	"github.com/maypok86/otter/v2"
)

// Freshness tells whether what was read earlier still holds, by the change feed
// alone. It keeps no list of what changed: every id falls into one of a fixed
// number of slots, which knows when it was last heard of. Two ids in one slot
// make each other look changed, which costs a reading and is never wrong the
// other way.
type Freshness struct {
	feed   *Feed
	seed   maphash.Seed
	mu     sync.Mutex // orders changes
	heard  atomic.Uint64
	all    atomic.Uint64
	slots  [freshSlots]atomic.Uint64
	cancel []func()
}

// freshSlots is how many slots there are, half a megabyte: of a thousand ids
// that change, one entry in sixteen that depends on four is read again.
const freshSlots = 1 << 16

// Moment is a place in the order of the changes that a Freshness heard.
type Moment uint64

// Slot stands for an id. The slot of "" stands for nothing and never changes.
type Slot uint32

// NewFreshness hears the changes of some topics.
func NewFreshness(feed *Feed, topics ...Topic) *Freshness {
	f := &Freshness{feed: feed, seed: maphash.MakeSeed()}
	for _, topic := range topics {
		f.cancel = append(f.cancel, feed.Subscribe(topic, f.Raise))
	}
	return f
}

// Close stops listening.
func (f *Freshness) Close() {
	for _, cancel := range f.cancel {
		cancel()
	}
}

// Slot returns the slot of an id.
func (f *Freshness) Slot(id string) Slot {
	if id == "" {
		return 0
	}
	return Slot(1 + maphash.String(f.seed, id)%(freshSlots-1))
}

// Raise notes that an id has changed; "" stands for all of them.
func (f *Freshness) Raise(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.heard.Add(1)
	if id == "" {
		f.all.Store(now)
		return
	}
	f.slots[f.Slot(id)].Store(now)
}

// Now is the present moment. Take it before reading what is to be kept.
func (f *Freshness) Now() Moment { return Moment(f.heard.Load()) }

// Holds tells whether what was read after a moment still holds: nothing has been
// heard since of the ids it depends on, and the feed is being heard. While it is
// not, nothing holds.
func (f *Freshness) Holds(since Moment, on ...Slot) bool {
	if !f.feed.Current() || f.all.Load() > uint64(since) {
		return false
	}
	for _, slot := range on {
		if f.slots[slot].Load() > uint64(since) {
			return false
		}
	}
	return true
}

// Cache keeps a bounded number of values until something they depend on changed. What it gives is shared: read it, never
// change it. It is safe for concurrent use.
type Cache[V any] struct {
	*Freshness
	entries *otter.Cache[string, *kept]
}

// dependencies is on how many ids a value may depend.
const dependencies = 5

// kept has no type parameter, so that all caches share one type of entry: each
// further one would put the library's whole code into the binary once more.
type kept struct {
	value any
	since Moment
	on    [dependencies]Slot
}

// NewCache returns a cache of up to size values. Several may share what tells
// whether they hold.
func NewCache[V any](fresh *Freshness, size int) *Cache[V] {
	return &Cache[V]{Freshness: fresh, entries: otter.Must(&otter.Options[string, *kept]{MaximumSize: size})}
}

// Get returns the value under a key if there is one that still holds.
func (c *Cache[V]) Get(key string) (v V, ok bool) {
	e, ok := c.entries.GetIfPresent(key)
	if !ok || !c.Holds(e.since, e.on[:]...) {
		return v, false
	}
	return e.value.(V), true
}

// Put keeps a value that was read after a moment and depends on ids, five at
// most.
func (c *Cache[V]) Put(since Moment, key string, v V, ids ...string) {
	e := &kept{value: v, since: since}
	for i, id := range ids {
		e.on[i] = c.Slot(id)
	}
	c.entries.Set(key, e)
}
