package api

import (
	"strconv"
	"strings"

	"github.com/orgate/orgate/internal/fault"
)

// Unchanged is embedded by edits: they may name the version they were made on.
type Unchanged struct {
	IfMatch string `header:"If-Match" doc:"The ETag of what was read. When it has changed since, nothing is done and the answer is 412. Left out, whatever is there is changed."`
}

// version is the version an edit has to find: the current one when the header
// names it, 0 (any) without a header or with an asterisk (RFC 9110, 13.1.1).
func (u Unchanged) version(current int64) (int64, error) {
	if u.IfMatch == "" || strings.TrimSpace(u.IfMatch) == "*" {
		return 0, nil
	}
	// A weak tag never matches here (RFC 9110, 8.8.3.2).
	for tag := range strings.SplitSeq(u.IfMatch, ",") {
		if strings.TrimSpace(tag) == etag(current) {
			return current, nil
		}
	}
	return 0, fault.New(fault.Stale, fault.CodeStale)
}

// Known is embedded by reads: the caller may have the current version already.
type Known struct {
	IfNoneMatch string `header:"If-None-Match" doc:"ETags that the caller has. When one is current, the answer is 304 without a body."`
}

// holds reports whether the caller has this version. Weak tags count (RFC 9110,
// 13.1.2).
func (k Known) holds(version int64) bool {
	for tag := range strings.SplitSeq(k.IfNoneMatch, ",") {
		tag = strings.TrimSpace(tag)
		if tag == "*" || strings.TrimPrefix(tag, "W/") == etag(version) {
			return true
		}
	}
	return false
}

func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// single is the answer with one thing.
type single[T any] struct {
	ETag string `header:"ETag" doc:"Names this version, for If-Match and If-None-Match."`
	Body T
}

// made is the answer with a new thing.
type made[T any] struct {
	ETag     string `header:"ETag" doc:"Names this version, for If-Match."`
	Location string `header:"Location" doc:"Where it can be read."`
	Body     T
}

// notModified is the answer 304, which goes the way of a refusal.
type notModified struct{ tag string }

// Error is for the interface; nobody is shown it.
func (notModified) Error() string { return "not modified" }

// shown is the answer to a read.
func shown[T any](k Known, version int64, body T) (*single[T], error) {
	if k.holds(version) {
		return nil, notModified{etag(version)}
	}
	return &single[T]{ETag: etag(version), Body: body}, nil
}

// empty is the answer 204.
type empty struct{}
