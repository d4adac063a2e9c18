package cas

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/trace"
)

// Options are what the server is built from. All are required.
type Options struct {
	Host protocol.Host
	// Pages shows what cannot be told to the application.
	Pages *pages.Pages
	// Catalogue has the sentences that developers read in a refusal.
	Catalogue *i18n.Catalogue
	// Traces keeps the story of each request.
	Traces *trace.Keeper
}

// Server answers CAS. It never changes after New and is safe for concurrent use.
type Server struct {
	host      protocol.Host
	direct    *http.Client // host.HTTP, but that it follows no redirect
	pages     *pages.Pages
	catalogue *i18n.Catalogue
	traces    *trace.Keeper
}

var _ protocol.Protocol = (*Server)(nil)

// New returns the server. An option that is missing is an error.
func New(o Options) (*Server, error) {
	h := o.Host
	if !whole(h) || o.Pages == nil || o.Catalogue == nil || o.Traces == nil {
		return nil, errors.New("cas: an option is missing")
	}
	if h.Note == nil {
		h.Note = func(*http.Request, string, string) {}
	}
	// Where a call is led on to is no answer of the application: neither a notice
	// nor a proxy-granting ticket follows.
	direct := *h.HTTP
	direct.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Server{host: h, direct: &direct, pages: o.Pages, catalogue: o.Catalogue, traces: o.Traces}, nil
}

// whole reports whether a host lends everything that is used here.
func whole(h protocol.Host) bool {
	return h.BaseURL != nil && h.Applications != nil && h.Gate != nil && h.Subjects != nil && h.Entries != nil && h.Proxies != nil &&
		h.Tickets != nil && h.HTTP != nil && h.Origin != nil && h.Now != nil && h.Log != nil
}

// Name is the protocol's.
func (s *Server) Name() identity.ProtocolName { return identity.ProtocolCAS }

// route is one address. A handler returns what went wrong, and refuse tells it
// in the form of that address.
type route struct {
	path    string
	methods []string
	serve   func(*Server, http.ResponseWriter, *http.Request) error
	refuse  func(*Server, http.ResponseWriter, *http.Request, error)
}

// The paths of the server.
const (
	pathRoot             = "/cas/"
	pathLogin            = "/cas/login"
	pathLogout           = "/cas/logout"
	pathValidate         = "/cas/validate"
	pathServiceValidate  = "/cas/serviceValidate"
	pathProxyValidate    = "/cas/proxyValidate"
	pathProxy            = "/cas/proxy"
	pathServiceValidate3 = "/cas/p3/serviceValidate"
	pathProxyValidate3   = "/cas/p3/proxyValidate"
)

// routes is every address of the server.
func routes() []route {
	get := []string{http.MethodGet}
	list := []route{
		{pathRoot, get, (*Server).missing, (*Server).refusePage},
		{pathLogin, get, (*Server).login, (*Server).refusePage},
		{pathLogout, get, (*Server).logout, (*Server).refusePage},
		{pathValidate, get, (*Server).validatePlain, (*Server).refusePlain},
		{pathProxy, get, (*Server).proxy, (*Server).refuseProxy},
	}
	for path, v := range validations {
		list = append(list, route{path, get, v.serve, (*Server).refuse})
	}
	return list
}

// Mount puts the server's addresses on a mux.
func (s *Server) Mount(mux *http.ServeMux) {
	for _, r := range routes() {
		mux.Handle(r.path, s.answering(r))
	}
}

// answering makes a handler of a route.
func (s *Server) answering(at route) http.Handler {
	allow := strings.Join(at.methods, ", ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(at.methods, r.Method) {
			w.Header().Set("Allow", allow)
			s.refusePage(w, r, fault.New(fault.Invalid, fault.CodeMethod))
			return
		}
		if err := at.serve(s, w, r); err != nil && !errors.Is(err, protocol.ErrAnswered) {
			at.refuse(s, w, r, err)
		}
	})
}

// missing is every address that does not exist.
func (s *Server) missing(http.ResponseWriter, *http.Request) error {
	return fault.New(fault.NotFound, fault.CodeNotFound)
}

// note tells the access log which application acted.
func (s *Server) note(r *http.Request, a identity.Application) {
	s.host.Note(r, string(a.ID), string(a.OrganizationID))
}
