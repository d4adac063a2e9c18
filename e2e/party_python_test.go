package e2e_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

// python is Debian's own, which has the library that scripts/setup-test.sh
// installs; another one may come first in the path.
const python = "/usr/bin/python3"

// TestPythonApplication signs people in as an application in Python does, by
// Authlib: with the secret in the header and in the body.
func TestPythonApplication(t *testing.T) {
	n := harness.NewWithApplications(t, harness.Options{}).Start(t)
	for _, method := range []string{"client_secret_basic", "client_secret_post"} {
		t.Run(method, func(t *testing.T) { pythonApplication(t, n, method) })
	}
}

func pythonApplication(t *testing.T, n *harness.Node, method string) {
	t.Helper()
	var complaint strings.Builder
	cmd := exec.CommandContext(t.Context(), python, filepath.Join("testdata", "application.py"),
		n.URL, harness.Wiki.ID, harness.Wiki.Secret, harness.Wiki.Home(), method)
	// Authlib asks for https unless it is told that this is a test.
	cmd.Env, cmd.Stderr = append(cmd.Environ(), "AUTHLIB_INSECURE_TRANSPORT=1"), &complaint
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	var asks struct{ Address string }
	hear(t, lines, &asks, &complaint)
	b := harness.ApplicationBrowser(t)
	page := b.SignIn(t, b.Open(t, asks.Address), harness.Alice)
	if _, err := io.WriteString(in, page.URL.String()+"\n"); err != nil {
		t.Fatal(err)
	}
	var learnt struct {
		Sub, Name, After string
		Same             bool
		Again, Revoked   int
	}
	hear(t, lines, &learnt, &complaint)
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v\n%s", err, complaint.String())
	}
	if learnt.Name != "Alice" || !learnt.Same || learnt.Again != 200 || learnt.Revoked != 200 || learnt.After != "invalid_grant" {
		t.Errorf("it learnt %+v", learnt)
	}
	asked, err := url.Parse(asks.Address)
	if err != nil || asked.Query().Get("code_challenge") == "" {
		t.Errorf("it asked without PKCE: %s, %v", asks.Address, err)
	}
}

// hear reads what a program says next.
func hear(t *testing.T, lines *bufio.Reader, into any, complaint *strings.Builder) {
	t.Helper()
	line, err := lines.ReadString('\n')
	if err == nil {
		err = json.Unmarshal([]byte(line), into)
	}
	if err != nil {
		t.Fatalf("it says %q: %v\n%s", line, err, complaint.String())
	}
}
