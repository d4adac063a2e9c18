package internal_test

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
)

// room is one row of the import table. Ring 0 is open to every room of a higher ring but the closed ones.
type room struct {
	ring    int
	imports []string
	// everything: may import any room of its ring or below.
	everything bool
	// closed: not even ring 0.
	closed bool
}

// rooms is the import table: who may import whom. Rooms are named by their folder under internal/; those outside it by
// their folder. A row may stand before its room is built. docs/architecture.md tells the reasons.
var rooms = map[string]room{
	// Ring 0, vocabulary.
	"fault":    {ring: 0},
	"identity": {ring: 0, imports: []string{"fault"}},
	"i18n":     {ring: 0, imports: []string{"fault"}},
	"icon":     {ring: 0, imports: []string{"fault"}}, // read alike for applications, for sources and in a manifest
	"pinyin":   {ring: 0},                             // how names are typed by their sound

	// Ring 1, mechanisms.
	"seal":  {ring: 1},
	"store": {ring: 1, imports: []string{"seal"}},
	// factor/passkeytest stands below the rooms whose tests hold a passkey.
	"factor/passkeytest":       {ring: 1, closed: true},
	"store/storetest":          {ring: 1, imports: []string{"store", "seal", "store/storetest/postgres"}},
	"store/storetest/postgres": {ring: 1, imports: []string{"store"}},
	"samlwire":                 {ring: 1},
	"egress":                   {ring: 1},
	"applogin":                 {ring: 1}, // read alike where logins are answered and where they are explained
	"captcha":                  {ring: 1},
	"keyring":                  {ring: 1, imports: []string{"seal", "store"}},
	"ticket":                   {ring: 1, imports: []string{"keyring", "store"}},
	"audit":                    {ring: 1, imports: []string{"keyring", "store"}},
	"trace":                    {ring: 1, imports: []string{"keyring", "store"}},
	"job":                      {ring: 1, imports: []string{"keyring", "store"}},
	"outbox":                   {ring: 1, imports: []string{"keyring", "egress", "store"}},
	"pages":                    {ring: 1, imports: []string{"i18n"}},

	// Ring 2, use cases.
	"access": {ring: 2},
	// session asks access before somebody else's sessions are shown or ended.
	"session": {ring: 2, imports: []string{"access", "ticket", "outbox", "store", "audit"}},
	// token asks access before it makes a management token.
	"token":     {ring: 2, imports: []string{"access", "ticket", "store", "audit"}},
	"policy":    {ring: 2, imports: []string{"access", "store", "audit", "trace"}},
	"factor":    {ring: 2, imports: []string{"access", "ticket", "keyring", "outbox", "store", "audit", "trace"}},
	"directory": {ring: 2, imports: []string{"access", "policy", "session", "token", "ticket", "keyring", "outbox", "store", "audit", "trace"}},
	// setting holds what is set for the installation as a whole, for the manifest and the management API: surfaces open
	// no transaction, and the channels' settings lie in outbox.
	"setting":     {ring: 2, imports: []string{"access", "outbox", "store", "audit"}},
	"application": {ring: 2, imports: []string{"access", "applogin", "session", "token", "ticket", "keyring", "store", "audit", "trace"}},
	"source":      {ring: 2, imports: []string{"access", "ticket", "store", "keyring", "audit", "samlwire", "egress", "trace"}},
	"approval":    {ring: 2, imports: []string{"access", "directory", "application", "outbox", "job", "store", "audit"}},
	// bulk reads and writes files about people and about contacts outside.
	"bulk": {ring: 2, imports: []string{"access", "addressbook", "directory", "application", "outbox", "job", "store", "audit"}},
	// report counts the log; whose organisation something belongs to is in the events.
	"report":   {ring: 2, imports: []string{"access", "audit", "job", "store"}},
	"privacy":  {ring: 2, imports: []string{"access", "store", "audit"}},
	"resource": {ring: 2, imports: []string{"access", "directory", "application", "outbox", "job", "store", "audit"}},
	// addressbook is whom members find: people, terminals, and contacts outside.
	"addressbook": {ring: 2, imports: []string{"access", "directory", "store", "audit"}},
	// entry is asked inside the transactions of others, too.
	"entry": {ring: 2, imports: []string{"access", "application", "approval", "audit", "directory", "policy", "store", "trace"}},
	// grant asks access before somebody else's grants are shown or ended.
	"grant": {ring: 2, imports: []string{"access", "application", "entry", "session", "ticket", "keyring", "store", "audit", "trace"}},
	// tryout is the relying party of applications that are not saved yet.
	"tryout":    {ring: 2, imports: []string{"access", "application", "store", "audit", "trace"}},
	"dirsync":   {ring: 2, imports: []string{"source", "directory", "access", "job", "store", "audit"}},
	"provision": {ring: 2, imports: []string{"directory", "application", "access", "egress", "outbox", "keyring", "job", "store", "audit"}},

	// Ring 3, surfaces: never each other.
	"protocol":      {ring: 3, imports: []string{"trace"}},
	"protocol/oidc": {ring: 3, imports: []string{"protocol", "pages", "trace"}},
	"protocol/cas":  {ring: 3, imports: []string{"protocol", "pages", "trace"}},
	"protocol/saml": {ring: 3, imports: []string{"protocol", "pages", "samlwire", "trace"}},
	// signin makes and withdraws requests for whoever has no other way in.
	"signin": {ring: 3, imports: []string{"protocol", "entry", "approval", "source", "factor", "captcha", "policy", "privacy", "directory", "session", "ticket", "audit", "trace", "pages"}},
	// meeting asks policy for the rates of client addresses, as signin does.
	"meeting": {ring: 3, imports: []string{"applogin", "application", "directory", "token", "factor", "captcha", "policy", "source", "resource", "addressbook", "ticket", "trace"}},
	"orgid":   {ring: 3, imports: []string{"protocol", "trace"}},
	"scim":    {ring: 3, imports: []string{"directory", "access", "token", "trace"}},
	// setup has the page on which requests are decided.
	"setup":    {ring: 3, imports: []string{"pages", "application", "approval", "tryout", "source", "directory", "session", "audit", "access", "trace"}},
	"api":      {ring: 3, imports: append(useCases(), "applogin", "audit", "trace", "keyring")},
	"manifest": {ring: 3, imports: append(useCases(), "audit", "trace", "keyring")},

	// Ring 4, composition.
	"config":       {ring: 4, closed: true},
	"config/gen":   {ring: 4, closed: true, imports: []string{"config"}},   // prints the manual from the settings
	"manifest/gen": {ring: 4, closed: true, imports: []string{"manifest"}}, // prints manual and schema from the structs
	"i18n/gen":     {ring: 4, closed: true, imports: []string{"i18n"}},     // prints the pages of codes and events from the sources
	"api/gen":      {ring: 4, closed: true, imports: []string{"api"}},      // prints document and overview from the routes
	"pinyin/gen":   {ring: 4, closed: true},                                // packs the table of a library
	"httpd":        {ring: 4, imports: []string{"i18n"}},
	"server":       {ring: 4, everything: true},
	"demo":         {ring: 4, everything: true},
	"demo/standin": {ring: 4, closed: true},                                    // what the next two share
	"demo/centre":  {ring: 4, closed: true, imports: []string{"demo/standin"}}, // an outside party, which knows nothing of the product
	"demo/relying": {ring: 4, closed: true, imports: []string{"demo/standin"}}, // others, who rely on it
	".":            {ring: 4, closed: true},                                    // this folder, which holds only tests

	// Outside internal/.
	"cmd":     {ring: 5, closed: true, imports: []string{"server", "demo", "config", "sdk/go"}},
	"sdk/go":  {ring: 0, closed: true},
	"console": {ring: 0, closed: true},
	"tools":   {ring: 5, closed: true},
	"bench":   {ring: 5, everything: true},
	"e2e":     {ring: 5, everything: true},
}

