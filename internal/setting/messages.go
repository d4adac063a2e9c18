package setting

import (
	"context"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// MessageQuery narrows a page of messages; surfaces name it from here.
type MessageQuery = store.MessageQuery

// MessageState is what has become of a message.
type MessageState = store.MessageState

// The states of messages.
const (
	MessageQueued = store.MessageQueued
	MessageSent   = store.MessageSent
	MessageFailed = store.MessageFailed
)

// Messages returns a page of the mails and short messages of the last days,
// newest first: where each is, and neither to whom it went nor what it says.
func (s *Settings) Messages(ctx context.Context, actor identity.Actor, q MessageQuery) (page []identity.Message, err error) {
	if err := allow(actor); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		page, err = tx.Outbox.Page(q)
		return err
	})
	return page, err
}
