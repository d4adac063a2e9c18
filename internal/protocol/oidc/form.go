package oidc

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
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
	values map[string]string
	// twice names one that came more than once, which none may (RFC 6749, 3.1 and
	// 3.2). It is not in values.
	twice string
}

// get returns a parameter, "" when it was left out.
func (p parameters) get(name string) string { return p.values[name] }

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
	all, err := url.ParseQuery(raw)
	if err != nil {
		return parameters{}, errMalformed.Because(err)
	}
	if len(all) > maxParameters {
		return parameters{}, errTooLarge
	}
	p := parameters{values: make(map[string]string, len(all))}
	for name, values := range all {
		for _, value := range values {
			if !identity.CleanText(value) {
				return parameters{}, errMalformed.At(shown(name))
			}
		}
		switch {
		case !identity.CleanText(name):
			return parameters{}, errMalformed
		// RFC 8707, 2 lets this one come several times; we do not read it.
		case len(values) > 1 && name != "resource":
			p.twice = shown(name)
		case values[0] != "":
			p.values[name] = values[0]
		}
	}
	return p, nil
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
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
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
	var b strings.Builder
	n, err := io.Copy(&b, io.LimitReader(r.Body, maxForm+1))
	if tooLarge := (*http.MaxBytesError)(nil); n > maxForm || errors.As(err, &tooLarge) {
		return "", errTooLarge
	}
	if err != nil {
		return "", errMalformed.Because(err)
	}
	return b.String(), nil
}
