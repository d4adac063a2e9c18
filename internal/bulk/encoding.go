package bulk

import (
	stdutf8 "unicode/utf8"
)

// The encodings of text.
const (
	utf8    = "utf-8"
	utf16LE = "utf-16le"
	utf16BE = "utf-16be"
	gb18030 = "gb18030"
)

// sniffer tells in which encoding a text is written, while it arrives.
//
// A mark at the beginning decides; else what is wholly UTF-8 is. Else what is
// wholly GB18030 is, of which GBK is a part, if three quarters of its characters
// of two bytes are those of GB 2312: real text is, while a text in another
// encoding that happens to be readable so is not. All else is undecided.
type sniffer struct {
	size   int
	head   []byte // up to four bytes
	nul    int
	tail   []byte // of a character of UTF-8 that is not complete
	broken bool   // it is not UTF-8
	gb     gbText
}

// Write looks at a piece of the text.
func (s *sniffer) Write(p []byte) (int, error) {
	for _, b := range p {
		if len(s.head) < 4 {
			s.head = append(s.head, b)
		}
		if b == 0 {
			s.nul++
		}
		s.gb.next(b)
	}
	s.size += len(p)
	rest := append(s.tail, p...)
	for len(rest) > 0 && !s.broken {
		r, n := stdutf8.DecodeRune(rest)
		if r == stdutf8.RuneError && n == 1 {
			if !stdutf8.FullRune(rest) {
				break
			}
			s.broken = true
		}
		rest = rest[n:]
	}
	s.tail = append([]byte(nil), rest...)
	return len(p), nil
}

// encoding names the encoding, "" when it is undecided.
func (s *sniffer) encoding() string {
	switch {
	case len(s.head) >= 2 && s.head[0] == 0xff && s.head[1] == 0xfe:
		return utf16LE
	case len(s.head) >= 2 && s.head[0] == 0xfe && s.head[1] == 0xff:
		return utf16BE
	case 4*s.nul > s.size: // UTF-16 or UTF-32 without a mark
		return ""
	case !s.broken && len(s.tail) == 0:
		return utf8
	case s.gb.likely():
		return gb18030
	}
	return ""
}

// workbook reports whether the file begins as a zip archive does.
func (s *sniffer) workbook() bool { return string(s.head) == "PK\x03\x04" }

// oldWorkbook reports whether the file begins as those of older spreadsheets.
func (s *sniffer) oldWorkbook() bool { return string(s.head) == "\xd0\xcf\x11\xe0" }

// gbText follows a text as GB18030 (GB 18030-2022, 5).
type gbText struct {
	place  int // within a character
	lead   byte
	broken bool
	pairs  int // characters of two bytes
	common int // of them those of GB 2312
}

func (g *gbText) next(b byte) {
	digit := b >= 0x30 && b <= 0x39
	lead := b >= 0x81 && b <= 0xfe
	switch {
	case g.broken:
	case g.place == 0:
		g.broken = b >= 0x80 && !lead
		if lead {
			g.place, g.lead = 1, b
		}
	case g.place == 1 && digit:
		g.place = 2
	case g.place == 1:
		g.pair(b)
	case g.place == 2:
		g.place, g.broken = 3, !lead
	default:
		g.place, g.broken = 0, !digit
	}
}

// pair ends a character of two bytes.
func (g *gbText) pair(b byte) {
	g.place = 0
	g.broken = b < 0x40 || b == 0x7f || b == 0xff
	g.pairs++
	if g.lead >= 0xa1 && g.lead <= 0xf7 && b >= 0xa1 {
		g.common++
	}
}

func (g *gbText) likely() bool {
	return !g.broken && g.place == 0 && g.pairs > 0 && 4*g.common >= 3*g.pairs
}
