package i18n

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"github.com/orgate/orgate/internal/fault"
)

//go:embed messages/*.json
var files embed.FS

// faultPrefix begins the key of every fault's sentence.
const faultPrefix = "fault."

// wantPrefix begins the key of every description of what a field should be.
const wantPrefix = "want."

// absent stands in a sentence for a parameter that nobody gave: a gap a reader
// understands, where the template engine would print "<no value>".
const absent = "…"

// Catalogue answers with sentences. It never changes after Load and is safe
// for concurrent use.
type Catalogue struct {
	languages map[Language]func() *sentences // read when it is first spoken
}

// sentences is the catalogue of one language. A key is either plain or in
// messages, where its parameters are listed.
type sentences struct {
	plain     map[string]string
	faults    map[fault.Code]string // plain again, by code, so that Fault need not build a key
	messages  map[string]message
	localizer *goi18n.Localizer
	separator string // between the items of a list
}

// message is a sentence with placeholders.
type message struct {
	params []string // sorted names of its placeholders
	plural string   // the parameter whose number chooses the form, "" if there is one form
}

// Load returns the embedded catalogues, the same ones to everybody. A language is
// read when it is first spoken: a server that starts has nobody to speak to yet,
// and a command says one sentence in one language. What would be wrong with a
// file is found by Check, which tests call; such a file answers with keys.
func Load() (*Catalogue, error) { return embedded() }

var embedded = sync.OnceValues(func() (*Catalogue, error) {
	c := &Catalogue{languages: map[Language]func() *sentences{}}
	for _, lang := range Languages() {
		raw, err := files.ReadFile("messages/" + string(lang) + ".json")
		if err != nil {
			return nil, fmt.Errorf("catalogue %s: %w", lang, err)
		}
		c.languages[lang] = sync.OnceValue(func() *sentences {
			s, err := parse(lang, raw)
			if err != nil {
				return &sentences{}
			}
			return s
		})
	}
	return c, nil
})

// Check reads the embedded catalogues and tries every sentence once. An error
// is a defect of a catalogue file and names the language and the key.
func Check() error {
	for _, lang := range Languages() {
		raw, err := files.ReadFile("messages/" + string(lang) + ".json")
		if err != nil {
			return fmt.Errorf("catalogue %s: %w", lang, err)
		}
		s, err := parse(lang, raw)
		if err == nil {
			err = s.try()
		}
		if err != nil {
			return fmt.Errorf("catalogue %s: %w", lang, err)
		}
	}
	return nil
}

// in returns the sentences of a language, nil for an unknown one.
func (c *Catalogue) in(lang Language) *sentences {
	if read := c.languages[lang]; read != nil {
		return read()
	}
	return nil
}

// Text returns the sentence for a key, with its placeholders filled from
// params. What a language lacks is said in English; what English lacks is
// answered with the key itself, so the text is never empty. A parameter that
// is missing leaves "…", superfluous ones are ignored. A sentence without
// placeholders costs no allocation. The text is not escaped for HTML.
func (c *Catalogue) Text(lang Language, key string, params map[string]any) string {
	for _, l := range [...]Language{lang, EnUS} {
		s := c.in(l)
		if s == nil {
			continue
		}
		if text, ok := s.plain[key]; ok {
			return text
		}
		if text, ok := s.fill(key, params); ok {
			return text
		}
	}
	if key == "" {
		return absent
	}
	return key
}

// Fault returns the sentence for a fault; the name of its field is available
// to the sentence as the parameter "field". A nil fault reads as an internal
// one.
func (c *Catalogue) Fault(lang Language, f *fault.Error) string {
	if f == nil {
		f = fault.New(fault.Internal, fault.CodeInternal)
	}
	if s := c.in(lang); s != nil {
		if text, ok := s.faults[f.Code]; ok {
			return text
		}
	}
	params := f.Params
	if _, given := params["field"]; !given && f.Field != "" {
		params = f.With("field", f.Field).Params
	}
	return c.Text(lang, faultPrefix+string(f.Code), params)
}

// Has reports whether the language itself, not its English stand-in, has a
// sentence for the key.
func (c *Catalogue) Has(lang Language, key string) bool {
	s := c.in(lang)
	if s == nil {
		return false
	}
	_, plain := s.plain[key]
	_, filled := s.messages[key]
	return plain || filled
}

// Keys returns the sorted keys of a language, none for an unknown one.
func (c *Catalogue) Keys(lang Language) []string {
	s := c.in(lang)
	if s == nil {
		return nil
	}
	keys := slices.AppendSeq(slices.Collect(maps.Keys(s.plain)), maps.Keys(s.messages))
	slices.Sort(keys)
	return keys
}

// Params returns the sorted names of the placeholders of a sentence.
func (c *Catalogue) Params(lang Language, key string) []string {
	if s := c.in(lang); s != nil {
		return slices.Clone(s.messages[key].params)
	}
	return nil
}

// fill returns the sentence with placeholders for a key, and whether there is
// one.
func (s *sentences) fill(key string, params map[string]any) (string, bool) {
	m, ok := s.messages[key]
	if !ok {
		return "", false
	}
	data := make(map[string]any, len(m.params))
	for _, name := range m.params {
		data[name] = s.show(params[name])
	}
	config := goi18n.LocalizeConfig{MessageID: key, TemplateData: data}
	if m.plural != "" {
		config.PluralCount = params[m.plural]
	}
	text, err := s.localizer.Localize(&config)
	if err != nil {
		// A count that is no number: any form is better than none.
		config.PluralCount = nil
		text, err = s.localizer.Localize(&config)
	}
	return text, err == nil && text != ""
}

// show turns a parameter into what a reader sees. What a field should look
// like is itself text, so it is given as a key: With("want", "want.…").
func (s *sentences) show(value any) any {
	switch v := value.(type) {
	case nil:
		return absent
	case string:
		if text, ok := s.plain[v]; ok && strings.HasPrefix(v, wantPrefix) {
			return text
		}
		return v
	case []string:
		return strings.Join(v, s.separator)
	default:
		return v
	}
}

// newLocalizer makes the go-i18n side of one language. The bundle speaks this
// language alone: falling back to English is decided in Text.
func newLocalizer(lang Language, messages []*goi18n.Message) (*goi18n.Localizer, error) {
	tag, err := language.Parse(string(lang))
	if err != nil {
		return nil, fmt.Errorf("language tag: %w", err)
	}
	bundle := goi18n.NewBundle(tag)
	if err := bundle.AddMessages(tag, messages...); err != nil {
		return nil, fmt.Errorf("add messages: %w", err)
	}
	return goi18n.NewLocalizer(bundle, string(lang)), nil
}
