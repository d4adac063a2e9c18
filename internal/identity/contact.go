package identity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/fault"
)

var (
	// accountPattern: Meeting API, 1.6: letters, digits, _ - . @, at most one @.
	accountPattern = pattern(`^[A-Za-z0-9_.-]+(?:@[A-Za-z0-9_.-]+)?$`)
	allDigits      = pattern(`^[0-9]+$`)
	emailPattern   = pattern(`^[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$`)
	mobilePattern  = pattern(`^\+[0-9]{5,20}$`)
)

// FoldAccount returns the form in which account names are compared.
func FoldAccount(name string) string { return strings.ToLower(name) }

// Fold returns the form in which codes and names are compared and sorted.
func Fold(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

// ValidAccount checks an account name on creation: 1–64 characters of letters,
// digits, underscore, hyphen, dot and at most one @, not digits alone.
func ValidAccount(name string) error {
	if len(name) < 1 || len(name) > 64 {
		return lengthFault("account", 1, 64)
	}
	if !accountPattern().MatchString(name) || allDigits().MatchString(name) {
		return fault.New(fault.Invalid, fault.CodeAccountFormat).At("account")
	}
	return nil
}

// Email returns the normalised address: trimmed and folded. An empty address
// stays empty; a malformed one or one beyond 255 bytes is a fault.
func Email(address string) (string, error) {
	address = strings.ToLower(strings.TrimSpace(address))
	if address == "" {
		return "", nil
	}
	if len(address) > 255 || !emailPattern().MatchString(address) {
		return "", fault.New(fault.Invalid, fault.CodeEmailFormat).At("email")
	}
	return address, nil
}

// Mobile returns the normalised number: "+", country code and number without
// blanks or hyphens. "00" in front is read as "+"; a number without either is
// given the calling code (digits, such as "86"). An empty number stays empty.
func Mobile(number, callingCode string) (string, error) {
	number = strings.NewReplacer(" ", "", "-", "").Replace(number)
	if number == "" {
		return "", nil
	}
	switch {
	case strings.HasPrefix(number, "00"):
		number = "+" + number[2:]
	case !strings.HasPrefix(number, "+") && callingCode != "":
		number = "+" + callingCode + number
	}
	if !mobilePattern().MatchString(number) {
		return "", fault.New(fault.Invalid, fault.CodeMobileFormat).At("mobile")
	}
	return number, nil
}

// MaskMobile hides the middle of a number for people who may guess it:
// +8618****12345 becomes of +8618911112345.
func MaskMobile(number string) string {
	if len(number) < 10 {
		return strings.Repeat("*", len(number))
	}
	return number[:5] + "****" + number[len(number)-5:]
}

// MaskEmail hides the middle of the local part: tes****ount@example.com.
func MaskEmail(address string) string {
	local, domain, found := strings.Cut(address, "@")
	if !found {
		return "****"
	}
	if len(local) < 8 {
		return local[:min(1, len(local))] + "****@" + domain
	}
	return local[:3] + "****" + local[len(local)-4:] + "@" + domain
}

// CleanText reports whether text from outside may be stored and shown: valid
// UTF-8 without NUL and control characters, other than tab and line breaks.
func CleanText(text string) bool {
	if !utf8.ValidString(text) {
		return false
	}
	for _, r := range text {
		if r == '\t' || r == '\n' || r == '\r' {
			continue
		}
		if unicode.IsControl(r) {
			return false
		}
	}
	return true
}
