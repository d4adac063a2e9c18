package main

import (
	"fmt"
	"runtime"
)

type versionCommand struct{}

// Help shows an example.
func (versionCommand) Help() string { return "Example:\n  orgate version" }

// Run prints what this binary is.
func (versionCommand) Run(w *world) error {
	_, err := fmt.Fprintf(w.out, "orgate %s (commit %s, %s)\n", version, commit, runtime.Version())
	return err
}
