package manifest

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// apps is a manifest with people and applications.
func apps(lines string) string {
	return people("    departments: [{code: rd, name: R}]\n    groups: [{name: Writers, members: [b]}]\n    applications:\n" + lines)
}

const wikiLine = `      - {name: Wiki, protocol: oidc, client_id: wiki, client_secret: wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww, home_urls: ["https://w.example/"], responsible: a@X, access: {members: [c, A@x], departments: [RD], groups: [writers]}, claims: [{attribute: title, claim: job}]}`

// redIcon and blueIcon are pictures of 240×240 pixels.
const (
	redIcon  = "base64:iVBORw0KGgoAAAANSUhEUgAAAPAAAADwAQMAAAAEm3vRAAAAA1BMVEXIHh4WiPieAAAAIklEQVR42uzAAQ0AAADCIPuntscHAwAAAAAAAIh6AAAA//8dEAABOmfpigAAAABJRU5ErkJggg=="
	blueIcon = "base64:iVBORw0KGgoAAAANSUhEUgAAAPAAAADwAQMAAAAEm3vRAAAAA1BMVEUeHsjwPMb9AAAAIklEQVR42uzAAQ0AAADCIPuntscHAwAAAAAAAIh6AAAA//8dEAABOmfpigAAAABJRU5ErkJggg=="
)

func TestApplicationPlans(t *testing.T) {
	s := sqliteSite(t)
	s.apply(apps(wikiLine+"\n"), false)
	line := func(old, text string) string {
		t.Helper()
		if !strings.Contains(wikiLine, old) {
			t.Fatalf("there is no %q", old)
		}
		return apps(strings.Replace(wikiLine, old, text, 1) + "\n")
	}
	for _, row := range []struct{ name, text, want string }{
		{"nothing said", people(""), "no changes"},
		{"the same", apps(wikiLine + "\n"), "no changes"},
		{"other letters, another order", line("members: [c, A@x]", "members: [a@x, C, c]"), "no changes"},
		{"without what may be left out", apps("      - {name: Wiki, protocol: oidc, client_id: wiki}\n"), "no changes"},
		{"another secret", line("wwww,", "wwwx,"), "~ change application wiki of acme: client_secret: (changed)"},
		{"everyone alone", line("members: [c, A@x], departments: [RD], groups: [writers]", "everyone: true"), "~ change application wiki of acme: access.everyone: false → true, access.members: [A@x, c] → [], access.departments: [rd] → [], access.groups: [Writers] → []"},
		{"an icon", line("name: Wiki,", "name: Wiki, icon: \""+redIcon+"\","), "~ change application wiki of acme: icon: (none) → picture f484e4c8"},
		{"no icon, as before", line("name: Wiki,", "name: Wiki, icon: \"\","), "no changes"},
		{"another claim", line("claim: job", "claim: work"), "~ change application wiki of acme: claims: [{attribute: title, claim: job}] → [{attribute: title, claim: work}]"},
		{"another one", apps(wikiLine + "\n      - {name: P, protocol: oauth2, client_id: p, public: true, home_urls: [\"com.example.p:/cb\"]}\n"), "+ create application p of acme"},
		{"one whose secret is made", apps(wikiLine + "\n      - {name: P, protocol: oauth2, client_id: p, grants: [client_credentials]}\n"), "+ create application p of acme (a secret is made and printed once)"},
	} {
		t.Run(row.name, func(t *testing.T) { same(t, s.plan(row.text, false), row.want) })
	}
}

func TestApplicationsAreAppliedAndPruned(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		s := newSite(t, open)
		made := s.apply(apps(wikiLine+"\n      - {name: Shop, protocol: oauth2, client_id: shop, home_urls: [\"https://s.example/\"]}\n"), false).Generated
		found := false
		for _, g := range made {
			if g.Kind == "application" && g.Name == "shop" && g.Key == "client_secret" {
				found = true
				app, err := s.Applications.Find(t.Context(), "shop")
				if err != nil || !s.Applications.Prove(app, g.Secret.Reveal()) {
					t.Errorf("the secret that was told does not prove the application: %v", err)
				}
			}
		}
		if !found {
			t.Errorf("no secret was told among %v", made)
		}
		s.apply(apps(strings.Replace(wikiLine, "wwww,", "wwwx,", 1)+"\n      - {name: Shop, protocol: oauth2, client_id: shop}\n"), false)
		app, err := s.Applications.Find(t.Context(), "wiki")
		if err != nil || len(app.Secrets) != 2 || !s.Applications.Prove(app, strings.Repeat("w", 31)+"x") {
			t.Errorf("got %d secrets, %v; want two, the new one among them", len(app.Secrets), err)
		}
		text := s.export()
		want := `{name: Wiki, protocol: oidc, client_id: wiki, responsible: A@x, home_urls: ['https://w.example/'], access: {members: [A@x, c], departments: [rd], groups: [Writers]}, claims: [{attribute: title, claim: job}]}`
		if !strings.Contains(text, want) && !strings.Contains(text, strings.ReplaceAll(want, "'", `"`)) {
			t.Errorf("exported:\n%s\nwant %s", text, want)
		}
		same(t, s.plan(text, true), "no changes")
		s.apply(apps("      - {name: Shop, protocol: oauth2, client_id: shop, scopes: []}\n"), false)
		if text := s.export(); !strings.Contains(text, "scopes: []") {
			t.Errorf("no scopes at all are exported as the default:\n%s", text)
		}
		same(t, s.plan(apps(wikiLine+"\n"), false), "~ change application wiki of acme: client_secret: (changed)")
		same(t, s.plan(people("    applications: []\n"), true),
			"- remove application wiki of acme\n- remove application shop of acme")
		s.apply(people("    applications: []\n"), true)
		same(t, s.plan(people("    applications: []\n"), true), "no changes")
	})
}

