package trace

import (
	"fmt"
	"unicode/utf8"
)

// Shape describes a secret without telling any of it: how long it is, of what
// it is made and whether blanks stand at its ends, which is what goes wrong
// with secrets. It is what a Detail shows for one.
func Shape(secret string) string {
	if secret == "" {
		return "empty"
	}
	text := fmt.Sprintf("%d characters, %s", utf8.RuneCountInString(secret), material(secret))
	if blank(secret[0]) {
		text += ", begins with a blank"
	}
	switch last := secret[len(secret)-1]; {
	case last == '\n':
		text += ", ends with a line feed"
	case blank(last):
		text += ", ends with a blank"
	}
	return text
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// alphabets are what a secret can be made of, from narrow to wide.
var alphabets = [...]struct{ name, characters string }{
	{"digits", "0123456789"},
	{"lower-case hexadecimal", "0123456789abcdef"},
	{"upper-case hexadecimal", "0123456789ABCDEF"},
	{"letters and digits", "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"},
	{"Base64", "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/="},
	{"Base64 for URLs", "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_="},
}

func material(secret string) string {
	for _, a := range alphabets {
		if madeOf(secret, a.characters) {
			return a.name
		}
	}
	for i := range len(secret) {
		if secret[i] < ' ' || secret[i] > '~' {
			return "with characters beyond printable ASCII"
		}
	}
	return "printable ASCII"
}

func madeOf(text, characters string) bool {
	var in [256]bool
	for i := range len(characters) {
		in[characters[i]] = true
	}
	for i := range len(text) {
		if !in[text[i]] {
			return false
		}
	}
	return true
}
