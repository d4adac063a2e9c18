package manifest

import (
	"reflect"

	"go.yaml.in/yaml/v3"
)

// Inline returns the files with every secret looked up and written as text, for
// a server that must not look anything up itself. Call it after Load has found
// nothing wrong; comments and layout are not kept. The result holds the secrets:
// send it over a protected connection and keep it nowhere.
func Inline(files []File, surroundings Surroundings) ([]File, error) {
	if _, err := Load(files, surroundings); err != nil {
		return nil, err
	}
	sent := make([]File, 0, len(files))
	for _, file := range files {
		root, err := parse(file.Data)
		if err != nil {
			return nil, err
		}
		i := inliner{surroundings: surroundings, file: file.Name, done: map[*yaml.Node]bool{}}
		if err := i.block(root, reflect.TypeFor[Document]()); err != nil {
			return nil, err
		}
		data, err := yaml.Marshal(root)
		if err != nil {
			return nil, err
		}
		sent = append(sent, File{Name: file.Name, Data: data})
	}
	return sent, nil
}

// inliner writes secrets into the nodes of one file.
type inliner struct {
	surroundings Surroundings
	file         string
	done         map[*yaml.Node]bool // one that aliases share is written once
}

func (i inliner) block(n *yaml.Node, t reflect.Type) error {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.MappingNode || i.done[n] {
		return nil
	}
	i.done[n] = true
	for _, row := range fieldsOf(t) {
		for k := 0; k+1 < len(n.Content); k += 2 {
			if n.Content[k].Value != row.key {
				continue
			}
			if err := i.value(n.Content[k+1], row); err != nil {
				return err
			}
		}
	}
	return nil
}

func (i inliner) value(n *yaml.Node, row field) error {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch shapeOf(row.typ) {
	case blockShape:
		return i.block(n, base(row.typ))
	case blocksShape:
		for _, item := range n.Content {
			if err := i.block(item, row.typ.Elem()); err != nil {
				return err
			}
		}
	case secretShape:
		if i.done[n] {
			return nil
		}
		i.done[n] = true
		value, err := i.surroundings.resolve(n.Value, i.file)
		if err != nil {
			return err
		}
		n.Value, n.Style = textPrefix+value, yaml.DoubleQuotedStyle
	}
	return nil
}
