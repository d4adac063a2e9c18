package application

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/maypok86/otter/v2"
	"golang.org/x/time/rate"

	"github.com/orgate/orgate/internal/applogin"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
	"github.com/orgate/orgate/internal/trace"
)

// SignatureQuestion is a login that somebody has at hand and wants explained.
type SignatureQuestion struct {
	Request applogin.Request
	// Text is what its maker says to have signed, "" when they do not know.
	Text string
}

// KeyState says which key made a signature.
type KeyState string

// The states of a key. KeyUnknown is one that is none of the owner's, or a
// signature of a text that nobody thought of.
const (
	KeyUnknown  KeyState = ""
	KeyCurrent  KeyState = "current"
	KeyPrevious KeyState = "previous" // from before the last reset, which counts still
	KeyEnded    KeyState = "ended"
	KeyOfOther  KeyState = "other" // of another App ID of the same owner
)

// SignedPart is one part of the text that is signed.
type SignedPart struct{ Name, Value string }

// SignatureAnswer tells what there is to be told of a login. It never holds a
// key, nor a signature, right or wrong.
type SignatureAnswer struct {
	// Passed: a login like this is let through to the person behind it.
	Passed bool
	// Text is what is to be signed, "" when the body does not say enough.
	Text  string
	Parts []SignedPart
	// Signed is what was signed in its place: as its maker said, or as it was
	// found. "" when it is not known.
	Signed string
	Found  bool // Signed was found, not said
	Key    KeyState
	KeyEnd time.Time // of a key that ends or has ended
	Expire int64
	Now    time.Time
	Steps  []trace.Step
}

const (
	// maxOwnText bounds what somebody says to have signed.
	maxOwnText = 1024
	// How often the logins of one App ID are looked at: less often than logins
	// are answered, so that nothing is tried out here that could not be there.
	checkEvery   = 3 * time.Second
	checkBurst   = 30
	maxCheckings = 4096
)

var errChecks = fault.New(fault.TooMany, fault.CodeRateLimited)

// checkings bound how often the logins of an App ID are looked at.
type checkings = otter.Cache[string, *rate.Limiter]

func newCheckings() *checkings {
	return otter.Must(&otter.Options[string, *rate.Limiter]{MaximumSize: maxCheckings})
}

func (a *Applications) mayCheck(owner identity.OrganizationID, id string) bool {
	key := string(owner) + "/" + id
	l, found := a.checkings.GetIfPresent(key)
	if !found {
		l, _ = a.checkings.SetIfAbsent(key, rate.NewLimiter(rate.Every(checkEvery), checkBurst))
	}
	return l.AllowN(a.options.Now(), 1)
}

// CheckSignature looks at a login as Verify would and tells all that is wrong
// with it, the signature compared with what wrong ways of signing give. Nobody is
// signed in by it, no nonce is spent and nothing of the login is kept. An App ID
// of somebody else is NotFound, asking too often TooMany (rate_limited).
func (a *Applications) CheckSignature(ctx context.Context, actor identity.Actor, owner identity.OrganizationID, id string, q SignatureQuestion) (SignatureAnswer, error) {
	if err := allow(actor, owner); err != nil {
		return SignatureAnswer{}, err
	}
	if utf8.RuneCountInString(q.Text) > maxOwnText {
		return SignatureAnswer{}, fault.New(fault.Invalid, fault.CodeFieldLength).At("string_to_sign").With("min", 0).With("max", maxOwnText)
	}
	if !a.mayCheck(owner, id) {
		return SignatureAnswer{}, errChecks
	}
	var c *signatureCheck
	err := a.db.Update(ctx, func(tx *store.Tx) error {
		app, err := tx.AppIDs.Get(owner, id)
		if err != nil {
			return err
		}
		c = &signatureCheck{a: a, tx: tx, e: a.newEntry(app), q: q, story: trace.Begin(trace.AppIDLogin, actor.Origin)}
		if err := c.run(); err != nil {
			return err
		}
		outcome := trace.Refused
		if c.answer.Passed {
			outcome = trace.Succeeded
		}
		return audit.Record(tx, actor, audit.AppIDSignatureChecked, audit.About{
			Organization: owner, Target: id, Details: map[string]string{"outcome": string(outcome)},
		})
	})
	if err != nil {
		return SignatureAnswer{}, err
	}
	return c.answer, nil
}

