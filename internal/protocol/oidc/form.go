package oidc

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

const (
	// maxForm bounds a request's parameters, in bytes; the longest carry a claims
	// parameter and an ID token.
	maxForm = 16 << 10
	// maxParameters bounds their number.
	maxParameters = 64
	formType      = "application/x-www-form-urlencoded"
)

// parameters are those of one request. A parameter without a value counts as
// left out (RFC 6749, 3.1).
type parameters struct {
	list []parameter // few: looking through them is faster than a map
	// twice names one that came more than once, which none may (RFC 6749, 3.1 and
	// 3.2). get does not return it.
	twice string
}

// parameter is a name and the value that came first.
type parameter struct {
	name, value string
	more        bool // came again, and must not
}

// get returns a parameter, "" when it was left out.
func (p parameters) get(name string) string {
	if i := p.index(name); i >= 0 && !p.list[i].more {
		return p.list[i].value
	}
	return ""
}

// index is where a parameter stands, -1 for nowhere.
func (p parameters) index(name string) int {
	return slices.IndexFunc(p.list, func(known parameter) bool { return known.name == name })
}

// once refuses what came more than once.
func (p parameters) once() error {
	if p.twice == "" {
		return nil
	}
	return fault.New(fault.Invalid, fault.CodeOAuthTwice).At(p.twice).With("field", p.twice)
}

var (
	errMalformed   = fault.New(fault.Invalid, fault.CodeMalformed)
	errTooLarge    = fault.New(fault.Invalid, fault.CodeTooLarge)
	errContentType = fault.New(fault.Invalid, fault.CodeOAuthContentType)
)

// parse reads parameters as a form writes them. What is no UTF-8, or has NUL
// or other control characters, is refused: no database stores it and no
// parameter of ours contains it.
func parse(raw string) (parameters, error) {
	if len(raw) > maxForm {
		return parameters{}, errTooLarge
	}
	p := parameters{list: make([]parameter, 0, min(strings.Count(raw, "&")+1, maxParameters))}
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		one, err := readPair(pair)
		if err != nil {
			return parameters{}, err
		}
		if err := p.add(one); err != nil {
			return parameters{}, err
		}
	}
	return p, nil
}

// readPair decodes a name and its value. A semicolon, which once parted pairs
// and may still do for others who read the address, is refused.
func readPair(pair string) (one parameter, err error) {
	name, value, _ := strings.Cut(pair, "=")
	if one.name, err = url.QueryUnescape(name); err == nil {
		one.value, err = url.QueryUnescape(value)
	}
	switch {
	case err != nil:
		return one, errMalformed.Because(err)
	case strings.Contains(pair, ";"), !identity.CleanText(one.name):
		return one, errMalformed
	case !identity.CleanText(one.value):
		return one, errMalformed.At(shown(one.name))
	}
	return one, nil
}

// add takes a parameter in.
func (p *parameters) add(one parameter) error {
	i := p.index(one.name)
	switch {
	case i < 0 && len(p.list) == maxParameters:
		return errTooLarge
	case i < 0:
		p.list = append(p.list, one)
	// RFC 8707, 2 lets this one come several times; we do not read it.
	case one.name != "resource":
		p.list[i].more, p.twice = true, shown(one.name)
	}
	return nil
}

// shown is a parameter's name as it may stand in an answer: a long one is no
// name of ours.
func shown(name string) string {
	const most = 64
	if len(name) > most {
		return name[:most]
	}
	return name
}

// isForm reports whether the body says that it is a form.
func isForm(r *http.Request) bool {
	header := r.Header.Get("Content-Type")
	if header == formType { // as nearly all write it
		return true
	}
	kind, _, err := mime.ParseMediaType(header)
	return err == nil && kind == formType
}

// readForm reads the body of a request once. The address's parameters do not
// count (RFC 6749, 2.3.1 and 3.2).
func readForm(r *http.Request) (parameters, error) {
	if !isForm(r) {
		return parameters{}, errContentType
	}
	raw, err := readBody(r)
	if err != nil {
		return parameters{}, err
	}
	return parse(raw)
}

func readBody(r *http.Request) (string, error) {
	if r.ContentLength > maxForm {
		return "", errTooLarge
	}
	var b []byte
	var err error
	if r.ContentLength > 0 {
		// No more can come, and a reader that does not know that takes room for all
		// that might.
		b = make([]byte, r.ContentLength)
		_, err = io.ReadFull(r.Body, b)
	} else {
		b, err = io.ReadAll(io.LimitReader(r.Body, maxForm+1))
	}
	if tooLarge := (*http.MaxBytesError)(nil); len(b) > maxForm || errors.As(err, &tooLarge) {
		return "", errTooLarge
	}
	if err != nil {
		return "", errMalformed.Because(err)
	}
	return string(b), nil
}
