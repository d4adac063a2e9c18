package token

import (
	"sync"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// cache keeps checked tokens until the change feed says that somebody they
// depend on changed. A token is one small value without pointers, so that the
// garbage collector does not look at a million of them.
type cache struct {
	fresh *store.Freshness // account, member, organisation, App ID
	ended *store.Freshness // the token itself; asked when one is stored
	parts [cacheParts]part
	stop  func()
}

// cacheParts is how many locks share the tokens.
const cacheParts = 16

func newCache(feed *store.Feed, size int) *cache {
	c := &cache{
		fresh: store.NewFreshness(feed, store.TopicAccount, store.TopicMember, store.TopicOrganization, store.TopicAppID),
		ended: store.NewFreshness(feed, store.TopicToken),
	}
	for i := range c.parts {
		c.parts[i] = part{most: max(1, size/cacheParts), at: map[[16]byte]uint32{}}
	}
	// Subscribed after ended: what put misses, ended has heard.
	c.stop = feed.Subscribe(store.TopicToken, c.drop)
	return c
}

func (c *cache) close() {
	c.stop()
	c.ended.Close()
	c.fresh.Close()
}

// part finds a token's part by its last byte, which is random.
func (c *cache) part(id [16]byte) *part { return &c.parts[id[15]%cacheParts] }

// drop forgets one token, or all for "".
func (c *cache) drop(key string) {
	if key == "" {
		c.fresh.Raise("")
		return
	}
	c.ended.Raise(key)
	if id, ok := identity.UUID(identity.TokenID(key)); ok {
		c.part(id).remove(id)
	}
}

// moment is when something was read.
type moment struct{ fresh, ended store.Moment }

// now is the present moment; take it before reading.
func (c *cache) now() moment { return moment{c.fresh.Now(), c.ended.Now()} }

// get returns what is kept of a token; ok is false when nothing that holds is.
func (c *cache) get(id [16]byte) (e entry, name string, ok bool) {
	e, name, ok = c.part(id).get(id)
	return e, name, ok && c.fresh.Holds(e.since, e.on[:]...)
}

// put keeps what was read of a token after a moment.
func (c *cache) put(since moment, id [16]byte, hash []byte, b Bearer) {
	e, ok := pack(hash, b)
	if !ok {
		return
	}
	k := b.Token
	e.id, e.since = id, since.fresh
	for i, key := range [...]string{string(k.AccountID), string(k.MemberID), string(k.OrganizationID), k.AppID} {
		e.on[i] = c.fresh.Slot(key)
	}
	p := c.part(id)
	p.put(e, b.Actor.Name)
	// Its end may have been heard since it was read, before it was here.
	if !c.ended.Holds(since.ended, c.ended.Slot(string(k.ID))) {
		p.remove(id)
	}
}

// part is one share of the tokens. Slots are filled in order and then used
// again: the hand passes over those that were asked for since it came by.
type part struct {
	mu    sync.Mutex
	most  int
	at    map[[16]byte]uint32
	slots []entry
	names []string // of who acts, apart from the rest because they are pointers
	hand  int
}

func (p *part) get(id [16]byte) (e entry, name string, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	i, ok := p.at[id]
	if !ok {
		return e, "", false
	}
	p.slots[i].asked = true
	return p.slots[i], p.names[i], true
}

func (p *part) put(e entry, name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	i, known := p.at[e.id]
	switch {
	case known:
	case len(p.slots) < p.most:
		i = uint32(len(p.slots))
		p.slots, p.names = append(p.slots, entry{}), append(p.names, "")
	default:
		i = p.free()
	}
	p.slots[i], p.names[i] = e, name
	p.at[e.id] = i
}

// free empties a slot.
func (p *part) free() uint32 {
	for {
		i := p.hand
		p.hand = (p.hand + 1) % len(p.slots)
		if p.slots[i].asked {
			p.slots[i].asked = false
			continue
		}
		if at, ok := p.at[p.slots[i].id]; ok && at == uint32(i) {
			delete(p.at, p.slots[i].id)
		}
		return uint32(i)
	}
}

// remove forgets a token. Its slot is used again when the hand comes by.
func (p *part) remove(id [16]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i, ok := p.at[id]; ok {
		p.slots[i].asked = false
		delete(p.at, id)
	}
}
