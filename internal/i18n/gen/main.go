package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/orgate/orgate/internal/i18n"
)

func main() {
	if err := run("..", filepath.Join("..", "..", "docs")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run reads the packages below internal and writes the pages into docs.
func run(internal, docs string) error {
	made, err := pages(internal)
	if err != nil {
		return err
	}
	for name, text := range made {
		if err := os.WriteFile(filepath.Join(docs, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// pages are the generated pages by file name.
func pages(internal string) (map[string]string, error) {
	if err := i18n.Check(); err != nil {
		return nil, err
	}
	catalogue, err := i18n.Load()
	if err != nil {
		return nil, err
	}
	found, err := read(internal)
	if err != nil {
		return nil, err
	}
	return map[string]string{
		"errors.md":       errorsPage(catalogue, found),
		"audit-events.md": eventsPage(catalogue, found),
	}, nil
}
