package outbox

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

const mailPassword = "S3cret-Marker-mail"

func catalogue(t testing.TB) *i18n.Catalogue {
	t.Helper()
	c, err := i18n.Load()
	if err != nil {
		t.Fatalf("catalogues: %v", err)
	}
	return c
}

func mailSettings(mode TLSMode) MailSettings {
	s := MailSettings{Host: "mail.example.com", Port: 587, From: "Orgate 登录 <orgate@example.com>", TLS: mode}
	if mode != NoTLS {
		s.Username, s.Password = "orgate", mailPassword
	}
	return s
}

// set stores settings.
func set(t *testing.T, db *store.DB, fn func(tx *store.Tx) error) {
	t.Helper()
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		tx.NoEvent("test")
		return fn(tx)
	})
	if err != nil {
		t.Fatalf("set: %v", err)
	}
}

// mailer is a sender to a server of the test.
func mailer(t *testing.T, server *smtpd, settings MailSettings) *Mail {
	t.Helper()
	db := storetest.Open(t)
	set(t, db, func(tx *store.Tx) error { return SetMailSettings(tx, settings) })
	return NewMail(db, MailOptions{Catalogue: catalogue(t), Dial: server.dial, Now: storetest.NewClock().Now, Roots: server.roots})
}

func welcome(lang string) Message {
	return Message{
		ID: "msg_1", Channel: identity.ByMail, Target: "zhang.san@example.com", Language: lang, Template: TemplateWelcome,
		Params: map[string]string{"account": "zhang.san", "password": "p=ä{{.account}}", "address": "https://id.example.com/"},
	}
}

func TestAMailArrivesAsItWasMeant(t *testing.T) {
	tests := []struct {
		name      string
		mode      TLSMode
		change    func(*smtpd)
		auth      string
		encrypted bool
	}{
		{"STARTTLS", StartTLS, func(*smtpd) {}, "|orgate|" + mailPassword, true},
		{"implicit TLS", ImplicitTLS, func(s *smtpd) { s.implicit = true }, "|orgate|" + mailPassword, true},
		{"none", NoTLS, func(*smtpd) {}, "", false},
	}
	for _, tt := range tests {
		for _, lang := range i18n.Languages() {
			t.Run(tt.name+" "+string(lang), func(t *testing.T) {
				server := newSMTPD(t, tt.change)
				m := welcome(string(lang))
				if err := mailer(t, server, mailSettings(tt.mode)).Send(t.Context(), m); err != nil {
					t.Fatalf("Send: %v", err)
				}
				got := server.received()
				if len(got) != 1 {
					t.Fatalf("got %d mails, want 1", len(got))
				}
				if got[0].auth != tt.auth || got[0].encrypted != tt.encrypted {
					t.Errorf("got log-in %q, encrypted %v; want %q, %v", got[0].auth, got[0].encrypted, tt.auth, tt.encrypted)
				}
				if !strings.HasPrefix(got[0].from, "MAIL FROM:<orgate@example.com>") || !strings.HasPrefix(got[0].to, "RCPT TO:<zhang.san@example.com>") {
					t.Errorf("got the envelope %q, %q", got[0].from, got[0].to)
				}
				wantMail(t, got[0].text, lang, m)
			})
		}
	}
}

// wantMail checks headers and text of a mail.
func wantMail(t *testing.T, raw string, lang i18n.Language, m Message) {
	t.Helper()
	parsed, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatalf("the mail cannot be read: %v\n%s", err, raw)
	}
	subject, body, err := mailText(catalogue(t), m)
	if err != nil {
		t.Fatal(err)
	}
	decoded, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
	if err != nil || decoded != subject {
		t.Errorf("%s: got subject %q, want %q", lang, decoded, subject)
	}
	from, err := parsed.Header.AddressList("From")
	if err != nil || len(from) != 1 || from[0].Name != "Orgate 登录" || from[0].Address != "orgate@example.com" {
		t.Errorf("got sender %v, %v", from, err)
	}
	for name, want := range map[string]string{
		"Message-Id": "<msg_1@example.com>", "Auto-Submitted": "auto-generated", "Date": "Mon, 02 Mar 2026 09:30:00 +0000",
		"Content-Type": "text/plain; charset=UTF-8", "To": "<zhang.san@example.com>",
	} {
		if got := parsed.Header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	got, err := io.ReadAll(quotedprintable.NewReader(parsed.Body))
	text := strings.ReplaceAll(string(got), "\r\n", "\n")
	if err != nil || strings.TrimSpace(text) != strings.TrimSpace(body) {
		t.Errorf("got the text\n%q\nwant\n%q", text, body)
	}
	if !strings.Contains(text, m.Params["password"]) {
		t.Errorf("the text lacks the password as it is: %q", text)
	}
}

