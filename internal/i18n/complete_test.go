package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// declared is a fault code as the source declares it.
type declared struct {
	place   string // file:line
	comment string // its line comment, which lists the parameters its sentence may use
}

// eachFile calls visit with every source file below internal/ but tests.
func eachFile(t *testing.T, visit func(*token.FileSet, *ast.File)) {
	t.Helper()
	set := token.NewFileSet()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		if err != nil {
			t.Logf("%s does not parse yet: %v", path, err)
			return nil
		}
		visit(set, file)
		return nil
	})
	if err != nil {
		t.Fatalf("walk internal: %v", err)
	}
}

// declaredCodes finds every constant of type fault.Code below internal/.
func declaredCodes(t *testing.T) map[string]declared {
	t.Helper()
	codes := map[string]declared{}
	eachFile(t, func(set *token.FileSet, file *ast.File) {
		for _, decl := range file.Decls {
			collect(set, decl, codes)
		}
	})
	if len(codes) < 50 {
		t.Fatalf("found %d fault codes, want the whole list of internal/fault/codes.go", len(codes))
	}
	return codes
}

func collect(set *token.FileSet, decl ast.Decl, codes map[string]declared) {
	group, ok := decl.(*ast.GenDecl)
	if !ok || group.Tok != token.CONST {
		return
	}
	for _, spec := range group.Specs {
		constant, ok := spec.(*ast.ValueSpec)
		if !ok || !isCode(constant.Type) {
			continue
		}
		for _, value := range constant.Values {
			literal, ok := value.(*ast.BasicLit)
			if !ok {
				continue
			}
			code, err := strconv.Unquote(literal.Value)
			if err != nil {
				continue
			}
			codes[code] = declared{set.Position(value.Pos()).String(), constant.Comment.Text()}
		}
	}
}

// isCode recognises the type Code inside the package fault, fault.Code outside.
func isCode(expr ast.Expr) bool {
	switch typ := expr.(type) {
	case *ast.Ident:
		return typ.Name == "Code"
	case *ast.SelectorExpr:
		pkg, ok := typ.X.(*ast.Ident)
		return ok && pkg.Name == "fault" && typ.Sel.Name == "Code"
	}
	return false
}

func TestEveryFaultCodeHasASentence(t *testing.T) {
	c, codes := load(t), declaredCodes(t)
	for _, lang := range Languages() {
		for code, at := range codes {
			if !c.Has(lang, faultPrefix+code) {
				t.Errorf("messages/%s.json lacks %q, declared at %s", lang, faultPrefix+code, at.place)
			}
		}
		for _, key := range c.Keys(lang) {
			code, isFault := strings.CutPrefix(key, faultPrefix)
			if _, known := codes[code]; isFault && !known {
				t.Errorf("messages/%s.json has %q, but no such fault.Code is declared", lang, key)
			}
		}
	}
}

// A sentence may rely only on parameters that the constant's comment promises
// ("param seconds"), so that whoever raises the fault knows what to give.
func TestPlaceholdersAreDocumentedAtTheCode(t *testing.T) {
	c := load(t)
	for code, at := range declaredCodes(t) {
		for _, name := range c.Params(EnUS, faultPrefix+code) {
			if !regexp.MustCompile(`\bparams? .*\b` + name + `\b`).MatchString(at.comment) {
				t.Errorf("%q uses {{.%s}}; the comment at %s must say: param %s", faultPrefix+code, name, at.place, name)
			}
		}
	}
}

// What a field should look like is told in the reader's language, so the code
// names a sentence: With("want", "want.third_account").
func TestEveryWantIsAKey(t *testing.T) {
	c := load(t)
	eachFile(t, func(set *token.FileSet, file *ast.File) {
		ast.Inspect(file, func(node ast.Node) bool {
			want := wantOf(node)
			if want == "" {
				return true
			}
			for _, lang := range Languages() {
				if !strings.HasPrefix(want, wantPrefix) || !c.Has(lang, want) {
					t.Errorf("messages/%s.json lacks %q, wanted at %s; it begins with %q", lang, want, set.Position(node.Pos()), wantPrefix)
				}
			}
			return true
		})
	})
}

// wantOf returns the text x of a call With("want", x), "" for any other node.
func wantOf(node ast.Node) string {
	call, ok := node.(*ast.CallExpr)
	if !ok || len(call.Args) != 2 {
		return ""
	}
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || method.Sel.Name != "With" {
		return ""
	}
	var args [2]string
	for i, arg := range call.Args {
		if literal, ok := arg.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			args[i], _ = strconv.Unquote(literal.Value)
		}
	}
	if args[0] != "want" {
		return ""
	}
	return args[1]
}

func TestLanguagesHaveTheSameKeysAndPlaceholders(t *testing.T) {
	c := load(t)
	for _, lang := range Languages() {
		for _, other := range Languages() {
			for _, key := range c.Keys(lang) {
				if !c.Has(other, key) {
					t.Errorf("messages/%s.json lacks %q, which messages/%s.json has", other, key, lang)
					continue
				}
				if got, want := c.Params(other, key), c.Params(lang, key); !slices.Equal(got, want) {
					t.Errorf("%q has the placeholders %q in %s and %q in %s", key, got, other, want, lang)
				}
			}
		}
	}
}

// The words and marks that no sentence may contain (the style of the product),
// and the end that the sentence of a fault has.
func TestSentencesKeepTheRulesOfStyle(t *testing.T) {
	c := load(t)
	rules := []struct {
		lang   Language
		forbid *regexp.Regexp
		why    string
	}{
		{EnUS, regexp.MustCompile(`(?i)\bplease\b`), "say what to do, without please"},
		{EnUS, regexp.MustCompile(`(?i)\binvalid\b`), "say what is wrong and what would be right"},
		{EnUS, regexp.MustCompile(`(?i)something went wrong|an error (has )?occurred|oops|\bsorry\b`), "say what happened"},
		{EnUS, regexp.MustCompile(`(?i)\busers?\b|\btenants?\b`), "account, member and organisation are the words"},
		{EnUS, regexp.MustCompile(`(?i)\borganiz`), "prose is British"},
		{EnUS, regexp.MustCompile(`\p{Han}`), "a Chinese character in English"},
		{EnUS, regexp.MustCompile(`!`), "nothing shouts"},
		{ZhCN, regexp.MustCompile(`无效|非法|出错了|抱歉|对不起`), "say what is wrong and what would be right"},
		{ZhCN, regexp.MustCompile(`租户|帐号|帐户|账户|用户名`), "组织 and 账号 are the words"},
		{ZhCN, regexp.MustCompile(`[\p{Han}][,.!?;:]|！`), "Chinese takes its own marks"},
	}
	for _, rule := range rules {
		for _, key := range c.Keys(rule.lang) {
			// A label of the public guide, whose readers look for it as it is there.
			text := strings.ReplaceAll(c.source(rule.lang, key), "User info query URL", "")
			if found := rule.forbid.FindString(text); found != "" {
				t.Errorf("%s %q contains %q (%s): %s", rule.lang, key, found, rule.why, text)
			}
		}
	}
	for lang, end := range map[Language]string{EnUS: ".", ZhCN: "。"} {
		for _, key := range c.Keys(lang) {
			if text := c.source(lang, key); strings.HasPrefix(key, faultPrefix) && !strings.HasSuffix(text, end) {
				t.Errorf("%s %q is not a whole sentence: %s", lang, key, text)
			}
		}
	}
}

// source returns a sentence with each placeholder left open.
func (c *Catalogue) source(lang Language, key string) string {
	return c.Text(lang, key, nil)
}
