package factor

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"math/big"
	"strconv"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/store"
)

// Codes sends verification codes and checks them. It is safe for concurrent
// use.
//
// For each purpose and subject (SubjectOf) one code lives at a time. Accounts
// and names that nobody has are counted alike, so that nobody learns from the
// faults which names exist.
type Codes struct {
	db      *store.DB
	options CodeOptions
}

// CodeOptions set the bounds of codes. Zero values mean the defaults.
type CodeOptions struct {
	Life   time.Duration // of a code; 60 s
	Resend time.Duration // between two codes; 180 s
	Lock   time.Duration // of sending, after too many wrong guesses; 60 s
	Daily  int           // codes within 24 hours of the first; 10
	Wrong  int           // guesses that are looked at; 5
	// Configured tells whether messages can leave by a channel; nil means that
	// mails can and short messages cannot.
	Configured func(ctx context.Context, channel identity.Channel) bool
}

// NewCodes returns the codes of a database.
func NewCodes(db *store.DB, options CodeOptions) *Codes {
	orDefault(&options.Life, time.Minute)
	orDefault(&options.Resend, 3*time.Minute)
	orDefault(&options.Lock, time.Minute)
	orDefault(&options.Daily, 10)
	orDefault(&options.Wrong, 5)
	if options.Configured == nil {
		options.Configured = func(_ context.Context, channel identity.Channel) bool { return channel == identity.ByMail }
	}
	return &Codes{db: db, options: options}
}

func orDefault[T comparable](value *T, otherwise T) {
	var zero T
	if *value == zero {
		*value = otherwise
	}
}

// CodeRequest asks for a code to be sent to the contact of an account.
type CodeRequest struct {
	// Account is whom the code is for. Without an ID it is nobody: Name is then
	// what was typed, in the one spelling that stands for all others.
	Account identity.Account
	Purpose string           // codes of one purpose never serve another
	Method  identity.Channel // "" prefers a short message where one can be sent
	// Language is that of the message where the account has none of its own.
	Language string
	// Bound is what the code counts for alone, besides purpose and account, "" for
	// nothing: typed for anything else it is wrong.
	Bound string
}

// language is the account's own, else that of the request.
func (r CodeRequest) language() string { return cmp.Or(r.Account.Language, r.Language) }

// SubjectOf is whose codes are counted together: an account under whatever name
// it was found or, without an ID, the name that was typed.
func SubjectOf(a identity.Account) string {
	if a.ID != "" {
		return "account:" + string(a.ID)
	}
	return "name:" + a.Name
}

// CodeSent tells what was sent. One of the masked contacts is filled in, that
// of the channel used.
type CodeSent struct {
	Expires      time.Duration // from now
	MaskedMobile string
	MaskedEmail  string
}

// day is the time in which codes are counted.
const day = 24 * time.Hour

var (
	errWrong     = fault.New(fault.Invalid, fault.CodeCodeWrong)
	errExpired   = fault.New(fault.Expired, fault.CodeCodeExpired)
	errAttempts  = fault.New(fault.TooMany, fault.CodeCodeAttempts)
	errDaily     = fault.New(fault.TooMany, fault.CodeCodeDaily)
	errNoContact = fault.New(fault.Conflict, fault.CodeCodeNoContact)
	errNoSMS     = fault.New(fault.Invalid, fault.CodeSMSUnsupported)
	errNoSending = fault.New(fault.Unavailable, fault.CodeCodeSend)
	errMethod    = fault.New(fault.Invalid, fault.CodeFieldChoice).At("method").
			With("choices", []string{string(identity.BySMS), string(identity.ByMail)})
)

