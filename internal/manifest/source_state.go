package manifest

import (
	"reflect"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/source"
)

// sourceValues are the settings that a manifest gives, secrets included, by
// their keys and as a schema writes them.
func sourceValues(w *SourceSettings) source.Values {
	values := source.Values{}
	if w == nil {
		return values
	}
	v := reflect.ValueOf(*w)
	for _, row := range fieldsOf(v.Type()) {
		if field := v.Field(row.index); given(field) {
			values[row.key] = settingText(reflect.Indirect(field))
		}
	}
	return values
}

func settingText(v reflect.Value) string {
	switch value := v.Interface().(type) {
	case Secret:
		return value.Reveal()
	case bool:
		if value {
			return "true"
		}
		return "false"
	case []string:
		return strings.Join(value, ",")
	case string:
		return value
	}
	return ""
}

// sourceSecrets are the secrets that a manifest gives, by their keys.
func sourceSecrets(w *SourceSettings) map[string]Secret {
	secrets := map[string]Secret{}
	if w == nil {
		return secrets
	}
	v := reflect.ValueOf(*w)
	for _, row := range fieldsOf(v.Type()) {
		if s, ok := v.Field(row.index).Interface().(Secret); ok && s.Given() {
			secrets[row.key] = s
		}
	}
	return secrets
}

// settingsAsWritten gives every setting that the kind has.
func settingsAsWritten(kind identity.SourceKind, values source.Values) *SourceSettings {
	var w SourceSettings
	v := reflect.ValueOf(&w).Elem()
	rows := map[string]field{}
	for _, row := range fieldsOf(v.Type()) {
		rows[row.key] = row
	}
	for _, f := range source.Schema(kind) {
		row, known := rows[f.Key]
		value := values[f.Key]
		switch {
		case !known, f.Type.Secret():
		case f.Type == source.FieldSwitch:
			set(v.Field(row.index), value == "true")
		case f.Type == source.FieldList:
			set(v.Field(row.index), strings.FieldsFunc(value, func(r rune) bool { return r == ',' }))
		default:
			set(v.Field(row.index), value)
		}
	}
	return &w
}

func sourceAsWritten(c source.Configured) Source {
	ours, strategy := string(c.Rules.Ours), string(c.Rules.Binding())
	w := Source{
		Name: c.Name, Kind: string(c.Kind), Enabled: &c.Enabled, Settings: settingsAsWritten(c.Kind, c.Settings),
		Match:    &SourceMatch{Ours: &ours, Theirs: &c.Rules.Theirs, Strategy: &strategy, Trusted: textsOf(c.Rules.Trusted)},
		Mappings: []SourceMapping{},
	}
	for _, m := range c.Rules.Mappings {
		w.Mappings = append(w.Mappings, SourceMapping{Ours: m.Ours, Theirs: unlessEmpty(m.Theirs), Fixed: unlessEmpty(m.Fixed)})
	}
	return w
}

func unlessEmpty(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// freshSource is what a source is when nothing is said about it but its kind.
func freshSource(kind identity.SourceKind) Source {
	defaults := source.Values{}
	for _, f := range source.Schema(kind) {
		defaults[f.Key] = f.Default
	}
	return sourceAsWritten(source.Configured{Kind: kind, Settings: defaults})
}

// rulesOfSource are the rules as a manifest wants them, starting from those
// that are stored.
func rulesOfSource(w Source, r identity.SourceRules) identity.SourceRules {
	if m := w.Match; m != nil {
		if m.Ours != nil {
			r.Ours = identity.MatchAttribute(*m.Ours)
		}
		take(&r.Theirs, m.Theirs)
		if m.Strategy != nil {
			r.Strategy = identity.BindingStrategy(*m.Strategy)
		}
		if trusted := typedList[identity.MatchAttribute](m.Trusted); trusted != nil {
			r.Trusted = *trusted
		}
	}
	if w.Mappings != nil {
		r.Mappings = nil
		for _, m := range w.Mappings {
			r.Mappings = append(r.Mappings, identity.Mapping{Ours: m.Ours, Theirs: or(m.Theirs, ""), Fixed: or(m.Fixed, "")})
		}
	}
	return r
}

func newSource(w Source) source.NewSource {
	return source.NewSource{
		Name: w.Name, Kind: identity.SourceKind(w.Kind), Enabled: or(w.Enabled, false), Settings: sourceValues(w.Settings),
		Rules: rulesOfSource(w, identity.SourceRules{}),
	}
}

// sourceChange leaves out the secrets that are those last applied, unless the
// use case asks for them although they may be the stored ones: an address that
// carries them changes, the source comes into force, or none is stored.
func sourceChange(w Source, old source.Configured, fields []FieldChange) source.SourceChange {
	c := source.SourceChange{Enabled: w.Enabled, Settings: sourceValues(w.Settings)}
	if w.Match != nil || w.Mappings != nil {
		c.Rules = new(rulesOfSource(w, old.Rules))
	}
	if w.Name != old.Name {
		c.Name = &w.Name
	}
	if or(w.Enabled, false) && !old.Enabled || movedSource(c.Settings, old) {
		return c
	}
	for key := range sourceSecrets(w.Settings) {
		changed := slices.ContainsFunc(fields, func(f FieldChange) bool { return f.Secret && f.Key == settingsKey(key) })
		if !changed && slices.Contains(old.Secrets, key) {
			delete(c.Settings, key)
		}
	}
	return c
}

// movedSource reports whether an address that carries secrets changes.
func movedSource(wanted source.Values, old source.Configured) bool {
	return slices.ContainsFunc(source.Schema(old.Kind), func(f source.Field) bool {
		value, given := wanted[f.Key]
		return f.Carries && given && value != old.Settings[f.Key]
	})
}

// settingsKey is a setting's key as a plan prints it.
func settingsKey(key string) string { return "settings." + key }
