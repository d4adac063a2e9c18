package harness

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Demonstrate runs `orgate demo` on free ports until the test ends and returns
// what it announces.
func Demonstrate(t testing.TB, environment ...string) (announcement string) {
	t.Helper()
	dir := t.TempDir()
	var files [2]*os.File
	for i, name := range []string{"out", "log"} {
		file, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = file.Close() }()
		files[i] = file
	}
	cmd := exec.Command(binary(t), "demo", "--listen", "127.0.0.1:0", "--ops-listen", "off", "--centre-listen", "127.0.0.1:0", "--application-listen", "127.0.0.1:0")
	cmd.Dir, cmd.Env = dir, append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + dir}, environment...)
	cmd.Stdout, cmd.Stderr = files[0], files[1]
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("orgate demo: %v\n%s", err, read(t, files[1].Name()))
		}
	})
	Until(t, startLimit, "orgate demo serves", func() bool { return strings.Contains(read(t, files[1].Name()), "orgate serves") })
	return read(t, files[0].Name())
}
