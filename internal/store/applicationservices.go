package store

import (
	"slices"

	"github.com/orgate/orgate/internal/identity"
)

// ApplicationsAt returns the applications that have services at an origin, as
// identity.ServiceOrigin writes it, oldest first, without who may enter them.
func (t Lookup) ApplicationsAt(origin string) ([]identity.Application, error) {
	return list(t.c, scanApplication, `SELECT `+applicationColumns+` FROM application_services x
		JOIN applications a ON a.id = x.application_id WHERE x.origin = $1 ORDER BY a.id`, origin)
}

// serviceOrigins are where an application is found by its services.
func (t Applications) serviceOrigins(id identity.ApplicationID) (origins []string, err error) {
	err = t.c.each(`SELECT origin FROM application_services WHERE application_id = $1`, []any{id}, func(scan func(...any) error) error {
		var origin string
		err := scan(&origin)
		origins = append(origins, origin)
		return err
	})
	return origins, err
}

// putServices writes where an application is found, where that differs from what
// is stored. What is tried is found nowhere. Whoever remembers who is at an
// origin has to look again.
func (t Applications) putServices(a identity.Application, was []string) error {
	var now []string
	if !a.Tried() {
		now = a.ServiceOrigins()
	}
	for _, origin := range now {
		if slices.Contains(was, origin) {
			continue
		}
		if err := t.c.later(`INSERT INTO application_services (origin, application_id) VALUES ($1, $2)`, origin, a.ID); err != nil {
			return err
		}
		if err := t.c.tx.Changed(TopicApplication, origin); err != nil {
			return err
		}
	}
	for _, origin := range was {
		if slices.Contains(now, origin) {
			continue
		}
		if err := t.c.later(`DELETE FROM application_services WHERE origin = $1 AND application_id = $2`, origin, a.ID); err != nil {
			return err
		}
		if err := t.c.tx.Changed(TopicApplication, origin); err != nil {
			return err
		}
	}
	return nil
}
