package protocol

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Kept is a request that waits while a person is asked. Its own address is short
// and stays the same however often the browser comes back, and the moment of the
// first asking does not move with the clock.
type Kept struct {
	Path  string
	Query string
	At    time.Time
}

// KeptField is the parameter that says under which word a request was kept.
const KeptField = "asked"

// keptLife is how long a person may take; the pages of the sign-in wait no
// longer.
const keptLife = 10 * time.Minute

// errRate is told on a page of ours, and leaves no story: whoever is turned away
// for asking too often must not have anything stored by it.
var errRate = fault.New(fault.TooMany, fault.CodeRateLimited)

// keptJSON is a kept request as its ticket holds it.
type keptJSON struct {
	Path  string `json:"path"`
	Query string `json:"query"`
	At    int64  `json:"at"` // milliseconds
}

// Keep stores a request, as it came, and returns the word for KeptField. Anybody
// may have a request kept: it counts against the rate of their address, beyond
// which it is TooMany (rate_limited). The caller bounds what is kept.
func (h Host) Keep(w http.ResponseWriter, r *http.Request, raw string) (word string, err error) {
	if h.Allow != nil && !h.Allow(h.Origin(r)) {
		w.Header().Set("Retry-After", "1")
		return "", errRate
	}
	payload, err := json.Marshal(keptJSON{r.URL.Path, raw, h.Now().UnixMilli()})
	if err != nil {
		return "", err
	}
	return h.Tickets.Issue(r.Context(), identity.TicketAsked, payload, keptLife)
}

// Recall reads a request that was kept at the path of an address. One that is
// unknown, has expired or was kept elsewhere is NotFound (ticket_not_found). One
// that was used up comes along with Conflict (ticket_spent).
func (h Host) Recall(ctx context.Context, path, word string) (Kept, error) {
	t, spent := h.Tickets.Look(ctx, identity.TicketAsked, word)
	if spent != nil && !fault.Is(spent, fault.CodeSpent) {
		return Kept{}, spent
	}
	var k keptJSON
	if err := json.Unmarshal(t.Payload, &k); err != nil {
		return Kept{}, err
	}
	if k.Path != path {
		return Kept{}, fault.New(fault.NotFound, fault.CodeTicket)
	}
	return Kept{k.Path, k.Query, time.UnixMilli(k.At)}, spent
}
