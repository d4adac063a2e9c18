package manifest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/identity"
)

// privacy looks for languages given twice, and brings texts into the form in
// which they are compared.
func (c *checker) privacy(all []PrivacyText) {
	seen := taken{}
	for i := range all {
		t := &all[i]
		if t.Language == "" {
			continue // the decoder has said so
		}
		c.free(seen, t.Language, t.At, "language")
		t.Title, t.Body = strings.TrimSpace(t.Title), tidyStatement(t.Body)
		c.rule(t.At, identity.PrivacyTexts{t.Language: {Title: t.Title, Body: t.Body}}.Validate())
	}
}

// tidyStatement is a text without what differs between editors: how lines end,
// and empty lines around it.
func tidyStatement(body string) string {
	return strings.Trim(strings.ReplaceAll(body, "\r\n", "\n"), "\n")
}

// inForce is the version that an organisation itself, or with "" the
// installation, asks to accept; number is 0 where it asks for none.
func inForce(ctx context.Context, actor identity.Actor, house House, org identity.OrganizationID) (texts identity.PrivacyTexts, number int64, err error) {
	p, err := house.Statements.Statement(ctx, actor, org)
	if err != nil || p.Current == 0 {
		return nil, 0, err
	}
	found, err := house.Statements.Versions(ctx, actor, org, p.Current+1, 1)
	if err != nil || len(found) == 0 {
		return nil, 0, err
	}
	texts = identity.PrivacyTexts{}
	for language, text := range found[0].Texts {
		texts[language] = identity.PrivacyText{Title: strings.TrimSpace(text.Title), Body: tidyStatement(text.Body)}
	}
	return texts, found[0].Number, nil
}

// privacy plans the privacy statement of an organisation or of the installation.
// What differs is one step and one new version, whatever the number of its
// languages: everybody is asked once.
func (p *planner) privacy(wanted []PrivacyText, of owner) error {
	if wanted == nil {
		return nil
	}
	var stored identity.PrivacyTexts
	var number int64
	if !of.new {
		var err error
		if stored, number, err = inForce(p.ctx, p.actor, p.house, of.id); err != nil {
			return err
		}
	}
	texts := identity.PrivacyTexts{}
	if !p.options.Prune {
		maps.Copy(texts, stored)
	}
	for _, t := range wanted {
		texts[t.Language] = identity.PrivacyText{Title: t.Title, Body: t.Body}
	}
	step := Step{Kind: "privacy_statement", Name: strings.Join(slices.Sorted(maps.Keys(texts)), "+"), Of: of.code}
	switch {
	case maps.Equal(texts, stored):
		return nil
	case len(texts) == 0:
		step.Action, step.Name = Remove, fmt.Sprint("version ", number)
		step.do = func(ctx context.Context, a *applier) error {
			_, err := a.house.Statements.Withdraw(ctx, a.actor, of.id, 0)
			return err
		}
	default:
		step.Action, step.do = Create, publish(texts, of)
		if number > 0 {
			step.Action, step.Fields = Change, changedStatement(stored, texts)
		}
	}
	p.add(step)
	return nil
}

func publish(texts identity.PrivacyTexts, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		org, err := of.resolve(a)
		if err != nil {
			return err
		}
		_, err = a.house.Statements.PublishTexts(ctx, a.actor, org, texts)
		return err
	}
}

// changedStatement tells what differs; of long texts it tells how long they are.
func changedStatement(stored, wanted identity.PrivacyTexts) (fields []FieldChange) {
	languages := maps.Clone(stored)
	maps.Copy(languages, wanted)
	for _, language := range slices.Sorted(maps.Keys(languages)) {
		old, text := stored[language], wanted[language]
		if old.Title != text.Title {
			fields = append(fields, FieldChange{Key: language + ".title", Old: quoted(old.Title), New: quoted(text.Title)})
		}
		if old.Body != text.Body {
			fields = append(fields, FieldChange{Key: language + ".body", Old: characters(old.Body), New: characters(text.Body)})
		}
	}
	return fields
}

func characters(text string) string { return fmt.Sprint(utf8.RuneCountInString(text), " characters") }

// privacy writes the version in force. One that was written and not published
// is nobody's yet.
func (e *exporter) privacy(org identity.OrganizationID) error {
	texts, _, err := inForce(e.ctx, e.actor, e.house, org)
	if err != nil {
		return err
	}
	indent := 2
	if org == "" {
		indent = 1
	}
	all := list{e: e, indent: indent, key: "privacy_statement"}
	for _, language := range slices.Sorted(maps.Keys(texts)) {
		if err := all.add(PrivacyText{Language: language, Title: texts[language].Title, Body: texts[language].Body}); err != nil {
			return err
		}
	}
	return nil
}
