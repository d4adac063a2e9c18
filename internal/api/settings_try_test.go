package api

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/setting"
)

// mailTrials and smsTrials take what is tried and answer as a server that
// refuses.
type (
	mailTrials struct {
		settings setting.Mail
		message  outbox.Message
	}
	smsTrials struct{ settings setting.SMS }
)

func (*mailTrials) Send(context.Context, outbox.Message) error { return nil }
func (*smsTrials) Send(context.Context, outbox.Message) error  { return nil }

func (m *mailTrials) Try(_ context.Context, s setting.Mail, message outbox.Message) error {
	m.settings, m.message = s, message
	return errors.New("535 not " + s.Password)
}

func (m *smsTrials) Try(_ context.Context, s setting.SMS, _ outbox.Message) (outbox.Tried, error) {
	m.settings = s
	return outbox.Tried{Status: http.StatusOK, Answer: "taken with " + s.Secret}, nil
}

// TestSettingsAreTried sends by settings that are not saved; secrets that are
// set stay where they would be sent to the same server.
func TestSettingsAreTried(t *testing.T) {
	h := newHouse(t)
	const mail = `{"host":"mail.example","port":587,"username":"u","from":"a@b.example","tls":"starttls"`
	read[MailSettings](t, h.as(providerToken, "PUT", "/settings/mail", mail+`,"password":"mail-pass-word"}`), http.StatusOK)
	got := read[Tried](t, h.as(providerToken, "POST", "/settings/mail/test", mail+`,"to":"x@y.example"}`), http.StatusOK)
	if got.Sent || got.Answer != "535 not [redacted]" || h.mails.settings.Password != "mail-pass-word" || h.mails.message.Target != "x@y.example" {
		t.Errorf("got %+v with %v", got, h.mails.message)
	}
	elsewhere := `{"host":"other.example","port":587,"username":"u","from":"a@b.example","tls":"starttls","to":"x@y.example"}`
	refused(t, h.as(providerToken, "POST", "/settings/mail/test", elsewhere), 422, "field_missing")
	refused(t, h.as(providerToken, "POST", "/settings/mail/test", mail+`,"to":"nobody"}`), 422, "email_format")
	if m := read[MailSettings](t, h.as(providerToken, "GET", "/settings/mail", ""), http.StatusOK); m.Version != 1 {
		t.Errorf("a try saved the settings: %+v", m)
	}
	sms := read[Tried](t, h.as(providerToken, "POST", "/settings/sms/test", `{"url":"https://sms.example","secret":"0123456789abcdef","to":"+8613800000001"}`), http.StatusOK)
	if !sms.Sent || sms.Status != http.StatusOK || sms.Answer != "taken with [redacted]" || h.shorts.settings.URL != "https://sms.example" {
		t.Errorf("got %+v", sms)
	}
}
