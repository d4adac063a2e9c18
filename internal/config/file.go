package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"
)

// given is a value before it is parsed, and where it was found.
type given struct {
	text  string
	where string
}

// readFile reads the settings of a YAML file, by key.
func readFile(path string) (map[string]given, Problems) {
	raw, err := readLimited(path)
	if err != nil {
		return nil, Problems{{Setting: envFile, What: err.Error(), Remedy: "name a file that can be read, or none"}}
	}
	return parseFile(path, raw)
}

// parseFile takes a file apart strictly: one document, a flat mapping, known
// keys, each once, with texts, numbers or lists of these as values.
func parseFile(path string, raw []byte) (map[string]given, Problems) {
	root, err := decode(raw)
	if err != nil {
		return nil, Problems{{Where: path, What: err.Error(), Remedy: "write one YAML document with a setting a line, such as listen: 127.0.0.1:8080"}}
	}
	if root == nil {
		return nil, nil
	}
	values := map[string]given{}
	var problems Problems
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		where := fmt.Sprintf("%s line %d", path, key.Line)
		if p, ok := checkKey(key.Value, values); !ok {
			p.Where = where
			problems = append(problems, p)
			continue
		}
		text, ok := scalars(value)
		if !ok {
			problems = append(problems, Problem{
				Setting: envOf(key.Value), Where: where,
				What: "the value is neither a text nor a list of texts", Remedy: "write it on one line, or as a list",
			})
			continue
		}
		values[key.Value] = given{text: text, where: where}
	}
	return values, problems
}

// decode returns the mapping at the root, nil when the file says nothing.
func decode(raw []byte) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	var document yaml.Node
	if err := decoder.Decode(&document); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		return nil, err
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one document")
	}
	if len(document.Content) != 1 {
		return nil, errors.New("there is no document")
	}
	root := document.Content[0]
	if root.Kind == yaml.ScalarNode && root.Tag == "!!null" {
		return nil, nil
	}
	if root.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("line %d: there are no keys with values", root.Line)
	}
	return root, nil
}

func checkKey(key string, seen map[string]given) (Problem, bool) {
	if _, twice := seen[key]; twice {
		return Problem{Setting: envOf(key), What: "the key " + key + " is there twice", Remedy: "keep one of the two"}, false
	}
	var keys []string
	for _, f := range fields() {
		if f.Key == "" {
			continue
		}
		if f.Key == key {
			return Problem{}, true
		}
		keys = append(keys, f.Key)
	}
	remedy := "remove it, or see docs/configuration.md for the keys there are"
	if near := nearest(key, keys); near != "" {
		remedy = "did you mean " + near + "?"
	}
	return Problem{What: fmt.Sprintf("the key %q is unknown", key), Remedy: remedy}, false
}

// scalars returns a value as the environment would spell it: lists joined by
// commas. An alias or a mapping is refused.
func scalars(node *yaml.Node) (string, bool) {
	switch {
	case node.Kind == yaml.ScalarNode && node.Tag == "!!null":
		return "", true
	case node.Kind == yaml.ScalarNode:
		return node.Value, true
	case node.Kind != yaml.SequenceNode:
		return "", false
	}
	items := make([]string, len(node.Content))
	for i, item := range node.Content {
		if item.Kind != yaml.ScalarNode {
			return "", false
		}
		items[i] = item.Value
	}
	return strings.Join(items, ","), true
}

func envOf(key string) string { return prefix + strings.ToUpper(key) }
