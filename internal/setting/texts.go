package setting

import (
	"context"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/store"
)

// Words are how a message is told.
type Words = outbox.Words

// MessageKind is a kind of message that can be worded.
type MessageKind = outbox.Kind

// TextKey names a text; its organisation is "" for the installation's own.
type TextKey = identity.MessageTextKey

// Text is how a kind of message is told in one language.
type Text struct {
	Key      TextKey
	Kind     MessageKind
	Own      identity.MessageText // the zero value while it has no words of its own
	Words    Words                // of Own
	InForce  Words
	Fallback Words // what is told where Own says nothing
	SMSParts int   // of the short message in force, with sample values in it
}

// mayWord asks whether the actor may word messages of an organisation, or of the
// installation.
func mayWord(actor identity.Actor, org identity.OrganizationID) error {
	if org == "" {
		return allow(actor)
	}
	return access.Allow(actor, access.ManageOrganization, org)
}

// kindFor is the kind of message that a key names, as far as it can be worded
// there (message_text_not_found).
func kindFor(key TextKey) (MessageKind, error) {
	k, known := outbox.KindOf(key.Kind)
	_, spoken := i18n.Parse(key.Language)
	if !known || !spoken || key.OrganizationID != "" && !k.Organizations {
		return k, fault.New(fault.NotFound, fault.CodeMessageTextNotFound)
	}
	return k, nil
}

// CheckText tells what is wrong with words for a key, and brings them into the
// form in which they are stored. A key that names nothing is a fault at kind.
func CheckText(key TextKey, words Words) (Words, error) {
	k, err := kindFor(key)
	if err != nil {
		return words, fault.Of(err).At("kind")
	}
	words = words.Tidy()
	return words, words.Check(k)
}

// Texts returns the texts of every kind and language, in words of their own or
// not.
func (s *Settings) Texts(ctx context.Context, actor identity.Actor, org identity.OrganizationID) (all []Text, err error) {
	if err := mayWord(actor, org); err != nil {
		return nil, err
	}
	own, installed := map[TextKey]identity.MessageText{}, map[TextKey]identity.MessageText{}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		for of, texts := range map[identity.OrganizationID]map[TextKey]identity.MessageText{org: own, "": installed} {
			stored, err := tx.MessageTexts.All(of)
			if err != nil {
				return err
			}
			for _, text := range stored {
				texts[text.MessageTextKey] = text
			}
		}
		return nil
	})
	for _, k := range outbox.Kinds() {
		for _, lang := range i18n.Languages() {
			key := TextKey{OrganizationID: org, Kind: k.Name, Language: string(lang)}
			if _, err := kindFor(key); err != nil {
				continue
			}
			all = append(all, s.text(k, key, own[key], installed[TextKey{Kind: key.Kind, Language: key.Language}]))
		}
	}
	return all, err
}

// OwnTexts returns the texts in words of one's own alone.
func (s *Settings) OwnTexts(ctx context.Context, actor identity.Actor, org identity.OrganizationID) (own []identity.MessageText, err error) {
	if err := mayWord(actor, org); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		own, err = tx.MessageTexts.All(org)
		return err
	})
	return own, err
}

// text puts the layers together.
func (s *Settings) text(k MessageKind, key TextKey, own, installed identity.MessageText) Text {
	t := Text{Key: key, Kind: k, Own: own, Words: outbox.WordsOf(own), Fallback: s.messages.BuiltIn(key.Kind, i18n.Language(key.Language))}
	if key.OrganizationID != "" {
		t.Fallback = outbox.WordsOf(installed).Over(t.Fallback)
	}
	t.InForce = t.Words.Over(t.Fallback)
	t.SMSParts = outbox.SMSParts(t.InForce.Preview(k).SMS)
	return t
}

// Text returns one text, or NotFound (message_text_not_found) where there is no
// such kind or language.
func (s *Settings) Text(ctx context.Context, actor identity.Actor, key TextKey) (t Text, err error) {
	if err := mayWord(actor, key.OrganizationID); err != nil {
		return t, err
	}
	k, err := kindFor(key)
	if err != nil {
		return t, err
	}
	var own, installed identity.MessageText
	err = s.db.View(ctx, func(tx *store.Tx) error {
		texts, err := tx.MessageTexts.InForce(key)
		for _, text := range texts {
			if text.OrganizationID == key.OrganizationID {
				own = text
			} else {
				installed = text
			}
		}
		return err
	})
	return s.text(k, key, own, installed), err
}

