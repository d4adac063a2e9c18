package signature

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Mode says who owns an App ID, and so how many parts are signed.
type Mode string

// The modes. An enterprise's app signs four parts, a service provider's five.
const (
	Enterprise      Mode = "enterprise"
	ServiceProvider Mode = "sp"
)

// Key is an App Key. It prints as "[redacted]"; convert it to a string where
// the key itself is needed.
type Key string

// String hides the key from logs.
func (Key) String() string { return redacted }

// GoString hides the key from %#v.
func (Key) GoString() string { return redacted }

// LogValue hides the key from structured logs.
func (Key) LogValue() slog.Value { return slog.StringValue(redacted) }

const redacted = "[redacted]"

// App is the third-party server that signs: its App ID and App Key as the
// management centre shows them.
type App struct {
	Mode Mode
	ID   string
	Key  Key
}

// LogValue shows whose app it is, never the key.
func (a App) LogValue() slog.Value {
	return slog.GroupValue(slog.String("mode", string(a.Mode)), slog.String("id", a.ID))
}

// Login is the person an app logs in, and the details it carries about them.
//
// Without UserID the enterprise's default administrator is logged in; a
// service provider's app that leaves out CorpID too logs in the service
// provider's own default administrator.
type Login struct {
	UserID string // third-party user id, at most 64 characters, no colon
	CorpID string // enterprise id; only, and with a UserID always, for service providers

	// ExpireTime is when the signature expires, in seconds since 1970. Zero
	// never expires, which a server may refuse: prefer a few minutes.
	ExpireTime int64

	// Nonce is fresh for every signature, 32 to 64 visible ASCII characters
	// without colon. Request makes one when it is empty.
	Nonce string

	// ClientType is what the login counts as; nil stands for 72, an API call.
	ClientType *int

	// What is known about the person. Empty fields are not sent and leave
	// alone what the server has stored.
	UserName  string
	UserEmail string
	UserPhone string // with the country calling code, "+8613800000000"
	DeptCode  string
}

// Limits of the Meeting API, 1.6 and 4.2.
const (
	longestUserID  = 64
	shortestNonce  = 32
	longestNonce   = 64
	lastExpireTime = 253402300799 // the end of the year 9999: beyond it stand milliseconds
)

// Reason names the rule that a login broke. The names are the same in the
// helpers of all languages.
type Reason string

// The reasons for a Refusal.
const (
	BadMode        Reason = "mode"             // neither Enterprise nor ServiceProvider
	BadAppID       Reason = "app_id"           // empty, or with a colon
	BadAppKey      Reason = "app_key"          // empty
	BadUserID      Reason = "user_id"          // with a colon, or longer than 64 characters
	BadCorpID      Reason = "corp_id"          // with a colon
	CorpIDMissing  Reason = "corp_id_missing"  // a service provider's login of a user needs the enterprise
	CorpIDUnwanted Reason = "corp_id_unwanted" // an enterprise's app must not send one
	BadExpireTime  Reason = "expire_time"      // negative, or so late that it must be milliseconds
	BadNonce       Reason = "nonce"            // not 32 to 64 visible ASCII characters without colon
	BadText        Reason = "text"             // a field is not valid UTF-8
)

// Refusal is a login that cannot be signed. It carries no secret.
type Refusal struct{ Reason Reason }

// Error names the rule that was broken.
func (r *Refusal) Error() string { return fmt.Sprintf("login cannot be signed: %s", r.Reason) }

// StringToSign returns the text that is signed, one of
//
//	appId:userId:expireTime:nonce           enterprise, a user
//	appId::expireTime:nonce                 enterprise, its default administrator
//	appId:corpId:userId:expireTime:nonce    service provider, a user of an enterprise
//	appId:corpId::expireTime:nonce          service provider, an enterprise's default administrator
//	appId:::expireTime:nonce                service provider, its own default administrator
//
// or a *Refusal. Empty parts keep their colons.
func (a App) StringToSign(l Login) (string, error) {
	if reason := a.check(l); reason != "" {
		return "", &Refusal{reason}
	}
	parts := []string{a.ID}
	if a.Mode == ServiceProvider {
		parts = append(parts, l.CorpID)
	}
	parts = append(parts, l.UserID, strconv.FormatInt(l.ExpireTime, 10), l.Nonce)
	return strings.Join(parts, ":"), nil
}

// check returns the first rule that the login breaks, "" when it breaks none.
func (a App) check(l Login) Reason {
	for _, rule := range []struct {
		broken bool
		reason Reason
	}{
		{a.Mode != Enterprise && a.Mode != ServiceProvider, BadMode},
		{a.ID == "" || strings.Contains(a.ID, ":"), BadAppID},
		{a.Key == "", BadAppKey},
		{!l.valid() || !utf8.ValidString(a.ID) || !utf8.ValidString(string(a.Key)), BadText},
		{a.Mode == Enterprise && l.CorpID != "", CorpIDUnwanted},
		{a.Mode == ServiceProvider && l.UserID != "" && l.CorpID == "", CorpIDMissing},
		{strings.Contains(l.CorpID, ":"), BadCorpID},
		{strings.Contains(l.UserID, ":") || utf8.RuneCountInString(l.UserID) > longestUserID, BadUserID},
		{l.ExpireTime < 0 || l.ExpireTime > lastExpireTime, BadExpireTime},
		{!nonceFits(l.Nonce), BadNonce},
	} {
		if rule.broken {
			return rule.reason
		}
	}
	return ""
}

// valid reports whether all text is UTF-8: JSON would replace other bytes, and
// the server would verify something else than was signed.
func (l Login) valid() bool {
	for _, text := range []string{l.UserID, l.CorpID, l.UserName, l.UserEmail, l.UserPhone, l.DeptCode} {
		if !utf8.ValidString(text) {
			return false
		}
	}
	return true
}

// nonceFits reports whether a nonce has the right length and cannot shift the
// parts of the signed text.
func nonceFits(nonce string) bool {
	for _, c := range []byte(nonce) {
		if c <= ' ' || c > '~' || c == ':' {
			return false
		}
	}
	return len(nonce) >= shortestNonce && len(nonce) <= longestNonce
}
