package outbox

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store/storetest"
)

// trying is an outbox whose senders have no settings stored.
func trying(t *testing.T, senders map[identity.Channel]Sender) *Outbox {
	t.Helper()
	return New(storetest.Open(t), Options{Senders: senders, Now: storetest.NewClock().Now})
}

func TestMailSettingsAreTried(t *testing.T) {
	for _, tt := range []struct {
		name    string
		answers map[string]string
		sent    bool
		told    string
	}{
		{"taken over", nil, true, ""},
		{"refused", map[string]string{"RCPT": "550 5.1.1 no " + mailPassword + " here"}, false, "550"},
		{"the password is wrong", map[string]string{"AUTH": "535 5.7.8 not " + mailPassword}, false, "535"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server := newSMTPD(t, func(s *smtpd) { s.answers = tt.answers })
			o := trying(t, map[identity.Channel]Sender{identity.ByMail: NewMail(storetest.Open(t), MailOptions{
				Catalogue: catalogue(t), Dial: server.dial, Now: storetest.NewClock().Now, Roots: server.roots,
			})})
			got, err := o.TryMail(t.Context(), mailSettings(StartTLS), "somebody@example.org", "zh-CN")
			if err != nil || got.Sent != tt.sent || !strings.Contains(got.Answer, tt.told) || strings.Contains(got.Answer, mailPassword) {
				t.Errorf("got %+v, %v", got, err)
			}
			server.mu.Lock()
			defer server.mu.Unlock()
			if arrived := len(server.mails) == 1; arrived != tt.sent {
				t.Errorf("%d mails arrived", len(server.mails))
			}
		})
	}
}

func TestSMSSettingsAreTried(t *testing.T) {
	for _, tt := range []struct {
		name   string
		status int
		answer string
		sent   bool
		told   string
	}{
		{"taken over", 200, `{"ok":true}`, true, `{"ok":true}`},
		{"refused", 400, "no\n" + gatewaySecret, false, "gateway answered 400"},
		{"a long answer", 200, strings.Repeat("x", maxErrorText+1), true, "x…"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if body, _ := io.ReadAll(r.Body); !strings.Contains(string(body), `"template":"test"`) {
					t.Errorf("posted %s", body)
				}
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.answer)
			}))
			defer server.Close()
			o := trying(t, map[identity.Channel]Sender{identity.BySMS: NewSMS(storetest.Open(t), SMSOptions{
				Catalogue: catalogue(t), Client: server.Client(), Now: storetest.NewClock().Now,
			})})
			got, err := o.TrySMS(t.Context(), SMSSettings{URL: server.URL, Secret: gatewaySecret}, "+8613800000001", "en-US")
			if err != nil || got.Sent != tt.sent || got.Status != tt.status || !strings.Contains(got.Answer, tt.told) ||
				strings.Contains(got.Answer, gatewaySecret) || strings.Contains(got.Answer, "\n") {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestTriesThatAreRefused(t *testing.T) {
	o := trying(t, map[identity.Channel]Sender{identity.ByMail: NewLogSender(LogOptions{Catalogue: catalogue(t)})})
	good := mailSettings(NoTLS)
	for _, tt := range []struct {
		name     string
		settings MailSettings
		to       string
		want     fault.Code
	}{
		{"no settings", MailSettings{}, "a@example.org", fault.CodeFieldFormat},
		{"no address", good, "a@example.org\r\nBcc: b@example.org", fault.CodeEmailFormat},
		{"a sender that only seems to send", good, "a@example.org", fault.CodeUnavailable},
	} {
		if _, err := o.TryMail(t.Context(), tt.settings, tt.to, ""); !fault.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
	if _, err := o.TrySMS(t.Context(), SMSSettings{URL: "https://sms.example", Secret: gatewaySecret}, "12", ""); !fault.Is(err, fault.CodeMobileFormat) {
		t.Errorf("no number: got %v", err)
	}
}