// SetText words a kind of message in a language, from the next message that
// leaves on. A part that is left empty is told as before. Version is the one
// that was read, 0 for any. Faults: those of outbox.Words.Check,
// message_text_not_found, stale.
func (s *Settings) SetText(ctx context.Context, actor identity.Actor, key TextKey, version int64, words Words) error {
	if err := mayWord(actor, key.OrganizationID); err != nil {
		return err
	}
	k, err := kindFor(key)
	if err != nil {
		return err
	}
	if words = words.Tidy(); words.Check(k) != nil {
		return words.Check(k)
	}
	return s.db.Update(ctx, func(tx *store.Tx) error {
		if key.OrganizationID != "" {
			if _, err := tx.Organizations.Get(key.OrganizationID); err != nil {
				return err
			}
		}
		before, err := tx.MessageTexts.Get(key)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		if version != 0 && version != before.Version {
			return fault.New(fault.Stale, fault.CodeStale)
		}
		if outbox.WordsOf(before) == words {
			tx.NoEvent("the words are the same")
			return nil
		}
		if err := tx.MessageTexts.Put(identity.MessageText{
			MessageTextKey: key, Subject: words.Subject, Body: words.Body, SMS: words.SMS, Version: before.Version,
		}); err != nil {
			return err
		}
		return recordText(tx, actor, audit.MessageTextChanged, key)
	})
}

// RemoveText takes words of one's own back: the message is told as before. It is
// NotFound where there are none.
func (s *Settings) RemoveText(ctx context.Context, actor identity.Actor, key TextKey, version int64) error {
	if err := mayWord(actor, key.OrganizationID); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *store.Tx) error {
		before, err := tx.MessageTexts.Get(key)
		if err != nil {
			return err
		}
		if version != 0 && version != before.Version {
			return fault.New(fault.Stale, fault.CodeStale)
		}
		if err := tx.MessageTexts.Remove(key); err != nil {
			return err
		}
		return recordText(tx, actor, audit.MessageTextRemoved, key)
	})
}

func recordText(tx *store.Tx, actor identity.Actor, what audit.Type, key TextKey) error {
	return audit.Record(tx, actor, what, audit.About{Organization: key.OrganizationID, Target: key.Kind + "/" + key.Language})
}

// TextPreview is how a message would look.
type TextPreview struct {
	Words
	SMSParts int // in how many parts the short message travels
}

// PreviewText returns words with sample values in them, by the rules of SetText.
// A part that is left empty is the one that would be told.
func (s *Settings) PreviewText(ctx context.Context, actor identity.Actor, key TextKey, words Words) (TextPreview, error) {
	t, err := s.Text(ctx, actor, key)
	if err != nil {
		return TextPreview{}, err
	}
	words = words.Tidy()
	if err := words.Check(t.Kind); err != nil {
		return TextPreview{}, err
	}
	filled := words.Over(t.Fallback).Preview(t.Kind)
	return TextPreview{filled, outbox.SMSParts(filled.SMS)}, nil
}

// TextTry is a text that is sent as a sample before it is stored.
type TextTry struct {
	Key     TextKey
	Words   Words
	Channel identity.Channel
	To      string
}

// TryText sends a sample in words that are not stored. What the mail server or
// the gateway answered is told to those who administer it alone.
func (s *Settings) TryText(ctx context.Context, actor identity.Actor, try TextTry) (Tried, error) {
	t, err := s.Text(ctx, actor, try.Key)
	if err != nil {
		return Tried{}, err
	}
	channels := []string{string(identity.ByMail), string(identity.BySMS)}
	if !slices.Contains(channels, string(try.Channel)) {
		return Tried{}, fault.New(fault.Invalid, fault.CodeFieldChoice).At("channel").With("choices", strings.Join(channels, ", "))
	}
	tried, err := s.messages.TryWords(ctx, t.Kind, outbox.Message{
		Channel: try.Channel, Target: try.To, Language: try.Key.Language, Organization: try.Key.OrganizationID, Words: try.Words.Tidy(),
	})
	if allow(actor) != nil {
		tried.Answer = ""
	}
	return tried, err
}
