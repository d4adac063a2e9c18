package source

import (
	"context"
	"net/url"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
	"github.com/orgate/orgate/internal/trace"
)

// Ended names the sessions that are over because a source said so: the one
// session SessionID (identity.Profile), or all that Subject has through the
// source where no session is named. At least one of the two is set.
type Ended struct {
	Subject, SessionID string
}

// teller is a source that tells when somebody's session there has ended.
type teller interface {
	// told reads what the source posted and verifies it, or fails as Finish
	// does.
	told(ctx context.Context, form url.Values, s *trace.Story) (notice, error)
}

// notice is a message that a session is over.
type notice struct {
	ended Ended
	// word is remembered until an instant, so that the message counts once; ""
	// for one that may come again.
	word  string
	until time.Time
}

// tellsOfEnds reports whether sources of a kind tell of the end of sessions.
func tellsOfEnds(of identity.SourceKind) bool {
	return kinds()[of].tells
}

// Ended reads what a source posted to tell that a session there is over, and
// verifies that it comes from the source. It is Unauthenticated (source_failed)
// when it does not, or was told before, and NotFound (sso_unknown) for a source
// that tells nothing.
func (s *Sources) Ended(ctx context.Context, found Found, form url.Values, story *trace.Story) (Ended, error) {
	story.About(found.Source.OrganizationID, "")
	opened, err := s.open(found)
	if err != nil {
		return Ended{}, err
	}
	t, ok := opened.(teller)
	if !ok {
		return Ended{}, errUnknown
	}
	n, err := t.told(ctx, form, story)
	if err != nil || n.word == "" {
		return n.ended, err
	}
	err = s.db.Act(ctx, store.ActTicket, func(tx *store.Tx) error {
		space := "source:" + string(found.Source.ID)
		return ticket.Claim(tx, space, n.word, n.until, fault.New(fault.Unauthenticated, fault.CodeSourceFailed))
	})
	if fault.KindOf(err) == fault.Unauthenticated {
		story.Check(trace.LogoutFresh, false, trace.Detail{Expected: "a message that did not come before", Received: "one that did"})
		return Ended{}, refused(trace.LogoutFresh)
	}
	return n.ended, err
}
