package setting

import (
	"context"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/store"
)

// nameSetting is the setting that holds the provider's name.
const nameSetting = "provider_name"

// Settings are those of one database. Every method asks whether the actor
// administers the provider.
type Settings struct {
	db       *store.DB
	messages *outbox.Outbox
}

// Mail says through which server mails leave.
type Mail = outbox.MailSettings

// SMS says to which gateway short messages go.
type SMS = outbox.SMSSettings

// SMSRequest is how a gateway is asked that does not know our signed JSON.
type SMSRequest = outbox.SMSRequest

// SMSEncoding is how the body of such a request is written.
type SMSEncoding = outbox.SMSEncoding

// NoTLS is the mode of a connection to a mail server without protection, which
// allows no password.
const NoTLS = outbox.NoTLS

// TLSMode is how the connection to a mail server is protected.
type TLSMode = outbox.TLSMode

// New returns the settings of a database.
func New(db *store.DB, messages *outbox.Outbox) *Settings {
	return &Settings{db: db, messages: messages}
}

func allow(actor identity.Actor) error { return access.Allow(actor, access.ManageProvider, "") }

// Name returns the provider's name, "" when it has none.
func (s *Settings) Name(ctx context.Context, actor identity.Actor) (name string, err error) {
	if err := allow(actor); err != nil {
		return "", err
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		name, _, err = readName(tx)
		return err
	})
	return name, err
}

func readName(tx *store.Tx) (string, int64, error) {
	value, version, err := tx.Settings.Get(nameSetting)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return "", 0, nil
	}
	return string(value), version, err
}

// SetName gives the provider a name of 1–64 characters.
func (s *Settings) SetName(ctx context.Context, actor identity.Actor, name string) error {
	if err := allow(actor); err != nil {
		return err
	}
	if n := utf8.RuneCountInString(name); n < 1 || n > 64 || !identity.CleanText(name) {
		return fault.New(fault.Invalid, fault.CodeFieldLength).At("name").With("min", 1).With("max", 64)
	}
	return s.db.Update(ctx, func(tx *store.Tx) error {
		_, version, err := readName(tx)
		if err != nil {
			return err
		}
		if err := tx.Settings.Put(nameSetting, []byte(name), version); err != nil {
			return err
		}
		return record(tx, actor, nameSetting)
	})
}

// Mail returns the settings of the mail channel, the zero value when none were
// made. They hold the password: do not answer with them.
func (s *Settings) Mail(ctx context.Context, actor identity.Actor) (Mail, error) {
	if err := allow(actor); err != nil {
		return Mail{}, err
	}
	return s.messages.MailSettings(ctx)
}

// SetMail stores the settings of the mail channel; they hold from the next
// message on. Version is the one that was read, else Stale.
func (s *Settings) SetMail(ctx context.Context, actor identity.Actor, mail Mail) error {
	if err := allow(actor); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *store.Tx) error {
		if err := outbox.SetMailSettings(tx, mail); err != nil {
			return err
		}
		return record(tx, actor, "mail")
	})
}

// Tried is what came of a message that was sent to try settings.
type Tried = outbox.Tried

// TryMail sends a test by settings that need not be stored, and tells what the
// mail server said.
func (s *Settings) TryMail(ctx context.Context, actor identity.Actor, mail Mail, to, language string) (Tried, error) {
	if err := allow(actor); err != nil {
		return Tried{}, err
	}
	return s.messages.TryMail(ctx, mail, to, language)
}

// TrySMS is TryMail for the channel of short messages.
func (s *Settings) TrySMS(ctx context.Context, actor identity.Actor, sms SMS, to, language string) (Tried, error) {
	if err := allow(actor); err != nil {
		return Tried{}, err
	}
	return s.messages.TrySMS(ctx, sms, to, language)
}

// SMS is Mail for the channel of short messages.
func (s *Settings) SMS(ctx context.Context, actor identity.Actor) (SMS, error) {
	if err := allow(actor); err != nil {
		return SMS{}, err
	}
	return s.messages.SMSSettings(ctx)
}

// SetSMS is SetMail for the channel of short messages.
func (s *Settings) SetSMS(ctx context.Context, actor identity.Actor, sms SMS) error {
	if err := allow(actor); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *store.Tx) error {
		if err := outbox.SetSMSSettings(tx, sms); err != nil {
			return err
		}
		return record(tx, actor, "sms")
	})
}

// MessageLimits bound how many messages are sent.
type MessageLimits = outbox.Limits

// MessageLimits returns the limits that were set; 0 in them is the default.
func (s *Settings) MessageLimits(ctx context.Context, actor identity.Actor) (l MessageLimits, err error) {
	if err := allow(actor); err != nil {
		return l, err
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		l, err = outbox.ReadLimits(tx)
		return err
	})
	return l, err
}

// SetMessageLimits stores limits; they hold from the next message on. Version is
// the one that was read, else Stale.
func (s *Settings) SetMessageLimits(ctx context.Context, actor identity.Actor, l MessageLimits) error {
	if err := allow(actor); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *store.Tx) error {
		if err := outbox.SetLimits(tx, l); err != nil {
			return err
		}
		return record(tx, actor, "message_limits")
	})
}

// SameHost reports whether two addresses lead to one server in one way.
func SameHost(a, b string) bool {
	first, err := url.Parse(a)
	second, err2 := url.Parse(b)
	return err == nil && err2 == nil && first.Scheme == second.Scheme && strings.EqualFold(first.Host, second.Host)
}

func record(tx *store.Tx, actor identity.Actor, name string) error {
	return audit.Record(tx, actor, audit.SettingChanged, audit.About{Target: name})
}
