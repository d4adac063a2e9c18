package outbox

import (
	"context"
	"errors"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Tried is what came of a message that was sent at once, by settings that need
// not be stored.
type Tried struct {
	Sent   bool
	Status int    // of a gateway's answer, 0 for none
	Answer string // what the other side said or why nobody answered: one line, without secrets
}

// mailTrier and smsTrier are what senders implement that can send by settings
// which are not stored.
type (
	mailTrier interface {
		Try(ctx context.Context, settings MailSettings, m Message) error
	}
	smsTrier interface {
		Try(ctx context.Context, settings SMSSettings, m Message) (Tried, error)
	}
)

// errCannotTry is told where a channel only seems to send, as in the
// demonstration.
var errCannotTry = fault.New(fault.Unavailable, fault.CodeUnavailable)

// TryMail sends a test to an address at once and tells what came of it. Faults:
// those of SetMailSettings, email_format, and unavailable where mails are not
// sent at all.
func (o *Outbox) TryMail(ctx context.Context, s MailSettings, to, language string) (t Tried, err error) {
	m := o.test(identity.ByMail, to, language)
	if err := errors.Join(s.check(), m.check()); err != nil {
		return t, err
	}
	sender, ok := o.options.Senders[identity.ByMail].(mailTrier)
	if !ok {
		return t, errCannotTry
	}
	ctx, cancel := context.WithTimeout(ctx, sendFor)
	defer cancel()
	err = sender.Try(ctx, s, m)
	return Tried{Sent: err == nil, Answer: s.told(err)}, nil
}

// told is an error as whoever set the settings may read it.
func (s MailSettings) told(err error) string {
	if err == nil {
		return ""
	}
	return errorText(err, map[string]string{"password": s.Password})
}

// TrySMS is TryMail for short messages.
func (o *Outbox) TrySMS(ctx context.Context, s SMSSettings, to, language string) (t Tried, err error) {
	m := o.test(identity.BySMS, to, language)
	if err := errors.Join(s.Check(), m.check()); err != nil {
		return t, err
	}
	sender, ok := o.options.Senders[identity.BySMS].(smsTrier)
	if !ok {
		return t, errCannotTry
	}
	ctx, cancel := context.WithTimeout(ctx, sendFor)
	defer cancel()
	t, err = sender.Try(ctx, s, m)
	t.Sent = err == nil
	if err != nil {
		err = errors.Join(err, errors.New(t.Answer))
		t.Answer = errorText(err, s.secrets())
	} else {
		t.Answer = errorText(errors.New(t.Answer), s.secrets())
	}
	return t, nil
}

// TryWords sends a sample of a kind of message at once, in words that need not
// be stored and by the settings that are, and tells what came of it. Faults:
// those of Words.Check, email_format, mobile_format, message_limit.
func (o *Outbox) TryWords(ctx context.Context, k Kind, m Message) (t Tried, err error) {
	m.ID, m.Template, m.Params = identity.NewMessageID(o.options.Now()), k.Name, k.samples()
	if err := errors.Join(m.Words.Check(k), m.check()); err != nil {
		return t, err
	}
	err = o.db.Act(ctx, store.ActAttempt, func(tx *store.Tx) error { return Bound(tx, m.Channel, m.Target, m.Organization) })
	if err != nil {
		return t, err
	}
	err = o.send(ctx, m)
	t.Sent = err == nil
	if err != nil {
		t.Answer = errorText(err, nil)
	}
	return t, nil
}

func (o *Outbox) test(channel identity.Channel, to, language string) Message {
	return Message{
		ID: identity.NewMessageID(o.options.Now()), Channel: channel, Target: to, Language: language, Template: TemplateTest,
	}
}
