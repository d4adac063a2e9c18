package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

var (
	sqlText     = regexp.MustCompile(`(?s)^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\s.*\s`)
	placeholder = regexp.MustCompile(`\$([0-9]+)`)
)

// sources folds string constants of this package, so that a query put together
// from constants is seen whole.
type sources struct {
	constants map[string]ast.Expr
	seen      map[string]string // query → position
}

// TestEveryQueryPreparesOnBoth finds every statement in the source, not only
// those that some test happens to run.
func TestEveryQueryPreparesOnBoth(t *testing.T) {
	queries := queriesInSource(t)
	if len(queries) < 8 {
		t.Fatalf("found only %d queries", len(queries))
	}
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		db := open()
		for query, position := range queries {
			err := db.View(t.Context(), func(tx *store.Tx) error {
				if store.Dialect(db) == "postgres" {
					_, err := store.Exec(tx, "PREPARE probe AS "+query)
					_, _ = store.Exec(tx, "DEALLOCATE probe")
					return err
				}
				return store.Each(tx, "EXPLAIN "+query, func() error { return nil }, nils(query)...)
			})
			if err != nil {
				t.Errorf("%s: %v\n%s", position, err, query)
			}
		}
	})
}

// nils is one argument for each placeholder.
func nils(query string) []any {
	most := 0
	for _, match := range placeholder.FindAllStringSubmatch(query, -1) {
		n, _ := strconv.Atoi(match[1])
		most = max(most, n)
	}
	return make([]any, most)
}

func queriesInSource(t *testing.T) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	files := token.NewFileSet()
	src := sources{constants: map[string]ast.Expr{}, seen: map[string]string{}}
	var parsed []*ast.File
	for _, entry := range entries {
		name := entry.Name()
		// What differs between the databases is exempt: it runs on one.
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "dialect_") {
			continue
		}
		file, err := parser.ParseFile(files, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, file)
		for _, decl := range file.Decls {
			src.constantsOf(decl)
		}
	}
	for _, file := range parsed {
		ast.Inspect(file, func(n ast.Node) bool { return src.visit(files, n) })
	}
	return src.seen
}

func (s sources) constantsOf(decl ast.Decl) {
	group, ok := decl.(*ast.GenDecl)
	if !ok || group.Tok != token.CONST {
		return
	}
	for _, spec := range group.Specs {
		value, _ := spec.(*ast.ValueSpec)
		for i, name := range value.Names {
			if i < len(value.Values) {
				s.constants[name.Name] = value.Values[i]
			}
		}
	}
}

// visit notes a call's argument that is a whole query.
func (s sources) visit(files *token.FileSet, n ast.Node) bool {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return true
	}
	for _, arg := range call.Args {
		if text, ok := s.fold(arg); ok && sqlText.MatchString(text) {
			s.seen[text] = files.Position(arg.Pos()).String()
		}
	}
	return true
}

func (s sources) fold(expr ast.Expr) (string, bool) {
	switch e := expr.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.Ident:
		value, ok := s.constants[e.Name]
		if !ok {
			return "", false
		}
		return s.fold(value)
	case *ast.BinaryExpr:
		left, ok := s.fold(e.X)
		right, also := s.fold(e.Y)
		return left + right, ok && also && e.Op == token.ADD
	}
	return "", false
}
