package meeting

import (
	"slices"
	"testing"
)

func TestVocabulary(t *testing.T) {
	v := vocabulary[int]{{"one", 1}, {"uno", 1}, {"two", 2}}
	if got, want := v.words(), []string{"one", "uno", "two"}; !slices.Equal(got, want) {
		t.Errorf("words: got %v, want %v", got, want)
	}
	for word, want := range map[string]int{"one": 1, "uno": 1, "two": 2, "TWO": 0, "": 0} {
		if got := v.meaning(word); got != want {
			t.Errorf("%q means %d, want %d", word, got, want)
		}
	}
	for means, want := range map[int]string{1: "one", 2: "two", 3: ""} {
		if got := v.word(means); got != want {
			t.Errorf("%d is %q, want %q", means, got, want)
		}
	}
}
