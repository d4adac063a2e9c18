package meeting

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
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
	jump := func(nonce string) (directory.SignedIn, error) {
		return h.o.Directory.SignInByPortal(t.Context(), directory.PortalProof{Nonce: nonce, Origin: origin})
	}
	first := nonce()
	in, err := jump(first)
	if err != nil || in.Person.Member.ID != h.carl.Member.ID || in.Session.Word == "" {
		t.Errorf("the jump: %+v, %v, want a session of carl", in.Person.Member, err)
	}
	if _, err := jump(first); !fault.Is(err, fault.CodeSpent) {
		t.Errorf("a second use: %v, want ticket_spent", err)
	}
	late := nonce()
	h.clock.Advance(time.Minute)
	if _, err := jump(late); !fault.Is(err, fault.CodeTicket) {
		t.Errorf("after a minute: %v, want ticket_not_found", err)
	}
}
