package directory

import (
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// loginNameMax is the longest name that is accepted at a login (Meeting API,
// 4.1), in characters.
const loginNameMax = 255

// loginName is what somebody typed, canonical, with all it may mean.
type loginName struct {
	text     string // one spelling for all ways to write the same name
	meanings []identity.LoginName
}

// String keeps mobile numbers and addresses out of logs.
func (loginName) String() string { return "[redacted]" }

// readName reads a typed login name: an account name, a mobile number with its
// country code, or a mail address. Compatibility forms (full width), letter
// case and blanks around it do not matter, so that no spelling escapes the
// count of failures of another. Control and invisible characters are refused:
// no name has any.
func readName(typed string) (n loginName, err error) {
	typed = strings.TrimSpace(typed)
	if !utf8.ValidString(typed) || strings.ContainsFunc(typed, invisible) {
		return n, fault.New(fault.Invalid, fault.CodeMalformed).At("account")
	}
	text := identity.Fold(norm.NFKC.String(typed))
	if c := utf8.RuneCountInString(text); c < 1 || c > loginNameMax {
		return n, fault.New(fault.Invalid, fault.CodeFieldLength).At("account").With("min", 1).With("max", loginNameMax)
	}
	n.meanings = []identity.LoginName{{Kind: identity.ByAccount, Text: text}}
	if mobile, ok := typedMobile(text); ok {
		n.meanings = append(n.meanings, identity.LoginName{Kind: identity.ByMobile, Text: mobile})
		text = mobile
	} else if email, err := identity.Email(text); err == nil {
		n.meanings = append(n.meanings, identity.LoginName{Kind: identity.ByEmail, Text: email})
	}
	n.text = text
	return n, nil
}

// invisible tells what a name must not hold: it would look like another one.
func invisible(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) || r == 0x034f || r == 0x115f || r == 0x3164
}

// typedMobile reads a number with its country code. Digits without + or 00 are
// taken for one as well: an account name has more than digits.
func typedMobile(text string) (string, bool) {
	digits := strings.NewReplacer(" ", "", "-", "").Replace(text)
	if !strings.HasPrefix(digits, "+") && !strings.HasPrefix(digits, "00") {
		digits = "+" + digits
	}
	mobile, err := identity.Mobile(digits, "")
	return mobile, err == nil && mobile != ""
}

// account finds the account that the name belongs to. An account name comes
// before a contact of the same text.
func (n loginName) account(tx *store.Tx) (a identity.Account, found bool, err error) {
	for _, meaning := range n.meanings {
		a, err = tx.Lookup.Account(meaning)
		if err == nil || !fault.Is(err, fault.CodeAccountNotFound) {
			return a, err == nil, err
		}
	}
	return identity.Account{}, false, nil
}

// subjectOf names an account in the count of failures: all its login names
// count together.
func subjectOf(id identity.AccountID) string { return "sign_in:" + string(id) }

// subject names what was typed where no account has that name. It is a digest,
// because people type numbers, addresses and, by mistake, passwords.
func (n loginName) subject(tx *store.Tx) string {
	return "sign_in.name:" + hex.EncodeToString(tx.Box().Digest("sign_in.name", n.text))
}
