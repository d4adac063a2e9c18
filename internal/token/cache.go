package token

import (
	"sync"
	"sync/atomic"

	"github.com/maypok86/otter/v2"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// cache keeps checked tokens until the change feed says that somebody they
// depend on changed. What was read before a change and is stored after it was
// heard would be stale for ever: every change raises a count, and put stores
// only if the count is the one of before the read.
type cache struct {
	feed    *store.Feed
	entries *otter.Cache[[16]byte, *entry]
	heard   atomic.Uint64
	// epochs tell for each account, member, organisation and App ID how often
	// it changed; an entry with other counts is stale.
	mu     sync.RWMutex
	epochs map[string]uint32
	all    atomic.Uint32
	cancel []func()
}

type entry struct {
	hash   [32]byte
	bearer Bearer
	epochs [4]uint32
	all    uint32
}

// maxEpochs bounds the map of epochs; beyond it everything is dropped once.
const maxEpochs = 100_000

func newCache(feed *store.Feed, size int) *cache {
	c := &cache{
		feed: feed, epochs: map[string]uint32{},
		entries: otter.Must(&otter.Options[[16]byte, *entry]{MaximumSize: size}),
	}
	for _, topic := range [...]store.Topic{store.TopicAccount, store.TopicMember, store.TopicOrganization, store.TopicAppID} {
		c.cancel = append(c.cancel, feed.Subscribe(topic, c.raise))
	}
	c.cancel = append(c.cancel, feed.Subscribe(store.TopicToken, c.drop))
	return c
}

func (c *cache) close() {
	for _, cancel := range c.cancel {
		cancel()
	}
}

// raise makes every entry stale that depends on key; "" stands for everything.
func (c *cache) raise(key string) {
	c.heard.Add(1)
	c.mu.Lock()
	defer c.mu.Unlock()
	if key == "" || len(c.epochs) >= maxEpochs {
		clear(c.epochs)
		c.all.Add(1)
		return
	}
	c.epochs[key]++
}

// drop forgets one token.
func (c *cache) drop(key string) {
	if key == "" {
		c.raise("")
		return
	}
	c.heard.Add(1)
	if id, ok := identity.UUID(identity.TokenID(key)); ok {
		c.entries.Invalidate(id)
	}
}

// mark is the count of changes heard so far; take it before reading.
func (c *cache) mark() uint64 { return c.heard.Load() }

func (c *cache) get(id [16]byte) *entry {
	if !c.feed.Current() {
		return nil
	}
	e, ok := c.entries.GetIfPresent(id)
	if !ok || e.all != c.all.Load() || e.epochs != c.epochsOf(e.bearer.Token) {
		return nil
	}
	return e
}

func (c *cache) put(mark uint64, id [16]byte, hash []byte, b Bearer) {
	e := &entry{bearer: b, all: c.all.Load(), epochs: c.epochsOf(b.Token)}
	copy(e.hash[:], hash)
	if c.heard.Load() == mark {
		c.entries.Set(id, e)
		// A change between the comparison and Set has dropped nothing yet.
		if c.heard.Load() != mark {
			c.entries.Invalidate(id)
		}
	}
}

func (c *cache) epochsOf(k identity.AccessToken) [4]uint32 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if len(c.epochs) == 0 {
		return [4]uint32{}
	}
	return [4]uint32{c.epochs[string(k.AccountID)], c.epochs[string(k.MemberID)], c.epochs[string(k.OrganizationID)], c.epochs[k.AppID]}
}
