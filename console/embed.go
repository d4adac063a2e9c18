// Package console holds the build of the web applications: the management
// centre and the user centre, written in TypeScript in src.
//
// It holds files alone. Who may see them, and with which headers they are
// served, is known by setup, signin and pages. Without a build, which needs
// Node.js, the folder is empty and the pages that need no script answer.
package console

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Build returns the files of the build, nil where none was made.
func Build() fs.FS {
	build, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil
	}
	if _, err := fs.Stat(build, "index.html"); err != nil {
		return nil
	}
	return build
}
