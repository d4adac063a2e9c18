package outbox

import (
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// fields names the fields that an error finds fault with.
func fields(err error) (names []string) {
	if err == nil {
		return nil
	}
	f := fault.Of(err)
	for _, e := range append([]*fault.Error{f}, f.Others...) {
		names = append(names, e.Field)
	}
	return names
}

func TestSettingsAreStoredWithTheirVersion(t *testing.T) {
	db := storetest.Open(t)
	o := New(db, Options{})
	mail, err := o.MailSettings(t.Context())
	if err != nil || mail != (MailSettings{}) {
		t.Fatalf("never made: got %+v, %v; want nothing", mail, err)
	}
	want := mailSettings(StartTLS)
	set(t, db, func(tx *store.Tx) error { return SetMailSettings(tx, want) })
	if mail, err = o.MailSettings(t.Context()); err != nil || mail.Version != 1 {
		t.Fatalf("got version %d, %v; want 1", mail.Version, err)
	}
	if want.Version = 1; mail != want {
		t.Error("the settings came out other than they went in")
	}
	sms := SMSSettings{URL: "https://sms.example.com/send", Secret: "0123456789abcdef"}
	set(t, db, func(tx *store.Tx) error { return SetSMSSettings(tx, sms) })
	got, err := o.SMSSettings(t.Context())
	if sms.Version = 1; err != nil || got != sms {
		t.Errorf("short messages: %v; want what was stored", err)
	}
	for name, change := range map[string]func(tx *store.Tx) error{
		"mail": func(tx *store.Tx) error { return SetMailSettings(tx, mailSettings(NoTLS)) },
		"sms":  func(tx *store.Tx) error { return SetSMSSettings(tx, SMSSettings{URL: sms.URL, Secret: sms.Secret}) },
	} {
		err := db.Update(t.Context(), func(tx *store.Tx) error { tx.NoEvent("test"); return change(tx) })
		if !fault.Is(err, fault.CodeStale) {
			t.Errorf("%s, another version was read: got %v, want %s", name, err, fault.CodeStale)
		}
	}
}

func TestMailSettingsAreChecked(t *testing.T) {
	tests := []struct {
		name   string
		change func(*MailSettings)
		want   []string
	}{
		{"good", func(*MailSettings) {}, nil},
		{"bare sender", func(s *MailSettings) { s.From = "orgate@example.com" }, nil},
		{"address as host", func(s *MailSettings) { s.Host = "192.0.2.1" }, nil},
		{"IPv6", func(s *MailSettings) { s.Host = "2001:db8::1" }, nil},
		{"relay", func(s *MailSettings) { s.TLS, s.Username, s.Password = NoTLS, "", "" }, nil},
		{"nothing", func(s *MailSettings) { *s = MailSettings{} }, []string{"host", "port", "from", "tls"}},
		{"URL as host", func(s *MailSettings) { s.Host = "smtp://mail.example.com" }, []string{"host"}},
		{"account in host", func(s *MailSettings) { s.Host = "good@evil.example.com" }, []string{"host"}},
		{"line feed in host", func(s *MailSettings) { s.Host = "a\nb" }, []string{"host"}},
		{"port", func(s *MailSettings) { s.Port = 65536 }, []string{"port"}},
		{"no sender", func(s *MailSettings) { s.From = "orgate" }, []string{"from"}},
		{"sender with a header", func(s *MailSettings) { s.From = "a@example.com\r\nBcc: b@example.com" }, []string{"from"}},
		{"password in clear", func(s *MailSettings) { s.TLS = NoTLS }, []string{"password"}},
		{"opportunistic", func(s *MailSettings) { s.TLS = "opportunistic" }, []string{"tls"}},
	}
	for _, tt := range tests {
		s := mailSettings(StartTLS)
		tt.change(&s)
		if got := fields(s.check()); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got faults at %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestSMSSettingsAreChecked(t *testing.T) {
	const secret = "0123456789abcdef"
	tests := []struct {
		url, secret string
		want        []string
	}{
		{"https://sms.example.com/send", secret, nil},
		{"http://192.0.2.1:8080/", secret, nil},
		{"https://sms.example.com/", "short", []string{"secret"}},
		{"", "", []string{"url", "secret"}},
		{"gopher://sms.example.com/", secret, []string{"url"}},
		{"file:///etc/passwd", secret, []string{"url"}},
		{"http://good@evil.example.com/", secret, []string{"url"}},
		{"https://", secret, []string{"url"}},
		{"https://a b/", secret, []string{"url"}},
	}
	for _, tt := range tests {
		if got := fields(SMSSettings{URL: tt.url, Secret: tt.secret}.Check()); !slices.Equal(got, tt.want) {
			t.Errorf("%q, %d characters: got faults at %q, want %q", tt.url, len(tt.secret), got, tt.want)
		}
	}
}

// A fault is shown to people; what was typed into a secret's field is not.
func TestFaultsDoNotRepeatSecrets(t *testing.T) {
	s := mailSettings(NoTLS)
	s.Password = mailPassword
	if text := fault.Of(s.check()).Error(); strings.Contains(text, mailPassword) {
		t.Errorf("the fault holds the password: %s", text)
	}
}
