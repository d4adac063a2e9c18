package meeting

import (
	"encoding/json"
	"testing"
	"unicode/utf8"
)

func TestWriter(t *testing.T) {
	j := &writer{}
	j.begin()
	j.text("a", "1")
	j.name("o")
	j.begin()
	j.flag("t", true)
	j.nulls("x", "y")
	j.end()
	j.number("n", -5)
	j.textOrNull("e", "")
	j.textOrNull("f", "<&>")
	j.end()
	const want = `{"a":"1","o":{"t":true,"x":null,"y":null},"n":-5,"e":null,"f":"<&>"}`
	if got := string(j.b); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// FuzzQuoted: what is written is read again by encoding/json, and is the same
// unless it was no UTF-8.
func FuzzQuoted(f *testing.F) {
	for _, seed := range []string{"", `a"b\c`, "\n\r\t\x00\x1f\x7f", "中😀", "a\xffb\xc3", "\u2028<&>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		raw := appendQuoted([]byte{}, text)
		var got string
		if err := json.Unmarshal(raw, &got); err != nil || !utf8.Valid(raw) {
			t.Fatalf("%q is written as %q: %v", text, raw, err)
		}
		want := text
		if !utf8.ValidString(text) {
			want = string([]rune(text))
		}
		if got != want {
			t.Errorf("%q is read again as %q", text, got)
		}
	})
}
