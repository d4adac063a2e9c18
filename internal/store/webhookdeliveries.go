package store

import (
	"encoding/json"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// WebhookDeliveries is the table of what addresses are told, an event a row. What
// is sent and what came back is sealed.
type WebhookDeliveries struct{ c *conn }

// WebhookDelivery is an event that an address is told of.
type WebhookDelivery struct {
	WebhookID      identity.WebhookID
	EventID        identity.EventID
	OrganizationID identity.OrganizationID
	Type           string
	Status         SyncStatus
	Body           string // what is sent
	Answer         string // the beginning of what came back, in one line
	HTTPStatus     int    // 0 without an answer
	Failure        string // "" for none
	Duration       time.Duration
	Attempts       int
	At             time.Time // of the last attempt; when it was noted before the first
}

// String keeps content out of logs.
func (d WebhookDelivery) String() string { return "delivery " + string(d.EventID) }

// GoString keeps content out of %#v.
func (d WebhookDelivery) GoString() string { return d.String() }

// deliveryContent is the sealed column.
type deliveryContent struct {
	Body   string `json:"body"`
	Answer string `json:"answer"`
}

func deliveryOf(hook identity.WebhookID, event identity.EventID) string {
	return "webhook_deliveries.content:" + string(hook) + ":" + string(event)
}

const deliveryColumns = `webhook_id, event_id, organization_id, type, status, content, http_status, failure, duration, attempts, at`

func (c *conn) scanDelivery(scan func(...any) error) (d WebhookDelivery, err error) {
	var sealed []byte
	var duration, when int64
	if err = scan(&d.WebhookID, &d.EventID, &d.OrganizationID, &d.Type, &d.Status, &sealed, &d.HTTPStatus, &d.Failure, &duration,
		&d.Attempts, &when); err != nil {
		return d, err
	}
	d.Duration, d.At = milliseconds(duration), at(when)
	text, err := c.open(sealed, deliveryOf(d.WebhookID, d.EventID))
	if err != nil {
		return d, err
	}
	var content deliveryContent
	err = json.Unmarshal(text, &content)
	d.Body, d.Answer = content.Body, content.Answer
	return d, err
}

// Put adds a delivery or stores what came of it.
func (t WebhookDeliveries) Put(d WebhookDelivery) error {
	content, err := json.Marshal(deliveryContent{d.Body, d.Answer})
	if err != nil {
		return err
	}
	return t.c.later(`INSERT INTO webhook_deliveries (`+deliveryColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (webhook_id, event_id) DO UPDATE SET status = excluded.status, content = excluded.content,
			http_status = excluded.http_status, failure = excluded.failure, duration = excluded.duration, attempts = excluded.attempts,
			at = excluded.at`,
		d.WebhookID, d.EventID, d.OrganizationID, d.Type, d.Status, t.c.box().Seal(content, deliveryOf(d.WebhookID, d.EventID)),
		d.HTTPStatus, d.Failure, d.Duration.Milliseconds(), d.Attempts, ms(d.At))
}

// Get returns a delivery of a webhook, or NotFound.
func (t WebhookDeliveries) Get(hook identity.WebhookID, event identity.EventID) (WebhookDelivery, error) {
	return found(t.c, fault.New(fault.NotFound, fault.CodeDeliveryNotFound), t.c.scanDelivery,
		`SELECT `+deliveryColumns+` FROM webhook_deliveries WHERE webhook_id = $1 AND event_id = $2`, hook, event)
}

// Known returns the events since an instant that are noted for a webhook.
func (t WebhookDeliveries) Known(hook identity.WebhookID, since time.Time) (map[identity.EventID]bool, error) {
	known := map[identity.EventID]bool{}
	err := t.c.each(`SELECT event_id FROM webhook_deliveries WHERE webhook_id = $1 AND event_id >= $2`,
		[]any{hook, identity.OldestEventID(since)}, func(scan func(...any) error) error {
			var id identity.EventID
			err := scan(&id)
			known[id] = true
			return err
		})
	return known, err
}

// Waiting returns up to limit deliveries of a webhook that have to be sent,
// oldest first.
func (t WebhookDeliveries) Waiting(hook identity.WebhookID, limit int) ([]WebhookDelivery, error) {
	return list(t.c, t.c.scanDelivery, `SELECT `+deliveryColumns+` FROM webhook_deliveries WHERE webhook_id = $1 AND status = $2
		ORDER BY event_id LIMIT $3`, hook, SyncPending, limit)
}

// DeliveryQuery narrows a page of deliveries. Empty fields do not narrow.
type DeliveryQuery struct {
	Status SyncStatus
	Type   string
	Before identity.EventID // older than this one
	Limit  int
}

// Page returns up to q.Limit deliveries of a webhook, newest first.
func (t WebhookDeliveries) Page(hook identity.WebhookID, q DeliveryQuery) ([]WebhookDelivery, error) {
	n := &narrow{}
	n.and(`webhook_id = `, hook)
	if q.Status != "" {
		n.and(`status = `, q.Status)
	}
	if q.Type != "" {
		n.and(`type = `, q.Type)
	}
	if q.Before != "" {
		n.and(`event_id < `, q.Before)
	}
	return list(t.c, t.c.scanDelivery, `SELECT `+deliveryColumns+` FROM webhook_deliveries WHERE `+n.all()+
		` ORDER BY event_id DESC LIMIT `+n.arg(q.Limit), n.args...)
}

// Sweep deletes up to limit deliveries of events before an instant.
func (t WebhookDeliveries) Sweep(before time.Time, limit int) (int64, error) {
	return t.c.exec(`DELETE FROM webhook_deliveries WHERE (webhook_id, event_id) IN
		(SELECT webhook_id, event_id FROM webhook_deliveries WHERE event_id < $1 ORDER BY event_id LIMIT $2)`,
		identity.OldestEventID(before), limit)
}
