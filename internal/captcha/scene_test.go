package captcha

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestHSL(t *testing.T) {
	for _, c := range []struct {
		name                       string
		hue, saturation, lightness float64
		want                       tone
	}{
		{"red", 0, 1, 0.5, tone{1, 0, 0}},
		{"green", 1.0 / 3, 1, 0.5, tone{0, 1, 0}},
		{"blue", 2.0 / 3, 1, 0.5, tone{0, 0, 1}},
		{"blue, a turn earlier", 2.0/3 - 1, 1, 0.5, tone{0, 0, 1}},
		{"blue, two turns later", 2.0/3 + 2, 1, 0.5, tone{0, 0, 1}},
		{"grey has no hue", 0.4, 0, 0.25, tone{0.25, 0.25, 0.25}},
		{"white", 0.7, 1, 1, tone{1, 1, 1}},
		{"black", 0.7, 1, 0, tone{0, 0, 0}},
		{"pale yellow", 1.0 / 6, 0.5, 0.75, tone{0.875, 0.875, 0.625}},
	} {
		got := hsl(c.hue, c.saturation, c.lightness)
		for _, d := range []float32{got.r - c.want.r, got.g - c.want.g, got.b - c.want.b} {
			if math.Abs(float64(d)) > 1e-6 {
				t.Errorf("%s: got %v, want %v", c.name, got, c.want)
			}
		}
	}
}

func TestLevelRoundsWithGrainAndStaysInRange(t *testing.T) {
	for _, c := range []struct {
		value, grain float32
		want         uint8
	}{
		{0, 0, 0},
		{0, 0.99, 0},
		{-3, 0.5, 0},
		{0.5, 0.5, 128},
		{0.5, 0, 124},
		{1, 0.5, 252},
		{7, 0.99, 252},
	} {
		if got := level(c.value, c.grain); got != c.want {
			t.Errorf("level(%v, %v) = %d, want %d", c.value, c.grain, got, c.want)
		}
	}
}

func TestGrainIsEven(t *testing.T) {
	g := grains{dice: rand.New(rand.NewChaCha8([32]byte{5}))}
	var eighths [8]int
	const drawn = 80_000
	for range drawn {
		v := g.next()
		if v < 0 || v >= 1 {
			t.Fatalf("grain of %v", v)
		}
		eighths[int(v*8)]++
	}
	for i, n := range eighths {
		if n < drawn/8*9/10 || n > drawn/8*11/10 {
			t.Errorf("eighth %d has %d of %d", i, n, drawn)
		}
	}
}

func TestClothIsSmooth(t *testing.T) {
	c := cloth(rand.New(rand.NewChaCha8([32]byte{6})), 20, 16)
	for y := range Height {
		for x := range Width {
			v := c[y*Width+x]
			if v < 0 || v > 1 {
				t.Fatalf("cloth is %v at %d,%d", v, x, y)
			}
			// The steepest step of ease over 16 pixels is below a tenth.
			if x > 0 && math.Abs(float64(v-c[y*Width+x-1])) > 0.1 || y > 0 && math.Abs(float64(v-c[(y-1)*Width+x])) > 0.1 {
				t.Fatalf("cloth jumps at %d,%d", x, y)
			}
		}
	}
}

func TestSceneLeavesNoPointUnpainted(t *testing.T) {
	for n := range byte(20) {
		s := paint(rand.New(rand.NewChaCha8([32]byte{n, 2})))
		for i, c := range s.at {
			if c == (tone{}) {
				t.Fatalf("seed %d: nothing at %d,%d", n, i%Width, i/Width)
			}
		}
	}
}
