// Command testreport reads the output of `go test -json` on standard input and tells it in short: one line for a
// package that passed, the whole output of a test that failed or was skipped.
//
// With -totals FILE it adds a line "passed failed skipped" to FILE. It exits with 1 when a test failed or was
// skipped: a test that silently does not run proves nothing.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	totals := flag.String("totals", "", "file to which a line \"passed failed skipped\" is added")
	flag.Parse()
	result, err := tell(os.Stdin, os.Stdout)
	if err == nil && *totals != "" {
		err = appendTotals(*totals, result)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(2)
	}
	if result.failed > 0 || result.skipped > 0 {
		os.Exit(1)
	}
}

func tell(in io.Reader, out io.Writer) (counts, error) {
	r := newReport(out)
	err := r.read(in)
	return r.counts, err
}

func appendTotals(path string, c counts) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(f, c.passed, c.failed, c.skipped); err != nil {
		return fmt.Errorf("write totals: %w", err)
	}
	return f.Close()
}
