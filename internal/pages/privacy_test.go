package pages

import (
	"reflect"
	"strings"
	"testing"
)

func TestBlocks(t *testing.T) {
	body := "First\r\nline\n\n\n# Head\n- one\n- two\nafter\n\nlast"
	want := []Block{
		{Lines: []string{"First", "line"}}, {Heading: "Head"}, {Points: []string{"one", "two"}}, {Lines: []string{"after"}}, {Lines: []string{"last"}},
	}
	if got := (Privacy{Body: body}).Blocks(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func FuzzBlocks(f *testing.F) {
	for _, body := range []string{"", "- a", "# b", "a\n\n- b\n# c", "#\n-\n", "\r\n\r"} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, b := range (Privacy{Body: body}).Blocks() {
			parts := append(append([]string{b.Heading}, b.Lines...), b.Points...)
			for _, part := range parts {
				if strings.Contains(part, "\n") || !strings.Contains(body, part) {
					t.Errorf("%q has no %q", body, part)
				}
			}
		}
	})
}
