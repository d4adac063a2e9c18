package oidc

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/identity"
)

// FuzzParse reads parameters as the standard library does, but for what is
// refused on top of that.
func FuzzParse(f *testing.F) {
	for _, raw := range []string{
		"", "a=1&b=2", "a=1&a=2", "resource=1&resource=2", "a&&b=", "a=%zz", "a;b=1", "%61=1&a=2", "a=\x00", "a=b=c", "=x", "a=&a=1", "+=+",
		strings.Repeat("a=1&", maxParameters), "a=%ff",
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got, err := parse(raw)
		want, malformed := url.ParseQuery(raw)
		good := malformed == nil && len(want) <= maxParameters && len(raw) <= maxForm
		for name, values := range want {
			good = good && identity.CleanText(name) && !slices.ContainsFunc(values, func(v string) bool { return !identity.CleanText(v) })
		}
		if good != (err == nil) {
			t.Fatalf("%q: got %v, want it to be taken: %v", raw, err, good)
		}
		twice := false
		for name, values := range want {
			more := len(values) > 1 && name != "resource"
			twice = twice || more
			value := values[0]
			if more {
				value = ""
			}
			if good && got.get(name) != value {
				t.Errorf("%q: %s: got %q, want %q", raw, name, got.get(name), value)
			}
		}
		if good && twice != (got.once() != nil) {
			t.Errorf("%q: got %v, want twice: %v", raw, got.once(), twice)
		}
	})
}
