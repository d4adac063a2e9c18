package internal_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"
)

func checkInit(d *folder) []finding {
	var found []finding
	for _, f := range d.written() {
		for _, decl := range f.syntax.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				found = append(found, finding{d.at(fn), "init() runs unseen: do it where the value is made, from server or main"})
			}
		}
	}
	return found
}

func checkPanic(d *folder) []finding {
	var found []finding
	for _, f := range d.product() {
		if panicFiles[f.path] != "" {
			continue
		}
		for _, call := range panicCalls(f) {
			found = append(found, finding{d.at(call), "panic: return an error; only a programmer's mistake at start-up may panic, in a file listed with its reason in panicFiles of internal/budgets_test.go"})
		}
	}
	return found
}

func panicCalls(f *sourceFile) []*ast.CallExpr {
	var calls []*ast.CallExpr
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && isIdent(call.Fun, "panic") {
			calls = append(calls, call)
		}
		return true
	})
	return calls
}

// The words are put together here so that a plain search for them finds only what it should.
var marks = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`)

func checkMarks(d *folder) []finding {
	var found []finding
	for _, f := range d.written() {
		for _, group := range f.syntax.Comments {
			for _, c := range group.List {
				if mark := marks.FindString(c.Text); mark != "" {
					found = append(found, finding{d.at(c), fmt.Sprintf("comment with %s: do it now or open an issue", mark)})
				}
			}
		}
	}
	return found
}

func checkDocs(d *folder) []finding {
	product := d.product()
	if len(product) == 0 {
		return nil
	}
	var found []finding
	if !slices.ContainsFunc(product, func(f *sourceFile) bool { return f.syntax.Doc.Text() != "" }) {
		found = append(found, finding{product[0].path + ":1", fmt.Sprintf("package %s has no comment: say in doc.go what lives here and what does not", product[0].syntax.Name.Name)})
	}
	for _, f := range product {
		for _, decl := range f.syntax.Decls {
			for _, name := range undocumented(decl) {
				found = append(found, finding{d.at(name), fmt.Sprintf("exported %s has no doc comment: say what it promises", name.Name)})
			}
		}
	}
	return found
}

// undocumented returns the exported names of a declaration that have no comment. A comment on a group of constants or
// variables speaks for all of them; one on a group of types does not.
func undocumented(decl ast.Decl) []*ast.Ident {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Doc.Text() == "" && decl.Name.IsExported() && exportedReceiver(decl) {
			return []*ast.Ident{decl.Name}
		}
	case *ast.GenDecl:
		var names []*ast.Ident
		for _, spec := range decl.Specs {
			names = append(names, undocumentedSpec(decl, spec)...)
		}
		return slices.DeleteFunc(names, func(n *ast.Ident) bool { return !n.IsExported() })
	}
	return nil
}

func undocumentedSpec(decl *ast.GenDecl, spec ast.Spec) []*ast.Ident {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		single := !decl.Lparen.IsValid()
		if spec.Doc.Text() == "" && spec.Comment.Text() == "" && (!single || decl.Doc.Text() == "") {
			return []*ast.Ident{spec.Name}
		}
	case *ast.ValueSpec:
		if decl.Doc.Text() == "" && spec.Doc.Text() == "" && spec.Comment.Text() == "" {
			return slices.Clone(spec.Names)
		}
	}
	return nil
}

// exportedReceiver tells whether a function is no method, or one of an exported type.
func exportedReceiver(fn *ast.FuncDecl) bool {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return true
	}
	e := fn.Recv.List[0].Type
	for {
		switch t := e.(type) {
		case *ast.StarExpr:
			e = t.X
		case *ast.IndexExpr:
			e = t.X
		case *ast.IndexListExpr:
			e = t.X
		case *ast.Ident:
			return t.IsExported()
		default:
			return true
		}
	}
}

var (
	// Files named after a layer or a drawer collect whatever has no place.
	badFiles = []string{"service", "handler", "types", "utils", "util", "helpers", "helper", "misc", "common", "v2"}
	// The same for packages.
	badPackages = []string{
		"core", "common", "util", "utils", "registry", "models", "services", "controllers", "handlers", "dto", "helpers",
		"types", "misc",
	}
)

func checkNames(d *folder) []finding {
	var found []finding
	if name := path.Base(d.path); slices.Contains(badPackages, name) {
		found = append(found, finding{d.path, fmt.Sprintf("a package named %s says nothing of what is in it: name it after its noun", name)})
	}
	for _, f := range d.files {
		name := strings.TrimSuffix(strings.TrimSuffix(path.Base(f.path), ".go"), "_test")
		if slices.Contains(badFiles, name) {
			found = append(found, finding{f.path + ":1", fmt.Sprintf("a file named %s says nothing of what is in it: name it after its noun", path.Base(f.path))})
		}
	}
	return found
}

func checkClock(d *folder) []finding {
	room, _ := roomOf(d.path)
	if slices.Contains([]string{"server", "cmd", "bench", "e2e", "tools"}, room) {
		return nil
	}
	var found []finding
	for _, f := range d.product() {
		for _, use := range f.uses("time", "Now", "Since", "Until") {
			found = append(found, finding{d.at(use), fmt.Sprintf("time.%s reads the clock: take `now func() time.Time` as a field, which server and tests set", use.Sel.Name)})
		}
	}
	return found
}

func checkTests(d *folder) []finding {
	var found []finding
	for _, f := range d.written() {
		if f.test {
			for _, use := range f.uses("time", "Sleep") {
				found = append(found, finding{d.at(use), "a test that sleeps is slow or flaky: wait for the event, or use testing/synctest"})
			}
		}
		// storetest has the one documented skip, for a missing PostgreSQL, which `make test` turns into a failure.
		if !f.test && within(d.path, "internal/store/storetest") {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && isSkip(call) {
				found = append(found, finding{d.at(call), "a skipped test proves nothing: let it run or delete it"})
			}
			return true
		})
	}
	return found
}

// isSkip knows the framework's values by the names everybody gives them; other types have a Skip of their own.
func isSkip(call *ast.CallExpr) bool {
	s, ok := call.Fun.(*ast.SelectorExpr)
	return ok && isIdent(s.X, "t", "b", "f", "tb") && slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, s.Sel.Name)
}

func checkResponseWriter(d *folder) []finding {
	room, _ := roomOf(d.path)
	row, known := rooms[room]
	if !known || !strings.HasPrefix(d.path, "internal/") || row.ring > 2 || room == "pages" {
		return nil
	}
	var found []finding
	for _, f := range d.product() {
		if f.path == "internal/session/cookie.go" {
			continue
		}
		for _, use := range f.uses("net/http", "ResponseWriter") {
			found = append(found, finding{d.at(use), fmt.Sprintf("%s answers no browsers: http.ResponseWriter belongs to surfaces, pages, httpd and session/cookie.go", room)})
		}
	}
	return found
}

// isVar tells whether a declaration declares variables.
func isVar(decl ast.Decl) (*ast.GenDecl, bool) {
	g, ok := decl.(*ast.GenDecl)
	return g, ok && g.Tok == token.VAR
}
