package application

import (
	"context"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// clients keeps applications by their client id until the change feed says that
// one changed, or its organisation.
type clients struct {
	fresh   *store.Freshness
	known   *store.Cache[identity.Application]
	unknown *store.Cache[struct{}]
}

func newClients(feed *store.Feed, size int) *clients {
	fresh := store.NewFreshness(feed, store.TopicApplication, store.TopicOrganization)
	return &clients{
		fresh: fresh, known: store.NewCache[identity.Application](fresh, size),
		unknown: store.NewCache[struct{}](fresh, unknownSize),
	}
}

func (c *clients) close() { c.fresh.Close() }

var errUnknown = fault.New(fault.NotFound, fault.CodeApplicationNotFound)

// Find returns an application by its client id, or NotFound
// (application_not_found). One that is disabled is found too. What it returns
// is shared: its lists are to be read only.
func (a *Applications) Find(ctx context.Context, clientID string) (identity.Application, error) {
	if identity.CheckClientID(clientID) != nil {
		return identity.Application{}, errUnknown
	}
	if app, ok := a.clients.known.Get(clientID); ok {
		return a.unlessOver(app)
	}
	if _, ok := a.clients.unknown.Get(clientID); ok {
		return identity.Application{}, errUnknown
	}
	since := a.clients.fresh.Now()
	var app identity.Application
	err := a.db.View(ctx, func(tx *store.Tx) (err error) {
		app, err = tx.Lookup.ApplicationByClientID(clientID)
		return err
	})
	switch {
	case fault.Is(err, fault.CodeApplicationNotFound):
		clientID = strings.Clone(clientID)
		a.clients.unknown.Put(since, clientID, struct{}{}, clientID)
		return identity.Application{}, err
	case err != nil:
		return identity.Application{}, err
	}
	a.clients.known.Put(since, app.ClientID, app, string(app.ID), string(app.OrganizationID))
	return a.unlessOver(app)
}

// unlessOver is an application, or NotFound where it stands in for a try whose
// time has passed and that was not swept yet.
func (a *Applications) unlessOver(app identity.Application) (identity.Application, error) {
	if app.Tried() && !a.options.Now().Before(app.CreatedAt.Add(identity.TryRun)) {
		return identity.Application{}, errUnknown
	}
	return app, nil
}
