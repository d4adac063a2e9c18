package main

import "strings"

// People are called by syllables, drawn from their number, so that a leading
// part of a name or an address finds some people and not all of them: 4,900
// given names and 343,000 family names.
const (
	consonants = "bdfgklmnprstvz"
	vowels     = "aeiou"
)

// namesOf are the given and the family name of a member in small letters.
func namesOf(member int) (given, family string) {
	// The golden ratio spreads neighbours over all numbers (Knuth, The Art of
	// Computer Programming, 6.4).
	draw := (uint64(member) + 1) * 0x9E3779B97F4A7C15
	draw ^= draw >> 32
	var b strings.Builder
	for range 5 {
		b.WriteByte(consonants[draw%uint64(len(consonants))])
		draw /= uint64(len(consonants))
		b.WriteByte(vowels[draw%uint64(len(vowels))])
		draw /= uint64(len(vowels))
	}
	return b.String()[:4], b.String()[4:]
}

func nameOf(member int) string {
	given, family := namesOf(member)
	return strings.ToUpper(given[:1]) + given[1:] + " " + strings.ToUpper(family[:1]) + family[1:]
}

// mailOf is the part of a member's address before the @.
func mailOf(member int) string {
	given, family := namesOf(member)
	return given + "." + family + "." + thirdAccount(member)
}
