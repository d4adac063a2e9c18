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
		want, twice, good := asTheLibraryReads(raw)
		if good != (err == nil) {
			t.Fatalf("%q: got %v, want it to be taken: %v", raw, err, good)
		}
		if !good {
			return
		}
		for name, value := range want {
			if got.get(name) != value {
				t.Errorf("%q: %s: got %q, want %q", raw, name, got.get(name), value)
			}
		}
		if twice != (got.once() != nil) {
			t.Errorf("%q: got %v, want twice: %v", raw, got.once(), twice)
		}
	})
}

// asTheLibraryReads is what parse ought to make of a text, by other means.
func asTheLibraryReads(raw string) (values map[string]string, twice, good bool) {
	all, err := url.ParseQuery(raw)
	values, good = map[string]string{}, err == nil && len(all) <= maxParameters && len(raw) <= maxForm
	for name, list := range all {
		good = good && identity.CleanText(name) && !slices.ContainsFunc(list, func(v string) bool { return !identity.CleanText(v) })
		values[name] = list[0]
		if len(list) > 1 && name != "resource" {
			values[name], twice = "", true
		}
	}
	return values, twice, good
}
