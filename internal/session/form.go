package session

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
)

// formContext keeps tokens of forms apart from whatever else is derived from a
// word.
const formContext = "orgate form token v1"

// FormToken is the hidden field of every form that is shown to a browser with
// a cookie's word: another site can neither read nor guess it (OWASP
// Cross-Site Request Forgery Prevention Cheat Sheet, "HMAC Based Token
// Pattern"). It tells nothing of the word.
func FormToken(word string) string {
	mac := hmac.New(sha256.New, []byte(word))
	_, _ = mac.Write([]byte(formContext)) // a hash never fails
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// CheckFormToken reports, in constant time, whether a form was made for the
// browser with a word. Without a word there is no good token.
func CheckFormToken(word, token string) bool {
	return word != "" && hmac.Equal([]byte(FormToken(word)), []byte(token))
}
