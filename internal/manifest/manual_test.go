package manifest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestGeneratedFilesAreCurrent(t *testing.T) {
	schema, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"manifest.schema.json": string(schema), "manifest.md": Manual()} {
		got, err := os.ReadFile(filepath.Join("..", "..", "docs", name))
		if err != nil || string(got) != want {
			t.Errorf("docs/%s is not what go generate writes (%v)", name, err)
		}
	}
}

func TestSchema(t *testing.T) {
	raw, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	var s map[string]any
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	if s["$schema"] != "https://json-schema.org/draft/2020-12/schema" || s["additionalProperties"] != false {
		t.Errorf("head of the schema: %v, %v", s["$schema"], s["additionalProperties"])
	}
	for _, want := range []string{`"must_change_password"`, `"enum": [`, `"maximum": 10000`, `"oneOf"`} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("the schema lacks %s", want)
		}
	}
}

// Every key has a sentence, and its tags are numbers where they should be.
func TestTable(t *testing.T) {
	var visit func(reflect.Type)
	visit = func(typ reflect.Type) {
		for _, row := range fieldsOf(typ) {
			if !strings.HasSuffix(row.doc, ".") && !strings.HasSuffix(row.doc, ")") {
				t.Errorf("%s.%s: the sentence %q does not end", typ.Name(), row.key, row.doc)
			}
			switch shapeOf(row.typ) {
			case numberShape:
				if row.high < row.low || row.high == 0 {
					t.Errorf("%s.%s has no bounds", typ.Name(), row.key)
				}
			case blockShape:
				visit(base(row.typ))
			case blocksShape:
				visit(row.typ.Elem())
			}
		}
	}
	visit(reflect.TypeFor[Document]())
}

func TestManualExample(t *testing.T) {
	_, after, found := strings.Cut(manualHead, "this plan is printed and carried out:\n\n```\n")
	want, _, closed := strings.Cut(after, "```")
	if !found || !closed {
		t.Fatal("the manual has no plan")
	}
	s := sqliteSite(t)
	same(t, s.plan(example, false), want)
	s.apply(example, false)
	_, after, _ = strings.Cut(manualHead, "another name in the file:\n\n```\n")
	want, _, _ = strings.Cut(after, "```")
	same(t, s.plan(strings.Replace(example, "name: Alice", "name: Alicia", 1), false), want)
}
