package applogin

import (
	"errors"
	"strconv"
	"strings"
)

var errQuotes = errors.New("a quotation mark is not closed")

// shell reads the words of a command as a POSIX shell does, without running or
// replacing anything. It ends where the command does.
type shell struct {
	text string
	at   int
	word strings.Builder
	open bool // a word was begun, be it an empty one
	all  []string
}

// words returns the words of a command.
func words(text string) ([]string, error) {
	s := shell{text: text}
	for s.at < len(s.text) {
		c := s.text[s.at]
		s.at++
		switch {
		case strings.IndexByte("|;<>&", c) >= 0:
			s.end()
			return s.all, nil
		case strings.IndexByte(" \t\r\n", c) >= 0:
			s.end()
		case c == '\\':
			s.escaped()
		case !s.quoted(c):
			return nil, errQuotes
		}
	}
	s.end()
	return s.all, nil
}

func (s *shell) end() {
	if s.open {
		s.all = append(s.all, s.word.String())
		s.word.Reset()
	}
	s.open = false
}

func (s *shell) put(c byte) {
	s.open = true
	s.word.WriteByte(c)
}

// escaped takes the character behind a backslash as it is; a line end behind one
// goes on in the next line.
func (s *shell) escaped() {
	rest := s.text[s.at:]
	switch {
	case strings.HasPrefix(rest, "\r\n"):
		s.at += 2
	case strings.HasPrefix(rest, "\n"):
		s.at++
	case rest != "":
		s.put(rest[0])
		s.at++
	}
}

// quoted takes a character, and where it opens a quotation all that is in it. It
// reports whether the quotation was closed.
func (s *shell) quoted(c byte) bool {
	switch {
	case c == '\'':
		return s.until('\'', nil)
	case c == '"':
		return s.until('"', s.inDouble)
	case c == '$' && strings.HasPrefix(s.text[s.at:], "'"):
		s.at++
		return s.until('\'', s.inANSI)
	}
	s.put(c)
	return true
}

// until takes everything up to a mark; escape reads what stands behind a
// backslash, nil where a backslash is itself.
func (s *shell) until(mark byte, escape func()) bool {
	s.open = true
	for s.at < len(s.text) {
		c := s.text[s.at]
		s.at++
		switch {
		case c == mark:
			return true
		case c == '\\' && escape != nil && s.at < len(s.text):
			escape()
		default:
			s.put(c)
		}
	}
	return false
}

// inDouble: between double marks a backslash stands for itself but before these.
func (s *shell) inDouble() {
	c := s.text[s.at]
	s.at++
	switch c {
	case '"', '\\', '$', '`':
		s.put(c)
	case '\n':
	default:
		s.put('\\')
		s.put(c)
	}
}

// ansi are the escapes of $'…' that are one character.
var ansi = map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', 'a': 7, 'b': 8, 'e': 27, 'f': 12, 'v': 11}

// inANSI reads the escapes of $'…', as browsers write them when they copy a
// request as a curl command.
func (s *shell) inANSI() {
	c := s.text[s.at]
	s.at++
	if plain, ok := ansi[c]; ok {
		s.put(plain)
		return
	}
	digits := map[byte]int{'u': 4, 'x': 2}[c]
	if digits > 0 && s.at+digits <= len(s.text) {
		if n, err := strconv.ParseUint(s.text[s.at:s.at+digits], 16, 32); err == nil {
			s.at += digits
			if c == 'x' {
				s.put(byte(n))
			} else {
				s.word.WriteRune(rune(n))
			}
			return
		}
	}
	s.put(c)
}
