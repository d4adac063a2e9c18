package main

import (
	"strings"

	"github.com/orgate/orgate/internal/pinyin"
)

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

// Chinese names are a surname and two characters: 40 and 1,521.
const (
	surnames   = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
	characters = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉红建文辉力志新春梅海燕云龙凤"
)

// chineseOf is a name in Chinese characters.
func chineseOf(member int) string {
	given, family := namesOf(member)
	all, first := []rune(characters), []rune(surnames)
	draw := func(letters string, from []rune) string {
		n := 0
		for _, letter := range []byte(letters) {
			n = n*31 + int(letter)
		}
		return string(from[n%len(from)])
	}
	return draw(given, first) + draw(family[:3], all) + draw(family[3:], all)
}

// chineseEvery is how many members there are to one with a Chinese name.
const chineseEvery = 4

// soundOf is what is typed for a Chinese name where there are no characters, ""
// for another.
func soundOf(member int) string {
	whole, _ := pinyin.Of(nameOf(member))
	return whole
}

func nameOf(member int) string {
	if member%chineseEvery == 0 {
		return chineseOf(member)
	}
	given, family := namesOf(member)
	return strings.ToUpper(given[:1]) + given[1:] + " " + strings.ToUpper(family[:1]) + family[1:]
}

// mailOf is the part of a member's address before the @.
func mailOf(member int) string {
	given, family := namesOf(member)
	return given + "." + family + "." + thirdAccount(member)
}
