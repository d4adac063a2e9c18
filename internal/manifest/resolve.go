package manifest

import (
	"encoding/base64"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Resolve returns the files with every secret and every picture that is only
// named (env:, file:) written out, so that they can be sent to a server, which looks nothing up.
// What is wrong is of type Errors; files that Load takes are resolved.
func Resolve(files []File, surroundings Surroundings) ([]File, error) {
	found := &problems{}
	resolved := make([]File, 0, len(files))
	for _, file := range files {
		root, err := parse(file.Data)
		if err != nil {
			line, text := syntaxProblem(err)
			found.add(Position{File: file.Name, Line: line, Column: min(line, 1)}, "%s", text)
			continue
		}
		r := &resolver{file: file.Name, surroundings: surroundings, problems: found}
		r.block(root, reflect.TypeFor[Document]())
		data, err := yaml.Marshal(root)
		if err != nil {
			return nil, err
		}
		resolved = append(resolved, File{Name: file.Name, Data: data})
	}
	return resolved, found.err()
}

type resolver struct {
	file         string
	surroundings Surroundings
	problems     *problems
}

// block walks the keys of a mapping that the table knows; what it does not know
// is for Load to complain about.
func (r *resolver) block(node *yaml.Node, t reflect.Type) {
	if node.Kind != yaml.MappingNode {
		return
	}
	rows := map[string]field{}
	for _, row := range fieldsOf(t) {
		rows[row.key] = row
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		row, known := rows[node.Content[i].Value]
		if known {
			r.value(node.Content[i+1], row)
		}
	}
}

func (r *resolver) value(node *yaml.Node, row field) {
	switch shapeOf(row.typ) {
	case secretShape:
		r.secret(node)
	case pictureShape:
		r.picture(node)
	case blockShape:
		r.block(node, base(row.typ))
	case blocksShape:
		for _, item := range node.Content {
			r.block(item, base(row.typ).Elem())
		}
	}
}

func (r *resolver) secret(node *yaml.Node) {
	if node.Kind != yaml.ScalarNode || node.Value == "" {
		return
	}
	text, err := r.surroundings.resolve(node.Value, r.file)
	if err != nil {
		r.problems.add(Position{File: r.file, Line: node.Line, Column: node.Column}, "%s", err)
		return
	}
	node.SetString(textPrefix + text)
}

func (r *resolver) picture(node *yaml.Node) {
	if node.Kind != yaml.ScalarNode || !strings.HasPrefix(node.Value, filePrefix) {
		return
	}
	content, err := r.surroundings.picture(node.Value, r.file)
	if err != nil {
		r.problems.add(Position{File: r.file, Line: node.Line, Column: node.Column}, "%s", err)
		return
	}
	node.SetString(base64Prefix + base64.StdEncoding.EncodeToString(content))
}
