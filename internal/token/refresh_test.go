package token

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// refresh refreshes and checks what came.
func (h *house) refresh(word string) Issued {
	h.t.Helper()
	out, err := h.Refresh(h.t.Context(), word, identity.Origin{})
	if err != nil {
		h.t.Fatalf("refresh: %v", err)
	}
	h.good("what came of it", h.Tokens, out.Access, "")
	return out
}

// Meeting API, 3.1: a refresh extends the end and keeps the word.
func TestRefreshKeepsTheWord(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		first := h.make(h.Tokens, h.mine(identity.ClientAPI))
		h.good("remembered", h.Tokens, first.Access, "")
		for _, word := range []string{first.Access, first.Refresh} {
			h.clock.Advance(23 * time.Hour)
			out := h.refresh(word)
			if out.Access != first.Access || out.Refresh != first.Refresh {
				t.Error("the words changed")
			}
			if want := h.clock.Now().Add(24 * time.Hour); !out.Token.ExpiresAt.Equal(want) || !out.Token.CreatedAt.Equal(h.clock.Now()) ||
				!out.Token.RefreshEndsAt.Equal(first.Token.RefreshEndsAt) {
				t.Errorf("got %+v, want an end at %s", out.Token, want)
			}
		}
		h.clock.Advance(24*time.Hour - time.Millisecond)
		h.good("just before the end", h.Tokens, first.Access, "")
		h.tick()
		h.good("at the end", h.Tokens, first.Access, fault.CodeTokenUnknown)
	})
}

func TestRefreshAfterTheEnd(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		first := h.make(h.Tokens, h.mine(identity.ClientAPI))
		h.clock.Advance(24 * time.Hour)
		_, err := h.Refresh(t.Context(), first.Access, identity.Origin{})
		wants(t, "by the access word that expired", err, fault.CodeTokenUnknown)
		out := h.refresh(first.Refresh)
		if out.Access == first.Access || out.Token.ID != first.Token.ID {
			t.Error("an expired word came to life again")
		}
		h.good("the expired word", h.Tokens, first.Access, fault.CodeTokenUnknown)
		if out.Refresh != first.Refresh || !out.Token.RefreshEndsAt.Equal(first.Token.RefreshEndsAt) {
			t.Error("the refresh word did not stay as it was")
		}
		// Whoever asked at the same moment, or lost the answer, gets the same words.
		if again := h.refresh(first.Refresh); again.Access != out.Access || again.Refresh != out.Refresh {
			t.Error("a second refresh gave other words")
		}
		h.clock.Advance(29 * 24 * time.Hour)
		_, err = h.Refresh(t.Context(), out.Refresh, identity.Origin{})
		wants(t, "after thirty days", err, fault.CodeTokenUnknown)
	})
}

// One that expired and is refreshed needs a place like a new one.
func TestRefreshKeepsTheCap(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		old := h.make(h.Tokens, h.mine(identity.ClientWeb))
		h.clock.Advance(24 * time.Hour)
		current := h.make(h.Tokens, h.mine(identity.ClientWeb))
		h.tick()
		again := h.refresh(old.Refresh)
		h.good("the one in between", h.Tokens, current.Access, fault.CodeTokenKicked)
		h.good("the refreshed one", h.Tokens, again.Access, "")
		h.clock.Advance(23 * time.Hour)
		h.refresh(again.Access)
		h.clock.Advance(2 * time.Hour)
		h.make(h.Tokens, h.mine(identity.ClientWeb))
		h.good("a refreshed one holds its place to its new end", h.Tokens, again.Access, fault.CodeTokenKicked)
	})
}

func TestRefreshAsksWhoStands(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		out := h.make(h.Tokens, h.mine(identity.ClientAPI))
		h.write(func(tx *store.Tx) error {
			p, err := tx.Members.Get(h.org.ID, h.person.Member.ID)
			if err == nil {
				err = p.Member.Suspend()
			}
			if err != nil {
				return err
			}
			return tx.Members.Put(p)
		})
		for _, word := range []string{out.Access, out.Refresh} {
			_, err := h.Refresh(t.Context(), word, identity.Origin{})
			wants(t, "suspended", err, fault.CodeTokenUnknown)
		}
	})
}

func TestRefreshesAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		first := h.make(h.Tokens, h.mine(identity.ClientWeb))
		var work sync.WaitGroup
		for range 16 {
			work.Go(func() {
				out, err := h.Refresh(t.Context(), first.Refresh, identity.Origin{})
				if err != nil || out.Access != first.Access {
					t.Errorf("got %v", err)
				}
			})
		}
		work.Wait()
		h.good("afterwards", h.Tokens, first.Access, "")
	})
}

// A login that ends the oldest token writes the list and then the row. Whoever
// writes both does so in this order, or two would wait for each other.
func TestListBeforeRow(t *testing.T) {
	const list, row = "token_holders", "UPDATE access_tokens"
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := &house{t: t, clock: storetest.NewClock()}
		var mu sync.Mutex
		var order []string
		db := open(storetest.WithClock(h.clock), storetest.With(func(o *store.Options) {
			o.Observe = func(query string) {
				mu.Lock()
				defer mu.Unlock()
				for _, table := range []string{list, row} {
					if strings.Contains(query, table) {
						order = append(order, table)
					}
				}
			}
		}))
		h.Tokens = New(db, Options{Now: h.clock.Now})
		t.Cleanup(h.Close)
		h.furnish()
		for name, act := range map[string]func(word string) error{
			"refresh": func(word string) error { _, err := h.Refresh(t.Context(), word, identity.Origin{}); return err },
			"end":     func(word string) error { return h.End(t.Context(), word, identity.Origin{}) },
		} {
			made := h.make(h.Tokens, h.mine(identity.ClientAPI))
			mu.Lock()
			order = nil
			mu.Unlock()
			if err := act(made.Access); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			mu.Lock()
			if len(order) == 0 || order[0] != list || order[len(order)-1] != row {
				t.Errorf("%s: got %v, want the list first and the row last", name, order)
			}
			mu.Unlock()
		}
	})
}
