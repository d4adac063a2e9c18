package e2e_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

// commands is every command of the command line.
var commands = []string{
	"serve", "demo", "plan", "apply", "export", "manifest schema", "sign", "admin token create", "admin token list",
	"admin token revoke", "admin reset-password", "migrate", "backup", "restore", "trace", "keys list", "keys rotate",
	"doctor", "version",
}

func TestHelp(t *testing.T) {
	house := harness.New(t, harness.Options{Empty: true})
	for _, command := range commands {
		r := house.Run(t, append(strings.Fields(command), "--help")...).Want(t, 0)
		if _, example, found := strings.Cut(r.Out, "Example:"); !found || !strings.Contains(example, " orgate "+command) {
			t.Errorf("orgate %s --help has no example:\n%s", command, r.Out)
		}
	}
	// The list above is all there is.
	listed := regexp.MustCompile(`(?m)^  ([a-z][a-z-]*(?: [a-z][a-z-]*)*)(?:\s{2,}| <|$| \(| -)`)
	for _, found := range listed.FindAllStringSubmatch(house.Run(t, "--help").Want(t, 0).Out, -1) {
		if !slices.ContainsFunc(commands, func(c string) bool { return c == found[1] || strings.HasPrefix(c, found[1]+" ") }) {
			t.Errorf("orgate %s is not tested", found[1])
		}
	}
}

// TestExitStatus: 0 done, 1 failed, 2 wrong usage; errors are one line on
// standard error.
func TestExitStatus(t *testing.T) {
	house := harness.New(t, harness.Options{})
	broken := house.Write(t, "broken.yaml", "version: 1\norganizations:\n  - {code: x, name: X, colour: red}\n")
	taken := house.Write(t, "taken.yaml", "version: 1\norganizations:\n  - {code: x, name: X, domain: acme.example}\n")
	for _, c := range []struct {
		name   string
		args   []string
		status int
		says   string
	}{
		{"a plan for what somebody else has", []string{"plan", "-f", taken}, 1, "taken.yaml:3:"},
		{"an apply of what somebody else has", []string{"apply", "-f", taken}, 1, "taken.yaml:3:"},
		{"no such command", []string{"dance"}, 2, "dance"},
		{"no such flag", []string{"version", "--colour"}, 2, "colour"},
		{"a flag is missing", []string{"plan"}, 2, "file"},
		{"an argument is missing", []string{"trace"}, 2, "code"},
		{"no such file", []string{"plan", "-f", "missing.yaml"}, 1, "missing.yaml"},
		{"an unknown key", []string{"apply", "-f", broken}, 1, "broken.yaml"},
		{"no such story", []string{"trace", "AAAAAAAA"}, 1, ""},
		{"no such account", []string{"admin", "reset-password", "nobody@acme.example"}, 1, ""},
		{"no such token", []string{"admin", "token", "revoke", "nothing"}, 1, ""},
		{"a remote without token", []string{"export", "--server", "http://127.0.0.1:1"}, 2, "--token"},
		{"a setting that is none", []string{"doctor", "--log", "loud"}, 1, "ORGATE_LOG"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := house.Run(t, c.args...).Want(t, c.status)
			if r.Out != "" || strings.Count(r.Err, "\n") != 1 || !strings.HasPrefix(r.Err, "orgate: ") {
				t.Errorf("got %q on standard output and %q on standard error, want one line there", r.Out, r.Err)
			}
			if !strings.Contains(r.Err, c.says) {
				t.Errorf("%q does not name %q", r.Err, c.says)
			}
		})
	}
	t.Run("version", func(t *testing.T) {
		if r := house.Run(t, "version").Want(t, 0); !strings.HasPrefix(r.Out, "orgate ") || !strings.Contains(r.Out, "go1.") {
			t.Errorf("got %q", r.Out)
		}
	})
	t.Run("doctor", func(t *testing.T) {
		r := house.Run(t, "doctor").Want(t, 0)
		for _, word := range []string{"database:", "rows: trees, counts and memberships agree", "mail: 127.0.0.1 answers", "administrators: 1"} {
			if !strings.Contains(r.Out, word) {
				t.Errorf("doctor does not say %q:\n%s", word, r.Out)
			}
		}
	})
}

