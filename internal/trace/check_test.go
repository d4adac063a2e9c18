package trace

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/i18n"
)

func catalogue(t testing.TB) *i18n.Catalogue {
	t.Helper()
	c, err := i18n.Load()
	if err != nil {
		t.Fatalf("catalogues: %v", err)
	}
	return c
}

// declared returns the constants of type Check in check*.go with their
// comments.
func declared(t *testing.T) map[Check]string {
	t.Helper()
	files, err := filepath.Glob("check*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[Check]string{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if typ, ok := spec.Type.(*ast.Ident); !ok || typ.Name != "Check" {
				return true
			}
			name, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			found[Check(name)] = spec.Names[0].Name + "|" + spec.Doc.Text()
			return true
		})
	}
	return found
}

func TestEveryCheckIsListedAndDocumented(t *testing.T) {
	constants := declared(t)
	if len(constants) != len(Checks()) {
		t.Errorf("%d constants, %d in the list", len(constants), len(Checks()))
	}
	for _, c := range Checks() {
		name, doc, _ := strings.Cut(constants[c], "|")
		if !strings.HasPrefix(doc, name+": ") || !strings.HasSuffix(strings.TrimSpace(doc), ".") {
			t.Errorf("%s: the comment is no sentence about it: %q", c, doc)
		}
	}
}

func TestEveryCheckHasSentencesInEveryLanguage(t *testing.T) {
	c := catalogue(t)
	known := Checks()
	for _, lang := range i18n.Languages() {
		for _, check := range known {
			for _, key := range []string{check.SentenceKey(), check.RemedyKey()} {
				if !c.Has(lang, key) {
					t.Errorf("%s lacks %q", lang, key)
				}
				if params := c.Params(lang, key); len(params) > 0 {
					t.Errorf("%s %q uses %v; these sentences are given no parameters", lang, key, params)
				}
			}
		}
		for _, key := range c.Keys(lang) {
			prefix, name, _ := strings.Cut(key, ".")
			if (prefix == "check" || prefix == "remedy") && !slices.Contains(known, Check(name)) {
				t.Errorf("%s has %q, but there is no such check", lang, key)
			}
		}
	}
}

func TestEveryNameOfAStoryIsInEveryLanguage(t *testing.T) {
	c := catalogue(t)
	keys := []string{
		"trace.outcome.open", "trace.at", "trace.address", "trace.request", "trace.organization", "trace.who",
		"trace.expected", "trace.received", "trace.remedy",
	}
	for _, k := range []Kind{
		AppIDLogin, PasswordLogin, SourceLogin, ClientCodeLogin, PortalLogin,
		Authorizing, TokenExchange, UserInfoRequest, TokenRefresh, Leaving,
	} {
		keys = append(keys, "trace.kind."+string(k))
	}
	for _, o := range []Outcome{Succeeded, Refused, Failed} {
		keys = append(keys, "trace.outcome."+string(o))
	}
	for _, s := range []State{Passed, Failing, Warned, Noted} {
		keys = append(keys, "trace.state."+string(s))
	}
	for _, lang := range i18n.Languages() {
		for _, key := range keys {
			if !c.Has(lang, key) {
				t.Errorf("%s lacks %q", lang, key)
			}
		}
	}
}
