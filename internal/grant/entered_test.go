package grant

import (
	"maps"
	"net/netip"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// The log keeps of an entry from where it came and whether it was proven twice:
// policies can be asked about it again.
func TestEntriesInTheLog(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.session.Origin.Address = netip.MustParseAddr("192.0.2.1")
		h.enter()
		h.clock.Advance(time.Second)
		h.session.VerifiedAt = h.clock.Now()
		h.enter()
		h.clock.Advance(time.Second)
		h.session.Origin.Address = netip.Addr{}
		h.enter()
		member := string(h.session.MemberID)
		for i, want := range []map[string]string{
			{"member": member, "verified": "true"},
			{"member": member, "address": "192.0.2.1", "verified": "true"},
			{"member": member, "address": "192.0.2.1"},
		} {
			if got := h.details("grant.issued", i); !maps.Equal(got, want) {
				t.Errorf("%d: got %v, want %v", i, got, want)
			}
		}
	})
}

// details are those of an event of a type, 0 the newest.
func (h *house) details(kind string, which int) map[string]string {
	h.t.Helper()
	var all []identity.Event
	err := h.db.View(h.t.Context(), func(tx *store.Tx) (err error) {
		all, err = tx.Events.Page(store.EventQuery{Organization: h.org.ID, Type: kind, Limit: 10})
		return err
	})
	if err != nil || len(all) <= which {
		h.t.Fatalf("%d events of %s, %v", len(all), kind, err)
	}
	return all[which].Details
}
