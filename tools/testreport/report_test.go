package main

import (
	"strings"
	"testing"
)

func TestTell(t *testing.T) {
	tests := []struct {
		name  string
		input string
		want  counts
		shown []string
		quiet []string
	}{
		{
			name: "passing tests say nothing but their package",
			input: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"chatter\n"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Elapsed":1.25}`,
			want:  counts{passed: 1},
			shown: []string{"ok    p (1.2s)"},
			quiet: []string{"chatter"},
		},
		{
			name: "a failed test shows its output",
			input: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"=== RUN   TestA\n"}
{"Action":"output","Package":"p","Test":"TestA","Output":"a_test.go:1: got 1, want 2\n"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p"}`,
			want:  counts{failed: 1},
			shown: []string{"FAIL  p TestA", "got 1, want 2"},
			quiet: []string{"=== RUN"},
		},
		{
			name: "a skipped test is counted and named with its reason",
			input: `{"Action":"run","Package":"p","Test":"TestA/sub"}
{"Action":"output","Package":"p","Test":"TestA/sub","Output":"a_test.go:1: no database\n"}
{"Action":"skip","Package":"p","Test":"TestA/sub"}
{"Action":"pass","Package":"p"}`,
			want:  counts{skipped: 1},
			shown: []string{"SKIP  p TestA/sub", "no database"},
		},
		{
			name:  "a package without test files is no skipped test",
			input: `{"Action":"skip","Package":"p"}`,
			want:  counts{},
		},
		{
			name: "a package that does not compile is a failure",
			input: `{"ImportPath":"p","Action":"build-output","Output":"p.go:1: undefined: x\n"}
{"ImportPath":"p","Action":"build-fail"}
{"Action":"fail","Package":"p","FailedBuild":"p"}`,
			want:  counts{failed: 1},
			shown: []string{"undefined: x"},
		},
		{
			name: "a test that never ended is a failure",
			input: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"panic: boom\n"}
{"Action":"fail","Package":"p"}`,
			want:  counts{failed: 1},
			shown: []string{"did not end", "panic: boom"},
		},
		{
			name:  "what is no event is passed on",
			input: "go: no such module\n",
			want:  counts{},
			shown: []string{"go: no such module"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out strings.Builder
			got, err := tell(strings.NewReader(tt.input), &out)
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
			for _, s := range tt.shown {
				if !strings.Contains(out.String(), s) {
					t.Errorf("output lacks %q:\n%s", s, out.String())
				}
			}
			for _, s := range tt.quiet {
				if strings.Contains(out.String(), s) {
					t.Errorf("output should not show %q:\n%s", s, out.String())
				}
			}
		})
	}
}
