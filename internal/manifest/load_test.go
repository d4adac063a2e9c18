package manifest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
)

const key32 = "00112233445566778899aabbccddeeff"

func org(lines string) string {
	return "version: 1\norganizations:\n  - code: acme\n    name: Acme\n" + lines
}

func TestLoadRefuses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", "m.yaml: the file is empty"},
		{"no YAML", "version: [1", "this is not YAML"},
		{"several documents", "version: 1\n---\nversion: 1\n", "several documents"},
		{"a list", "- 1\n", "m.yaml:1:1: should be a block of keys and values, not a list"},
		{"no version", "organizations: []\n", "m.yaml:1:1: version: is missing"},
		{"another version", "version: 2\n", "m.yaml:1:10: version: should be a number from 1 to 1"},
		{"unknown key", "version: 1\norganisations: []\n", `m.yaml:2:1: organisations: there is no key "organisations" here; the keys are version, provider, organizations`},
		{"a key of a later version", org("    applications: [{name: A, protocol: oidc, client_id: a, saml: {}}]\n"), "organizations[0].applications[0].saml: is not known to this version of Orgate"},
		{"key twice", "version: 1\nversion: 1\n", "m.yaml:2:1: version: is given twice; the first is in line 1"},
		{"wrong type", org("    auto_create_members: sometimes\n"), "m.yaml:5:26: organizations[0].auto_create_members: should be true or false, not this text"},
		{"a number for text", org("    departments: [{code: 1a, name: 12}]\n"), "organizations[0].departments[0].name: should be text, not a number; put it in quotes"},
		{"a date for text", org("    members: [{account: a, name: 2026-01-01}]\n"), "name: should be text, not a date"},
		{"nothing", org("    domain:\n"), "domain: has no value"},
		{"a block for a list", org("    members: {}\n"), "members: should be a list, not a block"},
		{"a list for a block", org("    profile: []\n"), "profile: should be a block"},
		{"no such preset", org("    limits: huge\n"), "limits: should be one of meeting, orgid, or a block"},
		{"a time", org("    sign_in_rules: {lock_for: 5}\n"), "lock_for: should be a time in whole seconds"},
		{"out of range", org("    departments: [{code: a, name: A, sort_level: 0}]\n"), "sort_level: should be a number from 1 to 10000"},
		{"unknown role", org("    members: [{account: a, name: A, role: boss}]\n"), "m.yaml:5:43: organizations[0].members[0].role: should be one of owner, administrator, department_administrator, member"},
		{"two owners", org("    members:\n      - {account: a, name: A, role: owner}\n      - {account: b, name: B, role: owner}\n"), "m.yaml:7:37: organizations[0].members[1].role: is given twice; the first is in m.yaml line 6"},
		{"a disabled owner", org("    members: [{account: a, name: A, role: owner, status: disabled}]\n"), "the owner cannot be disabled"},
		{"a role without its departments", org("    members: [{account: a, name: A, role: department_administrator, administers: []}]\n"), "m.yaml:5:82: organizations[0].members[0].administers: a department_administrator needs"},
		{"organisation twice, folded", org("  - {code: ACME, name: Other}\n"), "m.yaml:5:12: organizations[1].code: is given twice; the first is in m.yaml line 3"},
		{"department twice", org("    departments: [{code: a, name: A}, {code: A, name: B}]\n"), "departments[1].code: is given twice"},
		{"the root", org("    departments: [{code: \"1\", name: A}]\n"), "the topmost department is not listed"},
		{"account twice, in another organisation", org("    members: [{account: a, name: A}]\n  - {code: b, name: B, members: [{account: A, name: A}]}\n"), "organizations[1].members[0].account: is given twice"},
		{"third account twice", org("    members: [{account: a, name: A, third_account: x}, {account: b, name: B, third_account: x}]\n"), "members[1].third_account: is given twice"},
		{"app id twice", org("    app_ids: [{name: a, app_id: " + `"` + key32 + `"` + "}, {name: b, app_id: " + `"` + key32 + `"` + "}]\n"), "app_ids[1].app_id: is given twice"},
		{"app id form", org("    app_ids: [{name: a, app_id: abc}]\n"), "app_ids[0].app_id: This App ID is not written as it should be"},
		{"app key form", org("    app_ids: [{name: a, app_id: \"" + key32 + "\", app_key: short}]\n"), "app_ids[0].app_key: This app key cannot be used"},
		{"mail", org("    members: [{account: a, name: A, email: nowhere}]\n"), "m.yaml:5:44: organizations[0].members[0].email: This mail address is not complete"},
		{"mobile without country", org("    members: [{account: a, name: A, mobile: \"13800000001\"}]\n"), "mobile: This mobile number is not complete"},
		{"account form", org("    members: [{account: \"a b\", name: A}]\n"), "account: This account name cannot be used"},
		{"no domain", org("    domains: []\n"), "m.yaml:5:14: organizations[0].domains: should begin with the organisation's own domain"},
		{"a domain twice", org("    domains: [a.example, b.example, A.example]\n"), "m.yaml:5:14: organizations[0].domains: names a.example twice"},
		{"an address as domain", org("    domains: [a.example, 192.0.2.1]\n"), "organizations[0].domains: 192.0.2.1: "},
		{"a source for no domain", org("    domain_sources: [{domain: a_b, source: x}]\n"), "organizations[0].domain_sources[0].domain: "},
		{"two sources for a domain", org("    domain_sources: [{domain: a.example, source: x}, {domain: A.example, source: y}]\n"), "domain_sources[1].domain: is given twice"},
		{"contradicting domains", org("    domain: a.example\n    domains: [b.example]\n"), "domain: contradicts domains"},
		{"secret from nowhere", org("    members: [{account: a, name: A, password: env:NOWHERE}]\n"), "m.yaml:5:47: organizations[0].members[0].password: the environment variable NOWHERE is not set"},
		{"a number as secret", org("    members: [{account: a, name: A, password: 12345678}]\n"), "password: should be text, env:NAME or file:/path"},
		{"an sso domain", org("    sso: {enabled: true, domain: \"a b\"}\n"), "m.yaml:5:34: organizations[0].sso.domain: This value is not written as it should be"},
		{"sso domain twice, folded", org("    sso: {domain: sso.example}\n  - {code: b, name: B, sso: {domain: SSO.example}}\n"), "m.yaml:6:38: organizations[1].sso.domain: is given twice"},
		{"an sso dialect", org("    sso: {dialect: saml}\n"), "organizations[0].sso.dialect: should be one of auto, oauth2, wechat"},
		{"an sso secret from nowhere", org("    sso: {client_secret: env:NOWHERE}\n"), "m.yaml:5:26: organizations[0].sso.client_secret: the environment variable NOWHERE is not set"},
		{"merge key", "x: &x {code: a}\nversion: 1\norganizations: [{<<: *x, name: A}]\n", "merging blocks is not supported"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Load([]File{{"m.yaml", []byte(tt.text)}}, around)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v\nwant … %s …", err, tt.want)
			}
			if f := fault.Of(err); f == nil || f.Code != fault.CodeManifest || len(f.Others) == 0 {
				t.Errorf("fault of the error is %v, want %s", f, fault.CodeManifest)
			}
		})
	}
}

