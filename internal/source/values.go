package source

import (
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Values are settings of a source by the keys of its kind's schema. A switch is
// "true" or "false", a list has commas between its words. What is not in it, or
// empty, has its default.
type Values map[string]string

// String keeps secrets out of logs.
func (Values) String() string { return redacted }

// GoString keeps secrets out of %#v.
func (Values) GoString() string { return redacted }

// LogValue keeps secrets out of structured logs.
func (Values) LogValue() slog.Value { return slog.StringValue(redacted) }

// settingsPrefix stands before a setting's key in the field of a fault.
const settingsPrefix = "settings."

// pkce reports whether the challenge of RFC 7636 is sent.
func (v Values) pkce() bool { return v["pkce"] == "true" }

// words splits a list.
func (v Values) words(key string) []string { return wordsOf(v[key]) }

// wordsOf takes commas and blanks for the same.
func wordsOf(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

// readValues opens stored settings: those that the schema knows, with their
// defaults.
func readValues(of identity.SourceKind, raw []byte) (Values, error) {
	stored, err := storedValues(of, raw)
	if err != nil {
		return nil, err
	}
	return stored.filled(Schema(of)), nil
}

// storedValues are those that were set. What another version wrote and this
// schema does not know is passed over.
func storedValues(of identity.SourceKind, raw []byte) (Values, error) {
	v := Values{}
	if len(raw) == 0 {
		return v, nil
	}
	var stored map[string]json.RawMessage
	if err := json.Unmarshal(raw, &stored); err != nil {
		return nil, err
	}
	for _, f := range Schema(of) {
		text, ok := stored[f.Key]
		if !ok {
			continue
		}
		var value string
		if err := json.Unmarshal(text, &value); err != nil {
			return nil, err
		}
		if value != "" {
			v[f.Key] = value
		}
	}
	return v, nil
}

// filled adds the defaults.
func (v Values) filled(schema []Field) Values {
	full := maps.Clone(v)
	if full == nil {
		full = Values{}
	}
	for _, f := range schema {
		if full[f.Key] == "" && f.Default != "" {
			full[f.Key] = f.Default
		}
	}
	return full
}

// shown is without secrets; kept lists the keys of those that are stored.
func (v Values) shown(schema []Field) (shown Values, kept []string) {
	shown, kept = maps.Clone(v), []string{}
	for _, f := range schema {
		if f.Type.Secret() && shown[f.Key] != "" {
			kept = append(kept, f.Key)
			delete(shown, f.Key)
		}
	}
	return shown, kept
}

// normal checks settings that somebody wrote and brings them into the form in
// which they are stored and compared. Empty values stay: they take away what is
// stored. All faults are told at once, in the order of the schema.
func (v Values) normal(schema []Field) (Values, []*fault.Error) {
	var faults []*fault.Error
	known, normal := map[string]bool{}, Values{}
	for _, f := range schema {
		known[f.Key] = true
		value, given := v[f.Key]
		if !given {
			continue
		}
		value, err := f.normal(value)
		if err != nil {
			faults = append(faults, err.At(settingsPrefix+f.Key))
		}
		normal[f.Key] = value
	}
	for _, key := range slices.Sorted(maps.Keys(v)) {
		if !known[key] {
			faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldUnknown).At(settingsPrefix+key).With("field", key))
		}
	}
	return normal, faults
}

// normal brings one value into its form.
func (f Field) normal(value string) (string, *fault.Error) {
	if f.Type != FieldSecret {
		value = strings.TrimSpace(value)
	}
	if value == "" {
		return "", nil
	}
	switch f.Type {
	case FieldChoice:
		if f.Key == "auth_method" {
			value = authMethod(value)
		}
		return value, among(value, f.Choices)
	case FieldSwitch:
		return value, among(value, []string{"true", "false"})
	case FieldList:
		value = strings.Join(wordsOf(value), ",")
	}
	if form := formOf(f); !form.ok(value) {
		return value, fault.New(fault.Invalid, fault.CodeFieldFormat).With("want", form.want)
	}
	return value, nil
}

func among(value string, choices []string) *fault.Error {
	if slices.Contains(choices, value) {
		return nil
	}
	return fault.New(fault.Invalid, fault.CodeFieldChoice).With("choices", strings.Join(choices, ", "))
}

// with lays a change over settings: a value replaces, an empty one takes away.
func (v Values) with(change Values) Values {
	next := Values{}
	maps.Copy(next, v)
	for key, value := range change {
		if next[key] = value; value == "" {
			delete(next, key)
		}
	}
	return next
}

// forget drops the secrets that were not given anew when an address that
// carries them has changed, and lists their keys.
func (v Values) forget(schema []Field, before, given Values) (dropped []string) {
	if !slices.ContainsFunc(schema, func(f Field) bool { return f.Carries && v[f.Key] != before[f.Key] }) {
		return nil
	}
	for _, f := range schema {
		if f.Type.Secret() && v[f.Key] != "" && given[f.Key] == "" {
			dropped = append(dropped, f.Key)
			delete(v, f.Key)
		}
	}
	return dropped
}

// lacking tells which required settings are not there.
func (v Values) lacking(schema []Field) (faults []*fault.Error) {
	for _, f := range schema {
		if f.Required && v[f.Key] == "" {
			faults = append(faults, missing(f.Key))
		}
	}
	return faults
}

func missing(key string) *fault.Error {
	return fault.New(fault.Invalid, fault.CodeFieldMissing).At(settingsPrefix+key).With("field", settingsPrefix+key)
}

// stored writes settings as they are kept.
func (v Values) stored() ([]byte, error) {
	return json.Marshal(map[string]string(v))
}

// differing lists the keys whose values differ, without any value.
func (v Values) differing(schema []Field, other Values) (keys []string) {
	for _, f := range schema {
		if v[f.Key] != other[f.Key] {
			keys = append(keys, settingsPrefix+f.Key)
		}
	}
	return keys
}