func useCases() []string {
	return []string{
		"access", "directory", "application", "setting", "entry", "grant", "session", "token", "policy", "factor", "source",
		"approval", "dirsync", "provision", "bulk", "resource", "addressbook", "tryout", "report", "privacy",
	}
}

// libraryRooms names the rooms in which a library may appear, tests and benchmarks apart. A path stands for what is
// below it too.
var libraryRooms = map[string][]string{
	"database/sql":                   {"store"},
	"github.com/jackc/pgx":           {"store"},
	"github.com/pressly/goose":       {"store"},
	"modernc.org":                    {"store"},
	"github.com/danielgtaylor/huma":  {"api"}, // its settings are global to the process: one surface only
	"github.com/alecthomas/kong":     {"cmd"},
	"github.com/nicksnyder/go-i18n":  {"i18n"},
	"github.com/knadh/koanf":         {"config"},
	"github.com/wneessen/go-mail":    {"outbox"},
	"github.com/crewjam/saml":        {"samlwire", "protocol/saml", "source"},
	"github.com/russellhaering":      {"samlwire"},
	"github.com/go-ldap/ldap":        {"source"},
	"github.com/go-webauthn":         {"factor"},
	"github.com/xuri/excelize":       {"bulk"},
	"github.com/coreos/go-oidc":      {"source", "tryout", "demo/relying"},
	"golang.org/x/oauth2":            {"demo/relying"},
	"github.com/go-jose/go-jose":     {"keyring"},
	"github.com/mozillazg/go-pinyin": {"pinyin/gen"}, // its table is packed into one that needs no start
	"golang.org/x/image":             {"icon"},
}

