package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/bulk"
	"github.com/orgate/orgate/internal/identity"
)

// The bounds of one file of events: rows, and how often the log is searched for
// them.
const (
	exportedEvents = 10_000
	exportPage     = 1_000
	exportSearches = 20
)

// eventFile is a part of the log as a file.
type eventFile struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Link        string `header:"Link" doc:"Where the log goes on when the file does not hold all, as in RFC 8288, with the relation next."`
	Body        func(ctx huma.Context)
}

type exportEventsQuery struct {
	InOrganization
	EventFilter
}

// exportOrganizationEvents answers with up to 10,000 events as CSV.
func exportOrganizationEvents(ctx context.Context, c *call, in *exportEventsQuery) (*eventFile, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	if err := access.Allow(c.actor, access.ReadEvents, o.ID); err != nil {
		return nil, err
	}
	q, err := in.search(audit.Query{Organization: o.ID})
	if err != nil {
		return nil, err
	}
	// The mark at the beginning tells spreadsheets that it is UTF-8.
	out := bytes.NewBufferString("\ufeff")
	next, err := c.writeEvents(ctx, csv.NewWriter(out), q)
	if err != nil {
		return nil, err
	}
	file := &eventFile{
		Type: "text/csv; charset=utf-8", Disposition: `attachment; filename="events.csv"`,
		Body: func(h huma.Context) { _, _ = h.BodyWriter().Write(out.Bytes()) }, // a caller who has gone away is not our trouble
	}
	if next != "" {
		file.Link = c.link(encodeCursor(string(next)))
	}
	return file, nil
}

// writeEvents writes what a search finds and returns before which event it goes
// on, "" when all is written.
func (c *call) writeEvents(ctx context.Context, w *csv.Writer, q audit.Search) (identity.EventID, error) {
	w.UseCRLF = true // RFC 4180, 2
	if err := w.Write([]string{"at", "type", "text", "actor_kind", "actor_id", "actor_name", "target", "address", "request_id", "details"}); err != nil {
		return "", err
	}
	left := exportedEvents
	for range exportSearches {
		q.Limit = min(left, exportPage)
		found, next, err := c.s.o.Events.Search(ctx, q)
		if err != nil {
			return "", err
		}
		for _, e := range found {
			if err := w.Write(c.eventCells(e)); err != nil {
				return "", err
			}
		}
		q.Before = next
		if left -= len(found); left == 0 || next == "" {
			break
		}
	}
	w.Flush()
	return q.Before, w.Error()
}

// eventCells are the cells of an event, none of which a spreadsheet runs as a
// formula.
func (c *call) eventCells(e identity.Event) []string {
	shown := c.event(e)
	details, _ := json.Marshal(shown.Details) // texts only: it does not fail
	cells := []string{
		shown.At.Format(time.RFC3339Nano), shown.Type, shown.Text, shown.ActorKind, shown.ActorID, shown.ActorName, shown.Target,
		shown.Address, shown.RequestID, string(details),
	}
	for i, cell := range cells {
		cells[i] = bulk.Guard(cell)
	}
	return cells
}
