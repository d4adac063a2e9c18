package internal_test

import (
	"fmt"
	"go/ast"
	"strings"
	"testing"
)

// The hard budgets. Dispatch tables and generated files are exempt from lengths; nothing else is.
const (
	maxFileLines       = 500
	maxFunctionLines   = 80
	maxComplexity      = 15
	maxMethods         = 5
	maxParameters      = 6
	maxImportChain     = 13
	maxInternalImports = 13

	minTestRatio       = 0.8    // test lines per line of code under internal/ …
	ratioFromLines     = 3_000  // … from this many lines of code on
	maxPackageShare    = 0.15   // of the code under internal/ …
	maxStoreShare      = 0.20   // … or for store, which holds all SQL …
	shareFromLines     = 20_000 // … from this many lines of code on
	packageDoesTooMuch = "split the room along its nouns"
)

// panicFiles may call panic: file → what programmer's mistake at start-up it reports, or whose panic it passes on.
var panicFiles = map[string]string{
	"internal/httpd/log.go":                  "http.ErrAbortHandler is how net/http is told to cut off an answer that has begun",
	"internal/store/dialect_sqlite_group.go": "passes a caller's panic on to that caller after rolling back its savepoint",
}

// budgets is every check of the tree, each a function with a test of its own in budgets_self_test.go.
var budgets = []struct {
	name  string
	check func([]*folder) []finding
}{
	{"file length", each(checkFileLength)},
	{"function length", each(checkFunctionLength)},
	{"complexity", each(checkComplexity)},
	{"interface methods", each(checkInterfaces)},
	{"parameters", each(checkParameters)},
	{"init functions", each(checkInit)},
	{"panic", each(checkPanic)},
	{"package variables", each(checkVariables)},
	{"unfinished marks", each(checkMarks)},
	{"doc comments", each(checkDocs)},
	{"names of files and folders", each(checkNames)},
	{"clock", each(checkClock)},
	{"sleeping and skipping tests", each(checkTests)},
	{"HTTP only at surfaces", each(checkResponseWriter)},
	{"import chain", checkImportChain},
	{"internal imports", checkImportCount},
	{"tests to code", checkTestRatio},
	{"largest package", checkShare},
}

func TestBudgets(t *testing.T) {
	folders := repository(t)
	for _, b := range budgets {
		t.Run(b.name, func(t *testing.T) {
			for _, f := range b.check(folders) {
				t.Error(f)
			}
		})
	}
}

// TestPanicFiles keeps the list short: a file that no longer panics leaves it.
func TestPanicFiles(t *testing.T) {
	panics := map[string]bool{}
	for _, d := range repository(t) {
		for _, f := range d.product() {
			panics[f.path] = len(panicCalls(f)) > 0
		}
	}
	for file := range panicFiles {
		if !panics[file] {
			t.Errorf("%s does not panic (any more): take it off panicFiles", file)
		}
	}
}

// finding is one breach: where, and what is wrong, the limit and how to mend it.
type finding struct{ where, what string }

func (f finding) String() string { return f.where + ": " + f.what }

// at is the place of a node as file:line.
func (d *folder) at(n ast.Node) string {
	p := d.fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}

func each(check func(*folder) []finding) func([]*folder) []finding {
	return func(folders []*folder) []finding {
		var found []finding
		for _, d := range folders {
			found = append(found, check(d)...)
		}
		return found
	}
}

// expect compares the findings with want, a part of the only one; "" means none.
func expect(t *testing.T, got []finding, want string) {
	t.Helper()
	switch {
	case want == "" && len(got) > 0:
		t.Errorf("got %v, want nothing found", got)
	case want != "" && len(got) != 1:
		t.Errorf("got %v, want one finding with %q", got, want)
	case want != "" && !strings.Contains(got[0].String(), want):
		t.Errorf("got %q, want it to contain %q", got[0], want)
	}
}
