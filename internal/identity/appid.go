package identity

import (
	"log/slog"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// AppID is a third-party server's identity at the REST login. It belongs to
// one organisation or, with an empty OrganizationID, to the provider.
type AppID struct {
	ID             string // 32 lower-case hex digits
	OrganizationID OrganizationID
	Name           string
	Description    string
	Status         AppIDStatus
	Keys           []AppKey // the current one first
	AutoCreate     bool     // false narrows the organisation's automatic creation
	Everlasting    bool     // false forbids signatures that never expire
	MaxAhead       time.Duration
	Generation     int64 // tokens of an earlier generation are dead
	Version        int64
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// AppIDStatus is the life of an App ID.
type AppIDStatus string

// The states of an App ID.
const (
	AppIDActive   AppIDStatus = "active"
	AppIDDisabled AppIDStatus = "disabled"
)

// AppKeyOverlap is how long the previous key lives on after a reset (Meeting
// API, 4.2, rule 7: one month).
const AppKeyOverlap = 30 * 24 * time.Hour

// DefaultMaxAhead bounds how far ahead a signature's end may lie.
const DefaultMaxAhead = 30 * 24 * time.Hour

// AppKey is a key of an App ID.
type AppKey struct {
	Secret    string
	CreatedAt time.Time
	EndsAt    time.Time // zero means no end
}

// String keeps the key out of logs.
func (AppKey) String() string { return "[redacted]" }

// GoString keeps the key out of %#v.
func (AppKey) GoString() string { return "[redacted]" }

// LogValue keeps the key out of structured logs.
func (AppKey) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// Active reports whether the App ID may be used.
func (a AppID) Active() bool { return a.Status == AppIDActive }

// OfProvider reports whether the App ID belongs to the provider, so that its
// signatures carry five parts instead of four.
func (a AppID) OfProvider() bool { return a.OrganizationID == "" }

// NonceSpace is the name space in which the nonces of its signatures count once.
func (a AppID) NonceSpace() string { return "app_id:" + a.ID }

// LiveKeys returns the keys that count at an instant, the current one first.
func (a AppID) LiveKeys(now time.Time) []AppKey {
	live := make([]AppKey, 0, len(a.Keys))
	for _, k := range a.Keys {
		if k.EndsAt.IsZero() || now.Before(k.EndsAt) {
			live = append(live, k)
		}
	}
	return live
}

// ResetKey makes secret the current key; the one before lives for
// AppKeyOverlap more, keys before that end now.
func (a *AppID) ResetKey(secret string, now time.Time) {
	keys := []AppKey{{Secret: secret, CreatedAt: now}}
	if live := a.LiveKeys(now); len(live) > 0 {
		previous := live[0]
		previous.EndsAt = now.Add(AppKeyOverlap)
		keys = append(keys, previous)
	}
	a.Keys = keys
}

var (
	appIDPattern  = pattern(`^[0-9a-f]{32}$`)
	appKeyPattern = pattern(`^[\x21-\x7e]{32,128}$`)
)

// Validate checks the App ID's own rules: 32 lower-case hex digits, a name of
// 1–64 characters, a description of at most 255, keys of 32–128 printable
// ASCII characters without blanks.
func (a AppID) Validate() error {
	var faults []*fault.Error
	if !appIDPattern().MatchString(a.ID) {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeAppIDFormat).At("app_id"))
	}
	if n := len([]rune(a.Name)); n < 1 || n > 64 {
		faults = append(faults, lengthFault("name", 1, 64))
	} else if !CleanText(a.Name) {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeMalformed).At("name"))
	}
	if n := len([]rune(a.Description)); n > 255 {
		faults = append(faults, lengthFault("description", 0, 255))
	} else if !CleanText(a.Description) {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeMalformed).At("description"))
	}
	for _, k := range a.Keys {
		if !appKeyPattern().MatchString(k.Secret) {
			faults = append(faults, fault.New(fault.Invalid, fault.CodeAppKeyFormat).At("app_key"))
		}
	}
	return fault.All(faults)
}
