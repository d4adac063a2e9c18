package trace

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/i18n"
)

func TestSay(t *testing.T) {
	c := catalogue(t)
	for text, want := range map[string]string{
		"":                                "",
		"none":                            "没有",
		"https://a.example":               "https://a.example",
		"openid, email":                   "openid, email",
		"a redirect to https://a.example": "重定向到 https://a.example",
		"ended 2026-03-01T00:00:00Z":      "已于 2026-03-01T00:00:00Z 失效",
		"ended badly and for ever":        "ended badly and for ever",
		"12 keys":                         "12 个密钥",
		"some keys":                       "some keys",
		Shape("abc "):                     "4 个字符、可打印的 ASCII、以空白结尾",
		"wiki " + Shape("0af"):            "wiki，3 个字符、小写十六进制",
		"invalid_client: no such client (secret: 3 characters, digits)": "invalid_client: no such client（密钥：3 个字符、数字）",
		"invalid_client: no such client (secret: here)":                 "invalid_client: no such client (secret: here)",
		"a number instead of an object":                                 "一个数字，而不是对象",
		"a redirect instead of an object":                               "a redirect instead of an object",
		"a second proof, asked for by Nights: deny":                     "二次验证，由Nights：拒绝要求",
		"events, jti, sub or sid, and no nonce":                         "有 events、jti、sub 或 sid，没有 nonce",
	} {
		if got := Say(c, i18n.ZhCN, text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
		if got := Say(c, i18n.EnUS, text); got != text {
			t.Errorf("%s: English became %s", text, got)
		}
	}
	d := Difference([]string{"https://a.example/cb"}, "https://a.example/cc")
	if got, want := d.In(c, i18n.ZhCN).Received, `（从第 20 个字符起不同：是 "c"，应为 "b"）https://a.example/cc`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// No phrase is taken for another one.
func TestEveryPhraseIsItself(t *testing.T) {
	c := catalogue(t)
	params := map[string]any{"number": "7", "time": "2026-03-01T00:00:00Z", "phrase": "a number"}
	theirs := map[string]any{"number": "7", "time": "2026-03-01T00:00:00Z", "phrase": "一个数字"}
	for _, key := range c.Keys(i18n.EnUS) {
		if !strings.HasPrefix(key, detailPrefix) {
			continue
		}
		for _, name := range c.Params(i18n.EnUS, key) {
			if params[name] == nil {
				params[name], theirs[name] = "X-"+name, "X-"+name
			}
		}
		text := c.Text(i18n.EnUS, key, params)
		if got, want := Say(c, i18n.ZhCN, text), c.Text(i18n.ZhCN, key, theirs); got != want {
			t.Errorf("%s, %q: got %s, want %s", key, text, got, want)
		}
	}
}

// protocolWords stand in details and are the same in every language.
var protocolWords = []string{
	"", "0", "200 OK", "openid", "id_token", "sub", "sub X", "keys", "Basic", "https", "code", "alg X", "alg X, kid X", "iss X", "aud X",
	"iat X, exp X", "LongTicket", "application/json", "appId:userId:expireTime:nonce",
}

// TestDetailsAreSaidInEveryLanguage looks at each detail that is written out in
// the source: an English phrase without a sentence would be read by people who
// asked for another language.
func TestDetailsAreSaidInEveryLanguage(t *testing.T) {
	c, seen := catalogue(t), 0
	for _, text := range writtenDetails(t) {
		seen++
		numbered := strings.Replace(text, "X", "7", 1)
		if !slices.Contains(protocolWords, text) && strings.Trim(text, "X ()") != "" && Say(c, i18n.ZhCN, text) == text && Say(c, i18n.ZhCN, numbered) == numbered {
			t.Errorf("%q is no phrase: give it a sentence under %s<name>, or a place among protocolWords", text, detailPrefix)
		}
	}
	if seen < 100 {
		t.Errorf("only %d details were seen", seen)
	}
}

// writtenDetails are the details in the source of every room, with X for what is
// put into them.
func writtenDetails(t *testing.T) (texts []string) {
	t.Helper()
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if literal, ok := n.(*ast.CompositeLit); ok && isDetail(literal.Type) {
				for _, field := range literal.Elts {
					if pair, ok := field.(*ast.KeyValueExpr); ok {
						texts = append(texts, written(pair.Value))
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func isDetail(kind ast.Expr) bool {
	switch k := kind.(type) {
	case *ast.Ident:
		return k.Name == "Detail"
	case *ast.SelectorExpr:
		return k.Sel.Name == "Detail"
	}
	return false
}

func written(value ast.Expr) string {
	switch v := value.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(v.Value); err == nil {
			return text
		}
	case *ast.BinaryExpr:
		return written(v.X) + written(v.Y)
	}
	return "X"
}
