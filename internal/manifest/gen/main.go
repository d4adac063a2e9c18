// Command gen writes the manual and the JSON Schema of the manifest into docs.
// It is run by go generate in internal/manifest.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/orgate/orgate/internal/manifest"
)

func main() {
	if err := run(filepath.Join("..", "..", "docs")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(docs string) error {
	schema, err := manifest.Schema()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(docs, "manifest.schema.json"), schema, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(docs, "manifest.md"), []byte(manifest.Manual()), 0o644)
}
