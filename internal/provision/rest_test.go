package provision

import (
	"context"
	"testing"
	"time"
)

func TestRestAfter(t *testing.T) {
	for worked, want := range map[time.Duration]time.Duration{
		-time.Second: 0, 0: 0, 10 * time.Millisecond: 90 * time.Millisecond, time.Minute: time.Second,
	} {
		if got := restAfter(worked); got != want {
			t.Errorf("after %s: got %s, want %s", worked, got, want)
		}
	}
}

// A push that is to end does not finish its rest first, and the longest rest is
// far shorter than the lease, which is not prolonged meanwhile.
func TestRestEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	begun := time.Now()
	for range 100 {
		new(sending).rest(ctx, time.Hour)
	}
	if took := time.Since(begun); took > restAtMost {
		t.Errorf("took %s", took)
	}
	if 10*restAtMost > leaseFor {
		t.Errorf("rests for %s under a lease of %s", restAtMost, leaseFor)
	}
}
