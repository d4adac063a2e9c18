package store

import (
	"time"

	"github.com/orgate/orgate/internal/identity"
)

// MessageState is what has become of a message.
type MessageState string

// The states.
const (
	MessageQueued MessageState = "queued"
	MessageSent   MessageState = "sent"
	MessageFailed MessageState = "failed" // given up
)

// MessageQuery narrows a page of messages to people. Empty fields do not narrow.
type MessageQuery struct {
	Channel  identity.Channel
	State    MessageState
	From, To time.Time
	Before   identity.MessageID // messages older than this one
	Limit    int
}

// Page returns up to q.Limit mails and short messages, newest first, as the log
// may show them: with the target masked, and without what they say.
func (t Outbox) Page(q MessageQuery) ([]identity.Message, error) {
	n := &narrow{conditions: []string{`channel IN ('mail', 'sms')`}}
	if q.Channel != "" {
		n.and(`channel = `, q.Channel)
	}
	switch q.State {
	case MessageQueued:
		n.also(`sent_at = 0 AND dead_at = 0`)
	case MessageSent:
		n.also(`sent_at > 0`)
	case MessageFailed:
		n.also(`dead_at > 0`)
	}
	before := q.Before
	if !q.To.IsZero() {
		if end := identity.OldestMessageID(q.To); before == "" || end < before {
			before = end
		}
	}
	if before != "" {
		n.and(`id < `, before)
	}
	if !q.From.IsZero() {
		n.and(`id >= `, identity.OldestMessageID(q.From))
	}
	return list(t.c, t.c.scanShownMessage, `SELECT id, channel, template, shown, attempts, next_at, created_at, sent_at, dead_at, last_error
		FROM outbox WHERE `+n.all()+` ORDER BY id DESC LIMIT `+n.arg(q.Limit), n.args...)
}

func (c *conn) scanShownMessage(scan func(...any) error) (m identity.Message, err error) {
	var target []byte
	var next, created, sent, dead int64
	if err = scan(&m.ID, &m.Channel, &m.Template, &target, &m.Attempts, &next, &created, &sent, &dead, &m.LastError); err != nil {
		return m, err
	}
	m.NextAt, m.CreatedAt, m.SentAt, m.DeadAt = at(next), at(created), at(sent), at(dead)
	m.Shown, err = c.openText(target, "outbox.shown:"+string(m.ID))
	return m, err
}
