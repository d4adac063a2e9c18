package setting

import (
	"fmt"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

var console = identity.Actor{Kind: identity.ActsAsConsole}

func settings(db *store.DB) *Settings {
	return New(db, outbox.New(db, outbox.Options{Now: storetest.NewClock().Now}))
}

func TestSettingsAreKeptAndRecorded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		db := open()
		s := settings(db)
		keepsName(t, s)
		keepsChannels(t, s)
		events, err := audit.NewLog(db).Page(t.Context(), audit.Query{Type: string(audit.SettingChanged), Limit: 10})
		if err != nil || len(events) != 4 {
			t.Errorf("%d events, %v; want 4", len(events), err)
		}
	})
}

func keepsName(t *testing.T, s *Settings) {
	t.Helper()
	if name, err := s.Name(t.Context(), console); name != "" || err != nil {
		t.Errorf("name before: %q, %v; want none", name, err)
	}
	for _, name := range []string{"First", "Second"} {
		if err := s.SetName(t.Context(), console, name); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Name(t.Context(), console); got != name || err != nil {
			t.Errorf("name is %q, %v; want %q", got, err, name)
		}
	}
}

func keepsChannels(t *testing.T, s *Settings) {
	t.Helper()
	ctx := t.Context()
	mail := Mail{Host: "a.example", Port: 25, From: "a@b.example", TLS: NoTLS}
	if err := s.SetMail(ctx, console, mail); err != nil {
		t.Fatal(err)
	}
	if err := s.SetMail(ctx, console, mail); fault.KindOf(err) != fault.Stale {
		t.Errorf("mail set without reading: %v, want Stale", err)
	}
	if got, err := s.Mail(ctx, console); err != nil || got.Host != mail.Host || got.Version != 1 {
		t.Errorf("mail is %s version %d, %v", got.Host, got.Version, err)
	}
	sms := SMS{URL: "https://a.example/", Secret: "sixteen characters"}
	if err := s.SetSMS(ctx, console, sms); err != nil {
		t.Fatal(err)
	}
	if got, err := s.SMS(ctx, console); err != nil || got.Secret != sms.Secret {
		t.Errorf("the gateway's secret is another one, %v", err)
	}
}

func TestNameIsBounded(t *testing.T) {
	s := settings(storetest.Open(t))
	for _, name := range []string{"", strings.Repeat("x", 65), "a\x00b"} {
		if err := s.SetName(t.Context(), console, name); !fault.Is(err, fault.CodeFieldLength) {
			t.Errorf("name of %d bytes: %v, want %s", len(name), err, fault.CodeFieldLength)
		}
	}
}

func TestAppliedSecretsAreCompared(t *testing.T) {
	s, ctx := settings(storetest.Open(t)), t.Context()
	first, second := Applied{"a/password", "one secret"}, Applied{"b/password", "one secret"}
	if err := s.NoteApplied(ctx, console, first); err != nil {
		t.Fatal(err)
	}
	same, err := s.SameApplied(ctx, console, []Applied{first, {"a/password", "another"}, second})
	if want := []bool{true, false, false}; err != nil || fmt.Sprint(same) != fmt.Sprint(want) {
		t.Errorf("got %v, %v; want %v", same, err, want)
	}
	if text := fmt.Sprintf("%v %#v", first, first); strings.Contains(text, "one secret") {
		t.Errorf("a secret prints itself: %s", text)
	}
}

func TestOnlyTheProviderMay(t *testing.T) {
	s, ctx := settings(storetest.Open(t)), t.Context()
	for _, actor := range []identity.Actor{{}, {Kind: identity.ActsAsOrgToken, OrganizationID: "org_a"}, {Kind: identity.ActsAsMember, OrganizationID: "org_a", Role: identity.RoleOwner}} {
		for name, act := range map[string]func() error{
			"Name":             func() error { _, err := s.Name(ctx, actor); return err },
			"SetName":          func() error { return s.SetName(ctx, actor, "N") },
			"Mail":             func() error { _, err := s.Mail(ctx, actor); return err },
			"SetMail":          func() error { return s.SetMail(ctx, actor, Mail{}) },
			"MessageLimits":    func() error { _, err := s.MessageLimits(ctx, actor); return err },
			"SetMessageLimits": func() error { return s.SetMessageLimits(ctx, actor, MessageLimits{}) },
			"SMS":              func() error { _, err := s.SMS(ctx, actor); return err },
			"SetSMS":           func() error { return s.SetSMS(ctx, actor, SMS{}) },
			"SameApplied":      func() error { _, err := s.SameApplied(ctx, actor, nil); return err },
			"NoteApplied":      func() error { return s.NoteApplied(ctx, actor, Applied{}) },
			"RecordManifest":   func() error { return s.RecordManifest(ctx, actor, nil) },
		} {
			if err := act(); fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s by %q: %v, want Forbidden", name, actor.Kind, err)
			}
		}
	}
}
