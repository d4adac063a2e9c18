package setting

import (
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func textKey(org identity.OrganizationID, kind, language string) TextKey {
	return TextKey{OrganizationID: org, Kind: kind, Language: language}
}

// worded are settings that know the built-in words, with an organisation.
func worded(t *testing.T, db *store.DB) (s *Settings, org identity.OrganizationID) {
	t.Helper()
	c, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	clock := storetest.NewClock()
	org = identity.NewOrganizationID(clock.Now())
	err = db.Update(t.Context(), func(tx *store.Tx) error {
		tx.NoEvent("a test arranges things")
		return tx.Organizations.Insert(identity.Organization{ID: org, Code: "acme", Name: "Acme", Status: identity.OrganizationActive, Version: 1})
	})
	if err != nil {
		t.Fatal(err)
	}
	return New(db, outbox.New(db, outbox.Options{Now: clock.Now, Catalogue: c})), org
}

func TestTextsHaveLayers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		db := open()
		s, org := worded(t, db)
		ctx, own, installed := t.Context(), textKey(org, "code", "en-US"), textKey("", "code", "en-US")
		set := func(key TextKey, version int64, w Words) {
			t.Helper()
			if err := s.SetText(ctx, console, key, version, w); err != nil {
				t.Fatal(err)
			}
		}
		set(installed, 0, Words{Subject: "All", Body: "All: {code}\r\n\r\n", SMS: "All: {code}"})
		set(own, 0, Words{SMS: " Acme: {code}"})
		got, err := s.Text(ctx, console, own)
		if err != nil || got.Own.Version != 1 || got.Own.UpdatedAt.IsZero() || got.InForce != (Words{Subject: "All", Body: "All: {code}\n", SMS: "Acme: {code}"}) ||
			got.Fallback.SMS != "All: {code}" {
			t.Errorf("got %+v, %v", got, err)
		}
		if below, err := s.Text(ctx, console, installed); err != nil || !strings.HasPrefix(below.Fallback.SMS, "Your verification code is {code}") {
			t.Errorf("got %+v, %v", below, err)
		}
	})
}

func TestTextsAreEditedAndRemoved(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		db := open()
		s, org := worded(t, db)
		ctx, own := t.Context(), textKey(org, "code", "en-US")
		for range 2 { // the second time they are the same
			if err := s.SetText(ctx, console, own, 0, Words{SMS: "Acme: {code}"}); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.SetText(ctx, console, own, 9, Words{SMS: "{code}"}); !fault.Is(err, fault.CodeStale) {
			t.Errorf("another version: got %v", err)
		}
		if err := s.RemoveText(ctx, console, own, 9); !fault.Is(err, fault.CodeStale) {
			t.Errorf("another version: got %v", err)
		}
		if err := s.RemoveText(ctx, console, own, 1); err != nil {
			t.Fatal(err)
		}
		if err := s.RemoveText(ctx, console, own, 0); !fault.Is(err, fault.CodeMessageTextNotFound) {
			t.Errorf("removed twice: got %v", err)
		}
		if got, err := s.Text(ctx, console, own); err != nil || got.InForce != got.Fallback || got.Own.Version != 0 {
			t.Errorf("without words of one's own: got %+v, %v", got, err)
		}
		for what, want := range map[audit.Type]int{audit.MessageTextChanged: 1, audit.MessageTextRemoved: 1} {
			events, err := audit.NewLog(db).Page(ctx, audit.Query{Organization: org, Type: string(what), Limit: 10})
			if err != nil || len(events) != want || events[0].Target != "code/en-US" {
				t.Errorf("%s: got %+v, %v, want %d", what, events, err, want)
			}
		}
	})
}

func TestTextsAreListed(t *testing.T) {
	s, org := worded(t, storetest.Open(t))
	if err := s.SetText(t.Context(), console, textKey(org, "welcome", "zh-CN"), 0, Words{SMS: "{account} {password}"}); err != nil {
		t.Fatal(err)
	}
	theirs, err := s.Texts(t.Context(), console, org)
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.Texts(t.Context(), console, "")
	if want := len(outbox.Kinds()) * len(i18n.Languages()); err != nil || len(all) != want || len(theirs) != want-6 {
		t.Errorf("got %d texts, %d of an organisation, %v, want %d and 6 less", len(all), len(theirs), err, want)
	}
	for _, text := range theirs {
		if one, err := s.Text(t.Context(), console, text.Key); err != nil || one.InForce != text.InForce || one.Own != text.Own {
			t.Errorf("listed as %+v, read as %+v, %v", text, one, err)
		}
		if own := text.Own.Version > 0; own != (text.Key == textKey(org, "welcome", "zh-CN")) {
			t.Errorf("%+v has words of its own: %t", text.Key, own)
		}
	}
}

