package main

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// constant is a declared fault code or audit event.
type constant struct {
	name  string // as in the source, such as CodeLocked
	value string // as the world sees it, such as locked
	says  string // its doc comment, without the name in front
}

// source is what the packages say about faults and events.
type source struct {
	codes  []constant          // in the order of their file
	events []constant          // in the order of their file
	kinds  map[string][]string // of fault.New calls, by the name of the code
}

// read parses every file below internal but tests.
func read(internal string) (source, error) {
	s := source{kinds: map[string][]string{}}
	set := token.NewFileSet()
	err := filepath.WalkDir(internal, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		s.take(file)
		return nil
	})
	if err == nil && (len(s.codes) == 0 || len(s.events) == 0) {
		err = errors.New("no fault codes or no audit events below " + internal)
	}
	for _, kinds := range s.kinds {
		slices.Sort(kinds)
	}
	return s, err
}

func (s *source) take(file *ast.File) {
	switch file.Name.Name {
	case "fault":
		s.codes = append(s.codes, constantsOf(file, "Code")...)
	case "audit":
		s.events = append(s.events, constantsOf(file, "Type")...)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			s.takeCall(call)
		}
		return true
	})
}

// takeCall notes the kind of fault.New(fault.Kind, fault.CodeX); a call whose
// kind or code is a variable tells nothing.
func (s *source) takeCall(call *ast.CallExpr) {
	if nameIn(call.Fun) != "New" || len(call.Args) != 2 {
		return
	}
	kind, code := nameIn(call.Args[0]), nameIn(call.Args[1])
	if kind != "" && strings.HasPrefix(code, "Code") && !slices.Contains(s.kinds[code], kind) {
		s.kinds[code] = append(s.kinds[code], kind)
	}
}

// nameIn returns Name of fault.Name, "" for any other expression.
func nameIn(expr ast.Expr) string {
	selector, ok := expr.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	if room, ok := selector.X.(*ast.Ident); !ok || room.Name != "fault" {
		return ""
	}
	return selector.Sel.Name
}

// constantsOf returns the text constants of a type.
func constantsOf(file *ast.File, typ string) (found []constant) {
	for _, decl := range file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		for _, spec := range group.Specs {
			value, ok := spec.(*ast.ValueSpec)
			if !ok || len(value.Values) != 1 || !isIdent(value.Type, typ) {
				continue
			}
			if literal, ok := value.Values[0].(*ast.BasicLit); ok {
				text, _ := strconv.Unquote(literal.Value)
				found = append(found, constant{value.Names[0].Name, text, sentenceOf(value)})
			}
		}
	}
	return found
}

func isIdent(expr ast.Expr, name string) bool {
	ident, ok := expr.(*ast.Ident)
	return ok && ident.Name == name
}

// sentenceOf is the doc comment in one line, without "Name: ".
func sentenceOf(spec *ast.ValueSpec) string {
	text := strings.Join(strings.Fields(spec.Doc.Text()), " ")
	text, _ = strings.CutPrefix(text, spec.Names[0].Name+": ")
	return text
}
