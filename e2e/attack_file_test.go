package e2e_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/e2e/harness"
)

const (
	acmeImports = "/api/v1/organizations/acme/imports"
	acmeExports = "/api/v1/organizations/acme/exports"
	taskLimit   = 20 * time.Second
)

// taskState is what the management API tells of a task.
type taskState struct {
	ID, Status string
	FileName   string `json:"file_name"`
	Progress   struct{ Created, Refused int }
	Reason     *struct{ Code string }
}

// imported sends a file and waits until its task has ended.
func imported(t *testing.T, s stage, root map[string]string, name, file string) taskState {
	t.Helper()
	var k taskState
	s.n.Do(t, harness.Call{Path: acmeImports + "?file_name=" + url.QueryEscape(name), Header: root, Body: file}).
		Want(t, http.StatusCreated, "").Into(t, &k)
	return ended(t, s, root, acmeImports+"/"+k.ID)
}

func ended(t *testing.T, s stage, root map[string]string, path string) (k taskState) {
	t.Helper()
	harness.Until(t, taskLimit, "the end of a task", func() bool {
		s.n.Do(t, harness.Call{Path: path, Header: root}).Want(t, http.StatusOK, "").Into(t, &k)
		return k.Status != "waiting" && k.Status != "running"
	})
	return k
}

// filesOf are the files in an installation's folder and their sizes.
func filesOf(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return names
}

