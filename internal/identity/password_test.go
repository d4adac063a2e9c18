package identity

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

func wants(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if code == "" && err != nil || code != "" && !fault.Is(err, code) {
		t.Errorf("%s: got %v, want %q", what, err, code)
	}
}

func TestPasswordRules(t *testing.T) {
	alice := PasswordContext{Account: "Alice@ent01", Old: "Old-password-1"}
	for _, row := range []struct {
		name, password string
		rules          PasswordRules
		code           fault.Code
	}{
		{"default, eight characters", "xkwmzqpa", DefaultPasswordRules(), ""},
		{"default, seven", "xkwmzqp", DefaultPasswordRules(), fault.CodePasswordLength},
		{"default, 64", strings.Repeat("ab", 32), DefaultPasswordRules(), ""},
		{"default, 65", strings.Repeat("ab", 32) + "c", DefaultPasswordRules(), fault.CodePasswordLength},
		{"default counts characters, not bytes", "密码密码密码密码", DefaultPasswordRules(), ""},
		{"default knows no composition", "alice@ent01", DefaultPasswordRules(), ""},
		{"NUL", "abc\x00defgh", DefaultPasswordRules(), fault.CodePasswordIllegal},
		{"tab", "abc\tdefgh", DefaultPasswordRules(), fault.CodePasswordIllegal},
		{"line feed", "abcdefgh\n", DefaultPasswordRules(), fault.CodePasswordIllegal},
		{"broken UTF-8", "abcdefgh\xff", DefaultPasswordRules(), fault.CodePasswordIllegal},

		{"create, two classes", "abcdefg1", MeetingCreateRules(), ""},
		{"create, one class", "abcdefgh", MeetingCreateRules(), fault.CodePasswordClasses},
		{"create, digits alone", "12345678", MeetingCreateRules(), fault.CodePasswordClasses},
		{"create, letter cases", "abcdEFGH", MeetingCreateRules(), ""},
		{"create, specials", "----abcd", MeetingCreateRules(), ""},
		{"create, 33", strings.Repeat("a1", 16) + "b", MeetingCreateRules(), fault.CodePasswordLength},
		{"create, the account", "Alice@ent01", MeetingCreateRules(), fault.CodePasswordAccount},
		{"create, reversed", "10tne@ecilA", MeetingCreateRules(), fault.CodePasswordAccount},
		{"create, a blank", "abcd 1234", MeetingCreateRules(), fault.CodePasswordIllegal},
		{"create, an umlaut", "abcdäfg1", MeetingCreateRules(), fault.CodePasswordIllegal},

		{"change, good", "Blue-horse-77", MeetingChangeRules(), ""},
		{"change, three alike", "aaa-Bcd-11", MeetingChangeRules(), ""},
		{"change, four alike", "aaaa-Bcd-1", MeetingChangeRules(), fault.CodePasswordRepeats},
		{"change, contains the account", "x-aLiCe@ENT01-9", MeetingChangeRules(), fault.CodePasswordAccount},
		{"change, contains what stands before @", "my-alice-99", MeetingChangeRules(), fault.CodePasswordAccount},
		{"change, contains it reversed", "my-ecila-99", MeetingChangeRules(), fault.CodePasswordAccount},
		{"change, one other character", "Old-password-2", MeetingChangeRules(), fault.CodePasswordSimilar},
		{"change, two others", "Old-passwort-2", MeetingChangeRules(), ""},
		{"change, two more", "Old-password-1xy", MeetingChangeRules(), ""},
		{"change, one more", "Old-password-1x", MeetingChangeRules(), fault.CodePasswordSimilar},

		{"reset, all three", "Blue-horse-77", MeetingResetRules(), ""},
		{"reset, no upper case", "blue-horse-77", MeetingResetRules(), fault.CodePasswordClasses},
		{"reset, no lower case", "BLUE-HORSE-77", MeetingResetRules(), fault.CodePasswordClasses},
		{"reset, no digit", "Blue-horse-xx", MeetingResetRules(), fault.CodePasswordClasses},
	} {
		err := row.rules.Check(row.password, alice)
		wants(t, row.name, err, row.code)
		if err != nil && strings.Contains(err.Error(), row.password) {
			t.Errorf("%s: the fault tells the password: %v", row.name, err)
		}
	}
	if f := fault.Of(DefaultPasswordRules().Check("x", alice)); f.Field != "password" || f.Params["min"] != 8 || f.Params["max"] != 64 {
		t.Errorf("got %+v", f)
	}
	if r := MeetingChangeRules(); r.History != 5 || r.MinAge != 5*time.Minute {
		t.Errorf("got %+v", r)
	}
}

func TestEverySpecialOfTheMeetingAPIIsAllowed(t *testing.T) {
	for _, c := range meetingSpecials {
		if err := MeetingCreateRules().Check("abcd1234"+string(c), PasswordContext{}); err != nil {
			t.Errorf("%q: %v", c, err)
		}
	}
	for _, c := range " §€é\u00a0密" {
		wants(t, fmt.Sprintf("%q", c), MeetingCreateRules().Check("abcd1234"+string(c), PasswordContext{}), fault.CodePasswordIllegal)
	}
}

// Two letters of a name are in nearly every password.
func TestShortNamesForbidLittle(t *testing.T) {
	for account, code := range map[string]fault.Code{"al": "", "": "", "ali": fault.CodePasswordAccount, "a@b": ""} {
		wants(t, account, MeetingChangeRules().Check("Xali-horse-77", PasswordContext{Account: account}), code)
	}
	rules := PasswordRules{NotAccount: true}
	wants(t, "equal", rules.Check("AL", PasswordContext{Account: "al"}), fault.CodePasswordAccount)
	wants(t, "equal reversed", rules.Check("la", PasswordContext{Account: "al"}), fault.CodePasswordAccount)
}
