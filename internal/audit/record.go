package audit

import (
	"context"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// About is what an event is about.
type About struct {
	Organization identity.OrganizationID // "" for the installation
	Target       string                  // the id of what was changed
	Details      map[string]string       // short, without secrets
}

// Record writes an event inside the caller's transaction.
func Record(tx *store.Tx, actor identity.Actor, what Type, about About) error {
	return tx.Events.Insert(identity.Event{
		ID:             identity.NewEventID(tx.Now()),
		OrganizationID: about.Organization,
		Type:           string(what),
		At:             tx.Now(),
		ActorKind:      actor.Kind,
		ActorID:        actorID(actor),
		ActorName:      actor.Name,
		Target:         about.Target,
		Address:        actor.Origin.Address,
		RequestID:      actor.Origin.RequestID,
		Details:        about.Details,
	})
}

func actorID(actor identity.Actor) string {
	switch {
	case actor.APIToken != "":
		return string(actor.APIToken)
	case actor.MemberID != "":
		return string(actor.MemberID)
	case actor.AccountID != "":
		return string(actor.AccountID)
	case actor.SetupLink != "":
		return string(actor.SetupLink)
	}
	return actor.AppID
}

// Log reads events out.
type Log struct{ db *store.DB }

// NewLog returns the log of a database.
func NewLog(db *store.DB) *Log { return &Log{db} }

// Page returns events, newest first. Whether the caller may see them is the
// surface's question to access beforehand.
func (l *Log) Page(ctx context.Context, q store.EventQuery) (events []identity.Event, err error) {
	err = l.db.View(ctx, func(tx *store.Tx) error {
		events, err = tx.Events.Page(q)
		return err
	})
	return events, err
}
