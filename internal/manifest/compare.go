package manifest

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// FieldChange is one field that a change gives another value.
type FieldChange struct {
	Key      string // as in the manifest; blocks inside are joined by dots
	Old, New string // as a plan prints them; empty for a secret
	Secret   bool
}

// String writes the change as a plan prints it.
func (f FieldChange) String() string {
	if f.Secret {
		return f.Key + ": (changed)"
	}
	return f.Key + ": " + f.Old + " → " + f.New
}

// differences lists what wanted gives and stored has otherwise. Both are structs
// of document.go of the same type; what wanted does not give is left out.
// Lists of blocks and secrets are compared elsewhere.
func differences(wanted, stored any) []FieldChange {
	return compare(reflect.ValueOf(wanted), reflect.ValueOf(stored), "")
}

func compare(wanted, stored reflect.Value, prefix string) []FieldChange {
	var changes []FieldChange
	for _, row := range fieldsOf(wanted.Type()) {
		w, s := wanted.Field(row.index), stored.Field(row.index)
		if !given(w) || row.once || row.natural {
			continue
		}
		key := prefix + row.key
		kind := shapeOf(row.typ)
		switch {
		case kind == secretShape, kind == pictureShape, kind == blocksShape && !row.whole:
		case kind == blockShape:
			changes = append(changes, compare(reflect.Indirect(w), whole(s, row.typ), key+".")...)
		default:
			before, after := show(s), show(w)
			if same := before == after || row.fold && strings.EqualFold(before, after); !same {
				changes = append(changes, FieldChange{Key: key, Old: before, New: after})
			}
		}
	}
	return changes
}

// whole is the block a field holds, an empty one where there is none.
func whole(v reflect.Value, t reflect.Type) reflect.Value {
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return reflect.Zero(base(t))
	}
	return reflect.Indirect(v)
}

// show writes a value on one line. Two values are equal if and only if they are
// shown alike.
func show(v reflect.Value) string {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return "(none)"
		}
		v = v.Elem()
	}
	switch value := v.Interface().(type) {
	case string:
		return quoted(value)
	case time.Duration:
		return value.String()
	case []string:
		parts := make([]string, len(value))
		for i, item := range value {
			parts[i] = quoted(item)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]string:
		parts := make([]string, 0, len(value))
		for _, key := range slices.Sorted(maps.Keys(value)) {
			parts = append(parts, quoted(key)+": "+quoted(value[key]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	default:
		if shape := shapeOf(v.Type()); shape == blockShape || shape == blocksShape {
			return showBlocks(v)
		}
		return fmt.Sprint(value)
	}
}

// showBlocks writes a block, or a list of them, by their keys.
func showBlocks(v reflect.Value) string {
	if v.Kind() == reflect.Slice {
		parts := make([]string, v.Len())
		for i := range parts {
			parts[i] = showBlocks(v.Index(i))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	var parts []string
	for _, row := range fieldsOf(v.Type()) {
		parts = append(parts, row.key+": "+show(v.Field(row.index)))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// quoted leaves plain words as they are; anything that could be mistaken for
// something else, or would break the line, stands in quotes.
func quoted(text string) string {
	if text == "" || text != strings.TrimSpace(text) || strings.ContainsAny(text, "\"\\{}:,→\t\r\n") || strings.HasPrefix(text, "(") {
		return strconv.Quote(text)
	}
	return text
}

// withoutDefaults returns a copy of a struct of document.go from which every
// optional field is gone that has the value of the same field of standard.
func withoutDefaults[T any](full, standard T) T {
	v := reflect.New(reflect.TypeFor[T]()).Elem()
	v.Set(reflect.ValueOf(full))
	strip(v, reflect.ValueOf(standard))
	return v.Interface().(T)
}

func strip(v, standard reflect.Value) {
	for _, row := range fieldsOf(v.Type()) {
		field, usual := v.Field(row.index), standard.Field(row.index)
		if field.Kind() == reflect.Map || field.Kind() == reflect.Slice {
			// An empty list is written where the default has something in it.
			if field.Len() == usual.Len() && (field.Len() == 0 || show(field) == show(usual)) {
				field.SetZero()
			}
			continue
		}
		if field.Kind() != reflect.Pointer || field.IsNil() {
			continue
		}
		if shapeOf(row.typ) == blockShape {
			inner := reflect.New(base(row.typ))
			inner.Elem().Set(field.Elem())
			strip(inner.Elem(), whole(usual, row.typ))
			field.Set(inner)
			if inner.Elem().IsZero() {
				field.SetZero()
			}
			continue
		}
		if show(field) == show(usual) {
			field.SetZero()
		}
	}
}
