// Package manifest is configuration as code: it reads a manifest, tells what
// differs from the installation, makes the installation so, and writes an
// installation out as a manifest.
//
// A manifest is YAML with version: 1, in one file or several. Objects are found
// again by their natural key (an organisation's code, a member's account, a
// department's code, an App ID), so applying it twice changes nothing the
// second time. A key that is left out leaves what is stored as it is; a new
// object gets the default. Load reports everything that is wrong at once, each
// with file, line, column and the path of the key.
//
// The structs of document.go are the one source of the keys: their tags are
// what the strict decoder accepts, what Schema publishes, what Manual explains,
// what a plan compares and what Export writes.
//
// A secret is text, env:NAME or file:/path. It is never exported and never
// compared with what is stored: a keyed digest of the value last applied tells
// whether the manifest's own value changed.
//
// What does not live here: the rules of organisations, members and App IDs
// (directory, application) and those of the installation's settings (setting).
package manifest

//go:generate go run ./gen
