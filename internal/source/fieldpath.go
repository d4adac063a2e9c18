package source

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxPath bounds a configured path, in bytes and in steps.
const (
	maxPath  = 255
	maxSteps = 16
)

// isPath reports whether a configured path can be followed: names with a point
// between, none of them empty.
func isPath(path string) bool {
	if path == "" || len(path) > maxPath || !visible(path) || strings.TrimSpace(path) != path {
		return false
	}
	steps := 0
	for step := range strings.SplitSeq(path, ".") {
		if steps++; step == "" || steps > maxSteps {
			return false
		}
	}
	return true
}

// lookup follows a path into an answer. A name that stands in the object as a
// whole, points and all, goes before its parts: claims are often named by
// addresses. A step into a list is a number from 0 on. What is null is not
// there.
func lookup(object map[string]any, path string) (any, bool) {
	if value, ok := object[path]; ok && value != nil {
		return value, true
	}
	var at any = object
	for step := range strings.SplitSeq(path, ".") {
		switch node := at.(type) {
		case map[string]any:
			at = node[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(node) || strconv.Itoa(i) != step {
				return nil, false
			}
			at = node[i]
		default:
			return nil, false
		}
	}
	return at, at != nil
}

// asText reads a text or a whole number, digit by digit as it was written: the
// numbers of some centres are too long for any other way. Fractions, booleans,
// objects and lists name nobody.
func asText(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case json.Number:
		text := v.String()
		return text, strings.Trim(strings.TrimPrefix(text, "-"), "0123456789") == ""
	}
	return "", false
}

// visible reports whether a text has neither control characters nor marks that
// cannot be seen, and is UTF-8.
func visible(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
	})
}
