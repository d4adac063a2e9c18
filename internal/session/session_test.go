package session

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

func TestStartAndCheck(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		n := h.of(h.alice)
		n.SourceID, n.MustChange = "src_x", true
		out := h.start(n)
		now, k := h.clock.Now(), out.Session
		if !strings.HasPrefix(out.Word, "ogs_") || !k.ProvenAt.Equal(now) || !k.IdleEndsAt.Equal(now.Add(30*time.Minute)) || !k.EndsAt.Equal(now.Add(12*time.Hour)) {
			t.Errorf("got %+v", k)
		}
		signed := h.good("at once", out.Word, "")
		if signed.Session.ID != k.ID || !signed.Session.MustChange || signed.Session.SourceID != "src_x" || signed.Session.UserAgent != "Browser/1" {
			t.Errorf("session: got %+v", signed.Session)
		}
		if signed.Account.Name != "alice@acme" || signed.Member.Name != "alice" || signed.Organization.ID != h.acme.ID || signed.Provider {
			t.Errorf("who: got %+v", signed)
		}
		if got := h.events(audit.SessionStarted, "source"); !slices.Equal(got, []string{"src_x"}) {
			t.Errorf("recorded: got %q", got)
		}
		far := h.second()
		if _, err := far.Check(t.Context(), out.Word); err != nil {
			t.Errorf("on another node: %v", err)
		}
	})
}

func TestActor(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		got := h.good("a member", h.start(h.of(h.carol)).Word, "").Actor(origin)
		want := as(h.carol)
		want.Name = "carol"
		if got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		signed := h.good("the provider's", h.start(Start{Account: h.root, Methods: []string{identity.ByPassword}}).Word, "")
		want = identity.Actor{Kind: identity.ActsAsProvider, AccountID: h.root.ID, Name: "Root", Origin: origin}
		if got := signed.Actor(origin); got != want || !signed.Provider {
			t.Errorf("got %+v, want %+v", got, want)
		}
		must := h.of(h.boss)
		must.MustChange = true
		signed = h.good("who must change the password", h.start(must).Word, "")
		if got := signed.Actor(origin); got != identity.Anonymous(origin) {
			t.Errorf("may act: %+v", got)
		}
		if got := signed.Holder(origin); got.MemberID != h.boss.Member.ID || got.Kind != identity.ActsAsMember {
			t.Errorf("holder: got %+v", got)
		}
	})
}

func TestOnlyTheWordProves(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		out := h.start(h.of(h.alice))
		h.tick()
		other := h.start(h.of(h.carol)).Word
		mixed := out.Word[:30] + other[30:]
		for name, word := range map[string]string{
			"none": "", "the id": string(out.Session.ID), "one character less": out.Word[:len(out.Word)-1], "one more": out.Word + "a",
			"capitals": strings.ToUpper(out.Word), "another prefix": "ogk_" + out.Word[4:], "the id of one and the proof of another": mixed,
			"a blank in front": " " + out.Word, "nothing behind the prefix": prefix,
		} {
			h.good(name, word, fault.CodeSessionUnknown)
			if err := h.End(t.Context(), word, identity.EndedBySignOut, origin); !fault.Is(err, fault.CodeSessionUnknown) {
				t.Errorf("%s: ends with %v", name, err)
			}
		}
		h.good("the word", out.Word, "")
	})
}

func TestTheWordIsNotStored(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		out := h.start(h.of(h.alice))
		err := h.db.View(t.Context(), func(tx *store.Tx) error {
			found, err := tx.Lookup.Session(out.Session.ID)
			if len(found.Row.Hash) != 32 || strings.Contains(out.Word, string(found.Row.Hash)) {
				t.Errorf("got a hash of %d bytes", len(found.Row.Hash))
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		n := h.of(h.alice)
		n.Replaces = out.Word
		for _, shown := range []any{out, &out, n, &n} {
			var log strings.Builder
			slog.New(slog.NewTextHandler(&log, nil)).Info("x", "value", shown)
			for _, text := range []string{fmt.Sprint(shown), fmt.Sprintf("%+v", shown), fmt.Sprintf("%#v", shown), log.String()} {
				if strings.Contains(text, out.Word) || strings.Contains(text, out.Word[40:]) {
					t.Errorf("%T shows its word: %s", shown, text)
				}
			}
		}
	})
}

func TestIdleAndAbsoluteEnd(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		word := h.start(h.of(h.alice)).Word
		h.clock.Advance(30*time.Minute - time.Millisecond)
		h.good("just before the idle end", word, "")
		h.clock.Advance(30 * time.Minute)
		h.good("at the idle end", word, fault.CodeSessionExpired)
		h.good("expired, and again", word, fault.CodeSessionExpired)

		word = h.start(h.of(h.alice)).Word
		for range 35 {
			h.clock.Advance(20 * time.Minute)
			h.good("in use", word, "")
		}
		h.clock.Advance(20*time.Minute - time.Millisecond)
		h.good("just before the absolute end", word, "")
		h.tick()
		h.good("at the absolute end", word, fault.CodeSessionExpired)
	})
}

