package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// errJSON is the error of a body that is not to be read; the caller is told
// no more than that.
var errJSON = errors.New("api: not one JSON value in UTF-8 with each name once and without NUL")

// wellFormed is errJSON for a body that is not to be read. Beyond what the
// standard library asks, the text has to be UTF-8, no name may come twice in one
// object, since two readers might each believe another, and no text may hold a
// NUL, which not every database stores.
func wellFormed(data []byte) error {
	if !utf8.Valid(data) {
		return errJSON
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := once(d); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errJSON
	}
	return nil
}

// encode is a value as an answer has it: without the escapes that only text
// within a page needs.
func encode(value any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	err := e.Encode(value)
	return out.Bytes(), err
}

// object is one that is being read: the names so far, nil for a list.
type object struct {
	names map[string]bool
	value bool // a name was read, its value comes next
}

// once reads one value and reports names that come twice.
func once(d *json.Decoder) error {
	var open []object
	for {
		token, err := d.Token()
		if err != nil {
			return errJSON
		}
		switch t := token.(type) {
		case json.Delim:
			open = nested(open, t)
		case string:
			if strings.ContainsRune(t, 0) || repeated(open, t) {
				return errJSON
			}
		default:
			passed(open)
		}
		if len(open) == 0 {
			return nil
		}
	}
}

// nested goes into an object or list, or out of one.
func nested(open []object, t json.Delim) []object {
	switch t {
	case '{':
		passed(open)
		return append(open, object{names: map[string]bool{}})
	case '[':
		passed(open)
		return append(open, object{})
	}
	return open[:len(open)-1]
}

// passed notes that the value of a name has come.
func passed(open []object) {
	if len(open) > 0 {
		open[len(open)-1].value = false
	}
}

// repeated notes a text, and reports whether it is a name that was there before.
func repeated(open []object, text string) bool {
	if len(open) == 0 {
		return false
	}
	o := &open[len(open)-1]
	if o.names == nil || o.value {
		o.value = false
		return false
	}
	o.value = true
	before := o.names[text]
	o.names[text] = true
	return before
}
