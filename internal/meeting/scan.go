package meeting

import (
	"strings"
	"unicode/utf8"
)

// maxDepth is how deep a document may nest; requests of the API need three.
const maxDepth = 32

// scanner walks over one JSON text (RFC 8259) without building values. It is
// stricter than encoding/json in three things: names keep their letter case, a
// NUL is refused wherever it stands, and so is half a surrogate pair.
type scanner struct {
	text  string
	at    int
	depth int
}

func (s *scanner) blanks() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return
		}
	}
}

// take steps over one character and reports whether it was there.
func (s *scanner) take(c byte) bool {
	if s.at < len(s.text) && s.text[s.at] == c {
		s.at++
		return true
	}
	return false
}

// value steps over one value of any kind.
func (s *scanner) value() bool {
	if s.at == len(s.text) {
		return false
	}
	switch s.text[s.at] {
	case '{':
		return s.members(nil)
	case '[':
		return s.elements(nil)
	case '"':
		_, ok := s.quoted()
		return ok
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	case 'n':
		return s.word("null")
	}
	return s.number()
}

func (s *scanner) word(word string) bool {
	if !strings.HasPrefix(s.text[s.at:], word) {
		return false
	}
	s.at += len(word)
	return true
}

// members steps over an object and hands each member to visit.
func (s *scanner) members(visit func(name, raw string)) bool {
	if s.depth++; s.depth > maxDepth || !s.take('{') {
		return false
	}
	s.blanks()
	if s.take('}') {
		s.depth--
		return true
	}
	for {
		s.blanks()
		name, ok := s.quoted()
		if s.blanks(); !ok || !s.take(':') {
			return false
		}
		s.blanks()
		start := s.at
		if !s.value() {
			return false
		}
		if visit != nil {
			visit(name, s.text[start:s.at])
		}
		s.blanks()
		if s.take('}') {
			s.depth--
			return true
		}
		if !s.take(',') {
			return false
		}
	}
}

// elements steps over an array and hands each element to visit.
func (s *scanner) elements(visit func(raw string)) bool {
	if s.depth++; s.depth > maxDepth || !s.take('[') {
		return false
	}
	s.blanks()
	if s.take(']') {
		s.depth--
		return true
	}
	for {
		s.blanks()
		start := s.at
		if !s.value() {
			return false
		}
		if visit != nil {
			visit(s.text[start:s.at])
		}
		s.blanks()
		if s.take(']') {
			s.depth--
			return true
		}
		if !s.take(',') {
			return false
		}
	}
}

func (s *scanner) digits() bool {
	start := s.at
	for s.at < len(s.text) && s.text[s.at] >= '0' && s.text[s.at] <= '9' {
		s.at++
	}
	return s.at > start
}

func (s *scanner) number() bool {
	s.take('-')
	// A leading zero stands alone.
	if !s.take('0') && !s.digits() {
		return false
	}
	if s.take('.') && !s.digits() {
		return false
	}
	if s.take('e') || s.take('E') {
		if !s.take('+') {
			s.take('-')
		}
		return s.digits()
	}
	return true
}

// quoted steps over a string and returns what it says. Without escapes that is
// a part of the text itself, so nothing is copied.
func (s *scanner) quoted() (string, bool) {
	if !s.take('"') {
		return "", false
	}
	start := s.at
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == '"':
			s.at++
			return s.text[start : s.at-1], true
		case c == '\\':
			return s.escaped(start)
		case c < ' ':
			return "", false
		}
		s.at++
	}
	return "", false
}

// escaped reads the rest of a string from its first escape on.
func (s *scanner) escaped(start int) (string, bool) {
	out := make([]byte, 0, 2*(s.at-start)+32)
	out = append(out, s.text[start:s.at]...)
	for s.at < len(s.text) {
		c := s.text[s.at]
		s.at++
		switch {
		case c == '"':
			return string(out), true
		case c < ' ':
			return "", false
		case c != '\\':
			out = append(out, c)
		default:
			r, ok := s.escape()
			if !ok {
				return "", false
			}
			out = utf8.AppendRune(out, r)
		}
	}
	return "", false
}

// escape reads what follows a backslash.
func (s *scanner) escape() (rune, bool) {
	if s.at == len(s.text) {
		return 0, false
	}
	c := s.text[s.at]
	s.at++
	switch c {
	case '"', '\\', '/':
		return rune(c), true
	case 'b':
		return '\b', true
	case 'f':
		return '\f', true
	case 'n':
		return '\n', true
	case 'r':
		return '\r', true
	case 't':
		return '\t', true
	case 'u':
		return s.codePoint()
	}
	return 0, false
}

// codePoint reads the digits after \u, and those of the second half when they
// are the first of a surrogate pair (RFC 8259, section 7).
func (s *scanner) codePoint() (rune, bool) {
	high, ok := s.hex4()
	switch {
	case !ok || high == 0 || high >= 0xdc00 && high <= 0xdfff:
		return 0, false
	case high < 0xd800 || high > 0xdfff:
		return high, true
	}
	if !s.take('\\') || !s.take('u') {
		return 0, false
	}
	low, ok := s.hex4()
	if !ok || low < 0xdc00 || low > 0xdfff {
		return 0, false
	}
	return (high-0xd800)<<10 + (low - 0xdc00) + 0x10000, true
}

func (s *scanner) hex4() (rune, bool) {
	if len(s.text)-s.at < 4 {
		return 0, false
	}
	var r rune
	for range 4 {
		c := s.text[s.at]
		s.at++
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return r, true
}
