package harness

import (
	"bytes"
	"crypto/rand"
	"image"
	"testing"

	"github.com/orgate/orgate/internal/captcha"
)

// TestSlide keeps the search good enough for the tests that need it: of a
// dozen puzzles one must practically always be solved.
func TestSlide(t *testing.T) {
	const puzzles = 40
	solved := 0
	for range puzzles {
		p, err := captcha.Draw(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		shadow, _, err := image.Decode(bytes.NewReader(p.Shadow))
		if err != nil {
			t.Fatal(err)
		}
		cut, _, err := image.Decode(bytes.NewReader(p.Cut))
		if err != nil {
			t.Fatal(err)
		}
		if captcha.Solved(p.X, Slide(shadow, cut, p.Y), 500) {
			solved++
		}
	}
	t.Logf("solved %d of %d", solved, puzzles)
	if solved < puzzles/3 {
		t.Errorf("solved %d of %d puzzles, want at least %d", solved, puzzles, puzzles/3)
	}
}
