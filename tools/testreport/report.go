package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// event is one line of `go test -json`; see `go doc test2json` and, for builds, `go help buildjson`.
type event struct {
	Action  string
	Package string
	Test    string
	Output  string
	Elapsed float64
	// FailedBuild is set on a package's failure when it did not compile.
	FailedBuild string
}

type counts struct{ passed, failed, skipped int }

// report keeps the output of what still runs, to show or to drop it once the outcome is known.
type report struct {
	counts
	out io.Writer
	// running holds the tests of each package without an outcome yet, in the order in which they began.
	running map[string][]string
	output  map[[2]string]*strings.Builder
	// failedTests counts the failed tests of a package: a package that fails without one is a failure by itself.
	failedTests map[string]int
}

func newReport(out io.Writer) *report {
	return &report{
		out:         out,
		running:     map[string][]string{},
		output:      map[[2]string]*strings.Builder{},
		failedTests: map[string]int{},
	}
}

func (r *report) read(in io.Reader) error {
	// Output lines of tests are unbounded, so no Scanner with its limit.
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			r.line(line)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read test output: %w", err)
		}
	}
}

func (r *report) line(line []byte) {
	var e event
	if json.Unmarshal(line, &e) != nil || e.Action == "" {
		// Whatever is not an event (a linker's complaint, say) is for people.
		fmt.Fprintf(r.out, "%s", line)
		return
	}
	switch {
	case e.Action == "build-output":
		fmt.Fprint(r.out, e.Output)
	case e.Action == "output":
		r.keep(e)
	case e.Test != "":
		r.test(e)
	default:
		r.pkg(e)
	}
}

func (r *report) keep(e event) {
	key := [2]string{e.Package, e.Test}
	if r.output[key] == nil {
		r.output[key] = &strings.Builder{}
	}
	r.output[key].WriteString(e.Output)
}

func (r *report) test(e event) {
	switch e.Action {
	case "run":
		r.running[e.Package] = append(r.running[e.Package], e.Test)
		return
	case "pass":
		r.passed++
	case "fail":
		r.failed++
		r.failedTests[e.Package]++
		r.show(e.Package, e.Test, "FAIL")
	case "skip":
		r.skipped++
		r.show(e.Package, e.Test, "SKIP")
	default:
		return
	}
	delete(r.output, [2]string{e.Package, e.Test})
	r.running[e.Package] = slices.DeleteFunc(r.running[e.Package], func(name string) bool { return name == e.Test })
}

func (r *report) pkg(e event) {
	switch e.Action {
	case "pass":
		fmt.Fprintf(r.out, "ok    %s (%.1fs)\n", e.Package, e.Elapsed)
	case "fail":
		// Tests without an outcome were running when the process died: a panic, a time-out, os.Exit.
		for _, name := range r.running[e.Package] {
			r.failed++
			r.failedTests[e.Package]++
			r.show(e.Package, name, "FAIL (did not end)")
		}
		if r.failedTests[e.Package] == 0 {
			r.failed++
		}
		r.show(e.Package, "", "FAIL")
	case "skip": // a package without test files
	default:
		return
	}
	delete(r.output, [2]string{e.Package, ""})
	delete(r.running, e.Package)
}

func (r *report) show(pkg, test, verdict string) {
	fmt.Fprintf(r.out, "%-5s %s %s\n", verdict, pkg, test)
	kept := r.output[[2]string{pkg, test}]
	if kept == nil {
		return
	}
	for line := range strings.Lines(kept.String()) {
		// The framework's own marks repeat what the line above says.
		if strings.HasPrefix(line, "=== ") || strings.HasPrefix(strings.TrimSpace(line), "--- ") {
			continue
		}
		fmt.Fprintf(r.out, "      %s\n", strings.TrimRight(line, "\n"))
	}
}
