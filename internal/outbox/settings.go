package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/mail"
	"net/url"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/store"
)

// Names of the settings.
const (
	mailSetting = "mail"
	smsSetting  = "sms"
)

// ErrNotConfigured is what a sender returns while nobody has set it up. The
// message waits, since somebody may.
var ErrNotConfigured = errors.New("outbox: the channel is not configured")

// TLSMode is how the connection to a mail server is protected.
type TLSMode string

// The modes. Opportunistic protection is not offered: whoever can read the
// connection can also take the offer of protection away.
const (
	StartTLS    TLSMode = "starttls" // RFC 3207, and nothing is sent without it
	ImplicitTLS TLSMode = "implicit" // RFC 8314, 3.3
	NoTLS       TLSMode = "none"     // for a relay on the same machine or network; without a password
)

// MailSettings say through which server mails leave.
type MailSettings struct {
	Host     string  `json:"host"`
	Port     int     `json:"port"`
	Username string  `json:"username,omitempty"` // "" sends without authentication
	Password string  `json:"password,omitempty"`
	From     string  `json:"from"` // an address, or a name and an address
	TLS      TLSMode `json:"tls"`
	// Version is the one that was read; SetMailSettings is Stale when another
	// is stored by now. 0 for settings never made.
	Version int64 `json:"-"`
}

// String keeps the password out of logs.
func (MailSettings) String() string { return "[redacted]" }

// GoString is String, for %#v.
func (s MailSettings) GoString() string { return s.String() }

// LogValue keeps the password out of logs.
func (s MailSettings) LogValue() slog.Value { return slog.StringValue(s.String()) }

// check reports all that is wrong at once.
func (s MailSettings) check() error {
	var faults []*fault.Error
	if s.Host == "" || strings.ContainsAny(s.Host, " /@\r\n") || !oneLine(s.Host, 253) {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldFormat).At("host").With("want", "want.mail_host"))
	}
	if s.Port < 1 || s.Port > 65535 {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldRange).At("port").With("min", 1).With("max", 65535))
	}
	if _, err := mail.ParseAddress(s.From); err != nil || !oneLine(s.From, maxTarget) {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldFormat).At("from").With("want", "want.mail_sender"))
	}
	switch s.TLS {
	case StartTLS, ImplicitTLS:
	case NoTLS:
		if s.Password != "" {
			// It would cross the network in clear.
			faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldUnwanted).At("password"))
		}
	default:
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldChoice).At("tls").
			With("choices", []string{string(StartTLS), string(ImplicitTLS), string(NoTLS)}))
	}
	return fault.All(faults)
}

// MailSettings returns the settings of the mail channel with their version;
// settings never made are the zero value.
func (o *Outbox) MailSettings(ctx context.Context) (MailSettings, error) {
	return readMail(ctx, o.db)
}

// SetMailSettings stores the settings of the mail channel inside the caller's
// transaction, who also records it. They hold from the next message on.
func SetMailSettings(tx *store.Tx, s MailSettings) error {
	if err := s.check(); err != nil {
		return err
	}
	return save(tx, mailSetting, s, s.Version)
}

// SMSSettings say to which gateway short messages go.
type SMSSettings struct {
	URL    string `json:"url"`              // https, or http on a trusted network
	Secret string `json:"secret,omitempty"` // signs each request; at least 16 characters
	// HTTP is how a gateway is asked that does not know our signed JSON; nil for
	// one that does. It needs no secret.
	HTTP *SMSRequest `json:"http,omitempty"`
	// Version is as in MailSettings.
	Version int64 `json:"-"`
}

// minGatewaySecret is the least length of the secret shared with a gateway.
const minGatewaySecret = 16

// String keeps the secret out of logs.
func (SMSSettings) String() string { return "[redacted]" }

// GoString is String, for %#v.
func (s SMSSettings) GoString() string { return s.String() }

// LogValue keeps the secret out of logs.
func (s SMSSettings) LogValue() slog.Value { return slog.StringValue(s.String()) }

// secrets are what must not be told of the settings.
func (s SMSSettings) secrets() map[string]string {
	secrets := map[string]string{"secret": s.Secret}
	if s.HTTP != nil {
		for name, value := range s.HTTP.Headers {
			secrets[name] = value
		}
	}
	return secrets
}

// Check reports all that is wrong with settings.
func (s SMSSettings) Check() error {
	var faults []*fault.Error
	u, err := url.Parse(s.URL)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldFormat).At("url").With("want", "want.gateway_url"))
	}
	if s.HTTP != nil {
		faults = append(faults, s.HTTP.faults(s.URL)...)
	} else if len(s.Secret) < minGatewaySecret {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldLength).At("secret").With("min", minGatewaySecret).With("max", 1024))
	}
	return fault.All(faults)
}

// SMSSettings returns the settings of the short message channel with their
// version; settings never made are the zero value.
func (o *Outbox) SMSSettings(ctx context.Context) (SMSSettings, error) {
	return readSMS(ctx, o.db)
}

// SetSMSSettings is SetMailSettings for the short message channel.
func SetSMSSettings(tx *store.Tx, s SMSSettings) error {
	if err := s.Check(); err != nil {
		return err
	}
	return save(tx, smsSetting, s, s.Version)
}

func readMail(ctx context.Context, db *store.DB) (s MailSettings, err error) {
	s.Version, err = read(ctx, db, mailSetting, &s)
	return s, err
}

func readSMS(ctx context.Context, db *store.DB) (s SMSSettings, err error) {
	s.Version, err = read(ctx, db, smsSetting, &s)
	return s, err
}

// read decodes a setting; one never made leaves into as it is.
func read[T any](ctx context.Context, db *store.DB, name string, into *T) (version int64, err error) {
	var value []byte
	err = db.View(ctx, func(tx *store.Tx) error {
		value, version, err = tx.Settings.Get(name)
		return err
	})
	switch {
	case err != nil && fault.KindOf(err) == fault.NotFound:
		return 0, nil
	case err != nil:
		return 0, err
	}
	if err := json.Unmarshal(value, into); err != nil {
		return 0, fmt.Errorf("outbox: setting %q: %w", name, err)
	}
	return version, nil
}

func save[T any](tx *store.Tx, name string, settings T, version int64) error {
	value, err := json.Marshal(settings)
	if err != nil {
		return err
	}
	return tx.Settings.Put(name, value, version)
}
