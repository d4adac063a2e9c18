package harness

import (
	"bytes"
	"encoding/base64"
	"image"
	_ "image/png" // the pictures are PNG
	"math"
	"net/http"
	"strings"
	"testing"
)

// Puzzle is a slide captcha as a client gets it (Meeting API, 4.12).
type Puzzle struct {
	ShadowImage string
	CutImage    string
	PointY      int
	Token       string
	Expire      int
}

// Pictures decodes the two data URLs.
func (p Puzzle) Pictures(t testing.TB) (shadow, cut image.Image) {
	t.Helper()
	return picture(t, p.ShadowImage), picture(t, p.CutImage)
}

func picture(t testing.TB, url string) image.Image {
	t.Helper()
	text, found := strings.CutPrefix(url, "data:image/png;base64,")
	data, err := base64.StdEncoding.DecodeString(text)
	if !found || err != nil {
		t.Fatalf("%.40q is no data URL of a PNG: %v", url, err)
	}
	m, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Slide finds the column at which the piece belongs as a person would: it
// tries the outline of the piece along its row and takes the place where the
// picture is dark inside the outline and bright outside. It may be wrong.
func Slide(shadow, cut image.Image, y int) int {
	rim, ground := outline(cut), brightness(shadow)
	best, at := math.Inf(-1), 0
	for x := 0; x <= shadow.Bounds().Dx()-cut.Bounds().Dx(); x++ {
		sum := 0.0
		for _, e := range rim {
			outside := ground.at(x+e.outside.X, y+e.outside.Y)
			inside := ground.at(x+e.inside.X, y+e.inside.Y)
			// A single glaring point must not outvote the rest of the rim.
			sum += min(max(outside-inside, -0.3), 0.3)
		}
		if sum > best {
			best, at = sum, x
		}
	}
	return at
}

// edge is a pair of points on both sides of an outline.
type edge struct{ inside, outside image.Point }

// outline finds where the piece begins and ends in each row and column.
func outline(cut image.Image) []edge {
	var rim []edge
	size := cut.Bounds().Size()
	solid := func(x, y int) bool {
		_, _, _, a := cut.At(cut.Bounds().Min.X+x, cut.Bounds().Min.Y+y).RGBA()
		return a >= 0x8000
	}
	for y := range size.Y {
		for x := range size.X {
			for _, step := range []image.Point{{X: 1}, {X: -1}, {Y: 1}, {Y: -1}} {
				if solid(x, y) && !solid(x+step.X, y+step.Y) {
					here := image.Pt(x, y)
					rim = append(rim, edge{here.Sub(step), here.Add(step.Mul(3))})
				}
			}
		}
	}
	return rim
}

// grey is the brightness of each point of a picture, row by row.
type grey [][]float64

// brightness is on a logarithmic scale, on which a shadow is the same step on
// every ground.
func brightness(m image.Image) grey {
	b := m.Bounds()
	rows := make(grey, b.Dy())
	for y := range rows {
		rows[y] = make([]float64, b.Dx())
		for x := range rows[y] {
			red, green, blue, _ := m.At(b.Min.X+x, b.Min.Y+y).RGBA()
			rows[y][x] = math.Log(0.3*float64(red) + 0.59*float64(green) + 0.11*float64(blue) + 1)
		}
	}
	return rows
}

// at is the brightness of a point; points off the picture count like its edge.
func (g grey) at(x, y int) float64 {
	row := g[min(max(y, 0), len(g)-1)]
	return row[min(max(x, 0), len(row)-1)]
}

// puzzlesTried bounds how many fresh puzzles are tried until one is solved.
const puzzlesTried = 12

// SolveCaptcha asks for puzzles for a typed name until one is solved, and
// returns the word that proves it. checkType is 0 for a sign-in and 1 for a
// forgotten password.
func (n *Node) SolveCaptcha(t testing.TB, user string, checkType int) (word string) {
	t.Helper()
	var last Answer
	for range puzzlesTried {
		var p Puzzle
		n.Do(t, Call{
			Method: http.MethodPost, Path: "/v1/usg/acs/auth/slideverifycode/send",
			Body: map[string]any{"user": user, "clientType": 0, "checkType": checkType},
		}).Want(t, http.StatusOK, "").Into(t, &p)
		shadow, cut := p.Pictures(t)
		last = n.Do(t, Call{
			Method: http.MethodPut, Path: "/v1/usg/acs/auth/slideverifycode/check", Body: map[string]any{
				"user": user, "clientType": 0, "checkType": checkType, "token": p.Token,
				"pointX": Slide(shadow, cut, p.PointY), "slideTime": 900,
			},
		})
		if last.Status == http.StatusOK {
			var proof struct{ Token string }
			last.Into(t, &proof)
			n.house.Secret(proof.Token)
			return proof.Token
		}
	}
	t.Fatalf("none of %d puzzles was solved; the last answer was %d %s", puzzlesTried, last.Status, last.Body)
	return ""
}
