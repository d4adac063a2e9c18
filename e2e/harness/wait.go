package harness

import (
	"testing"
	"time"
)

// pace is how often a question is asked again.
const pace = 10 * time.Millisecond

// Until asks until the answer is yes, and fails the test when that does not
// happen in time. It asks at once and then every ten milliseconds.
func Until(t testing.TB, within time.Duration, what string, ok func() bool) {
	t.Helper()
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline.C:
			t.Fatalf("after %s still not: %s", within, what)
		case <-tick.C:
		}
	}
}
