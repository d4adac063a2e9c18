package config

import (
	"strings"
)

const manualHead = `<!-- Generated from internal/config by go generate; do not edit. -->

# Settings

Orgate starts without any setting: an embedded SQLite database in ` + "`./data`" + `, listening on loopback. What is
set here is only what must be known before the database opens; everything else is changed in the management
centre or by the manifest.

Each setting can be given in three places, and a later one wins over an earlier one:

1. a YAML file, named by ` + "`--config`" + ` or ` + "`ORGATE_CONFIG`" + `, with the key in the second column;
2. the environment, with the name in the first column;
3. a flag, with the name in the third column.

- An empty value counts as not given.
- A list is written with commas; in the file also as a YAML list.
- A secret may be ` + "`file:/path`" + `: then it is what that file holds, without one final newline. Prefer this to a flag:
  everybody on a machine sees the arguments of its processes.
- An unknown key in the file and an unknown flag are errors. An unknown ` + "`ORGATE_…`" + ` name in the environment is a
  warning, because orchestrators inject such names.
- Everything that is wrong is reported at once, each with its setting and its remedy, and nothing is started.

A complete file to copy from is [orgate.example.yaml](orgate.example.yaml).

| environment | key in the file | flag | default |
|---|---|---|---|
`

// Manual returns docs/configuration.md.
func Manual() string {
	var b strings.Builder
	b.WriteString(manualHead)
	for _, f := range fields() {
		cells := []string{code(f.Env), code(f.Key), code("--" + f.Flag), f.Shown}
		if f.Key == "" {
			cells[1] = "–"
		}
		if f.Default != "" {
			cells[3] = code(f.Default)
		}
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	for _, f := range fields() {
		b.WriteString("\n## " + f.Env + "\n\n" + f.Doc)
		if f.Secret {
			b.WriteString(" A secret: it may be `file:/path` and is never logged.")
		}
		b.WriteString("\n")
	}
	return b.String()
}

func code(text string) string { return "`" + text + "`" }

const exampleHead = `# Generated from internal/config by go generate; do not edit.
#
# Every setting with its default; see docs/configuration.md. Copy what you change and take the # away.
`

// Example returns docs/orgate.example.yaml, in which every setting is a
// comment: read as it is, the file changes nothing.
func Example() string {
	var b strings.Builder
	b.WriteString(exampleHead)
	for _, f := range fields() {
		if f.Key == "" {
			continue
		}
		b.WriteString("\n" + wrap(f.Doc, 100))
		value := f.Default
		if value == "" {
			value = "  # default: " + f.Shown
		}
		b.WriteString(strings.TrimRight("# "+f.Key+": "+value, " ") + "\n")
	}
	return b.String()
}

// wrap sets text as comment lines of at most width characters.
func wrap(text string, width int) string {
	var b strings.Builder
	line := "#"
	for word := range strings.FieldsSeq(text) {
		if len(line)+1+len(word) > width {
			b.WriteString(line + "\n")
			line = "#"
		}
		line += " " + word
	}
	return b.String() + line + "\n"
}
