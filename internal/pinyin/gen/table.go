package main

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"

	dictionary "github.com/mozillazg/go-pinyin"
)

// The layout of the table, as pinyin reads it: internal/pinyin/sounds.go tells
// of it.
const (
	lettersSize = 2048
	pageSize    = 64
	runes       = 0x40000
	longest     = 7 // letters of a syllable
)

// readings returns the commonest reading of each character that has one, in
// letters without tones; ü is v, as it is typed.
func readings() map[rune]string {
	found := make(map[rune]string, len(dictionary.PinyinDict))
	for r := range dictionary.PinyinDict {
		for _, sound := range dictionary.SinglePinyin(rune(r), dictionary.Args{Style: dictionary.Normal}) {
			if sound != "" {
				found[rune(r)] = sound
			}
		}
	}
	return found
}

// table packs the readings.
func table(readings map[rune]string) ([]byte, error) {
	letters, numbers, err := syllables(readings)
	if err != nil {
		return nil, err
	}
	for r, sound := range readings {
		if r < 0 || r >= runes {
			return nil, fmt.Errorf("%U (%s) is beyond the table", r, sound)
		}
	}
	var index, pages []byte
	known := map[string]int{}
	for first := rune(0); first < runes; first += pageSize {
		page := make([]byte, 0, 2*pageSize)
		for r := first; r < first+pageSize; r++ {
			page = binary.BigEndian.AppendUint16(page, numbers[readings[r]])
		}
		// The first page of all is that of control characters, without a reading.
		if _, found := known[string(page)]; !found {
			known[string(page)] = len(known)
			pages = append(pages, page...)
		}
		index = binary.BigEndian.AppendUint16(index, uint16(known[string(page)]))
	}
	unused := make([]byte, lettersSize-len(letters))
	return slices.Concat([]byte(letters), unused, index, pages), nil
}

// syllables returns the letters of all syllables in a row, and the number that
// stands for each: where it begins among them, times eight, and how long it is.
func syllables(readings map[rune]string) (letters string, numbers map[string]uint16, err error) {
	numbers = map[string]uint16{}
	for _, sound := range slices.Compact(slices.Sorted(maps.Values(readings))) {
		if len(sound) > longest || strings.Trim(sound, "abcdefghijklmnopqrstuvwxyz") != "" {
			return "", nil, fmt.Errorf("%q is no syllable", sound)
		}
		numbers[sound] = uint16(len(letters)<<3 | len(sound))
		letters += sound
	}
	if len(letters) > lettersSize {
		return "", nil, fmt.Errorf("the syllables have %d letters, at most %d have room", len(letters), lettersSize)
	}
	return letters, numbers, nil
}
