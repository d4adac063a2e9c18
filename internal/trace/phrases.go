package trace

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/orgate/orgate/internal/i18n"
)

// detailPrefix begins the key of every phrase that a Detail may be made of.
const detailPrefix = "detail."

// deepest is how far phrases may stand within phrases.
const deepest = 3

// Say tells what stands in a Detail in a reader's language. Details are kept as
// they were written: phrases of ours in English ("a redirect to …"), between
// what came or was set, which is told as it is. A phrase is found in the English
// catalogue under "detail.<name>" and said by the sentence of the same key; of a
// list with commas each part may be one. What is none stays.
func Say(c *i18n.Catalogue, lang i18n.Language, text string) string {
	if lang == i18n.EnUS || text == "" {
		return text
	}
	said, _ := spoken().say(c, lang, text, deepest)
	return said
}

// In is the detail in a reader's language, as Say has it.
func (d Detail) In(c *i18n.Catalogue, lang i18n.Language) Detail {
	d.Expected, d.Received = Say(c, lang, d.Expected), Say(c, lang, d.Received)
	return d
}

// phrasebook is how phrases are recognised.
type phrasebook struct {
	whole    map[string]string // the key of each phrase without placeholders
	patterns []pattern
}

// pattern recognises a phrase with placeholders.
type pattern struct {
	key    string
	begin  string // what it begins with, to tell most texts apart at once
	shape  *regexp.Regexp
	params []string
}

// phraseParam is the placeholder that stands for a phrase and nothing else. Those
// of numbers and times are told by their names as well; any other takes any text,
// of which it says what it knows.
const phraseParam = "phrase"

// spoken is the phrasebook of the embedded catalogue.
var spoken = sync.OnceValue(func() *phrasebook {
	c, err := i18n.Load()
	if err != nil {
		return &phrasebook{} // whoever speaks has loaded it, too: it does not happen
	}
	return newPhrasebook(c)
})

func newPhrasebook(c *i18n.Catalogue) *phrasebook {
	b := &phrasebook{whole: map[string]string{}}
	for _, key := range c.Keys(i18n.EnUS) {
		if !strings.HasPrefix(key, detailPrefix) {
			continue
		}
		params := c.Params(i18n.EnUS, key)
		if len(params) == 0 {
			b.whole[c.Text(i18n.EnUS, key, nil)] = key
			continue
		}
		b.patterns = append(b.patterns, newPattern(c, key, params))
	}
	// The longer the beginning, the more is known of what follows.
	slices.SortStableFunc(b.patterns, func(x, y pattern) int { return len(y.begin) - len(x.begin) })
	return b
}

// newPattern is the sentence of a key with a group for each placeholder. A mark
// that no sentence has stands for them while the sentence is filled.
func newPattern(c *i18n.Catalogue, key string, params []string) pattern {
	const mark = "\x00"
	marks := map[string]any{}
	for _, name := range params {
		marks[name] = mark + name + mark
	}
	p := pattern{key: key}
	var shape strings.Builder
	shape.WriteString(`(?s)^`)
	for i, part := range strings.Split(c.Text(i18n.EnUS, key, marks), mark) {
		if i%2 == 1 {
			shape.WriteString(group(part))
			p.params = append(p.params, part)
			continue
		}
		if i == 0 {
			p.begin = part
		}
		shape.WriteString(regexp.QuoteMeta(part))
	}
	p.shape = regexp.MustCompile(shape.String() + `$`)
	return p
}

// group matches what may stand at a placeholder.
func group(param string) string {
	switch param {
	case "number":
		return `(\d+)`
	case "time":
		return `(\S+)`
	}
	return `(.+?)`
}

// say returns a text in a language, and whether it is known.
func (b *phrasebook) say(c *i18n.Catalogue, lang i18n.Language, text string, deep int) (said string, known bool) {
	if key, ok := b.whole[text]; ok {
		return c.Text(lang, key, nil), true
	}
	if deep == 0 {
		return text, false
	}
	for _, p := range b.patterns {
		if values := p.read(text); values != nil {
			if params, fits := b.fill(c, lang, p, values, deep-1); fits {
				return c.Text(lang, p.key, params), true
			}
		}
	}
	return b.list(c, lang, text, deep-1)
}

// read returns what stands at the placeholders of a pattern, nil where the text
// is another.
func (p pattern) read(text string) []string {
	if !strings.HasPrefix(text, p.begin) {
		return nil
	}
	if found := p.shape.FindStringSubmatch(text); found != nil {
		return found[1:]
	}
	return nil
}

func (b *phrasebook) fill(c *i18n.Catalogue, lang i18n.Language, p pattern, values []string, deep int) (map[string]any, bool) {
	params := make(map[string]any, len(values))
	for i, name := range p.params {
		said, known := b.say(c, lang, values[i], deep)
		if name == phraseParam && !known {
			return nil, false
		}
		params[name] = said
	}
	return params, true
}

// list says the parts of a list; it is known if one of them is.
func (b *phrasebook) list(c *i18n.Catalogue, lang i18n.Language, text string, deep int) (string, bool) {
	parts := strings.Split(text, ", ")
	if len(parts) == 1 {
		return text, false
	}
	found := false
	for i, part := range parts {
		said, known := b.say(c, lang, part, deep)
		parts[i], found = said, found || known
	}
	if !found {
		return text, false
	}
	return c.Text(lang, "trace.list", map[string]any{"parts": parts}), true
}
