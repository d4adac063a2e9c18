package httpd

import (
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"
)

// The keys of a request's line in the log.
const (
	KeyRequestID    = "request_id"
	KeyRoute        = "route" // the pattern, never the path with its ids
	KeyMethod       = "method"
	KeyStatus       = "status"
	KeyDuration     = "duration"
	KeyBytes        = "bytes"  // of the answer's body
	KeyClient       = "client" // address, see ClientAddr
	KeyActor        = "actor"  // see Note
	KeyOrganization = "organization"
)

// finish writes the line of a request and tells the observer. The path and the
// query are left out: both carry names, codes and tokens.
func (c *chain) finish(x *exchange, r *http.Request, started time.Time) {
	now := c.now()
	took := now.Sub(started)
	x.begin(http.StatusOK) // what net/http sends for a handler that wrote nothing
	method := knownMethod(r.Method)
	if c.observe != nil {
		c.observe(Observation{Route: r.Pattern, Method: method, Status: x.status, Duration: took, Bytes: x.bytes})
	}
	level := c.level
	if x.status >= http.StatusInternalServerError {
		level = slog.LevelWarn
	}
	if !c.log.Enabled(x, level) {
		return
	}
	attrs := [...]slog.Attr{
		slog.String(KeyRequestID, x.id[0]),
		slog.String(KeyMethod, method),
		slog.String(KeyRoute, r.Pattern),
		slog.Int(KeyStatus, x.status),
		slog.Duration(KeyDuration, took),
		slog.Int64(KeyBytes, x.bytes),
		slog.String(KeyClient, x.client.String()),
		slog.String(KeyActor, x.actor),
		slog.String(KeyOrganization, x.org),
	}
	n := len(attrs)
	for n > 0 && attrs[n-1].Value.String() == "" {
		n-- // nobody was recorded
	}
	// Made by hand, the record does not look for its caller, which is always here.
	record := slog.NewRecord(now, level, "request", 0)
	record.AddAttrs(attrs[:n]...)
	_ = c.log.Handler().Handle(x, record)
}

// barrier turns a panic of a handler into 500 and a log entry with its stack.
// When the answer has already begun it can only be cut off.
func (c *chain) barrier(x *exchange, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	begun := x.status != 0
	if !begun {
		x.status = http.StatusInternalServerError
	}
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(p)
	}
	c.log.LogAttrs(x, slog.LevelError, "panic while answering",
		slog.String(KeyRequestID, x.id[0]), slog.String(KeyRoute, r.Pattern),
		slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
	if begun {
		panic(http.ErrAbortHandler)
	}
	// What the handler had prepared, a cookie or a length, is not for this answer.
	x.status = 0
	clear(x.w.Header())
	c.setHeaders(x)
	plain(x, http.StatusInternalServerError)
}

// knownMethod keeps a client from inventing values of a metric's label.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodOptions, http.MethodConnect, http.MethodTrace:
		return method
	}
	return "OTHER"
}
