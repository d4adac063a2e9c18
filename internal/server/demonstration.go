package server

import (
	"context"
	"log/slog"

	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
)

// In the demonstration messages are told in the log, where whoever looks around
// reads codes and passwords. Settings are tried in earnest: a test is sent by
// what was typed, to whom was typed, and by nothing that is stored.
type (
	demoMail struct {
		*outbox.LogSender
		mail *outbox.Mail
	}
	demoSMS struct {
		*outbox.LogSender
		sms *outbox.SMS
	}
)

func (d demoMail) Try(ctx context.Context, s outbox.MailSettings, m outbox.Message) error {
	return d.mail.Try(ctx, s, m)
}

func (d demoSMS) Try(ctx context.Context, s outbox.SMSSettings, m outbox.Message) (outbox.Tried, error) {
	return d.sms.Try(ctx, s, m)
}

// demoSenders are the senders of the demonstration.
func demoSenders(catalogue *i18n.Catalogue, log *slog.Logger, mail *outbox.Mail, sms *outbox.SMS) map[identity.Channel]outbox.Sender {
	show := outbox.NewLogSender(outbox.LogOptions{Catalogue: catalogue, Log: log, ShowBody: true})
	return map[identity.Channel]outbox.Sender{identity.ByMail: demoMail{show, mail}, identity.BySMS: demoSMS{show, sms}}
}
