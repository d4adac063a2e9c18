package session

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Whoever is disabled or removed is out with the very next request, on other
// nodes once they hear of it, and a session that is started for them all the same
// is dead.
func TestSessionsDieWithWhatTheyDependOn(t *testing.T) {
	tests := map[string]struct {
		code   fault.Code
		change func(tx *store.Tx, h *house) error
	}{
		"member disabled": {fault.CodeSessionEnded, func(tx *store.Tx, h *house) error {
			h.alice.Member.Status = identity.MemberDisabled
			return tx.Members.Put(h.alice)
		}},
		"membership over": {fault.CodeSessionEnded, func(tx *store.Tx, h *house) error {
			h.alice.Member.ExpiresAt = tx.Now()
			return tx.Members.Put(h.alice)
		}},
		"member of another generation": {fault.CodeSessionEnded, func(tx *store.Tx, h *house) error {
			p := h.alice
			p.Member.Generation++
			return tx.Members.Put(p)
		}},
		"member removed": {fault.CodeSessionUnknown, func(tx *store.Tx, h *house) error {
			return tx.Members.Delete(h.acme.ID, h.alice.Member.ID)
		}},
		"account disabled": {fault.CodeSessionEnded, func(tx *store.Tx, h *house) error {
			h.alice.Account.Status = identity.AccountDisabled
			return tx.Accounts.Put(h.alice.Account, h.alice.Account.LoginNames(true))
		}},
		"account of another generation": {fault.CodeSessionEnded, func(tx *store.Tx, h *house) error {
			return tx.Accounts.EndTokens(h.alice.Account.ID)
		}},
		"account removed": {fault.CodeSessionUnknown, func(tx *store.Tx, h *house) error {
			return tx.Accounts.Delete(h.alice.Account.ID)
		}},
		"organisation frozen": {fault.CodeSessionEnded, func(tx *store.Tx, h *house) error {
			h.acme.Status = identity.OrganizationFrozen
			return tx.Organizations.Put(h.acme)
		}},
		"organisation of another generation": {fault.CodeSessionEnded, func(tx *store.Tx, h *house) error {
			o := h.acme
			o.Generation++
			return tx.Organizations.Put(o)
		}},
		"organisation removed": {fault.CodeSessionUnknown, func(tx *store.Tx, h *house) error {
			return errors.Join(tx.Accounts.DeleteOwned(h.acme.ID), tx.Organizations.Delete(h.acme.ID))
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				far := h.second()
				out := h.start(h.of(h.alice))
				other := h.start(Start{Account: h.stranger.Account, Member: h.stranger.Member, Organization: h.nova})
				if _, err := far.Check(t.Context(), out.Word); err != nil {
					t.Fatal(err)
				}
				h.write(func(tx *store.Tx) error { return tt.change(tx, h) })
				h.good("here", out.Word, tt.code)
				h.heard(far, out.Word, tt.code)
				h.good("somebody else", other.Word, "")
				late, err := h.Start(t.Context(), h.of(h.alice))
				if err == nil {
					h.good("started afterwards", late.Word, fault.CodeSessionEnded)
				}
				list, err := h.List(t.Context(), as(h.boss), h.alice.Account.ID)
				if err != nil || len(list) != 0 {
					t.Errorf("still listed: %v, %v", list, err)
				}
			})
		})
	}
}

func TestProviderSessionsDieWithTheRole(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		word := h.start(Start{Account: h.root}).Word
		h.good("with the role", word, "")
		h.write(func(tx *store.Tx) error { return tx.Providers.Delete(h.root.ID) })
		h.good("without", word, fault.CodeSessionEnded)
	})
}

// Names are given again, identifiers are not: what was somebody's is nobody's
// (CVE-2026-55670).
func TestNamesakesInheritNothing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		out := h.start(h.of(h.alice))
		h.write(func(tx *store.Tx) error {
			return errors.Join(tx.Accounts.DeleteOwned(h.acme.ID), tx.Organizations.Delete(h.acme.ID))
		})
		old := h.alice
		acme, top := h.organization("acme")
		h.acme = acme
		h.alice = h.person(acme, top, "alice", identity.RoleOwner)
		h.good("the word of the one before", out.Word, fault.CodeSessionUnknown)
		if h.alice.Account.ID == old.Account.ID || h.alice.Member.ID == old.Member.ID {
			t.Error("an identifier was given twice")
		}
		list, err := h.List(t.Context(), as(h.alice), h.alice.Account.ID)
		if err != nil || len(list) != 0 {
			t.Errorf("sessions of the one before: %v, %v", list, err)
		}
	})
}

