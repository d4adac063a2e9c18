package trace

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestDifference(t *testing.T) {
	const one, other = "https://wiki.example/callback", "http://localhost/cb"
	tests := []struct {
		name, received, want string
	}{
		{"the same", one, one},
		{"a slash at the end", one + "/", `(differs from character 30 on: "/" instead of its end) ` + one + "/"},
		{"cut", "https://wiki.example/", `(differs from character 22 on: its end instead of "callback") https://wiki.example/`},
		{"another case", "https://wiki.example/Callback", `(differs from character 22 on: "Callback" instead of "callback") https://wiki.example/Callback`},
		{"nearer to the other", "http://localhost:80/cb", `(differs from character 17 on: ":80/cb" instead of "/cb") http://localhost:80/cb`},
		{"nothing alike", "urn:x", "urn:x"},
		{"empty", "", ""},
		{"long", "https://" + strings.Repeat("x", 40), `(differs from character 9 on: "xxxxxxxxxxxxxxxxxxxxxxx…" instead of "wiki.example/callback") https://` + strings.Repeat("x", 40)},
	}
	for _, tt := range tests {
		d := Difference([]string{one, other}, tt.received)
		if d.Received != tt.want || d.Expected != one+" | "+other {
			t.Errorf("%s: got %+v, want %s", tt.name, d, tt.want)
		}
	}
	if d := Difference(nil, "x"); d != (Detail{Received: "x"}) {
		t.Errorf("nothing expected: got %+v", d)
	}
	if d := Difference([]string{"é"}, "è"); d.Received != "è" { // one byte alike is no character alike
		t.Errorf("half a character: got %+v", d)
	}
}

func FuzzDifference(f *testing.F) {
	f.Add("https://a.example/cb", "https://a.example/cb/")
	f.Add("é", "è")
	f.Fuzz(func(t *testing.T, expected, received string) {
		d := Difference([]string{expected}, received)
		if !strings.HasSuffix(d.Received, received) {
			t.Errorf("%q hides what came: %q", received, d.Received)
		}
		if utf8.ValidString(expected) && utf8.ValidString(received) && !utf8.ValidString(d.Received) {
			t.Errorf("broken UTF-8: %q", d.Received)
		}
	})
}
