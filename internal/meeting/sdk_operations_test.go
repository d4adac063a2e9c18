package meeting

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sdkFiles are the tests that drive the surface by the official SDK.
const sdkFiles = "../../e2e/sdk"

// sdkSources reads the functions of the tests of the SDK by their names, and the
// table of operations: the lines of the constant operations.
func sdkSources(t *testing.T) (functions map[string]*ast.FuncDecl, table []string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(sdkFiles, "*_test.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no tests of the SDK: %v", err)
	}
	functions = map[string]*ast.FuncDecl{}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				functions[n.Name.Name] = n
			case *ast.ValueSpec:
				if literal, ok := first(n.Values).(*ast.BasicLit); ok && n.Names[0].Name == "operations" {
					text, _ := strconv.Unquote(literal.Value)
					table = strings.Split(strings.TrimSpace(text), "\n")
				}
				return false
			}
			return true
		})
	}
	return functions, table
}

// words are the names that a function of the tests writes, with those of the
// functions that it calls.
func words(functions map[string]*ast.FuncDecl, name string, seen map[string]bool) map[string]bool {
	if seen[name] || functions[name] == nil || functions[name].Body == nil {
		return nil
	}
	seen[name] = true
	all := map[string]bool{}
	ast.Inspect(functions[name].Body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			all[id.Name] = true
			for word := range words(functions, id.Name, seen) {
				all[word] = true
			}
		}
		return true
	})
	return all
}

var operationRow = regexp.MustCompile("(?m)^\\| ([A-Z][A-Za-z]+) \\| `([A-Z]+ /v[12]/usg/[^`]+)` \\| `(Test[A-Za-z0-9]+)` \\|$")

// TestEachOperationNamesItsTest compares the table of the documents with the
// SDK's table of operations, and with the tests: each operation has a row, its
// test exists and calls it.
func TestEachOperationNamesItsTest(t *testing.T) {
	page, err := os.ReadFile("../../docs/protocols/meeting-operations.md")
	if err != nil {
		t.Fatal(err)
	}
	functions, table := sdkSources(t)
	if len(table) != 79 {
		t.Fatalf("the SDK's table has %d operations, want 79", len(table))
	}
	rows := operationRow.FindAllStringSubmatch(string(page), -1)
	var documented []string
	for _, row := range rows {
		operation, test := row[1], row[3]
		documented = append(documented, operation+" "+row[2])
		if functions[test] == nil {
			t.Errorf("%s: there is no test %s in e2e/sdk", operation, test)
			continue
		}
		if called := words(functions, test, map[string]bool{}); !called[operation] {
			t.Errorf("%s: %s does not call it", operation, test)
		}
	}
	for _, line := range table {
		if !slices.Contains(documented, line) {
			t.Errorf("docs/protocols/meeting-operations.md has no row for %s", line)
		}
	}
	if len(rows) != len(table) {
		t.Errorf("the page has %d rows, want one for each of the %d operations", len(rows), len(table))
	}
}

// first is the first of some values, nil of none.
func first(values []ast.Expr) ast.Expr {
	if len(values) == 0 {
		return nil
	}
	return values[0]
}
