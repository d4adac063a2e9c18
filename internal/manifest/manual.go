package manifest

import (
	_ "embed"
	"fmt"
	"reflect"
	"strings"
)

// Example is the worked example of the manual; a test loads it.
//
//go:embed example.yaml
var example string

//go:embed manual.md
var manualHead string

// Manual returns docs/manifest.md.
func Manual() string {
	var b strings.Builder
	b.WriteString("<!-- Generated from internal/manifest by go generate; do not edit. -->\n\n")
	b.WriteString(strings.Replace(manualHead, "{{example}}", strings.TrimSuffix(example, "\n"), 1))
	b.WriteString("\n## Every key\n")
	section(&b, "", reflect.TypeFor[Document]())
	return b.String()
}

// section writes the table of one block and then those of the blocks in it.
func section(b *strings.Builder, path string, t reflect.Type) {
	title := "The top of a file"
	if path != "" {
		title = "`" + path + "`"
	}
	fmt.Fprintf(b, "\n### %s\n\n| key | value | meaning |\n|---|---|---|\n", title)
	rows := fieldsOf(t)
	for _, row := range rows {
		doc := row.doc
		if row.need {
			doc = "**Needed.** " + doc
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", row.key, valueDoc(row), strings.ReplaceAll(doc, "|", "\\|"))
	}
	for _, row := range rows {
		switch shapeOf(row.typ) {
		case blockShape:
			section(b, join(path, row.key), base(row.typ))
		case blocksShape:
			section(b, join(path, row.key)+"[]", row.typ.Elem())
		}
	}
}

// valueDoc says what kind of value a key has.
func valueDoc(row field) string {
	switch shapeOf(row.typ) {
	case numberShape:
		return fmt.Sprintf("number, %d–%d", row.low, row.high)
	case boolShape:
		return "true, false"
	case durationShape:
		return "time"
	case secretShape:
		return "secret"
	case pictureShape:
		return "picture"
	case blockShape:
		if row.preset {
			return "`" + strings.Join(presetNames(), "`, `") + "` or block"
		}
		return "block"
	case blocksShape:
		return "list of blocks"
	case numbersShape:
		return fmt.Sprintf("list of numbers, %d–%d", row.low, row.high)
	case textsShape:
		return "list of texts"
	case dictionaryShape:
		return "texts by text"
	default:
		if len(row.choices) > 0 {
			return "`" + strings.Join(row.choices, "`, `") + "`"
		}
		return "text"
	}
}
