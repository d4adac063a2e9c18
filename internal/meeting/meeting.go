package meeting

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/orgate/orgate/internal/addressbook"
	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/captcha"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/factor"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/resource"
	"github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/ticket"
	"github.com/orgate/orgate/internal/token"
	"github.com/orgate/orgate/internal/trace"
)

// Options are what the surface is built from.
type Options struct {
	Directory    *directory.Directory
	Applications *application.Applications
	Sources      *source.Sources
	Resources    *resource.Resources
	Addressbook  *addressbook.Book
	Tokens       *token.Tokens
	Codes        *factor.Codes
	Captcha      *captcha.Studio
	Tickets      *ticket.Tickets
	Traces       *trace.Keeper
	Catalogue    *i18n.Catalogue
	// Origin tells the client address and the request id of a request.
	Origin func(*http.Request) identity.Origin
	// Note tells the access log who acted and in which organisation; nil
	// notes nothing.
	Note func(r *http.Request, actor, organization string)
	// Log hears of faults of the server; nil discards.
	Log *slog.Logger
	// Now is the clock.
	Now func() time.Time
	// BaseURL is the public address; its host is the realm of SIP numbers.
	BaseURL *url.URL
	// Rate bounds the calls that need no token, for each client address.
	Rate Rate
	// SkipRateLimit lifts that bound. It is meant for tests, and for
	// installations whose proxy limits already.
	SkipRateLimit bool
}

// Surface answers the Meeting API under /v1/usg/ and /v2/usg/, its own 404 and
// 405 included. It is safe for concurrent use.
type Surface struct {
	meeting meeting
}

// meeting is what operations work with.
type meeting struct {
	o         Options
	realm     string
	base      string // the public address
	limits    *limits
	explainer *explainer
	exact     map[string]*address // paths without names in them
	patterns  *http.ServeMux      // paths with
	noPath    *operation
	noMethod  *operation
	buffers   sync.Pool // of *buffer
}

// address is one path with an operation for each method it knows.
type address struct {
	methods map[string]*operation
	allow   string // the methods, for the Allow header
}

// New builds the surface. An option that is missing is an error.
func New(o Options) (*Surface, error) {
	if !o.whole() {
		return nil, errors.New("meeting: an option is missing")
	}
	if o.Note == nil {
		o.Note = func(*http.Request, string, string) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Surface{meeting: meeting{o: o, realm: realmOf(o.BaseURL), base: baseOf(o.BaseURL), explainer: newExplainer(o)}}
	if !o.SkipRateLimit {
		s.meeting.limits = newLimits(o.Rate, o.Now)
	}
	s.meeting.noPath, s.meeting.noMethod = unroutable()
	s.meeting.mount(operations[:])
	return s, nil
}

// whole reports whether everything is there that cannot be done without.
func (o Options) whole() bool {
	return o.Directory != nil && o.Applications != nil && o.Sources != nil && o.Resources != nil && o.Addressbook != nil && o.Tokens != nil && o.Codes != nil && o.Captcha != nil &&
		o.Tickets != nil && o.Traces != nil && o.Catalogue != nil && o.Origin != nil && o.Now != nil
}

// Run explains refused logins until ctx ends, and then those that still wait.
// Until it runs they wait, and those beyond 256 are kept unexplained. The
// keeper of traces has to run longer.
func (s *Surface) Run(ctx context.Context) error { return s.meeting.explainer.run(ctx) }

// ServeHTTP answers one request.
func (s *Surface) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m := &s.meeting
	switch at := m.exact[r.URL.Path]; {
	case at != nil:
		m.dispatch(w, r, at)
	case path.Clean(r.URL.Path) != r.URL.Path:
		// The mux would answer with a redirect, which no client follows.
		m.serve(w, r, m.noPath)
	default:
		m.patterns.ServeHTTP(w, r)
	}
}

// realmOf is the domain of SIP numbers: the host of the public address.
func realmOf(base *url.URL) string {
	if base == nil || base.Hostname() == "" {
		return "orgate.local"
	}
	return base.Hostname()
}

// baseOf is the public address as text.
func baseOf(base *url.URL) string {
	if base == nil {
		return ""
	}
	return base.String()
}

// mount sorts the rows by path. A path with names goes to a mux, one without
// is found in a map.
func (m *meeting) mount(rows []operation) {
	m.exact, m.patterns = map[string]*address{}, http.NewServeMux()
	at := map[string]*address{}
	for i := range rows {
		o := &rows[i]
		if at[o.path] == nil {
			at[o.path] = &address{methods: map[string]*operation{}}
		}
		at[o.path].methods[o.method] = o
	}
	for pattern, res := range at {
		var methods []string
		for method := range res.methods {
			methods = append(methods, method)
		}
		slices.Sort(methods)
		res.allow = strings.Join(methods, ", ")
		if !strings.Contains(pattern, "{") {
			m.exact[pattern] = res
			continue
		}
		m.patterns.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { m.dispatch(w, r, res) })
	}
	m.patterns.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { m.serve(w, r, m.noPath) })
}

// dispatch chooses the operation for the method.
func (m *meeting) dispatch(w http.ResponseWriter, r *http.Request, res *address) {
	o := res.methods[r.Method]
	if o == nil {
		w.Header().Set("Allow", res.allow)
		o = m.noMethod
	}
	m.serve(w, r, o)
}

// unroutable are the operations of paths and methods that do not exist.
func unroutable() (noPath, noMethod *operation) {
	return &operation{path: "unknown", do: (*meeting).refusePath, replies: map[fault.Code]reply{fault.CodeNotFound: replyNoPath}},
		&operation{path: "unknown", do: (*meeting).refuseMethod}
}

func (*meeting) refusePath(*call) (any, error) {
	return nil, fault.New(fault.NotFound, fault.CodeNotFound)
}

func (*meeting) refuseMethod(*call) (any, error) {
	return nil, fault.New(fault.Invalid, fault.CodeMethod)
}
