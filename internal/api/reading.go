package api

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/orgate/orgate/internal/fault"
)

// The places of a parameter, which are also the tags that name it.
const (
	inPath   = "path"
	inQuery  = "query"
	inHeader = "header"
)

// parameter is a field of an input that is read from the path, the query or
// the head.
type parameter struct {
	at       []int // where the field is
	in, name string
	fallback string // of one that is left out
	schema   *huma.Schema
}

// parameters are those of an input, the embedded ones where they stand.
func parameters(in reflect.Type, schemas huma.Registry) []parameter {
	var found []parameter
	for i := range in.NumField() {
		f := in.Field(i)
		if f.Anonymous {
			for _, p := range parameters(f.Type, schemas) {
				p.at = append([]int{i}, p.at...)
				found = append(found, p)
			}
			continue
		}
		for _, place := range []string{inPath, inQuery, inHeader} {
			if name := f.Tag.Get(place); name != "" {
				schema := huma.SchemaFromField(schemas, f, "")
				found = append(found, parameter{at: []int{i}, in: place, name: name, fallback: f.Tag.Get("default"), schema: schema})
			}
		}
	}
	return found
}

// text is what a request says for the parameter, "" for nothing.
func (p parameter) text(r *http.Request, query url.Values) string {
	switch p.in {
	case inPath:
		return r.PathValue(p.name)
	case inQuery:
		return query.Get(p.name)
	}
	return r.Header.Get(p.name)
}

// set puts a text into the field, and returns what is to be compared with the
// schema. A text that is none of the field's type is FieldType, and Malformed
// where that is a time.
func (p parameter) set(field reflect.Value, text string) (any, *fault.Error) {
	switch into := field.Addr().Interface().(type) {
	case *string:
		*into = text
		return text, nil
	case *bool:
		yes, err := strconv.ParseBool(text)
		*into = yes
		return yes, p.unless(err, "want.boolean")
	case *time.Time:
		at, err := time.Parse(time.RFC3339Nano, text)
		*into = at
		return text, p.unless(err, "")
	}
	// Int and int64: tests read every operation, and no other kind gets past them.
	n, err := strconv.ParseInt(text, 10, 64)
	field.SetInt(n)
	return n, p.unless(err, "want.integer")
}

func (p parameter) unless(err error, want string) *fault.Error {
	switch {
	case err == nil:
		return nil
	case want == "":
		return fault.New(fault.Invalid, fault.CodeMalformed).At(p.name)
	}
	return fault.New(fault.Invalid, fault.CodeFieldType).At(p.name).With("want", want)
}

// reading is how an operation makes its input of a request: parameters by the
// tags of its fields, the body as JSON into a field Body or as it is into a
// field RawBody. It is safe for concurrent use.
type reading struct {
	in         reflect.Type
	schemas    huma.Registry // of this operation alone: nothing is added to it later
	parameters []parameter
	known      map[string]bool // the names in the query
	body, raw  []int           // where the fields are, nil without
	schema     *huma.Schema    // of Body
}

// readingOf finds out how a route reads its input.
func readingOf(r route) *reading {
	p := &reading{in: r.do.in, schemas: newSchemas(), known: map[string]bool{}}
	p.parameters = parameters(p.in, p.schemas)
	for _, one := range p.parameters {
		if one.in == inQuery {
			p.known[one.name] = true
		}
	}
	if f, ok := p.in.FieldByName("Body"); ok {
		p.body, p.schema = f.Index, bodySchema(r, f, p.schemas)
	}
	if f, ok := p.in.FieldByName("RawBody"); ok {
		p.raw = f.Index
	}
	return p
}

// input makes the input of a request, or tells everything that is wrong with
// it: Invalid, with a fault for each field.
func (p *reading) input(r *http.Request) (any, error) {
	query := r.URL.Query()
	if faults := p.strangers(query); len(faults) > 0 {
		return nil, together(faults)
	}
	in := reflect.New(p.in)
	faults := p.fill(in.Elem(), r, query)
	if p.body != nil || p.raw != nil {
		wrong, err := p.fillBody(in.Elem(), r)
		if err != nil {
			return nil, err
		}
		faults = append(faults, wrong...)
	}
	if len(faults) > 0 {
		return nil, together(faults)
	}
	return in.Interface(), nil
}

// together is all the faults as one, in an order that does not depend on that
// in which maps are walked.
func together(faults []*fault.Error) error {
	slices.SortStableFunc(faults, func(a, b *fault.Error) int {
		return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Code, b.Code))
	})
	return fault.All(faults)
}

// strangers are the parameters of a query that nobody knows.
func (p *reading) strangers(query url.Values) []*fault.Error {
	var faults []*fault.Error
	for name := range query {
		if !p.known[name] {
			faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldUnknown).At(name))
		}
	}
	return faults
}

// fill reads the parameters.
func (p *reading) fill(in reflect.Value, r *http.Request, query url.Values) []*fault.Error {
	var faults []*fault.Error
	for _, one := range p.parameters {
		text := cmp.Or(one.text(r, query), one.fallback)
		if text == "" {
			continue
		}
		value, wrong := one.set(in.FieldByIndex(one.at), text)
		if wrong != nil {
			faults = append(faults, wrong)
			continue
		}
		faults = append(faults, complaints(p.schemas, one.schema, one.name, value)...)
	}
	return faults
}

// fillBody reads the body. The error is about the body as a whole, or about
// the way it came.
func (p *reading) fillBody(in reflect.Value, r *http.Request) ([]*fault.Error, error) {
	data, err := io.ReadAll(r.Body)
	switch tooLarge := (*http.MaxBytesError)(nil); {
	case errors.As(err, &tooLarge):
		return nil, fault.New(fault.Invalid, fault.CodeTooLarge)
	case err != nil:
		return nil, fault.New(fault.Invalid, fault.CodeMalformed)
	case len(data) == 0:
		return nil, fault.New(fault.Invalid, fault.CodeFieldMissing).At("body")
	case p.raw != nil:
		in.FieldByIndex(p.raw).SetBytes(data)
		return nil, nil
	case !saysJSON(r.Header.Get("Content-Type")):
		return nil, fault.New(fault.Invalid, fault.CodeFieldFormat).At("Content-Type").With("want", "want.json")
	}
	if err := wellFormed(data); err != nil {
		return nil, fault.New(fault.Invalid, fault.CodeMalformed)
	}
	var loose any
	if err := json.Unmarshal(data, &loose); err != nil {
		return nil, fault.New(fault.Invalid, fault.CodeMalformed)
	}
	if faults := complaints(p.schemas, p.schema, "", loose); len(faults) > 0 {
		return faults, nil
	}
	// What the schema lets pass and the type does not, such as a number that is
	// too long.
	if err := json.Unmarshal(data, in.FieldByIndex(p.body).Addr().Interface()); err != nil {
		return nil, fault.New(fault.Invalid, fault.CodeMalformed)
	}
	return nil, nil
}

// saysJSON reports whether a media type is that of JSON, or one that is built
// on it (RFC 6839, 3.1). Nothing said is JSON, too.
func saysJSON(mediaType string) bool {
	kind, _, _ := strings.Cut(mediaType, ";")
	kind = strings.TrimSpace(kind)
	return kind == "" || strings.EqualFold(kind, "application/json") || strings.HasSuffix(strings.ToLower(kind), "+json")
}