const boardLine = `      - {name: Board, protocol: cas, client_id: board, home_urls: ["https://b.example/in"], exit_url: "https://b.example/bye", cas: {service_prefixes: ["https://b.example/pages/"], proxy: true}, access: {everyone: true}}`

func TestCASApplications(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		s := newSite(t, open)
		if made := s.apply(apps(boardLine+"\n"), false).Generated; slices.ContainsFunc(made, func(g Generated) bool { return g.Kind == "application" }) {
			t.Errorf("a secret was made: %v", made)
		}
		same(t, s.plan(apps(boardLine+"\n"), false), "no changes")
		same(t, s.plan(apps(strings.Replace(boardLine, "proxy: true", "proxy: false, single_logout: false, logout_url: 'https://b.example/out'", 1)+"\n"), false),
			`~ change application board of acme: cas.proxy: true → false, cas.single_logout: true → false, cas.logout_url: "" → "https://b.example/out"`)
		text := s.export()
		want := `{name: Board, protocol: cas, client_id: board, home_urls: ['https://b.example/in'], exit_url: 'https://b.example/bye', cas: {service_prefixes: ['https://b.example/pages/'], proxy: true}, access: {everyone: true}}`
		if !strings.Contains(strings.ReplaceAll(text, `"`, `'`), want) {
			t.Errorf("exported:\n%s\nwant %s", text, want)
		}
		same(t, s.plan(text, true), "no changes")
		s.apply(apps("      - {name: Board, protocol: cas, client_id: board, public: false, home_urls: [\"https://b.example/\"], cas: {single_logout: false}}\n"), false)
		if app, err := s.Applications.Find(t.Context(), "board"); err != nil || app.CAS.SingleLogout || !app.CAS.Proxy || app.HomeURLs[0] != "https://b.example/" {
			t.Errorf("got %+v, %v", app.CAS, err)
		}
	})
}

