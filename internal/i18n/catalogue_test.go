package i18n

import (
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
)

func load(t testing.TB) *Catalogue {
	t.Helper()
	if err := Check(); err != nil {
		t.Fatalf("Check: %v", err)
	}
	c, err := Load()
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	return c
}

// sample makes a catalogue from two small files.
func sample(t *testing.T, english, chinese string) *Catalogue {
	t.Helper()
	c := &Catalogue{languages: map[Language]func() *sentences{}}
	for lang, text := range map[Language]string{EnUS: english, ZhCN: chinese} {
		s, err := parse(lang, []byte(text))
		if err != nil {
			t.Fatalf("parse %s: %v", lang, err)
		}
		c.languages[lang] = func() *sentences { return s }
	}
	return c
}

func TestText(t *testing.T) {
	c := sample(t,
		`{"a": "Plain.", "b": "Hello {{.name}}.", "only": "English only.",
		  "n": {"plural": "n", "one": "{{.n}} person", "other": "{{.n}} people"}, "l": "One of {{.choices}}.",
		  "f": "Write {{.want}}.", "want.x": "an x"}`,
		`{"a": "普通。", "b": "{{.name}}，您好。", "n": "{{.n}} 人", "l": "可选：{{.choices}}。",
		  "f": "应为{{.want}}。", "want.x": "某物"}`)
	tests := []struct {
		name   string
		lang   Language
		key    string
		params map[string]any
		want   string
	}{
		{"plain", EnUS, "a", nil, "Plain."},
		{"plain in Chinese", ZhCN, "a", nil, "普通。"},
		{"filled", EnUS, "b", map[string]any{"name": "Li"}, "Hello Li."},
		{"filled in Chinese", ZhCN, "b", map[string]any{"name": "李"}, "李，您好。"},
		{"a missing parameter leaves a gap", EnUS, "b", nil, "Hello …."},
		{"a superfluous parameter is ignored", EnUS, "b", map[string]any{"name": "Li", "x": 1}, "Hello Li."},
		{"a parameter is not a template", EnUS, "b", map[string]any{"name": "{{.x}}"}, "Hello {{.x}}."},
		{"one", EnUS, "n", map[string]any{"n": 1}, "1 person"},
		{"many", EnUS, "n", map[string]any{"n": 3}, "3 people"},
		{"Chinese has one form", ZhCN, "n", map[string]any{"n": 1}, "1 人"},
		{"a count that is no number", EnUS, "n", map[string]any{"n": struct{}{}}, "{} people"},
		{"a count that is missing", EnUS, "n", nil, "… people"},
		{"a list", EnUS, "l", map[string]any{"choices": []string{"a", "b"}}, "One of a, b."},
		{"a list in Chinese", ZhCN, "l", map[string]any{"choices": []string{"a", "b"}}, "可选：a、b。"},
		{"a description", EnUS, "f", map[string]any{"want": "want.x"}, "Write an x."},
		{"a description in Chinese", ZhCN, "f", map[string]any{"want": "want.x"}, "应为某物。"},
		{"a parameter is no other key", EnUS, "f", map[string]any{"want": "a"}, "Write a."},
		{"missing in Chinese", ZhCN, "only", nil, "English only."},
		{"missing everywhere", ZhCN, "nowhere", nil, "nowhere"},
		{"unknown language", "fr-FR", "a", nil, "Plain."},
		{"no key", EnUS, "", nil, "…"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := c.Text(test.lang, test.key, test.params); got != test.want {
				t.Errorf("Text(%s, %q) = %q, want %q", test.lang, test.key, got, test.want)
			}
		})
	}
}

