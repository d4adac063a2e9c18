package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/setting"
)

// Message is a mail or short message in the log of messages.
type Message struct {
	ID        string     `json:"id"`
	Channel   string     `json:"channel" enum:"mail,sms"`
	Template  string     `json:"template" doc:"What it is for, such as code; empty for one of before this was noted."`
	To        string     `json:"to" doc:"The address or number, masked. What it says is not kept."`
	State     string     `json:"state" enum:"queued,sent,failed"`
	Attempts  int        `json:"attempts" doc:"How often sending it failed."`
	Reason    string     `json:"reason,omitempty" doc:"What the other side said last, without what the message says."`
	CreatedAt time.Time  `json:"created_at"`
	NextAt    *time.Time `json:"next_at,omitempty" doc:"Of one that is queued: not tried before."`
	EndedAt   *time.Time `json:"ended_at,omitempty" doc:"When the next hop took it over, or it was given up."`
}

func messageShown(m identity.Message) Message {
	view := Message{
		ID: string(m.ID), Channel: string(m.Channel), Template: m.Template, To: m.Shown, Attempts: m.Attempts, Reason: m.LastError,
		CreatedAt: m.CreatedAt.UTC(),
	}
	switch {
	case !m.SentAt.IsZero():
		view.State, view.EndedAt = string(setting.MessageSent), moment(m.SentAt)
	case !m.DeadAt.IsZero():
		view.State, view.EndedAt = string(setting.MessageFailed), moment(m.DeadAt)
	default:
		view.State, view.NextAt = string(setting.MessageQueued), moment(m.NextAt)
	}
	return view
}

type messagesQuery struct {
	Paging
	Channel string    `query:"channel" enum:"mail,sms" doc:"Only those by this channel."`
	State   string    `query:"state" enum:"queued,sent,failed" doc:"Only those in this state."`
	From    time.Time `query:"from" doc:"Only those made at this instant or later."`
	To      time.Time `query:"to" doc:"Only those made before this instant."`
}

func listMessages(ctx context.Context, c *call, in *messagesQuery) (*listed[Message], error) {
	before, err := in.after("msg_")
	if err != nil {
		return nil, err
	}
	found, err := c.s.o.Settings.Messages(ctx, c.actor, setting.MessageQuery{
		Channel: identity.Channel(in.Channel), State: setting.MessageState(in.State), From: in.From, To: in.To,
		Before: identity.MessageID(before), Limit: in.Limit + 1,
	})
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found, func(m identity.Message) string { return string(m.ID) }, messageShown), nil
}
