package server

import (
	"bytes"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/store/storetest"
)

// looking is the outbox of a demonstration, with what its log says.
func looking(t *testing.T) (*outbox.Outbox, map[identity.Channel]outbox.Sender, *bytes.Buffer) {
	t.Helper()
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	db, clock := storetest.Open(t), storetest.NewClock()
	mail := outbox.NewMail(db, outbox.MailOptions{Catalogue: catalogue, Dial: new(net.Dialer).DialContext, Now: clock.Now})
	sms := outbox.NewSMS(db, outbox.SMSOptions{Catalogue: catalogue, Client: http.DefaultClient, Now: clock.Now})
	var log bytes.Buffer
	senders := demoSenders(catalogue, slog.New(slog.NewJSONHandler(&log, nil)), mail, sms)
	return outbox.New(db, outbox.Options{Senders: senders, Catalogue: catalogue, Now: clock.Now}), senders, &log
}

func TestDemonstrationTriesSettingsInEarnest(t *testing.T) {
	o, _, log := looking(t)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := closed.Addr().(*net.TCPAddr).Port
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	mail, err := o.TryMail(t.Context(), outbox.MailSettings{Host: "127.0.0.1", Port: port, From: "a@b.test", TLS: outbox.NoTLS}, "ann@acme.test", "en-US")
	if err != nil || mail.Sent || !strings.Contains(mail.Answer, "refused") {
		t.Errorf("a mail to nobody: %+v, %v", mail, err)
	}
	asked := 0
	gateway := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer gateway.Close()
	sms, err := o.TrySMS(t.Context(), outbox.SMSSettings{URL: gateway.URL, Secret: strings.Repeat("s", 16)}, "+8613800000001", "en-US")
	if err != nil || !sms.Sent || asked != 1 {
		t.Errorf("a short message: %+v, %v, asked %d times", sms, err, asked)
	}
	if log.Len() > 0 {
		t.Errorf("what was tried stands in the log: %s", log)
	}
}

func TestDemonstrationTellsMessagesInTheLog(t *testing.T) {
	_, senders, log := looking(t)
	for channel, to := range map[identity.Channel]string{identity.ByMail: "ann@acme.test", identity.BySMS: "+8613800000001"} {
		m := outbox.Message{Channel: channel, Target: to, Language: "en-US", Template: outbox.TemplateTest}
		if err := senders[channel].Send(t.Context(), m); err != nil {
			t.Errorf("%s: %v", channel, err)
		}
	}
	if got := strings.Count(log.String(), "message written to the log only"); got != 2 {
		t.Errorf("%d messages in the log:\n%s", got, log)
	}
}
