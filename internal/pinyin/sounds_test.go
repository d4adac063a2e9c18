package pinyin

import (
	"strings"
	"testing"
	"unicode"

	dictionary "github.com/mozillazg/go-pinyin"
)

// TestSounds compares the table with the one that it is made from, for every
// character that there is.
func TestSounds(t *testing.T) {
	known := 0
	for r := rune(-1); r <= unicode.MaxRune+1; r++ {
		want := strings.Join(dictionary.SinglePinyin(r, dictionary.Args{Style: dictionary.Normal}), "")
		if want != "" {
			known++
		}
		if got := soundOf(r); got != want {
			t.Fatalf("%U sounds like %q, want %q: run go generate ./internal/pinyin", r, got, want)
		}
	}
	if known != len(dictionary.PinyinDict) {
		t.Errorf("%d characters of %d were compared", known, len(dictionary.PinyinDict))
	}
}

func TestSoundsTakeNoMemory(t *testing.T) {
	if got := testing.AllocsPerRun(1000, func() { soundOf('张') }); got > 0 {
		t.Errorf("looking up a character allocates %g times", got)
	}
}
