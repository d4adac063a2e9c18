package trace

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/identity"
)

const (
	// maxText is how many characters of a detail are kept.
	maxText = 200
	// maxSteps bounds a story; a sign-in has about forty steps.
	maxSteps = 128
	// minSecret is the length from which a hidden text is searched for:
	// shorter ones would blacken harmless text.
	minSecret = 4
	redacted  = "[redacted]"
)

// Kind is the way of signing in that a story is about.
type Kind string

// The kinds. Each has a name in the catalogues under "trace.kind.<kind>".
const (
	AppIDLogin      Kind = "app_id"      // signed by a third-party server
	PasswordLogin   Kind = "password"    // account and password
	SourceLogin     Kind = "source"      // proved by an authentication source
	ClientCodeLogin Kind = "client_code" // a client with the code of such a sign-in
	PortalLogin     Kind = "portal"      // a jump into the portal by nonce
	Authorizing     Kind = "authorize"   // a person enters an application
	TokenExchange   Kind = "token"       // an application redeems a code, or asks for itself
	UserInfoRequest Kind = "userinfo"    // an application asks about a person
	TokenRefresh    Kind = "refresh"     // an application redeems a refresh token
	Inspecting      Kind = "introspect"  // a resource server asks what a token is worth
	Leaving         Kind = "logout"      // a person signs out, or an application is told of it
	Validating      Kind = "validate"    // an application has a service ticket accepted
	Proxying        Kind = "proxy"       // an application acts for a person at another
)

// Outcome is how a story ended.
type Outcome string

// The outcomes. Each has a name in the catalogues under
// "trace.outcome.<outcome>".
const (
	Open      Outcome = ""          // nobody ended the story
	Succeeded Outcome = "succeeded" // signed in
	Refused   Outcome = "refused"   // a check failed
	Failed    Outcome = "failed"    // a fault of the server
)

// State is how one step of a story went.
type State string

// The states. Each has a word in the catalogues under "trace.state.<state>".
const (
	Passed  State = "passed"
	Failing State = "failed"
	Warned  State = "warned" // accepted, but not as it should be
	Noted   State = "noted"  // told for understanding, nothing was checked
)

// Detail is what a step expected and what came. The caller redacts both: a
// secret is described (see Shape), never shown. Each is cut to 200 characters,
// and control characters are escaped.
type Detail struct {
	Expected string
	Received string
}

// Step is one line of a story.
type Step struct {
	Check  Check
	State  State
	Detail Detail
	// After is when the step was written, counted from the beginning; zero in
	// a story without a clock.
	After time.Duration
}

// Story is what happened during one sign-in. Every method works on a nil
// Story. A Story belongs to one goroutine until it is given to a Keeper, and
// then to the Keeper.
type Story struct {
	code         string
	kind         Kind
	origin       identity.Origin
	organization identity.OrganizationID
	application  identity.ApplicationID
	who          string
	outcome      Outcome
	steps        []Step
	secrets      []string

	now   func() time.Time // nil in a story without a clock
	began time.Time
}

// Begin starts a story without a clock: its steps have an order but no times,
// and it counts as having happened when it is kept. Keeper.Begin starts one
// with times.
func Begin(kind Kind, origin identity.Origin) *Story {
	return &Story{code: newCode(), kind: kind, origin: origin, steps: make([]Step, 0, 32)}
}

// Check writes that something was looked at and whether it was as it should
// be, and returns ok, so that it fits into a condition.
func (s *Story) Check(name Check, ok bool, d Detail) bool {
	state := Passed
	if !ok {
		state = Failing
	}
	s.add(name, state, d)
	return ok
}

// Warn writes that something was accepted which is not as it should be.
func (s *Story) Warn(name Check, d Detail) { s.add(name, Warned, d) }

// Note writes something that helps to understand the story.
func (s *Story) Note(name Check, d Detail) { s.add(name, Noted, d) }

// About says whose sign-in it is. It decides who may read the story: without
// an organisation only the provider may. who is the account or third account
// that was given; an empty argument leaves what was said before.
func (s *Story) About(org identity.OrganizationID, who string) {
	if s == nil {
		return
	}
	if org != "" {
		s.organization = org
	}
	if who != "" {
		s.who = s.clean(who)
	}
}

