// Command gen writes the table of the readings of Chinese characters from the
// one of mozillazg/go-pinyin. It is run by go generate in internal/pinyin.
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := run("sounds.bin"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(name string) error {
	made, err := table(readings())
	if err != nil {
		return err
	}
	return os.WriteFile(name, made, 0o644)
}