// signatureCheck is one look at a login.
type signatureCheck struct {
	a      *Applications
	tx     *store.Tx
	e      *entry
	q      SignatureQuestion
	story  *trace.Story // of this look alone: it is not kept
	login  SignedLogin
	answer SignatureAnswer
}

func (c *signatureCheck) run() error {
	c.answer.Now = c.tx.Now()
	c.target()
	c.header()
	body := c.body()
	if !body.Signable {
		c.finish() // body has told why
		return nil
	}
	c.compose(body)
	c.story.Check(trace.AppIDAsked, c.login.AppID == c.e.app.ID, trace.Detail{Expected: c.e.app.ID, Received: c.login.AppID})
	formed(c.login, c.story)
	suits(c.e.app, c.login, c.story)
	if err := c.place(); err != nil {
		return err
	}
	if err := c.time(); err != nil {
		return err
	}
	if err := c.signature(); err != nil {
		return err
	}
	c.finish()
	return nil
}

// finish: every check was made and none of them failed.
func (c *signatureCheck) finish() {
	c.answer.Steps = c.story.Steps()
	c.answer.Passed = c.answer.Text != ""
	for _, s := range c.answer.Steps {
		c.answer.Passed = c.answer.Passed && s.State != trace.Failing
	}
}

// target checks where the login goes, as far as what was pasted says it.
func (c *signatureCheck) target() {
	r := c.q.Request
	if r.Method != "" || r.Path != "" {
		want, got := http.MethodPost+" "+applogin.Path, strings.TrimSpace(r.Method+" "+r.Path)
		// A proxy may add a path in front of ours.
		c.story.Check(trace.RequestTarget, r.Method == http.MethodPost && strings.HasSuffix(r.Path, applogin.Path), trace.Detail{Expected: want, Received: got})
	}
	if said := r.Header.Get("Content-Type"); said != "" {
		media, _, _ := strings.Cut(said, ";")
		c.story.Check(trace.BodyMedia, strings.EqualFold(strings.TrimSpace(media), "application/json"), trace.Detail{Expected: "application/json", Received: said})
	}
	for _, kind := range r.Header["X-Token-Type"] {
		c.story.Check(trace.TokenType, kind == "LongTicket", trace.Detail{Expected: "LongTicket", Received: kind})
	}
}

// header reads the signature; one in another form is compared all the same.
func (c *signatureCheck) header() {
	lines := c.q.Request.Header["Authorization"]
	s := applogin.ReadAuthorization(lines)
	if !c.story.Check(trace.HeaderScheme, s.SchemeOK, trace.Detail{Expected: applogin.SchemeName, Received: seenScheme(lines)}) {
		return
	}
	if c.story.Check(trace.HeaderSignature, s.SignatureOK && isDigest(s.Signature), trace.Detail{Expected: "64 hexadecimal digits", Received: trace.Shape(s.Signature)}) || s.SignatureOK {
		c.login.Signature = s.Signature
	}
	if !s.AccessOK {
		c.story.Check(trace.HeaderAccess, false, trace.Detail{Expected: c.e.app.ID})
	} else {
		c.login.Access = s.Access
	}
}

// seenScheme tells of an Authorization header no more than its scheme: what
// follows may be a password.
func seenScheme(lines []string) string {
	if len(lines) != 1 {
		return strconv.Itoa(len(lines)) + " headers"
	}
	name, _, found := strings.Cut(strings.TrimSpace(lines[0]), " ")
	if !found {
		return trace.Shape(lines[0])
	}
	return name
}

func isDigest(text string) bool {
	return len(text) == 64 && strings.Trim(text, "0123456789abcdefABCDEF") == ""
}

func (c *signatureCheck) body() applogin.Body {
	body := applogin.ReadBody(c.q.Request.Body)
	for _, f := range body.Faults {
		found := f.Found
		if f.Field != "" {
			found = f.Field + ": " + found
		}
		c.story.Check(trace.BodyJSON, false, trace.Detail{Received: found})
	}
	if len(body.Faults) == 0 {
		c.story.Check(trace.BodyJSON, true, trace.Detail{})
	}
	return body
}

