package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// decodeObject reads the JSON object of an answer. When it is none, got says
// what came instead, without any of its content, which may be a secret. What
// the header calls it does not count: many centres call JSON a text. A mark of
// UTF-8 at the beginning is passed over (RFC 8259, 8.1).
func decodeObject(raw []byte, contentType string) (object map[string]any, got string) {
	raw = bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))
	if got = noText(raw, contentType); got != "" {
		return nil, got
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, "text that is not JSON" + typed(contentType)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, "JSON with something behind it"
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, kindOf(value) + " instead of an object"
	}
	return object, ""
}

// noText names the answers that are recognised before they are read.
func noText(raw []byte, contentType string) string {
	switch {
	case len(raw) == 0:
		return "nothing"
	case bytes.HasPrefix(raw, []byte("\xff\xfe")), bytes.HasPrefix(raw, []byte("\xfe\xff")):
		return "text in UTF-16"
	case !utf8.Valid(raw):
		return "text that is not UTF-8" + typed(contentType)
	case raw[0] == '<':
		return "a page in HTML or XML" + typed(contentType)
	}
	return ""
}

// typed adds the media type as the header gave it.
func typed(contentType string) string {
	if media, params, err := mime.ParseMediaType(contentType); err == nil {
		return " (" + mime.FormatMediaType(media, params) + ")"
	}
	return ""
}

// decodeForm reads a token answer in the form of a query, as GitHub's older
// address and QQ's give it. It is one only when it has the wanted field or an
// error: any word is a query to a lenient reader.
func decodeForm(raw []byte, field string) (map[string]any, bool) {
	text := strings.TrimSpace(string(raw))
	if text == "" || strings.ContainsAny(text[:1], "{[<\"") || !utf8.ValidString(text) {
		return nil, false
	}
	query, err := url.ParseQuery(text)
	if err != nil || !query.Has(field) && !query.Has("error") {
		return nil, false
	}
	object := map[string]any{}
	for name, values := range query {
		object[name] = values[0]
	}
	return object, true
}

// kindOf names the kind of a JSON value, with the names of an object's fields
// but none of its values.
func kindOf(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case string:
		return fmt.Sprintf("a text of %d characters", utf8.RuneCountInString(v))
	case json.Number:
		return "a number"
	case bool:
		return "true or false"
	case []any:
		return fmt.Sprintf("a list of %d", len(v))
	case map[string]any:
		return "an object with " + strings.Join(fieldNames(v), ", ")
	}
	return "nothing"
}

// maxNames bounds how many names of fields are told.
const maxNames = 24

// fieldNames lists the fields of an answer by their paths, in order.
func fieldNames(object map[string]any) []string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(object)) {
		inner, nested := object[name].(map[string]any)
		if !nested {
			list = append(list, name)
			continue
		}
		for _, below := range slices.Sorted(maps.Keys(inner)) {
			list = append(list, name+"."+below)
		}
	}
	if len(list) > maxNames {
		list = append(list[:maxNames], "…")
	}
	return list
}

// parameterNames lists the parameters of a query without their values.
func parameterNames(query url.Values) string {
	if len(query) == 0 {
		return "nothing"
	}
	return strings.Join(slices.Sorted(maps.Keys(query)), ", ")
}

// told puts an error and its description together.
func told(problem, description string) string {
	if description == "" {
		return problem
	}
	return problem + ": " + description
}
