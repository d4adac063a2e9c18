package session

import (
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// endAtSource is EndAtSource in a transaction of its own.
func (h *house) endAtSource(at AtSource) (n int) {
	h.t.Helper()
	h.write(func(tx *store.Tx) (err error) {
		n, err = EndAtSource(tx, at, identity.EndedBySource, origin)
		return err
	})
	return n
}

// A source ends exactly what it opened: the session that it names, or all of an
// account.
func TestEndAtSource(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		open := func(p identity.Person, source identity.SourceID, name string) string {
			t.Helper()
			n := h.of(p)
			n.SourceID, n.SourceSession = source, name
			return h.start(n).Word
		}
		first, second, other := open(h.alice, "src_1", "sid-1"), open(h.alice, "src_1", "sid-2"), open(h.alice, "src_2", "sid-1")
		own, carols := open(h.alice, "", ""), open(h.carol, "src_1", "")
		for what, at := range map[string]AtSource{
			"nothing": {}, "no source": {Session: "sid-1", Account: h.alice.Account.ID}, "neither": {Source: "src_1"},
			"unknown": {Source: "src_1", Session: "sid-9"}, "another's": {Source: "src_1", Session: "sid-1", Account: h.carol.Account.ID},
		} {
			if n := h.endAtSource(at); n != 0 {
				t.Errorf("%s: ended %d", what, n)
			}
		}
		if n := h.endAtSource(AtSource{Source: "src_1", Session: "sid-1"}); n != 1 {
			t.Errorf("by name: ended %d", n)
		}
		h.good("the named one", first, fault.CodeSessionEnded)
		h.good("another of the source", second, "")
		if n := h.endAtSource(AtSource{Source: "src_1", Account: h.alice.Account.ID}); n != 1 {
			t.Errorf("by account: ended %d", n)
		}
		h.good("all of the source", second, fault.CodeSessionEnded)
		for what, word := range map[string]string{"another source's": other, "our own": own, "carol's": carols} {
			h.good(what, word, "")
		}
		if n := len(h.events(audit.SessionEnded, "by")); n != 2 {
			t.Errorf("recorded %d ends", n)
		}
		long := h.of(h.alice)
		long.SourceID, long.SourceSession = "src_1", strings.Repeat("x", 1025)
		if k := h.start(long).Session; k.SourceSession != "" {
			t.Error("a name that is none was kept")
		}
	})
}