func TestLoadReportsEverythingAtOnce(t *testing.T) {
	_, err := Load([]File{{"a.yaml", []byte("version: 1\nx: 1\norganizations: [{code: a}]\n")}, {"b.yaml", []byte("version: one\n")}}, around)
	var all Errors
	if !errors.As(err, &all) || len(all) != 3 {
		t.Fatalf("got %v, want three problems", err)
	}
	for i, want := range []string{"a.yaml:2:1: x", "a.yaml:3:17: organizations[0].name", "b.yaml:1:10: version"} {
		if got := all[i].At.String(); got != want {
			t.Errorf("problem %d is at %q, want %q", i, got, want)
		}
	}
}

func TestLoadBoundsAliases(t *testing.T) {
	var b strings.Builder
	b.WriteString("version: 1\norganizations:\n  - code: a\n    name: A\n    members: &m\n")
	for i := range 2000 {
		fmt.Fprintf(&b, "      - {account: a%d, name: A}\n", i)
	}
	for i := range 3000 {
		fmt.Fprintf(&b, "  - {code: o%d, name: A, members: *m}\n", i)
	}
	_, err := Load([]File{{"m.yaml", []byte(b.String())}}, around)
	var all Errors
	if !errors.As(err, &all) || len(all) > maxProblems || !strings.Contains(err.Error(), "the aliases of this file stand for more than") {
		t.Fatalf("got %d problems, want at most %d, one of them about aliases:\n%v", len(all), maxProblems, err)
	}
	if _, err := Load([]File{{"m.yaml", []byte("&a {version: 1, organizations: *a}\n")}}, around); err == nil {
		t.Error("an anchor inside itself was read")
	}
}

