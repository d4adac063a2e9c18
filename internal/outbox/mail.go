package outbox

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/store"
)

// Dial opens a connection. It decides where the product may connect to.
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

// MailOptions say what a Mail works with.
type MailOptions struct {
	Catalogue *i18n.Catalogue
	// Dial reaches the mail server; give it the guard of egress.
	Dial Dial
	// Now is the clock, for the Date header.
	Now func() time.Time
	// Roots are the authorities that a mail server's certificate is checked
	// against; nil means those of the system.
	Roots *x509.CertPool
}

// Mail sends plain text mails in UTF-8 by SMTP (RFC 5321). It reads its
// settings at each send.
type Mail struct {
	db      *store.DB
	options MailOptions
}

// NewMail returns a sender with the settings of a database.
func NewMail(db *store.DB, options MailOptions) *Mail { return &Mail{db, options} }

// Configured reports whether a mail server is set.
func (s *Mail) Configured(ctx context.Context) bool {
	settings, err := readMail(ctx, s.db)
	return err == nil && settings.Host != ""
}

// Send hands one mail to the server. A server's answer of the class 5 to the
// mail itself is ErrPermanent; a refused log-in or a failed handshake is not,
// since an administrator can mend the settings while the mail waits.
func (s *Mail) Send(ctx context.Context, m Message) error {
	settings, err := readMail(ctx, s.db)
	if err != nil {
		return err
	}
	if settings.Host == "" {
		return ErrNotConfigured
	}
	return s.Try(ctx, settings, m)
}

// Try is Send by settings that need not be stored.
func (s *Mail) Try(ctx context.Context, settings MailSettings, m Message) error {
	envelope, err := s.compose(settings, m)
	if err != nil {
		return err
	}
	client, err := s.client(ctx, settings)
	if err != nil {
		return fmt.Errorf("mail server: %w", err)
	}
	return classify(client.DialAndSendWithContext(ctx, envelope))
}

// Probe opens a conversation with the mail server as a send would, signs in
// where a name is set, and ends it without a mail.
func (s *Mail) Probe(ctx context.Context) error {
	settings, err := readMail(ctx, s.db)
	if err != nil {
		return err
	}
	if settings.Host == "" {
		return ErrNotConfigured
	}
	client, err := s.client(ctx, settings)
	if err != nil {
		return fmt.Errorf("mail server: %w", err)
	}
	if err := client.DialWithContext(ctx); err != nil {
		return err
	}
	return client.Close()
}

// compose writes the mail. The library encodes headers (RFC 2047); that none
// of them can hold a line end was checked when the text was made.
func (s *Mail) compose(settings MailSettings, m Message) (*mail.Msg, error) {
	subject, body, err := mailText(s.options.Catalogue, m)
	if err != nil {
		return nil, err
	}
	from, err := netmail.ParseAddress(settings.From)
	if err != nil {
		return nil, fmt.Errorf("sender address: %w", err)
	}
	envelope := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8), mail.WithEncoding(mail.EncodingQP), mail.WithNoDefaultUserAgent())
	if err := envelope.FromFormat(from.Name, from.Address); err != nil {
		return nil, fmt.Errorf("sender address: %w", err)
	}
	if err := envelope.To(m.Target); err != nil {
		return nil, fmt.Errorf("recipient: %w: %w", ErrPermanent, err)
	}
	envelope.Subject(subject)
	envelope.SetDateWithValue(s.options.Now())
	envelope.SetMessageIDWithValue(string(m.ID) + "@" + from.Address[strings.LastIndexByte(from.Address, '@')+1:])
	// RFC 3834, 5: nobody's out-of-office answers a verification code.
	envelope.SetGenHeader("Auto-Submitted", "auto-generated")
	envelope.SetBodyString(mail.TypeTextPlain, body)
	return envelope, nil
}

// client returns a client for one conversation.
func (s *Mail) client(ctx context.Context, settings MailSettings) (*mail.Client, error) {
	secure := &tls.Config{ServerName: settings.Host, RootCAs: s.options.Roots, MinVersion: tls.VersionTLS12}
	dial := s.options.Dial
	options := []mail.Option{mail.WithPort(settings.Port), mail.WithTLSConfig(secure), mail.WithTimeout(sendFor), mail.WithoutNoop()}
	switch settings.TLS {
	case StartTLS:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	case ImplicitTLS:
		// The library protects connections of its own dialler only, so this one
		// comes to it protected; the policy makes it look whether it is.
		dial = protected(dial, secure)
		options = append(options, mail.WithTLSPolicy(mail.TLSOpportunistic))
	case NoTLS:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		return nil, fmt.Errorf("mail settings: TLS mode %q", settings.TLS)
	}
	if settings.Username != "" && settings.TLS != NoTLS {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(settings.Username), mail.WithPassword(settings.Password))
	}
	address := net.JoinHostPort(settings.Host, strconv.Itoa(settings.Port))
	options = append(options, mail.WithDialContextFunc(closing(ctx, address, dial)))
	return mail.NewClient(settings.Host, options...)
}

// protected adds TLS from the first byte (RFC 8314, 3.3).
func protected(dial Dial, config *tls.Config) Dial {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		plain, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		conn := tls.Client(plain, config)
		if err := conn.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(err, plain.Close())
		}
		return conn, nil
	}
}

// closing closes the connection when the send's context ends: the library
// observes it only while it dials. The address is ours too: the library's own
// is wrong for a host in IPv6 form.
func closing(send context.Context, address string, dial Dial) mail.DialContextFunc {
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err == nil {
			context.AfterFunc(send, func() { _ = conn.Close() })
		}
		return conn, err
	}
}

// classify tells what no repetition will mend: the server said so with an
// answer of the class 5 (RFC 5321, 4.2.1) to sender, recipient or text.
func classify(err error) error {
	var refused *mail.SendError
	if errors.As(err, &refused) && refused.ErrorCode() >= 500 && refused.ErrorCode() < 600 {
		return fmt.Errorf("mail refused with %s: %w: %w", strconv.Itoa(refused.ErrorCode()), ErrPermanent, err)
	}
	if err != nil {
		return fmt.Errorf("mail not sent: %w", err)
	}
	return nil
}
