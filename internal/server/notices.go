package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/trace"
)

// noAnswer is what the logout report says of an application that could not be
// reached; why stands in the log and in the story.
const noAnswer = "no answer"

// notices tell applications that a session is over, each in the words of its
// protocol. It is the outbox's sender of identity.ToApplication.
type notices struct {
	sessions *session.Sessions
	traces   *trace.Keeper
	now      func() time.Time
	// speakers are the protocols; they are joined before anything is sent.
	speakers map[identity.ProtocolName]protocol.Protocol
}

// speak lets a protocol tell the applications of some names of protocols.
func (n *notices) speak(p protocol.Protocol, names ...identity.ProtocolName) {
	for _, name := range names {
		n.speakers[name] = p
	}
}

// Send tells one application, and notes in the logout report what came of it.
// Nothing is sent for a session that an earlier message has told of.
func (n *notices) Send(ctx context.Context, m outbox.Message) error {
	t, err := n.sessions.Untold(ctx, m)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	answer, sent := n.tell(ctx, t)
	p := t.Participation
	p.Notice.Attempts++
	p.Notice.At, p.Notice.Answer = n.now(), answer
	switch {
	case sent == nil:
		p.Notice.State = identity.NoticeDelivered
	case errors.Is(sent, protocol.ErrHopeless):
		p.Notice.State = identity.NoticeFailed
		sent = fmt.Errorf("%w: %w", sent, outbox.ErrPermanent)
	}
	n.keep(t, answer, sent)
	return errors.Join(sent, n.sessions.Report(ctx, p))
}

// tell speaks the application's protocol.
func (n *notices) tell(ctx context.Context, t session.Told) (answer string, err error) {
	if t.Application.ID == "" {
		return "", fmt.Errorf("%w: the application was removed", protocol.ErrHopeless)
	}
	speaker := n.speakers[t.Application.Protocol]
	if speaker == nil {
		return "", fmt.Errorf("%w: nobody speaks %s", protocol.ErrHopeless, t.Application.Protocol)
	}
	answer, err = speaker.EndSession(ctx, t.Application, t.Participation)
	if answer == "" && err != nil {
		answer = noAnswer
	}
	return answer, err
}

// keep tells the story of an attempt to those who care for the application.
func (n *notices) keep(t session.Told, answer string, err error) {
	story := n.traces.Begin(trace.Leaving, identity.Origin{})
	story.About(t.OrganizationID, "")
	story.AboutApplication(t.Application)
	d := trace.Detail{Expected: "200 OK", Received: answer}
	if err != nil {
		d.Received = err.Error()
	}
	outcome := trace.Succeeded
	if !story.Check(trace.BackchannelAnswer, err == nil, d) {
		outcome = trace.Refused
	}
	story.End(outcome)
	n.traces.Keep(story)
}

// givenUp notes that an application will not be told any more. That it cannot
// be noted is for the outbox's log, which has the message.
func (n *notices) givenUp(ctx context.Context, g outbox.GivenUp) {
	if g.Message.Channel != identity.ToApplication {
		return
	}
	t, err := n.sessions.Untold(ctx, g.Message)
	if err != nil {
		return // told, or gone
	}
	p := t.Participation
	p.Notice.State, p.Notice.At = identity.NoticeFailed, n.now()
	_ = n.sessions.Report(ctx, p)
}
