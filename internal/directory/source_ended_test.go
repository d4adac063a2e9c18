package directory

import (
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/session"
)

func TestSourcesEndWhatTheyProved(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		corp, twin := h.upstream("corp", identity.SourceRules{Strategy: identity.CreateOnly}), h.upstream("twin", identity.SourceRules{Strategy: identity.CreateOnly})
		sessions := session.New(h.db, session.Options{Now: h.clock.Now})
		open := func(s identity.Source, subject, sid string) string {
			t.Helper()
			return h.enters(s, subject, inBrowser, func(p *SourceProof) { p.Profile.SessionID = sid }).Session.Word
		}
		first, second, other := open(corp, "a", "sid-1"), open(corp, "a", "sid-2"), open(corp, "b", "sid-3")
		twins := open(twin, "a", "sid-1")
		for what, row := range map[string]SourceEnded{
			"nobody": {Source: corp.ID, Subject: "c"}, "nothing": {Source: corp.ID}, "another's": {Source: corp.ID, Subject: "b", Session: "sid-1"},
			"no such source": {Source: "src_x", Subject: "a"},
		} {
			if n, err := h.EndBySource(t.Context(), row); n != 0 || err != nil {
				t.Errorf("%s: ended %d, %v", what, n, err)
			}
		}
		end := func(what string, e SourceEnded, want int) {
			t.Helper()
			if n, err := h.EndBySource(t.Context(), e); n != want || err != nil {
				t.Errorf("%s: ended %d, %v, want %d", what, n, err, want)
			}
		}
		good := func(what, word string, code fault.Code) {
			t.Helper()
			_, err := sessions.Check(t.Context(), word)
			wants(t, what, err, code)
		}
		end("one, by name", SourceEnded{Source: corp.ID, Subject: "a", Session: "sid-1"}, 1)
		good("the named one", first, fault.CodeSessionEnded)
		good("another of the person", second, "")
		end("all of a subject", SourceEnded{Source: corp.ID, Subject: "a"}, 1)
		good("the rest", second, fault.CodeSessionEnded)
		end("by name alone", SourceEnded{Source: corp.ID, Session: "sid-3"}, 1)
		good("somebody else's", other, fault.CodeSessionEnded)
		good("through another source", twins, "")
	})
}
