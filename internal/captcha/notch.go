package captcha

import (
	"image"
	"math"
	"math/rand/v2"
)

const (
	body   = 38.0 // side of the piece without knobs
	corner = 4.0  // radius of its corners
	knob   = 6.0  // radius of knobs and of the bays they fit into
	neck   = 2.5  // how far the middle of a knob lies off the side
)

// side says what one side of a piece looks like; the number is the direction
// in which the middle of the circle leaves the side.
type side int

const (
	bay   side = -1
	plain side = 0
	bump  side = 1
)

// notch is a jigsaw shape at a place: the hole, or a decoy.
type notch struct {
	x, y  int     // top left corner of its box
	sides [4]side // top, right, bottom, left
}

// place chooses the hole.
func place(dice *rand.Rand) notch {
	n := notch{
		x: nearest + dice.IntN(Width-Piece-margin-nearest+1),
		y: margin + dice.IntN(Height-Piece-2*margin+1),
	}
	for i := range n.sides {
		n.sides[i] = side(dice.IntN(3) - 1)
	}
	// A bare square would be the easiest shape to find.
	n.sides[dice.IntN(4)] = bump
	n.sides[dice.IntN(4)] = bay
	return n
}

// decoys chooses shapes that look like the hole but are not. The first lies in
// the hole's own row, where a script that knows Y searches; the second does
// too when there is room. None lies over the hole or over another.
func decoys(dice *rand.Rand, hole notch) []notch {
	const apart = Piece + 4
	left := max(0, hole.x-apart-Piece+1)
	right := max(0, Width-Piece-margin-(hole.x+apart)+1)
	// The hole and its gaps are narrower than what remains beside them, so
	// there is room on at least one side.
	first := hole.unlike(dice)
	if at := dice.IntN(left + right); at < left {
		first.x = Piece + at
	} else {
		first.x = hole.x + apart + at - left
	}
	found := []notch{first}
	for range 16 {
		d := hole.unlike(dice)
		d.x = Piece + dice.IntN(Width-2*Piece-margin+1)
		if !d.touches([]notch{hole, first}, apart) {
			found = append(found, d)
			break
		}
	}
	for i := range found {
		found[i].y = min(max(hole.y+dice.IntN(13)-6, margin), Height-Piece-margin)
	}
	return found
}

// unlike is a shape with two opposite sides changed, so that a person can tell
// it from n at a glance.
func (n notch) unlike(dice *rand.Rand) notch {
	i := dice.IntN(2)
	for _, k := range []int{i, i + 2} {
		n.sides[k] = (n.sides[k]+2+side(dice.IntN(2)))%3 - 1
	}
	return n
}

// touches reports whether n lies closer than apart to one of the others.
func (n notch) touches(others []notch, apart int) bool {
	for _, o := range others {
		if max(n.x-o.x, o.x-n.x) < apart && max(n.y-o.y, o.y-n.y) < apart {
			return true
		}
	}
	return false
}

// depth is how far the middle of the pixel (x, y) of the box lies inside the
// shape, negative outside, in pixels: a rounded square, with circles joined to
// it and cut out of it.
func (n notch) depth(x, y int) float64 {
	px, py := float64(x)+0.5-Piece/2.0, float64(y)+0.5-Piece/2.0
	qx, qy := math.Abs(px)-body/2+corner, math.Abs(py)-body/2+corner
	inside := corner - math.Hypot(max(qx, 0), max(qy, 0)) - min(max(qx, qy), 0)
	for i, s := range n.sides {
		if s == plain {
			continue
		}
		off := body/2 + neck*float64(s)
		cx, cy := [4]float64{0, off, 0, -off}[i], [4]float64{-off, 0, off, 0}[i]
		circle := knob - math.Hypot(px-cx, py-cy)
		if s == bump {
			inside = max(inside, circle)
		} else {
			inside = min(inside, -circle)
		}
	}
	return inside
}

// coverage turns a depth into the share of the pixel that is inside.
func coverage(depth float64) float64 { return min(max(depth+0.5, 0), 1) }

// press sinks the shape into the picture: darker by an amount that differs
// from notch to notch and drifts across it, with a shaded rim. Decoys and the
// hole are pressed alike, so brightness gives none away.
func (n notch) press(m *image.RGBA, dice *rand.Rand) {
	dark := between(dice, 0.38, 0.52)
	driftX, driftY := between(dice, -0.08, 0.08)/Piece, between(dice, -0.08, 0.08)/Piece
	for y := range Piece {
		for x := range Piece {
			depth := n.depth(x, y)
			cover := coverage(depth)
			if cover == 0 {
				continue
			}
			light := 1 - dark + driftX*float64(x) + driftY*float64(y) + between(dice, -0.03, 0.03)
			light -= 0.16 * max(0, 1-depth/4) // the shadow its rim throws
			pix := m.Pix[m.PixOffset(n.x+x, n.y+y):][:3]
			for c, v := range pix {
				pix[c] = uint8(float64(v)*(1-cover*(1-light))) / step * step
			}
		}
	}
}

// cut takes the piece out of the untouched scene. A small change of brightness
// and grain of its own defeat a search for the very same pixels; the bright
// rim lets a person see the piece on any ground.
func (n notch) cut(s *scene, dice *rand.Rand) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, Piece, Piece))
	bright := float32(between(dice, 0.95, 1.07))
	white := tone{1, 1, 1}
	grain := grains{dice: dice}
	for y := range Piece {
		for x := range Piece {
			depth := n.depth(x, y)
			cover := coverage(depth)
			if cover == 0 {
				continue
			}
			t := s.at[(n.y+y)*Width+n.x+x].lit(bright)
			t = t.toward(white, float32(0.5*max(0, 1-math.Abs(depth-0.8)/1.4)))
			pix := m.Pix[m.PixOffset(x, y):][:4]
			t.write(pix, grain.next())
			pix[3] = uint8(cover * 255)
		}
	}
	return m
}
