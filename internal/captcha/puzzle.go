package captcha

import (
	"bytes"
	"fmt"
	"image/png"
	"io"
	"math/rand/v2"
)

// The measures of a puzzle in pixels; clients lay out their sliders by them.
const (
	Width  = 320 // of the picture
	Height = 160 // of the picture
	Piece  = 56  // both sides of the box around the piece, knobs included

	// nearest keeps the hole away from the left edge, where the piece starts:
	// a slide that hardly moves must never be right.
	nearest = 80
	// margin keeps hole and decoys away from the other edges.
	margin = 6
)

const (
	tolerance = 5             // pixels either way, Meeting API 4.13
	slowest   = 5 * 60 * 1000 // milliseconds; a slower slide was not one movement
)

// Puzzle is one drawn puzzle. Shadow and Cut go to the client together with
// Y; X is the answer and never leaves the server.
type Puzzle struct {
	Shadow []byte // PNG, Width × Height: the picture with the hole in it
	Cut    []byte // PNG, Piece × Piece, transparent around the piece
	X, Y   int    // where the box of the piece belongs: its top left corner
}

// Draw makes a puzzle from 32 bytes of random, which must come from a
// cryptographic source: they decide everything, the hole's place included.
// The same bytes give the same puzzle. It costs a few milliseconds of one
// processor; use a Studio where strangers may ask for it. The only errors are
// those of the reader.
func Draw(random io.Reader) (Puzzle, error) {
	var seed [32]byte
	if _, err := io.ReadFull(random, seed[:]); err != nil {
		return Puzzle{}, fmt.Errorf("read the seed of a puzzle: %w", err)
	}
	dice := rand.New(rand.NewChaCha8(seed))
	scene := paint(dice)
	hole := place(dice)

	shadow := scene.picture(dice)
	for _, d := range decoys(dice, hole) {
		d.press(shadow, dice)
	}
	hole.press(shadow, dice)
	cut := hole.cut(scene, dice)

	p := Puzzle{X: hole.x, Y: hole.y}
	var err error
	if p.Shadow, err = encode(shadow); err != nil {
		return Puzzle{}, err
	}
	var piece bytes.Buffer
	quick := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := quick.Encode(&piece, cut); err != nil {
		return Puzzle{}, fmt.Errorf("encode a piece: %w", err)
	}
	p.Cut = piece.Bytes()
	return p, nil
}

// Solved reports whether gotX is close enough to wantX and the slide took a
// believable time in milliseconds. Any numbers are safe to pass.
func Solved(wantX, gotX, slideMillis int) bool {
	if wantX < 0 || wantX > Width || slideMillis <= 0 || slideMillis > slowest {
		return false
	}
	return gotX >= wantX-tolerance && gotX <= wantX+tolerance
}
