package directory

import (
	"sync"
	"sync/atomic"

	"github.com/maypok86/otter/v2"

	"github.com/orgate/orgate/internal/store"
)

// cached keeps values until the change feed says that something they depend on
// changed, and is bypassed while the feed is silent. What was read before a
// change and is stored after it was heard would be stale for ever: every
// change raises a count, and put stores only if it is the one of before the
// read. What it gives is shared: read it, never change it.
type cached[V any] struct {
	feed    *store.Feed
	entries *otter.Cache[string, kept[V]]
	heard   atomic.Uint64
	// epochs tell for each id how often it changed; a value with other counts
	// is stale.
	mu     sync.RWMutex
	epochs map[string]uint64
	all    uint64
	cancel []func()
}

// dependencies are the ids that a value depends on; "" stands for none.
type dependencies [3]string

type kept[V any] struct {
	value  V
	on     dependencies
	epochs [len(dependencies{})]uint64
	all    uint64
}

// maxEpochs bounds the map of epochs; beyond it everything is dropped once.
const maxEpochs = 100_000

func newCached[V any](feed *store.Feed, size int, topics ...store.Topic) *cached[V] {
	c := &cached[V]{
		feed: feed, epochs: map[string]uint64{},
		entries: otter.Must(&otter.Options[string, kept[V]]{MaximumSize: size}),
	}
	for _, topic := range topics {
		c.cancel = append(c.cancel, feed.Subscribe(topic, c.raise))
	}
	return c
}

func (c *cached[V]) close() {
	for _, cancel := range c.cancel {
		cancel()
	}
}

// raise makes every value stale that depends on an id; "" stands for
// everything.
func (c *cached[V]) raise(id string) {
	c.heard.Add(1)
	c.mu.Lock()
	defer c.mu.Unlock()
	if id == "" || len(c.epochs) >= maxEpochs {
		clear(c.epochs)
		c.all++
		return
	}
	c.epochs[id]++
}

// mark is the count of changes heard so far; take it before reading.
func (c *cached[V]) mark() uint64 { return c.heard.Load() }

func (c *cached[V]) get(key string) (v V, ok bool) {
	if !c.feed.Current() {
		return v, false
	}
	e, ok := c.entries.GetIfPresent(key)
	if !ok {
		return v, false
	}
	epochs, all := c.stamp(e.on)
	return e.value, e.all == all && e.epochs == epochs
}

// put keeps a value that was read after mark was taken.
func (c *cached[V]) put(mark uint64, key string, v V, on dependencies) {
	e := kept[V]{value: v, on: on}
	e.epochs, e.all = c.stamp(on)
	if c.heard.Load() != mark {
		return
	}
	c.entries.Set(key, e)
}

func (c *cached[V]) stamp(on dependencies) (epochs [len(dependencies{})]uint64, all uint64) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	for i, id := range on {
		if id != "" {
			epochs[i] = c.epochs[id]
		}
	}
	return epochs, c.all
}
