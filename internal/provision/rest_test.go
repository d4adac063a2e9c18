package provision

import (
	"context"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/store"
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

// Whoever is switched off between two rounds is told at once when switched on
// again: the lease was given back.
func TestLeaseIsGivenBack(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.open(newLedger())
		h.receiver.answer = func(c call) (int, string) {
			off := false
			if _, err := h.SetSync(t.Context(), console(), h.acme.ID, "wiki", 0, SyncChange{Enabled: &off}); err != nil {
				t.Error(err)
			}
			return newLedger().answer(c)
		}
		h.pass()
		on := true
		if _, err := h.SetSync(t.Context(), console(), h.acme.ID, "wiki", 0, SyncChange{Enabled: &on}); err != nil {
			t.Fatal(err)
		}
		err := h.db.View(t.Context(), func(tx *store.Tx) error {
			due, err := tx.SyncStates.Due(9)
			if len(due) != 1 {
				t.Errorf("%d are due, want the one that was switched on again", len(due))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
