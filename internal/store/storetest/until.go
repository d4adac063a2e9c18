package storetest

import (
	"testing"
	"time"
)

// Until waits for something that a node hears of in its own time, and fails the
// test when it does not come within ten seconds.
func Until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	limit := time.NewTimer(10 * time.Second)
	defer limit.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-limit.C:
			t.Fatalf("%s: not within ten seconds", what)
		}
	}
}
