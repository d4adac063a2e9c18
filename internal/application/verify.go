package application

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

// SignedLogin is a login signed by a third-party server, as it was received.
type SignedLogin struct {
	AppID     string
	Signature string // as it stood in the header
	// Access is the decoded access part of the header, nil when there was none.
	Access *string
	// OrganizationRef is the organisation that was named, by id or code; only
	// the provider's App IDs name one.
	OrganizationRef string
	UserID          string // "" means the default administrator
	UserName        string // not signed; looked at to explain a refusal
	Expire          int64  // seconds since 1970; 0 never expires
	ExpireText      string // Expire as it stood in the request, "" if unknown
	Nonce           string
	Origin          identity.Origin
}

// LogValue keeps the signature out of logs.
func (l SignedLogin) LogValue() slog.Value {
	return slog.GroupValue(slog.String("app_id", l.AppID), slog.String("user_id", l.UserID))
}

const (
	nonceMin, nonceMax = 32, 64
	// keySlots is how many keys of an App ID can be live at once: the current
	// and the one before. Every refusal costs as many hashes.
	keySlots = 2
)

var (
	errRefused = fault.New(fault.Unauthenticated, fault.CodeAppIDRefused)
	errExpired = fault.New(fault.Unauthenticated, fault.CodeSignatureExpired)
	errForever = fault.New(fault.Unauthenticated, fault.CodeSignatureForever)
	errFar     = fault.New(fault.Unauthenticated, fault.CodeSignatureFar)
	errNonce   = fault.New(fault.Invalid, fault.CodeFieldLength).At("nonce").With("min", nonceMin).With("max", nonceMax)
)

// Verify checks a signed login and returns the App ID that signed it, without
// its keys, and until when its nonce must be remembered: zero for a signature
// that never expires (see ticket.Claim).
//
// A nonce that is not 32–64 printable characters is Invalid (field_length at
// nonce). Everything else is Unauthenticated: app_id_refused for an unknown or
// disabled App ID, an access part that differs, an organisation named or
// missing against the owner's kind, a user id with a colon and a wrong
// signature, all after the same work; and, told only to whoever signed rightly,
// signature_expired, signature_never_expires and signature_expires_too_far.
func (a *Applications) Verify(ctx context.Context, login SignedLogin, story *trace.Story) (identity.AppID, time.Time, error) {
	if !story.Check(trace.NonceLength, validNonce(login.Nonce), trace.Detail{}) {
		return identity.AppID{}, time.Time{}, errNonce
	}
	e, err := a.find(ctx, login.AppID)
	if err != nil {
		return identity.AppID{}, time.Time{}, err
	}
	now := a.options.Now()
	signed := a.signed(e, login, now)
	if !admitted(e, login, story) || !checkSignature(login, signed, story) {
		return identity.AppID{}, time.Time{}, errRefused
	}
	until, err := a.checkExpire(e.app, login, story, func() (allowed bool, err error) {
		err = a.db.View(ctx, func(tx *store.Tx) error {
			allowed, err = everlastingAt(tx, e.app, login.OrganizationRef)
			return err
		})
		return allowed, err
	})
	if err != nil {
		return identity.AppID{}, time.Time{}, err
	}
	return e.app, until, nil
}

// scratch is the memory of one check.
type scratch struct {
	text  []byte
	given [sha256.Size]byte
	sum   [sha256.Size]byte
}

// maxScratch bounds the text of a scratch that is kept for later.
const maxScratch = 1024

func newScratch() any { return &scratch{text: make([]byte, 0, 256)} }

// signed reports whether a live key of the App ID made the signature. Without
// a match it makes keySlots hashes, whether there is an App ID or not.
func (a *Applications) signed(e *entry, login SignedLogin, now time.Time) bool {
	s, _ := a.scratches.Get().(*scratch)
	form := len(login.Signature) == hex.EncodedLen(sha256.Size)
	if form {
		_, err := hex.Decode(s.given[:], []byte(login.Signature))
		form = err == nil
	}
	s.text = appendText(s.text[:0], login, e == nil && login.OrganizationRef != "" || e != nil && e.app.OfProvider())
	matched := false
	for slot := 0; slot < keySlots && !matched; slot++ {
		key, real := a.dummy, false
		if e != nil && slot < len(e.keys) && e.keys[slot].live(now) {
			key, real = e.keys[slot].macKey, true
		}
		equal := hmac.Equal(key.sum(s.text, s.sum[:0]), s.given[:])
		matched = equal && real && form
	}
	clear(s.sum[:])
	if cap(s.text) <= maxScratch {
		a.scratches.Put(s)
	}
	return matched
}

// appendText appends the text that is signed (Meeting API, 4.2): five parts
// for an App ID of the provider, else four; empty parts keep their colons.
func appendText(text []byte, login SignedLogin, provider bool) []byte {
	text = append(append(text, login.AppID...), ':')
	if provider {
		text = append(append(text, login.OrganizationRef...), ':')
	}
	text = append(append(text, login.UserID...), ':')
	text = append(strconv.AppendInt(text, login.Expire, 10), ':')
	return append(text, login.Nonce...)
}

// validNonce: 32–64 characters, all of them printable.
func validNonce(nonce string) bool {
	if len(nonce) > nonceMax*utf8.UTFMax || !utf8.ValidString(nonce) {
		return false
	}
	n := 0
	for _, r := range nonce {
		if !unicode.IsPrint(r) {
			return false
		}
		n++
	}
	return n >= nonceMin && n <= nonceMax
}

