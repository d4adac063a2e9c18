package bulk

import (
	"archive/zip"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/orgate/orgate/internal/fault"
)

// The bounds of a workbook beyond those of a table: it is a zip archive, whose
// parts may be a thousand times larger than they seem.
const (
	maxEntries   = 500
	maxDirectory = 256 << 10
	maxUnpacked  = 256 << 20 // bytes of one sheet
	maxShared    = 64 << 20  // bytes of texts that cells share
	maxSharedN   = 2_000_000
	maxSheetRow  = 1 << 20 // rows a spreadsheet has
)

// Relations of the parts of a workbook (ECMA-376, part 1, 12.3).
const (
	relatedText   = "/relationships/sharedStrings"
	relationsPath = "xl/_rels/workbook.xml.rels"
	workbookPath  = "xl/workbook.xml"
)

func errWorkbook(part string) error {
	return fault.New(fault.Invalid, fault.CodeImportWorkbook).With("part", part)
}

// openWorkbook reads the first sheet of a workbook (ECMA-376). Macros and links
// to other files are refused; formulas are not run, their last value counts.
// Nothing outside the file is ever read.
func openWorkbook(file io.ReaderAt, size int64) (table, error) {
	if err := checkDirectory(file, size); err != nil {
		return nil, err
	}
	archive, err := zip.NewReader(file, size)
	if err != nil {
		return nil, errFormat(0, err)
	}
	parts := map[string]*zip.File{}
	for _, f := range archive.File {
		name := strings.TrimPrefix(f.Name, "/")
		switch {
		case parts[name] != nil:
			return nil, errFormat(0, errors.New("bulk: two parts of one name"))
		case strings.HasSuffix(name, "vbaProject.bin"), strings.HasPrefix(name, "xl/externalLinks/"), strings.HasPrefix(name, "xl/macrosheets/"):
			return nil, errWorkbook(path.Base(name))
		}
		parts[name] = f
	}
	sheet, shared, err := firstSheet(parts)
	if err != nil {
		return nil, err
	}
	t := &sheetTable{}
	if shared != nil {
		if t.shared, err = readShared(shared); err != nil {
			return nil, err
		}
	}
	t.tokens, err = openPart(sheet)
	return t, err
}

// checkDirectory looks at the end of an archive before it is read: the list of
// its parts has to be short, and to end where it says (APPNOTE, 4.3.16).
func checkDirectory(file io.ReaderAt, size int64) error {
	tail := make([]byte, min(size, 22+1<<10))
	if _, err := file.ReadAt(tail, size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	at := strings.LastIndex(string(tail), "PK\x05\x06")
	if at < 0 || len(tail)-at < 22 {
		return errFormat(0, errors.New("bulk: no end of an archive"))
	}
	end := tail[at:]
	entries, length, offset := binary.LittleEndian.Uint16(end[10:]), binary.LittleEndian.Uint32(end[12:]), binary.LittleEndian.Uint32(end[16:])
	if entries > maxEntries || length > maxDirectory || int64(length)+int64(offset) != size-int64(len(tail)-at) {
		return errFormat(0, errors.New("bulk: the list of parts is too long, or elsewhere"))
	}
	return nil
}

// firstSheet finds the first sheet and the texts that cells share, nil when
// there are none.
func firstSheet(parts map[string]*zip.File) (sheet, shared *zip.File, err error) {
	id, err := firstSheetID(parts[workbookPath])
	if err != nil {
		return nil, nil, err
	}
	tokens, err := openPart(parts[relationsPath])
	if err != nil {
		return nil, nil, err
	}
	defer tokens.close()
	for {
		token, err := tokens.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		if e, is := token.(xml.StartElement); is && e.Name.Local == "Relationship" {
			target := attribute(e, "Target")
			if strings.HasPrefix(target, "/") {
				target = strings.TrimPrefix(path.Clean(target), "/")
			} else {
				target = path.Join("xl", target)
			}
			switch {
			case attribute(e, "TargetMode") == "External":
			case attribute(e, "Id") == id:
				sheet = parts[target]
			case strings.HasSuffix(attribute(e, "Type"), relatedText):
				shared = parts[target]
			}
		}
	}
	if sheet == nil {
		return nil, nil, errFormat(0, errors.New("bulk: a workbook without a sheet"))
	}
	return sheet, shared, nil
}

// firstSheetID is by which relation the first sheet is found.
func firstSheetID(part *zip.File) (string, error) {
	tokens, err := openPart(part)
	if err != nil {
		return "", err
	}
	defer tokens.close()
	for {
		token, err := tokens.next()
		if err != nil {
			return "", errFormat(0, err)
		}
		if e, is := token.(xml.StartElement); is && e.Name.Local == "sheet" {
			return attribute(e, "id"), nil
		}
	}
}

// part is the XML of one part of a workbook, token by token.
type part struct {
	limits  *bounded
	decoder *xml.Decoder
	content io.Closer
}

func openPart(f *zip.File) (*part, error) {
	if f == nil {
		return nil, errFormat(0, errors.New("bulk: a workbook without its parts"))
	}
	content, err := f.Open()
	if err != nil {
		return nil, errFormat(0, err)
	}
	p := &part{limits: newBounded(content, maxUnpacked), content: content}
	p.decoder = xml.NewDecoder(p.limits)
	return p, nil
}

func (p *part) close() { _ = p.content.Close() }

// next returns the next token, io.EOF behind the last. Declarations of types,
// with which entities come, are refused.
func (p *part) next() (xml.Token, error) {
	token, err := p.decoder.RawToken()
	p.limits.passed()
	if err != nil {
		if errors.Is(err, io.EOF) {
			return nil, io.EOF
		}
		return nil, errFormat(0, err)
	}
	if _, is := token.(xml.Directive); is {
		return nil, errWorkbook("DOCTYPE")
	}
	return token, nil
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
