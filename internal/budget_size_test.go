package internal_test

import (
	"fmt"
	"go/ast"
	"go/token"
)

func checkFileLength(d *folder) []finding {
	var found []finding
	for _, f := range d.written() {
		var tables []ast.Node
		for _, decl := range f.syntax.Decls {
			if g, ok := decl.(*ast.GenDecl); ok {
				tables = append(tables, g)
			}
		}
		if lines := withoutTables(f.lines, d.tableLines(tables...)); lines > maxFileLines {
			found = append(found, finding{f.path + ":1", fmt.Sprintf("the file has %d lines, at most %d are allowed: move a noun to a file of its own", lines, maxFileLines)})
		}
	}
	return found
}

func checkFunctionLength(d *folder) []finding {
	var found []finding
	for _, f := range d.written() {
		for _, fn := range functionsOf(f) {
			if lines := withoutTables(d.span(fn.node), d.tableLines(fn.body)); lines > maxFunctionLines {
				found = append(found, finding{d.at(fn.node), fmt.Sprintf("%s has %d lines, at most %d are allowed: give its steps names", fn.name, lines, maxFunctionLines)})
			}
		}
	}
	return found
}

// withoutTables takes a table's lines off when it is more than half of the whole: then the rest must still fit.
func withoutTables(lines, table int) int {
	if 2*table > lines {
		return lines - table
	}
	return lines
}

// tableLines counts the lines of the outermost composite literals; functions written out in a table are code.
func (d *folder) tableLines(nodes ...ast.Node) int {
	lines := 0
	for _, node := range nodes {
		ast.Inspect(node, func(n ast.Node) bool {
			literal, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			lines += d.span(literal) - 1
			ast.Inspect(literal, func(n ast.Node) bool {
				fn, ok := n.(*ast.FuncLit)
				if ok {
					lines -= d.span(fn) - 1
				}
				return !ok
			})
			return false
		})
	}
	return lines
}

// function is a declared function, or a function literal outside any (in a package-level table).
type function struct {
	name string
	node ast.Node
	body *ast.BlockStmt
}

func functionsOf(f *sourceFile) []function {
	var found []function
	for _, decl := range f.syntax.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok {
			if fn.Body != nil {
				found = append(found, function{fn.Name.Name, fn, fn.Body})
			}
			continue
		}
		ast.Inspect(decl, func(n ast.Node) bool {
			fn, ok := n.(*ast.FuncLit)
			if ok {
				found = append(found, function{"the function literal", fn, fn.Body})
			}
			return !ok
		})
	}
	return found
}

func checkComplexity(d *folder) []finding {
	var found []finding
	for _, f := range d.written() {
		for _, fn := range functionsOf(f) {
			if c := complexity(fn.body); c > maxComplexity {
				found = append(found, finding{d.at(fn.node), fmt.Sprintf("%s has a cyclomatic complexity of %d, at most %d is allowed: return early, move a decision to a named function, or use a table", fn.name, c, maxComplexity)})
			}
		}
	}
	return found
}

// complexity is one more than the number of decisions, those of inner function literals included.
func complexity(body ast.Node) int {
	count := 1
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt:
			count++
		case *ast.CaseClause:
			if n.List != nil {
				count++
			}
		case *ast.CommClause:
			if n.Comm != nil {
				count++
			}
		case *ast.BinaryExpr:
			if n.Op == token.LAND || n.Op == token.LOR {
				count++
			}
		}
		return true
	})
	return count
}

func checkParameters(d *folder) []finding {
	var found []finding
	for _, f := range d.written() {
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			fn, ok := n.(*ast.FuncType)
			if !ok {
				return true
			}
			if count := countFields(fn.Params); count > maxParameters {
				found = append(found, finding{d.at(fn), fmt.Sprintf("the function takes %d parameters, at most %d are allowed: put what belongs together in a struct", count, maxParameters)})
			}
			return true
		})
	}
	return found
}

func countFields(list *ast.FieldList) int {
	count := 0
	for _, field := range list.List {
		count += max(1, len(field.Names))
	}
	return count
}

func checkInterfaces(d *folder) []finding {
	local := map[string]*ast.InterfaceType{}
	for _, f := range d.files {
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				if i, ok := spec.Type.(*ast.InterfaceType); ok {
					local[spec.Name.Name] = i
				}
			}
			return true
		})
	}
	var found []finding
	for _, f := range d.written() {
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			i, ok := n.(*ast.InterfaceType)
			if !ok {
				return true
			}
			if count := countMethods(i, local); count > maxMethods {
				found = append(found, finding{d.at(i), fmt.Sprintf("the interface has %d methods, at most %d are allowed: ask for less, or split it by who calls it", count, maxMethods)})
			}
			return true
		})
	}
	return found
}

// countMethods counts declared methods and those of interfaces of the same folder that are embedded; one for each
// interface embedded from elsewhere, whose methods are not known here.
func countMethods(i *ast.InterfaceType, local map[string]*ast.InterfaceType) int {
	count := 0
	for _, field := range i.Methods.List {
		switch t := field.Type.(type) {
		case *ast.FuncType:
			count += len(field.Names)
		case *ast.Ident:
			if embedded := local[t.Name]; embedded != nil && embedded != i {
				count += countMethods(embedded, local)
			}
		case *ast.SelectorExpr:
			count++
		}
	}
	return count
}
