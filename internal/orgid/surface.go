package orgid

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/trace"
)

// Options are what the surface is built from. All are required.
type Options struct {
	Host protocol.Host
	// Catalogue has the sentences that developers read in a refused validation.
	Catalogue *i18n.Catalogue
	// Traces keeps the story of each refusal.
	Traces *trace.Keeper
}

// Surface answers the API. It never changes after New and is safe for
// concurrent use.
type Surface struct {
	host      protocol.Host
	catalogue *i18n.Catalogue
	traces    *trace.Keeper
	issuer    string // the public address without a final slash
}

// New returns the surface. An option that is missing is an error.
func New(o Options) (*Surface, error) {
	h := o.Host
	whole := h.BaseURL != nil && h.Applications != nil && h.Gate != nil && h.Subjects != nil && h.Codes != nil && h.Grants != nil &&
		h.Entries != nil && h.Keys != nil && h.Origin != nil && h.Now != nil && h.Log != nil
	if !whole || o.Catalogue == nil || o.Traces == nil {
		return nil, errors.New("orgid: an option is missing")
	}
	if h.Note == nil {
		h.Note = func(*http.Request, string, string) {}
	}
	return &Surface{host: h, catalogue: o.Catalogue, traces: o.Traces, issuer: h.Issuer()}, nil
}

// prefixes are those under which the API stands: the documented one and, since
// its paths are written without it, none.
var prefixes = []string{"/orgid/openapi", ""}

// route is one address.
type route struct {
	path    string
	methods []string
	serve   func(*Surface, http.ResponseWriter, *http.Request) error
	kind    trace.Kind // of the stories of refusals, "" for none
}

func routes() []route {
	return []route{
		{"/v1/oauth2/token", []string{http.MethodPost}, (*Surface).token, trace.TokenExchange},
		{"/v1/oauth2/userinfo", []string{http.MethodGet, http.MethodPost}, (*Surface).userInfo, trace.UserInfoRequest},
		{"/v1/oauth2/", nil, (*Surface).missing, ""},
		{"/v1/cas/p3/serviceValidate", []string{http.MethodGet}, (*Surface).validate, trace.Validating},
		{"/v1/cas/serviceValidate", []string{http.MethodGet}, (*Surface).validate, trace.Validating},
		{"/v1/cas/", nil, (*Surface).missing, ""},
	}
}

// Mount puts the addresses on a mux.
func (s *Surface) Mount(mux *http.ServeMux) {
	for _, prefix := range prefixes {
		for _, r := range routes() {
			mux.Handle(prefix+r.path, s.answering(r))
		}
	}
	mux.Handle("/orgid/", s.answering(route{serve: (*Surface).missing}))
}

// Logout answers /oauth/logout.
func (s *Surface) Logout() http.Handler {
	return s.answering(route{"/oauth/logout", []string{http.MethodGet}, (*Surface).logout, ""})
}

// missing is every address that does not exist.
func (s *Surface) missing(http.ResponseWriter, *http.Request) error {
	return fault.New(fault.NotFound, fault.CodeNotFound)
}

// answering makes a handler of a route.
func (s *Surface) answering(at route) http.Handler {
	allow := strings.Join(at.methods, ", ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if at.methods != nil && !slices.Contains(at.methods, r.Method) {
			w.Header().Set("Allow", allow)
			s.refuse(w, r, fault.New(fault.Invalid, fault.CodeMethod))
			return
		}
		if err := at.serve(s, w, r); err != nil {
			s.keepStory(r, at.kind, err)
			s.refuse(w, r, err)
		}
	})
}

// sendJSON answers with JSON that nobody keeps.
func sendJSON(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte("{}")
	}
	h := w.Header()
	h.Set("Content-Type", "application/json;charset=UTF-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(text) // whoever went away needs no answer
}
