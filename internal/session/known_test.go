package session

import (
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// known is a session that both nodes remember.
func (h *house) known(far *Sessions) Started {
	h.t.Helper()
	out := h.start(h.of(h.alice))
	for _, node := range []*Sessions{h.Sessions, far} {
		storetest.Until(h.t, "the feed is heard", node.db.Feed().Current)
		for range 2 {
			if _, err := node.Check(h.t.Context(), out.Word); err != nil {
				h.t.Fatal(err)
			}
		}
		if _, ok := node.known.Get(string(out.Session.ID)); !ok {
			h.t.Fatal("a session that counts is not remembered")
		}
	}
	return out
}

func TestKnownSessionsAreNotAskedFor(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		out := h.known(h.second())
		// Sweeping tells nobody: it takes what has ended by the clock.
		h.write(func(tx *store.Tx) error {
			_, err := tx.Sessions.Sweep(out.Session.EndsAt.Add(time.Hour), 10)
			return err
		})
		signed := h.good("from memory", out.Word, "")
		if signed.Account.Name != "alice@acme" || signed.Session.ID != out.Session.ID {
			t.Errorf("who: got %+v", signed)
		}
		mixed := out.Word[:30] + h.start(h.of(h.carol)).Word[30:]
		h.good("another secret", mixed, fault.CodeSessionUnknown)
		h.clock.Advance(31 * time.Minute)
		h.good("unused for too long", out.Word, fault.CodeSessionUnknown)
	})
}

// What becomes of a session is heard by every node that remembers it.
func TestKnownSessionsEnd(t *testing.T) {
	tests := map[string]struct {
		code   fault.Code
		change func(h *house, out Started) error
	}{
		"signed out": {fault.CodeSessionEnded, func(h *house, out Started) error {
			return h.End(h.t.Context(), out.Word, identity.EndedBySignOut, origin)
		}},
		"all of the account": {fault.CodeSessionEnded, func(h *house, _ Started) error {
			h.write(func(tx *store.Tx) error {
				_, err := tx.Sessions.EndAll(h.alice.Account.ID, "", identity.EndedByAdministrator)
				return err
			})
			return nil
		}},
		"all of the organisation": {fault.CodeSessionEnded, func(h *house, _ Started) error {
			h.write(func(tx *store.Tx) error {
				_, err := tx.Sessions.EndAll("", h.acme.ID, identity.EndedByAdministrator)
				return err
			})
			return nil
		}},
		"proven anew, under another word": {fault.CodeSessionUnknown, func(h *house, out Started) error {
			again := h.of(h.alice)
			again.Replaces = out.Word
			_, err := h.Start(h.t.Context(), again)
			return err
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				far := h.second()
				out := h.known(far)
				h.tick()
				if err := tt.change(h, out); err != nil {
					t.Fatal(err)
				}
				h.good("here, at once", out.Word, tt.code)
				h.heard(far, out.Word, tt.code)
			})
		})
	}
}

// A second proof and a statement that was published change what a session is
// good for without ending it.
func TestKnownSessionsChange(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		far := h.second()
		out := h.known(far)
		k := out.Session
		k.Verify(identity.ByOTP, h.clock.Now())
		h.write(func(tx *store.Tx) error { return tx.Sessions.Verify(k) })
		if !h.good("verified", out.Word, "").Session.Verified() {
			t.Error("the second proof is not seen")
		}
		storetest.Until(h.t, "the second proof is heard", func() bool {
			signed, err := far.Check(t.Context(), out.Word)
			return err == nil && signed.Session.Verified()
		})
		for _, org := range []identity.OrganizationID{"", h.acme.ID} {
			h.write(func(tx *store.Tx) error {
				v := identity.PrivacyVersion{OrganizationID: org, Number: 1, PublishedBy: "root", PublishedAt: tx.Now()}
				if err := tx.Privacy.Publish(v); err != nil {
					return err
				}
				return tx.Privacy.Put(identity.PrivacyStatement{OrganizationID: org, Current: 1, Last: 1, UpdatedAt: tx.Now()})
			})
			if !h.good("a statement is due", out.Word, "").StatementDue {
				t.Errorf("of %q: not due", org)
			}
			storetest.Until(h.t, "the statement is heard of", func() bool {
				signed, err := far.Check(t.Context(), out.Word)
				return err == nil && signed.StatementDue
			})
			h.write(func(tx *store.Tx) error {
				_, err := tx.Privacy.Accept(identity.PrivacyAcceptance{AccountID: k.AccountID, Statement: org, Number: 1, Name: "alice", At: tx.Now()})
				return err
			})
			for _, node := range []*Sessions{h.Sessions, far} {
				if signed, err := node.Check(t.Context(), out.Word); err != nil || signed.StatementDue {
					t.Errorf("of %q: accepted, and yet due: %v", org, err)
				}
			}
		}
	})
}

// The idle end is moved by whichever node is asked; the others do not take theirs
// for the last word.
func TestAnotherNodeMovesTheIdleEnd(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		far := h.second()
		out := h.known(far)
		h.clock.Advance(20 * time.Minute)
		if _, err := far.Check(t.Context(), out.Word); err != nil {
			t.Fatal(err)
		}
		h.clock.Advance(15 * time.Minute)
		h.good("35 minutes later", out.Word, "")
	})
}
