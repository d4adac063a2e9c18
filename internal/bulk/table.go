package bulk

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// The bounds of a file. They are far beyond what the largest organisation
// needs, and keep what a hostile file costs small.
const (
	// MaxFile is the largest file that is taken, in bytes.
	MaxFile     = 32 << 20
	maxRows     = 200_000
	maxColumns  = 200
	maxCell     = 4 << 10  // bytes
	maxRowBytes = 64 << 10 // of all cells of a row
	maxStretch  = 1 << 20  // bytes read without coming to the end of a cell or row
)

// table is a file read row by row.
type table interface {
	// next returns the next row that is not blank and its number as a
	// spreadsheet shows it, or io.EOF. The cells are good until the next call.
	next() (number int, cells []string, err error)
}

// errFormat tells that a file is no table, and where the trouble begins. What
// was told by a fault stays: where the database does not answer, the file is not
// to blame.
func errFormat(row int, cause error) error {
	if told := (*fault.Error)(nil); errors.As(cause, &told) {
		return cause
	}
	if errors.Is(cause, io.EOF) {
		cause = io.ErrUnexpectedEOF // the end of a file is no end of a row
	}
	return fault.New(fault.Invalid, fault.CodeImportFormat).With("row", row).Because(cause)
}

var (
	errEmpty   = fault.New(fault.Invalid, fault.CodeImportEmpty)
	errColumns = fault.New(fault.Invalid, fault.CodeImportColumns).With("max", maxColumns)
	errRows    = fault.New(fault.Invalid, fault.CodeImportRows).With("max", maxRows)
	errStretch = errors.New("bulk: a cell or row without an end")
)

// openTable begins to read a file in the format that was found.
func openTable(ctx context.Context, f stored, o identity.TaskOptions) (table, error) {
	if o.Format == identity.FormatXLSX {
		return openWorkbook(f.at(ctx), f.size)
	}
	return openCSV(io.NewSectionReader(f.at(ctx), 0, f.size), o.Encoding)
}

// bounded ends reading when too much was read since the last call of passed: a
// quotation mark or a tag that is never closed must not fill the memory.
type bounded struct {
	r    io.Reader
	left int // until passed is called
	all  int // in total
}

func newBounded(r io.Reader, all int) *bounded { return &bounded{r: r, left: maxStretch, all: all} }

// Read reads on within the bounds.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 || b.all <= 0 {
		return 0, errStretch
	}
	n, err := b.r.Read(p[:min(len(p), b.left, b.all)])
	b.left -= n
	b.all -= n
	return n, err
}

// passed notes that a cell or row came to its end.
func (b *bounded) passed() { b.left = maxStretch }

// guarded are the first characters with which a spreadsheet takes a cell for a
// formula.
const guarded = "=+-@\t\r"

// clearMark in a cell empties what is stored.
const clearMark = "<clear>"

// Guard writes a value for a table that is no export of people, so that no
// spreadsheet runs it as a formula.
func Guard(value string) string { return guard(value) }

// guard writes a value so that no spreadsheet runs it as a formula: with an
// apostrophe before it. What begins with an apostrophe gets one more, so that
// unguard finds each value again.
func guard(value string) string {
	if value != "" && (strings.ContainsRune(guarded, rune(value[0])) || value[0] == '\'') || value == clearMark {
		return "'" + value
	}
	return value
}

// unguard is the reverse of guard; other apostrophes stay.
func unguard(cell string) string {
	rest, found := strings.CutPrefix(cell, "'")
	if found && rest != "" && (strings.ContainsRune(guarded, rune(rest[0])) || rest[0] == '\'' || rest == clearMark) {
		return rest
	}
	return cell
}

// splitList reads texts with a separator between them; a backslash takes the
// next character for itself. Blanks around a text and empty texts are dropped.
func splitList(text string, separator rune) []string {
	parts := []string{}
	var part strings.Builder
	end := func() {
		if trimmed := strings.TrimSpace(part.String()); trimmed != "" {
			parts = append(parts, trimmed)
		}
		part.Reset()
	}
	escaped := false
	for _, r := range text {
		switch {
		case escaped:
			part.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == separator:
			end()
		default:
			part.WriteRune(r)
		}
	}
	end()
	return parts
}

// joinList is the reverse of splitList.
func joinList(parts []string, separator string) string {
	escaped := make([]string, len(parts))
	for i, part := range parts {
		escaped[i] = strings.NewReplacer(`\`, `\\`, separator, `\`+separator).Replace(part)
	}
	return strings.Join(escaped, separator)
}

// blank reports whether a row has nothing in it.
func blank(cells []string) bool {
	for _, cell := range cells {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}
