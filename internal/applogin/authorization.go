package applogin

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

// SchemeName is the scheme of a signed login.
const SchemeName = "HMAC-SHA256"

// Authorization is what an Authorization header of the scheme HMAC-SHA256 says.
type Authorization struct {
	Signature string
	Access    *string // decoded; nil when there was none
	// What of the header could be read, in this order.
	SchemeOK, SignatureOK, AccessOK bool
}

// ReadAuthorization reads `HMAC-SHA256 signature=<hex>,access=<base64>` (Meeting
// API, 4.2). Access may be missing, further parts are ignored, and one that
// comes twice is refused. A Base64 value contains equals signs of its own.
func ReadAuthorization(lines []string) (s Authorization) {
	rest, ok := Scheme(lines, SchemeName)
	if !ok {
		return s
	}
	s.SchemeOK, s.SignatureOK, s.AccessOK = true, true, true
	seen := 0
	for part := range strings.SplitSeq(rest, ",") {
		key, value, _ := strings.Cut(strings.Trim(part, " \t"), "=")
		value = unquote(strings.Trim(value, " \t"))
		switch key = strings.Trim(key, " \t"); {
		case strings.EqualFold(key, "signature"):
			seen++
			s.Signature = value
		case strings.EqualFold(key, "access"):
			s.AccessOK = s.AccessOK && s.Access == nil
			raw, err := base64.StdEncoding.DecodeString(value)
			text := string(raw)
			s.Access = &text
			s.AccessOK = s.AccessOK && err == nil && text != "" && plain(text)
		}
	}
	s.SignatureOK = seen == 1 && s.Signature != ""
	return s
}

// Scheme returns what follows the scheme in the only Authorization header. Two
// of them are none: a proxy and we might each believe another.
func Scheme(lines []string, want string) (rest string, ok bool) {
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

// plain reports whether a text can be stored and compared: UTF-8 without NUL.
func plain(text string) bool {
	return utf8.ValidString(text) && strings.IndexByte(text, 0) < 0
}
