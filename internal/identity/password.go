package identity

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/fault"
)

// PasswordRules are what a new password has to satisfy. The zero value of a
// number means that the rule is off.
type PasswordRules struct {
	MinLength, MaxLength int // in characters
	MinClasses           int // of lower case, upper case, digits, others
	LowerUpperDigit      bool
	ASCIIOnly            bool // letters, digits and the specials of the Meeting API, 1.7
	MaxRepeats           int  // the same character at most so often in a row
	NotAccount           bool // must not contain the account or its reverse
	MinDifferent         int  // characters that differ from the old password
	History              int  // recent passwords that may not come again
	MinAge               time.Duration
	RefuseBreached       bool // refuse what is on the list of common passwords
}

// DefaultPasswordRules follow NIST SP 800-63B: length and a list of known
// passwords, no composition.
func DefaultPasswordRules() PasswordRules {
	return PasswordRules{MinLength: 8, MaxLength: 64, RefuseBreached: true}
}

// MeetingCreateRules apply to a password set on creation (Meeting API, 1.6).
func MeetingCreateRules() PasswordRules {
	return PasswordRules{MinLength: 8, MaxLength: 32, MinClasses: 2, ASCIIOnly: true, NotAccount: true}
}

// MeetingChangeRules apply when people change their password (Meeting API,
// 1.6, UpdatePwd).
func MeetingChangeRules() PasswordRules {
	return PasswordRules{
		MinLength: 8, MaxLength: 32, MinClasses: 2, ASCIIOnly: true, MaxRepeats: 3, NotAccount: true,
		MinDifferent: 2, History: 5, MinAge: 5 * time.Minute,
	}
}

// MeetingResetRules apply when a forgotten password is set anew (Meeting API,
// 1.6, ResetPwd).
func MeetingResetRules() PasswordRules {
	return PasswordRules{MinLength: 8, MaxLength: 32, LowerUpperDigit: true, ASCIIOnly: true, MaxRepeats: 3, NotAccount: true}
}

// PasswordContext is what a password is judged beside.
type PasswordContext struct {
	Account string // the account name, compared without its domain too
	Old     string // the old password where the person gave it, else ""
}

// Check tells the first rule that a new password breaks. Whether it was used
// before and whether it is a known one needs more than this and is checked in
// directory.
func (r PasswordRules) Check(password string, c PasswordContext) error {
	n := utf8.RuneCountInString(password)
	if n < r.MinLength || r.MaxLength > 0 && n > r.MaxLength {
		return fault.New(fault.Invalid, fault.CodePasswordLength).At("password").With("min", r.MinLength).With("max", r.MaxLength)
	}
	for _, rule := range []struct {
		broken bool
		code   fault.Code
	}{
		{!CleanText(password) || strings.ContainsAny(password, "\t\r\n"), fault.CodePasswordIllegal},
		{r.ASCIIOnly && !onlyMeetingCharacters(password), fault.CodePasswordIllegal},
		{!r.enoughClasses(password), fault.CodePasswordClasses},
		{r.MaxRepeats > 0 && longestRun(password) > r.MaxRepeats, fault.CodePasswordRepeats},
		{r.NotAccount && containsAccount(password, c.Account), fault.CodePasswordAccount},
		{r.MinDifferent > 0 && c.Old != "" && differing(c.Old, password) < r.MinDifferent, fault.CodePasswordSimilar},
	} {
		if rule.broken {
			return fault.New(fault.Invalid, rule.code).At("password")
		}
	}
	return nil
}

func (r PasswordRules) enoughClasses(password string) bool {
	var lower, upper, digit, other int
	for _, c := range password {
		switch {
		case unicode.IsLower(c):
			lower = 1
		case unicode.IsUpper(c):
			upper = 1
		case unicode.IsDigit(c):
			digit = 1
		default:
			other = 1
		}
	}
	if r.LowerUpperDigit && lower+upper+digit < 3 {
		return false
	}
	return lower+upper+digit+other >= r.MinClasses
}

// meetingSpecials is the list SPECIAL of the Meeting API, 1.7.
const meetingSpecials = "`~!@#$%^&*()-_=+\\|[{}];:\",'<.>/?"

func onlyMeetingCharacters(password string) bool {
	for _, c := range password {
		plain := c < utf8.RuneSelf && (unicode.IsLetter(c) || unicode.IsDigit(c))
		if !plain && !strings.ContainsRune(meetingSpecials, c) {
			return false
		}
	}
	return true
}

func longestRun(text string) int {
	longest, run, last := 0, 0, rune(-1)
	for _, c := range text {
		if c == last {
			run++
		} else {
			run, last = 1, c
		}
		longest = max(longest, run)
	}
	return longest
}

func containsAccount(password, account string) bool {
	folded, account := strings.ToLower(password), FoldAccount(account)
	for _, name := range []string{account, localPart(account)} {
		// Fragments of one or two letters would forbid nearly everything.
		if len(name) >= 3 && (strings.Contains(folded, name) || strings.Contains(folded, reversed(name))) {
			return true
		}
	}
	return account != "" && (folded == account || folded == reversed(account))
}

func localPart(account string) string {
	local, _, _ := strings.Cut(account, "@")
	return local
}

func reversed(text string) string {
	r := []rune(text)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

// differing counts the characters of a new password that are not at the same
// place in the old one, and the difference in length.
func differing(old, password string) int {
	a, b := []rune(old), []rune(password)
	n := max(len(a), len(b)) - min(len(a), len(b))
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}
