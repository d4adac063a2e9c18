package setup

import (
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
)

// generalFields are what of the form every kind of source has, by the names
// that faults give them.
var generalFields = []string{"name", "match.ours", "match.theirs", "match.strategy", "match.trusted", "mappings"}

// generalOf fills in what every kind has.
func generalOf(name string, r identity.SourceRules) map[string]string {
	trusted := make([]string, len(r.Trusted))
	for i, t := range r.Trusted {
		trusted[i] = string(t)
	}
	mappings := make([]string, len(r.Mappings))
	for i, m := range r.Mappings {
		mappings[i] = m.Ours + "=" + m.Theirs
		if m.Theirs == "" {
			mappings[i] = m.Ours + ":" + m.Fixed
		}
	}
	return map[string]string{
		"name": name, "match.ours": string(r.Ours), "match.theirs": r.Theirs, "match.strategy": string(r.Binding()),
		"match.trusted": strings.Join(trusted, ", "), "mappings": strings.Join(mappings, ", "),
	}
}

// generalSettings are the fields of what every kind has.
func generalSettings(values map[string]string) []pages.Setting {
	choices := map[string][]string{
		"match.ours":     {"account", "email", "mobile"},
		"match.strategy": {string(identity.BindOrCreate), string(identity.BindOnly), string(identity.CreateOnly)},
	}
	var fields []pages.Setting
	for _, name := range generalFields {
		key := "page.console_source." + strings.TrimPrefix(name, "match.")
		field := pages.Setting{Name: name, Label: key, Help: key + "_help", Type: "text", Value: values[name], Needed: name == "name"}
		for _, choice := range choices[name] {
			field.Type = "choice"
			field.Choices = append(field.Choices, pages.SettingChoice{Value: choice, Label: key + "." + choice})
		}
		fields = append(fields, field)
	}
	return fields
}

// typedRules reads what was typed. Nothing typed at all is no rules: a source that
// is not enabled need not have them.
func typedRules(values map[string]string) (r identity.SourceRules, err error) {
	r = identity.SourceRules{Theirs: values["match.theirs"], Strategy: identity.BindingStrategy(values["match.strategy"])}
	for _, word := range strings.FieldsFunc(values["match.trusted"], isSeparator) {
		r.Trusted = append(r.Trusted, identity.MatchAttribute(word))
	}
	for _, pair := range strings.Split(values["mappings"], ",") {
		pair = strings.TrimSpace(pair)
		if pair == "" {
			continue
		}
		at := strings.IndexAny(pair, "=:")
		if at < 1 {
			return r, fault.New(fault.Invalid, fault.CodeFieldFormat).At("mappings").With("want", "want.mapping")
		}
		m := identity.Mapping{Ours: strings.TrimSpace(pair[:at])}
		if value := strings.TrimSpace(pair[at+1:]); pair[at] == '=' {
			m.Theirs = value
		} else {
			m.Fixed = value
		}
		r.Mappings = append(r.Mappings, m)
	}
	if r.Theirs != "" || len(r.Trusted)+len(r.Mappings) > 0 {
		r.Ours = identity.MatchAttribute(values["match.ours"])
	} else if r.Strategy != identity.CreateOnly {
		r.Strategy = ""
	}
	return r, nil
}

func isSeparator(c rune) bool { return c == ',' || c == ' ' }