func TestUseIsStoredOnceAMinute(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		out := h.start(h.of(h.alice))
		begun := h.clock.Now()
		for _, step := range []struct {
			later time.Duration
			seen  time.Duration // as stored, since the beginning
		}{{59 * time.Second, 0}, {time.Second, time.Minute}, {59 * time.Second, time.Minute}, {11 * time.Second, 130 * time.Second}} {
			h.clock.Advance(step.later)
			h.good("in use", out.Word, "")
			k := h.row(out.Session.ID)
			if seen := k.SeenAt.Sub(begun); seen != step.seen || !k.IdleEndsAt.Equal(k.SeenAt.Add(30*time.Minute)) {
				t.Errorf("after %s: seen at %s, want %s; idle end %s", h.clock.Now().Sub(begun), seen, step.seen, k.IdleEndsAt)
			}
		}
	})
}

func TestOptions(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.options = Options{Now: h.clock.Now, Idle: time.Hour, Absolute: 30 * time.Minute}.filled()
		k := h.start(h.of(h.alice)).Session
		if want := h.clock.Now().Add(30 * time.Minute); !k.IdleEndsAt.Equal(want) || !k.EndsAt.Equal(want) {
			t.Errorf("got %s and %s, want %s", k.IdleEndsAt, k.EndsAt, want)
		}
		if o := New(h.db, Options{}).Options(); o.Idle != 30*time.Minute || o.Absolute != 12*time.Hour {
			t.Errorf("defaults: got %+v", o)
		}
	})
}

func TestUserAgentIsCleaned(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for sent, want := range map[string]string{
			"":                                "",
			"Mozilla/5.0 (X; Y)":              "Mozilla/5.0 (X; Y)",
			"a\x00b\nc\u202ed\xff":            "abcd",
			strings.Repeat("界", 300) + "tail": strings.Repeat("界", 256),
		} {
			n := h.of(h.alice)
			n.UserAgent = sent
			if got := h.start(n).Session.UserAgent; got != want {
				t.Errorf("%q: got %q, want %q", sent, got, want)
			}
		}
	})
}

// Who proves themselves again goes on in the same session under another word
// (OWASP Session Management Cheat Sheet, "Renew the Session ID After Any
// Privilege Level Change").
func TestTheSamePersonGoesOn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		first := h.start(h.of(h.alice))
		h.clock.Advance(20 * time.Minute)
		n := h.of(h.alice)
		n.Replaces, n.Methods, n.MustChange = first.Word, []string{identity.ByCentre}, true
		again := h.start(n)
		k, now := again.Session, h.clock.Now()
		if k.ID != first.Session.ID || again.Word == first.Word || !k.CreatedAt.Equal(first.Session.CreatedAt) || !k.ProvenAt.Equal(now) {
			t.Errorf("got %+v, of %+v", k, first.Session)
		}
		h.good("the word before", first.Word, fault.CodeSessionUnknown)
		got := h.good("the word", again.Word, "").Session
		if !got.ProvenAt.Equal(now) || !got.EndsAt.Equal(now.Add(12*time.Hour)) || !got.Proven(identity.ByCentre) || !got.MustChange {
			t.Errorf("stored: %+v", got)
		}
		if got := h.events(audit.SessionRenewed, "methods"); !slices.Equal(got, []string{identity.ByCentre}) {
			t.Errorf("recorded: %q", got)
		}
		if got := h.events(audit.SessionEnded, "by"); len(got) != 0 {
			t.Errorf("ended: %q", got)
		}
	})
}
