package config

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

func TestSettingsAreDocumented(t *testing.T) {
	name := regexp.MustCompile(`^ORGATE_[A-Z]+(_[A-Z]+)*$`)
	seen := map[string]bool{}
	for _, s := range Settings() {
		if !name.MatchString(s.Env) || seen[s.Env] {
			t.Errorf("setting %q is misnamed or there twice", s.Env)
		}
		seen[s.Env] = true
		if s.Doc == "" || s.Doc[len(s.Doc)-1] != '.' || s.Shown == "" {
			t.Errorf("%s: doc %q, default shown %q: want a sentence and a default", s.Env, s.Doc, s.Shown)
		}
	}
	if len(seen) != 16 {
		t.Errorf("there are %d settings, want 16: change the manual's tests with them", len(seen))
	}
}

func TestOneNameInThreeSpellings(t *testing.T) {
	for _, s := range Settings() {
		if s.Env == "ORGATE_OPS_LISTEN" {
			if s.Key != "ops_listen" || s.Flag != "ops-listen" || s.Default != "127.0.0.1:8081" {
				t.Errorf("setting = %+v, want key ops_listen and flag ops-listen", s)
			}
			return
		}
	}
	t.Error("ORGATE_OPS_LISTEN is missing")
}

// TestDefaultsParse catches a default in a tag that its own type refuses.
func TestDefaultsParse(t *testing.T) {
	for _, f := range fields() {
		if f.Default == "" {
			continue
		}
		c := Default()
		if err := assign(c.field(f), f.Default); err != nil {
			t.Errorf("default of %s: %v", f.Env, err)
		}
	}
}

// TestGeneratedFiles fails when a setting was changed and go generate not run.
func TestGeneratedFiles(t *testing.T) {
	for name, want := range map[string]string{"configuration.md": Manual(), "orgate.example.yaml": Example()} {
		got, err := os.ReadFile(filepath.Join("..", "..", "docs", name))
		if err != nil || string(got) != want {
			t.Errorf("docs/%s is stale (%v): run go generate ./internal/config", name, err)
		}
	}
}

func TestTheExampleChangesNothing(t *testing.T) {
	values, problems := parseFile("example", []byte(Example()))
	if len(values) != 0 || problems != nil {
		t.Errorf("example = %v, %v, want only comments", values, problems)
	}
	// With the comment signs of its settings taken away it is still valid.
	lines := regexp.MustCompile(`(?m)^# ([a-z_]+:)`).ReplaceAllString(Example(), "$1")
	values, problems = parseFile("example", []byte(lines))
	if len(values) != len(Settings())-1 || problems != nil {
		t.Errorf("example = %d settings, %v, want all of them", len(values), problems)
	}
}

func TestNearest(t *testing.T) {
	names := []string{"listen", "ops_listen", "log", "log_format"}
	for name, want := range map[string]string{"listn": "listen", "lisen": "listen", "logformat": "log_format", "database": "", "": ""} {
		if got := nearest(name, names); got != want {
			t.Errorf("nearest(%q) = %q, want %q", name, got, want)
		}
	}
}
