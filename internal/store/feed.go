package store

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Topic is a class of things that caches keep.
type Topic string

// TopicDataKeys announces that the sealing keys have changed.
const TopicDataKeys Topic = "data_keys"

const (
	// feedSilence is how long the feed may be silent before caches must be
	// bypassed.
	feedSilence = time.Second
	// maxPayload is what one NOTIFY may carry; PostgreSQL ends at 8,000 bytes.
	maxPayload = 7900
	// keySeparator stands between topic and key in a payload.
	keySeparator = "\x1f"
)

type change struct {
	topic Topic
	key   string
}

// Feed tells caches, on every node, that what they keep no longer holds. The
// node that made a change hears of it before its Update returns; others within
// a quarter of a second, or they know that they do not hear (see Current).
//
// A cache must not keep a value it read before a change and stored after
// hearing of it: count what you hear, and store only if the count is the same
// as before the read.
type Feed struct {
	node        string
	mu          sync.RWMutex
	last        int
	subscribers map[Topic]map[int]func(key string)

	beats atomic.Int64 // heartbeats so far
	alive atomic.Int64 // the heartbeat that still counts, 0 when silent
}

func newFeed(node string) *Feed {
	return &Feed{node: node, subscribers: map[Topic]map[int]func(string){}}
}

// Subscribe calls fn with the key of every change of a topic. The key "" means
// that anything may have changed: changes may have been missed. fn is called
// by the goroutine that committed or listens, so it must be quick and must not
// use the database. cancel ends the subscription; a call under way may still
// finish after it.
func (f *Feed) Subscribe(topic Topic, fn func(key string)) (cancel func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last++
	id := f.last
	if f.subscribers[topic] == nil {
		f.subscribers[topic] = map[int]func(string){}
	}
	f.subscribers[topic][id] = fn
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.subscribers[topic], id)
	}
}

// Current reports whether changes of other nodes are being heard. While it is
// false a cache must be bypassed.
func (f *Feed) Current() bool { return f.alive.Load() != 0 }

// beat notes that the feed has just been heard.
func (f *Feed) beat() {
	n := f.beats.Add(1)
	f.alive.Store(n)
	// Only the latest heartbeat counts: an older timer finds another number.
	time.AfterFunc(feedSilence, func() { f.alive.CompareAndSwap(n, 0) })
}

// lost notes that changes may be missed from now on.
func (f *Feed) lost() { f.alive.Store(0) }

// deliver calls the subscribers of each change.
func (f *Feed) deliver(changes ...change) {
	for _, c := range changes {
		for _, fn := range f.of(c.topic) {
			fn(c.key)
		}
	}
}

// deliverAll tells every subscriber that anything may have changed.
func (f *Feed) deliverAll() {
	f.mu.RLock()
	topics := slices.Collect(maps.Keys(f.subscribers))
	f.mu.RUnlock()
	for _, topic := range topics {
		f.deliver(change{topic: topic})
	}
}

func (f *Feed) of(topic Topic) []func(string) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return slices.Collect(maps.Values(f.subscribers[topic]))
}

// write puts the change into its table and, where the database can, announces
// it at commit.
func (f *Feed) write(c *conn, ch change, now time.Time) error {
	if len(ch.topic)+len(keySeparator)+len(ch.key) > maxPayload {
		return c.latch(internal(fmt.Errorf("store: key of a change of %s is %d bytes", ch.topic, len(ch.key))))
	}
	err := c.later(`INSERT INTO changes (node, topic, key, at) VALUES ($1, $2, $3, $4)`,
		f.node, ch.topic, ch.key, ms(now))
	if err != nil || c.traits.announce == "" {
		return err
	}
	return c.later(c.traits.announce, string(ch.topic)+keySeparator+ch.key)
}

// changesSince reads what other nodes changed after seq, and the newest seq.
func (f *Feed) changesSince(c *conn, seq int64) (found []change, last int64, err error) {
	last = seq
	err = c.each(`SELECT seq, node, topic, key FROM changes WHERE seq > $1 ORDER BY seq`, []any{seq},
		func(scan func(...any) error) error {
			var ch change
			var node string
			if err := scan(&last, &node, &ch.topic, &ch.key); err != nil {
				return err
			}
			if node != f.node {
				found = append(found, ch)
			}
			return nil
		})
	return found, last, err
}

// parsePayload is the reverse of what write announces.
func parsePayload(payload string) (change, bool) {
	topic, key, ok := strings.Cut(payload, keySeparator)
	return change{topic: Topic(topic), key: key}, ok
}

// SweepChanges deletes up to limit rows of the change feed that were written
// before a moment, and reports how many. Nodes that have not read them in the
// meantime were restarted since and begin at the end.
func (tx *Tx) SweepChanges(before time.Time, limit int) (int64, error) {
	return tx.conn.exec(`DELETE FROM changes WHERE seq IN (
		SELECT seq FROM changes WHERE at < $1 ORDER BY at LIMIT $2)`, ms(before), limit)
}
