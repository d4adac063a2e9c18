package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/setting"
)

// MessageWords are how a message is told.
type MessageWords struct {
	Subject string `json:"subject" doc:"Of the mail: one line of at most 200 characters. Without subject and body, mails are told as before."`
	Body    string `json:"body" doc:"Of the mail: plain text of at most 10000 characters. {code} and the other placeholders stand for values."`
	SMS     string `json:"sms" doc:"Of the short message: one line of at most 500 characters. Empty, it is told as before."`
}

// MessageText is how one kind of message is told in one language.
type MessageText struct {
	Kind     string       `json:"kind" doc:"What it is for, such as code."`
	Language string       `json:"language"`
	Own      MessageWords `json:"own" doc:"Words of one's own; empty where there are none."`
	InForce  MessageWords `json:"in_force" doc:"What is told."`
	Fallback MessageWords `json:"fallback" doc:"What is told without words of one's own: those of the installation, else the built-in ones."`
	// Placeholders are those of this kind.
	Placeholders []MessagePlaceholder `json:"placeholders"`
	SMSParts     int                  `json:"sms_parts" doc:"In how many parts the short message travels, with sample values in it."`
	Version      int64                `json:"version" doc:"Of one's own words; 0 while there are none."`
	UpdatedAt    *time.Time           `json:"updated_at,omitempty"`
}

// MessagePlaceholder stands for a value, in braces.
type MessagePlaceholder struct {
	Name     string `json:"name"`
	Sample   string `json:"sample"`
	Required bool   `json:"required" doc:"Whether body and short message cannot do without it."`
}

func wordsShown(w setting.Words) MessageWords {
	return MessageWords{Subject: w.Subject, Body: w.Body, SMS: w.SMS}
}

func (w MessageWords) words() setting.Words {
	return setting.Words{Subject: w.Subject, Body: w.Body, SMS: w.SMS}
}

func messageTextShown(t setting.Text) MessageText {
	shown := MessageText{
		Kind: t.Key.Kind, Language: t.Key.Language, Own: wordsShown(t.Words), InForce: wordsShown(t.InForce),
		Fallback: wordsShown(t.Fallback), Placeholders: []MessagePlaceholder{}, SMSParts: t.SMSParts,
		Version: t.Own.Version, UpdatedAt: moment(t.Own.UpdatedAt),
	}
	for _, p := range t.Kind.Placeholders {
		shown.Placeholders = append(shown.Placeholders, MessagePlaceholder(p))
	}
	return shown
}

// InMessageText is embedded by everything about one text.
type InMessageText struct {
	Kind     string `path:"kind" doc:"The kind of message, such as code."`
	Language string `path:"language" doc:"The language, such as en-US."`
}

func (in InMessageText) key(org identity.OrganizationID) setting.TextKey {
	return setting.TextKey{OrganizationID: org, Kind: in.Kind, Language: in.Language}
}

// wordedIn is embedded by what is about a text of an organisation, wordedHere by
// what is about one of the installation.
type (
	wordedIn struct {
		InOrganization
		InMessageText
	}
	wordedHere struct{ InMessageText }
)

func (in wordedIn) find(ctx context.Context, c *call) (setting.TextKey, error) {
	o, err := c.organization(ctx, in.InOrganization)
	return in.key(o.ID), err
}

func (in wordedHere) find(context.Context, *call) (setting.TextKey, error) { return in.key(""), nil }

// textFinder is either.
type textFinder interface {
	find(ctx context.Context, c *call) (setting.TextKey, error)
}

type messageTextsInput struct{ InOrganization }

func listMessageTexts(ctx context.Context, c *call, in *messageTextsInput) (*all[MessageText], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	return c.messageTexts(ctx, o.ID)
}

func listOwnMessageTexts(ctx context.Context, c *call, _ *noInput) (*all[MessageText], error) {
	return c.messageTexts(ctx, "")
}

func (c *call) messageTexts(ctx context.Context, org identity.OrganizationID) (*all[MessageText], error) {
	texts, err := c.s.o.Settings.Texts(ctx, c.actor, org)
	return whole(texts, messageTextShown), err
}

type (
	messageTextInput struct {
		InOrganization
		InMessageText
		Known
	}
	ownMessageTextInput struct {
		InMessageText
		Known
	}
	setMessageTextInput struct {
		InOrganization
		InMessageText
		Unchanged
		Body MessageWords
	}
	setOwnMessageTextInput struct {
		InMessageText
		Unchanged
		Body MessageWords
	}
	removeMessageTextInput struct {
		InOrganization
		InMessageText
		Unchanged
	}
	removeOwnMessageTextInput struct {
		InMessageText
		Unchanged
	}
	previewMessageTextInput struct {
		InOrganization
		InMessageText
		Body MessageWords
	}
	previewOwnMessageTextInput struct {
		InMessageText
		Body MessageWords
	}
	tryMessageTextInput struct {
		InOrganization
		InMessageText
		Body MessageTextTry
	}
	tryOwnMessageTextInput struct {
		InMessageText
		Body MessageTextTry
	}
)

