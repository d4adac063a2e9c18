package directory

import (
	_ "embed" // the list below
	"strings"
)

// commonPasswords holds the passwords that guessers try first, one a line,
// folded and sorted: the beginning of the frequency list of zxcvbn 4.4.2
// (breached_license.txt), and what people make of words, years and keyboards.
//
//go:embed breached.txt
var commonPasswords string

// breached reports whether a password is one that guessers try first. Letter
// case does not hide it.
func breached(password string) bool {
	folded := strings.ToLower(password)
	lines := commonPasswords
	// A search by halves in the text itself: no table is built, and no goroutine
	// has to share one.
	for lines != "" {
		middle := strings.LastIndexByte(lines[:len(lines)/2], '\n') + 1
		line, rest, _ := strings.Cut(lines[middle:], "\n")
		switch strings.Compare(folded, line) {
		case 0:
			return true
		case -1:
			lines = lines[:middle]
		default:
			lines = rest
		}
	}
	return false
}
