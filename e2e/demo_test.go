package e2e_test

import (
	"bytes"
	"encoding/base64"
	"os/exec"
	"strings"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

// TestDemonstrationCommands pastes everything that the demonstration prints
// into a shell, as a person would: the signed login and its token, then the
// chain of the public references up to a redeemed access token. An empty
// PostgreSQL database is as good a stage as a throw-away file; one in use is
// left alone.
func TestDemonstrationCommands(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { pasteDemonstration(t) })
	onPostgres(t, func(t *testing.T, o harness.Options) {
		pasteDemonstration(t, "ORGATE_DATABASE="+o.Database, "ORGATE_SEALING_KEY="+base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32)))
		o.Empty = true
		again := harness.New(t, o).Run(t, "demo", "--centre-listen", "127.0.0.1:0", "--application-listen", "127.0.0.1:0")
		if again.Status != 1 || !strings.Contains(again.Err, "is in use") {
			t.Errorf("a second demonstration in it: status %d, %s", again.Status, again.Err)
		}
	})
}

func pasteDemonstration(t *testing.T, environment ...string) {
	t.Helper()
	_, commands, found := strings.Cut(harness.Demonstrate(t, environment...), "TRY IT")
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
