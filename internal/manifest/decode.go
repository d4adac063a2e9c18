package manifest

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/orgate/orgate/internal/identity"
)

// maxExpanded bounds how many values aliases stand for: a small file could name
// one alias again and again and mean billions.
const maxExpanded = 200_000

// decoder fills structs from YAML nodes, strictly.
type decoder struct {
	file         string
	surroundings Surroundings
	problems     *problems
	nodes        map[Position]*yaml.Node // of every block that has an At
	expanded     int                     // values that aliases have stood for so far
	sizes        map[*yaml.Node]int      // values below a node that an alias names
}

func (d *decoder) at(n *yaml.Node, path string) Position {
	return Position{File: d.file, Line: n.Line, Column: n.Column, Path: path}
}

func (d *decoder) wrong(n *yaml.Node, path, format string, args ...any) {
	d.problems.add(d.at(n, path), format, args...)
}

// real follows an alias. It reports false when aliases stand for more values
// than are read.
func (d *decoder) real(n *yaml.Node) (*yaml.Node, bool) {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
		if d.expanded += d.size(n); d.expanded > maxExpanded {
			return n, false
		}
	}
	return n, true
}

// size counts the values below a node, aliases followed.
func (d *decoder) size(n *yaml.Node) int {
	if total, known := d.sizes[n]; known {
		return total
	}
	d.sizes[n] = 0 // an anchor inside itself adds nothing
	total := 1
	for _, child := range n.Content {
		total = min(total+d.size(child), maxExpanded+1)
	}
	if n.Kind == yaml.AliasNode {
		total = min(total+d.size(n.Alias), maxExpanded+1)
	}
	d.sizes[n] = total
	return total
}

// tooMany reports once that aliases stand for too much.
func (d *decoder) tooMany(n *yaml.Node, path string) {
	if d.expanded <= 2*maxExpanded {
		d.wrong(n, path, "the aliases of this file stand for more than %d values", maxExpanded)
	}
	d.expanded = 3 * maxExpanded
}

// block fills a struct from a mapping.
func (d *decoder) block(n *yaml.Node, path string, into reflect.Value) {
	if n.Kind != yaml.MappingNode {
		d.wrong(n, path, "should be a block of keys and values, not %s", describe(n))
		return
	}
	if at := into.FieldByName("At"); at.IsValid() {
		position := d.at(n, path)
		at.Set(reflect.ValueOf(position))
		d.nodes[position] = n
	}
	rows := fieldsOf(into.Type())
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		d.pair(n.Content[i], n.Content[i+1], path, blockOf{into, rows, seen})
	}
	for _, row := range rows {
		if row.need && seen[row.key] == 0 {
			d.wrong(n, join(path, row.key), "is missing")
		}
	}
}

// blockOf is the struct being filled, its table and the keys it has got.
type blockOf struct {
	into reflect.Value
	rows []field
	seen map[string]int // line by key
}

func (d *decoder) pair(key, value *yaml.Node, path string, b blockOf) {
	if key.Kind != yaml.ScalarNode {
		d.wrong(key, path, "a key should be a word")
		return
	}
	name := key.Value
	if line := b.seen[name]; line > 0 {
		d.wrong(key, join(path, name), "is given twice; the first is in line %d", line)
		return
	}
	b.seen[name] = key.Line
	for _, row := range b.rows {
		if row.key == name {
			d.value(value, join(path, name), row, b.into.Field(row.index))
			return
		}
	}
	d.wrong(key, join(path, name), "%s", unknownKey(name, b.rows))
}

// later are keys of the manifest's language that this version does not know.
var later = map[string]bool{"saml": true, "<<": true}

func unknownKey(name string, rows []field) string {
	if name == "<<" {
		return "merging blocks is not supported; write the keys out"
	}
	if later[name] {
		return "is not known to this version of Orgate; leave it out or use a newer version"
	}
	keys := make([]string, len(rows))
	for i, row := range rows {
		keys[i] = row.key
	}
	return fmt.Sprintf("there is no key %q here; the keys are %s", name, strings.Join(keys, ", "))
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// value fills one field.
func (d *decoder) value(n *yaml.Node, path string, row field, into reflect.Value) {
	n, ok := d.real(n)
	if !ok {
		d.tooMany(n, path)
		return
	}
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		d.wrong(n, path, "has no value; write one, \"\" for none, or leave the key out")
		return
	}
	switch shapeOf(row.typ) {
	case blockShape:
		d.innerBlock(n, path, row, into)
	case blocksShape:
		d.blocks(n, path, into)
	case textsShape:
		d.texts(n, path, into)
	case numbersShape:
		d.numbers(n, path, row, into)
	case dictionaryShape:
		d.dictionary(n, path, into)
	default:
		d.scalar(n, path, row, into)
	}
}

func (d *decoder) innerBlock(n *yaml.Node, path string, row field, into reflect.Value) {
	inner := reflect.New(base(row.typ))
	if row.preset && n.Kind == yaml.ScalarNode {
		preset, ok := presets[n.Value]
		if !ok {
			d.wrong(n, path, "should be one of %s, or a block", strings.Join(presetNames(), ", "))
			return
		}
		set(into, preset)
		return
	}
	d.block(n, path, inner.Elem())
	set(into, inner.Elem().Interface())
}

