package bulk

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/orgate/orgate/internal/fault"
)

// csvTable reads text with separators (RFC 4180).
type csvTable struct {
	limits *bounded
	csv    *csv.Reader
	inside int // line breaks inside cells so far
}

// openCSV reads text in one of the encodings that sniffer names.
func openCSV(r io.Reader, encoding string) (table, error) {
	switch encoding {
	case utf16LE:
		r = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(r)
	case utf16BE:
		r = unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Reader(r)
	case gb18030:
		r = simplifiedchinese.GB18030.NewDecoder().Reader(r)
	case utf8:
	default:
		return nil, fault.New(fault.Invalid, fault.CodeImportEncoding)
	}
	limits := newBounded(r, 2*MaxFile) // three bytes of UTF-8 for two of another
	text := bufio.NewReader(limits)
	if mark, err := text.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = text.Discard(3)
	}
	c := csv.NewReader(text)
	c.FieldsPerRecord, c.ReuseRecord = -1, true
	comma, err := delimiter(text)
	c.Comma = comma
	return &csvTable{limits: limits, csv: c}, err
}

// delimiter is what stands between the headings: comma, semicolon or tab, the
// one that is there most outside quotation marks.
func delimiter(text *bufio.Reader) (rune, error) {
	head, err := text.Peek(text.Size())
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return ',', errFormat(1, err)
	}
	counts, quoted := map[byte]int{}, false
	for _, b := range bytes.TrimLeft(head, "\r\n") {
		switch {
		case b == '"':
			quoted = !quoted
		case !quoted && b == '\n':
			return most(counts), nil
		case !quoted:
			counts[b]++
		}
	}
	return most(counts), nil
}

func most(counts map[byte]int) rune {
	best := byte(',')
	for _, b := range []byte{';', '\t'} {
		if counts[b] > counts[best] {
			best = b
		}
	}
	return rune(best)
}

func (t *csvTable) next() (int, []string, error) {
	for {
		cells, err := t.csv.Read()
		if errors.Is(err, io.EOF) {
			return 0, nil, io.EOF
		}
		line := 1
		if len(cells) > 0 {
			line, _ = t.csv.FieldPos(0)
		}
		if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
			return 0, nil, errFormat(parse.StartLine-t.inside, err)
		}
		if err != nil {
			return 0, nil, errFormat(line-t.inside, err)
		}
		t.limits.passed()
		number := line - t.inside
		for _, cell := range cells {
			t.inside += strings.Count(cell, "\n")
		}
		if len(cells) > maxColumns {
			return 0, nil, errColumns
		}
		if !blank(cells) {
			return number, cells, nil
		}
	}
}
