package protocol

import (
	"errors"
	"net/http"
)

// Coded is an error whose story was kept under a code.
type Coded struct {
	error
	code string
}

// WithCode ties an error to the code of its story.
func WithCode(err error, code string) error { return Coded{err, code} }

// Unwrap returns the fault.
func (c Coded) Unwrap() error { return c.error }

// CodeOf is what a person is told to name of an error: the code of its story, or
// of the request where none was kept.
func (h Host) CodeOf(r *http.Request, err error) string {
	var c Coded
	if errors.As(err, &c) {
		return c.code
	}
	return h.Origin(r).RequestID
}
