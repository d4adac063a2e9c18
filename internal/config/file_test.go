package config

import (
	"strings"
	"testing"
)

func TestParseFile(t *testing.T) {
	tests := []struct{ name, yaml, want string }{
		{"unknown key", "log: info\nnonsense: 1", "orgate.yaml line 2: the key \"nonsense\" is unknown"},
		{"a key near another", "ops-listen: off", "did you mean ops_listen?"},
		{"the file names a file", "config: other.yaml", "the key \"config\" is unknown"},
		{"key twice", "log: info\nlog: debug", "the key log is there twice"},
		{"mapping as value", "log: {level: info}", "neither a text nor a list"},
		{"list of lists", "egress_allow: [[a]]", "neither a text nor a list"},
		{"alias", "log: &a info\nlog_format: *a", "neither a text nor a list"},
		{"two documents", "log: info\n---\nlog: debug", "more than one document"},
		{"a list at the root", "- log", "no keys with values"},
		{"not YAML", "log: [", "did not find"},
		{"a merge key", "<<: {log: info}", "is unknown"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, problems := parseFile("orgate.yaml", []byte(test.yaml))
			if len(problems) != 1 || !strings.Contains(problems.Error(), test.want) {
				t.Errorf("problems = %v, want one with %q", problems, test.want)
			}
		})
	}
}

func TestParseFileWithNothingInIt(t *testing.T) {
	for _, yaml := range []string{"", "# only a comment\n", "null", "~", "log:\n"} {
		values, problems := parseFile("orgate.yaml", []byte(yaml))
		if problems != nil || values["log"].text != "" {
			t.Errorf("parseFile(%q) = %v, %v, want nothing", yaml, values, problems)
		}
	}
}

func FuzzParseFile(f *testing.F) {
	f.Add([]byte("log: info\negress_allow: [a, b]\n"))
	f.Add([]byte(Example()))
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		values, problems := parseFile("f", raw)
		for key := range values {
			if _, ok := checkKey(key, nil); !ok {
				t.Errorf("parseFile(%q) kept the unknown key %q", raw, key)
			}
		}
		for _, p := range problems {
			if p.Remedy == "" || p.What == "" {
				t.Errorf("parseFile(%q): problem without a remedy: %v", raw, p)
			}
		}
	})
}

func FuzzAssign(f *testing.F) {
	for _, seed := range []string{"https://id.example", "10.0.0.0/8", "postgres://a@b/c", "sqlite:x", "full", "::/0", "http://[::1]:80"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range fields() {
			c := Default()
			if err := assign(c.field(s), text); err != nil {
				continue
			}
			// Whatever parses is also fit to be checked and printed.
			_ = c.check(nil)
			if u := c.BaseURL; u != nil && u.User != nil {
				t.Errorf("base URL %q keeps a user", text)
			}
		}
	})
}