// SendCode makes a code for an account, in place of an earlier one, and puts it
// into the outbox.
//
// Faults: sms_unsupported (Invalid) when a short message is wanted and cannot
// be sent, code_send_failed (Unavailable) when mails cannot, code_no_contact
// (Conflict) when the account lacks the address; code_locked and code_too_soon,
// both with seconds, code_daily_limit, and message_limit with seconds when the
// contact was sent too many messages of any purpose (all TooMany).
func (c *Codes) SendCode(ctx context.Context, request CodeRequest) (CodeSent, error) {
	if err := c.canSend(ctx, request.Method); err != nil {
		return CodeSent{}, err
	}
	channel, target, err := c.route(ctx, request)
	if err != nil {
		return CodeSent{}, err
	}
	code, subject := newCode(), SubjectOf(request.Account)
	err = c.db.Act(ctx, store.ActAttempt, func(tx *store.Tx) error {
		if err := c.keep(tx, request.Purpose, subject, store.Code{Hash: digest(tx, Guess{Purpose: request.Purpose, Subject: subject, Code: code, Bound: request.Bound}), Target: target}); err != nil {
			return err
		}
		if err := outbox.Bound(tx, channel, target, ""); err != nil {
			return err
		}
		return outbox.Put(tx, c.message(tx, channel, target, request, code))
	})
	if err != nil {
		return CodeSent{}, err
	}
	return c.told(channel, target), nil
}

// message tells a code.
func (c *Codes) message(tx *store.Tx, channel identity.Channel, target string, request CodeRequest, code string) outbox.Message {
	minutes := (c.options.Life + time.Minute - 1) / time.Minute
	return outbox.Message{
		Channel: channel, Target: target, Language: request.language(), Organization: request.Account.OrganizationID,
		Template: outbox.TemplateCode, Until: tx.Now().Add(c.options.Life),
		Params: map[string]string{"code": code, "minutes": strconv.Itoa(int(minutes))},
	}
}

// told is the answer about a code that went, or seems to have gone, somewhere.
func (c *Codes) told(channel identity.Channel, target string) CodeSent {
	sent := CodeSent{Expires: c.options.Life}
	if channel == identity.BySMS {
		sent.MaskedMobile = identity.MaskMobile(target)
	} else {
		sent.MaskedEmail = identity.MaskEmail(target)
	}
	return sent
}

// canSend refuses a wish that no subject could be granted.
func (c *Codes) canSend(ctx context.Context, method identity.Channel) error {
	switch method {
	case identity.BySMS:
		if !c.options.Configured(ctx, identity.BySMS) {
			return errNoSMS
		}
	case identity.ByMail:
		if !c.options.Configured(ctx, identity.ByMail) {
			return errNoSending
		}
	case "":
		if !c.options.Configured(ctx, identity.BySMS) && !c.options.Configured(ctx, identity.ByMail) {
			return errNoSending
		}
	default:
		return errMethod
	}
	return nil
}

// route chooses the channel and the contact: what was asked for, else a short
// message, else a mail.
func (c *Codes) route(ctx context.Context, request CodeRequest) (identity.Channel, string, error) {
	mobile, email := request.Account.Mobile, request.Account.Email
	switch {
	case request.Method != identity.ByMail && mobile != "" && c.options.Configured(ctx, identity.BySMS):
		return identity.BySMS, mobile, nil
	case request.Method != identity.BySMS && email != "" && c.options.Configured(ctx, identity.ByMail):
		return identity.ByMail, email, nil
	}
	return "", "", errNoContact
}

// keep counts a code against the bounds of its subject and stores it.
func (c *Codes) keep(tx *store.Tx, purpose, subject string, code store.Code) error {
	key := keyOf(tx, purpose, subject)
	now := tx.Now()
	// Whoever sends at the same time waits at the row of the count, whoever
	// guesses at that of the code. check takes rows in the same order.
	if err := tx.Attempts.Touch(sendingKey+key, now.Add(day)); err != nil {
		return err
	}
	count, err := tx.Attempts.Get(sendingKey + key)
	if err != nil {
		return err
	}
	if _, err := tx.Codes.Get(key); err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	guesses, err := tx.Attempts.Get(guessingKey + key)
	if err != nil {
		return err
	}
	if now.Sub(count.FirstAt) >= day {
		count = store.Attempt{FirstAt: now, LockedUntil: count.LockedUntil}
	}
	switch {
	case guesses.LockedUntil.After(now):
		return wait(fault.CodeCodeLocked, guesses.LockedUntil.Sub(now))
	case count.LockedUntil.After(now):
		return wait(fault.CodeCodeTooSoon, count.LockedUntil.Sub(now))
	case count.Failures >= c.options.Daily:
		return errDaily
	}
	count.Failures++
	count.LockedUntil = now.Add(c.options.Resend)
	if err := tx.Attempts.Put(sendingKey+key, count, now.Add(day+c.options.Resend)); err != nil {
		return err
	}
	code.SentAt, code.ExpiresAt = now, now.Add(c.options.Life)
	return tx.Codes.Put(key, code)
}

