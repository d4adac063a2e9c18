package centre

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
)

// about says what one has found here.
func (c *Centre) about(w http.ResponseWriter, _ *http.Request) {
	c.pages.Show(w, http.StatusOK, "about.html", c.options)
}

// started stands for the app on a person's machine. The printed example of the
// SSO API gives addresses of the web, here, where an app's own scheme belongs.
func (c *Centre) started(w http.ResponseWriter, r *http.Request) {
	c.pages.Show(w, http.StatusOK, "started.html", map[string]any{"Client": r.PathValue("client"), "Given": r.URL.Query()})
}

// matrixSide is the number of modules along a side of the drawing, that of a
// QR code of version 3 (ISO/IEC 18004).
const matrixSide = 29

// matrix draws what looks like a QR code, as the data of an SVG path with one
// square of side 1 for each dark module. It carries no message, as there is no
// app that could read it; it is another one for each question.
func matrix(question string) string {
	var path strings.Builder
	bits := sha256.Sum256([]byte(question))
	for y := range matrixSide {
		if y%8 == 0 {
			bits = sha256.Sum256(bits[:])
		}
		for x := range matrixSide {
			at := y%8*matrixSide + x
			if dark(x, y, bits[at/8]>>(at%8)&1 == 1) {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	return path.String()
}

// dark tells whether a module is: the three finder patterns with their quiet
// zones, the timing lines, the alignment pattern, and else what the drawing
// says.
func dark(x, y int, drawn bool) bool {
	const far, middle = matrixSide - 4, matrixSide - 7
	for _, centre := range [][2]int{{3, 3}, {far, 3}, {3, far}} {
		if ring := max(abs(x-centre[0]), abs(y-centre[1])); ring <= 4 {
			return ring != 2 && ring != 4
		}
	}
	if ring := max(abs(x-middle), abs(y-middle)); ring <= 2 {
		return ring != 1
	}
	if x == 6 || y == 6 {
		return (x+y)%2 == 0
	}
	return drawn
}

func abs(n int) int { return max(n, -n) }
