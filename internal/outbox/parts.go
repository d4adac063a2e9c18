package outbox

import (
	"strings"
	"unicode/utf16"
)

// The characters of a short message in seven bits (3GPP TS 23.038, 6.2.1), and
// those that take two places there.
const (
	basicSMS = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡" +
		"ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	extendedSMS = "\f^{}\\[~]|€"
)

// SMSParts is in how many parts a short message travels, each of which is paid
// for: one of 160 characters, or several of 153, in the basic alphabet; else,
// as in Chinese, one of 70 or several of 67.
func SMSParts(text string) int {
	if text == "" {
		return 0
	}
	size, alone, joined := septets, 160, 153
	if strings.ContainsFunc(text, func(r rune) bool { return septets(r) == 0 }) {
		size, alone, joined = utf16.RuneLen, 70, 67
	}
	total, parts, filled := 0, 1, 0
	for _, r := range text {
		width := size(r)
		total += width
		if filled += width; filled > joined {
			parts, filled = parts+1, width // no character stands in two parts
		}
	}
	if total <= alone {
		return 1
	}
	return parts
}

// septets is how many places a character takes in the basic alphabet, 0 if it
// is not in it.
func septets(r rune) int {
	switch {
	case strings.ContainsRune(basicSMS, r):
		return 1
	case strings.ContainsRune(extendedSMS, r):
		return 2
	}
	return 0
}
