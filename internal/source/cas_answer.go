package source

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// casAnswer is what a CAS server said of a ticket.
type casAnswer struct {
	user       string
	attributes map[string][]string // in the server's order

	failed            bool
	code, description string // of a failure
}

// named is the text under a name: the user, or an attribute. An attribute of
// several values counts by its first.
func (a casAnswer) named(name string) (string, bool) {
	text := a.user
	if name != casUser {
		if len(a.attributes[name]) == 0 {
			return "", false
		}
		text = a.attributes[name][0]
	}
	text = strings.TrimSpace(text)
	return text, text != ""
}

// first is the first of some attributes that came.
func (a casAnswer) first(names ...string) string {
	for _, name := range names {
		if text, found := a.named(name); found && visible(text) && len(text) <= maxField {
			return text
		}
	}
	return ""
}

// denies reports whether an attribute is there and not true.
func (a casAnswer) denies(name string) bool {
	text, found := a.named(name)
	return found && text != "true"
}

// names lists what came, without values.
func (a casAnswer) names() string {
	list := append([]string{casUser}, slices.Sorted(maps.Keys(a.attributes))...)
	if len(list) > maxNames {
		list = append(list[:maxNames], "…")
	}
	return strings.Join(list, ", ")
}

// readCAS reads an answer: lines of version 1, or XML or JSON, whichever came.
// got says what came instead of an answer, "" for an answer.
func readCAS(raw []byte, version string) (a casAnswer, got string) {
	raw = bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))
	switch {
	case len(raw) == 0:
		return a, "nothing"
	case !utf8.Valid(raw):
		return a, "text that is not UTF-8"
	case version == casVersion1:
		return readCAS1(string(raw))
	case raw[0] == '{':
		return readCASJSON(raw)
	case raw[0] == '<':
		return readCASXML(raw)
	}
	return a, "text that is neither XML nor JSON"
}

// readCAS1 reads the two lines of version 1 (2.4.2).
func readCAS1(text string) (a casAnswer, got string) {
	verdict, user, _ := strings.Cut(text, "\n")
	user = strings.TrimSpace(user)
	switch strings.TrimSpace(verdict) {
	case "no":
		return casAnswer{failed: true}, ""
	case "yes":
		if user != "" && !strings.Contains(user, "\n") {
			return casAnswer{user: user}, ""
		}
	}
	return a, "text that is neither yes with an account nor no"
}

// readCASJSON reads the JSON of version 3 (2.5.4).
func readCASJSON(raw []byte) (a casAnswer, got string) {
	object, got := decodeObject(raw, "")
	if got != "" {
		return a, got
	}
	response, _ := object["serviceResponse"].(map[string]any)
	success, good := response["authenticationSuccess"].(map[string]any)
	failure, bad := response["authenticationFailure"].(map[string]any)
	if good == bad {
		return a, kindOf(object) + ", without one verdict"
	}
	if bad {
		code, _ := asText(failure["code"])
		description, _ := asText(failure["description"])
		return casAnswer{failed: true, code: code, description: description}, ""
	}
	a.user, good = asText(success[casUser])
	if !good || strings.TrimSpace(a.user) == "" {
		return casAnswer{}, "a success that names nobody"
	}
	a.attributes = map[string][]string{}
	attributes, _ := success["attributes"].(map[string]any)
	for name, value := range attributes {
		values, several := value.([]any)
		if !several {
			values = []any{value}
		}
		for _, one := range values {
			if text, ok := plainText(one); ok {
				a.attributes[name] = append(a.attributes[name], text)
			}
		}
	}
	return a, ""
}

// casNamespace is that of every element of an answer (Appendix A).
const casNamespace = "http://www.yale.edu/tp/cas"

// readCASXML reads the XML of versions 2 and 3 (Appendix A).
func readCASXML(raw []byte) (a casAnswer, got string) {
	root, err := readXML(raw)
	switch {
	case err != nil:
		return a, "XML that is not taken: " + err.Error()
	case root.name != xml.Name{Space: casNamespace, Local: "serviceResponse"} || len(root.children) != 1 || !root.within(casNamespace):
		return a, "XML that is no answer of CAS"
	}
	verdict := root.children[0]
	switch verdict.name.Local {
	case "authenticationFailure":
		return casAnswer{failed: true, code: verdict.attribute("code"), description: strings.TrimSpace(verdict.text)}, ""
	case "authenticationSuccess":
	default:
		return a, "an answer of CAS without a verdict"
	}
	a.attributes = map[string][]string{}
	users := 0
	for _, child := range verdict.children {
		switch child.name.Local {
		case casUser:
			a.user = strings.TrimSpace(child.text)
			users++
		case "attributes":
			for _, one := range child.children {
				if text := strings.TrimSpace(one.text); text != "" && len(one.children) == 0 {
					a.attributes[one.name.Local] = append(a.attributes[one.name.Local], text)
				}
			}
		}
	}
	if users != 1 || a.user == "" {
		return casAnswer{}, "a success that names not one person"
	}
	return a, ""
}

// element is one of an XML document that was read strictly.
type element struct {
	name       xml.Name
	attributes []xml.Attr
	text       string // its own, without that of its children
	children   []*element
}

// Bounds of an XML document.
const (
	maxDepth    = 16
	maxElements = 5000
)

var (
	errXMLMarkup = errors.New("with a document type, an instruction or a comment in it")
	errXMLSize   = errors.New("too deep or too long")
	errXMLForm   = errors.New("not well formed")
)

// readXML reads a document with elements and texts alone: no document type, so
// no entity of its own, no instruction but the XML declaration, and no comment,
// at which readers cut a text differently.
func readXML(raw []byte) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(raw))
	root := &element{}
	tree := tree{open: []*element{root}}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && len(tree.open) == 1 && len(root.children) == 1 && strings.TrimSpace(root.text) == "" {
			return root.children[0], nil
		}
		if err != nil {
			return nil, errXMLForm
		}
		if err := tree.take(token); err != nil {
			return nil, err
		}
	}
}

// tree is a document that is being read: the elements that are open, the first
// of which stands for the document.
type tree struct {
	open  []*element
	count int
}

func (t *tree) take(token xml.Token) error {
	at := t.open[len(t.open)-1]
	switch token := token.(type) {
	case xml.StartElement:
		if t.count++; t.count > maxElements || len(t.open) > maxDepth {
			return errXMLSize
		}
		child := &element{name: token.Name, attributes: slices.Clone(token.Attr)}
		at.children = append(at.children, child)
		t.open = append(t.open, child)
	case xml.EndElement:
		t.open = t.open[:len(t.open)-1]
	case xml.CharData:
		at.text += string(token)
	case xml.ProcInst:
		if token.Target != "xml" || len(t.open) > 1 || len(at.children) > 0 {
			return errXMLMarkup
		}
	default:
		return errXMLMarkup
	}
	return nil
}

// within reports whether an element and all below it are of one namespace.
func (e *element) within(namespace string) bool {
	return e.name.Space == namespace && !slices.ContainsFunc(e.children, func(c *element) bool { return !c.within(namespace) })
}

// attribute is that of a name without a namespace, "" for none.
func (e *element) attribute(name string) string {
	for _, a := range e.attributes {
		if a.Name.Space == "" && a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
