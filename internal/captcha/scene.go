package captcha

import (
	"image"
	"math"
	"math/rand/v2"
	"slices"
)

// tone is a colour in linear steps of 0 to 1; it may leave that range while a
// picture is being mixed and is clamped when the pixel is written.
type tone struct{ r, g, b float32 }

// toward mixes a share of u into t.
func (t tone) toward(u tone, share float32) tone {
	return tone{t.r + (u.r-t.r)*share, t.g + (u.g-t.g)*share, t.b + (u.b-t.b)*share}
}

// lit multiplies the brightness.
func (t tone) lit(by float32) tone { return tone{t.r * by, t.g * by, t.b * by} }

// hsl turns hue (in turns, any number), saturation and lightness into a tone.
func hsl(hue, saturation, lightness float64) tone {
	channel := func(shift float64) float32 {
		k := math.Mod(hue*12+shift, 12)
		if k < 0 {
			k += 12
		}
		a := saturation * math.Min(lightness, 1-lightness)
		return float32(lightness - a*max(-1, min(k-3, 9-k, 1)))
	}
	return tone{channel(0), channel(8), channel(4)}
}

// scene is the picture before grain and holes.
type scene struct{ at [Width * Height]tone }

// picture renders the scene with fresh grain, the same in all channels as in
// a photograph.
func (s *scene) picture(dice *rand.Rand) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, Width, Height))
	grain := grains{dice: dice}
	for i, t := range s.at {
		t.write(m.Pix[4*i:4*i+4:4*i+4], grain.next())
	}
	return m
}

// grains hands out grain of 0 to 1, eight for each number drawn.
type grains struct {
	dice *rand.Rand
	left uint64
}

func (g *grains) next() float32 {
	if g.left <= 0xff {
		g.left = g.dice.Uint64() | 1<<63
	}
	v := g.left & 0xff
	g.left >>= 8
	return float32(v) / 256
}

// step is how coarsely colours are kept. Grain decides which way a colour is
// rounded, so nobody sees the steps, and the PNG stays a third of its size.
const step = 4

// write puts an opaque tone into an RGBA pixel.
func (t tone) write(pix []uint8, grain float32) {
	pix[0], pix[1], pix[2], pix[3] = level(t.r, grain), level(t.g, grain), level(t.b, grain), 0xff
}

func level(v, grain float32) uint8 {
	return uint8(min(max(int(v*(256/step)+grain-0.5), 0), 255/step)) * step
}

// between draws a number from low to high.
func between(dice *rand.Rand, low, high float64) float64 {
	return low + dice.Float64()*(high-low)
}

// paint makes a landscape: sky, a sun, clouds, ridges fading into haze, and
// stalks and lights in front, whose edges compete with those of the hole.
func paint(dice *rand.Rand) *scene {
	s := new(scene)
	hue := dice.Float64()
	haze := hsl(hue+between(dice, 0.35, 0.6), between(dice, 0.35, 0.7), between(dice, 0.7, 0.84))
	ground := hsl(hue+between(dice, -0.15, 0.2), between(dice, 0.25, 0.5), between(dice, 0.12, 0.22))
	var crests [ranges]crest
	for n := range crests {
		near := float64(n) / (ranges - 1)
		crests[n] = skyline(dice, between(dice, 34, 50)+near*72, between(dice, 16, 26)-near*5)
	}
	horizon := min(Height, int(slices.Max(crests[0][:]))+2)
	s.sky(dice, hsl(hue, between(dice, 0.4, 0.7), between(dice, 0.35, 0.55)), haze, horizon)
	s.ridges(dice, haze, ground, &crests)
	s.stalks(dice, ground.lit(0.5))
	s.lights(dice, hsl(hue+between(dice, 0.4, 0.6), 0.7, 0.75))
	return s
}

// sky fills the rows above the horizon with a gradient, a glowing disc and
// drifting clouds.
func (s *scene) sky(dice *rand.Rand, top, haze tone, horizon int) {
	sunX, sunY := between(dice, 40, Width-40), between(dice, 12, 70)
	radius := between(dice, 9, 20)
	clouds, wisps := cloth(dice, 46, 15), cloth(dice, 17, 6)
	cover := float32(between(dice, 0.25, 0.6))
	white := haze.toward(tone{1, 1, 1}, 0.7)
	for y := range horizon {
		base := top.toward(haze, float32(math.Sqrt(float64(y)/Height)))
		for x := range Width {
			i := y*Width + x
			c := base.toward(white, cover*min(1, max(0, clouds[i]*1.5+wisps[i]*0.7-0.75)))
			dx, dy := float64(x)-sunX, float64(y)-sunY
			distance := math.Sqrt(dx*dx + dy*dy)
			glow := 0.45/(1+distance/22) + 0.5*min(1, max(0, radius-distance+0.5))
			s.at[i] = c.toward(white, float32(glow))
		}
	}
}

// ranges is the number of mountain ranges.
const ranges = 5

// crest is the height of a range's upper line at every column.
type crest [Width]float64

