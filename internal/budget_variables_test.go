package internal_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"
)

// constantMakers return values that nobody changes afterwards: sentinels, compiled patterns, encodings, addresses.
var constantMakers = []string{
	"errors.New", "fmt.Errorf", "fault.New", "regexp.MustCompile", "strings.NewReplacer", "language.MustParse",
	"language.NewMatcher", "netip.MustParseAddr", "netip.MustParsePrefix", "base32.NewEncoding", "base64.NewEncoding",
	"base32.StdEncoding.WithPadding", "base32.HexEncoding.WithPadding", "base64.URLEncoding.WithPadding",
	"template.Must", "sync.OnceValue", "sync.OnceValues",
	"pattern", // identity's name for sync.OnceValue of a compiled pattern
}

// checkVariables finds package variables that can change: declared as something other than a constant value or a
// literal table, or written to anywhere in the package, its tests included.
func checkVariables(d *folder) []finding {
	var found []finding
	watched := map[string]bool{}
	for _, f := range d.product() {
		for _, decl := range f.syntax.Decls {
			g, ok := isVar(decl)
			if !ok {
				continue
			}
			for _, spec := range g.Specs {
				found = append(found, d.checkVarSpec(f, g, spec.(*ast.ValueSpec), watched)...)
			}
		}
	}
	return append(found, d.checkWrites(watched)...)
}

func (d *folder) checkVarSpec(f *sourceFile, decl *ast.GenDecl, spec *ast.ValueSpec, watched map[string]bool) []finding {
	var found []finding
	for i, name := range spec.Names {
		if name.Name == "_" {
			continue
		}
		watched[name.Name] = true
		if embedded(decl, spec) || (i < len(spec.Values) && constantValue(spec.Values[i], f.syntax.Name.Name)) {
			continue
		}
		found = append(found, finding{d.at(name), fmt.Sprintf("package variable %s can change: make it a constant, a literal table, a sentinel error, or a field of the type that needs it", name.Name)})
	}
	return found
}

func embedded(decl *ast.GenDecl, spec *ast.ValueSpec) bool {
	for _, doc := range []*ast.CommentGroup{decl.Doc, spec.Doc} {
		if doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") }) {
			return true
		}
	}
	return false
}

func constantValue(value ast.Expr, packageName string) bool {
	switch v := value.(type) {
	case *ast.CompositeLit, *ast.SelectorExpr, *ast.Ident:
		return true
	case *ast.BasicLit:
		// The linker sets the version of a command; everywhere else a plain value is a constant.
		return packageName == "main" && v.Kind == token.STRING
	case *ast.CallExpr:
		if _, conversion := v.Fun.(*ast.ArrayType); conversion {
			return true
		}
		return slices.Contains(constantMakers, firstCall(v))
	}
	return false
}

// firstCall names the first function of a chain such as fault.New(…).At(…).
func firstCall(call *ast.CallExpr) string {
	fun := call.Fun
	if index, ok := fun.(*ast.IndexExpr); ok {
		fun = index.X
	}
	if s, ok := fun.(*ast.SelectorExpr); ok {
		if inner, ok := s.X.(*ast.CallExpr); ok {
			return firstCall(inner)
		}
	}
	return types.ExprString(fun)
}

// checkWrites finds assignments to the watched variables, to their elements and fields, and ways to get at them.
func (d *folder) checkWrites(watched map[string]bool) []finding {
	if len(watched) == 0 {
		return nil
	}
	files := d.samePackage()
	scope, uses := resolve(d.fset, files)
	var found []finding
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			for _, target := range writeTargets(n) {
				id := rootOf(target)
				if id == nil || !watched[id.Name] || uses[id] == nil || uses[id].Parent() != scope {
					continue
				}
				found = append(found, finding{d.at(n), fmt.Sprintf("package variable %s is changed, or its address taken, here: give the value to the type that needs it", id.Name)})
			}
			return true
		})
	}
	return found
}

// samePackage returns the folder's files but those of the external test package.
func (d *folder) samePackage() []*ast.File {
	var files []*ast.File
	for _, f := range d.files {
		if !strings.HasSuffix(f.syntax.Name.Name, "_test") {
			files = append(files, f.syntax)
		}
	}
	return files
}

// resolve tells which object each identifier means. Imported packages are left empty and the errors that follow from
// it are ignored: only the package's own variables matter.
func resolve(fset *token.FileSet, files []*ast.File) (*types.Scope, map[*ast.Ident]types.Object) {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Error: func(error) {}, Importer: emptyImporter{}}
	pkg, _ := config.Check("p", fset, files, info)
	return pkg.Scope(), info.Uses
}

type emptyImporter struct{}

func (emptyImporter) Import(importPath string) (*types.Package, error) {
	pkg := types.NewPackage(importPath, path.Base(importPath))
	pkg.MarkComplete()
	return pkg, nil
}

// writeTargets returns the expressions that a statement or expression writes to or exposes.
func writeTargets(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return n.Lhs
		}
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			return []ast.Expr{n.Key, n.Value}
		}
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			return []ast.Expr{n.X}
		}
	case *ast.CallExpr:
		if len(n.Args) > 0 && changesFirst(n.Fun) {
			return n.Args[:1]
		}
	}
	return nil
}

// changesFirst tells whether a function changes its first argument.
func changesFirst(fun ast.Expr) bool {
	if isIdent(fun, "delete", "clear", "copy") {
		return true
	}
	name := types.ExprString(fun)
	return strings.HasPrefix(name, "slices.Sort") && !strings.HasPrefix(name, "slices.Sorted") ||
		slices.Contains([]string{"sort.Slice", "sort.SliceStable", "sort.Strings", "sort.Ints", "slices.Reverse", "maps.Copy"}, name)
}

func rootOf(e ast.Expr) *ast.Ident {
	for {
		switch t := e.(type) {
		case *ast.Ident:
			return t
		case *ast.IndexExpr:
			e = t.X
		case *ast.SelectorExpr:
			e = t.X
		case *ast.SliceExpr:
			e = t.X
		case *ast.StarExpr:
			e = t.X
		case *ast.ParenExpr:
			e = t.X
		default:
			return nil
		}
	}
}