func TestNothingLeavesWithoutTheProtectionThatWasAskedFor(t *testing.T) {
	other, otherRoots := certificate(t)
	tests := []struct {
		name     string
		settings MailSettings
		change   func(*smtpd)
		want     string
	}{
		{"STARTTLS is not offered", mailSettings(StartTLS), func(s *smtpd) { s.startTLS = false }, "STARTTLS"},
		{"STARTTLS is refused", mailSettings(StartTLS), func(s *smtpd) { s.answers = map[string]string{"STARTTLS": "454 not now"} }, "454"},
		{"unknown authority", mailSettings(StartTLS), func(s *smtpd) { s.roots = otherRoots }, "certificate"},
		{"unknown authority, implicit", mailSettings(ImplicitTLS), func(s *smtpd) { s.implicit, s.config = true, other }, "certificate"},
		{"another name", func() MailSettings { s := mailSettings(StartTLS); s.Host = "evil.example.com"; return s }(), func(*smtpd) {}, "certificate"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := newSMTPD(t, tt.change)
			err := mailer(t, server, tt.settings).Send(t.Context(), welcome("en-US"))
			if err == nil || !strings.Contains(err.Error(), tt.want) || errors.Is(err, ErrPermanent) {
				t.Errorf("got %v, want a failure that says %q and is tried again", err, tt.want)
			}
			if got := server.received(); len(got) != 0 {
				t.Errorf("the mail left all the same: %+v", got)
			}
			server.mu.Lock()
			defer server.mu.Unlock()
			for _, line := range server.spoke {
				if strings.HasPrefix(line, "AUTH") || strings.HasPrefix(line, "MAIL") {
					t.Errorf("said in clear: %q", line)
				}
			}
		})
	}
}

func TestWhichAnswersAreForGood(t *testing.T) {
	tests := []struct {
		verb, answer string
		permanent    bool
	}{
		{"RCPT", "550 no such box", true},
		{"MAIL", "553 not from you", true},
		{"DATA", "554 spam", true},
		{"RCPT", "451 later", false},
		{"MAIL", "421 closing", false},
		{"AUTH", "535 wrong password", false}, // an administrator can mend the settings
	}
	for _, tt := range tests {
		t.Run(tt.verb+" "+tt.answer, func(t *testing.T) {
			server := newSMTPD(t, func(s *smtpd) { s.answers = map[string]string{tt.verb: tt.answer} })
			err := mailer(t, server, mailSettings(StartTLS)).Send(t.Context(), welcome("en-US"))
			if err == nil || errors.Is(err, ErrPermanent) != tt.permanent {
				t.Errorf("got %v, want a failure for good: %v", err, tt.permanent)
			}
			if err != nil && strings.Contains(err.Error(), mailPassword) {
				t.Errorf("the error holds the password: %v", err)
			}
		})
	}
}

func TestASendStopsWithItsContext(t *testing.T) {
	server := newSMTPD(t, func(s *smtpd) { s.answers = map[string]string{"RCPT": ""} })
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := mailer(t, server, mailSettings(StartTLS)).Send(ctx, welcome("en-US")); err == nil || errors.Is(err, ErrPermanent) {
		t.Errorf("got %v, want a failure that is tried again", err)
	}
}

func TestARefusedConnectionIsTriedAgain(t *testing.T) {
	server := newSMTPD(t, func(*smtpd) {})
	settings := mailSettings(StartTLS)
	settings.Host = "2001:db8::1"
	m := mailer(t, server, settings)
	blocked := errors.New("egress: inside address")
	m.options.Dial = func(_ context.Context, network, address string) (net.Conn, error) {
		if network != "tcp" || address != "[2001:db8::1]:587" {
			t.Errorf("dialled %s %s, want what the settings say", network, address)
		}
		return nil, blocked
	}
	if err := m.Send(t.Context(), welcome("en-US")); !errors.Is(err, blocked) || errors.Is(err, ErrPermanent) {
		t.Errorf("got %v, want %v", err, blocked)
	}
}

func TestSettingsAreReadAtEachSend(t *testing.T) {
	server := newSMTPD(t, func(*smtpd) {})
	db := storetest.Open(t)
	m := NewMail(db, MailOptions{Catalogue: catalogue(t), Dial: server.dial, Now: storetest.NewClock().Now, Roots: server.roots})
	if m.Configured(t.Context()) {
		t.Error("Configured without settings")
	}
	if err := m.Send(t.Context(), welcome("en-US")); !errors.Is(err, ErrNotConfigured) {
		t.Errorf("got %v, want %v", err, ErrNotConfigured)
	}
	set(t, db, func(tx *store.Tx) error { return SetMailSettings(tx, mailSettings(StartTLS)) })
	if !m.Configured(t.Context()) {
		t.Error("not Configured with settings")
	}
	if err := m.Send(t.Context(), welcome("en-US")); err != nil {
		t.Errorf("Send: %v", err)
	}
}

// What a recipient is asked for can never become a header or a second
// recipient.
func TestHeadersCannotBeInjected(t *testing.T) {
	server := newSMTPD(t, func(*smtpd) {})
	m := mailer(t, server, mailSettings(StartTLS))
	for _, target := range []string{"a@example.com\r\nBcc: b@example.com", "a@example.com, b@example.com", "A <a@example.com>", "a@example.com\n", ""} {
		bad := welcome("en-US")
		bad.Target = target
		if err := m.Send(t.Context(), bad); !errors.Is(err, ErrPermanent) {
			t.Errorf("target %q: got %v, want %v", target, err, ErrPermanent)
		}
	}
	for _, name := range slices.Sorted(slices.Values([]string{"account", "password", "address"})) {
		bad := welcome("en-US")
		bad.Params[name] = "x\r\nBcc: b@example.com"
		if err := m.Send(t.Context(), bad); !errors.Is(err, ErrPermanent) {
			t.Errorf("parameter %s: got %v, want %v", name, err, ErrPermanent)
		}
	}
	if got := server.received(); len(got) != 0 {
		t.Errorf("%d mails left", len(got))
	}
}
