package manifest

import (
	"reflect"
	"strconv"
	"strings"
	"time"
)

// field is one row of the table that the structs of document.go are: a key,
// what its value may be, and where it is kept.
type field struct {
	index   int
	key     string
	doc     string
	need    bool
	once    bool // used with a secret only: neither compared nor exported
	natural bool // the key by which the object is found
	fold    bool // compared without regard to case
	whole   bool // a list of blocks that is one value
	preset  bool
	choices []string
	low     int // bounds of a number
	high    int // 0 means none
	typ     reflect.Type
}

// fieldsOf returns the rows of a struct in the order of the file.
func fieldsOf(t reflect.Type) []field {
	rows := make([]field, 0, t.NumField())
	for i := range t.NumField() {
		f := t.Field(i)
		key := f.Tag.Get("key")
		if key == "" || key == "-" {
			continue
		}
		row := field{
			index: i, key: key, doc: f.Tag.Get("doc"), need: f.Tag.Get("need") != "", once: f.Tag.Get("once") != "",
			natural: f.Tag.Get("natural") != "", fold: f.Tag.Get("fold") != "", whole: f.Tag.Get("whole") != "",
			preset: f.Tag.Get("preset") != "", low: number(f.Tag.Get("min")), high: number(f.Tag.Get("max")), typ: f.Type,
		}
		if choices := f.Tag.Get("choices"); choices != "" {
			row.choices = strings.Split(choices, ",")
		}
		rows = append(rows, row)
	}
	return rows
}

// number reads a tag; the tags are ours, a test reads each of them.
func number(tag string) int {
	n, err := strconv.Atoi(tag)
	if err != nil {
		return 0
	}
	return n
}

// base is the type a pointer leads to, or the type itself.
func base(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// shape is what kind of value a key has.
type shape uint8

const (
	textShape shape = iota
	numberShape
	boolShape
	durationShape
	secretShape
	pictureShape
	blockShape      // a struct
	blocksShape     // a list of structs
	textsShape      // a list of texts
	numbersShape    // a list of numbers
	dictionaryShape // text by text
)

// shapeOf is the one place that maps Go types to shapes.
func shapeOf(t reflect.Type) shape {
	t = base(t)
	switch {
	case t == reflect.TypeFor[Secret]():
		return secretShape
	case t == reflect.TypeFor[Picture]():
		return pictureShape
	case t == reflect.TypeFor[time.Duration]():
		return durationShape
	}
	switch t.Kind() {
	case reflect.Int:
		return numberShape
	case reflect.Bool:
		return boolShape
	case reflect.Struct:
		return blockShape
	case reflect.Map:
		return dictionaryShape
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Struct {
			return blocksShape
		}
		if t.Elem().Kind() == reflect.Int {
			return numbersShape
		}
		return textsShape
	default:
		return textShape
	}
}

// set stores a value in a field, through a pointer if the field is one.
func set(target reflect.Value, value any) {
	v := reflect.ValueOf(value)
	if target.Kind() == reflect.Pointer {
		p := reflect.New(target.Type().Elem())
		p.Elem().Set(v)
		v = p
	}
	target.Set(v)
}

// given reports whether a field of a document was given. A plain text or number
// always counts as given: those fields are needed ones.
func given(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return !v.IsNil()
	case reflect.Struct:
		switch s := v.Interface().(type) {
		case Secret:
			return s.given
		case Picture:
			return s.given
		}
	}
	return true
}