// namedPaths: the name of a file that is sent is words, and no place on the disk
// (CVE-2022-38638 and its kin).
func namedPaths(t *testing.T, s stage) {
	root, before := bearer(s.apiToken(t, "")), filesOf(t, filepath.Dir(s.house.Dir))
	for name, want := range map[string]string{
		"../../../evil.csv": "evil.csv", "/etc/evil.csv": "evil.csv", `..\..\evil.csv`: "evil.csv", `C:\evil.csv`: "evil.csv", "a/../../evil.csv": "evil.csv",
	} {
		k := imported(t, s, root, name, "account,name\n")
		if k.FileName != want {
			t.Errorf("%q is called %q, want %q", name, k.FileName, want)
		}
		a := s.n.Do(t, harness.Call{Path: acmeImports + "/" + k.ID + "/original", Header: root})
		if told := a.Header.Get("Content-Disposition"); strings.ContainsAny(told, `/\`) || !strings.HasPrefix(told, "attachment") {
			t.Errorf("%q comes back as %q", name, told)
		}
	}
	s.n.Do(t, harness.Call{Path: acmeImports + "?file_name=evil%00.csv", Header: root, Body: "account,name\n"}).Want(t, http.StatusBadRequest, "")
	for _, name := range filesOf(t, filepath.Dir(s.house.Dir)) {
		if strings.Contains(name, "evil") && !slices.Contains(before, name) {
			t.Errorf("%s was written", name)
		}
	}
}

// book is a workbook with one sheet.
func book(t *testing.T, rows string) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`},
		{"_rels/.rels", `<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>account</t></is></c><c r="B1" t="inlineStr"><is><t>name</t></is></c></row>` + rows + `</sheetData></worksheet>`},
	} {
		p, err := w.Create(part[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Write([]byte(part[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// hostileBooks: a workbook is read within bounds, whatever it claims to be
// (CVE-2026-54063).
func hostileBooks(t *testing.T, s stage) {
	root := bearer(s.apiToken(t, ""))
	cell := func(at, text string) string {
		return `<c r="` + at + `" t="inlineStr"><is><t>` + text + `</t></is></c>`
	}
	good := book(t, `<row r="2">`+cell("A2", "bookworm")+cell("B2", "Bookworm")+`</row>`)
	if k := imported(t, s, root, "good.xlsx", good); k.Progress.Created != 1 {
		t.Fatalf("a good workbook: got %+v", k)
	}
	for what, file := range map[string]string{
		"a row far away":   book(t, `<row r="1048576000">`+cell("A1048576000", "far")+`</row>`),
		"a million cells":  book(t, `<row r="2">`+strings.Repeat(`<c t="str"><v>x</v></c>`, 1_000_000)+`</row>`),
		"a bomb":           book(t, `<row r="2">`+cell("A2", strings.Repeat("0", 64<<20))+`</row>`),
		"an entity":        book(t, `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><row r="2">`+cell("A2", "&x;")+`</row>`),
		"an end too early": good[:len(good)/2],
	} {
		a := s.n.Do(t, harness.Call{Path: acmeImports, Header: root, Body: file})
		if a.Status == http.StatusUnprocessableEntity || a.Status == http.StatusRequestEntityTooLarge {
			continue
		}
		var k taskState
		a.Want(t, http.StatusCreated, "").Into(t, &k)
		if k = ended(t, s, root, acmeImports+"/"+k.ID); k.Status != "failed" || k.Reason == nil || k.Progress.Created != 0 {
			t.Errorf("%s: got %+v", what, k)
		}
	}
}

// formulas: what a spreadsheet would calculate is text in what is exported, and
// comes back as what it was.
func formulas(t *testing.T, s stage) {
	root := bearer(s.apiToken(t, ""))
	titles := []string{`=HYPERLINK("//evil.example")`, "+1+1", "-2+3", "@SUM(A1)", "'=1"}
	var file strings.Builder
	file.WriteString("account,name,title\n")
	for i, title := range titles {
		file.WriteString("formula" + string(rune('a'+i)) + ",Formula," + `"` + strings.ReplaceAll(title, `"`, `""`) + "\"\n")
	}
	if k := imported(t, s, root, "formulas.csv", file.String()); k.Status != "done" || k.Progress.Created != len(titles) {
		t.Fatalf("got %+v: %s", k, s.n.Do(t, harness.Call{Path: acmeImports + "/" + k.ID + "/refusals", Header: root}).Body)
	}
	var k taskState
	s.n.Do(t, harness.Call{Path: acmeExports, Header: root, Body: map[string]any{"format": "csv"}}).Want(t, http.StatusCreated, "").Into(t, &k)
	if k = ended(t, s, root, acmeExports+"/"+k.ID); k.Status != "done" {
		t.Fatalf("got %+v", k)
	}
	text := s.n.Do(t, harness.Call{Path: acmeExports + "/" + k.ID + "/result", Header: root}).Want(t, http.StatusOK, "").Body
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) && !mobile(cell) {
				t.Errorf("a cell begins as a formula: %q", cell)
			}
			if strings.HasPrefix(cell, "'=HYPERLINK") {
				seen++
			}
		}
	}
	if seen != 1 {
		t.Errorf("%d cells hold the formula as text, want 1:\n%s", seen, text)
	}
}

// mobile reports whether a cell is a mobile number, which begins with a plus
// and can be no formula.
func mobile(cell string) bool {
	return strings.HasPrefix(cell, "+") && strings.Trim(cell[1:], "0123456789") == ""
}

// wordsAsPrograms: words of messages are words. What is no placeholder of theirs
// is refused or sent as it stands, and calculates nothing.
func wordsAsPrograms(t *testing.T, s stage) {
	root := bearer(s.apiToken(t, ""))
	const path = "/api/v1/organizations/acme/message-texts/code/en-US"
	for _, body := range []string{
		`{code} {{ .Env }}`, `{code} {{ template "x" }}`, `{code} {{ define "x" }}{{ template "x" }}{{ end }}{{ template "x" }}`,
		`{code} ${env:HOME}`, `{code} <%= 7*7 %>`, `{code} {{7*7}}`, `{code} {password}`, `{code} {__proto__}`,
	} {
		a := s.n.Do(t, harness.Call{Method: http.MethodPut, Path: path, Header: root, Body: map[string]any{"subject": "Code {code}", "body": body, "sms": ""}})
		if a.Status == http.StatusUnprocessableEntity {
			continue
		}
		a.Want(t, http.StatusOK, "")
		var shown struct{ Body string }
		s.n.Do(t, harness.Call{Path: path + "/preview", Header: root, Body: map[string]any{
			"subject": "Code {code}", "body": body, "sms": "",
		}}).Want(t, http.StatusOK, "").Into(t, &shown)
		rest, _ := strings.CutPrefix(body, "{code}")
		if !strings.HasSuffix(strings.TrimSpace(shown.Body), strings.TrimSpace(rest)) {
			t.Errorf("%q is shown as %q", body, shown.Body)
		}
	}
	s.n.Do(t, harness.Call{Method: http.MethodDelete, Path: path, Header: root})
}