// compose builds the text that is to be signed.
func (c *signatureCheck) compose(b applogin.Body) {
	l := &c.login
	l.AppID, l.OrganizationRef, l.UserID, l.UserName, l.Nonce = b.AppID, b.CorpID, b.UserID, b.UserName, b.Nonce
	l.Expire, l.ExpireText = b.Expire, b.ExpireText
	provider := c.e.app.OfProvider()
	names := []string{"appId", "corpId", "userId", "expireTime", "nonce"}
	if !provider {
		names = append(names[:1], names[2:]...)
	}
	for i, value := range partsOf(*l, provider, strconv.FormatInt(l.Expire, 10)) {
		c.answer.Parts = append(c.answer.Parts, SignedPart{names[i], value})
	}
	c.answer.Text, c.answer.Expire = string(appendText(nil, *l, provider)), l.Expire
}

// place checks the enterprise that an App ID of the provider leads into.
func (c *signatureCheck) place() error {
	if !c.e.app.OfProvider() || c.login.OrganizationRef == "" {
		return nil
	}
	org, err := reached(c.tx, c.e.app, c.login.OrganizationRef)
	if err != nil && !fault.Is(err, fault.CodeOrganizationNotFound) {
		return err
	}
	c.story.Check(trace.OrganizationKnown, err == nil && org.Status == identity.OrganizationActive, trace.Detail{Received: c.login.OrganizationRef})
	return nil
}

// time judges nonce and end, be the signature right or not.
func (c *signatureCheck) time() error {
	valid := c.story.Check(trace.NonceLength, validNonce(c.login.Nonce), trace.Detail{
		Expected: "32 to 64 printable characters", Received: strconv.Itoa(utf8.RuneCountInString(c.login.Nonce)) + " characters",
	})
	until, err := c.a.checkExpire(c.e.app, c.login, c.story, func() (bool, error) {
		return everlastingAt(c.tx, c.e.app, c.login.OrganizationRef)
	})
	if err != nil && fault.KindOf(err) != fault.Unauthenticated {
		return err
	}
	if c.login.Expire > 0 {
		until = time.Unix(c.login.Expire, 0)
	}
	if !valid {
		return nil
	}
	taken, err := ticket.Claimed(c.tx, c.e.app.NonceSpace(), c.login.Nonce, until)
	if err == nil {
		c.story.Check(trace.NonceFresh, !taken, trace.Detail{})
	}
	return err
}

// signature compares the signature with the right one, which is told to nobody,
// and with those that wrong ways of signing give.
func (c *signatureCheck) signature() error {
	s := newSearch(c.login, c.e.app.OfProvider())
	if s.digested {
		if err := c.search(s); err != nil {
			return err
		}
		known := c.answer.Key == KeyCurrent || c.answer.Key == KeyPrevious
		c.story.Check(trace.KeyKnown, known, trace.Detail{})
	}
	right := s.done && s.spelling.Check == ""
	if right && strings.ContainsAny(c.login.Signature, "ABCDEF") {
		c.story.Warn(trace.NearUpperHex, trace.Detail{})
	}
	if c.q.Text != "" {
		c.answer.Signed = c.q.Text
		c.story.Check(trace.TextForm, c.q.Text == s.right, trace.Detail{})
	}
	c.story.Check(trace.Signature, right, trace.Detail{})
	s.tell(c.story)
	for _, f := range s.findings {
		if c.answer.Signed == "" && f.Text != "" {
			c.answer.Signed, c.answer.Found = f.Text, true
		}
	}
	return nil
}

// search looks for the key and the text of the signature.
func (c *signatureCheck) search(s *search) error {
	for _, key := range c.e.keys {
		live := key.live(c.answer.Now)
		if live {
			s.key(key.macKey, c.a.newMAC)
		} else {
			s.as(key.macKey, s.right, Finding{Check: trace.NearPreviousKey, Detail: trace.Detail{Received: "ended " + key.endsAt.UTC().Format(time.RFC3339)}})
		}
		if live && len(s.findings) == 0 && c.q.Text != "" && c.q.Text != s.right {
			s.as(key.macKey, c.q.Text, Finding{Check: trace.NearOwnText, Text: c.q.Text})
		}
		if len(s.findings) > 0 {
			c.answer.Key, c.answer.KeyEnd = stateOf(key, live), key.endsAt
			return nil
		}
	}
	others, err := c.tx.AppIDs.Page(c.e.app.OrganizationID, 0, maxOthers)
	if err != nil {
		return err
	}
	if s.others(c.e.app.ID, others, c.a.newMAC); len(s.findings) > 0 {
		c.answer.Key = KeyOfOther
	}
	return nil
}

func stateOf(key liveKey, live bool) KeyState {
	switch {
	case !live:
		return KeyEnded
	case !key.endsAt.IsZero():
		return KeyPrevious
	}
	return KeyCurrent
}
