package meeting

import (
	"strconv"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/fault"
)

// maxInteger is the largest number of the API (Long).
const maxInteger = 1<<63 - 1

// object is the JSON object of a request. Names are compared letter by letter,
// names nobody asks for are ignored, null is the same as absent (Meeting API,
// 1.3), and of a name that comes twice the last counts unless once was called
// for it.
//
// The first thing found wrong is kept: read all fields, then ask err once.
type object struct {
	members []member
	fault   *fault.Error
	room    [8]member // where members begins: most requests need no more
}

type member struct {
	name string
	raw  string // the value as it was written
}

// parseObject reads a JSON text that must be one object, at most one line
// feed or other blanks around it. The only fault is Invalid (malformed).
func parseObject(text string) (*object, error) {
	s := scanner{text: text}
	o := &object{}
	o.members = o.room[:0]
	s.blanks()
	ok := utf8.ValidString(text) && s.members(func(name, raw string) { o.members = append(o.members, member{name, raw}) })
	if s.blanks(); !ok || s.at != len(text) {
		return nil, errMalformed
	}
	return o, nil
}

var errMalformed = fault.New(fault.Invalid, fault.CodeMalformed)

// err returns the first fault of the fields read so far.
func (o *object) err() error {
	if o.fault == nil {
		return nil
	}
	return o.fault
}

// refuse keeps a fault unless there is one already.
func (o *object) refuse(f *fault.Error) {
	if o.fault == nil {
		o.fault = f
	}
}

// once refuses the object when one of these names comes twice: where two
// readers may take different ones, what was signed or proven is not what is
// acted upon.
func (o *object) once(names ...string) {
	for _, name := range names {
		n := 0
		for i := range o.members {
			if o.members[i].name == name {
				n++
			}
		}
		if n > 1 {
			o.refuse(errMalformed.At(name))
		}
	}
}

// raw returns a value as it was written, "" when it is absent or null.
func (o *object) raw(name string) string {
	for i := len(o.members) - 1; i >= 0; i-- {
		if o.members[i].name == name {
			if o.members[i].raw == "null" {
				return ""
			}
			return o.members[i].raw
		}
	}
	return ""
}

func (o *object) missing(name string) {
	o.refuse(fault.New(fault.Invalid, fault.CodeFieldMissing).At(name).With("field", name))
}

func (o *object) mistyped(name, want string) {
	o.refuse(fault.New(fault.Invalid, fault.CodeFieldType).At(name).With("want", want))
}

// text returns a mandatory string of low to high characters.
func (o *object) text(name string, low, high int) string {
	text, present := o.optionalText(name, low, high)
	if !present {
		o.missing(name)
	}
	return text
}

// optionalText returns a string and whether it came. One that came has low to
// high characters.
func (o *object) optionalText(name string, low, high int) (text string, present bool) {
	raw := o.raw(name)
	if raw == "" {
		return "", false
	}
	s := scanner{text: raw}
	text, ok := s.quoted()
	if !ok {
		o.mistyped(name, "want.text")
		return "", true
	}
	if n := utf8.RuneCountInString(text); n < low || n > high {
		o.refuse(fault.New(fault.Invalid, fault.CodeFieldLength).At(name).With("min", low).With("max", high))
	}
	return text, true
}

// integer returns a mandatory whole number from low to high.
func (o *object) integer(name string, low, high int64) int64 {
	n, present := o.optionalInteger(name, low, high)
	if !present {
		o.missing(name)
	}
	return n
}

// optionalInteger returns a whole number and whether it came. It must be
// written as one: neither 1.0 nor 1e3 nor "1" is (Meeting API, 1.3).
func (o *object) optionalInteger(name string, low, high int64) (n int64, present bool) {
	raw := o.raw(name)
	if raw == "" {
		return 0, false
	}
	if !isInteger(raw) {
		o.mistyped(name, "want.integer")
		return 0, true
	}
	n, err := strconv.ParseInt(raw, 10, 64)
	if err != nil || n < low || n > high {
		o.refuse(fault.New(fault.Invalid, fault.CodeFieldRange).At(name).With("min", low).With("max", high))
		return 0, true
	}
	return n, true
}

// isInteger tells whether a value is decimal digits with at most a minus. The
// scanner has refused leading zeros already; -0 has no decimal form.
func isInteger(raw string) bool {
	if raw[0] == '-' {
		raw = raw[1:]
		if raw == "0" {
			return false
		}
	}
	for i := range len(raw) {
		if raw[i] < '0' || raw[i] > '9' {
			return false
		}
	}
	return raw != ""
}

// flag returns a mandatory boolean.
func (o *object) flag(name string) bool {
	value, present := o.optionalFlag(name)
	if !present {
		o.missing(name)
	}
	return value
}

// optionalFlag returns a boolean and whether it came.
func (o *object) optionalFlag(name string) (value, present bool) {
	value, present, fits := boolean(o.raw(name))
	if !fits {
		o.mistyped(name, "want.boolean")
	}
	return value, present
}
