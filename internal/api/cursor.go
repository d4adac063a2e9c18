package api

import (
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/orgate/orgate/internal/fault"
)

// cursorVersion is the first byte of a cursor. A cursor of another version is
// refused: its holder begins anew.
const cursorVersion = 1

// maxCursor bounds a cursor in characters; the longest key is the path of a
// department.
const maxCursor = 2048

// encodeCursor makes the marker of the page that follows a key.
func encodeCursor(key string) string {
	return base64.RawURLEncoding.EncodeToString(append([]byte{cursorVersion}, key...))
}

// decodeCursor returns the key inside a cursor, "" for no cursor. A key has
// exactly one cursor that stands for it.
func decodeCursor(cursor string) (string, error) {
	if cursor == "" {
		return "", nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	// The decoder overlooks line breaks, even when it is strict.
	if err != nil || len(cursor) > maxCursor || strings.ContainsAny(cursor, "\r\n") || len(raw) < 2 || raw[0] != cursorVersion ||
		!clean(string(raw[1:])) {
		return "", fault.New(fault.Invalid, fault.CodeCursor).At("cursor")
	}
	return string(raw[1:]), nil
}

// Paging is what every long list is asked with.
type Paging struct {
	Cursor string `query:"cursor" doc:"The next of an earlier page; left out, the list begins."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most."`
}

// after is the key that the page follows. prefix is how keys of this list
// begin: a cursor of another list is refused.
func (p Paging) after(prefix string) (string, error) {
	key, err := decodeCursor(p.Cursor)
	if err == nil && key != "" && !strings.HasPrefix(key, prefix) {
		return "", fault.New(fault.Invalid, fault.CodeCursor).At("cursor")
	}
	return key, err
}

// page is a part of a list.
type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"The cursor of the following page; absent on the last."`
}

// listed is the answer with a page.
type listed[T any] struct {
	Link string `header:"Link" doc:"The following page, as in RFC 8288, with the relation next."`
	Body page[T]
}

// paged makes the answer from one item more than was asked for: that there is
// one more is how a following page is known.
func paged[S, T any](c *call, p Paging, found []S, key func(S) string, show func(S) T) *listed[T] {
	answer := &listed[T]{Body: page[T]{Items: make([]T, 0, min(len(found), p.Limit))}}
	for i, item := range found {
		if i == p.Limit {
			answer.Body.Next = encodeCursor(key(found[i-1]))
			answer.Link = c.link(answer.Body.Next)
			break
		}
		answer.Body.Items = append(answer.Body.Items, show(item))
	}
	return answer
}

// all is the list that is short by its nature and comes whole.
type all[T any] struct{ Body collection[T] }

// collection is a whole list.
type collection[T any] struct {
	Items []T `json:"items"`
}

func whole[S, T any](found []S, show func(S) T) *all[T] {
	items := make([]T, len(found))
	for i, item := range found {
		items[i] = show(item)
	}
	return &all[T]{collection[T]{items}}
}

// link is the address of the page with a cursor. The host is that of the
// settings: the one in the request is the caller's word.
func (c *call) link(cursor string) string {
	query := c.r.URL.Query()
	query.Set("cursor", cursor)
	next := url.URL{
		Scheme: c.s.o.BaseURL.Scheme, Host: c.s.o.BaseURL.Host, Path: c.s.o.BaseURL.JoinPath(c.r.URL.Path).Path,
		RawQuery: query.Encode(),
	}
	return "<" + next.String() + `>; rel="next"`
}
