package pages

import "github.com/orgate/orgate/internal/fault"

// Setting is one field of a form that is made from a schema: its words are
// found in the catalogue under keys that the schema names.
type Setting struct {
	Name string // of the field, as faults name it too
	// Label and Help are whole keys of the catalogue.
	Label, Help string
	Type        string // text, secret, key, address, path, choice, switch or list
	Needed      bool
	Choices     []SettingChoice
	Default     string // shown where nothing is set
	Value       string // never that of a secret
	Held        bool   // a secret is stored

	Fault *fault.Error
	Focus bool
}

// SettingChoice is one value of a setting that has a few; Label is a whole key
// of the catalogue.
type SettingChoice struct{ Value, Label string }

// Secret reports whether the setting is written and never shown.
func (s Setting) Secret() bool { return s.Type == "secret" || s.Type == "key" }

// Selected reports whether a choice is the one that counts.
func (s Setting) Selected(value string) bool {
	if s.Value == "" {
		return value == s.Default
	}
	return value == s.Value
}

// judged puts faults beside their fields, and the cursor into the first at
// fault. Those that belong to no setting and to none of the other names are
// returned under "".
func judged(settings []Setting, f *fault.Error, others ...string) map[string]*fault.Error {
	names := others
	for _, s := range settings {
		names = append(names, s.Name)
	}
	faults, focused := byField(f, names...), false
	for i := range settings {
		s := &settings[i]
		s.Fault = faults[s.Name]
		s.Focus = s.Fault != nil && !focused
		focused = focused || s.Focus
	}
	return faults
}
