package directory

import (
	"testing"

	"github.com/orgate/orgate/internal/identity"
)

func TestGeneratedPasswordsObeyEveryRuleSet(t *testing.T) {
	rules := map[string]identity.PasswordRules{
		"default": identity.DefaultPasswordRules(), "create": identity.MeetingCreateRules(),
		"change": identity.MeetingChangeRules(), "reset": identity.MeetingResetRules(),
		"strict": {MinLength: 16, MaxLength: 16, MinClasses: 4, LowerUpperDigit: true, ASCIIOnly: true, MaxRepeats: 2, RefuseBreached: true},
	}
	seen := map[string]bool{}
	for range 500 {
		password := GeneratePassword()
		if seen[password] {
			t.Fatalf("%s came twice", password)
		}
		seen[password] = true
		for name, r := range rules {
			if err := checkPassword(password, r, identity.PasswordContext{Account: "alice@house"}); err != nil {
				t.Errorf("%s: %s: %v", name, password, err)
			}
		}
	}
}

func TestRuns(t *testing.T) {
	for password, want := range map[string]bool{"": false, "aa": false, "aab": false, "aaa": true, "baaa": true, "abab": false} {
		if got := runs([]byte(password)); got != want {
			t.Errorf("%q: got %v", password, got)
		}
	}
}

func TestDrawReachesEveryNumberAlike(t *testing.T) {
	const n, rounds = 7, 7000
	var counts [n]int
	for range rounds {
		counts[draw(n)]++
	}
	for k, c := range counts {
		// Nine standard deviations: a false alarm is out of question.
		if c < 1000-9*30 || c > 1000+9*30 {
			t.Errorf("%d came %d times of %d", k, c, rounds)
		}
	}
}
