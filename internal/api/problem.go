package api

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/trace"
)

const problemType = "application/problem+json"

// Problem is the body of every refusal (RFC 9457).
type Problem struct {
	Type   string         `json:"type" doc:"An address that names the kind of problem." format:"uri"`
	Title  string         `json:"title" doc:"The kind of problem in a few words."`
	Status int            `json:"status" doc:"The HTTP status."`
	Detail string         `json:"detail" doc:"What is wrong and how to mend it, in the caller's language."`
	Code   string         `json:"code" doc:"The stable name of the problem, such as member_not_found."`
	Trace  string         `json:"trace" doc:"The id of the request, to be told to whoever runs the server."`
	Errors []ProblemField `json:"errors" doc:"What is wrong field by field; empty when the request as a whole is meant."`

	headers http.Header
}

// ProblemField is one thing that is wrong with one field.
type ProblemField struct {
	Field  string `json:"field" doc:"The path of the field, such as sign_in_rules.lock_after, or the name of a parameter or header."`
	Code   string `json:"code" doc:"The stable name of the problem."`
	Detail string `json:"detail" doc:"What is wrong and how to mend it."`
}

// statuses is how kinds of faults are told on this wire.
var statuses = map[fault.Kind]int{
	fault.Internal: http.StatusInternalServerError, fault.Invalid: http.StatusUnprocessableEntity,
	fault.Unauthenticated: http.StatusUnauthorized, fault.Forbidden: http.StatusForbidden, fault.NotFound: http.StatusNotFound,
	fault.Conflict: http.StatusConflict, fault.Stale: http.StatusPreconditionFailed, fault.Expired: http.StatusGone,
	fault.TooMany: http.StatusTooManyRequests, fault.Unavailable: http.StatusServiceUnavailable,
}

// statusesByCode are the codes that HTTP has a status of their own for.
var statusesByCode = map[fault.Code]int{
	fault.CodeMalformed: http.StatusBadRequest, fault.CodeMethod: http.StatusMethodNotAllowed,
	fault.CodeTooLarge: http.StatusRequestEntityTooLarge,
}

// allowed is the fault of a method that is not served, with those that are.
type allowed struct {
	error
	methods string
}

// Unwrap returns the fault.
func (a allowed) Unwrap() error { return a.error }

// problem tells an error on the wire. What went wrong inside is for the log
// alone.
func (c *call) problem(err error) *Problem {
	f := fault.Of(err)
	status, ok := statusesByCode[f.Code]
	// A malformed field is one of a request that could be read.
	if !ok || f.Field != "" {
		status = statuses[f.Kind]
	}
	if f.Kind == fault.Internal {
		c.s.o.Log.ErrorContext(c.r.Context(), "management call failed", "method", c.r.Method, "path", c.r.URL.Path,
			"request_id", c.origin.RequestID, "err", err)
		f = fault.New(fault.Internal, fault.CodeInternal)
	}
	kind := c.s.o.BaseURL.JoinPath(docsPath)
	kind.Fragment = string(f.Code)
	p := &Problem{
		Type: kind.String(), Title: c.text("problem." + f.Kind.String()), Status: status, Code: string(f.Code),
		Detail: c.sentence(f), Trace: c.origin.RequestID, Errors: []ProblemField{}, headers: http.Header{},
	}
	for _, one := range append([]*fault.Error{f}, f.Others...) {
		if one.Field != "" {
			p.Errors = append(p.Errors, ProblemField{Field: one.Field, Code: string(one.Code), Detail: c.sentence(one)})
		}
	}
	c.addHeaders(p, f, err)
	return p
}

func (c *call) addHeaders(p *Problem, f *fault.Error, err error) {
	p.headers.Set("Content-Language", string(c.language))
	switch p.Status {
	case http.StatusUnauthorized:
		p.headers.Set("WWW-Authenticate", challenge(f))
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		seconds, _ := f.Params["seconds"].(int)
		p.headers.Set("Retry-After", strconv.Itoa(max(seconds, 1)))
	}
	if a := (allowed{}); errors.As(err, &a) {
		p.headers.Set("Allow", a.methods)
	}
}

// challenge tells how to authenticate (RFC 6750, 3).
func challenge(f *fault.Error) string {
	if f.Code == fault.CodeTokenMissing {
		return `Bearer realm="orgate"`
	}
	return `Bearer realm="orgate", error="invalid_token"`
}

func (c *call) text(key string) string { return c.s.o.Catalogue.Text(c.language, key, nil) }

// said is what stands in a detail of a story, in the caller's language.
func (c *call) said(detail string) string { return trace.Say(c.s.o.Catalogue, c.language, detail) }

func (c *call) sentence(f *fault.Error) string { return c.s.o.Catalogue.Fault(c.language, f) }

// write answers with a problem.
func (c *call) write(w http.ResponseWriter, err error) {
	if same := (notModified{}); errors.As(err, &same) {
		w.Header().Set("ETag", same.tag)
		w.WriteHeader(http.StatusNotModified)
		return
	}
	p := c.problem(err)
	for field, values := range p.headers {
		w.Header()[field] = values
	}
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	// A struct of texts and numbers always encodes; a caller who has gone away
	// is not our trouble.
	body, _ := encode(p)
	_, _ = w.Write(body)
}
