package signin

import (
	"strings"
	"time"

	"github.com/orgate/orgate/internal/approval"
	"github.com/orgate/orgate/internal/entry"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// lack is why a proof is asked for, for the story where nobody may be asked.
type lack struct {
	check  trace.Check
	detail trace.Detail
}

// unsigned is nobody at the browser.
func (g *gate) unsigned() lack {
	return lack{trace.SessionThere, trace.Detail{Expected: "a session", Received: "none, or one that is over"}}
}

// old is a proof from before the instant that the application demands.
func (g *gate) old() lack {
	return lack{trace.ProofAge, trace.Detail{
		Expected: "proven since " + instant(g.demand.NotBefore), Received: "proven at " + instant(g.signed.Session.ProvenAt),
	}}
}

// elsewhere is a proof that counts in another organisation alone.
func (g *gate) elsewhere() lack {
	return lack{trace.SessionThere, trace.Detail{
		Expected: "a proof of the application's own organisation, or our own password", Received: "a proof of another organisation",
	}}
}

// somebodyElse is not who the application expects.
func (g *gate) somebodyElse(decided entry.Decision) lack {
	return lack{trace.SubjectMatches, trace.Detail{Expected: g.demand.Subject, Received: identity.Hex(decided.Member)}}
}

func instant(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// denied ends the way to the application: the person agrees to nothing.
func (s *Surface) denied(g *gate) error {
	err := s.spent(g, errDenied)
	if err == error(errDenied) { //nolint:errorlint // the very value that was given
		g.story.Check(trace.ConsentGiven, false, trace.Detail{Expected: strings.Join(g.demand.Scopes, " "), Received: "the person refused"})
	}
	return err
}

// noteRequest tells how the wish of somebody who may not enter stands. That it
// cannot be read is no reason to keep the page from them.
func (s *Surface) noteRequest(g *gate, decided entry.Decision) {
	if decided.Verdict != entry.NotMember && decided.Verdict != entry.NotAuthorized {
		return
	}
	standing, err := s.Approval.Standing(g.context(), g.actor(), g.demand.Application)
	if err != nil {
		s.Log.ErrorContext(g.context(), "read how a request to enter stands", "error", err)
		return
	}
	g.story.Note(trace.EntryAsked, trace.Detail{Expected: "an approved request", Received: standingText(standing)})
}

// standingText names how a wish stands.
func standingText(standing approval.Standing) string {
	of := standing.Of()
	kind := "a request to enter: "
	if !standing.Member {
		kind = "a request to join: "
	}
	switch {
	case standing.Foreign:
		return "none: another organisation manages the account"
	case of.State == "":
		return "none yet: the page asks"
	}
	return kind + string(of.State)
}
