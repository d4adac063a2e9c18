package grant

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

func TestRotate(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		first := h.enter()
		h.clock.Advance(time.Hour)
		second, err := h.second().Rotate(t.Context(), h.app, first.Refresh, nil)
		if err != nil {
			t.Fatal(err)
		}
		now := h.clock.Now()
		g := second.Grant
		if second.Refresh == first.Refresh || second.Access == first.Access || g.ID != first.Grant.ID || g.Round != 2 || !g.RoundAt.Equal(now) ||
			!g.EndsAt.Equal(now.Add(h.app.OAuth.RefreshLife)) || !second.AccessEnd.Equal(now.Add(2*time.Hour)) || g.Nonce != "n-0S6" {
			t.Errorf("got %+v", g)
		}
		h.counts("the new access token", h.Grants, second.Access, "")
		h.counts("the access token of before, until it ends", h.Grants, first.Access, "")
		h.counts("the refresh token of before", h.Grants, first.Refresh, fault.CodeTokenRevoked)
		h.counts("the new refresh token", h.Grants, second.Refresh, "")
		h.clock.Advance(time.Hour)
		h.counts("the access token of before, after its end", h.Grants, first.Access, fault.CodeTokenExpired)
		h.clock.Advance(h.app.OAuth.RefreshLife - time.Hour)
		h.counts("a refresh token after its end", h.Grants, second.Refresh, fault.CodeTokenExpired)
		h.rotate("after its end", second.Refresh, fault.CodeGrantInvalid)
	})
}

// TestReuseEndsTheGrant: RFC 9700, 4.14.2.
func TestReuseEndsTheGrant(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		first := h.enter()
		second := h.rotate("first", first.Refresh, "")
		h.rotate("first again", first.Refresh, fault.CodeGrantInvalid)
		h.counts("the access token", h.Grants, second.Access, fault.CodeTokenRevoked)
		h.counts("the access token, elsewhere", h.second(), second.Access, fault.CodeTokenRevoked)
		h.rotate("second", second.Refresh, fault.CodeGrantInvalid)
		if n := h.events("grant.reused"); n != 1 {
			t.Errorf("%d events, want 1", n)
		}
	})
}

func TestGrace(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.change(func(a *identity.Application) { a.OAuth.RefreshGrace = 10 * time.Second })
		first := h.enter()
		second := h.rotate("first", first.Refresh, "")
		h.clock.Advance(9 * time.Second)
		again := h.rotate("first, within the grace", first.Refresh, "")
		if again.Refresh != second.Refresh || again.Access != second.Access || !again.AccessEnd.Equal(second.AccessEnd) {
			t.Error("got other tokens than those that took its place")
		}
		third := h.rotate("second", second.Refresh, "")
		h.rotate("second, within the grace", second.Refresh, "")
		h.clock.Advance(10 * time.Second)
		h.rotate("second, after the grace", second.Refresh, fault.CodeGrantInvalid)
		h.rotate("third", third.Refresh, fault.CodeGrantInvalid)
	})
}

func TestTheGraceIsForTheLastTokenAlone(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.change(func(a *identity.Application) { a.OAuth.RefreshGrace = time.Minute })
		first := h.enter()
		third := h.rotate("second", h.rotate("first", first.Refresh, "").Refresh, "")
		h.rotate("first, two rounds later", first.Refresh, fault.CodeGrantInvalid)
		h.rotate("third", third.Refresh, fault.CodeGrantInvalid)
	})
}

// TestAnotherApplicationsToken: attack row 17; the token is in two hands.
func TestAnotherApplicationsToken(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		out := h.enter()
		_, err := h.Rotate(t.Context(), h.other, out.Refresh, nil)
		wants(t, "at another application", err, fault.CodeGrantInvalid)
		h.rotate("at its own, afterwards", out.Refresh, fault.CodeGrantInvalid)
	})
}