// AboutApplication says which application, of which organisation, somebody
// wanted to enter or leave: its responsible member may read the story, too.
func (s *Story) AboutApplication(a identity.Application) {
	if s == nil || a.ID == "" {
		return
	}
	s.application, s.organization = a.ID, a.OrganizationID
}

// Hide names a secret of this sign-in, such as a key or a password. Wherever
// it stands in the story, now or later, "[redacted]" is kept in its place. It
// is the net below the rule that callers redact, not the rule. Call it before
// the first step that could contain the secret.
func (s *Story) Hide(secret string) {
	if s == nil || len(secret) < minSecret {
		return
	}
	s.secrets = append(s.secrets, secret, escape(secret))
	s.who = s.clean(s.who)
	for i := range s.steps {
		d := &s.steps[i].Detail
		d.Expected, d.Received = s.clean(d.Expected), s.clean(d.Received)
	}
}

// End says how the sign-in ended. The last call counts.
func (s *Story) End(outcome Outcome) {
	if s != nil {
		s.outcome = outcome
	}
}

// Code is how people name the story: eight characters that cannot be mistaken
// for one another. It is "" for a nil Story.
func (s *Story) Code() string {
	if s == nil {
		return ""
	}
	return s.code
}

// Steps returns a copy of what was written so far.
func (s *Story) Steps() []Step {
	if s == nil {
		return nil
	}
	return append([]Step(nil), s.steps...)
}

func (s *Story) add(name Check, state State, d Detail) {
	if s == nil || len(s.steps) == maxSteps {
		return
	}
	step := Step{Check: name, State: state, Detail: Detail{Expected: s.clean(d.Expected), Received: s.clean(d.Received)}}
	if s.now != nil {
		step.After = s.now().Sub(s.began)
	}
	s.steps = append(s.steps, step)
}

// clean makes a text fit for a story. Secrets go first: a cut would leave
// their beginning behind.
func (s *Story) clean(text string) string {
	for _, secret := range s.secrets {
		text = strings.ReplaceAll(text, secret, redacted)
	}
	return cut(escape(text))
}

// escape writes what cannot be seen, or could not be stored, as Go escapes.
func escape(text string) string {
	if printable(text) || !strings.ContainsFunc(text, hidden) {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		switch {
		case r == utf8.RuneError:
			if _, width := utf8.DecodeRuneInString(text[i:]); width == 1 {
				fmt.Fprintf(&b, `\x%02x`, text[i])
				continue
			}
			b.WriteRune(r)
		case !hidden(r):
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// printable tells that a text is printable ASCII, as nearly all of them are:
// every login passes here some fifty times.
func printable(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// hidden tells what must not reach a terminal or a page as it is: control
// characters, marks that turn the direction of writing, broken UTF-8.
func hidden(r rune) bool {
	return r == utf8.RuneError || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

func cut(text string) string {
	if len(text) <= maxText || utf8.RuneCountInString(text) <= maxText {
		return text
	}
	return string([]rune(text)[:maxText-1]) + "…"
}

// codeAlphabet has no character that is mistaken for another when read aloud
// or copied by hand: neither 0 and O, 1, I and L, nor U.
const (
	codeAlphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
	codeLength   = 8
)

func newCode() string {
	code := make([]byte, 0, codeLength)
	var random [2 * codeLength]byte
	for {
		_, _ = rand.Read(random[:]) // never fails
		for _, b := range random {
			// Beyond the last whole multiple some letters would come more often.
			if int(b) >= 256/len(codeAlphabet)*len(codeAlphabet) {
				continue
			}
			if code = append(code, codeAlphabet[int(b)%len(codeAlphabet)]); len(code) == codeLength {
				return string(code)
			}
		}
	}
}

// asCode reads a code as people write it: in any case, with blanks or hyphens.
func asCode(text string) (code string, ok bool) {
	text = strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(text))
	if len(text) != codeLength {
		return "", false
	}
	for i := range len(text) {
		if strings.IndexByte(codeAlphabet, text[i]) < 0 {
			return "", false
		}
	}
	return text, true
}
