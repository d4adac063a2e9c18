package captcha

import (
	"image"
	"image/color"
	"math/rand/v2"
	"testing"
)

// The standard decoder judges the encoder, checksums included.
func TestEncodeIsReadBack(t *testing.T) {
	dice := rand.New(rand.NewChaCha8([32]byte{8}))
	for _, size := range []image.Point{{1, 1}, {1, 7}, {9, 1}, {Width, Height}} {
		m := image.NewRGBA(image.Rectangle{Max: size})
		for y := range size.Y {
			for x := range size.X {
				m.SetRGBA(x, y, color.RGBA{uint8(dice.Uint32()), uint8(x), uint8(dice.Uint32()), 0xff})
			}
		}
		data, err := encode(m)
		if err != nil {
			t.Fatalf("%v: %v", size, err)
		}
		got := decode(t, data)
		if got.Bounds() != m.Bounds() {
			t.Fatalf("got %v, want %v", got.Bounds(), m.Bounds())
		}
		for y := range size.Y {
			for x := range size.X {
				if g, w := color.RGBAModel.Convert(got.At(x, y)), m.RGBAAt(x, y); g != w {
					t.Fatalf("%v: at %d,%d got %v, want %v", size, x, y, g, w)
				}
			}
		}
	}
}
