package internal_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// module is what matters here of a go.mod.
type module struct {
	direct   map[string]string // path → version
	indirect map[string]string
	tools    []string // package paths
}

func readModule(t *testing.T, name string) module {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return parseModule(string(text))
}

// parseModule reads the require and tool directives of a go.mod, in blocks or alone.
func parseModule(text string) module {
	m := module{direct: map[string]string{}, indirect: map[string]string{}}
	block := ""
	for line := range strings.Lines(text) {
		statement, comment, _ := strings.Cut(line, "//")
		words := strings.Fields(statement)
		switch {
		case len(words) == 0:
		case words[0] == ")":
			block = ""
		case len(words) == 2 && words[1] == "(":
			block = words[0]
		case block != "":
			m.add(block, words, comment)
		default:
			m.add(words[0], words[1:], comment)
		}
	}
	return m
}

func (m *module) add(directive string, words []string, comment string) {
	switch {
	case directive == "tool":
		m.tools = append(m.tools, words[0])
	case directive == "require" && strings.TrimSpace(comment) == "indirect":
		m.indirect[words[0]] = words[1]
	case directive == "require":
		m.direct[words[0]] = words[1]
	}
}

// toolModules returns the modules that the tools come from, with their versions.
func (m *module) toolModules() map[string]string {
	found := map[string]string{}
	for _, required := range []map[string]string{m.direct, m.indirect} {
		for p, version := range required {
			if slices.ContainsFunc(m.tools, func(tool string) bool { return within(tool, p) }) {
				found[p] = version
			}
		}
	}
	return found
}

// undocumentedModules returns what is wrong with the page about the dependencies: each module has a row that begins
// with its path and its version, and a row for a module that is gone is gone too.
func undocumentedModules(page string, wanted map[string]string) []finding {
	const where = "docs/dependencies.md"
	rows := map[string]string{}
	for line := range strings.Lines(page) {
		cells := strings.Split(line, "|")
		if len(cells) > 3 && strings.HasPrefix(strings.TrimSpace(cells[1]), "`") {
			rows[strings.Trim(cells[1], " `")] = strings.TrimSpace(cells[2])
		}
	}
	var found []finding
	for p, version := range wanted {
		switch documented, ok := rows[p]; {
		case !ok:
			found = append(found, finding{where, fmt.Sprintf("%s has no row: say why it is needed, its licence, its last release and the runner-up", p)})
		case documented != version:
			found = append(found, finding{where, fmt.Sprintf("%s is said to be %s, but %s is used", p, documented, version)})
		}
	}
	for p := range rows {
		if _, ok := wanted[p]; !ok {
			found = append(found, finding{where, fmt.Sprintf("%s has a row but is not used: remove the row", p)})
		}
	}
	return found
}

func TestDependenciesAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	product, tools := readModule(t, "../go.mod"), readModule(t, "../tools/go.mod")
	wanted := tools.toolModules()
	for p, version := range product.direct {
		wanted[p] = version
	}
	maps.Copy(wanted, nodePackages(t))
	for _, f := range undocumentedModules(string(page), wanted) {
		t.Error(f)
	}
}

// nodeFolders hold npm packages: those of the console and of the browser tests.
var nodeFolders = []string{"../console/", "../e2e/browser/"}

// nodePackages returns the npm packages with their versions, without those that hold nothing but types.
func nodePackages(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, folder := range nodeFolders {
		var manifest struct{ Dependencies, DevDependencies map[string]string }
		text, err := os.ReadFile(folder + "package.json")
		if err == nil {
			err = json.Unmarshal(text, &manifest)
		}
		if err != nil {
			t.Fatal(err)
		}
		maps.Copy(found, manifest.Dependencies)
		maps.Copy(found, manifest.DevDependencies)
	}
	maps.DeleteFunc(found, func(name, _ string) bool { return strings.HasPrefix(name, "@types/") })
	return found
}

// TestNodeLock: the lock file pins by checksum, and names no registry: whoever builds chooses theirs.
func TestNodeLock(t *testing.T) {
	for _, folder := range nodeFolders {
		lock, err := os.ReadFile(folder + "package-lock.json")
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(lock), `"resolved"`) || !strings.Contains(string(lock), `"integrity"`) {
			t.Errorf("%spackage-lock.json has download addresses or no checksums: run npm install with the .npmrc beside it", folder)
		}
	}
}

// TestToolsModule keeps the two modules apart: linters never constrain the product's versions.
func TestToolsModule(t *testing.T) {
	product, tools := readModule(t, "../go.mod"), readModule(t, "../tools/go.mod")
	if len(product.tools) > 0 {
		t.Errorf("go.mod lists tools %v: they belong in tools/go.mod", product.tools)
	}
	if len(tools.tools) == 0 {
		t.Error("tools/go.mod lists no tool")
	}
	fromTools := tools.toolModules()
	for p := range tools.direct {
		if _, ok := fromTools[p]; !ok {
			t.Errorf("tools/go.mod requires %s, which no tool comes from", p)
		}
	}
}

func TestUndocumentedModules(t *testing.T) {
	mod := "module m\n\ngo 1.26.0\n\ntool example.org/lint/cmd/lint\n\nrequire (\n\texample.org/a v1.0.0\n\texample.org/b v1.2.0 // indirect\n)\n\nrequire example.org/lint v2.0.0 // indirect\n"
	m := parseModule(mod)
	if got, want := fmt.Sprint(m.direct, m.indirect, m.tools), "map[example.org/a:v1.0.0] map[example.org/b:v1.2.0 example.org/lint:v2.0.0] [example.org/lint/cmd/lint]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := fmt.Sprint(m.toolModules()), "map[example.org/lint:v2.0.0]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	row := "| `example.org/a` | v1.0.0 | why |\n"
	expect(t, undocumentedModules(row, m.direct), "")
	expect(t, undocumentedModules("", m.direct), "example.org/a has no row")
	expect(t, undocumentedModules(strings.Replace(row, "v1.0.0", "v0.9.0", 1), m.direct), "said to be v0.9.0")
	expect(t, undocumentedModules(row+"| `example.org/z` | v1 | why |\n", m.direct), "example.org/z has a row but is not used")
}
