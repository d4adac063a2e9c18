package directory

import (
	"slices"
	"strings"
	"testing"
)

func TestBreached(t *testing.T) {
	for password, want := range map[string]bool{
		"password1": true, "PASSWORD1": true, "Password1": true, "12345678": true, "1qaz2wsx": true, "welcome2026": true,
		"": false, "\n": false, "password1\n": false, "assword1": false, "password1x": false, goodPassword: false,
		"zzzzzzzzzzzzzzzz~": false, "\x00": false,
	} {
		if got := breached(password); got != want {
			t.Errorf("%q: got %v, want %v", password, got, want)
		}
	}
}

// The search by halves rests on the order, and folding on the case.
func TestListIsFoldedSortedAndSmall(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(commonPasswords, "\n"), "\n")
	if !slices.IsSorted(lines) || len(slices.Compact(slices.Clone(lines))) != len(lines) {
		t.Error("the list is not sorted, or has a line twice")
	}
	if strings.ToLower(commonPasswords) != commonPasswords || strings.ContainsAny(commonPasswords, " \t\r") {
		t.Error("the list is not folded, or has blanks")
	}
	if n := len(commonPasswords); len(lines) < 3000 || n > 60<<10 {
		t.Errorf("%d passwords in %d bytes", len(lines), n)
	}
	for _, line := range lines {
		if !breached(line) {
			t.Errorf("%q is on the list and is not found", line)
		}
	}
}
