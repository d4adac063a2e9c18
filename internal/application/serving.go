package application

import (
	"context"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// origins keeps by scheme, host and port which applications have services there,
// until the change feed says that it changed. Those where nobody has one are
// remembered apart, because anybody can ask.
type origins struct {
	known   *store.Cache[[]string] // client ids
	unknown *store.Cache[struct{}]
}

func newOrigins(fresh *store.Freshness, size int) *origins {
	return &origins{known: store.NewCache[[]string](fresh, size), unknown: store.NewCache[struct{}](fresh, unknownSize)}
}

var errNoService = fault.New(fault.NotFound, fault.CodeServiceUnknown)

// Serving returns the application whose service an address is (CAS), or NotFound
// (cas_service_unknown). One that is disabled is found too. What it returns is
// shared: its lists are to be read only.
func (a *Applications) Serving(ctx context.Context, service string) (identity.Application, error) {
	origin := identity.ServiceOrigin(service)
	if origin == "" {
		return identity.Application{}, errNoService
	}
	there, err := a.at(ctx, origin)
	if err != nil {
		return identity.Application{}, err
	}
	for _, clientID := range there {
		app, err := a.Find(ctx, clientID)
		switch {
		case fault.KindOf(err) == fault.NotFound: // removed since
		case err != nil:
			return identity.Application{}, err
		case app.Serves(service):
			return app, nil
		}
	}
	return identity.Application{}, errNoService
}

// at returns the client ids of those who have services at an origin.
func (a *Applications) at(ctx context.Context, origin string) ([]string, error) {
	if there, ok := a.origins.known.Get(origin); ok {
		return there, nil
	}
	if _, ok := a.origins.unknown.Get(origin); ok {
		return nil, nil
	}
	since := a.clients.fresh.Now()
	var found []identity.Application
	err := a.db.View(ctx, func(tx *store.Tx) (err error) {
		found, err = tx.Lookup.ApplicationsAt(origin)
		return err
	})
	if err != nil {
		return nil, err
	}
	origin = strings.Clone(origin)
	if len(found) == 0 {
		a.origins.unknown.Put(since, origin, struct{}{}, origin)
		return nil, nil
	}
	there := make([]string, len(found))
	for i, app := range found {
		there[i] = app.ClientID
	}
	a.origins.known.Put(since, origin, there, origin)
	return there, nil
}

// checkServices keeps two applications from claiming one service, and two
// organisations from having services at one host: what lies there would let in
// the people of both.
func checkServices(tx *store.Tx, app identity.Application) error {
	for _, origin := range app.ServiceOrigins() {
		others, err := tx.Lookup.ApplicationsAt(origin)
		if err != nil {
			return err
		}
		for _, other := range others {
			if other.ID == app.ID {
				continue
			}
			address, field := app.SharedService(other)
			if other.OrganizationID != app.OrganizationID {
				address, field = origin, "home_urls"
			}
			if address != "" {
				return fault.New(fault.Conflict, fault.CodeServiceTaken).At(field).With("url", address)
			}
		}
	}
	return nil
}