func TestApplicationProblems(t *testing.T) {
	s := sqliteSite(t)
	s.apply(apps(wikiLine+"\n"), false)
	for _, row := range []struct{ name, line, want string }{
		{"the protocol changes", "{name: W, protocol: oauth2, client_id: wiki}", "applications[0].protocol: The protocol"},
		{"it becomes public", "{name: W, protocol: oidc, client_id: wiki, public: true}", "applications[0].public: The protocol"},
		{"an unsafe home URL", `{name: W, protocol: oidc, client_id: w, home_urls: ["http://w.example/"]}`, "applications[0].home_urls: “http://w.example/” is not safe"},
		{"no home URL", "{name: W, protocol: oidc, client_id: w}", "applications[0].home_urls: The field"},
		{"an edit that leaves none", "{name: W, protocol: oidc, client_id: wiki, home_urls: []}", "applications[0].home_urls: The field"},
		{"an unknown attribute", `{name: W, protocol: oidc, client_id: wiki, claims: [{attribute: shoe, claim: s}]}`, "applications[0].claims: There is no attribute “shoe”"},
		{"an icon that is none", `{name: W, protocol: oidc, client_id: wiki, icon: "base64:aGVsbG8="}`, "applications[0].icon: "},
		{"an icon that is none, new", `{name: W, protocol: oidc, client_id: w, home_urls: ["https://w.example/"], icon: "base64:aGVsbG8="}`, "applications[0].icon: "},
		{"a stranger", `{name: W, protocol: oidc, client_id: wiki, access: {members: [zoe]}}`, `there is no member "zoe" in acme`},
		{"a strange responsible", `{name: W, protocol: oidc, client_id: wiki, responsible: zoe}`, `there is no member "zoe" in acme`},
		{"an unknown department", `{name: W, protocol: oidc, client_id: wiki, access: {departments: [zoo]}}`, `there is no department "zoo" in acme`},
		{"a token's life for CAS", `{name: W, protocol: cas, client_id: w, home_urls: ["https://w.example/"], access_token_life: 1h}`, "applications[0].access_token_life: This field"},
		{"cas without CAS", `{name: W, protocol: oidc, client_id: wiki, cas: {proxy: true}}`, "applications[0].cas: This field"},
		{"an unsafe prefix", `{name: W, protocol: cas, client_id: w, home_urls: ["https://w.example/"], cas: {service_prefixes: ["https://w.example"]}}`, "applications[0].cas.service_prefixes: “https://w.example” is not safe"},
		{"an unknown group", `{name: W, protocol: oidc, client_id: wiki, access: {groups: [zoo]}}`, `there is no group "zoo" in acme`},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := Plan(t.Context(), console, s.House, mustLoad(t, people("    applications:\n      - "+row.line+"\n")), Options{})
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want … %s …", err, row.want)
			}
		})
	}
	for name, line := range map[string]string{
		"given twice":                  "{name: W, protocol: oidc, client_id: w}\n      - {name: V, protocol: oidc, client_id: w}",
		"32 to 256 printable":          "{name: W, protocol: oidc, client_id: w, client_secret: short}",
		"a public application has no":  "{name: W, protocol: oidc, client_id: w, public: true, client_secret: wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww}",
		"an application of CAS has no": "{name: W, protocol: cas, client_id: w, client_secret: wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww}",
		"proves itself by nothing":     "{name: W, protocol: cas, client_id: w, public: true}",
		"oidc":                         "{name: W, protocol: saml, client_id: w}",
	} {
		_, err := Load([]File{{"m.yaml", []byte(people("    applications:\n      - " + line + "\n"))}}, around)
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want … %s …", err, name)
		}
	}
}

func TestIcons(t *testing.T) {
	t.Chdir(t.TempDir())
	red, err := (Surroundings{}).picture(redIcon, "")
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"red.png": red, "none.png": nil, "huge.png": bytes.Repeat(red, 200), "text.png": []byte("a text")} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	here := Surroundings{ReadFile: os.ReadFile}
	tests := []struct {
		written string
		want    int // bytes, -1 for a problem
	}{
		{"", 0},
		{redIcon, len(red)},
		{"file:red.png", len(red)},
		{"file:none.png", -1},
		{"file:huge.png", -1},
		{"file:missing.png", -1},
		{"file:text.png", 6},
		{"base64:", -1},
		{"base64:?", -1},
		{"red.png", -1},
		{"https://a.example/red.png", -1},
	}
	for _, tt := range tests {
		got, err := here.picture(tt.written, filepath.Join(".", "m.yaml"))
		if (err != nil) != (tt.want < 0) || err == nil && len(got) != tt.want {
			t.Errorf("%.30s: got %d bytes, %v; want %d", tt.written, len(got), err, tt.want)
		}
	}
	if _, err := (Surroundings{}).picture("file:red.png", "m.yaml"); err == nil {
		t.Error("a server read a file that a manifest names")
	}
	sent, err := Resolve([]File{{"m.yaml", []byte(apps("      - {name: Wiki, protocol: oidc, client_id: wiki, icon: \"file:red.png\"}\n"))}}, here)
	if err != nil || !strings.Contains(string(sent[0].Data), redIcon) {
		t.Errorf("what is sent to a server: %v\n%s", err, sent)
	}
}

func TestIconsAreAppliedAndTakenAway(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		s := newSite(t, open)
		with := func(icon string) string {
			return apps("      - {name: Wiki, protocol: oidc, client_id: wiki, home_urls: [\"https://w.example/\"], icon: \"" + icon + "\"}\n")
		}
		digest := func() string {
			app, err := s.Applications.Find(t.Context(), "wiki")
			if err != nil {
				t.Fatal(err)
			}
			return app.IconDigest
		}
		s.apply(with(redIcon), false)
		red := digest()
		same(t, s.plan(with(redIcon), false), "no changes")
		s.apply(with(blueIcon), false)
		if blue := digest(); red == "" || blue == "" || red == blue {
			t.Errorf("digests: %q, then %q", red, blue)
		}
		s.apply(apps("      - {name: Wiki, protocol: oidc, client_id: wiki}\n"), false)
		if digest() == "" {
			t.Error("an icon that is not named was taken away")
		}
		s.apply(with(""), false)
		if got := digest(); got != "" {
			t.Errorf("taken away: %q is left", got)
		}
	})
}
