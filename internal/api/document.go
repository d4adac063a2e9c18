package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

// strict sets what the library keeps for the whole process, before the first
// schema is made.
var strict = sync.OnceValue(func() bool {
	huma.ValidateStrictCasing = true
	huma.DefaultArrayNullable = false
	return true
})

// newSchemas is where the schemas of types are kept by name.
func newSchemas() huma.Registry {
	strict()
	return huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
}

// documented is an operation as the document tells of it. The order in which
// schemas are made is that in which they are named: input, answer, refusal.
func documented(r route, schemas huma.Registry) *huma.Operation {
	o := &huma.Operation{
		OperationID: r.id, Method: r.method, Path: prefix + r.path, Summary: r.summary, Tags: []string{tag(r.path)},
		Responses: map[string]*huma.Response{},
	}
	if !r.public {
		o.Security = []map[string][]string{{"bearer": {}}, {"access_token": {}}, {"session": {}}}
	}
	for _, p := range parameters(r.do.in, schemas) {
		o.Parameters = append(o.Parameters, p.described())
	}
	o.RequestBody = requestBody(r, schemas)
	o.Responses[strconv.Itoa(r.do.status())] = success(r, schemas)
	o.Responses["default"] = &huma.Response{Description: "Error", Content: map[string]*huma.MediaType{
		problemType: {Schema: schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")},
	}}
	return o
}

// described is a parameter as the document tells of it.
func (p parameter) described() *huma.Param {
	d := &huma.Param{Name: p.name, In: p.in, Description: p.schema.Description, Required: p.in == inPath, Schema: p.schema}
	if p.in == inQuery {
		d.Explode = new(bool) // of lists, which no parameter is
	}
	return d
}

// requestBody describes what an operation is sent, nil for nothing.
func requestBody(r route, schemas huma.Registry) *huma.RequestBody {
	kind, schema := "", &huma.Schema{Type: huma.TypeString, Format: "binary"}
	if f, ok := r.do.in.FieldByName("Body"); ok {
		kind, schema = "application/json", bodySchema(r, f, schemas)
	} else if f, ok := r.do.in.FieldByName("RawBody"); ok {
		kind = f.Tag.Get("contentType")
	} else if r.do.taking {
		kind = "application/octet-stream"
	} else {
		return nil
	}
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{kind: {Schema: schema}}}
}

// bodySchema is the schema of a field Body, named after what it is part of
// where its type has no name.
func bodySchema(r route, f reflect.StructField, schemas huma.Registry) *huma.Schema {
	schema := huma.SchemaFromField(schemas, f, hint(r.do.in, f.Name, r.id+"Request"))
	schema.PrecomputeMessages()
	return schema
}

func hint(parent reflect.Type, name, otherwise string) string {
	if parent.Name() != "" {
		return parent.Name() + name
	}
	return otherwise
}

// success describes the answer of an operation that does what it is asked.
func success(r route, schemas huma.Registry) *huma.Response {
	out, status := r.do.out, r.do.status()
	answer := &huma.Response{Description: http.StatusText(status)}
	if f, ok := out.FieldByName("Body"); ok {
		answer.Headers = map[string]*huma.Header{}
		if f.Type.Kind() != reflect.Func {
			schema := huma.SchemaFromField(schemas, f, hint(out, f.Name, r.id+"Response"))
			answer.Content = map[string]*huma.MediaType{"application/json": {Schema: schema}}
		}
	}
	for _, one := range fields(out) {
		if answer.Headers == nil {
			answer.Headers = map[string]*huma.Header{}
		}
		f := out.FieldByIndex(one.at)
		name := hint(out, f.Name, r.id+strconv.Itoa(status)+one.name)
		answer.Headers[one.name] = &huma.Header{Schema: huma.SchemaFromField(schemas, f, name)}
	}
	return answer
}

// describe makes the OpenAPI document of a version of the program.
func describe(version string) ([]byte, error) {
	schemas := newSchemas()
	document := &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info:    &huma.Info{Title: "Orgate", Description: overview, Version: version},
		Components: &huma.Components{
			Schemas: schemas,
			SecuritySchemes: map[string]*huma.SecurityScheme{
				"bearer":       {Type: "http", Scheme: "bearer", Description: "A management token (oga_…) or an access token of the Meeting API."},
				"access_token": {Type: "apiKey", In: "header", Name: headerAccessToken, Description: "An access token of the Meeting API."},
				"session":      {Type: "apiKey", In: "cookie", Name: "__Host-orgate", Description: sessionScheme},
			},
		},
	}
	for _, r := range routes() {
		document.AddOperation(documented(r, schemas))
	}
	return json.MarshalIndent(document, "", "  ")
}

// sessionScheme tells of calls by a browser.
const sessionScheme = "The session of a browser, for pages of this very origin alone. Calls that change something carry the header " +
	headerCSRF + " with the csrf_token that GET /api/v1/me tells. Without https the cookie has another name."

// overview is the introduction of the document.
const overview = "Administers an installation of Orgate. Refusals are problem documents (RFC 9457) with a stable code. " +
	"Lists come in pages: follow next, or the Link header. Edits may name the version they were made on by If-Match."

func (s *surface) answerSpec(w http.ResponseWriter) {
	spec, err := s.spec()
	if err != nil {
		// Tests make the document of the same operations: it does not happen.
		s.o.Log.Error("the OpenAPI document cannot be made", "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/openapi+json")
	// A caller who has gone away is not our trouble.
	_, _ = w.Write(spec)
}

// Document returns the OpenAPI document of the operations, for the folder of
// documents; the version of the program is left out of it.
func Document() ([]byte, error) {
	spec, err := describe("v1")
	return append(spec, '\n'), err
}