// TestWrongTokensHaveNoEffect: attack row 36 among them.
func TestWrongTokensHaveNoEffect(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		out := h.enter()
		next := "A"
		if strings.HasSuffix(out.Refresh, next) {
			next = "B"
		}
		wrong := []string{
			"", "oggr_", out.Refresh[:len(out.Refresh)-1], out.Refresh + "A", out.Refresh + "=", strings.ToUpper(out.Refresh),
			out.Refresh[:len(out.Refresh)-1] + next, "\n" + out.Refresh, out.Refresh[:20] + "\n" + out.Refresh[20:],
			"ogga_" + strings.TrimPrefix(out.Refresh, "oggr_"), "oggr_" + strings.TrimPrefix(out.Access, "ogga_"),
			(word{refresh: true, id: [16]byte{1}, round: 1}).text(newSeed()),
			(word{refresh: true, id: idOf(t, out), round: 1}).text(newSeed()),
			(word{refresh: true, id: idOf(t, out), round: 0}).text(make([]byte, seedSize)),
			strings.Repeat("a", 1<<16),
		}
		for _, text := range append(wrong, out.Access) {
			h.rotate(text, text, fault.CodeGrantInvalid)
		}
		for _, text := range wrong {
			h.counts(text, h.Grants, text, fault.CodeTokenUnknown)
		}
		h.counts("the true one", h.Grants, out.Access, "")
		h.rotate("the true one", out.Refresh, "")
	})
}

func idOf(t *testing.T, out identity.Issued) [16]byte {
	t.Helper()
	u, ok := identity.UUID(out.Grant.ID)
	if !ok {
		t.Fatalf("no UUID in %s", out.Grant.ID)
	}
	return u
}

func TestScopesNarrowTheAccessTokenAlone(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		first := h.enter()
		narrow, err := h.Rotate(t.Context(), h.app, first.Refresh, []string{"email", "openid"})
		want := []string{"openid", "email"}
		if err != nil || !slices.Equal(narrow.Grant.Scopes, want) {
			t.Fatalf("got %v, %v; want %v", narrow.Grant.Scopes, err, want)
		}
		i, err := h.Inspect(t.Context(), narrow.Access)
		if err != nil || !slices.Equal(i.Grant.Scopes, want) {
			t.Errorf("the access token has %v, %v; want %v", i.Grant.Scopes, err, want)
		}
		i, err = h.Inspect(t.Context(), first.Access)
		if err != nil || !slices.Equal(i.Grant.Scopes, first.Grant.Scopes) {
			t.Errorf("the access token of before has %v, %v; want %v", i.Grant.Scopes, err, first.Grant.Scopes)
		}
		_, err = h.Rotate(t.Context(), h.app, narrow.Refresh, []string{"openid", "offline_access"})
		wants(t, "a scope that was not granted", err, fault.CodeOAuthScope)
		if all := h.rotate("all", narrow.Refresh, ""); !slices.Equal(all.Grant.Scopes, first.Grant.Scopes) {
			t.Errorf("got %v, want %v", all.Grant.Scopes, first.Grant.Scopes)
		}
	})
}

// TestOneOfManyRotates: a token that fifty present at once, on two nodes.
func TestOneOfManyRotates(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		nodes := []*Grants{h.Grants, h.second()}
		out := h.enter()
		won, access := h.race(nodes, out.Refresh)
		if won != 1 {
			t.Fatalf("%d of 50 got tokens, want 1", won)
		}
		h.counts("the winner's token", h.second(), access, fault.CodeTokenRevoked)
	})
}

// TestManyRotateWithinTheGrace: all get the tokens of the one next round.
func TestManyRotateWithinTheGrace(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.change(func(a *identity.Application) { a.OAuth.RefreshGrace = time.Minute })
		out := h.enter()
		won, access := h.race([]*Grants{h.Grants, h.second()}, out.Refresh)
		if won != 50 {
			t.Errorf("%d of 50 got tokens, want all", won)
		}
		h.counts("the token", h.second(), access, "")
		if i, err := h.Stands(t.Context(), out.Grant.ID); err != nil || i.Grant.Round != 2 {
			t.Errorf("round %d, %v; want 2", i.Grant.Round, err)
		}
	})
}

// race presents one refresh token fifty times and returns how often there were
// tokens, and one of the access tokens.
func (h *house) race(nodes []*Grants, refresh string) (int32, string) {
	h.t.Helper()
	var won atomic.Int32
	var access atomic.Pointer[string]
	var work sync.WaitGroup
	for i := range 50 {
		work.Go(func() {
			out, err := nodes[i%len(nodes)].Rotate(h.t.Context(), h.app, refresh, nil)
			switch {
			case err == nil:
				won.Add(1)
				access.Store(&out.Access)
			case !fault.Is(err, fault.CodeGrantInvalid):
				h.t.Errorf("got %v", err)
			}
		})
	}
	work.Wait()
	if won.Load() == 0 {
		return 0, ""
	}
	return won.Load(), *access.Load()
}