func TestFault(t *testing.T) {
	c := load(t)
	tests := []struct {
		name  string
		fault *fault.Error
		want  string
	}{
		{"its parameters", fault.New(fault.Invalid, fault.CodeFieldRange).With("min", 1).With("max", 9), "from 1 to 9"},
		{"its field", fault.New(fault.Invalid, fault.CodeFieldMissing).At("name"), "“name”"},
		{"a parameter goes before the field", fault.New(fault.Invalid, fault.CodeFieldMissing).At("a").With("field", "b"), "“b”"},
		{"plural", fault.New(fault.TooMany, fault.CodeLocked).With("seconds", 1), "1 more second."},
		{"nil", nil, "because of a fault on this server"},
		{"unknown code", fault.New(fault.Internal, "no_such_code"), "fault.no_such_code"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := c.Fault(EnUS, test.fault); !strings.Contains(got, test.want) {
				t.Errorf("Fault = %q, want it to contain %q", got, test.want)
			}
		})
	}
}

func TestFaultNeverShowsItsCause(t *testing.T) {
	c := load(t)
	f := fault.New(fault.Internal, fault.CodeInternal).Because(fault.New(fault.Internal, "password=hunter2"))
	for _, lang := range Languages() {
		if got := c.Fault(lang, f); strings.Contains(got, "hunter2") {
			t.Errorf("Fault(%s) = %q shows the cause", lang, got)
		}
	}
}

func TestKeysHasAndParams(t *testing.T) {
	c := sample(t, `{"b": "B {{.y}} {{.x}} {{.y}}", "a": "A"}`, `{"a": "甲"}`)
	if got, want := strings.Join(c.Keys(EnUS), " "), "a b"; got != want {
		t.Errorf("Keys = %q, want %q", got, want)
	}
	if got, want := strings.Join(c.Params(EnUS, "b"), " "), "x y"; got != want {
		t.Errorf("Params = %q, want %q", got, want)
	}
	for _, test := range []struct {
		lang Language
		key  string
		want bool
	}{{EnUS, "a", true}, {EnUS, "b", true}, {ZhCN, "b", false}, {ZhCN, "a", true}, {"fr-FR", "a", false}} {
		if got := c.Has(test.lang, test.key); got != test.want {
			t.Errorf("Has(%s, %s) = %v, want %v", test.lang, test.key, got, test.want)
		}
	}
	if got := c.Keys("fr-FR"); len(got) != 0 {
		t.Errorf("Keys of an unknown language = %q, want none", got)
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"no object", `[]`, "one JSON object"},
		{"no JSON", ``, "one JSON object"},
		{"a key twice", `{"a": "x", "a": "y"}`, "a: written twice"},
		{"no text", `{"a": ""}`, "a: no text"},
		{"a number", `{"a": 1}`, "a: "},
		{"an unknown form", `{"a": {"plural": "n", "two": "x", "other": "y"}}`, "two"},
		{"forms without a count", `{"a": {"one": "x", "other": "y"}}`, `need "plural"`},
		{"a template action", `{"a": "{{len .x}}"}`, "a placeholder is written"},
		{"an unclosed placeholder", `{"a": "{{.x"}`, "a placeholder is written"},
		{"an unfinished file", `{"a": "x"`, "EOF"},
		{"text behind the end", `{"a": "x"} {}`, "after the end"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := parse(EnUS, []byte(test.text))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("parse(%s) = %v, want an error with %q", test.text, err, test.want)
			}
		})
	}
}

func TestPlainSentencesDoNotAllocate(t *testing.T) {
	c := load(t)
	f := fault.New(fault.Forbidden, fault.CodeForbidden)
	got := testing.AllocsPerRun(100, func() {
		c.Text(ZhCN, "fault.forbidden", nil)
		c.Fault(ZhCN, f)
	})
	if got != 0 {
		t.Errorf("allocations = %v, want 0", got)
	}
}

func BenchmarkFaultWithParameters(b *testing.B) {
	c := load(b)
	f := fault.New(fault.Invalid, fault.CodeFieldRange).With("min", 1).With("max", 9)
	for b.Loop() {
		c.Fault(EnUS, f)
	}
}