func wait(code fault.Code, left time.Duration) error {
	return fault.New(fault.TooMany, code).With("seconds", int((left+time.Second-1)/time.Second))
}

// Guess is a code as somebody typed it.
type Guess struct {
	Purpose string
	Subject string // SubjectOf
	// Target is the contact that the code must have been sent to; "" is any. A
	// code that went elsewhere is wrong.
	Target string
	Code   string
	Bound  string // as in CodeRequest
}

// String keeps codes out of logs.
func (Guess) String() string { return "[redacted]" }

// GoString keeps codes out of %#v.
func (Guess) GoString() string { return "[redacted]" }

// RedeemCode is CheckCode for a guess.
func (c *Codes) RedeemCode(ctx context.Context, g Guess) error { return c.judge(ctx, g, spends) }

// TryCode tells what RedeemCode would, and leaves a right code as it is. Wrong
// ones count.
func (c *Codes) TryCode(ctx context.Context, g Guess) error { return c.judge(ctx, g, keeps) }

// right is what becomes of a code that was guessed.
type right bool

const (
	spends right = true
	keeps  right = false
)

func (c *Codes) judge(ctx context.Context, g Guess, then right) error {
	var verdict error
	err := c.db.Act(ctx, store.ActAttempt, func(tx *store.Tx) (err error) {
		verdict, err = c.check(tx, g, then)
		return err
	})
	if err != nil {
		return err
	}
	return verdict
}

// CheckCode redeems a code: nil when it is the one that was sent to the
// subject for the purpose, which is then used up. Otherwise code_wrong
// (Invalid); code_expired (Expired) when none was sent, its time is over or it
// was used; code_attempts (TooMany) once the bound of wrong guesses is reached,
// for right ones too.
func (c *Codes) CheckCode(ctx context.Context, purpose, subject, code string) error {
	return c.RedeemCode(ctx, Guess{Purpose: purpose, Subject: subject, Code: code})
}

// check returns a verdict that is committed with what it counted, or an error
// that rolls back.
func (c *Codes) check(tx *store.Tx, g Guess, then right) (verdict, err error) {
	key := keyOf(tx, g.Purpose, g.Subject)
	// The row is locked: parallel guesses are counted one after the other.
	sent, err := tx.Codes.Get(key)
	switch {
	case err != nil && fault.KindOf(err) == fault.NotFound:
		return errExpired, nil
	case err != nil:
		return nil, err
	case !tx.Now().Before(sent.ExpiresAt):
		return errExpired, nil
	case sent.Attempts >= c.options.Wrong:
		return errAttempts, nil
	}
	same := subtle.ConstantTimeCompare(sent.Hash, digest(tx, g)) == 1
	if same && (g.Target == "" || g.Target == sent.Target) {
		if then == keeps {
			return nil, nil
		}
		return nil, tx.Codes.Delete(key)
	}
	sent.Attempts++
	if sent.Attempts >= c.options.Wrong {
		until := tx.Now().Add(c.options.Lock)
		if err := tx.Attempts.Put(guessingKey+key, store.Attempt{FirstAt: tx.Now(), LockedUntil: until}, until); err != nil {
			return nil, err
		}
	}
	return errWrong, tx.Codes.Put(key, sent)
}

// The prefixes under which a subject is counted.
const (
	sendingKey  = "code_sent:"
	guessingKey = "code_wrong:"
)

// keyOf is the key of a purpose and a subject: a digest, because what people
// type into a field for names is sometimes a password.
func keyOf(tx *store.Tx, purpose, subject string) string {
	return purpose + ":" + base64.RawURLEncoding.EncodeToString(tx.Box().Digest("code.subject:"+purpose, identity.Fold(subject)))
}

// digest binds a code to what it is for.
func digest(tx *store.Tx, g Guess) []byte {
	return tx.Box().Digest("code.code:"+g.Purpose, fmt.Sprintf("%q %q %q", identity.Fold(g.Subject), g.Code, g.Bound))
}

// newCode returns six random digits.
func newCode() string {
	n, _ := rand.Int(rand.Reader, big.NewInt(1_000_000)) // never fails: crypto/rand does not
	return fmt.Sprintf("%06d", n.Int64())
}