func (d *decoder) blocks(n *yaml.Node, path string, into reflect.Value) {
	if n.Kind != yaml.SequenceNode {
		d.wrong(n, path, "should be a list, not %s", describe(n))
		return
	}
	list := reflect.MakeSlice(into.Type(), len(n.Content), len(n.Content))
	for i, item := range n.Content {
		item, ok := d.real(item)
		if !ok {
			d.tooMany(item, path)
			return
		}
		d.block(item, path+"["+strconv.Itoa(i)+"]", list.Index(i))
	}
	into.Set(list)
}

func (d *decoder) texts(n *yaml.Node, path string, into reflect.Value) {
	if n.Kind != yaml.SequenceNode {
		d.wrong(n, path, "should be a list, not %s", describe(n))
		return
	}
	list := []string{}
	for i, item := range n.Content {
		item, _ := d.real(item)
		if text, ok := d.text(item, path+"["+strconv.Itoa(i)+"]"); ok {
			list = append(list, text)
		}
	}
	set(into, list)
}

func (d *decoder) numbers(n *yaml.Node, path string, row field, into reflect.Value) {
	if n.Kind != yaml.SequenceNode {
		d.wrong(n, path, "should be a list, not %s", describe(n))
		return
	}
	list := []int{}
	for i, item := range n.Content {
		item, _ := d.real(item)
		if number, ok := d.number(item, path+"["+strconv.Itoa(i)+"]", row); ok {
			list = append(list, number)
		}
	}
	set(into, list)
}

func (d *decoder) dictionary(n *yaml.Node, path string, into reflect.Value) {
	if n.Kind != yaml.MappingNode {
		d.wrong(n, path, "should be a block of keys and values, not %s", describe(n))
		return
	}
	all := map[string]string{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, _ := d.real(n.Content[i])
		value, _ := d.real(n.Content[i+1])
		name, ok := d.text(key, path)
		if !ok {
			continue
		}
		if _, twice := all[name]; twice {
			d.wrong(key, join(path, name), "is given twice")
			continue
		}
		all[name], _ = d.text(value, join(path, name))
	}
	set(into, all)
}

func (d *decoder) scalar(n *yaml.Node, path string, row field, into reflect.Value) {
	switch shapeOf(row.typ) {
	case numberShape:
		if v, ok := d.number(n, path, row); ok {
			set(into, v)
		}
	case boolShape:
		if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
			d.wrong(n, path, "should be true or false, not %s", describe(n))
			return
		}
		set(into, strings.EqualFold(n.Value, "true"))
	case durationShape:
		v, err := time.ParseDuration(n.Value)
		if n.Kind != yaml.ScalarNode || err != nil || v < 0 || v%time.Second != 0 {
			d.wrong(n, path, "should be a time in whole seconds such as 30s, 5m or 720h, not %s", describe(n))
			return
		}
		set(into, v)
	case secretShape:
		d.secret(n, path, into)
	case pictureShape:
		d.picture(n, path, into)
	default:
		if text, ok := d.text(n, path); ok && d.choice(n, path, row.choices, text) {
			set(into, text)
		}
	}
}

func (d *decoder) number(n *yaml.Node, path string, row field) (int, bool) {
	v, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || n.Tag != "!!int" || err != nil {
		d.wrong(n, path, "should be a whole number, not %s", describe(n))
		return 0, false
	}
	if v < row.low || row.high > 0 && v > row.high {
		d.wrong(n, path, "should be a number from %d to %d", row.low, row.high)
		return 0, false
	}
	return v, true
}

// text reads a text. A number or a date that was meant as text is an error: the
// leading zeros of 0123 would otherwise be lost without a word.
func (d *decoder) text(n *yaml.Node, path string) (string, bool) {
	switch {
	case n.Kind != yaml.ScalarNode:
		d.wrong(n, path, "should be text, not %s", describe(n))
	case n.Tag != "!!str":
		d.wrong(n, path, "should be text, not %s; put it in quotes", describe(n))
	case !identity.CleanText(n.Value):
		d.wrong(n, path, "contains a character that cannot be stored")
	default:
		return n.Value, true
	}
	return "", false
}

func (d *decoder) choice(n *yaml.Node, path string, choices []string, text string) bool {
	if len(choices) == 0 {
		return true
	}
	for _, c := range choices {
		if c == text {
			return true
		}
	}
	d.wrong(n, path, "should be one of %s", strings.Join(choices, ", "))
	return false
}

// secret looks a secret up. The value itself is never part of a problem.
func (d *decoder) secret(n *yaml.Node, path string, into reflect.Value) {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!str" {
		d.wrong(n, path, "should be text, env:NAME or file:/path; put it in quotes")
		return
	}
	text, err := d.surroundings.resolve(n.Value, d.file)
	switch {
	case err != nil:
		d.wrong(n, path, "%v", err)
	case text == "":
		d.wrong(n, path, "is empty; leave the key out instead")
	case !identity.CleanText(text):
		d.wrong(n, path, "contains a character that cannot be stored")
	default:
		set(into, SecretOf(text))
	}
}

// picture reads a picture.
func (d *decoder) picture(n *yaml.Node, path string, into reflect.Value) {
	text, ok := d.text(n, path)
	if !ok {
		return
	}
	content, err := d.surroundings.picture(text, d.file)
	if err != nil {
		d.wrong(n, path, "%v", err)
		return
	}
	set(into, Picture{content: content, given: true})
}

// describe names a node without its value: it may be a secret in a wrong place.
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a block"
	case yaml.SequenceNode:
		return "a list"
	case yaml.ScalarNode:
		switch n.Tag {
		case "!!int", "!!float":
			return "a number"
		case "!!bool":
			return "true or false"
		case "!!timestamp":
			return "a date"
		}
		return "this text"
	default:
		return "nothing"
	}
}