func TestLoadJoinsFilesAndKeepsAliases(t *testing.T) {
	d, err := Load([]File{
		{"a.yaml", []byte("version: 1\nprovider: {name: P}\norganizations: [{code: a, name: A, profile: &p {country: UK}}]\n")},
		{"b.yaml", []byte("version: 1\norganizations: [{code: b, name: B, domains: [B.Example], profile: &p {country: UK}}, {code: c, name: C, profile: *p}]\n")},
	}, around)
	if err != nil || len(d.Organizations) != 3 || *d.Provider.Name != "P" {
		t.Fatalf("got %d organisations, %v", len(d.Organizations), err)
	}
	if got := *d.Organizations[2].Profile.Country; got != "UK" {
		t.Errorf("country by alias is %q, want UK", got)
	}
	if got := *d.Organizations[1].Domain; got != "b.example" {
		t.Errorf("domain is %q, want it folded", got)
	}
	_, err = Load([]File{{"a.yaml", []byte("version: 1\nprovider: {name: P}\n")}, {"b.yaml", []byte("version: 1\nprovider: {name: Q}\n")}}, around)
	if err == nil || !strings.Contains(err.Error(), "b.yaml:2:11: provider: is given in a.yaml already") {
		t.Errorf("provider twice: got %v", err)
	}
}

func TestSecrets(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("secret", []byte("of a file\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	here := Surroundings{Env: words, ReadFile: os.ReadFile}
	tests := []struct {
		written, want string
		bad           bool
	}{
		{"plain", "plain", false},
		{"env:ANN", "ann's own pass-word", false},
		{"env:NONE", "", true},
		{"file:secret", "of a file", false},
		{"file:none", "", true},
		{"text:env:ANN", "env:ANN", false},
	}
	for _, tt := range tests {
		got, err := here.resolve(tt.written, filepath.Join(".", "m.yaml"))
		if got != tt.want || (err != nil) != tt.bad {
			t.Errorf("%s: got %q, %v; want %q", tt.written, got, err, tt.want)
		}
		if _, err := (Surroundings{}).resolve(tt.written, "m.yaml"); (err != nil) != (strings.HasPrefix(tt.written, "env:") || strings.HasPrefix(tt.written, "file:")) {
			t.Errorf("%s, nothing may be looked up: %v", tt.written, err)
		}
	}
	secret := SecretOf("hidden-word")
	if text := fmt.Sprintf("%v %+v %#v %s", secret, Member{Password: secret}, secret, secret.LogValue()); strings.Contains(text, "hidden-word") {
		t.Errorf("a secret prints itself: %s", text)
	}
}

func TestResolve(t *testing.T) {
	sent, err := Resolve([]File{{"m.yaml", []byte(example)}}, around)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Load(sent, Surroundings{})
	if err != nil {
		t.Fatalf("what is sent: %v", err)
	}
	want := mustLoad(t, example)
	if got.Organizations[0].Members[1].Password != want.Organizations[0].Members[1].Password || got.Provider.Mail.Password != want.Provider.Mail.Password {
		t.Error("secrets differ after Resolve")
	}
	_, err = Resolve([]File{{"m.yaml", []byte(org("    members: [{account: a, name: A, password: env:NOWHERE}]\n"))}}, around)
	if err == nil || !strings.Contains(err.Error(), "m.yaml:5:47") || !strings.Contains(err.Error(), "NOWHERE") {
		t.Errorf("a secret from nowhere: %v", err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(example)
	f.Add(org("    members: [{account: a, name: A, role: owner}]\n"))
	f.Add("version: 1\nprovider: &a {mail: *a}\n")
	catalogue, err := i18n.Load()
	if err != nil {
		f.Fatal(err)
	}
	read := func(file File, s Surroundings) (Document, error) {
		return load([]File{file}, s, &problems{catalogue: catalogue})
	}
	f.Fuzz(func(t *testing.T, text string) {
		file := File{"m.yaml", []byte(text)}
		if _, err := read(file, around); err != nil {
			return
		}
		// What was read once can be sent and is read there the same way.
		sent, err := Resolve([]File{file}, around)
		if err != nil {
			t.Fatalf("resolve: %v", err)
		}
		if _, err := read(sent[0], Surroundings{}); err != nil {
			t.Fatalf("what is sent: %v\n%s", err, sent[0].Data)
		}
	})
}

// A problem with a key that is not written is told at the block, once.
func TestProblemAtAnUnwrittenKey(t *testing.T) {
	c := &checker{problems: &problems{}}
	at := Position{File: "m.yaml", Line: 7, Column: 3, Path: "organizations[0]"}
	c.wrong(at, "name", "is too short")
	c.wrong(at, "name", "is something else")
	if got := c.problems.err().Error(); !strings.Contains(got, "m.yaml:7:3: organizations[0].name: is too short") || strings.Contains(got, "else") {
		t.Errorf("got %s", got)
	}
}