// roomOf names the row of a folder; false when no row is wanted (the top of the repository has none).
func roomOf(folder string) (string, bool) {
	if folder == "internal" {
		return ".", true
	}
	if rest, ok := strings.CutPrefix(folder, "internal/"); ok {
		return rest, true
	}
	if folder == "sdk/go" || strings.HasPrefix(folder, "sdk/go/") {
		return "sdk/go", true
	}
	first, _, _ := strings.Cut(folder, "/")
	_, known := rooms[first]
	return first, known
}

// allowed tells whether a file of room from may import room to.
func allowed(from, to string, test bool) bool {
	row, target := rooms[from], rooms[to]
	switch {
	case from == to, slices.Contains(row.imports, to):
		return true
	case row.everything:
		return target.ring <= row.ring
	case test && strings.HasPrefix(to, "store/storetest"):
		return true
	case strings.HasPrefix(to, "store/storetest"):
		return false
	case test:
		return target.ring < row.ring
	default:
		return target.ring == 0 && row.ring > 0 && !row.closed && !target.closed
	}
}

// ownImport turns an import path of this module into a folder.
func ownImport(importPath string) (string, bool) {
	if importPath == modulePath {
		return ".", true
	}
	return strings.CutPrefix(importPath, modulePath+"/")
}

func checkImports(folders []*folder) []finding {
	var found []finding
	for _, d := range folders {
		from, wanted := roomOf(d.path)
		if !wanted {
			continue
		}
		if _, ok := rooms[from]; !ok {
			found = append(found, finding{d.path, fmt.Sprintf("room %q is not in the import table: add its row to rooms in internal/imports_test.go and to docs/architecture.md, and say in the commit why it is needed", from)})
			continue
		}
		for _, f := range d.files {
			found = append(found, checkFileImports(d, f, from)...)
		}
	}
	return found
}

func checkFileImports(d *folder, f *sourceFile, from string) []finding {
	var found []finding
	for i, p := range f.imports() {
		spec := f.syntax.Imports[i]
		breach := ""
		if own, ok := ownImport(p); ok {
			breach = ownBreach(from, own, f.test)
		} else if !f.test && from != "bench" && from != "e2e" {
			breach = outsideBreach(from, p, spec.Name != nil && spec.Name.Name == "_")
		}
		if breach != "" {
			found = append(found, finding{d.at(spec), breach})
		}
	}
	return found
}

func ownBreach(from, folder string, test bool) string {
	to, wanted := roomOf(folder)
	if _, known := rooms[to]; !wanted || !known || allowed(from, to, test) {
		return ""
	}
	return fmt.Sprintf("%s may not import %s: imports go downwards and by the table in internal/imports_test.go; declare a small interface here and join the two in server, or move the shared part inwards", from, to)
}

