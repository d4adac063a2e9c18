package meeting

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// query is the query of a request. An empty parameter is an absent one, and
// one that nobody asks for is ignored. One that comes twice is refused unless
// it is a list: of two that differ we and a proxy might each believe another.
//
// The first thing found wrong is kept: read all parameters, then ask err once.
type query struct {
	values url.Values
	fault  *fault.Error
}

// query reads the query of the request.
func (c *call) query() (*query, error) { return parseQuery(c.r.URL.RawQuery) }

func parseQuery(raw string) (*query, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, errMalformed.Because(err)
	}
	return &query{values: values}, nil
}

// err returns the first fault of the parameters read so far.
func (q *query) err() error {
	if q.fault == nil {
		return nil
	}
	return q.fault
}

func (q *query) refuse(f *fault.Error) {
	if q.fault == nil {
		q.fault = f
	}
}

// one returns a parameter as it was written, "" when it is absent.
func (q *query) one(name string) string {
	values := q.values[name]
	switch {
	case len(values) == 0:
		return ""
	case len(values) > 1:
		q.refuse(errMalformed.At(name))
	}
	return values[0]
}

// text returns a text of at most high characters that may be stored and shown.
func (q *query) text(name string, high int) string {
	text := q.one(name)
	if !identity.CleanText(text) {
		q.refuse(errMalformed.At(name))
		return ""
	}
	if utf8.RuneCountInString(text) > high {
		q.refuse(fault.New(fault.Invalid, fault.CodeFieldLength).At(name).With("min", 0).With("max", high))
		return ""
	}
	return text
}

// maxSearchKey bounds what is searched for (Meeting API, 1.5).
const maxSearchKey = 1024

// searchKey is what a list is searched for.
func (q *query) searchKey() string { return q.text("searchKey", maxSearchKey) }

// numberField is a whole number of a query.
type numberField struct {
	name                 string
	low, high, otherwise int // otherwise is what it is when absent or empty
}

// integer returns a number that must be written in digits alone.
func (q *query) integer(f numberField) int {
	text := q.one(f.name)
	if text == "" {
		return f.otherwise
	}
	return q.number(f, text)
}

// optionalInteger returns a number from 0 on and whether it came.
func (q *query) optionalInteger(name string, high int) (n int, came bool) {
	text := q.one(name)
	if text == "" {
		return 0, false
	}
	return q.number(numberField{name, 0, high, 0}, text), true
}

// integers returns a parameter that may come more than once (Meeting API, 8.2).
func (q *query) integers(name string, low, high int) (all []int) {
	for _, text := range q.values[name] {
		if text != "" {
			all = append(all, q.number(numberField{name, low, high, 0}, text))
		}
	}
	return all
}

func (q *query) number(f numberField, text string) int {
	if strings.Trim(text, "0123456789") != "" {
		q.refuse(fault.New(fault.Invalid, fault.CodeFieldType).At(f.name).With("want", "want.integer"))
		return f.otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < f.low || n > f.high {
		q.refuse(fault.New(fault.Invalid, fault.CodeFieldRange).At(f.name).With("min", f.low).With("max", f.high))
		return f.otherwise
	}
	return n
}

// optionalFlag returns a boolean and whether it came.
func (q *query) optionalFlag(name string) (value, came bool) {
	value, came, fits := boolean(q.one(name))
	if !fits {
		q.refuse(fault.New(fault.Invalid, fault.CodeFieldType).At(name).With("want", "want.boolean"))
	}
	return value, came
}

// boolean reads true and false, which come, and nothing, which does not;
// anything else comes and does not fit.
func boolean(raw string) (value, came, fits bool) {
	return raw == "true", raw != "", raw == "" || raw == "true" || raw == "false"
}

// choice returns a parameter that must be one of some words, "" when it is
// absent.
func (q *query) choice(name string, choices ...string) string {
	text := q.one(name)
	if text != "" && !slices.Contains(choices, text) {
		q.refuse(fault.New(fault.Invalid, fault.CodeFieldChoice).At(name).With("choices", choices))
		return ""
	}
	return text
}
