package api

import (
	"context"
	"net/http"
	"reflect"
	"strings"
	"sync"
)

// route is one row of the tables in routes.go.
type route struct {
	method, path string // path below /api/v1
	id           string // of the operation, in the OpenAPI document
	summary      string
	do           operation
	public       bool // answers without a token
}

// operation is what a route does, and the types that its input and its answer
// are described by. It holds no code that is made anew for every pair of types
// but the one call of do: some four hundred copies of anything larger would be
// most of the program.
type operation struct {
	in, out reflect.Type
	do      func(ctx context.Context, c *call, in any) (any, error)
	making  bool // answers 201: there is a new thing
	taking  bool // reads a file from the body itself
}

// with makes an operation of a method: the request is read into in, the fault
// of the method is told as a problem.
func with[I, O any](do func(ctx context.Context, c *call, in *I) (*O, error)) operation {
	return operation{
		in: reflect.TypeFor[I](), out: reflect.TypeFor[O](),
		do: func(ctx context.Context, c *call, in any) (any, error) { return do(ctx, c, in.(*I)) },
	}
}

// making is with for operations that answer 201: there is a new thing.
func making[I, O any](do func(ctx context.Context, c *call, in *I) (*O, error)) operation {
	o := with(do)
	o.making = true
	return o
}

// taking is making for operations that read a file from the body themselves,
// however large it is.
func taking[I, O any](do func(ctx context.Context, c *call, in *I) (*O, error)) operation {
	o := making(do)
	o.taking = true
	return o
}

// status is that of the answer.
func (o operation) status() int {
	switch _, body := o.out.FieldByName("Body"); {
	case o.making:
		return http.StatusCreated
	case body:
		return http.StatusOK
	}
	return http.StatusNoContent
}

// routing finds the operation of a request. It holds nothing of an
// installation: what operations work with comes with each call.
type routing struct{ mux *http.ServeMux }

// built is the routing of this process. How an operation reads its input is
// found out when it is first called: to describe all of them takes longer than
// all else of a start, and most installations call few.
var built = sync.OnceValue(build)

func build() routing {
	all := routing{mux: http.NewServeMux()}
	for _, r := range routes() {
		all.mount(r)
	}
	all.mux.HandleFunc("GET "+specPath, func(w http.ResponseWriter, r *http.Request) { callOf(r.Context()).s.answerSpec(w) })
	all.mux.HandleFunc("GET "+docsPath, func(w http.ResponseWriter, r *http.Request) { callOf(r.Context()).s.o.Docs.ServeHTTP(w, r) })
	return all
}

func (all routing) mount(r route) {
	read := sync.OnceValue(func() *reading { return readingOf(r) })
	write := sync.OnceValue(func() *writing { return writingOf(r.do) })
	all.mux.HandleFunc(r.method+" "+prefix+r.path, func(w http.ResponseWriter, request *http.Request) {
		c := callOf(request.Context())
		// Who calls is found out before anything else of the request is looked at,
		// so that a stranger learns nothing from the checks of its input.
		if !r.public {
			if err := c.authenticate(); err != nil {
				c.write(w, err)
				return
			}
		}
		in, err := read().input(c.r)
		if err != nil {
			c.write(w, err)
			return
		}
		out, err := r.do.do(c.r.Context(), c, in)
		if err != nil {
			c.write(w, err)
			return
		}
		if err := write().answer(w, out); err != nil {
			c.write(w, err)
		}
	})
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