// Nobody is signed in under a word that was in the browser before, whoever put
// it there (CVE-2026-7507, CVE-2024-28197, CVE-2024-7341), and whoever had it
// is signed out.
func TestFixation(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		planted := h.start(h.of(h.stranger)) // the attacker's own, put into the victim's browser
		h.tick()
		n := h.of(h.alice)
		n.Replaces = planted.Word
		mine := h.start(n)
		if mine.Word == planted.Word || mine.Session.ID == planted.Session.ID {
			t.Error("the planted word was taken over")
		}
		h.good("what was planted", planted.Word, fault.CodeSessionEnded)
		if signed := h.good("mine", mine.Word, ""); signed.Member.ID != h.alice.Member.ID {
			t.Errorf("got %+v", signed)
		}
		if k := h.row(planted.Session.ID); k.EndedBy != identity.EndedByRenewal {
			t.Errorf("ended by %q", k.EndedBy)
		}
		if got := h.events(audit.SessionEnded, "by"); len(got) != 1 || got[0] != string(identity.EndedByRenewal) {
			t.Errorf("recorded: %q", got)
		}
	})
}

// Only who has the word may let a start end a session.
func TestReplacesNeedsTheWord(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		victim := h.start(h.of(h.alice))
		h.tick()
		other := h.start(h.of(h.carol))
		for _, word := range []string{
			"", "x", string(victim.Session.ID), victim.Word[:30] + other.Word[30:], "ogs_" + other.Word[4:30] + victim.Word[30:],
		} {
			n := h.of(h.stranger)
			n.Replaces = word
			h.start(n)
		}
		h.good("the victim's", victim.Word, "")
		h.good("the other's", other.Word, "")
		// One that ended or expired before is nothing to end again.
		h.clock.Advance(time.Hour)
		n := h.of(h.alice)
		n.Replaces = victim.Word
		h.start(n)
		if k := h.row(victim.Session.ID); !k.EndedAt.IsZero() {
			t.Errorf("got %+v", k)
		}
	})
}

// A shared browser: one signs out, the next signs in. What the first had opens
// nothing of the second's, also if the first kept the word (CVE-2025-12390).
func TestTheNextPersonInTheBrowser(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		first := h.start(h.of(h.alice))
		if err := h.End(t.Context(), first.Word, identity.EndedBySignOut, origin); err != nil {
			t.Fatal(err)
		}
		h.tick()
		n := h.of(h.carol)
		n.Replaces = first.Word // the cookie came along all the same
		second := h.start(n)
		h.good("the first", first.Word, fault.CodeSessionEnded)
		if signed := h.good("the second", second.Word, ""); signed.Member.ID != h.carol.Member.ID {
			t.Errorf("got %+v", signed)
		}
		if err := h.End(t.Context(), first.Word, identity.EndedBySignOut, origin); err != nil {
			t.Errorf("signing out twice: %v", err)
		}
		h.good("the second, still", second.Word, "")
		if got := h.events(audit.SessionEnded, "by"); len(got) != 1 {
			t.Errorf("recorded: %q", got)
		}
	})
}

// Whatever a check stores at the moment of an end, the session is ended.
func TestEndingAgainstTouching(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		far := h.second()
		for range 5 {
			out := h.start(h.of(h.alice))
			h.clock.Advance(2 * time.Minute) // a check stores that it was seen
			var work sync.WaitGroup
			for i := range 8 {
				node := []*Sessions{h.Sessions, far}[i%2]
				work.Go(func() {
					if _, err := node.Check(t.Context(), out.Word); err != nil && !fault.Is(err, fault.CodeSessionEnded) {
						t.Error(err)
					}
				})
			}
			for range 2 {
				work.Go(func() {
					if err := far.End(t.Context(), out.Word, identity.EndedBySignOut, origin); err != nil {
						t.Error(err)
					}
				})
			}
			work.Wait()
			if _, err := far.Check(t.Context(), out.Word); !fault.Is(err, fault.CodeSessionEnded) {
				t.Errorf("afterwards: got %v", err)
			}
			h.heard(h.Sessions, out.Word, fault.CodeSessionEnded)
		}
		if got := h.events(audit.SessionEnded, "by"); len(got) != 5 {
			t.Errorf("recorded %d ends, want 5", len(got))
		}
	})
}