func outsideBreach(from, importPath string, blank bool) string {
	homes := homesOf(importPath)
	if homes != nil && !slices.ContainsFunc(homes, func(h string) bool { return within(from, h) }) {
		return fmt.Sprintf("%s may not import %s: it belongs to %s alone", from, importPath, strings.Join(homes, ", "))
	}
	if blank && importPath != "embed" && !within(from, "store") && from != "cmd" {
		return fmt.Sprintf("blank import of %s changes behaviour from afar: use it by name", importPath)
	}
	return ""
}

func homesOf(importPath string) []string {
	for library, homes := range libraryRooms {
		if within(importPath, library) {
			return homes
		}
	}
	return nil
}

// within tells whether path p is parent or below it.
func within(p, parent string) bool { return p == parent || strings.HasPrefix(p, parent+"/") }

func TestImports(t *testing.T) {
	for _, f := range checkImports(repository(t)) {
		t.Error(f)
	}
}

// TestImportTable keeps the table itself honest: whatever it allows goes downwards and never round.
func TestImportTable(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(rooms)) {
		row := rooms[name]
		for _, to := range row.imports {
			target, ok := rooms[to]
			switch {
			case !ok:
				t.Errorf("%s may import %s, which has no row", name, to)
			case target.ring > row.ring:
				t.Errorf("%s (ring %d) may import %s (ring %d): imports go downwards only", name, row.ring, to, target.ring)
			case row.ring == 3 && target.ring == 3 && to != "protocol":
				t.Errorf("surface %s may import surface %s: surfaces never know each other", name, to)
			}
		}
		if cycle := findCycle(name, nil); cycle != nil {
			t.Errorf("the table allows a cycle: %s", strings.Join(cycle, " → "))
		}
	}
}

func findCycle(name string, trail []string) []string {
	if slices.Contains(trail, name) {
		return append(trail, name)
	}
	for _, to := range rooms[name].imports {
		if cycle := findCycle(to, append(slices.Clone(trail), name)); cycle != nil {
			return cycle
		}
	}
	return nil
}

func TestCheckImports(t *testing.T) {
	tests := []struct {
		name, file, imports, want string
	}{
		{"downwards by the table", "internal/ticket/a.go", modulePath + "/internal/store", ""},
		{"ring 0 is open", "internal/egress/a.go", modulePath + "/internal/fault", ""},
		{"config stays alone", "internal/config/a.go", modulePath + "/internal/fault", "config may not import fault"},
		{"sideways between surfaces", "internal/scim/a.go", modulePath + "/internal/api", "scim may not import api"},
		{"upwards", "internal/store/a.go", modulePath + "/internal/ticket", "store may not import ticket"},
		{"ring 0 among itself", "internal/fault/a.go", modulePath + "/internal/identity", "fault may not import identity"},
		{"a test reaches lower rings", "internal/directory/a_test.go", modulePath + "/internal/seal", ""},
		{"a test does not reach upwards", "internal/directory/a_test.go", modulePath + "/internal/api", "directory may not import api"},
		{"tests open a database", "internal/ticket/a_test.go", modulePath + "/internal/store/storetest", ""},
		{"the product does not", "internal/ticket/a.go", modulePath + "/internal/store/storetest", "ticket may not import store/storetest"},
		{"cmd is strict", "cmd/orgate/main.go", modulePath + "/internal/store", "cmd may not import store"},
		{"server joins everything", "internal/server/a.go", modulePath + "/internal/api", ""},
		{"an unknown room", "internal/core/a.go", "fmt", "not in the import table"},
		{"SQL only in store", "internal/directory/a.go", "database/sql", "belongs to store alone"},
		{"SQL in store", "internal/store/a.go", "database/sql/driver", ""},
		{"SQL in a test", "internal/directory/a_test.go", "github.com/jackc/pgx/v5", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			source := fmt.Sprintf("package %s\n\nimport x %q\n", path.Base(path.Dir(tt.file)), tt.imports)
			expect(t, checkImports(parseTree(t, map[string]string{tt.file: source})), tt.want)
		})
	}
	blank := "package p\n\nimport _ \"net/http/pprof\"\n"
	expect(t, checkImports(parseTree(t, map[string]string{"internal/api/a.go": blank})), "blank import of net/http/pprof")
}
