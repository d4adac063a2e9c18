package store

import (
	"encoding/json"
	"net/netip"
	"time"

	"github.com/orgate/orgate/internal/identity"
)

// Events is the table of audit facts. It is only ever added to and swept.
type Events struct{ c *conn }

// EventQuery narrows a page of events. Empty fields do not narrow.
type EventQuery struct {
	Organization identity.OrganizationID // "" with All unset means the installation's own
	All          bool
	Type         string
	Before       identity.EventID // events older than this one
	Limit        int
}

// Insert adds an event.
func (t Events) Insert(e identity.Event) error {
	details, err := attributesText(e.Details)
	if err != nil {
		return err
	}
	t.c.recorded()
	return t.c.later(`INSERT INTO events (id, organization_id, type, at, actor_kind, actor_id, actor_name, target, address,
		request_id, details) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		e.ID, e.OrganizationID, e.Type, ms(e.At), e.ActorKind, e.ActorID, e.ActorName, e.Target, addressText(e.Address),
		e.RequestID, details)
}

// Page returns up to q.Limit events, newest first.
func (t Events) Page(q EventQuery) ([]identity.Event, error) {
	before := q.Before
	if before == "" {
		before = "evt_~"
	}
	const columns = `SELECT id, organization_id, type, at, actor_kind, actor_id, actor_name, target, address, request_id, details
		FROM events `
	if q.All {
		return list(t.c, scanEvent, columns+`WHERE id < $1 AND ($2 = '' OR type = $2) ORDER BY id DESC LIMIT $3`,
			before, q.Type, q.Limit)
	}
	return list(t.c, scanEvent, columns+`WHERE organization_id = $1 AND id < $2 AND ($3 = '' OR type = $3) ORDER BY id DESC LIMIT $4`,
		q.Organization, before, q.Type, q.Limit)
}

// Between returns up to limit events after one and before another, oldest
// first.
func (t Events) Between(after, before identity.EventID, limit int) ([]identity.Event, error) {
	return list(t.c, scanEvent, `SELECT id, organization_id, type, at, actor_kind, actor_id, actor_name, target, address, request_id, details
		FROM events WHERE id > $1 AND id < $2 ORDER BY id LIMIT $3`, after, before, limit)
}

// CountSince returns how many events of an organisation were made since an
// instant, but for those of some types.
func (t Events) CountSince(org identity.OrganizationID, since time.Time, besides []string) (int, error) {
	n := within(`organization_id`, org)
	n.and(`id >= `, identity.OldestEventID(since))
	n.also(`type NOT IN ` + n.values(besides))
	return t.c.counted(n, `events`)
}

// EventsSince says which events of an organisation are read.
type EventsSince struct {
	Since   time.Time
	After   identity.EventID // after this one too; "" does not narrow
	Besides []string         // the types that are left out
	Limit   int
}

// Since returns events of an organisation, oldest first.
func (t Events) Since(org identity.OrganizationID, q EventsSince) ([]identity.Event, error) {
	n := within(`organization_id`, org)
	n.and(`id >= `, identity.OldestEventID(q.Since))
	n.and(`id > `, q.After)
	n.also(`type NOT IN ` + n.values(q.Besides))
	return list(t.c, scanEvent, `SELECT id, organization_id, type, at, actor_kind, actor_id, actor_name, target, address, request_id, details
		FROM events WHERE `+n.all()+` ORDER BY id LIMIT `+n.arg(q.Limit), n.args...)
}

func scanEvent(scan func(...any) error) (e identity.Event, err error) {
	var when int64
	var address, details string
	if err = scan(&e.ID, &e.OrganizationID, &e.Type, &when, &e.ActorKind, &e.ActorID, &e.ActorName, &e.Target, &address,
		&e.RequestID, &details); err != nil {
		return e, err
	}
	e.At = at(when)
	e.Address, _ = netip.ParseAddr(address)
	return e, json.Unmarshal([]byte(details), &e.Details)
}
