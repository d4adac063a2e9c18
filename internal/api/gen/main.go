// Command gen writes the OpenAPI document and the page of the management API
// into docs. It is run by go generate in internal/api.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/orgate/orgate/internal/api"
)

func main() {
	if err := run(filepath.Join("..", "..", "docs")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(docs string) error {
	document, err := api.Document()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(docs, "openapi.json"), document, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(docs, "api.md"), []byte(api.Manual()), 0o644)
}