// ridges lays mountain ranges over the sky, from far and hazy to near and
// dark, each with its own relief. A range is painted down to the next crest
// only: what lies behind that will not be seen.
func (s *scene) ridges(dice *rand.Rand, haze, ground tone, crests *[ranges]crest) {
	relief, rough := cloth(dice, 14, 11), cloth(dice, 5, 4)
	for n := range crests {
		near := float32(n) / (ranges - 1)
		color := haze.toward(ground, 0.22+0.78*near)
		shear := between(dice, -0.6, 0.6)
		for x := range Width {
			from := crests[n][x]
			to := float64(Height)
			for _, nearer := range crests[n+1:] {
				to = min(to, math.Ceil(nearer[x])+1)
			}
			for y := max(0, int(from)); y < int(to); y++ {
				depth := float64(y) - from
				// The reliefs are looked up sheared, so that slopes fall with the
				// light and no two ranges share a pattern.
				at := y*Width + (x+int(shear*depth)+n*61+Width)%Width
				shade := 0.78 + 0.42*relief[at] + 0.22*rough[at] - 0.004*float32(depth)
				fade := min(0.35, float32(depth)/160) * (1 - near)
				i := y*Width + x
				s.at[i] = s.at[i].toward(color.lit(shade).toward(haze, fade), float32(min(1, depth+1)))
			}
		}
	}
}

// skyline makes a crest around a height: three waves and jags.
func skyline(dice *rand.Rand, height, swing float64) crest {
	var line crest
	for _, wave := range []struct{ length, share float64 }{
		{between(dice, 130, 260), 0.6},
		{between(dice, 50, 90), 0.3},
		{between(dice, 18, 30), 0.14},
	} {
		phase := between(dice, 0, 2*math.Pi)
		for x := range line {
			line[x] += math.Sin(2*math.Pi*float64(x)/wave.length+phase) * wave.share * swing
		}
	}
	jag := 0.0
	for x := range line {
		jag = jag*0.86 + between(dice, -1, 1)*0.9
		line[x] += height + jag
	}
	return line
}

// stalks draws grass and twigs from the lower edge: thin, leaning lines.
func (s *scene) stalks(dice *rand.Rand, color tone) {
	for range 26 + dice.IntN(18) {
		x, lean := between(dice, 0, Width), between(dice, -0.35, 0.35)
		bend := between(dice, -0.006, 0.006)
		height := between(dice, 12, 46)
		for up := 0.0; up < height; up++ {
			at := x + lean*up + bend*up*up
			thick := 1.5 * (1 - up/height)
			for px := int(at - 1); px <= int(at+2); px++ {
				s.blend(px, Height-1-int(up), color, 0.8*(thick+0.5-math.Abs(float64(px)-at)))
			}
		}
	}
}

// lights scatters soft discs, as of a lens against the light.
func (s *scene) lights(dice *rand.Rand, color tone) {
	for range 5 + dice.IntN(5) {
		cx, cy := between(dice, 0, Width), between(dice, 20, Height)
		radius, strength := between(dice, 5, 22), between(dice, 0.06, 0.2)
		for y := int(cy - radius); y <= int(cy+radius); y++ {
			for x := int(cx - radius); x <= int(cx+radius); x++ {
				inside := radius - math.Hypot(float64(x)-cx, float64(y)-cy)
				rim := 1 + 0.6*max(0, 1-math.Abs(inside-1.5)/1.5)
				s.blend(x, y, color, min(1, max(0, inside))*strength*rim)
			}
		}
	}
}

// blend mixes a share of color into one point; outside points are ignored.
func (s *scene) blend(x, y int, color tone, share float64) {
	if x < 0 || x >= Width || y < 0 || y >= Height || share <= 0 {
		return
	}
	i := y*Width + x
	s.at[i] = s.at[i].toward(color, float32(min(1, share)))
}

// cloth is smooth noise of 0 to 1 for every pixel: random numbers on a grid
// of the given steps in pixels, blended in between.
func cloth(dice *rand.Rand, stepX, stepY int) *[Width * Height]float32 {
	across, down := ease(stepX), ease(stepY)
	above, below := thread(dice, across), thread(dice, across)
	out := new([Width * Height]float32)
	for y := range Height {
		if y > 0 && y%stepY == 0 {
			above, below = below, thread(dice, across)
		}
		share := down[y%stepY]
		row := out[y*Width:][:Width]
		for x := range row {
			row[x] = above[x] + (below[x]-above[x])*share
		}
	}
	return out
}

// thread is one grid line of cloth, already blended from column to column.
func thread(dice *rand.Rand, across []float32) []float32 {
	line := make([]float32, 0, Width+len(across))
	left := dice.Float32()
	for len(line) < Width {
		right := dice.Float32()
		for _, share := range across {
			line = append(line, left+(right-left)*share)
		}
		left = right
	}
	return line
}

// ease divides 0 to 1 into steps that begin and end slowly: straight blending
// would leave kinks at the grid.
func ease(steps int) []float32 {
	shares := make([]float32, steps)
	for i := range shares {
		t := float32(i) / float32(steps)
		shares[i] = t * t * (3 - 2*t)
	}
	return shares
}
