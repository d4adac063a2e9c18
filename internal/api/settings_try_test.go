package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
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

func (m *mailTrials) Send(_ context.Context, message outbox.Message) error {
	m.message = message
	return nil
}

func (*smsTrials) Send(context.Context, outbox.Message) error { return nil }

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

// TestForeignGateway sets a gateway with a language of its own; what its headers
// hold is not shown, and is not sent to another server.
func TestForeignGateway(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		const request = `"http":{"method":"POST","encoding":"json","body":"{\"to\":\"{mobile}\"}","statuses":[200],"path":"code","value":"0"`
		const keyed = request + `,"headers":{"Authorization":"Bearer gateway-key"}}`
		w := h.as(providerToken, "PUT", "/settings/sms", `{"url":"https://sms.example/send",`+keyed+`}`)
		set := read[SMSSettings](t, w, http.StatusOK)
		if set.HTTP == nil || set.HTTP.Path != "code" || len(set.HTTP.Headers) != 1 || strings.Contains(w.Body.String(), "gateway-key") {
			t.Fatalf("got %s", w.Body)
		}
		read[Tried](t, h.as(providerToken, "POST", "/settings/sms/test", `{"url":"https://sms.example/v2",`+request+`},"to":"+8613800000001"}`), http.StatusOK)
		if got := h.shorts.settings.HTTP.Headers["Authorization"]; got != "Bearer gateway-key" || h.shorts.settings.URL != "https://sms.example/v2" {
			t.Errorf("tried with %q at %s", got, h.shorts.settings.URL)
		}
		refused(t, h.as(providerToken, "PUT", "/settings/sms", `{"url":"https://other.example/send",`+request+`}}`), 422, "field_missing")
		refused(t, h.as(providerToken, "PUT", "/settings/sms", `{"url":"https://sms.example/send","http":{"method":"GET","headers":{}}}`), 422, "field_format")
		back := read[SMSSettings](t, h.as(providerToken, "PUT", "/settings/sms", `{"url":"https://sms.example/send","secret":"0123456789abcdef"}`), http.StatusOK)
		if back.HTTP != nil || !back.Secret {
			t.Errorf("got %+v", back)
		}
	})
}
