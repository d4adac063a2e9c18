package signature

import (
	"os/exec"
	"testing"
)

// A shell must read back what was quoted, whatever a person's id holds.
func TestQuotedSurvivesTheShell(t *testing.T) {
	for _, text := range []string{"plain", "it's", "a b", "$(id) `id` \\ \"", "''", "张三\n!"} {
		got, err := exec.Command("sh", "-c", "printf %s "+quoted(text)).Output()
		if err != nil || string(got) != text {
			t.Errorf("quoted(%q): got %q, %v", text, got, err)
		}
	}
}
