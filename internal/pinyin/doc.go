// Package pinyin tells how a Chinese name is typed by its sound, so that people
// are found by it whose keyboards, or whose patience, have no characters.
//
// What does not live here: where the sounds are kept and looked for (store).
package pinyin

//go:generate go run ./gen