func getMessageText(ctx context.Context, c *call, in *messageTextInput) (*single[MessageText], error) {
	return c.messageText(ctx, wordedIn{in.InOrganization, in.InMessageText}, in.Known)
}

func getOwnMessageText(ctx context.Context, c *call, in *ownMessageTextInput) (*single[MessageText], error) {
	return c.messageText(ctx, wordedHere{in.InMessageText}, in.Known)
}

func (c *call) messageText(ctx context.Context, of textFinder, k Known) (*single[MessageText], error) {
	t, err := c.findText(ctx, of)
	if err != nil {
		return nil, err
	}
	view := messageTextShown(t)
	if t.Own.Version == 0 {
		k = Known{} // what is told then has no version
	}
	return shown(k, t.Own.Version, view)
}

func (c *call) findText(ctx context.Context, of textFinder) (t setting.Text, err error) {
	key, err := of.find(ctx, c)
	if err != nil {
		return t, err
	}
	return c.s.o.Settings.Text(ctx, c.actor, key)
}

func setMessageText(ctx context.Context, c *call, in *setMessageTextInput) (*single[MessageText], error) {
	return c.setText(ctx, wordedIn{in.InOrganization, in.InMessageText}, in.Unchanged, in.Body)
}

func setOwnMessageText(ctx context.Context, c *call, in *setOwnMessageTextInput) (*single[MessageText], error) {
	return c.setText(ctx, wordedHere{in.InMessageText}, in.Unchanged, in.Body)
}

func (c *call) setText(ctx context.Context, of textFinder, u Unchanged, words MessageWords) (*single[MessageText], error) {
	t, err := c.findText(ctx, of)
	if err != nil {
		return nil, err
	}
	version, err := u.version(t.Own.Version)
	if err != nil {
		return nil, err
	}
	if err := c.s.o.Settings.SetText(ctx, c.actor, t.Key, version, words.words()); err != nil {
		return nil, err
	}
	return c.messageText(ctx, of, Known{})
}

func removeMessageText(ctx context.Context, c *call, in *removeMessageTextInput) (*empty, error) {
	return c.removeText(ctx, wordedIn{in.InOrganization, in.InMessageText}, in.Unchanged)
}

func removeOwnMessageText(ctx context.Context, c *call, in *removeOwnMessageTextInput) (*empty, error) {
	return c.removeText(ctx, wordedHere{in.InMessageText}, in.Unchanged)
}

func (c *call) removeText(ctx context.Context, of textFinder, u Unchanged) (*empty, error) {
	t, err := c.findText(ctx, of)
	if err != nil {
		return nil, err
	}
	version, err := u.version(t.Own.Version)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Settings.RemoveText(ctx, c.actor, t.Key, version)
}

// MessagePreview is how a message would look, with sample values in it.
type MessagePreview struct {
	MessageWords
	SMSParts int `json:"sms_parts" doc:"In how many parts the short message travels, each of which is paid for."`
}

type previewBody struct{ Body MessagePreview }

func previewMessageText(ctx context.Context, c *call, in *previewMessageTextInput) (*previewBody, error) {
	return c.previewText(ctx, wordedIn{in.InOrganization, in.InMessageText}, in.Body)
}

func previewOwnMessageText(ctx context.Context, c *call, in *previewOwnMessageTextInput) (*previewBody, error) {
	return c.previewText(ctx, wordedHere{in.InMessageText}, in.Body)
}

func (c *call) previewText(ctx context.Context, of textFinder, words MessageWords) (*previewBody, error) {
	key, err := of.find(ctx, c)
	if err != nil {
		return nil, err
	}
	filled, err := c.s.o.Settings.PreviewText(ctx, c.actor, key, words.words())
	return &previewBody{MessagePreview{wordsShown(filled.Words), filled.SMSParts}}, err
}

// MessageTextTry is a text that is sent as a sample before it is saved.
type MessageTextTry struct {
	MessageWords
	Channel string `json:"channel" enum:"mail,sms"`
	To      string `json:"to" doc:"The address or mobile number to which the sample is sent."`
}

func tryMessageText(ctx context.Context, c *call, in *tryMessageTextInput) (*triedBody, error) {
	return c.tryText(ctx, wordedIn{in.InOrganization, in.InMessageText}, in.Body)
}

func tryOwnMessageText(ctx context.Context, c *call, in *tryOwnMessageTextInput) (*triedBody, error) {
	return c.tryText(ctx, wordedHere{in.InMessageText}, in.Body)
}

func (c *call) tryText(ctx context.Context, of textFinder, try MessageTextTry) (*triedBody, error) {
	key, err := of.find(ctx, c)
	if err != nil {
		return nil, err
	}
	tried, err := c.s.o.Settings.TryText(ctx, c.actor, setting.TextTry{
		Key: key, Words: try.words(), Channel: identity.Channel(try.Channel), To: try.To,
	})
	return triedShown(tried), err
}
