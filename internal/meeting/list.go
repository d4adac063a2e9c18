package meeting

import (
	"unicode/utf8"

	"github.com/orgate/orgate/internal/fault"
)

// maxItems bounds how many things one call acts upon: all of them are changed
// in one transaction, which nothing else may write beside.
const maxItems = 500

// texts reads a body that is an array of texts of 1 to high characters
// (Meeting API, 5: the operations that end in a list). A text that comes twice
// counts once; none at all, and more than 500, are refused.
func (c *call) texts(high int) ([]string, error) {
	items, err := c.items()
	if err != nil {
		return nil, err
	}
	seen := make(map[string]bool, len(items))
	all := make([]string, 0, len(items))
	for _, raw := range items {
		s := scanner{text: raw}
		text, ok := s.quoted()
		switch n := utf8.RuneCountInString(text); {
		case !ok:
			return nil, fault.New(fault.Invalid, fault.CodeFieldType).With("want", "want.text")
		case n < 1 || n > high:
			return nil, fault.New(fault.Invalid, fault.CodeFieldLength).With("min", 1).With("max", high)
		case !seen[text]:
			seen[text] = true
			all = append(all, text)
		}
	}
	return all, nil
}

// objects reads a body that is an array of 1 to 500 objects.
func (c *call) objects() ([]*object, error) {
	items, err := c.items()
	if err != nil {
		return nil, err
	}
	all := make([]*object, 0, len(items))
	for _, raw := range items {
		o, err := parseObject(raw)
		if err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	return all, nil
}

// items reads a body that is an array of 1 to 500 values, as they are written.
func (c *call) items() ([]string, error) {
	if err := c.acceptMedia(); err != nil {
		return nil, err
	}
	text, err := c.body()
	if err != nil {
		return nil, err
	}
	items, err := parseItems(text)
	if err == nil && (len(items) < 1 || len(items) > maxItems) {
		err = fault.New(fault.Invalid, fault.CodeFieldRange).With("min", 1).With("max", maxItems)
	}
	return items, err
}

// parseItems reads a JSON text that must be one array. The only fault is
// Invalid (malformed).
func parseItems(text string) (items []string, err error) {
	s := scanner{text: text}
	s.blanks()
	ok := utf8.ValidString(text) && s.elements(func(raw string) { items = append(items, raw) })
	if s.blanks(); !ok || s.at != len(text) {
		return nil, errMalformed
	}
	return items, nil
}

// child returns the object under a name, nil when it is absent.
func (o *object) child(name string) *object {
	raw := o.raw(name)
	if raw == "" {
		return nil
	}
	inner, err := parseObject(raw)
	if err != nil {
		o.mistyped(name, "want.object")
		return nil
	}
	return inner
}

// adopt makes the fault of a child that of the whole, its field named below
// the child's name.
func (o *object) adopt(name string, child *object) {
	if child == nil || child.fault == nil {
		return
	}
	f := child.fault
	if f.Field != "" {
		f = f.At(name + "." + f.Field)
	}
	o.refuse(f)
}

// optionalTexts returns an array of at most most texts of 1 to high characters,
// and whether it came.
func (o *object) optionalTexts(name string, most, high int) (all []string, came bool) {
	items, came := o.optionalItems(name, most)
	for _, raw := range items {
		s := scanner{text: raw}
		text, ok := s.quoted()
		switch n := utf8.RuneCountInString(text); {
		case !ok:
			o.mistyped(name, "want.text")
		case n < 1 || n > high:
			o.refuse(fault.New(fault.Invalid, fault.CodeFieldLength).At(name).With("min", 1).With("max", high))
		}
		all = append(all, text)
	}
	return all, came
}

// optionalObjects returns an array of at most most objects, and whether it
// came.
func (o *object) optionalObjects(name string, most int) (all []*object, came bool) {
	items, came := o.optionalItems(name, most)
	for _, raw := range items {
		inner, err := parseObject(raw)
		if err != nil {
			o.mistyped(name, "want.object")
			return nil, came
		}
		all = append(all, inner)
	}
	return all, came
}

func (o *object) optionalItems(name string, most int) (items []string, came bool) {
	raw := o.raw(name)
	if raw == "" {
		return nil, false
	}
	items, err := parseItems(raw)
	if err != nil {
		o.mistyped(name, "want.list")
	}
	if len(items) > most {
		o.refuse(fault.New(fault.Invalid, fault.CodeFieldRange).At(name).With("min", 0).With("max", most))
		return nil, true
	}
	return items, true
}
