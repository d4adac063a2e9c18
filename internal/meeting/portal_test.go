package meeting

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

func TestPortalNonce(t *testing.T) {
	h := newHouse(t)
	word := h.login("carl@acme.example").AccessToken
	nonce := func() string {
		w := h.request("POST", "/v1/usg/acs/auth/portal-ref-nonce", "", "X-Access-Token: "+word, "Content-Type: application/json")
		var a struct{ Nonce string }
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != 200 || len(a.Nonce) < 32 {
			t.Fatalf("answer = %d %s", w.Code, w.Body)
		}
		return a.Nonce
	}
	first := nonce()
	got, err := h.o.Tickets.Redeem(t.Context(), identity.TicketPortal, first)
	if err != nil {
		t.Fatal(err)
	}
	var jump portalJump
	if err := json.Unmarshal(got.Payload, &jump); err != nil || jump != (portalJump{h.carl.Account.ID, h.acme.ID, h.carl.Member.ID}) {
		t.Errorf("payload = %s, %v", got.Payload, err)
	}
	if _, err := h.o.Tickets.Redeem(t.Context(), identity.TicketPortal, first); !fault.Is(err, fault.CodeSpent) {
		t.Errorf("a second use: %v, want ticket_spent", err)
	}
	late := nonce()
	h.clock.Advance(time.Minute)
	if _, err := h.o.Tickets.Redeem(t.Context(), identity.TicketPortal, late); !fault.Is(err, fault.CodeTicket) {
		t.Errorf("after a minute: %v, want ticket_not_found", err)
	}
}
