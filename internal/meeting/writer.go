package meeting

import (
	"net/http"
	"strconv"
	"unicode/utf8"
)

// writer appends the members of one JSON object after the other. The answers
// of the busy operations are written by it, without reflection and without a
// copy.
type writer struct {
	b     []byte
	comma bool
}

func (j *writer) begin() {
	j.b = append(j.b, '{')
	j.comma = false
}

func (j *writer) end() {
	j.b = append(j.b, '}')
	j.comma = true
}

// name begins a member.
func (j *writer) name(name string) {
	if j.comma {
		j.b = append(j.b, ',')
	}
	j.comma = true
	j.b = append(append(append(j.b, '"'), name...), `":`...)
}

func (j *writer) null(name string) {
	j.name(name)
	j.b = append(j.b, "null"...)
}

// nulls writes members that have no value here.
func (j *writer) nulls(names ...string) {
	for _, name := range names {
		j.null(name)
	}
}

func (j *writer) text(name, value string) {
	j.name(name)
	j.b = appendQuoted(j.b, value)
}

// textOrNull writes null for an empty text.
func (j *writer) textOrNull(name, value string) {
	if value == "" {
		j.null(name)
		return
	}
	j.text(name, value)
}

func (j *writer) number(name string, value int64) {
	j.name(name)
	j.b = strconv.AppendInt(j.b, value, 10)
}

func (j *writer) flag(name string, value bool) {
	j.name(name)
	j.b = strconv.AppendBool(j.b, value)
}

const hexDigits = "0123456789abcdef"

// appendQuoted appends a JSON string without HTML escaping, as the API's own
// answers are written (Meeting API, 1.1). Broken UTF-8 becomes U+FFFD.
func appendQuoted(b []byte, text string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(text); {
		c := text[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:])
			if r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
		}
		b = appendEscape(append(b, text[start:i]...), c)
		i++
		start = i
	}
	return append(append(b, text[start:]...), '"')
}

// appendEscape writes a byte that may not stand in a JSON string as it is.
func appendEscape(b []byte, c byte) []byte {
	switch {
	case c == '"' || c == '\\':
		return append(b, '\\', c)
	case c == '\n':
		return append(b, '\\', 'n')
	case c == '\r':
		return append(b, '\\', 'r')
	case c == '\t':
		return append(b, '\\', 't')
	case c < ' ':
		return append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
	}
	return append(b, "\ufffd"...)
}

// The headers of every answer (Meeting API, 1.2). The slices are shared by all
// answers and changed by none.
var (
	headerJSON    = []string{"application/json;charset=UTF-8"}
	headerNoCache = []string{"no-cache"}
	headerPragma  = []string{"No-cache"}
	headerExpires = []string{"Thu, 01 Jan 1970 00:00:00 GMT"}
	headerSniff   = []string{"nosniff"}
	headerEmpty   = []string{"0"}
)

// write sends an answer; an empty one says so, since a client that waits for a
// body must not (Meeting API, 1.1).
func write(w http.ResponseWriter, status int, body []byte) {
	h := w.Header()
	h["Content-Type"] = headerJSON
	h["Cache-Control"] = headerNoCache
	h["Pragma"] = headerPragma
	h["Expires"] = headerExpires
	h["X-Content-Type-Options"] = headerSniff
	if len(body) == 0 {
		h["Content-Length"] = headerEmpty
	}
	w.WriteHeader(status)
	if len(body) > 0 {
		// A client that has gone away needs no answer.
		_, _ = w.Write(body)
	}
}

// buffer is memory that answers and bodies are put together in.
type buffer struct{ bytes []byte }

// maxBuffer bounds what is kept between two calls.
const maxBuffer = 64 << 10

func (m *meeting) buffer() *buffer {
	if b, ok := m.buffers.Get().(*buffer); ok {
		b.bytes = b.bytes[:0]
		return b
	}
	return &buffer{bytes: make([]byte, 0, 2<<10)}
}

func (m *meeting) release(b *buffer) {
	if cap(b.bytes) <= maxBuffer {
		m.buffers.Put(b)
	}
}
