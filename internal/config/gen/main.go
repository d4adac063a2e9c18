// Command gen writes the manual and the example file of the settings into
// docs. It is run by go generate in internal/config.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/orgate/orgate/internal/config"
)

func main() {
	if err := run(filepath.Join("..", "..", "docs")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(docs string) error {
	if err := os.MkdirAll(docs, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(docs, "configuration.md"), []byte(config.Manual()), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(docs, "orgate.example.yaml"), []byte(config.Example()), 0o644)
}