func TestTextsThatAreRefused(t *testing.T) {
	s, org := worded(t, storetest.Open(t))
	ctx, good := t.Context(), Words{SMS: "{code} {address} {account}"}
	for _, key := range []TextKey{textKey(org, "nothing", "en-US"), textKey(org, "code", "en"), textKey(org, "registered", "en-US"), textKey("", "test", "en-US")} {
		if err := s.SetText(ctx, console, key, 0, good); !fault.Is(err, fault.CodeMessageTextNotFound) {
			t.Errorf("%+v: got %v", key, err)
		}
		if _, err := s.PreviewText(ctx, console, key, good); !fault.Is(err, fault.CodeMessageTextNotFound) {
			t.Errorf("%+v: got %v", key, err)
		}
	}
	if err := s.SetText(ctx, console, textKey("org_none", "code", "en-US"), 0, Words{SMS: "{code}"}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("no such organisation: got %v", err)
	}
	key := textKey(org, "code", "en-US")
	if err := s.SetText(ctx, console, key, 0, good); !fault.Is(err, fault.CodePlaceholderUnknown) {
		t.Errorf("another kind's placeholder: got %v", err)
	}
	if _, err := s.PreviewText(ctx, console, key, Words{SMS: "nothing"}); !fault.Is(err, fault.CodePlaceholderMissing) {
		t.Errorf("without a code: got %v", err)
	}
	if got, err := s.PreviewText(ctx, console, key, Words{SMS: "It is {code}"}); err != nil || got.SMS != "It is 123456" || !strings.Contains(got.Body, "123456") {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := s.TryText(ctx, console, TextTry{Key: key, Words: Words{SMS: "{code}"}, Channel: identity.ToNobody, To: "x"}); !fault.Is(err, fault.CodeFieldChoice) {
		t.Errorf("by no channel: got %v", err)
	}
}

func TestWhoMayWordMessages(t *testing.T) {
	s, org := worded(t, storetest.Open(t))
	ctx := t.Context()
	own := identity.Actor{Kind: identity.ActsAsOrgToken, OrganizationID: org}
	for _, tt := range []struct {
		actor identity.Actor
		org   identity.OrganizationID
		may   bool
	}{
		{identity.Actor{}, org, false},
		{identity.Actor{}, "", false},
		{own, "", false},
		{own, org, true},
		{console, org, true},
		{console, "", true},
		{identity.Actor{Kind: identity.ActsAsOrgToken, OrganizationID: "org_b"}, org, false},
		{identity.Actor{Kind: identity.ActsAsMember, OrganizationID: org, Role: identity.RoleMember}, org, false},
	} {
		key := textKey(tt.org, "code", "en-US")
		for name, act := range map[string]func() error{
			"Texts":       func() error { _, err := s.Texts(ctx, tt.actor, tt.org); return err },
			"OwnTexts":    func() error { _, err := s.OwnTexts(ctx, tt.actor, tt.org); return err },
			"Text":        func() error { _, err := s.Text(ctx, tt.actor, key); return err },
			"SetText":     func() error { return s.SetText(ctx, tt.actor, key, 0, Words{SMS: "{code}"}) },
			"PreviewText": func() error { _, err := s.PreviewText(ctx, tt.actor, key, Words{SMS: "{code}"}); return err },
			"RemoveText":  func() error { return s.RemoveText(ctx, tt.actor, key, 7) },
			"TryText": func() error {
				_, err := s.TryText(ctx, tt.actor, TextTry{Key: key, Words: Words{SMS: "{code}"}, Channel: identity.BySMS, To: "+8613800000001"})
				return err
			},
		} {
			if err := act(); (fault.KindOf(err) == fault.Forbidden) == tt.may {
				t.Errorf("%s by %q of %q for %q: %v, may: %t", name, tt.actor.Kind, tt.actor.OrganizationID, tt.org, err, tt.may)
			}
		}
	}
}
