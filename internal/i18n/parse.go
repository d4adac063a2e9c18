package i18n

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"

	"github.com/orgate/orgate/internal/fault"
)

// entry is the value of a key in a catalogue file: a string, which is read
// into Other, or an object with plural forms. Which forms a language has is
// defined by the Unicode CLDR; the product's languages need no more than these.
type entry struct {
	Plural string `json:"plural"` // the parameter whose number chooses the form
	One    string `json:"one"`
	Other  string `json:"other"`
}

// UnmarshalJSON accepts both spellings of an entry and no unknown member.
func (e *entry) UnmarshalJSON(raw []byte) error {
	if bytes.HasPrefix(raw, []byte(`"`)) {
		return json.Unmarshal(raw, &e.Other)
	}
	type object entry // without this method
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode((*object)(e)); err != nil {
		return err
	}
	if e.Plural == "" {
		return errors.New(`plural forms need "plural", the name of the parameter that chooses`)
	}
	return nil
}

// placeholder is the only template action a sentence may use, so that a
// translator cannot write one that fails at run time.
var placeholder = regexp.MustCompile(`\{\{\.([a-z][a-z0-9_]*)\}\}`)

// parse reads a catalogue file.
func parse(lang Language, raw []byte) (*sentences, error) {
	entries, err := decode(raw)
	if err != nil {
		return nil, err
	}
	s := &sentences{
		plain: map[string]string{}, faults: map[fault.Code]string{}, messages: map[string]message{}, separator: ", ",
	}
	if lang == ZhCN {
		s.separator = "、"
	}
	var templates []*goi18n.Message
	for key, e := range entries {
		params, err := e.params()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		if len(params) == 0 {
			s.plain[key] = e.Other
			if code, ok := strings.CutPrefix(key, faultPrefix); ok {
				s.faults[fault.Code(code)] = e.Other
			}
			continue
		}
		s.messages[key] = message{params: params, plural: e.Plural}
		templates = append(templates, &goi18n.Message{ID: key, One: e.One, Other: e.Other})
	}
	s.localizer, err = newLocalizer(lang, templates)
	return s, err
}

// decode reads the entries of a catalogue file and refuses a key written
// twice, which encoding/json would silently overwrite.
func decode(raw []byte) (map[string]entry, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if open, _ := decoder.Token(); open != json.Delim('{') {
		return nil, errors.New("a catalogue is one JSON object")
	}
	entries := map[string]entry{}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		key := fmt.Sprint(name)
		if _, twice := entries[key]; twice {
			return nil, fmt.Errorf("%s: written twice", key)
		}
		var e entry
		if err := decoder.Decode(&e); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		entries[key] = e
	}
	if _, err := decoder.Token(); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("text after the end of the catalogue")
	}
	return entries, nil
}

// params returns the sorted placeholders of an entry after checking that it
// has a text and uses nothing but placeholders.
func (e entry) params() ([]string, error) {
	if e.Other == "" {
		return nil, errors.New("no text")
	}
	both := e.One + e.Other
	if e.Plural == "" && !strings.Contains(both, "{{") && !strings.Contains(both, "}}") {
		return nil, nil
	}
	if rest := placeholder.ReplaceAllString(both, ""); strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
		return nil, errors.New("a placeholder is written {{.name}}, in lower case, and nothing else is")
	}
	var names []string
	for _, match := range placeholder.FindAllStringSubmatch(both, -1) {
		names = append(names, match[1])
	}
	if e.Plural != "" {
		names = append(names, e.Plural)
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// try fills every sentence once, which parses its template and proves it.
func (s *sentences) try() error {
	for key, m := range s.messages {
		sample := map[string]any{}
		for _, name := range m.params {
			sample[name] = 2
		}
		if _, ok := s.fill(key, sample); !ok {
			return fmt.Errorf("%s: cannot be filled", key)
		}
	}
	return nil
}
