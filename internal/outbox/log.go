package outbox

import (
	"context"
	"log/slog"

	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
)

// LogOptions say what a LogSender works with.
type LogOptions struct {
	Catalogue *i18n.Catalogue
	Log       *slog.Logger
	// ShowBody also logs the text, with its codes and passwords. It is for the
	// demonstration and for development only; the zero value is the safe one.
	ShowBody bool
}

// LogSender writes messages to the log in place of sending them.
type LogSender struct{ options LogOptions }

// NewLogSender returns a sender that sends nothing.
func NewLogSender(options LogOptions) *LogSender { return &LogSender{options} }

// Send logs the message with its recipient masked.
func (s *LogSender) Send(ctx context.Context, m Message) error {
	subject, body, err := s.text(m)
	if err != nil {
		return err
	}
	log := s.options.Log.With("channel", m.Channel, "target", masked(m.Target), "template", m.Template)
	if s.options.ShowBody {
		log = log.With("subject", subject, "body", body)
	}
	log.InfoContext(ctx, "message written to the log only")
	return nil
}

func (s *LogSender) text(m Message) (subject, body string, err error) {
	if m.Channel == identity.ByMail {
		return mailText(s.options.Catalogue, m)
	}
	body, err = smsText(s.options.Catalogue, m)
	return "", body, err
}
