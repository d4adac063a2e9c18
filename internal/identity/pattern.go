package identity

import (
	"regexp"
	"sync"
)

// pattern is an expression that is compiled when it is first asked for: all of
// them together would cost every start half a millisecond and half a megabyte,
// and most processes ask for few.
func pattern(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
