package token

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
)

func TestIssueAndCheck(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.clock.Advance(123 * time.Millisecond)
		now := h.clock.Now()
		k := h.mine(identity.ClientAPI)
		k.AppID = h.app.ID
		out := h.make(h.Tokens, k)
		if !strings.HasPrefix(out.Access, "ogt") || !strings.HasPrefix(out.Refresh, "ogr") || len(out.Access) != 80 || out.Access[3:] == out.Refresh[3:] {
			t.Errorf("the words are %d and %d characters", len(out.Access), len(out.Refresh))
		}
		// Meeting API, 3.1: the end is the second of the making plus the life.
		if got := out.Token; !got.CreatedAt.Equal(now) || !got.ExpiresAt.Equal(now.Truncate(time.Second).Add(24*time.Hour)) ||
			!got.RefreshEndsAt.Equal(now.Truncate(time.Second).Add(30*24*time.Hour)) {
			t.Errorf("times: %+v", got)
		}
		for _, what := range []string{"read", "remembered"} {
			b, err := h.Check(t.Context(), out.Access)
			if err != nil || b.Token != out.Token {
				t.Errorf("%s: got %+v, %v, want %+v", what, b.Token, err, out.Token)
			}
			want := identity.Actor{
				Kind: identity.ActsAsMember, AccountID: h.person.Account.ID, MemberID: h.person.Member.ID,
				OrganizationID: h.org.ID, Role: identity.RoleAdministrator, Name: "Alice", AppID: h.app.ID,
			}
			if b.Actor != want {
				t.Errorf("%s: acts as %+v, want %+v", what, b.Actor, want)
			}
		}
	})
}

func TestTokensOfTheProvider(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		provider := h.make(h.Tokens, identity.AccessToken{AccountID: h.operator.ID})
		b, err := h.Check(t.Context(), provider.Access)
		if err != nil || b.Actor.Kind != identity.ActsAsProvider || b.Actor.Name != "Root" || b.Actor.OrganizationID != "" {
			t.Errorf("the provider: got %+v, %v", b.Actor, err)
		}
		h.write(func(tx *store.Tx) error { return tx.Providers.Delete(h.operator.ID) })
		h.good("no administrator any more", h.Tokens, provider.Access, fault.CodeTokenUnknown)
	})
}

func TestOtherWordsAreRefused(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		out := h.make(h.Tokens, h.mine(identity.ClientAPI))
		h.good("itself", h.Tokens, out.Access, "")
		s, _ := ticket.ParseSecret(accessPrefix, out.Access)
		s.Proof[0] ^= 1
		words := map[string]string{
			"the refresh word": out.Refresh, "empty": "", "in capitals": strings.ToUpper(out.Access), "a blank more": out.Access + " ",
			"a character more": out.Access + "a", "twice": out.Access + out.Access, "refresh with the other prefix": accessPrefix + out.Refresh[3:],
			"id with another proof": s.Text(accessPrefix), "never made": ticket.NewSecret(h.clock.Now()).Text(accessPrefix),
		}
		for n := 1; n <= 10; n++ {
			words[fmt.Sprint(n, " characters less")] = out.Access[:len(out.Access)-n]
			words[fmt.Sprint(n, " characters cut in front")] = out.Access[n:]
		}
		for what, word := range words {
			h.good(what, h.Tokens, word, fault.CodeTokenUnknown)
			if _, err := h.Another(t.Context(), word, identity.Origin{}); err == nil {
				t.Errorf("%s gives another token", what)
			}
			if err := h.End(t.Context(), word, identity.Origin{}); err == nil {
				t.Errorf("%s ends a token", what)
			}
			if what != "the refresh word" {
				if _, err := h.Refresh(t.Context(), word, identity.Origin{}); err == nil {
					t.Errorf("%s refreshes a token", what)
				}
			}
		}
		h.good("itself, afterwards", h.Tokens, out.Access, "")
	})
}

