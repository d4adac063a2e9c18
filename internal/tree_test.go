package internal_test

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const modulePath = "github.com/orgate/orgate"

// sourceFile is one Go file, parsed. Files under every build constraint are read, so a rule cannot be broken for
// another system only.
type sourceFile struct {
	path      string // from the top of the repository, with slashes
	syntax    *ast.File
	lines     int
	codeLines int // lines with at least one token that is no comment
	test      bool
	generated bool
}

// folder is the Go files of one directory, tests included.
type folder struct {
	path  string // from the top of the repository, with slashes
	fset  *token.FileSet
	files []*sourceFile
}

// product returns the files that are neither tests nor generated: what most budgets are about.
func (d *folder) product() []*sourceFile {
	return slices.DeleteFunc(slices.Clone(d.files), func(f *sourceFile) bool { return f.test || f.generated })
}

// written returns the files that a person wrote, tests included.
func (d *folder) written() []*sourceFile {
	return slices.DeleteFunc(slices.Clone(d.files), func(f *sourceFile) bool { return f.generated })
}

func (d *folder) line(pos token.Pos) int { return d.fset.Position(pos).Line }

// span is the number of lines a node covers.
func (d *folder) span(n ast.Node) int { return d.line(n.End()) - d.line(n.Pos()) + 1 }

// loadTree reads every Go file of the repository once for all tests.
var loadTree = sync.OnceValues(func() ([]*folder, error) { return readTree("..") })

func repository(t *testing.T) []*folder {
	t.Helper()
	folders, err := loadTree()
	if err != nil {
		t.Fatal(err)
	}
	return folders
}

func readTree(top string) ([]*folder, error) {
	found := map[string]*folder{}
	err := filepath.WalkDir(top, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name != top && ignoredFolder(entry.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		source, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(top, name)
		if err != nil {
			return err
		}
		return addFile(found, filepath.ToSlash(relative), source)
	})
	if err != nil {
		return nil, err
	}
	folders := make([]*folder, 0, len(found))
	for _, d := range found {
		folders = append(folders, d)
	}
	slices.SortFunc(folders, func(a, b *folder) int { return strings.Compare(a.path, b.path) })
	return folders, nil
}

func ignoredFolder(name string) bool {
	return strings.HasPrefix(name, ".") || slices.Contains([]string{"testdata", "node_modules", "vendor", "dist"}, name)
}

func addFile(found map[string]*folder, name string, source []byte) error {
	dir := path.Dir(name)
	d := found[dir]
	if d == nil {
		d = &folder{path: dir, fset: token.NewFileSet()}
		found[dir] = d
	}
	syntax, err := parser.ParseFile(d.fset, name, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	d.files = append(d.files, &sourceFile{
		path:      name,
		syntax:    syntax,
		lines:     d.fset.File(syntax.FileStart).LineCount(),
		codeLines: countCodeLines(source),
		test:      strings.HasSuffix(name, "_test.go"),
		generated: ast.IsGenerated(syntax),
	})
	return nil
}

func countCodeLines(source []byte) int {
	fset := token.NewFileSet()
	f := fset.AddFile("", -1, len(source))
	var s scanner.Scanner
	s.Init(f, source, nil, 0)
	lines := map[int]bool{}
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			return len(lines)
		}
		if tok == token.SEMICOLON && text == "\n" {
			continue
		}
		// A raw string literal is code on each of its lines.
		first := f.Line(pos)
		for line := first; line <= first+strings.Count(text, "\n"); line++ {
			lines[line] = true
		}
	}
}

// imports returns the paths a file imports.
func (f *sourceFile) imports() []string {
	paths := make([]string, 0, len(f.syntax.Imports))
	for _, spec := range f.syntax.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil {
			paths = append(paths, p)
		}
	}
	return paths
}

// uses returns every mention of importPath's names (such as time.Now) in the file.
func (f *sourceFile) uses(importPath string, names ...string) []*ast.SelectorExpr {
	local := ""
	for _, spec := range f.syntax.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err != nil || p != importPath {
			continue
		}
		local = path.Base(importPath)
		if spec.Name != nil {
			local = spec.Name.Name
		}
	}
	if local == "" {
		return nil
	}
	var found []*ast.SelectorExpr
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && isIdent(s.X, local) && slices.Contains(names, s.Sel.Name) {
			found = append(found, s)
		}
		return true
	})
	return found
}

func isIdent(e ast.Expr, names ...string) bool {
	id, ok := e.(*ast.Ident)
	return ok && slices.Contains(names, id.Name)
}

// parseTree makes folders from sources given as text, for the tests of the checks themselves.
func parseTree(t *testing.T, sources map[string]string) []*folder {
	t.Helper()
	found := map[string]*folder{}
	for name, source := range sources {
		if err := addFile(found, name, []byte(source)); err != nil {
			t.Fatal(err)
		}
	}
	var folders []*folder
	for _, d := range found {
		folders = append(folders, d)
	}
	return folders
}
