package api

import (
	"context"

	"github.com/orgate/orgate/internal/setting"
)

// Tried is what came of a test message.
type Tried struct {
	Sent   bool   `json:"sent" doc:"Whether the other side took it over."`
	Status int    `json:"status,omitempty" doc:"The HTTP status of a gateway's answer."`
	Answer string `json:"answer" doc:"What the other side said, or why it said nothing; without secrets."`
}

// triedBody is the answer with it.
type triedBody struct{ Body Tried }

func triedShown(t setting.Tried) *triedBody {
	return &triedBody{Tried{Sent: t.Sent, Status: t.Status, Answer: t.Answer}}
}

type tryMailInput struct {
	Body struct {
		MailChange
		To string `json:"to" doc:"The address to which the test is sent."`
	}
}

// tryMail sends a test by settings that are not saved.
func tryMail(ctx context.Context, c *call, in *tryMailInput) (*triedBody, error) {
	before, err := c.s.o.Settings.Mail(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	m, err := in.Body.over(before)
	if err != nil {
		return nil, err
	}
	tried, err := c.s.o.Settings.TryMail(ctx, c.actor, m, in.Body.To, string(c.language))
	return triedShown(tried), err
}

type trySMSInput struct {
	Body struct {
		SMSChange
		To string `json:"to" doc:"The mobile number to which the test is sent, such as +8613800000001."`
	}
}

func trySMS(ctx context.Context, c *call, in *trySMSInput) (*triedBody, error) {
	before, err := c.s.o.Settings.SMS(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	m, err := in.Body.over(before)
	if err != nil {
		return nil, err
	}
	tried, err := c.s.o.Settings.TrySMS(ctx, c.actor, m, in.Body.To, string(c.language))
	return triedShown(tried), err
}
