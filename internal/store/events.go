package store

import (
	"encoding/json"
	"net/netip"
	"time"

	"github.com/orgate/orgate/internal/fault"
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

// Traces is the table of sign-in stories, kept for days and lossy by design.
type Traces struct{ c *conn }

// TraceRow is a stored story; its checks are JSON that trace understands.
type TraceRow struct {
	ID             identity.TraceID
	Code           string // eight characters, shown to people
	RequestID      string
	OrganizationID identity.OrganizationID
	Kind           string
	Outcome        string
	At             time.Time
	Story          []byte
}

// Insert adds a story.
func (t Traces) Insert(r TraceRow) error {
	_, err := t.c.exec(`INSERT INTO traces (id, code, request_id, organization_id, kind, outcome, at, story)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		r.ID, r.Code, r.RequestID, r.OrganizationID, r.Kind, r.Outcome, ms(r.At), string(r.Story))
	return err
}

// Find returns the newest stories under a code or a request id, at most ten.
func (t Traces) Find(text string) ([]TraceRow, error) {
	return list(t.c, scanTrace, `SELECT id, code, request_id, organization_id, kind, outcome, at, story FROM traces
		WHERE code = $1 OR request_id = $1 ORDER BY id DESC LIMIT 10`, text)
}

// Page returns up to limit stories of an organisation older than before,
// newest first.
func (t Traces) Page(org identity.OrganizationID, before identity.TraceID, limit int) ([]TraceRow, error) {
	if before == "" {
		before = "trc_~"
	}
	return list(t.c, scanTrace, `SELECT id, code, request_id, organization_id, kind, outcome, at, story FROM traces
		WHERE organization_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`, org, before, limit)
}

func scanTrace(scan func(...any) error) (r TraceRow, err error) {
	var when int64
	err = scan(&r.ID, &r.Code, &r.RequestID, &r.OrganizationID, &r.Kind, &r.Outcome, &when, &r.Story)
	r.At = at(when)
	return r, err
}

// Newest returns the id of the story that has n-1 younger ones, "" when there
// are not as many.
func (t Traces) Newest(n int) (id identity.TraceID, err error) {
	err = t.c.row(`SELECT id FROM traces ORDER BY id DESC LIMIT 1 OFFSET $1`, n-1).scan(&id)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return "", nil
	}
	return id, err
}

// Sweep deletes up to limit stories older than one, and reads no others.
func (t Traces) Sweep(below identity.TraceID, limit int) (int64, error) {
	return t.c.exec(`DELETE FROM traces WHERE id IN (SELECT id FROM traces WHERE id < $1 ORDER BY id LIMIT $2)`, below, limit)
}
