package api

import (
	"context"
	"maps"
	"slices"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/setting"
)

// MailSettings say through which server mails leave.
type MailSettings struct {
	Host     string `json:"host"`
	Port     int    `json:"port"`
	Username string `json:"username" doc:"Empty: mails are sent without signing in."`
	Secret   bool   `json:"password_set" doc:"Whether there is a password. It is never shown."`
	From     string `json:"from"`
	TLS      string `json:"tls" doc:"starttls, implicit or none; empty while nothing was set."`
	Version  int64  `json:"version" doc:"0 while nothing was set."`
}

func mailShown(m setting.Mail) MailSettings {
	return MailSettings{
		Host: m.Host, Port: m.Port, Username: m.Username, Secret: m.Password != "", From: m.From, TLS: string(m.TLS),
		Version: m.Version,
	}
}

type settingsInput struct{ Known }

func getMail(ctx context.Context, c *call, in *settingsInput) (*single[MailSettings], error) {
	m, err := c.s.o.Settings.Mail(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	return shown(in.Known, m.Version, mailShown(m))
}

// MailChange is the body that says through which server mails leave.
type MailChange struct {
	Host     string  `json:"host" doc:"The server's name."`
	Port     int     `json:"port" doc:"Usually 587 with starttls, 465 with implicit."`
	Username string  `json:"username,omitempty" doc:"Left out, mails are sent without signing in."`
	Password *string `json:"password,omitempty" doc:"Left out, the one that is set stays, as long as the server is the same. Empty removes it."`
	From     string  `json:"from" doc:"An address, or a name and an address in angle brackets."`
	TLS      string  `json:"tls" enum:"starttls,implicit,none" doc:"none is for a relay in the same network and allows no password."`
}

// over is what the settings become.
func (b MailChange) over(before setting.Mail) (setting.Mail, error) {
	m := setting.Mail{Host: b.Host, Port: b.Port, Username: b.Username, From: b.From, TLS: setting.TLSMode(b.TLS), Version: before.Version}
	switch {
	case b.Password != nil:
		m.Password = *b.Password
	case before.Password == "" || m.TLS == setting.NoTLS:
	case b.Host != before.Host || b.Port != before.Port || b.Username != before.Username:
		// Another server would be sent a password that was meant for the first.
		return m, fault.New(fault.Invalid, fault.CodeFieldMissing).At("password").With("field", "password")
	default:
		m.Password = before.Password
	}
	return m, nil
}

type setMailInput struct {
	Unchanged
	Body MailChange
}

func setMail(ctx context.Context, c *call, in *setMailInput) (*single[MailSettings], error) {
	before, err := c.s.o.Settings.Mail(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	if _, err := in.version(before.Version); err != nil {
		return nil, err
	}
	m, err := in.Body.over(before)
	if err != nil {
		return nil, err
	}
	if err := c.s.o.Settings.SetMail(ctx, c.actor, m); err != nil {
		return nil, err
	}
	after, err := c.s.o.Settings.Mail(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	return &single[MailSettings]{ETag: etag(after.Version), Body: mailShown(after)}, nil
}

// SMSSettings say to which gateway short messages go.
type SMSSettings struct {
	URL     string `json:"url"`
	Secret  bool   `json:"secret_set" doc:"Whether there is a secret. It is never shown."`
	Version int64  `json:"version" doc:"0 while nothing was set."`
	// HTTP is there for a gateway with a language of its own.
	HTTP *SMSRequest `json:"http,omitempty"`
}

// SMSRequest is how a gateway with a language of its own is asked.
type SMSRequest struct {
	SMSRequestFields
	Headers []string `json:"headers" doc:"The names of the headers that are set. What they hold is never shown."`
}

// SMSRequestFields are what is shown of it and set alike.
type SMSRequestFields struct {
	Method   string `json:"method" enum:"POST,PUT,GET"`
	Encoding string `json:"encoding,omitempty" enum:"json,form" doc:"How the body is written; left out for GET."`
	Body     string `json:"body,omitempty" doc:"JSON or a form, with {mobile}, {text}, {code}, {template}, {language} and {id} in it. The address may hold them too."`
	Statuses []int  `json:"statuses,omitempty" doc:"The statuses that mean success; left out, any of 200 to 299."`
	Path     string `json:"path,omitempty" doc:"Where in a JSON answer it stands whether it went well, as in result.code."`
	Value    string `json:"value,omitempty" doc:"What has to stand there."`
}

func smsShown(m setting.SMS) SMSSettings {
	shown := SMSSettings{URL: m.URL, Secret: m.Secret != "", Version: m.Version}
	if r := m.HTTP; r != nil {
		shown.HTTP = &SMSRequest{
			SMSRequestFields{r.Method, string(r.Encoding), r.Body, r.Statuses, r.Path, r.Value},
			append([]string{}, slices.Sorted(maps.Keys(r.Headers))...),
		}
	}
	return shown
}

func getSMS(ctx context.Context, c *call, in *settingsInput) (*single[SMSSettings], error) {
	m, err := c.s.o.Settings.SMS(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	return shown(in.Known, m.Version, smsShown(m))
}

// SMSChange is the body that says to which gateway short messages go.
type SMSChange struct {
	URL    string  `json:"url" doc:"The gateway's address."`
	Secret *string `json:"secret,omitempty" doc:"Signs each request, at least 16 characters. Left out, the one that is set stays."`
	// HTTP is for a gateway with a language of its own.
	HTTP *SMSRequestChange `json:"http,omitempty" doc:"For a gateway with a language of its own, which needs no secret. Left out, the gateway is posted our signed JSON."`
}

// SMSRequestChange is how a gateway with a language of its own is to be asked.
type SMSRequestChange struct {
	SMSRequestFields
	Headers map[string]string `json:"headers,omitempty" doc:"All headers that are set, such as Authorization. Left out, those that are set stay, as long as the gateway's host is the same."`
}

// over is what the settings become.
func (b SMSChange) over(before setting.SMS) (setting.SMS, error) {
	m := setting.SMS{URL: b.URL, Secret: before.Secret, Version: before.Version}
	put(&m.Secret, b.Secret)
	if b.HTTP == nil {
		return m, nil
	}
	f := b.HTTP.SMSRequestFields
	m.HTTP = &setting.SMSRequest{
		Method: f.Method, Encoding: setting.SMSEncoding(f.Encoding), Headers: b.HTTP.Headers, Body: f.Body, Statuses: f.Statuses, Path: f.Path, Value: f.Value,
	}
	if b.HTTP.Headers != nil || before.HTTP == nil || len(before.HTTP.Headers) == 0 {
		return m, nil
	}
	if !setting.SameHost(b.URL, before.URL) {
		// Another server would be sent secrets that were meant for the first.
		return m, fault.New(fault.Invalid, fault.CodeFieldMissing).At("http.headers").With("field", "http.headers")
	}
	m.HTTP.Headers = before.HTTP.Headers
	return m, nil
}

type setSMSInput struct {
	Unchanged
	Body SMSChange
}

func setSMS(ctx context.Context, c *call, in *setSMSInput) (*single[SMSSettings], error) {
	before, err := c.s.o.Settings.SMS(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	if _, err := in.version(before.Version); err != nil {
		return nil, err
	}
	m, err := in.Body.over(before)
	if err != nil {
		return nil, err
	}
	if err := c.s.o.Settings.SetSMS(ctx, c.actor, m); err != nil {
		return nil, err
	}
	after, err := c.s.o.Settings.SMS(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	return &single[SMSSettings]{ETag: etag(after.Version), Body: smsShown(after)}, nil
}
