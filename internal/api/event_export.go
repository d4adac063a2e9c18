package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"time"

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
	Body        func(w io.Writer)
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
		Body: func(to io.Writer) { _, _ = to.Write(out.Bytes()) }, // a caller who has gone away is not our trouble
	}
	if next != "" {
		file.Link = c.link(encodeCursor(string(next)))
	}
	return file, nil
}

// exportEvents answers with all events that are searched for as CSV, written as
// they are read: the first page before the answer begins, so that a refusal is
// one, and the others one at a time.
func exportEvents(ctx context.Context, c *call, in *eventsQuery) (*fileAnswer, error) {
	within, err := c.log(ctx, in.Organization)
	if err != nil {
		return nil, err
	}
	q, err := in.search(within)
	if err != nil {
		return nil, err
	}
	q.Limit = exportPage
	first, next, err := c.s.o.Events.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	return &fileAnswer{
		Type: "text/csv; charset=utf-8", Disposition: `attachment; filename="events.csv"`,
		Body: func(to io.Writer) {
			if err := c.streamEvents(ctx, to, q, first, next); err != nil {
				c.s.o.Log.Warn("a log was not written wholly", "err", err)
				cutOff(to)
			}
		},
	}, nil
}

// streamEvents writes a page of events and all that follow it.
func (c *call) streamEvents(ctx context.Context, out io.Writer, q audit.Search, found []identity.Event, next identity.EventID) error {
	if _, err := io.WriteString(out, "\ufeff"); err != nil {
		return err
	}
	w := csv.NewWriter(out)
	w.UseCRLF = true // RFC 4180, 2
	if err := w.Write(eventHeads()); err != nil {
		return err
	}
	for {
		for _, e := range found {
			if err := w.Write(c.eventCells(e)); err != nil {
				return err
			}
		}
		if w.Flush(); w.Error() != nil || next == "" {
			return w.Error()
		}
		q.Before = next
		var err error
		if found, next, err = c.s.o.Events.Search(ctx, q); err != nil {
			return err
		}
	}
}

// cutOff ends an answer that has begun so that its reader sees that it is not
// whole: nothing more can be written, not even its end.
func cutOff(out io.Writer) {
	if w, ok := out.(http.ResponseWriter); ok {
		_ = http.NewResponseController(w).SetWriteDeadline(time.Unix(1, 0)) // one that cannot is only less clear
	}
}

func eventHeads() []string {
	return []string{"at", "type", "text", "actor_kind", "actor_id", "actor_name", "target", "address", "request_id", "details"}
}

// writeEvents writes what a search finds and returns before which event it goes
// on, "" when all is written.
func (c *call) writeEvents(ctx context.Context, w *csv.Writer, q audit.Search) (identity.EventID, error) {
	w.UseCRLF = true // RFC 4180, 2
	if err := w.Write(eventHeads()); err != nil {
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
