package entry

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Opening is an application that a person may open, and when they entered it
// last in a session that lives; zero where they did not.
type Opening struct {
	identity.Application
	EnteredAt time.Time
}

// Open returns the applications that the acting member is let into, in the
// order of their names, for the user centre. Access policies are asked when one
// is opened, not before: what they say changes with the hour. Whoever acts for
// no member is Forbidden.
func (e *Entry) Open(ctx context.Context, actor identity.Actor) (all []Opening, err error) {
	if !actor.Somebody() || actor.MemberID == "" {
		return nil, errForbidden
	}
	err = e.db.View(ctx, func(tx *store.Tx) error {
		open, err := tx.Applications.OpenTo(actor.OrganizationID, actor.MemberID)
		if err != nil {
			return err
		}
		entered, err := tx.Participations.OfLive(actor.AccountID)
		if err != nil {
			return err
		}
		last := map[identity.ApplicationID]time.Time{}
		for _, p := range entered { // oldest first
			last[p.ApplicationID] = p.JoinedAt
		}
		for _, a := range open {
			all = append(all, Opening{a, last[a.ID]})
		}
		return nil
	})
	return all, err
}
