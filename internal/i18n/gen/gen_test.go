package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/i18n"
)

var (
	internal = filepath.Join("..", "..")
	docs     = filepath.Join("..", "..", "..", "docs")
)

func TestPagesAreUpToDate(t *testing.T) {
	made, err := pages(internal)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range made {
		got, err := os.ReadFile(filepath.Join(docs, name))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("docs/%s is not what the sources say: run go generate ./internal/i18n", name)
		}
	}
}

func TestRunWritesThePages(t *testing.T) {
	folder := t.TempDir()
	if err := run(internal, folder); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"errors.md", "audit-events.md"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Error(err)
		}
	}
	if err := run(t.TempDir(), folder); err == nil {
		t.Error("run on an empty folder: got no error, want one")
	}
}

// Each audit event is told in every language, and no sentence tells of an
// event that there is not.
func TestEveryEventHasASentence(t *testing.T) {
	c, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	s, err := read(internal)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, event := range s.events {
		known["event."+event.value] = true
	}
	for _, language := range i18n.Languages() {
		for key := range known {
			if !c.Has(language, key) {
				t.Errorf("messages/%s.json lacks %q", language, key)
			}
		}
		for _, key := range c.Keys(language) {
			if strings.HasPrefix(key, "event.") && !known[key] {
				t.Errorf("messages/%s.json has %q, but internal/audit has no such event", language, key)
			}
		}
	}
}

func TestRead(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"codes.go":  "package fault\n\nconst (\n\tCodeA Code = \"a\"\n\tCodeB Code = \"b\" // param n\n\tOther = \"c\"\n)\n",
		"events.go": "package audit\n\nconst (\n\t// Done: it was\n\t// done.\n\tDone Type = \"thing.done\"\n)\n",
		"use.go": "package use\n\nvar x = fault.New(fault.Invalid, fault.CodeA)\nvar y = fault.New(fault.Conflict, fault.CodeA).At(\"z\")\n" +
			"var z = fault.New(kind, fault.CodeB)\n",
		"use_test.go": "package use\n\nvar t = fault.New(fault.Stale, fault.CodeB)\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := read(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.codes) != 2 || s.codes[1].value != "b" {
		t.Errorf("got codes %v, want a and b", s.codes)
	}
	if len(s.events) != 1 || s.events[0] != (constant{"Done", "thing.done", "it was done."}) {
		t.Errorf("got events %v, want thing.done: it was done.", s.events)
	}
	if got := strings.Join(s.kinds["CodeA"], " "); got != "Conflict Invalid" {
		t.Errorf("got kinds of CodeA %q, want %q", got, "Conflict Invalid")
	}
	if got := s.kinds["CodeB"]; got != nil {
		t.Errorf("got kinds of CodeB %q, want none", got)
	}
}

func TestCell(t *testing.T) {
	if got, want := cell("a|b\n<c>"), `a\|b &lt;c>`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