// Meeting API, 3.1: the 65th login of client type 72 ends the oldest, the
// second of any other type the first.
func TestCap(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var words []string
		for range 66 {
			words = append(words, h.make(h.Tokens, h.mine(identity.ClientAPI)).Access)
			h.tick()
		}
		for i, word := range words {
			want := fault.Code("")
			if i < 2 {
				want = fault.CodeTokenKicked
			}
			h.good(fmt.Sprint("token ", i), h.Tokens, word, want)
		}
		for _, client := range []identity.ClientType{identity.ClientWeb, identity.ClientPC, identity.ClientMobile, 17} {
			first := h.make(h.Tokens, h.mine(client))
			h.good("first", h.Tokens, first.Access, "")
			h.tick()
			second := h.make(h.Tokens, h.mine(client))
			h.good("first, after the second", h.Tokens, first.Access, fault.CodeTokenKicked)
			h.good("second", h.Tokens, second.Access, "")
			_, err := h.Refresh(t.Context(), first.Refresh, identity.Origin{})
			wants(t, "refresh of one that fell", err, fault.CodeTokenKicked)
		}
		h.good("other client types take no place", h.Tokens, words[2], "")
	})
}

func TestWhatHasEndedTakesNoPlace(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		old := h.make(h.Tokens, h.mine(identity.ClientAPI))
		h.clock.Advance(24 * time.Hour)
		var words []string
		for range 64 {
			words = append(words, h.make(h.Tokens, h.mine(identity.ClientAPI)).Access)
			h.tick()
		}
		h.good("one that expired", h.Tokens, old.Access, fault.CodeTokenUnknown)
		h.good("the oldest of 64", h.Tokens, words[0], "")
		if err := h.End(t.Context(), words[30], identity.Origin{}); err != nil {
			t.Fatal(err)
		}
		h.make(h.Tokens, h.mine(identity.ClientAPI))
		h.good("the oldest, where one was given back", h.Tokens, words[0], "")
		h.tick()
		h.make(h.Tokens, h.mine(identity.ClientAPI))
		h.good("the oldest, one later", h.Tokens, words[0], fault.CodeTokenKicked)
	})
}

func TestCapHoldsUnderRace(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		nodes := []*Tokens{h.Tokens, h.second()}
		for client, limit := range map[identity.ClientType]int{identity.ClientAPI: 64, identity.ClientWeb: 1} {
			words := make([]string, 32*4)
			var work sync.WaitGroup
			for i := range 32 {
				work.Go(func() {
					for j := range 4 {
						words[4*i+j] = h.make(nodes[i%2], h.mine(client)).Access
					}
				})
			}
			work.Wait()
			live := 0
			for _, word := range words {
				_, err := h.Check(t.Context(), word)
				if err == nil {
					live++
				} else {
					wants(t, "the others", err, fault.CodeTokenKicked)
				}
			}
			if live != limit {
				t.Errorf("client type %d: %d of %d live, want %d", client, live, len(words), limit)
			}
		}
	})
}

func TestEnd(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		out, other := h.make(h.Tokens, h.mine(identity.ClientAPI)), h.make(h.Tokens, h.mine(identity.ClientAPI))
		h.good("before", h.Tokens, out.Access, "")
		wants(t, "end", h.End(t.Context(), out.Access, identity.Origin{}), "")
		h.good("after", h.Tokens, out.Access, fault.CodeTokenUnknown)
		wants(t, "again", h.End(t.Context(), out.Access, identity.Origin{}), fault.CodeTokenUnknown)
		_, err := h.Refresh(t.Context(), out.Refresh, identity.Origin{})
		wants(t, "its refresh word", err, fault.CodeTokenUnknown)
		h.good("another of the same person", h.Tokens, other.Access, "")
	})
}

func TestAnother(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		out := h.make(h.Tokens, h.mine(identity.ClientAPI))
		more, err := h.Another(t.Context(), out.Access, identity.Origin{})
		if err != nil || more.Access == out.Access || more.Token.MemberID != out.Token.MemberID {
			t.Errorf("got %+v, %v", more.Token, err)
		}
		h.good("the first", h.Tokens, out.Access, "")
		h.good("the second", h.Tokens, more.Access, "")
		web := h.make(h.Tokens, h.mine(identity.ClientWeb))
		h.tick()
		if _, err := h.Another(t.Context(), web.Access, identity.Origin{}); err != nil {
			t.Error(err)
		}
		h.good("where one place is all", h.Tokens, web.Access, fault.CodeTokenKicked)
		_, err = h.Another(t.Context(), web.Access, identity.Origin{})
		wants(t, "for one that fell", err, fault.CodeTokenKicked)
	})
}

func TestWordsAreNotPrinted(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		out := h.make(h.Tokens, h.mine(identity.ClientAPI))
		if text := fmt.Sprintf("%v %+v %#v %s", out, out, out, out.LogValue()); strings.Contains(text, out.Access) || strings.Contains(text, out.Refresh) {
			t.Errorf("printed: %s", text)
		}
	})
}
