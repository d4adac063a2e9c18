package bulk

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
)

// archive is a zip archive with the parts of a workbook and some more; content
// replaces that of a part of the same name.
func archive(t testing.TB, more map[string]string) string {
	t.Helper()
	parts := map[string]string{}
	for _, p := range workbookParts {
		parts[p.name] = p.content
	}
	parts["xl/worksheets/sheet1.xml"] = `<worksheet><sheetData><row><c t="inlineStr"><is><t>account</t></is></c></row></sheetData></worksheet>`
	for name, content := range more {
		parts[name] = content
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	var err error
	for name, content := range parts {
		part, e := w.Create(name)
		if err = errors.Join(err, e); err == nil {
			_, err = io.WriteString(part, content)
		}
	}
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// sheet is a workbook with this between the heading account and the end.
func sheet(t testing.TB, rows string) string {
	t.Helper()
	return archive(t, map[string]string{"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>account</t></is></c></row>` + rows + `</sheetData></worksheet>`})
}

func encoded(t testing.TB, text string, name string) string {
	t.Helper()
	encoder := simplifiedchinese.GB18030.NewEncoder()
	switch name {
	case utf16LE:
		encoder = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder()
	case utf16BE:
		encoder = unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder()
	}
	out, err := encoder.String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// What is hostile is refused with a sentence, at once or when it is read, and
// leaves nobody behind.
func TestHostileFiles(t *testing.T) {
	h := sqliteHouse(t)
	zeros := strings.Repeat("0", 4<<20)
	tests := []struct {
		name, file string
		want       fault.Code
	}{
		{"nothing", "", "import_empty"},
		{"only blanks", "\n\n \n", "import_empty"},
		{"headings alone", "account,name\n", "import_empty"},
		{"broken UTF-8", "account,name\na,\xff\xfe\xfd\n", "import_encoding"},
		{"Latin-1", "account,name\nrene,Ren\xe9\n", "import_encoding"},
		{"UTF-16 without a mark", "a\x00c\x00c\x00o\x00u\x00n\x00t\x00\n\x00", "import_encoding"},
		{"a quotation mark in the middle", "account,name\na,x\"y\n", "import_format"},
		{"a quotation mark that is never closed", "account,name\na,\"" + zeros, "import_format"},
		{"a million columns", "account" + strings.Repeat(",", 1_000_000), "import_columns"},
		{"a million columns below", "account\n" + strings.Repeat(",x", 1_000_000), "import_format"},
		{"too many rows", "account\n" + strings.Repeat("a\n", maxRows+1), "import_rows"},
		{"an unknown heading", "account,salary\na,1\n", "import_heading"},
		{"a heading twice", "account,Account\na,b\n", "import_headings"},
		{"nobody", "name\nA\n", "import_nobody"},
		{"40 MiB", strings.Repeat(zeros, 10), "import_too_large"},
		{"an old workbook", "\xd0\xcf\x11\xe0" + zeros, "import_workbook"},
		{"a zip archive cut off", archive(t, nil)[:300], "import_format"},
		{"a workbook without parts", "PK\x03\x04", "import_format"},
		{"macros", archive(t, map[string]string{"xl/vbaProject.bin": "x"}), "import_workbook"},
		{"links to other files", archive(t, map[string]string{"xl/externalLinks/externalLink1.xml": "<a/>"}), "import_workbook"},
		{"a zip archive within", archive(t, map[string]string{"xl/worksheets/sheet1.xml": archive(t, nil)}), "import_format"},
		{"many parts", archive(t, manyParts()), "import_format"},
		{"a sheet elsewhere", archive(t, map[string]string{relationsPath: `<R><Relationship Id="rId1" TargetMode="External" Target="https://evil.example/"/></R>`}), "import_format"},
		{"a sheet above", archive(t, map[string]string{relationsPath: `<R><Relationship Id="rId1" Target="../../../../etc/passwd"/></R>`}), "import_format"},
		{"entities", archive(t, map[string]string{"xl/worksheets/sheet1.xml": `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`}), "import_workbook"},
		{"a zip bomb in a cell", sheet(t, `<row><c t="inlineStr"><is><t>`+zeros+`</t></is></c></row>`), "import_format"},
		{"a zip bomb in pieces", sheet(t, `<row><c t="inlineStr"><is>`+strings.Repeat("<t>0123456789</t>", 200_000)+`</is></c></row>`), "import_format"},
		{"a row far away", sheet(t, `<row r="1048576000"><c t="str"><v>a</v></c></row>`), "import_format"},
		{"a row before", sheet(t, `<row r="1"><c t="str"><v>a</v></c></row>`), "import_format"},
		{"a column far away", sheet(t, `<row><c r="XFD2" t="str"><v>a</v></c></row>`), "import_columns"},
		{"no column", sheet(t, `<row><c r="?!" t="str"><v>a</v></c></row>`), "import_format"},
		{"a shared text that is not there", sheet(t, `<row><c t="s"><v>7</v></c></row>`), "import_format"},
		{"tags that are not closed", sheet(t, strings.Repeat("<row>", 1000)), "import_format"},
		{"too many passwords", "account,name,password\n" + numbered(maxPasswords+1), "import_passwords"},
	}
	for _, tt := range tests {
		k, code := h.asks(NewImport{FileName: "../../x"}, tt.file)
		if code == "" {
			k = h.runs(k)
			code = fault.Code(k.Reason)
			if k.FileName != "x" || k.Status != identity.TaskFailed {
				t.Errorf("%s: got %s, %q", tt.name, k.Status, k.FileName)
			}
		}
		if code != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, code, tt.want)
		}
	}
	if got := h.people(); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

func manyParts() map[string]string {
	parts := map[string]string{}
	for i := range maxEntries + 1 {
		parts["x/"+columnName(i+1)] = ""
	}
	return parts
}

func numbered(n int) string {
	var out strings.Builder
	for i := range n {
		out.WriteString("p" + columnName(i+1) + ",Person,Correct-horse-42\n")
	}
	return out.String()
}

// Cells that are wrong refuse their row alone.
func TestHostileCells(t *testing.T) {
	h := sqliteHouse(t)
	k := h.imports(NewImport{}, "account,name,title,sort_level,country\n"+
		"a,A\x00,,,\nb,B,"+strings.Repeat("x", maxCell+1)+",,\nc,C,,first,\nd,D,,,<clear>\ne,E,,,,more\nf,'=SUM(A1),<clear>,7,\n")
	want := []string{"2 name malformed", "3 title import_cell", "4 sort_level field_range", "5 country import_clear", "6 F import_heading"}
	if got := h.refusals(k); !slices.Equal(got, want) || told(k) != "done 6/6 +1 ~0 =0 !5" {
		t.Errorf("got %v, %s, want %v", got, told(k), want)
	}
	k = h.imports(NewImport{}, sheet(t, `<row><c t="e"><v>#REF!</v></c></row>`))
	if got := h.refusals(k); !slices.Equal(got, []string{"2 account malformed"}) {
		t.Errorf("got %v", got)
	}
}

func TestEncodingsAndSeparators(t *testing.T) {
	text := "账号;姓名;部门\r\nzhang;张三;/\r\n"
	for name, file := range map[string]string{
		"UTF-8": text, "UTF-8 with a mark": "\ufeff" + text, "UTF-16 little": encoded(t, text, utf16LE), "UTF-16 big": encoded(t, text, utf16BE),
		"GBK": encoded(t, text, gb18030), "commas": strings.ReplaceAll(text, ";", ","), "tabs": strings.ReplaceAll(text, ";", "\t"),
		"XLSX": workbook(t, []string{"账号", "姓名"}, []string{"zhang", "张三"}),
	} {
		h := sqliteHouse(t)
		if got := told(h.imports(NewImport{}, file)); got != "done 1/1 +1 ~0 =0 !0" {
			t.Errorf("%s: got %s", name, got)
		}
		if p, err := h.directory.MemberByAccount(t.Context(), console, h.org, "zhang"); err != nil || p.Member.Name != "张三" {
			t.Errorf("%s: got %q, %v", name, p.Member.Name, err)
		}
	}
}

// Whatever sheet programs write of numbers, texts and formulas is read as it is
// shown.
func TestWorkbookCells(t *testing.T) {
	file := archive(t, map[string]string{
		"xl/sharedStrings.xml": `<sst><si><t>first</t></si><si><r><t>sec</t></r><r><t>ond</t></r><rPh><t>no</t></rPh></si></sst>`,
		relationsPath:          `<R><Relationship Id="rId1" Target="/xl/worksheets/sheet1.xml"/><Relationship Id="rId2" Type="x/relationships/sharedStrings" Target="sharedStrings.xml"/></R>`,
		"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row r="3"><c r="B3" t="s"><v>1</v></c><c t="n"><v>1.3800138E10</v></c>` +
			`<c><f>1+1</f><v>2</v></c><c r="G3" t="str"><v>a_x0041_</v></c><c t="b"><v>1</v></c></row></sheetData></worksheet>`,
	})
	rows, err := openWorkbook(strings.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	number, cells, err := rows.next()
	if want := []string{"", "second", "13800138000", "2", "", "", "aA", "1"}; err != nil || number != 3 || !slices.Equal(cells, want) {
		t.Errorf("got row %d %q, %v, want %q", number, cells, err, want)
	}
	if _, _, err := rows.next(); !errors.Is(err, io.EOF) {
		t.Errorf("got %v, want the end", err)
	}
}

// drain reads a table to its end, and checks what is promised of its rows.
func drain(t *testing.T, rows table) {
	last := 0
	for {
		number, cells, err := rows.next()
		if err != nil {
			if !errors.Is(err, io.EOF) && fault.KindOf(err) != fault.Invalid {
				t.Fatalf("got %v", err)
			}
			return
		}
		if number <= last || len(cells) > maxColumns || blank(cells) {
			t.Fatalf("row %d after %d with %d cells", number, last, len(cells))
		}
		last = number
	}
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"account,name\na,A\n", "\ufeffa;b\r\n\"x\ny\";z\r\n", encoded(f, "账号\t姓名\n张\t三\n", gb18030), encoded(f, "a,b\n", utf16LE), "a\n\n\"\"\"\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var look sniffer
		_, _ = look.Write(data[:len(data)/2])
		_, _ = look.Write(data[len(data)/2:])
		rows, err := openCSV(bytes.NewReader(data), look.encoding())
		if err == nil {
			drain(t, rows)
		}
	})
}

func FuzzXLSX(f *testing.F) {
	for _, seed := range []string{archive(f, nil), sheet(f, `<row r="7"><c r="C7" t="s"><v>0</v></c></row>`), "PK\x05\x06" + strings.Repeat("\x00", 18)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, err := openWorkbook(bytes.NewReader(data), int64(len(data)))
		if err == nil {
			drain(t, rows)
		} else if fault.KindOf(err) != fault.Invalid {
			t.Fatalf("got %v", err)
		}
	})
}

// Whatever stands in headings and cells, a row is refused at a column that is
// there, or tells whom it is about by clean text.
func FuzzRows(f *testing.F) {
	catalogue, err := i18n.Load()
	if err != nil {
		f.Fatal(err)
	}
	own := []identity.Attribute{{Key: "floor", Label: "Floor"}}
	for _, seed := range []string{"account,name,attr:x,Floor\na,'=1,<clear>,3", "name,email,mobile,id\nA,a@b.example,+86137,", "'id,,\x00\n<clear>,1,2", "企业\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		first, second, _ := strings.Cut(text, "\n")
		for _, about := range []noun{people(), outside()} {
			all := about.columns(own)
			l, err := readLayout(catalogue, about, all, strings.Split(first, ","))
			if err != nil {
				if fault.KindOf(err) != fault.Invalid {
					t.Fatalf("got %v", err)
				}
				continue
			}
			row, refusals := l.read(strings.Split(second, ","))
			for _, key := range about.keys(row) {
				if len(refusals) == 0 && strings.ToValidUTF8(key, "") != key {
					t.Errorf("got the key %q", key)
				}
			}
			for _, refusal := range refusals {
				if refusal.Code == "" || refusal.Kind != fault.Invalid {
					t.Errorf("got %+v", refusal)
				}
			}
		}
	})
}
