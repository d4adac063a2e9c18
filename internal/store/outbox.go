package store

import (
	"encoding/hex"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Outbox is the table of messages that leave after commit. Messages to one
// target leave in the order of their making. Target and payload are sealed, and
// erased once sent; the queue of a target is a keyed digest of it.
type Outbox struct{ c *conn }

// Insert adds a message.
func (t Outbox) Insert(m identity.Message) error {
	_, err := t.c.exec(`INSERT INTO outbox (id, channel, queue, target, payload, attempts, next_at, leased_by, leased_until, created_at,
		sent_at, dead_at, last_error, template, shown) VALUES ($1, $2, $3, $4, $5, 0, $6, '', 0, $7, 0, 0, '', $8, $9)`,
		m.ID, m.Channel, t.queue(m.Target), t.c.sealText(m.Target, "outbox.target:"+string(m.ID)),
		t.c.box().Seal(m.Payload, "outbox.payload:"+string(m.ID)), ms(m.NextAt), ms(m.CreatedAt),
		m.Template, t.c.sealText(m.Shown, "outbox.shown:"+string(m.ID)))
	return err
}

func (t Outbox) queue(target string) string {
	return hex.EncodeToString(t.c.box().Digest("outbox.target", target))
}

// Last returns the id of the newest message that waits for a target, "" when
// none does.
func (t Outbox) Last(target string) (id identity.MessageID, err error) {
	err = t.c.row(`SELECT coalesce(max(id), '') FROM outbox WHERE queue = $1 AND sent_at = 0 AND dead_at = 0`, t.queue(target)).scan(&id)
	return id, err
}

// Lease takes up to limit due messages for a node until an instant: the oldest
// of each target, not leased by a living node.
func (t Outbox) Lease(node string, until time.Time, limit int) ([]identity.Message, error) {
	return list(t.c, t.c.scanMessage, `UPDATE outbox SET leased_by = $1, leased_until = $2 WHERE id IN (
		SELECT o.id FROM outbox o WHERE o.sent_at = 0 AND o.dead_at = 0 AND o.next_at <= $3 AND o.leased_until < $3
		AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.queue = o.queue AND e.id < o.id AND e.sent_at = 0 AND e.dead_at = 0)
		ORDER BY o.next_at LIMIT $4)
		AND leased_until < $3
		RETURNING id, channel, target, payload, attempts, next_at, created_at, sent_at, dead_at, last_error`,
		node, ms(until), ms(t.c.tx.now), limit)
}

func (c *conn) scanMessage(scan func(...any) error) (m identity.Message, err error) {
	var target, payload []byte
	var next, created, sent, dead int64
	if err = scan(&m.ID, &m.Channel, &target, &payload, &m.Attempts, &next, &created, &sent, &dead, &m.LastError); err != nil {
		return m, err
	}
	m.NextAt, m.CreatedAt, m.SentAt, m.DeadAt = at(next), at(created), at(sent), at(dead)
	if m.Target, err = c.openText(target, "outbox.target:"+string(m.ID)); err == nil && len(payload) > 0 {
		m.Payload, err = c.open(payload, "outbox.payload:"+string(m.ID))
	}
	return m, err
}

// Sent marks a message as gone and erases its payload.
func (t Outbox) Sent(id identity.MessageID) error {
	_, err := t.c.exec(`UPDATE outbox SET sent_at = $2, target = NULL, payload = NULL, leased_until = 0, last_error = '' WHERE id = $1`, id, ms(t.c.tx.now))
	return err
}

// Failed notes a failure: the message is tried again at next, or given up when
// next is zero.
func (t Outbox) Failed(id identity.MessageID, next time.Time, why string) error {
	if next.IsZero() {
		_, err := t.c.exec(`UPDATE outbox SET dead_at = $2, target = NULL, payload = NULL, leased_until = 0, attempts = attempts + 1, last_error = $3
			WHERE id = $1`, id, ms(t.c.tx.now), why)
		return err
	}
	_, err := t.c.exec(`UPDATE outbox SET next_at = $2, leased_until = 0, attempts = attempts + 1, last_error = $3 WHERE id = $1`,
		id, ms(next), why)
	return err
}

// Waiting returns how many messages wait and how many were given up.
func (t Outbox) Waiting() (waiting, dead int, err error) {
	err = t.c.row(`SELECT coalesce(sum(CASE WHEN dead_at = 0 THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN dead_at > 0 THEN 1 ELSE 0 END), 0)
		FROM outbox WHERE sent_at = 0`).scan(&waiting, &dead)
	return waiting, dead, err
}

// Sweep deletes up to limit messages that were made before an instant and are
// sent or given up. It reads no younger ones: ids are in the order of time.
func (t Outbox) Sweep(before time.Time, limit int) (int64, error) {
	return t.c.exec(`DELETE FROM outbox WHERE id IN (SELECT id FROM outbox
		WHERE (sent_at > 0 OR dead_at > 0) AND id < $1 ORDER BY id LIMIT $2)`, identity.OldestMessageID(before), limit)
}

// Jobs is the table of periodic work, one lease per name.
type Jobs struct{ c *conn }

// Job is the state of one periodic work.
type Job struct {
	Name                          string
	LeasedBy                      string
	LeasedUntil                   time.Time
	StartedAt, FinishedAt, NextAt time.Time
	LastError                     string
}

// Take leases a job that is due; ok is false when it is not due or somebody
// else works on it.
func (t Jobs) Take(name, node string, until time.Time) (ok bool, err error) {
	if _, err := t.c.exec(`INSERT INTO jobs (name, leased_by, leased_until, started_at, finished_at, next_at, last_error)
		VALUES ($1, '', 0, 0, 0, 0, '') ON CONFLICT DO NOTHING`, name); err != nil {
		return false, err
	}
	n, err := t.c.exec(`UPDATE jobs SET leased_by = $2, leased_until = $3, started_at = $4
		WHERE name = $1 AND leased_until < $4 AND next_at <= $4`, name, node, ms(until), ms(t.c.tx.now))
	return n == 1, err
}

// Renew prolongs the lease of a job that a node works on; ok is false when it
// lost the lease meanwhile.
func (t Jobs) Renew(name, node string, until time.Time) (ok bool, err error) {
	n, err := t.c.exec(`UPDATE jobs SET leased_until = $3 WHERE name = $1 AND leased_by = $2`, name, node, ms(until))
	return n == 1, err
}

// Finish gives a job back and says when it is due again; why is the failure,
// "" when there was none.
func (t Jobs) Finish(name, node string, next time.Time, why string) error {
	_, err := t.c.exec(`UPDATE jobs SET leased_by = '', leased_until = 0, finished_at = $3, next_at = $4, last_error = $5
		WHERE name = $1 AND leased_by = $2`, name, node, ms(t.c.tx.now), ms(next), why)
	return err
}

// All returns the state of every job.
func (t Jobs) All() ([]Job, error) {
	return list(t.c, func(scan func(...any) error) (j Job, err error) {
		var leased, started, finished, next int64
		err = scan(&j.Name, &j.LeasedBy, &leased, &started, &finished, &next, &j.LastError)
		j.LeasedUntil, j.StartedAt, j.FinishedAt, j.NextAt = at(leased), at(started), at(finished), at(next)
		return j, err
	}, `SELECT name, leased_by, leased_until, started_at, finished_at, next_at, last_error FROM jobs ORDER BY name`)
}

// Settings is the table of what an administrator changes at run time for the
// whole installation. Values are sealed.
type Settings struct{ c *conn }

// Get returns a setting's value and version; a setting never made is NotFound.
func (t Settings) Get(name string) (value []byte, version int64, err error) {
	var sealed []byte
	if err = t.c.row(`SELECT value, version FROM settings WHERE name = $1`, name).scan(&sealed, &version); err != nil {
		return nil, 0, err
	}
	value, err = t.c.open(sealed, "settings.value:"+name)
	return value, version, err
}

// Put stores a setting if it still has the version that was read (0 for one
// that is new), else Stale.
func (t Settings) Put(name string, value []byte, version int64) error {
	n, err := t.c.exec(`INSERT INTO settings (name, value, version, updated_at) VALUES ($1, $2, $3 + 1, $4)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value, version = excluded.version, updated_at = excluded.updated_at
		WHERE settings.version = $3`, name, t.c.box().Seal(value, "settings.value:"+name), version, ms(t.c.tx.now))
	return t.c.changed(n, err, TopicSetting, name)
}

// AppliedSecrets is the table of keyed digests of the secrets that a manifest
// last set, so that a plan can tell whether the manifest's value changed.
type AppliedSecrets struct{ c *conn }

// Same reports whether a secret is the one that was last applied to an object.
func (t AppliedSecrets) Same(object, secret string) (bool, error) {
	var digest []byte
	err := t.c.row(`SELECT digest FROM applied_secrets WHERE object = $1`, object).scan(&digest)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return false, nil
	}
	return string(digest) == string(t.c.box().Digest("applied:"+object, secret)), err
}

// Put notes the secret that was applied to an object.
func (t AppliedSecrets) Put(object, secret string) error {
	_, err := t.c.exec(`INSERT INTO applied_secrets (object, digest) VALUES ($1, $2)
		ON CONFLICT (object) DO UPDATE SET digest = excluded.digest`, object, t.c.box().Digest("applied:"+object, secret))
	return err
}
