package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// route is one row of the tables in routes.go.
type route struct {
	method, path string // path below /api/v1
	id           string // of the operation, in the OpenAPI document
	summary      string
	do           operation
	public       bool // answers without a token
}

// operation mounts what a route does.
type operation func(all routing, o huma.Operation)

// with makes an operation of a method: the library reads the request into in,
// the method is handed the call as an argument, its fault is told as a problem.
func with[I, O any](do func(ctx context.Context, c *call, in *I) (*O, error)) operation {
	return func(all routing, o huma.Operation) {
		huma.Register(all.api, o, func(ctx context.Context, in *I) (*O, error) {
			c := callOf(ctx)
			out, err := do(ctx, c, in)
			if err == nil {
				return out, nil
			}
			if same := (notModified{}); errors.As(err, &same) {
				return nil, same
			}
			return nil, c.problem(err)
		})
	}
}

// making is with for operations that answer 201: there is a new thing.
func making[I, O any](do func(ctx context.Context, c *call, in *I) (*O, error)) operation {
	mount := with(do)
	return func(all routing, o huma.Operation) {
		o.DefaultStatus = http.StatusCreated
		mount(all, o)
	}
}

// taking is making for operations that read a file from the body themselves,
// however large it is.
func taking[I, O any](do func(ctx context.Context, c *call, in *I) (*O, error)) operation {
	mount := making(do)
	return func(all routing, o huma.Operation) {
		o.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
		}}
		mount(all, o)
	}
}

// mount hands a route to the library.
func (all routing) mount(r route) {
	o := huma.Operation{
		OperationID: r.id, Method: r.method, Path: prefix + r.path, Summary: r.summary, Tags: []string{tag(r.path)},
		RejectUnknownQueryParameters: true,
		// ServeHTTP bounds the body, and the server's own timeout its reading.
		MaxBodyBytes: -1, BodyReadTimeout: -1,
	}
	if !r.public {
		o.Middlewares = huma.Middlewares{authenticate}
		o.Security = []map[string][]string{{"bearer": {}}, {"access_token": {}}, {"session": {}}}
	}
	r.do(all, o)
}

// tag groups operations by the resource they are about: the last word of a
// path that is a collection.
func tag(path string) string {
	group := ""
	for part := range strings.SplitSeq(path, "/") {
		switch {
		case strings.HasPrefix(part, "{"), strings.HasSuffix(group, "members"), strings.HasSuffix(group, "terminals"),
			strings.HasSuffix(group, "activation-codes"), strings.HasSuffix(group, "/rooms"), group == "settings", group == "manifest",
			part == "reset-key", part == "":
		default:
			group = strings.TrimPrefix(group+"/"+part, "/")
		}
	}
	return strings.TrimPrefix(group, "organizations/")
}

// config is the library's, with nothing in it that we do not use.
func config() huma.Config {
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: "Orgate", Description: overview},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"bearer":       {Type: "http", Scheme: "bearer", Description: "A management token (oga_…) or an access token of the Meeting API."},
					"access_token": {Type: "apiKey", In: "header", Name: headerAccessToken, Description: "An access token of the Meeting API."},
					"session":      {Type: "apiKey", In: "cookie", Name: "__Host-orgate", Description: sessionScheme},
				},
			},
		},
		// The second name is that of the suffix of problem documents.
		Formats:       map[string]huma.Format{"application/json": strictJSON(), "json": strictJSON()},
		DefaultFormat: "application/json",
	}
}

// sessionScheme tells of calls by a browser.
const sessionScheme = "The session of a browser, for pages of this very origin alone. Calls that change something carry the header " +
	headerCSRF + " with the csrf_token that GET /api/v1/me tells. Without https the cookie has another name."

// overview is the introduction of the document.
const overview = "Administers an installation of Orgate. Refusals are problem documents (RFC 9457) with a stable code. " +
	"Lists come in pages: follow next, or the Link header. Edits may name the version they were made on by If-Match."

// describe makes the OpenAPI document of a version of the program. It never
// changes, and takes longer than it to build the operations.
func describe(version string) ([]byte, error) {
	document := *built().api.OpenAPI()
	info := *document.Info
	info.Version = version
	document.Info = &info
	return json.MarshalIndent(&document, "", "  ")
}

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
