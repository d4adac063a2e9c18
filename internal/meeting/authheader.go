package meeting

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
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
	rest, ok := scheme(lines, "Basic")
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

// signed is what an Authorization header of the scheme HMAC-SHA256 says.
type signed struct {
	signature string
	access    *string // decoded; nil when there was none
	// What of the header could be read, in this order.
	schemeOK, signatureOK, accessOK bool
}

// parseSigned reads `HMAC-SHA256 signature=<hex>,access=<base64>` (Meeting
// API, 4.2). Access may be missing, further parts are ignored, and one that
// comes twice is refused. A Base64 value contains equals signs of its own.
func parseSigned(lines []string) (s signed) {
	rest, ok := scheme(lines, "HMAC-SHA256")
	if !ok {
		return s
	}
	s.schemeOK, s.signatureOK, s.accessOK = true, true, true
	seen := 0
	for part := range strings.SplitSeq(rest, ",") {
		key, value, _ := strings.Cut(strings.Trim(part, " \t"), "=")
		value = unquote(strings.Trim(value, " \t"))
		switch key = strings.Trim(key, " \t"); {
		case strings.EqualFold(key, "signature"):
			seen++
			s.signature = value
		case strings.EqualFold(key, "access"):
			s.accessOK = s.accessOK && s.access == nil
			raw, err := base64.StdEncoding.DecodeString(value)
			text := string(raw)
			s.access = &text
			s.accessOK = s.accessOK && err == nil && text != "" && cleanText(text)
		}
	}
	s.signatureOK = seen == 1 && s.signature != ""
	return s
}

// scheme returns what follows the scheme in the only Authorization header. Two
// of them are none: a proxy and we might each believe another.
func scheme(lines []string, want string) (rest string, ok bool) {
	if len(lines) != 1 {
		return "", false
	}
	name, rest, found := strings.Cut(strings.Trim(lines[0], " \t"), " ")
	return strings.Trim(rest, " \t"), found && strings.EqualFold(name, want)
}

// unquote takes a value out of its quotation marks (RFC 9110, 5.6.4).
func unquote(value string) string {
	if len(value) >= 2 && value[0] == '"' && value[len(value)-1] == '"' {
		return value[1 : len(value)-1]
	}
	return value
}

// cleanText reports whether a text can be stored and compared: UTF-8 without
// NUL.
func cleanText(text string) bool {
	return utf8.ValidString(text) && strings.IndexByte(text, 0) < 0
}
