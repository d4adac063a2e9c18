package signin

import (
	"net/url"
	"path"
	"strings"

	"github.com/orgate/orgate/internal/identity"
)

// maxReturn bounds an address to return to, in bytes.
const maxReturn = 2048

// ownPath reads an address to return to. Only a path of our own passes, in the
// one spelling that no browser and no proxy reads otherwise: no host, also none
// by two slashes or a backslash, no dot segments, nothing encoded twice. The
// fragment is dropped.
func ownPath(text string) (string, bool) {
	if text == "" || len(text) > maxReturn || text[0] != '/' || !identity.CleanText(text) || strings.ContainsAny(text, "\\\t\r\n ") {
		return "", false
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" {
		return "", false
	}
	// u.Path is decoded: an encoded slash or backslash is seen here.
	if !identity.CleanText(u.Path) || strings.ContainsAny(u.Path, "\\\t\r\n%") {
		return "", false
	}
	if clean := path.Clean(u.Path); clean != u.Path && clean+"/" != u.Path {
		return "", false
	}
	u.Fragment, u.RawFragment = "", ""
	return u.String(), true
}
