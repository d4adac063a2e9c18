package meeting

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/token"
)

// call is one request on its way through an operation.
type call struct {
	m         *meeting
	r         *http.Request
	operation *operation
	origin    identity.Origin
	word      string         // X-Access-Token, when the operation asks for it
	bearer    *token.Bearer  // who that token belongs to
	actor     identity.Actor // nobody where anyone may call
}

// appender is an answer that writes itself; others are written by
// encoding/json.
type appender interface {
	appendTo(b []byte) []byte
}

// serve answers one request: limits, token, role, operation, answer.
func (m *meeting) serve(w http.ResponseWriter, r *http.Request, o *operation) {
	// The access log and the metrics name the operation, not the prefix.
	r.Pattern = o.path
	c := &call{m: m, r: r, operation: o, origin: m.o.Origin(r)}
	answer, err := m.perform(c)
	if err != nil {
		m.refuse(w, c, err)
		return
	}
	m.answer(w, c, answer)
}

func (m *meeting) perform(c *call) (any, error) {
	if !m.limits.admit(c.operation.limit, c.origin.Address) {
		return nil, fault.New(fault.TooMany, fault.CodeRateLimited)
	}
	if err := c.authenticate(); err != nil {
		return nil, err
	}
	answer, err := c.operation.do(m, c)
	if err != nil {
		m.limits.refused(c.operation.limit, c.origin.Address)
	}
	return answer, err
}

// answer writes what an operation returned; nil is the empty body.
func (m *meeting) answer(w http.ResponseWriter, c *call, answer any) {
	if answer == nil {
		write(w, http.StatusOK, nil)
		return
	}
	b := m.buffer()
	defer m.release(b)
	if a, ok := answer.(appender); ok {
		b.bytes = a.appendTo(b.bytes)
		write(w, http.StatusOK, b.bytes)
		return
	}
	out := bytes.NewBuffer(b.bytes)
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	if err := e.Encode(answer); err != nil {
		m.refuse(w, c, fmt.Errorf("encode the answer of %s: %w", c.operation.path, err))
		return
	}
	b.bytes = out.Bytes()
	write(w, http.StatusOK, bytes.TrimSuffix(b.bytes, []byte("\n")))
}

// language chooses the language of messages: English where it is asked for
// first, Chinese otherwise (Meeting API, 1.2).
func (c *call) language() i18n.Language {
	first, _, _ := strings.Cut(c.r.Header.Get("Accept-Language"), ",")
	first, _, _ = strings.Cut(first, ";")
	if strings.EqualFold(strings.TrimSpace(first), string(i18n.EnUS)) {
		return i18n.EnUS
	}
	return i18n.ZhCN
}

// object reads the body, which must be one JSON object. It is read once: a
// second call finds nothing.
func (c *call) object() (*object, error) {
	if err := c.acceptMedia(); err != nil {
		return nil, err
	}
	text, err := c.body()
	if err != nil {
		return nil, err
	}
	return parseObject(text)
}

// acceptMedia compares the media type alone; a missing one is JSON (Meeting
// API, 1.1).
func (c *call) acceptMedia() error {
	media, _, _ := strings.Cut(c.r.Header.Get("Content-Type"), ";")
	if media = strings.TrimSpace(media); media == "" || strings.EqualFold(media, "application/json") {
		return nil
	}
	return fault.New(fault.Invalid, fault.CodeFieldFormat).At("Content-Type").With("want", "want.json")
}

func (c *call) body() (string, error) {
	b := c.m.buffer()
	defer c.m.release(b)
	for {
		if len(b.bytes) == cap(b.bytes) {
			b.bytes = append(b.bytes, 0)[:len(b.bytes)]
		}
		n, err := c.r.Body.Read(b.bytes[len(b.bytes):cap(b.bytes)])
		b.bytes = b.bytes[:len(b.bytes)+n]
		if err == io.EOF {
			return string(b.bytes), nil
		}
		if err != nil {
			return "", unread(err)
		}
	}
}

// unread tells why a body ended early: it was too large, or the connection
// broke and whoever called is gone.
func unread(err error) error {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return fault.New(fault.Invalid, fault.CodeTooLarge).Because(err)
	}
	return errMalformed.Because(err)
}
