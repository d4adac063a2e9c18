package harness

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// binaryVariable names the binary under test. Without it Main builds one.
const binaryVariable = "ORGATE_TEST_BINARY"

// Main runs the tests of a package against one binary; call it from TestMain
// and exit with what it returns. A binary of its own lives in a temporary
// folder for as long as the tests run.
func Main(m *testing.M) (status int) {
	if os.Getenv(binaryVariable) == "" {
		folder, err := os.MkdirTemp("", "orgate-e2e-")
		if err != nil {
			return complain(err)
		}
		defer func() { _ = os.RemoveAll(folder) }()
		file := filepath.Join(folder, "orgate")
		if err := build(file); err != nil {
			return complain(err)
		}
		if err := os.Setenv(binaryVariable, file); err != nil {
			return complain(err)
		}
	}
	return m.Run()
}

func complain(err error) int {
	fmt.Fprintln(os.Stderr, "e2e:", err)
	return 1
}

// build compiles the product as it ships: one static file.
func build(file string) error {
	top, err := exec.Command("go", "list", "-f", "{{.Dir}}", "-m", "github.com/orgate/orgate").Output()
	if err != nil {
		return fmt.Errorf("find the product's module: %w", err)
	}
	cmd := exec.Command("go", "build", "-trimpath", "-o", file, "./cmd/orgate")
	cmd.Dir = strings.TrimSpace(string(top))
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the product: %w\n%s", err, out)
	}
	return nil
}

// binary returns the absolute path of the binary under test. Looking at the
// file makes the test cache notice a new build.
func binary(t testing.TB) string {
	t.Helper()
	file, err := filepath.Abs(os.Getenv(binaryVariable))
	if err == nil {
		_, err = os.Stat(file)
	}
	if err != nil {
		t.Fatalf("%s: %v", binaryVariable, err)
	}
	return file
}