// admitted makes every check that needs no key. It makes them all, so that the
// story is whole.
func admitted(e *entry, login SignedLogin, story *trace.Story) bool {
	ok := story.Check(trace.AppIDKnown, e != nil, trace.Detail{Received: login.AppID})
	ok = formed(login, story) && ok
	if e == nil {
		return false
	}
	story.About(e.app.OrganizationID, login.UserID)
	return suits(e.app, login, story) && ok
}

// formed checks what can be told without knowing the App ID.
func formed(login SignedLogin, story *trace.Story) bool {
	ok := true
	if login.Access != nil {
		ok = story.Check(trace.HeaderAccess, *login.Access == login.AppID, trace.Detail{Expected: login.AppID, Received: *login.Access})
	}
	return story.Check(trace.UserIDForm, !strings.Contains(login.UserID, ":"), trace.Detail{Received: login.UserID}) && ok
}

// suits checks whether a login is one that this App ID may make.
func suits(app identity.AppID, login SignedLogin, story *trace.Story) bool {
	ok := story.Check(trace.AppIDActive, app.Active(), trace.Detail{Received: string(app.Status)})
	if !app.OfProvider() {
		return story.Check(trace.CorpIDUnwanted, login.OrganizationRef == "", trace.Detail{Received: login.OrganizationRef}) && ok
	}
	named := login.OrganizationRef != "" || login.UserID == ""
	ok = story.Check(trace.CorpIDMissing, named, trace.Detail{Received: login.OrganizationRef}) && ok
	// A colon would let two different pairs of names give one text.
	return !strings.Contains(login.OrganizationRef, ":") && ok
}

// checkSignature writes what came of the comparison.
func checkSignature(login SignedLogin, signed bool, story *trace.Story) bool {
	if story == nil {
		return signed
	}
	if !signed {
		_, err := hex.DecodeString(login.Signature)
		form := err == nil && len(login.Signature) == hex.EncodedLen(sha256.Size)
		story.Check(trace.HeaderSignature, form, trace.Detail{Expected: "64 hexadecimal digits", Received: trace.Shape(login.Signature)})
	}
	if signed && strings.ContainsAny(login.Signature, "ABCDEF") {
		story.Warn(trace.NearUpperHex, trace.Detail{})
	}
	return story.Check(trace.Signature, signed, trace.Detail{})
}

// checkExpire judges the end of a signature, and says until when its nonce
// counts. allowed tells whether the organisation honours signatures that never
// expire; it is asked only about one of those.
func (a *Applications) checkExpire(app identity.AppID, login SignedLogin, story *trace.Story, allowed func() (bool, error)) (time.Time, error) {
	if login.Expire == 0 {
		return time.Time{}, a.checkEverlasting(app, story, allowed)
	}
	now := a.options.Now().Unix()
	story.Check(trace.ExpireForm, login.Expire > 0, trace.Detail{})
	if login.Expire < now {
		story.Check(trace.ExpirePassed, false, secondsDetail(now, login.Expire))
		return time.Time{}, errExpired
	}
	ahead := app.MaxAhead
	if ahead <= 0 {
		ahead = identity.DefaultMaxAhead
	}
	// Seconds are compared, not instants: the largest number has no instant.
	last := now + int64(ahead/time.Second)
	if login.Expire > last {
		story.Check(trace.ExpireMilliseconds, login.Expire < firstMilliseconds, trace.Detail{Received: strconv.FormatInt(login.Expire, 10)})
		story.Check(trace.ExpireTooFar, false, secondsDetail(last, login.Expire))
		return time.Time{}, errFar
	}
	story.Check(trace.ExpirePassed, true, trace.Detail{})
	return time.Unix(login.Expire, 0).UTC(), nil
}

// firstMilliseconds: as seconds it is the year 5138, as milliseconds 1973.
const firstMilliseconds = 100_000_000_000

func secondsDetail(want, got int64) trace.Detail {
	return trace.Detail{Expected: strconv.FormatInt(want, 10), Received: strconv.FormatInt(got, 10)}
}

// checkEverlasting asks installation, App ID and organisation whether they
// honour a signature that never expires.
func (a *Applications) checkEverlasting(app identity.AppID, story *trace.Story, allowed func() (bool, error)) error {
	ok := a.options.AllowEverlasting && app.Everlasting
	if ok {
		var err error
		if ok, err = allowed(); err != nil {
			return err
		}
	}
	if !ok {
		story.Check(trace.ExpireEverlasting, false, trace.Detail{Received: "0"})
		return errForever
	}
	story.Warn(trace.ExpireEverlasting, trace.Detail{Received: "0"})
	return nil
}

// everlastingAt tells whether the organisation honours a signature that never
// expires. It is read from the database: its decision holds from the next login
// on. directory refuses an organisation that does not exist.
func everlastingAt(tx *store.Tx, app identity.AppID, ref string) (bool, error) {
	org, err := reached(tx, app, ref)
	if fault.Is(err, fault.CodeOrganizationNotFound) {
		return true, nil
	}
	return org.Everlasting, err
}

// reached is the organisation a login leads into; with neither an owner nor a
// name it is the provider, which is no organisation and forbids nothing.
func reached(tx *store.Tx, app identity.AppID, ref string) (identity.Organization, error) {
	if !app.OfProvider() {
		return tx.Organizations.Get(app.OrganizationID)
	}
	if ref == "" {
		return identity.Organization{Everlasting: true}, nil
	}
	org, err := tx.Organizations.Get(identity.OrganizationID(ref))
	if fault.Is(err, fault.CodeOrganizationNotFound) {
		return tx.Lookup.OrganizationByCode(ref)
	}
	return org, err
}
