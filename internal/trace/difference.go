package trace

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Difference is the detail of a text that should have been one of several and
// is none: what was expected, and where the text first differs from the one it
// resembles most. It is for texts that are no secrets.
func Difference(expected []string, received string) Detail {
	d := Detail{Expected: strings.Join(expected, " | "), Received: received}
	nearest, common := "", -1
	for _, text := range expected {
		if n := commonPrefix(text, received); n > common {
			nearest, common = text, n
		}
	}
	if common <= 0 || nearest == received {
		return d
	}
	// The place is told first: an address that is cut still shows it.
	d.Received = fmt.Sprintf("(differs from character %d on: %s instead of %s) %s",
		utf8.RuneCountInString(received[:common])+1, rest(received[common:]), rest(nearest[common:]), received)
	return d
}

// commonPrefix is how many bytes two texts begin with alike, in whole characters.
func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && n < len(b) && !utf8.RuneStart(b[n]) {
		n--
	}
	return n
}

// maxRest is how many characters show a difference.
const maxRest = 24

func rest(text string) string {
	if text == "" {
		return "its end"
	}
	if runes := []rune(text); len(runes) > maxRest {
		text = string(runes[:maxRest-1]) + "…"
	}
	return fmt.Sprintf("%q", text)
}
