package outbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/orgate/orgate/internal/fault"
)

// SMSRequest is how a gateway is asked that does not know our signed JSON. In
// the address and the body these words stand for what a message has: {mobile},
// {text}, {code} (empty where there is none), {template}, {language}, {id}.
type SMSRequest struct {
	Method   string            `json:"method"` // POST, PUT, or GET without a body
	Encoding SMSEncoding       `json:"encoding,omitempty"`
	Headers  map[string]string `json:"headers,omitempty"` // such as Authorization: secrets
	Body     string            `json:"body,omitempty"`
	// Statuses are those of an answer that means success; none is the class 2.
	Statuses []int `json:"statuses,omitempty"`
	// Path leads into a JSON answer, as in result.code or items.0.status; there
	// Value has to stand. "" asks for none.
	Path  string `json:"path,omitempty"`
	Value string `json:"value,omitempty"`
}

// SMSEncoding is how the body is written, and how values are written in it.
type SMSEncoding string

// The encodings.
const (
	EncodeJSON SMSEncoding = "json"
	EncodeForm SMSEncoding = "form" // application/x-www-form-urlencoded
)

const (
	maxHeaders  = 20
	maxTemplate = 8 << 10
)

var (
	headerName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$") }) // RFC 9110, 5.6.2
	jsonPath   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[^.\x00-\x1f]{1,64}(\.[^.\x00-\x1f]{1,64}){0,9}$`) })
	// ownHeaders say how the request is framed, or come from the encoding.
	ownHeaders = []string{"Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection", "Upgrade", "Te", "Trailer", "Expect"}
)

// String keeps headers out of logs.
func (SMSRequest) String() string { return "[redacted]" }

// GoString is String, for %#v.
func (r SMSRequest) GoString() string { return r.String() }

// faults is all that is wrong, at fields below http.
func (r SMSRequest) faults(address string) (faults []*fault.Error) {
	wrong := func(field string, f *fault.Error) { faults = append(faults, f.At("http."+field)) }
	format := func(want string) *fault.Error {
		return fault.New(fault.Invalid, fault.CodeFieldFormat).With("want", want)
	}
	if !slices.Contains([]string{http.MethodPost, http.MethodPut, http.MethodGet}, r.Method) {
		wrong("method", fault.New(fault.Invalid, fault.CodeFieldChoice).With("choices", "POST, PUT, GET"))
	}
	if (r.Method == http.MethodGet) != (r.Body == "") {
		wrong("body", format("want.sms_body"))
	} else if r.Body != "" && !r.readable() {
		wrong("body", format("want.sms_body"))
	}
	if !strings.Contains(address+r.Body, "{mobile}") {
		wrong("body", format("want.sms_mobile"))
	}
	if !r.headersFit() {
		wrong("headers", format("want.sms_headers"))
	}
	if r.Path != "" && !jsonPath().MatchString(r.Path) || (r.Path == "") != (r.Value == "") || !oneLine(r.Value, 255) {
		wrong("path", format("want.field_path"))
	}
	for _, status := range r.Statuses {
		if status < 100 || status > 599 || len(r.Statuses) > maxHeaders {
			wrong("statuses", fault.New(fault.Invalid, fault.CodeFieldRange).With("min", 100).With("max", 599))
			break
		}
	}
	return faults
}

// readable reports whether the body can be read once values stand in it.
func (r SMSRequest) readable() bool {
	if len(r.Body) > maxTemplate {
		return false
	}
	filled := r.fill(r.Body, func(string) string { return "x" }, Message{}, "")
	switch r.Encoding {
	case EncodeJSON:
		return json.Valid([]byte(filled))
	case EncodeForm:
		_, err := url.ParseQuery(filled)
		return err == nil && oneLine(filled, maxTemplate)
	}
	return false
}

func (r SMSRequest) headersFit() bool {
	for name, value := range r.Headers {
		canonical := http.CanonicalHeaderKey(name)
		if !headerName().MatchString(name) || slices.Contains(ownHeaders, canonical) || !oneLine(value, maxParam) {
			return false
		}
	}
	return len(r.Headers) <= maxHeaders
}

// fill puts the values of a message into a template. What looks like a word of
// ours in a value stays as it is.
func (SMSRequest) fill(template string, escape func(string) string, m Message, text string) string {
	return strings.NewReplacer(
		"{mobile}", escape(m.Target), "{text}", escape(text), "{code}", escape(m.Params["code"]), "{template}", escape(m.Template),
		"{language}", escape(m.Language), "{id}", escape(string(m.ID)),
	).Replace(template)
}

// build makes the request of a message.
func (r SMSRequest) build(ctx context.Context, address string, m Message, text string) (*http.Request, error) {
	escape := url.QueryEscape
	media := "application/x-www-form-urlencoded"
	if r.Encoding == EncodeJSON {
		escape, media = inJSON, "application/json; charset=utf-8"
	}
	target := r.fill(address, url.QueryEscape, m, text)
	body := r.fill(r.Body, escape, m, text)
	request, err := http.NewRequestWithContext(ctx, r.Method, target, bytes.NewReader([]byte(body)))
	if err != nil {
		return nil, withoutAddress(err)
	}
	for name, value := range r.Headers {
		request.Header.Set(name, value)
	}
	if r.Method != http.MethodGet {
		request.Header.Set("Content-Type", media)
	}
	return request, nil
}

// inJSON is a text as it stands between the quotation marks of JSON.
func inJSON(text string) string {
	quoted, _ := json.Marshal(text) // a text is always written
	return string(quoted[1 : len(quoted)-1])
}

// withoutAddress leaves the address out of an error: what a message says stands
// in it.
func withoutAddress(err error) error {
	var about *url.Error
	if errors.As(err, &about) {
		return about.Err
	}
	return err
}

// judge tells whether an answer means success.
func (r SMSRequest) judge(t Tried) error {
	switch {
	case len(r.Statuses) == 0:
		if err := judge(t.Status); err != nil {
			return err
		}
	case !slices.Contains(r.Statuses, t.Status):
		if err := judge(t.Status); err != nil {
			return err
		}
		return fmt.Errorf("gateway answered %d", t.Status)
	}
	if r.Path == "" {
		return nil
	}
	if got, found := at(t.Answer, r.Path); !found || got != r.Value {
		return fmt.Errorf("gateway answered %d, with %q at %s", t.Status, got, r.Path)
	}
	return nil
}

// at is the scalar to which a path leads in a JSON text.
func at(text, path string) (value string, found bool) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var node any
	if decoder.Decode(&node) != nil {
		return "", false
	}
	for _, step := range strings.Split(path, ".") {
		switch inside := node.(type) {
		case map[string]any:
			node = inside[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(inside) {
				return "", false
			}
			node = inside[i]
		default:
			return "", false
		}
	}
	switch scalar := node.(type) {
	case string:
		return scalar, true
	case json.Number:
		return scalar.String(), true
	case bool:
		return strconv.FormatBool(scalar), true
	}
	return "", false
}
