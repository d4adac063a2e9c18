package bulk

import (
	"archive/zip"
	"bufio"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/orgate/orgate/internal/identity"
)

// tableWriter writes a table row by row. Cells are written as they are:
// whoever writes what people typed guards it.
type tableWriter interface {
	row(cells []string) error
	// end writes what comes behind the last row.
	end() error
}

func newTableWriter(w io.Writer, format identity.FileFormat) (tableWriter, error) {
	if format == identity.FormatXLSX {
		return newWorkbookWriter(w)
	}
	// Spreadsheets take a file for UTF-8 by its mark.
	_, err := io.WriteString(w, "\ufeff")
	c := csv.NewWriter(w)
	c.UseCRLF = true
	return csvWriter{c}, err
}

// mediaType is how a format is called in HTTP.
func mediaType(format identity.FileFormat) string {
	if format == identity.FormatXLSX {
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/csv; charset=utf-8"
}

// oneLineEnd brings line ends to the one that both formats keep.
func oneLineEnd(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

type csvWriter struct{ csv *csv.Writer }

func (w csvWriter) row(cells []string) error {
	lines := make([]string, len(cells))
	for i, cell := range cells {
		lines[i] = oneLineEnd(cell)
	}
	return w.csv.Write(lines)
}

func (w csvWriter) end() error {
	w.csv.Flush()
	return w.csv.Error()
}

// workbookParts are the parts of a workbook but its sheet (ECMA-376, part 1,
// annex L.2).
var workbookParts = []struct{ name, content string }{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{workbookPath, `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
		`<sheets><sheet name="Members" sheetId="1" r:id="rId1"/></sheets></workbook>`},
	{relationsPath, `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
}

// workbookWriter writes a workbook with one sheet, all of whose cells are text:
// nothing in them is run, and a telephone number stays as it is.
type workbookWriter struct {
	archive *zip.Writer
	sheet   *bufio.Writer
	rows    int
}

func newWorkbookWriter(w io.Writer) (*workbookWriter, error) {
	archive := zip.NewWriter(w)
	for _, p := range workbookParts {
		part, err := archive.Create(p.name)
		if err != nil {
			return nil, err
		}
		if _, err := io.WriteString(part, xml.Header+p.content); err != nil {
			return nil, err
		}
	}
	sheet, err := archive.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return nil, err
	}
	out := bufio.NewWriter(sheet)
	_, err = out.WriteString(xml.Header + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	return &workbookWriter{archive: archive, sheet: out}, err
}

func (w *workbookWriter) row(cells []string) error {
	w.rows++
	fmt.Fprintf(w.sheet, `<row r="%d">`, w.rows)
	for i, cell := range cells {
		if cell == "" {
			continue
		}
		fmt.Fprintf(w.sheet, `<c r="%s%d" t="inlineStr"><is><t xml:space="preserve">`, columnName(i+1), w.rows)
		if err := xml.EscapeText(w.sheet, []byte(escapeText(oneLineEnd(cell)))); err != nil {
			return err
		}
		_, _ = w.sheet.WriteString(`</t></is></c>`)
	}
	// The writer keeps its first error.
	_, err := w.sheet.WriteString(`</row>`)
	return err
}

func (w *workbookWriter) end() error {
	_, _ = w.sheet.WriteString(`</sheetData></worksheet>`)
	if err := w.sheet.Flush(); err != nil {
		return err
	}
	return w.archive.Close()
}

// columnName is the reverse of columnOf: 28 is AB.
func columnName(n int) (name string) {
	for ; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// escapeText is the reverse of unescapeText.
func escapeText(text string) string { return strings.ReplaceAll(text, "_x", "_x005F_x") }
