package directory

import (
	"context"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/store"
)

// SourceEnded is what an authentication source told of the end of a session
// there. That it is the source that told it has been verified before
// (source.Ended). At least one of Subject and Session is set.
type SourceEnded struct {
	Source  identity.SourceID
	Subject string // whose session it was, "" where it was not told
	Session string // the source's own name for it, "" for all of the subject
	Origin  identity.Origin
}

// EndBySource ends the sessions of which a source told that they are over there:
// the one that it named, else all that it proved of the subject. It returns how
// many there were; a subject whom nobody is linked with has none. What another
// source proved, or our own password, goes on.
func (d *Directory) EndBySource(ctx context.Context, e SourceEnded) (n int, err error) {
	err = d.db.Act(ctx, store.ActSession, func(tx *store.Tx) error {
		n = 0
		tx.NoEvent("no session was open, or each end is recorded")
		at := session.AtSource{Source: e.Source, Session: e.Session}
		if e.Subject != "" {
			link, err := tx.Links.Find(e.Source, e.Subject)
			if fault.KindOf(err) == fault.NotFound {
				return nil
			}
			if err != nil {
				return err
			}
			p, err := tx.Members.Get(link.OrganizationID, link.MemberID)
			if err != nil {
				return err
			}
			at.Account = p.Account.ID
		}
		n, err = session.EndAtSource(tx, at, identity.EndedBySource, e.Origin)
		return err
	})
	return n, err
}
