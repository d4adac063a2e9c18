package bulk

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// sharedTexts are the texts that cells name by their place: one long text and
// where each ends, so that a million of them are two values in memory and a
// cell costs nothing.
type sharedTexts struct {
	text string
	ends []uint32
}

func (s sharedTexts) at(n int) (string, bool) {
	if n < 0 || n >= len(s.ends) {
		return "", false
	}
	from := uint32(0)
	if n > 0 {
		from = s.ends[n-1]
	}
	return s.text[from:s.ends[n]], true
}

// readShared reads the texts that cells share (ECMA-376, part 1, 18.4).
func readShared(f *zip.File) (s sharedTexts, err error) {
	tokens, err := openPart(f)
	if err != nil {
		return s, err
	}
	defer tokens.close()
	var all strings.Builder
	var text richText
	for {
		token, err := tokens.next()
		if errors.Is(err, io.EOF) {
			s.text = all.String()
			return s, nil
		}
		if err != nil {
			return s, err
		}
		if e, is := token.(xml.EndElement); is && e.Name.Local == "si" {
			all.WriteString(text.take())
			if all.Len() > maxShared || len(s.ends) >= maxSharedN {
				return s, errFormat(0, errors.New("bulk: too many shared texts"))
			}
			s.ends = append(s.ends, uint32(all.Len()))
			continue
		}
		if !text.add(token) {
			return s, errFormat(0, errStretch)
		}
	}
}

// richText gathers what stands in <t> elements, but for how it is pronounced.
type richText struct {
	text     strings.Builder
	inside   bool
	phonetic bool
}

// add reads a token; it is false when the text grew beyond all bounds.
func (r *richText) add(token xml.Token) bool {
	switch token := token.(type) {
	case xml.StartElement:
		r.inside = token.Name.Local == "t"
		r.phonetic = r.phonetic || token.Name.Local == "rPh"
	case xml.EndElement:
		r.inside = false
		if token.Name.Local == "rPh" {
			r.phonetic = false
		}
	case xml.CharData:
		if r.inside && !r.phonetic {
			r.text.Write(token)
		}
	}
	return r.text.Len() <= maxStretch
}

func (r *richText) take() string {
	text := unescapeText(r.text.String())
	*r = richText{}
	return text
}

// sheetTable reads the rows of a sheet (ECMA-376, part 1, 18.3.1).
type sheetTable struct {
	tokens *part
	shared sharedTexts
	row    int // the number of the last row
	cells  []string
	column int // of the last cell in the row, from 1
}

// unreadable stands for a cell that holds an error; no text may hold it.
const unreadable = "\x00"

func (t *sheetTable) next() (int, []string, error) {
	for {
		token, err := t.tokens.next()
		if err != nil {
			if errors.Is(err, io.EOF) {
				t.tokens.close()
				return 0, nil, io.EOF
			}
			return 0, nil, err
		}
		e, is := token.(xml.StartElement)
		if !is || e.Name.Local != "row" {
			continue
		}
		if err := t.begin(e); err != nil {
			return 0, nil, err
		}
		if err := t.readRow(); err != nil {
			return 0, nil, err
		}
		if !blank(t.cells) {
			return t.row, t.cells, nil
		}
	}
}

// begin takes the number of a row, which grows and is one a sheet can have.
func (t *sheetTable) begin(e xml.StartElement) error {
	number := t.row + 1
	if text := attribute(e, "r"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n <= t.row || n > maxSheetRow {
			return errFormat(number, errors.New("bulk: the number of a row"))
		}
		number = n
	}
	if number > maxSheetRow {
		return errFormat(t.row, errors.New("bulk: too many rows"))
	}
	t.row, t.column, t.cells = number, 0, t.cells[:0]
	return nil
}

func (t *sheetTable) readRow() error {
	for {
		token, err := t.tokens.next()
		if err != nil {
			return errFormat(t.row, err)
		}
		switch e := token.(type) {
		case xml.EndElement:
			if e.Name.Local == "row" {
				return nil
			}
		case xml.StartElement:
			if e.Name.Local != "c" {
				continue
			}
			if err := t.readCell(e); err != nil {
				return err
			}
		}
	}
}

// readCell reads a cell and puts it in its place.
func (t *sheetTable) readCell(e xml.StartElement) error {
	column := t.column + 1
	if reference := attribute(e, "r"); reference != "" {
		n, known := columnOf(reference)
		if !known || n <= t.column {
			return errFormat(t.row, errors.New("bulk: the place of a cell"))
		}
		column = n
	}
	value, err := t.cellText(attribute(e, "t"))
	if err != nil {
		return err
	}
	t.column = column
	if value == "" {
		return nil
	}
	if column > maxColumns {
		return errColumns
	}
	for len(t.cells) < column-1 {
		t.cells = append(t.cells, "")
	}
	t.cells = append(t.cells, value)
	return nil
}

// cellText reads on to the end of a cell and returns what it shows.
func (t *sheetTable) cellText(kind string) (string, error) {
	var value strings.Builder
	var inline richText
	inValue := false
	for {
		token, err := t.tokens.next()
		if err != nil {
			return "", errFormat(t.row, err)
		}
		switch e := token.(type) {
		case xml.EndElement:
			if e.Name.Local == "c" {
				if kind == "inlineStr" {
					return inline.take(), nil
				}
				return t.shown(kind, value.String())
			}
			inValue = false
		case xml.StartElement:
			inValue = e.Name.Local == "v"
		case xml.CharData:
			if inValue {
				value.Write(e)
			}
		}
		if !inline.add(token) || value.Len() > maxStretch {
			return "", errFormat(t.row, errStretch)
		}
	}
}

// shown turns the value of a cell into text by its kind (ECMA-376, part 1,
// 18.18.11).
func (t *sheetTable) shown(kind, value string) (string, error) {
	switch kind {
	case "s":
		n, err := strconv.Atoi(value)
		text, known := t.shared.at(n)
		if err != nil || !known {
			return "", errFormat(t.row, errors.New("bulk: a shared text that is not there"))
		}
		return text, nil
	case "e":
		return unreadable, nil
	case "str":
		return unescapeText(value), nil
	}
	// A number is written as it is typed: long ones, such as of telephones, are
	// kept with an exponent.
	if strings.ContainsAny(value, "eE") {
		if f, err := strconv.ParseFloat(value, 64); err == nil && f == float64(int64(f)) && f < 1e15 && f > -1e15 {
			return strconv.FormatInt(int64(f), 10), nil
		}
	}
	return value, nil
}

// columnOf is the column of a cell such as BC12, counted from 1.
func columnOf(reference string) (int, bool) {
	column := 0
	for _, r := range reference {
		switch {
		case r >= 'A' && r <= 'Z':
			column = 26*column + int(r-'A'+1)
		case r >= '0' && r <= '9':
			return column, column > 0
		default:
			return 0, false
		}
		if column > 1<<14 {
			return 0, false
		}
	}
	return 0, false
}

// unescapeText reads _x000D_ and the like, by which a workbook holds what XML
// does not (ECMA-376, part 1, 22.4.2.4).
func unescapeText(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	var out strings.Builder
	for len(text) > 0 {
		if len(text) >= 7 && text[0] == '_' && text[1] == 'x' && text[6] == '_' {
			if n, err := strconv.ParseUint(text[2:6], 16, 16); err == nil {
				out.WriteRune(rune(n))
				text = text[7:]
				continue
			}
		}
		out.WriteByte(text[0])
		text = text[1:]
	}
	return out.String()
}
