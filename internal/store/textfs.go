package store

import (
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"
)

// textFS is a flat, read-only file system of texts: what the migration tool
// reads after placeholders are filled.
type textFS map[string]string

func (f textFS) names() []string { return slices.Sorted(maps.Keys(f)) }

// Open opens one text, or the list of them as ".".
func (f textFS) Open(name string) (fs.File, error) {
	if name == "." {
		return &textDir{fs: f}, nil
	}
	content, ok := f[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &textFile{textInfo{name, int64(len(content))}, strings.NewReader(content)}, nil
}

// ReadDir lists the texts in order of their names.
func (f textFS) ReadDir(string) ([]fs.DirEntry, error) {
	entries := make([]fs.DirEntry, 0, len(f))
	for _, name := range f.names() {
		entries = append(entries, fs.FileInfoToDirEntry(textInfo{name, int64(len(f[name]))}))
	}
	return entries, nil
}

type textFile struct {
	info textInfo
	io.Reader
}

// Stat describes the text.
func (f *textFile) Stat() (fs.FileInfo, error) { return f.info, nil }

// Close does nothing.
func (f *textFile) Close() error { return nil }

type textDir struct{ fs textFS }

// Stat describes the directory.
func (d *textDir) Stat() (fs.FileInfo, error) { return textInfo{name: "."}, nil }

// Read fails: a directory has no content.
func (d *textDir) Read([]byte) (int, error) { return 0, fs.ErrInvalid }

// Close does nothing.
func (d *textDir) Close() error { return nil }

// ReadDir lists all texts, whatever n.
func (d *textDir) ReadDir(int) ([]fs.DirEntry, error) { return d.fs.ReadDir(".") }

type textInfo struct {
	name string
	size int64
}

// Name is the file's name.
func (i textInfo) Name() string { return i.name }

// Size is its length in bytes.
func (i textInfo) Size() int64 { return i.size }

// Mode is readable by all.
func (i textInfo) Mode() fs.FileMode {
	if i.IsDir() {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

// ModTime is unknown.
func (i textInfo) ModTime() time.Time { return time.Time{} }

// IsDir reports whether it is the directory.
func (i textInfo) IsDir() bool { return i.name == "." }

// Sys has nothing to add.
func (i textInfo) Sys() any { return nil }
