package meeting

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/applogin"
)

// credentials are what an Authorization header of the scheme Basic says.
type credentials struct{ account, password string }

// String keeps passwords out of logs.
func (credentials) String() string { return "[redacted]" }

// GoString keeps passwords out of %#v.
func (credentials) GoString() string { return "[redacted]" }

// parseBasic reads `Basic` and Base64 of account:password (RFC 7617). An
// account has no colon, so the first one ends it.
func parseBasic(lines []string) (c credentials, ok bool) {
	rest, ok := applogin.Scheme(lines, "Basic")
	if !ok {
		return c, false
	}
	raw, err := base64.StdEncoding.DecodeString(rest)
	if err != nil || !cleanText(string(raw)) {
		return c, false
	}
	c.account, c.password, ok = strings.Cut(string(raw), ":")
	return c, ok && c.account != "" && c.password != ""
}

// cleanText reports whether a text can be stored and compared: UTF-8 without
// NUL.
func cleanText(text string) bool {
	return utf8.ValidString(text) && strings.IndexByte(text, 0) < 0
}
