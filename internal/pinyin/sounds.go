package pinyin

import _ "embed" // the table below

// sounds holds the reading of each Chinese character, made by gen from the
// table of mozillazg/go-pinyin (sounds_license.txt). It is read where it lies in
// the program: nothing is built of it at the start, and nothing kept.
//
// First come the letters of all syllables; then, for every 64 characters, the
// number of their page; then the pages. A page has two bytes for a character:
// where its syllable begins among the letters, times eight, and how long it is.
// Page 0 is that of characters without a reading, which is 0.
//
//go:embed sounds.bin
var sounds string

// The layout of the table, as gen writes it.
const (
	lettersSize = 2048
	pageSize    = 64
	// runes are those that the table is about: Chinese characters have none above.
	runes   = 0x40000
	pagesAt = lettersSize + 2*runes/pageSize
)

// soundOf returns the syllable of a character, in letters without tones; ü is v,
// as it is typed. What is not Chinese has none, "".
func soundOf(r rune) string {
	if r < 0 || r >= runes {
		return ""
	}
	page := number(lettersSize + 2*(int(r)/pageSize))
	syllable := number(pagesAt + 2*(page*pageSize+int(r)%pageSize))
	at := syllable >> 3
	return sounds[at : at+syllable&7]
}

// number reads two bytes of the table.
func number(at int) int { return int(sounds[at])<<8 | int(sounds[at+1]) }
