package fault

import (
	"errors"
	"fmt"
)

// Kind is the class of a fault; surfaces map kinds to status codes.
type Kind uint8

// The kinds. The zero value is Internal, so that a fault made carelessly
// reveals nothing.
const (
	Internal        Kind = iota // a defect or a broken dependency; the caller learns nothing
	Invalid                     // the input is wrong; it says which and how to mend it
	Unauthenticated             // nobody, or not proven
	Forbidden                   // proven, but may not
	NotFound                    // no such thing, as far as this caller may know
	Conflict                    // contradicts something that exists
	Stale                       // changed since the caller read it (If-Match)
	Expired                     // was right once
	TooMany                     // a limit or a lock
	Unavailable                 // try again later
)

var kindNames = [...]string{
	Internal: "internal", Invalid: "invalid", Unauthenticated: "unauthenticated", Forbidden: "forbidden",
	NotFound: "not_found", Conflict: "conflict", Stale: "stale", Expired: "expired", TooMany: "too_many",
	Unavailable: "unavailable",
}

// Kinds returns every kind; surfaces test that they map each of them.
func Kinds() []Kind {
	all := make([]Kind, len(kindNames))
	for i := range all {
		all[i] = Kind(i)
	}
	return all
}

// String returns the kind's name in lower case with underscores.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// Code is the stable public name of a fault, such as "member_not_found".
// It is documented, translated in every language and never reused.
type Code string

// Params fill the placeholders of a code's sentence. They are shown to the
// caller: never put a secret or another organisation's data in them.
type Params map[string]any

// Error is a fault. Make it with New; the methods At, With, Because and Among
// return changed copies, so a shared value is safe to derive from.
type Error struct {
	Kind   Kind
	Code   Code
	Field  string // the input field at fault as the caller spelled it, "" if none
	Params Params
	// Others are further faults of the same input, reported together.
	Others []*Error
	cause  error
}

// New makes a fault of a kind under a public code.
func New(kind Kind, code Code) *Error {
	return &Error{Kind: kind, Code: code}
}

// Error describes the fault for the log; callers of the product never see it.
func (e *Error) Error() string {
	text := string(e.Code)
	if e.Field != "" {
		text += " at " + e.Field
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

// Unwrap returns the private cause.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether target is a fault with the same code, so that
// errors.Is(err, fault.New(kind, code)) compares by code alone.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// At returns a copy that names the input field at fault.
func (e *Error) At(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// With returns a copy with one more parameter.
func (e *Error) With(name string, value any) *Error {
	c := *e
	c.Params = Params{name: value}
	for k, v := range e.Params {
		if _, set := c.Params[k]; !set {
			c.Params[k] = v
		}
	}
	return &c
}

// Because returns a copy that carries the private cause.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// Among returns a copy that reports further faults of the same input.
func (e *Error) Among(others ...*Error) *Error {
	c := *e
	c.Others = append(append([]*Error(nil), e.Others...), others...)
	return &c
}

// Of returns the fault in err's chain; an error without one becomes an
// Internal fault with err as its cause. Of(nil) is nil.
func Of(err error) *Error {
	if err == nil {
		return nil
	}
	var f *Error
	if errors.As(err, &f) {
		return f
	}
	return New(Internal, CodeInternal).Because(err)
}

// KindOf returns the kind of err, Internal for an error that is not a fault.
// Of nil, which has no kind, it is Internal too: comparing it with any other
// kind is safe.
func KindOf(err error) Kind {
	if err == nil {
		return Internal
	}
	return Of(err).Kind
}

// Is reports whether err is a fault with this code.
func Is(err error, code Code) bool {
	var f *Error
	return errors.As(err, &f) && f.Code == code
}

// All joins faults of one input into one: the first with the others among it.
// It returns nil when there is none.
func All(faults []*Error) error {
	if len(faults) == 0 {
		return nil
	}
	return faults[0].Among(faults[1:]...)
}
