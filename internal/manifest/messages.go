package manifest

import (
	"context"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/setting"
)

// messages looks for texts given twice, and brings them into the form in which
// they are stored, so that a plan compares like with like. of is not empty for
// those of an organisation.
func (c *checker) messages(all []Message, of identity.OrganizationID) {
	seen := taken{}
	for i := range all {
		m := &all[i]
		if m.Kind == "" || m.Language == "" {
			continue // the decoder has said so
		}
		c.free(seen, m.name(), m.At, "kind")
		words, err := setting.CheckText(m.key(of), m.words(setting.Words{}))
		c.rule(m.At, err)
		for text, tidy := range map[*string]string{m.Subject: words.Subject, m.Body: words.Body, m.SMS: words.SMS} {
			if text != nil {
				*text = tidy
			}
		}
	}
}

// name is how plans call a text.
func (m Message) name() string { return m.Kind + "/" + m.Language }

func (m Message) key(org identity.OrganizationID) setting.TextKey {
	return setting.TextKey{OrganizationID: org, Kind: m.Kind, Language: m.Language}
}

// words are those of the manifest over those that are stored.
func (m Message) words(stored setting.Words) setting.Words {
	return setting.Words{Subject: or(m.Subject, stored.Subject), Body: or(m.Body, stored.Body), SMS: or(m.SMS, stored.SMS)}
}

func messageAsWritten(t identity.MessageText) Message {
	return Message{Kind: t.Kind, Language: t.Language, Subject: &t.Subject, Body: &t.Body, SMS: &t.SMS}
}

// messages plans the texts of an organisation or of the installation.
func (p *planner) messages(wanted []Message, of owner) error {
	if wanted == nil {
		return nil
	}
	var own []identity.MessageText
	if !of.new {
		var err error
		if own, err = p.house.Settings.OwnTexts(p.ctx, p.actor, of.id); err != nil {
			return err
		}
	}
	stored := map[string]identity.MessageText{}
	for _, t := range own {
		stored[messageAsWritten(t).name()] = t
	}
	for _, m := range wanted {
		old, exists := stored[m.name()]
		delete(stored, m.name())
		switch fields := differences(m, messageAsWritten(old)); {
		case !exists:
			p.add(Step{Action: Create, Kind: "message", Name: m.name(), Of: of.code, do: setMessage(m, old, of)})
		case len(fields) > 0:
			p.add(Step{Action: Change, Kind: "message", Name: m.name(), Of: of.code, Fields: fields, do: setMessage(m, old, of)})
		}
	}
	for _, t := range own {
		name := messageAsWritten(t).name()
		if _, unlisted := stored[name]; unlisted && p.options.Prune {
			p.add(Step{Action: Remove, Kind: "message", Name: name, Of: of.code, do: func(ctx context.Context, a *applier) error {
				return a.house.Settings.RemoveText(ctx, a.actor, t.MessageTextKey, t.Version)
			}})
		}
	}
	return nil
}

func setMessage(m Message, old identity.MessageText, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		org, err := of.resolve(a)
		if err != nil {
			return err
		}
		return a.house.Settings.SetText(ctx, a.actor, m.key(org), old.Version, m.words(setting.Words{Subject: old.Subject, Body: old.Body, SMS: old.SMS}))
	}
}

func (e *exporter) messages(org identity.OrganizationID) error {
	own, err := e.house.Settings.OwnTexts(e.ctx, e.actor, org)
	if err != nil {
		return err
	}
	indent := 2
	if org == "" {
		indent = 1
	}
	texts := list{e: e, indent: indent, key: "messages"}
	for _, t := range own {
		if err := texts.add(withoutDefaults(messageAsWritten(t), messageAsWritten(identity.MessageText{}))); err != nil {
			return err
		}
	}
	return nil
}
