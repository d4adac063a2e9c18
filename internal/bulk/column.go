package bulk

import (
	"strings"

	"github.com/orgate/orgate/internal/addressbook"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
)

// line is a row of a file: of a person or of a contact; the other is zero.
type line struct {
	person  directory.ImportRow
	contact addressbook.ImportRow
}

// column is one thing that a file tells of a person or a contact.
type column struct {
	key   string
	label string // what the organisation calls an attribute of its own
	// put takes a cell that is not empty over into a row. A fault needs no field:
	// the column is added.
	put func(l *line, cell string) error
	// get is what an export writes; nil for a column that exports lack.
	get func(e exported) string
	// empty empties what is stored; nil where there is always something.
	empty func(l *line)
}

// keyError heads the column of refusals, which an import passes over.
const keyError = "error"

func errorColumn() column {
	return column{key: keyError, put: func(*line, string) error { return nil }}
}

// field finds the place of a text in a row.
type field func(l *line) **string

// required is a column with a text that there always is.
func required(key string, in field, get func(e exported) string) column {
	return column{key: key, get: get, put: func(l *line, cell string) error {
		*in(l) = &cell
		return nil
	}}
}

// word is a required column around whose text blanks do not count.
func word(key string, in field, get func(e exported) string) column {
	c := required(key, in, get)
	put := c.put
	c.put = func(l *line, cell string) error { return put(l, strings.TrimSpace(cell)) }
	return c
}

// text is a column with a text that may be empty.
func text(key string, in field, get func(e exported) string) column {
	c := required(key, in, get)
	c.empty = func(l *line) { *in(l) = new(string) }
	return c
}

// headingKey begins the key of a column's heading in the catalogue.
const headingKey = "column."

// heading is what a column is called in a language: attributes are called as
// they are.
func heading(c *i18n.Catalogue, language i18n.Language, key string) string {
	if c.Has(i18n.EnUS, headingKey+key) {
		return c.Text(language, headingKey+key, nil)
	}
	return key
}

// layout is what the columns of a file mean.
type layout struct {
	columns  []column // by their place; one without a key is passed over
	headings []string // as they are written
	password bool     // there is a column of passwords
	known    []string // keys of all columns that there could be
}

// readLayout reads the headings: keys, what columns are called in any of the
// languages, or what the organisation calls its attributes; letter case and
// blanks around them do not matter.
func readLayout(c *i18n.Catalogue, n noun, all []column, headings []string) (l layout, err error) {
	l.known = knownHeadings(all)
	known, seen := called(c, all), map[string]bool{}
	for _, typed := range headings {
		typed = unguard(typed)
		l.headings = append(l.headings, typed)
		folded := identity.Fold(typed)
		if folded == "" {
			l.columns = append(l.columns, column{})
			continue
		}
		col, found := known[folded]
		if one, is := n.named(strings.TrimSpace(typed)); is {
			col, found = one, true
		}
		if !found {
			return l, fault.New(fault.Invalid, fault.CodeImportHeading).With("heading", shorten(typed)).With("known", l.known)
		}
		if seen[col.key] {
			return l, fault.New(fault.Invalid, fault.CodeImportHeadings).With("heading", shorten(typed))
		}
		seen[col.key] = true
		l.password = l.password || col.key == keyPassword
		l.columns = append(l.columns, col)
	}
	return l, n.suffices(seen)
}

// called finds columns by all that they may be called. A label that is the
// heading of something else, or of two attributes, is none.
func called(c *i18n.Catalogue, all []column) map[string]column {
	known, labels := map[string]column{}, map[string]int{}
	for _, col := range all {
		known[col.key] = col
		labels[identity.Fold(col.label)]++
		for _, language := range i18n.Languages() {
			known[identity.Fold(heading(c, language, col.key))] = col
		}
	}
	for _, col := range all {
		label := identity.Fold(col.label)
		if _, taken := known[label]; label != "" && !taken && labels[label] == 1 {
			known[label] = col
		}
	}
	return known
}

// knownHeadings are the keys of columns, attributes and refusals apart.
func knownHeadings(all []column) (keys []string) {
	for _, c := range all {
		if c.key != keyError && !strings.HasPrefix(c.key, attributePrefix) {
			keys = append(keys, c.key)
		}
	}
	return keys
}

// shorten makes what somebody typed fit a sentence.
func shorten(text string) string {
	runes := []rune(strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", "?"), "?"))
	if len(runes) > 64 {
		return string(runes[:63]) + "…"
	}
	return string(runes)
}

// read takes the cells of a row over. What is wrong is told cell by cell; an
// empty cell leaves alone what is stored.
func (l layout) read(cells []string) (row line, refusals []*fault.Error) {
	size := 0
	for i, raw := range cells {
		size += len(raw)
		if strings.TrimSpace(raw) == "" {
			continue
		}
		if i >= len(l.columns) || l.columns[i].key == "" {
			refusals = append(refusals, fault.New(fault.Invalid, fault.CodeImportHeading).At(columnName(i+1)).
				With("heading", "").With("known", l.known))
			continue
		}
		if err := l.columns[i].read(&row, raw); err != nil {
			refusals = append(refusals, fault.Of(err).At(l.columns[i].key))
		}
	}
	if size > maxRowBytes {
		refusals = append(refusals, fault.New(fault.Invalid, fault.CodeImportCell).With("max", maxRowBytes))
	}
	return row, refusals
}

func (c column) read(l *line, raw string) error {
	switch {
	case len(raw) > maxCell:
		return fault.New(fault.Invalid, fault.CodeImportCell).With("max", maxCell)
	case !identity.CleanText(raw):
		return fault.New(fault.Invalid, fault.CodeMalformed)
	case strings.TrimSpace(raw) == clearMark && c.empty == nil:
		return fault.New(fault.Invalid, fault.CodeImportClear)
	case strings.TrimSpace(raw) == clearMark:
		c.empty(l)
		return nil
	}
	// A row is used again for the next one: what is kept of it is copied.
	return c.put(l, strings.Clone(unguard(raw)))
}
