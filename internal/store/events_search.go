package store

import (
	"strings"
	"time"

	"github.com/orgate/orgate/internal/identity"
)

// EventSearch narrows a page of events beyond what EventQuery does. Empty fields
// do not narrow.
type EventSearch struct {
	EventQuery
	Types    []string // one of these
	Except   []string // none of these
	From, To time.Time
	Actor    string // the identifier or the exact name of who acted
	Person   string // the identifier of who acted, or of what was acted upon
	Address  string
}

// EventsAtOnce is how many events one search looks through. A search for what is
// rare costs no more than that, whatever the log holds, and goes on where it
// stopped.
const EventsAtOnce = 10_000

// Search returns up to q.Limit events, newest first, and before which one the
// search goes on, "" when all was looked through. A page may be short, or empty,
// and yet not the last.
func (t Events) Search(q EventSearch) (found []identity.Event, next identity.EventID, err error) {
	n := q.scope()
	stretch := ` FROM events WHERE ` + strings.Join(n.conditions, ` AND `) + ` ORDER BY id DESC LIMIT ` + n.arg(EventsAtOnce)
	scope := n.args
	n.conditions = []string{`1 = 1`}
	q.filter(n)
	const columns = `id, organization_id, type, at, actor_kind, actor_id, actor_name, target, address, request_id, details`
	query := `SELECT ` + columns + ` FROM (SELECT ` + columns + stretch + `) e WHERE ` + strings.Join(n.conditions, ` AND `) +
		` ORDER BY id DESC LIMIT ` + n.arg(q.Limit+1)
	if found, err = list(t.c, scanEvent, query, n.args...); err != nil {
		return nil, "", err
	}
	if len(found) > q.Limit {
		return found[:q.Limit], found[q.Limit-1].ID, nil
	}
	var looked int
	err = t.c.row(`SELECT coalesce(min(id), ''), count(*) FROM (SELECT id`+stretch+`) e`, scope...).scan(&next, &looked)
	if looked < EventsAtOnce {
		next = ""
	}
	return found, next, err
}

// scope is the stretch of the log that an index leads to.
func (q EventSearch) scope() *narrow {
	n := &narrow{}
	if !q.All {
		n.and(`organization_id = `, q.Organization)
	}
	before := q.Before
	if !q.To.IsZero() {
		if end := identity.OldestEventID(q.To); before == "" || end < before {
			before = end
		}
	}
	if before == "" {
		before = "evt_~"
	}
	n.and(`id < `, before)
	if !q.From.IsZero() {
		n.and(`id >= `, identity.OldestEventID(q.From))
	}
	return n
}

// filter adds what is looked at row by row.
func (q EventSearch) filter(n *narrow) {
	if q.Type != "" {
		n.and(`type = `, q.Type)
	}
	if q.Types != nil {
		n.also(`type IN ` + n.values(q.Types))
	}
	if len(q.Except) > 0 {
		n.also(`type NOT IN ` + n.values(q.Except))
	}
	if q.Actor != "" {
		actor := n.arg(q.Actor)
		n.also(`(actor_id = ` + actor + ` OR actor_name = ` + actor + `)`)
	}
	if q.Person != "" {
		person := n.arg(q.Person)
		n.also(`(actor_id = ` + person + ` OR target = ` + person + `)`)
	}
	if q.Address != "" {
		n.and(`address = `, q.Address)
	}
}

// values is a list of arguments in brackets; an empty one holds what no column
// has.
func (n *narrow) values(texts []string) string {
	places := make([]string, 0, len(texts)+1)
	for _, text := range texts {
		places = append(places, n.arg(text))
	}
	if len(places) == 0 {
		places = append(places, n.arg(""))
	}
	return `(` + strings.Join(places, `, `) + `)`
}
