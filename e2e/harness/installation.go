package harness

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// commandLimit bounds one command of the command line.
const commandLimit = time.Minute

// Options say how an installation begins.
type Options struct {
	// Database is a DSN; "" is SQLite in the installation's own folder.
	Database string
	// Manifest is applied at first instead of the usual one.
	Manifest string
	// Empty applies nothing: there is not even a database.
	Empty bool
	// Settings are further ORGATE_… variables of every process.
	Settings []string
}

// Installation is one database with the settings, nodes and mails around it.
type Installation struct {
	Dir  string // the manifest, the logs and, with SQLite, the database
	Mail *Mailbox

	settings []string
	mu       sync.Mutex
	nodes    int
	logs     []string
	secrets  []string
}

// New makes an installation for one test and applies its manifest. When the
// test ends, after all nodes have stopped, their logs are searched for every
// secret that the installation knows of (CVE-2024-39683 and its kin).
func New(t testing.TB, o Options) *Installation {
	t.Helper()
	i := &Installation{Dir: t.TempDir()}
	t.Cleanup(func() { i.searchLogs(t) })
	i.Mail = newMailbox(t)
	key := slices.Repeat([]byte{7}, 32)
	i.Secret(base64.StdEncoding.EncodeToString(key))
	if o.Database == "" {
		o.Database = "sqlite:" + filepath.Join(i.Dir, "orgate.db")
	}
	i.settings = append([]string{
		"ORGATE_DATABASE=" + o.Database, "ORGATE_SEALING_KEY=" + base64.StdEncoding.EncodeToString(key),
		"ORGATE_EGRESS_ALLOW=127.0.0.0/8",
	}, o.Settings...)
	i.Secret(string(AcmeApp().Key), string(OtherApp().Key), string(SPApp().Key))
	for _, password := range passwords {
		i.Secret(password)
	}
	if o.Manifest == "" {
		o.Manifest = Manifest(i.Mail.Port())
	}
	if !o.Empty {
		i.Apply(t, o.Manifest)
	}
	return i
}

// Apply writes a manifest to a file and applies it.
func (i *Installation) Apply(t testing.TB, manifest string) {
	t.Helper()
	i.Run(t, "apply", "-f", i.Write(t, "orgate.yaml", manifest)).Want(t, 0)
}

// Write writes a file into the installation's folder and returns its path.
func (i *Installation) Write(t testing.TB, name, text string) string {
	t.Helper()
	file := filepath.Join(i.Dir, name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// Secret adds words that no log may show.
func (i *Installation) Secret(words ...string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, word := range words {
		if word != "" && !slices.Contains(i.secrets, word) {
			i.secrets = append(i.secrets, word)
		}
	}
}

// environ is the whole environment of a process of the installation: what a
// shell or a test machine has set must not reach it.
func (i *Installation) environ(more ...string) []string {
	environ := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + i.Dir, "TMPDIR=" + i.Dir}
	return slices.Concat(environ, secretVariables(), i.settings, more)
}

// Result is what a command left behind.
type Result struct {
	Status int
	Out    string // standard output
	Err    string // standard error
	args   []string
}

// Want fails the test unless the command ended with a status.
func (r Result) Want(t testing.TB, status int) Result {
	t.Helper()
	if r.Status != status {
		t.Fatalf("orgate %s: got status %d, want %d\n%s%s", strings.Join(r.args, " "), r.Status, status, r.Out, r.Err)
	}
	return r
}

// Run runs a command of the command line to its end.
func (i *Installation) Run(t testing.TB, args ...string) Result {
	t.Helper()
	return i.RunWith(t, Command{Args: args})
}

// Command is a command with what is not usual about it.
type Command struct {
	Args    []string
	Input   string
	Environ []string // comes after, and so instead of, the installation's
}

// RunWith runs a command to its end.
func (i *Installation) RunWith(t testing.TB, c Command) Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), commandLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary(t), c.Args...)
	cmd.Dir, cmd.Env = i.Dir, i.environ(c.Environ...)
	cmd.Stdin = strings.NewReader(c.Input)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &exit) || ctx.Err() != nil) {
		t.Fatalf("orgate %s: %v\n%s", strings.Join(c.Args, " "), err, errs.String())
	}
	return Result{Status: cmd.ProcessState.ExitCode(), Out: out.String(), Err: errs.String(), args: c.Args}
}

func (i *Installation) searchLogs(t testing.TB) {
	t.Helper()
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, file := range i.logs {
		log, err := os.ReadFile(file)
		if err != nil {
			t.Errorf("read log: %v", err)
			continue
		}
		for _, secret := range i.secrets {
			if at := bytes.Index(log, []byte(secret)); at >= 0 {
				line := bytes.Count(log[:at], []byte("\n")) + 1
				t.Errorf("line %d of %s shows the secret %q", line, filepath.Base(file), secret)
			}
		}
		if bytes.Contains(log, []byte("panic")) {
			t.Errorf("%s tells of a panic:\n%s", filepath.Base(file), log)
		}
		if t.Failed() {
			t.Logf("end of %s:\n%s", filepath.Base(file), tail(log, 4000))
		}
	}
}

func tail(text []byte, most int) []byte { return text[max(0, len(text)-most):] }
