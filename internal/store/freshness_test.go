package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// heard waits until the feed of a database is heard.
func heard(t *testing.T, db *store.DB) *store.Feed {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for !db.Feed().Current() {
		if time.Now().After(deadline) {
			t.Fatal("the feed is not heard")
		}
		<-time.After(time.Millisecond)
	}
	return db.Feed()
}

func TestCacheForgetsWhatChanged(t *testing.T) {
	feed := heard(t, storetest.Open(t))
	fresh := store.NewFreshness(feed, store.TopicMember)
	t.Cleanup(fresh.Close)
	c := store.NewCache[int](fresh, 100)
	for i, test := range []struct {
		name    string
		on      []string
		changed string
		keeps   bool
	}{
		{"what it depends on", []string{"a", "b"}, "b", false},
		{"anything", []string{"a"}, "", false},
		{"anything, of a value that depends on nothing", nil, "", false},
		{"something else", []string{"a", "", "c"}, "z", true},
	} {
		key := fmt.Sprint(i)
		before := c.Now()
		c.Put(before, key, i, test.on...)
		if v, ok := c.Get(key); feed.Current() && (!ok || v != i) {
			t.Errorf("%s: not kept", test.name)
		}
		c.Raise(test.changed)
		if _, ok := c.Get(key); feed.Current() && ok != test.keeps {
			t.Errorf("%s changed: kept is %v", test.name, ok)
		}
		// What was read before the change and is stored after it.
		c.Put(before, key, i, test.on...)
		if _, ok := c.Get(key); feed.Current() && ok != test.keeps {
			t.Errorf("%s changed before it was stored: kept is %v", test.name, ok)
		}
		c.Put(c.Now(), key, i, test.on...)
		if _, ok := c.Get(key); feed.Current() && !ok {
			t.Errorf("%s: read again and not kept", test.name)
		}
	}
}

// What is kept is found without taking memory, whatever its size.
func TestCacheTakesNoMemory(t *testing.T) {
	feed := heard(t, storetest.Open(t))
	fresh := store.NewFreshness(feed)
	type large [20]string
	c := store.NewCache[large](fresh, 10)
	c.Put(c.Now(), "key", large{1: "a"}, "id")
	key := []byte("key")
	if got := testing.AllocsPerRun(1000, func() { c.Get(string(key)) }); got > 0 {
		t.Errorf("finding a value allocates %g times", got)
	}
	if v, ok := c.Get("key"); feed.Current() && (!ok || v[1] != "a") {
		t.Error("not kept")
	}
	if _, ok := c.Get("other"); ok {
		t.Error("found what was not put")
	}
}

// A value that is read while it changes is never kept as it was before.
func TestCacheUnderChanges(t *testing.T) {
	feed := heard(t, storetest.Open(t))
	fresh := store.NewFreshness(feed)
	c := store.NewCache[int](fresh, 10)
	var mu sync.Mutex
	truth := 0
	read := func() int { mu.Lock(); defer mu.Unlock(); return truth }
	var work sync.WaitGroup
	for range 4 {
		work.Go(func() {
			for range 2000 {
				since := c.Now()
				c.Put(since, "key", read(), "id")
			}
		})
	}
	for range 500 {
		mu.Lock()
		truth++
		mu.Unlock()
		c.Raise("id")
		want := read()
		if v, ok := c.Get("key"); ok && v < want {
			t.Fatalf("got %d after %d was announced", v, want)
		}
	}
	work.Wait()
}
