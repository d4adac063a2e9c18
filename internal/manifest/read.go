package manifest

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxFile bounds a file in bytes; the export of 100,000 members has a fifth.
const maxFile = 128 << 20

// File is one file of a manifest.
type File struct {
	Name string // as errors show it; secrets in files are found relative to it
	Data []byte
}

// Load reads a manifest from its files. When anything is wrong the error is of
// type Errors and holds all of it; nothing is read from a database.
func Load(files []File, surroundings Surroundings) (Document, error) {
	return load(files, surroundings, &problems{})
}

// load is Load with the problems to add to, so that a caller who reads often
// keeps the catalogue of their sentences.
func load(files []File, surroundings Surroundings, found *problems) (Document, error) {
	var all Document
	if len(files) == 0 {
		found.add(Position{}, "there is no manifest to read")
	}
	checks := &checker{problems: found}
	for _, file := range files {
		d := &decoder{file: file.Name, surroundings: surroundings, problems: found, nodes: map[Position]*yaml.Node{}, sizes: map[*yaml.Node]int{}}
		if one, ok := d.document(file.Data); ok {
			merge(&all, one, found)
			checks.nodes = append(checks.nodes, d.nodes)
		}
	}
	checks.document(&all)
	return all, found.err()
}

// document parses one file; ok is false when it is not YAML at all.
func (d *decoder) document(data []byte) (one Document, ok bool) {
	root, err := parse(data)
	if err != nil {
		line, text := syntaxProblem(err)
		d.problems.add(Position{File: d.file, Line: line, Column: min(line, 1)}, "%s", text)
		return one, false
	}
	d.block(root, "", reflect.ValueOf(&one).Elem())
	return one, true
}

// Errors of parse that are not the parser's own.
var (
	errTooLarge = errors.New("yaml: the file is larger than 128 MiB")
	errEmpty    = errors.New("yaml: the file is empty; a manifest begins with version: 1")
	errSeveral  = errors.New("yaml: the file holds several documents; write them to several files")
)

// parse returns the root of the one document in data.
func parse(data []byte) (*yaml.Node, error) {
	if len(data) > maxFile {
		return nil, errTooLarge
	}
	reader := yaml.NewDecoder(bytes.NewReader(data))
	var document, second yaml.Node
	switch err := reader.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, errEmpty
	case err != nil:
		return nil, err
	}
	if err := reader.Decode(&second); err == nil {
		return nil, errSeveral
	} else if !errors.Is(err, io.EOF) {
		return nil, err
	}
	if document.Kind != yaml.DocumentNode || len(document.Content) != 1 {
		return nil, errEmpty
	}
	root := document.Content[0]
	if root.Kind == yaml.AliasNode {
		return nil, errEmpty
	}
	return root, nil
}

// syntaxProblem turns the parser's error into a line and a sentence. The parser
// tells the line only inside its text ("yaml: line 3: …").
func syntaxProblem(err error) (line int, text string) {
	text = strings.TrimPrefix(err.Error(), "yaml: ")
	rest, found := strings.CutPrefix(text, "line ")
	if !found {
		return 0, text
	}
	number, said, found := strings.Cut(rest, ": ")
	n, failed := strconv.Atoi(number)
	if !found || failed != nil {
		return 0, text
	}
	return n, "this is not YAML: " + said
}

// merge adds one file to what the files before it said.
func merge(all *Document, one Document, found *problems) {
	all.Version = max(all.Version, one.Version)
	switch {
	case one.Provider == nil:
	case all.Provider == nil:
		all.Provider = one.Provider
	default:
		found.add(one.Provider.At, "is given in %s already; write it in one file", all.Provider.At.File)
	}
	if one.Organizations != nil {
		all.Organizations = append(nonNil(all.Organizations), one.Organizations...)
	}
}

func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
