package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/addressbook"
	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/approval"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/bulk"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/entry"
	"github.com/orgate/orgate/internal/factor"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/grant"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/icon"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/policy"
	"github.com/orgate/orgate/internal/privacy"
	"github.com/orgate/orgate/internal/provision"
	"github.com/orgate/orgate/internal/report"
	"github.com/orgate/orgate/internal/resource"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/setting"
	"github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/token"
	"github.com/orgate/orgate/internal/trace"
	"github.com/orgate/orgate/internal/tryout"
)

// Addresses of the surface, and the bound of a request's body in bytes.
const (
	prefix   = "/api/v1"
	specPath = "/api/openapi.json"
	docsPath = "/api/docs"
	maxBody  = 1 << 20
)

// Options are what the surface is built from. All are required but Docs, Note
// and Log.
type Options struct {
	Directory    *directory.Directory
	Applications *application.Applications
	Tryout       *tryout.Tryout
	Tokens       *token.Tokens
	Sessions     *session.Sessions
	Cookies      session.Cookies // of the sessions of browsers
	Grants       *grant.Grants
	Entry        *entry.Entry
	Approval     *approval.Approval
	Events       *audit.Log
	Traces       *trace.Keeper
	Settings     *setting.Settings
	Sources      *source.Sources
	Tasks        *bulk.Tasks
	Addressbook  *addressbook.Book
	Resources    *resource.Resources
	Policies     *policy.Policies
	Reports      *report.Reports
	Factors      *factor.Own
	Syncs        *provision.Syncs
	Hooks        *provision.Hooks
	Statements   *privacy.Statements
	Manifests    Manifests
	Catalogue    *i18n.Catalogue
	// Docs is the page under /api/docs.
	Docs http.Handler
	// Origin tells the client address and the request id of a request.
	Origin func(*http.Request) identity.Origin
	// Note tells the access log who acted and in which organisation.
	Note func(r *http.Request, actor, organization string)
	// Version is that of the program.
	Version string
	// Log hears of faults of the server; nil discards.
	Log *slog.Logger
	// BaseURL is the public address, for the links in answers.
	BaseURL *url.URL
}

// lacks reports whether an option is missing.
func (o Options) lacks() bool {
	return o.Directory == nil || o.Applications == nil || o.Tryout == nil || o.Tokens == nil || o.Sessions == nil || o.Grants == nil ||
		o.lacksSurroundings() || o.lacksRules()
}

// lacksRules is lacks for what is set about people and applications.
func (o Options) lacksRules() bool {
	return o.Policies == nil || o.Factors == nil || o.Reports == nil || o.Syncs == nil || o.Hooks == nil || o.Statements == nil
}

func (o Options) lacksSurroundings() bool {
	return o.Approval == nil || o.Events == nil || o.Traces == nil || o.Settings == nil || o.Sources == nil || o.Manifests == nil || o.Tasks == nil ||
		o.Addressbook == nil || o.Resources == nil ||
		o.Catalogue == nil || o.Origin == nil || o.BaseURL == nil
}

// BodyLimit is the largest body of a request in bytes: that of a file where one
// is sent. The listener, which knows no routes, asks it.
func BodyLimit(r *http.Request) int64 {
	if r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, prefix) && strings.HasSuffix(r.URL.Path, "/imports") {
		return bulk.MaxFile + 1
	}
	if r.Method == http.MethodPut && strings.HasPrefix(r.URL.Path, prefix) && strings.HasSuffix(r.URL.Path, "/picture") {
		return icon.MaxPortrait + 1
	}
	return maxBody
}

// surface is what operations work with.
type surface struct {
	o    Options
	spec func() ([]byte, error) // the OpenAPI document, made when it is first asked for
}

// New returns the handler of everything under /api/, its own 404 and 405
// included. It is safe for concurrent use. An option that is missing is an
// error.
func New(o Options) (http.Handler, error) {
	if o.lacks() {
		return nil, errors.New("api: an option is missing")
	}
	return newSurface(o), nil
}

func newSurface(o Options) *surface {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Note == nil {
		o.Note = func(*http.Request, string, string) {}
	}
	if o.Docs == nil {
		o.Docs = http.NotFoundHandler()
	}
	return &surface{o: o, spec: sync.OnceValues(func() ([]byte, error) { return describe(o.Version) })}
}

// call is one request on its way through the surface.
type call struct {
	s        *surface
	r        *http.Request
	actor    identity.Actor
	origin   identity.Origin
	language i18n.Language
	session  identity.Session // of a browser; zero beside a token
	csrf     string           // what a browser's calls carry that change something, "" for a token's
	personal bool             // whether the account of a browser is the person's own
}

// callKey finds the call in a request's context. Only what the mux calls looks
// there: operations are handed the call as an argument.
type callKey struct{}

func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// ServeHTTP answers one request.
func (s *surface) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{s: s, origin: s.o.Origin(r), language: i18n.Match(r.Header.Get("Accept-Language"), i18n.EnUS)}
	c.actor = identity.Anonymous(c.origin)
	c.r = r.WithContext(context.WithValue(r.Context(), callKey{}, c))
	// Answers are about people; nothing between us and the caller keeps them.
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Add("Vary", "Accept-Language")
	if err := refusedAtTheDoor(c.r); err != nil {
		c.write(w, err)
		return
	}
	if r.Body != nil && r.Body != http.NoBody {
		c.r.Body = http.MaxBytesReader(w, r.Body, BodyLimit(r))
	}
	built().mux.ServeHTTP(w, c.r)
}

// refusedAtTheDoor is what is wrong with a request before any operation sees
// it: text that no stored name can hold, an address nothing stands at, or a
// method that is not served there.
func refusedAtTheDoor(r *http.Request) error {
	if query, err := url.ParseQuery(r.URL.RawQuery); err != nil || !clean(r.URL.Path) || !cleanQuery(query) {
		return fault.New(fault.Invalid, fault.CodeMalformed)
	}
	if path.Clean(r.URL.Path) != r.URL.Path {
		return fault.New(fault.NotFound, fault.CodeNotFound)
	}
	handler, pattern := built().mux.Handler(r)
	if pattern != "" {
		return nil
	}
	// The mux alone knows which methods a path has: it is asked for its answer.
	asked := head{fields: http.Header{}}
	handler.ServeHTTP(&asked, r)
	if asked.status == http.StatusMethodNotAllowed {
		return allowed{fault.New(fault.Invalid, fault.CodeMethod), asked.fields.Get("Allow")}
	}
	return fault.New(fault.NotFound, fault.CodeNotFound)
}

func cleanQuery(query url.Values) bool {
	for name, values := range query {
		for _, text := range append([]string{name}, values...) {
			if !clean(text) {
				return false
			}
		}
	}
	return true
}

// clean reports whether both databases can look the text up.
func clean(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

// head is a response of which only the head is kept.
type head struct {
	fields http.Header
	status int
}

// Header returns the fields of the head.
func (h *head) Header() http.Header { return h.fields }

// WriteHeader keeps the status.
func (h *head) WriteHeader(status int) { h.status = status }

// Write drops the body.
func (h *head) Write(body []byte) (int, error) { return len(body), nil }
