package store

import (
	"encoding/json"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Webhooks is the table of the addresses that are told of what happens in their
// organisation, with how far telling them has come. Secrets are sealed.
type Webhooks struct{ c *conn }

const webhookColumns = `w.id, w.organization_id, w.name, w.url, w.secret, w.events, w.enabled, w.version, w.created_at, w.updated_at,
	w.previous, w.previous_ends_at`

func webhookSecretOf(id identity.WebhookID) string { return "webhooks.secret:" + string(id) }

func webhookPreviousOf(id identity.WebhookID) string { return "webhooks.previous:" + string(id) }

func (c *conn) scanWebhook(scan func(...any) error) (w identity.Webhook, err error) {
	var secret, previous []byte
	var events string
	var created, updated, ends int64
	if err = scan(&w.ID, &w.OrganizationID, &w.Name, &w.URL, &secret, &events, &w.Enabled, &w.Version, &created, &updated, &previous, &ends); err != nil {
		return w, err
	}
	w.CreatedAt, w.UpdatedAt, w.PreviousEndsAt = at(created), at(updated), at(ends)
	if err = json.Unmarshal([]byte(events), &w.Events); err != nil {
		return w, err
	}
	if w.Secret, err = c.openText(secret, webhookSecretOf(w.ID)); err != nil {
		return w, err
	}
	w.Previous, err = c.openText(previous, webhookPreviousOf(w.ID))
	return w, err
}

var (
	errNoWebhook    = fault.New(fault.NotFound, fault.CodeWebhookNotFound)
	errWebhookTaken = fault.New(fault.Conflict, fault.CodeWebhookExists).At("name")
)

// Get returns a webhook, or NotFound.
func (t Webhooks) Get(org identity.OrganizationID, id identity.WebhookID) (identity.Webhook, error) {
	return found(t.c, errNoWebhook, t.c.scanWebhook, `SELECT `+webhookColumns+` FROM webhooks w WHERE w.organization_id = $1 AND w.id = $2`, org, id)
}

// Page returns up to limit webhooks after one, in the order of their making.
func (t Webhooks) Page(org identity.OrganizationID, after identity.WebhookID, limit int) ([]identity.Webhook, error) {
	return list(t.c, t.c.scanWebhook, `SELECT `+webhookColumns+` FROM webhooks w WHERE w.organization_id = $1 AND w.id > $2
		ORDER BY w.id LIMIT $3`, org, after, limit)
}

// Count is how many webhooks an organisation has.
func (t Webhooks) Count(org identity.OrganizationID) (int, error) {
	return t.c.counted(within(`organization_id`, org), `webhooks`)
}

// Insert adds a webhook with version 1, which is told of what happens from now
// on. A name that another one of the organisation has is a Conflict.
func (t Webhooks) Insert(w identity.Webhook) error {
	events, err := json.Marshal(w.Events)
	if err != nil {
		return err
	}
	n, err := t.c.exec(`INSERT INTO webhooks (id, organization_id, name, name_key, url, secret, events, enabled, version, created_at,
		updated_at, read_until, leased_by, leased_until, next_at, attempts)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $9, $9, '', 0, 0, 0) ON CONFLICT DO NOTHING`,
		w.ID, w.OrganizationID, w.Name, identity.Fold(w.Name), w.URL, t.c.sealText(w.Secret, webhookSecretOf(w.ID)), string(events),
		w.Enabled, ms(w.CreatedAt))
	if err == nil && n == 0 {
		return errWebhookTaken
	}
	return err
}

// Put stores an edited webhook if it still has the version that was read, else
// Stale. What failed before is tried again at once.
func (t Webhooks) Put(w identity.Webhook) error {
	events, err := json.Marshal(w.Events)
	if err != nil {
		return err
	}
	n, err := t.c.exec(`UPDATE webhooks SET name = $4, name_key = $5, url = $6, secret = $7, events = $8, enabled = $9,
		version = version + 1, updated_at = $10, next_at = 0, previous = $11, previous_ends_at = $12 WHERE organization_id = $1 AND id = $2 AND version = $3`,
		w.OrganizationID, w.ID, w.Version, w.Name, identity.Fold(w.Name), w.URL, t.c.sealText(w.Secret, webhookSecretOf(w.ID)),
		string(events), w.Enabled, ms(w.UpdatedAt), t.c.sealText(w.Previous, webhookPreviousOf(w.ID)), ms(w.PreviousEndsAt))
	if isUnique(err, "webhooks_name") {
		return errWebhookTaken.Because(err)
	}
	return stale(n, err)
}

// Remove forgets a webhook with its deliveries, or is NotFound.
func (t Webhooks) Remove(org identity.OrganizationID, id identity.WebhookID) error {
	n, err := t.c.exec(`DELETE FROM webhooks WHERE organization_id = $1 AND id = $2`, org, id)
	if err == nil && n == 0 {
		return errNoWebhook
	}
	return err
}

// SweepPrevious forgets up to limit secrets before that sign no longer.
func (t Webhooks) SweepPrevious(now time.Time, limit int) (int64, error) {
	return t.c.exec(`UPDATE webhooks SET previous = NULL, previous_ends_at = 0 WHERE id IN
		(SELECT id FROM webhooks WHERE previous_ends_at > 0 AND previous_ends_at <= $1 ORDER BY id LIMIT $2)`, ms(now), limit)
}

// WebhookState is how far telling an address has come.
type WebhookState struct {
	ReadUntil time.Time // what happened before has been looked at
	NextAt    time.Time // nothing is sent before
	Attempts  int       // failures in a row
}

// State returns how far telling an address has come.
func (t Webhooks) State(id identity.WebhookID) (s WebhookState, err error) {
	var read, next int64
	err = t.c.row(`SELECT read_until, next_at, attempts FROM webhooks WHERE id = $1`, id).scan(&read, &next, &s.Attempts)
	s.ReadUntil, s.NextAt = at(read), at(next)
	return s, err
}

// Due returns up to limit webhooks that may be told now and that nobody tells,
// of organisations in which something can happen.
func (t Webhooks) Due(limit int) ([]identity.Webhook, error) {
	return list(t.c, t.c.scanWebhook, `SELECT `+webhookColumns+` FROM webhooks w JOIN organizations o ON o.id = w.organization_id
		WHERE w.enabled AND o.status = 'active' AND w.leased_until < $1 ORDER BY w.id LIMIT $2`, ms(t.c.tx.now), limit)
}

// Lease takes a webhook for a node until an instant; ok is false when another
// node has it.
func (t Webhooks) Lease(id identity.WebhookID, node string, until time.Time) (ok bool, err error) {
	n, err := t.c.exec(`UPDATE webhooks SET leased_by = $2, leased_until = $3 WHERE id = $1 AND leased_until < $4`,
		id, node, ms(until), ms(t.c.tx.now))
	return n == 1, err
}

// Note stores how far a node has come and prolongs its lease, or with a zero
// instant gives it back; ok is false when the node has lost it.
func (t Webhooks) Note(id identity.WebhookID, s WebhookState, node string, until time.Time) (ok bool, err error) {
	n, err := t.c.exec(`UPDATE webhooks SET leased_until = $3, read_until = $4, next_at = $5, attempts = $6 WHERE id = $1 AND leased_by = $2`,
		id, node, ms(until), ms(s.ReadUntil), ms(s.NextAt), s.Attempts)
	return n == 1, err
}

// Restart has an address told of what happens from an instant on.
func (t Webhooks) Restart(id identity.WebhookID, from time.Time) error {
	return t.c.later(`UPDATE webhooks SET read_until = $2, attempts = 0, next_at = 0 WHERE id = $1`, id, ms(from))
}

// Hasten lets an address be told at once, as if nothing had failed.
func (t Webhooks) Hasten(id identity.WebhookID) error {
	return t.c.later(`UPDATE webhooks SET next_at = 0 WHERE id = $1`, id)
}