// TestManifestIsRepeatable: what was applied needs no change, in whatever way
// one asks.
func TestManifestIsRepeatable(t *testing.T) {
	onEach(t, func(t *testing.T, o harness.Options) {
		house := harness.New(t, o)
		file := house.Dir + "/orgate.yaml"
		unchanged := func(what string, args ...string) {
			t.Helper()
			if r := house.Run(t, args...).Want(t, 0); strings.TrimSpace(r.Out) != "no changes" {
				t.Errorf("%s: got %q, want no changes", what, r.Out)
			}
		}
		unchanged("plan after apply", "plan", "-f", file)
		unchanged("plan --prune after apply", "plan", "--prune", "-f", file)
		unchanged("apply again", "apply", "-f", file)

		export := house.Run(t, "export").Want(t, 0).Out
		for _, secret := range []string{
			string(harness.AcmeApp().Key), string(harness.SPApp().Key), harness.Password(harness.Alice), "argon2", "$argon",
		} {
			if strings.Contains(export, secret) {
				t.Errorf("the export shows %q", secret)
			}
		}
		unchanged("export | plan", "plan", "-f", house.Write(t, "export.yaml", export))
		unchanged("export | plan --prune", "plan", "--prune", "-f", house.Dir+"/export.yaml")
		piped := house.RunWith(t, harness.Command{Args: []string{"plan", "-f", "/dev/stdin"}, Input: export}).Want(t, 0)
		if strings.TrimSpace(piped.Out) != "no changes" {
			t.Errorf("a manifest from standard input: got %q, want no changes", piped.Out)
		}

		// The same through a running server.
		n := house.Start(t)
		remote := []string{"--server", n.URL, "--token", apiToken(t, house, "")}
		unchanged("plan at the server", append([]string{"plan", "-f", file}, remote...)...)
		changed := house.Write(t, "changed.yaml", strings.Replace(export, "Research", "Research and so on", 1))
		r := house.Run(t, append([]string{"apply", "-f", changed}, remote...)...).Want(t, 0)
		if !strings.Contains(r.Out, "Research → Research and so on") {
			t.Errorf("a change is not told: %q", r.Out)
		}
		if r := house.Run(t, append([]string{"export"}, remote...)...).Want(t, 0); !strings.Contains(r.Out, "Research and so on") {
			t.Errorf("the export of the server lacks the change:\n%s", r.Out)
		}
	})
}

func TestManifestSchema(t *testing.T) {
	house := harness.New(t, harness.Options{Empty: true})
	var schema struct {
		Schema     string                     `json:"$schema"`
		Properties map[string]json.RawMessage `json:"properties"`
	}
	if err := json.Unmarshal([]byte(house.Run(t, "manifest", "schema").Want(t, 0).Out), &schema); err != nil {
		t.Fatal(err)
	}
	if schema.Schema == "" || schema.Properties["organizations"] == nil || schema.Properties["provider"] == nil {
		t.Errorf("got %+v", schema)
	}
}

// TestAdministratorsRescue: the command line works beside a running server,
// which learns of it within a second.
func TestAdministratorsRescue(t *testing.T) {
	onEach(t, func(t *testing.T, o harness.Options) {
		house := harness.New(t, o)
		n := house.Start(t)
		token := n.SignIn(t, harness.Alice)
		made := house.Run(t, "admin", "reset-password", harness.Alice).Want(t, 0)
		password, _, _ := strings.Cut(made.Out, "\n")
		house.Secret(password)
		harness.Until(t, spread, "tokens of before are refused", func() bool { return n.Validate(t, token.AccessToken).Status == 401 })
		var again harness.Token
		n.Do(t, harness.PasswordCall(harness.Alice, password, 72)).Want(t, 200, "").Into(t, &again)
		if !again.FirstLogin {
			t.Error("a password that somebody else chose need not be changed")
		}

		word := apiToken(t, house, "")
		list := harness.Call{Path: "/api/v1/organizations", Header: bearer(word)}
		n.Do(t, list).Want(t, 200, "")
		house.Run(t, "admin", "token", "revoke", "test-").Want(t, 0)
		harness.Until(t, spread, "the API token is refused", func() bool { return n.Do(t, list).Status == 401 })
	})
}
