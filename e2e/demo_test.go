package e2e_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

// TestDemonstrationCommands pastes everything that the demonstration prints
// into a shell, as a person would: the signed login and its token, then the
// chain of the public references up to a redeemed access token.
func TestDemonstrationCommands(t *testing.T) {
	_, commands, found := strings.Cut(harness.Demonstrate(t), "TRY IT")
	_, commands, _ = strings.Cut(commands, "\n")
	if !found {
		t.Fatal("there are no commands")
	}
	script := exec.CommandContext(t.Context(), "bash", "-c", commands)
	raw, err := script.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	said := string(raw)
	for _, want := range []string{
		`"thirdAccount":"grace"`, "ended: 200", `"ucloginAccount":"alice@acme.example"`,
		`"ucloginAccount":"owner@clouddragon.huawei.com"`, "USG.000000003", `"thirdAccount":"alice"`, `"clientType":5`,
	} {
		if !strings.Contains(said, want) {
			t.Errorf("the commands do not show %s", want)
		}
	}
	// With the secret, then as printed; the third time another address is
	// refused.
	if got := strings.Count(said, "HTTP/1.1 200"); got != 2 {
		t.Errorf("got %d configurations that were accepted, want 2", got)
	}
	if got := strings.Count(said, "HTTP/1.1 400"); got != 1 {
		t.Errorf("got %d configurations that were refused, want 1", got)
	}
	if t.Failed() {
		t.Log(said)
	}
}
