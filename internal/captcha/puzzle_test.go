package captcha

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// seeded is a reader whose bytes follow from n, for pictures that repeat.
func seeded(n byte) io.Reader { return rand.NewChaCha8([32]byte{n}) }

func draw(t testing.TB, random io.Reader) Puzzle {
	t.Helper()
	p, err := Draw(random)
	if err != nil {
		t.Fatalf("Draw: %v", err)
	}
	return p
}

func decode(t testing.TB, data []byte) image.Image {
	t.Helper()
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("decode: %v", err)
	}
	return m
}

// Set CAPTCHA_PICTURES to a folder to look at what the tests judge.
func TestDrawKeepsItsMeasures(t *testing.T) {
	for n := range byte(12) {
		p := draw(t, seeded(n))
		if got, want := decode(t, p.Shadow).Bounds(), image.Rect(0, 0, Width, Height); got != want {
			t.Errorf("seed %d: shadow is %v, want %v", n, got, want)
		}
		if got, want := decode(t, p.Cut).Bounds(), image.Rect(0, 0, Piece, Piece); got != want {
			t.Errorf("seed %d: cut is %v, want %v", n, got, want)
		}
		if got, most := len(p.Shadow), 60_000; got > most {
			t.Errorf("seed %d: shadow has %d bytes, want at most %d", n, got, most)
		}
		if p.X < 80 || p.X > Width-Piece-margin || p.Y < margin || p.Y > Height-Piece-margin {
			t.Errorf("seed %d: hole at %d,%d leaves the picture or is too near", n, p.X, p.Y)
		}
		if dir := os.Getenv("CAPTCHA_PICTURES"); dir != "" && n < 8 {
			for name, data := range map[string][]byte{"shadow": p.Shadow, "cut": p.Cut} {
				if err := os.WriteFile(filepath.Join(dir, name+string('a'+rune(n))+".png"), data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

func TestDrawFollowsItsReader(t *testing.T) {
	a, again, b := draw(t, seeded(1)), draw(t, seeded(1)), draw(t, seeded(2))
	if !bytes.Equal(a.Shadow, again.Shadow) || !bytes.Equal(a.Cut, again.Cut) || a.X != again.X || a.Y != again.Y {
		t.Error("the same bytes gave two different puzzles")
	}
	if bytes.Equal(a.Shadow, b.Shadow) || bytes.Equal(a.Cut, b.Cut) {
		t.Error("different bytes gave the same pictures")
	}
	one := seeded(3)
	if x, y := draw(t, one), draw(t, one); bytes.Equal(x.Shadow, y.Shadow) {
		t.Error("two draws from one reader are equal")
	}
}

func TestDrawReportsAPoorReader(t *testing.T) {
	if _, err := Draw(bytes.NewReader(make([]byte, 31))); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, want %v", err, io.ErrUnexpectedEOF)
	}
}

func TestHolesGoEverywhere(t *testing.T) {
	dice := rand.New(rand.NewChaCha8([32]byte{7}))
	lowX, highX := Width, 0
	for range 5000 {
		h := place(dice)
		lowX, highX = min(lowX, h.x), max(highX, h.x)
	}
	if lowX != nearest || highX != Width-Piece-margin {
		t.Errorf("holes span %d to %d, want %d to %d", lowX, highX, nearest, Width-Piece-margin)
	}
}

// The piece must show what the picture showed in that place, apart from the
// change of brightness and the grain that cut adds on purpose.
func TestPieceFitsTheHole(t *testing.T) {
	for n := range byte(6) {
		dice := rand.New(rand.NewChaCha8([32]byte{n}))
		scene := paint(dice)
		hole := place(dice)
		whole, cut := scene.picture(dice), hole.cut(scene, dice)
		worst := 0.0
		for y := range Piece {
			for x := range Piece {
				if hole.depth(x, y) < 3 { // leave out the rim
					continue
				}
				want, got := whole.RGBAAt(hole.x+x, hole.y+y), cut.NRGBAAt(x, y)
				if got.A != 0xff {
					t.Fatalf("seed %d: the middle of the piece is transparent at %d,%d", n, x, y)
				}
				worst = max(worst, math.Abs(float64(got.G)-float64(want.G))-0.08*float64(want.G))
			}
		}
		if worst > 8 {
			t.Errorf("seed %d: the piece differs from the picture by %.0f levels beyond the change of brightness", n, worst)
		}
	}
}

func TestHoleIsPressedAndTheRestIsNot(t *testing.T) {
	dice := rand.New(rand.NewChaCha8([32]byte{4}))
	hole := place(dice)
	m := image.NewRGBA(image.Rect(0, 0, Width, Height))
	for i := range m.Pix {
		m.Pix[i] = 200
	}
	hole.press(m, dice)
	for y := range Height {
		for x := range Width {
			depth := hole.depth(x-hole.x, y-hole.y)
			got := m.RGBAAt(x, y).R
			if depth <= -0.5 && got != 200 {
				t.Fatalf("%d,%d outside the hole became %d", x, y, got)
			}
			if depth >= 0.5 && (got > 160 || got < 40) {
				t.Fatalf("%d,%d inside the hole became %d, want visibly darker but not black", x, y, got)
			}
		}
	}
}

func TestShapeStaysInItsBox(t *testing.T) {
	full := notch{sides: [4]side{bump, bump, bump, bump}}
	for i := range Piece {
		for _, p := range [][2]int{{i, -1}, {-1, i}, {i, Piece}, {Piece, i}} {
			if got := coverage(full.depth(p[0], p[1])); got != 0 {
				t.Errorf("coverage at %v is %.2f, want 0", p, got)
			}
		}
	}
	middle := Piece / 2
	for name, c := range map[string]struct {
		top    side
		inside [3]bool // at the rim of the knob, on the side, inside a bay
	}{
		"bump":  {bump, [3]bool{true, true, true}},
		"plain": {plain, [3]bool{false, true, true}},
		"bay":   {bay, [3]bool{false, false, false}},
	} {
		n := notch{sides: [4]side{c.top}}
		for i, y := range []int{3, 10, 14} {
			if got := n.depth(middle, y) > 0; got != c.inside[i] {
				t.Errorf("%s: row %d inside is %v, want %v", name, y, got, c.inside[i])
			}
		}
	}
}

func TestDecoysMisleadButDoNotCover(t *testing.T) {
	for n := range byte(200) {
		dice := rand.New(rand.NewChaCha8([32]byte{n, 1}))
		hole := place(dice)
		fakes := decoys(dice, hole)
		if len(fakes) == 0 || max(fakes[0].y-hole.y, hole.y-fakes[0].y) > 6 {
			t.Fatalf("seed %d: no decoy in the row of the hole: %v", n, fakes)
		}
		taken := []notch{hole}
		for _, d := range fakes {
			if d.touches(taken, Piece) {
				t.Errorf("seed %d: decoy %+v covers one of %+v", n, d, taken)
			}
			if d.sides == hole.sides {
				t.Errorf("seed %d: decoy has the shape of the hole", n)
			}
			if d.x < Piece || d.x+Piece > Width || d.y < margin || d.y+Piece > Height-margin {
				t.Errorf("seed %d: decoy at %d,%d leaves the picture", n, d.x, d.y)
			}
			taken = append(taken, d)
		}
	}
}

// The darkest window of a hole's size is what simple edge and brightness
// searches find; it must often be something else than the hole.
func TestBrightnessAloneDoesNotFindTheHole(t *testing.T) {
	const puzzles = 24
	found := 0
	for n := range byte(puzzles) {
		p := draw(t, rand.NewChaCha8([32]byte{n, 9}))
		if Solved(p.X, darkestColumn(decode(t, p.Shadow).(*image.RGBA), p.Y), 500) {
			found++
		}
	}
	if found > puzzles/2 {
		t.Errorf("brightness alone found %d of %d holes", found, puzzles)
	}
}

// darkestColumn is where a box in row y is darkest against its neighbours.
func darkestColumn(m *image.RGBA, y int) int {
	var column [Width]float64
	for x := range column {
		for dy := 10; dy < Piece-10; dy++ {
			column[x] += float64(m.RGBAAt(x, y+dy).G)
		}
	}
	best, at := math.Inf(1), 0
	for x := 20; x+Piece+12 < Width; x++ {
		inside, outside := 0.0, 0.0
		for dx := 12; dx < Piece-12; dx++ {
			inside += column[x+dx] / (Piece - 24)
		}
		for dx := range 12 {
			outside += (column[x-dx] + column[x+Piece+dx]) / 24
		}
		if contrast := inside / (outside + 1); contrast < best {
			best, at = contrast, x
		}
	}
	return at
}

func TestSolved(t *testing.T) {
	for _, c := range []struct {
		name             string
		want, got, slide int
		solved           bool
	}{
		{"exact", 120, 120, 800, true},
		{"five left", 120, 115, 800, true},
		{"five right", 120, 125, 800, true},
		{"six left", 120, 114, 800, false},
		{"six right", 120, 126, 800, false},
		{"no time", 120, 120, 0, false},
		{"negative time", 120, 120, -1, false},
		{"one millisecond", 120, 120, 1, true},
		{"five minutes", 120, 120, 300_000, true},
		{"longer", 120, 120, 300_001, false},
		{"endless", 120, 120, math.MaxInt, false},
		{"far right", 120, math.MaxInt, 800, false},
		{"far left", 120, math.MinInt, 800, false},
		{"negative answer", 120, -120, 800, false},
		{"no puzzle, largest", math.MaxInt, math.MinInt, 800, false},
		{"no puzzle, smallest", math.MinInt, math.MaxInt, 800, false},
		{"no puzzle, negative", -3, -3, 800, false},
	} {
		if got := Solved(c.want, c.got, c.slide); got != c.solved {
			t.Errorf("%s: Solved(%d, %d, %d) = %v, want %v", c.name, c.want, c.got, c.slide, got, c.solved)
		}
	}
}

func BenchmarkDraw(b *testing.B) {
	random := seeded(1)
	b.ReportAllocs()
	for b.Loop() {
		draw(b, random)
	}
}
