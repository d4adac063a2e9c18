package oidc

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/trace"
)

// Options are what the provider is built from. All are required.
type Options struct {
	Host protocol.Host
	// Pages shows what cannot be told to the application.
	Pages *pages.Pages
	// Catalogue has the sentences that developers read in error_description.
	Catalogue *i18n.Catalogue
	// Traces keeps the story of each request.
	Traces *trace.Keeper
}

// Provider answers OAuth 2.0 and OpenID Connect. It never changes after New
// and is safe for concurrent use.
type Provider struct {
	host      protocol.Host
	pages     *pages.Pages
	catalogue *i18n.Catalogue
	traces    *trace.Keeper
	issuer    string // the public address without a final slash
	discovery *document
	keys      atomic.Pointer[document]
}

var _ protocol.Protocol = (*Provider)(nil)

// New returns the provider. An option that is missing is an error.
func New(o Options) (*Provider, error) {
	h := o.Host
	if !whole(h) || o.Pages == nil || o.Catalogue == nil || o.Traces == nil {
		return nil, errors.New("oidc: an option is missing")
	}
	if h.Note == nil {
		h.Note = func(*http.Request, string, string) {}
	}
	p := &Provider{
		host: h, pages: o.Pages, catalogue: o.Catalogue, traces: o.Traces,
		issuer: h.Issuer(),
	}
	p.discovery = p.describe()
	return p, nil
}

// whole reports whether a host lends everything that is used here.
func whole(h protocol.Host) bool {
	return h.BaseURL != nil && h.Applications != nil && h.Gate != nil && h.Subjects != nil && h.Codes != nil && h.Grants != nil &&
		h.Tickets != nil && h.Keys != nil && h.HTTP != nil && h.Origin != nil && h.Now != nil && h.Log != nil
}

// Name is the protocol's; the provider serves identity.ProtocolOAuth2 as well.
func (p *Provider) Name() identity.ProtocolName { return identity.ProtocolOIDC }

// route is one address. A handler returns what went wrong, and refuse tells it
// in the form of that address.
type route struct {
	path    string
	methods []string
	serve   func(*Provider, http.ResponseWriter, *http.Request) error
	refuse  func(*Provider, http.ResponseWriter, *http.Request, error)
	// shared lets scripts of every origin read the answer. It is safe because
	// nothing here looks at a cookie: whoever has a token or a secret may send it
	// from anywhere.
	shared bool
}

// The paths of the provider.
const (
	pathDiscovery  = "/.well-known/openid-configuration"
	pathMetadata   = "/.well-known/oauth-authorization-server"
	pathKeys       = "/oauth2/jwks"
	pathAuthorize  = "/oauth2/authorize"
	pathToken      = "/oauth2/token" //nolint:gosec // an address, no credential
	pathUserInfo   = "/oauth2/userinfo"
	pathUserInfo2  = "/oidc/userinfo"
	pathIntrospect = "/oauth2/introspect"
	pathRevoke     = "/oauth2/revoke"
	pathLogout     = "/oauth2/logout"
)

// routes is every address of the provider.
func routes() []route {
	read, form := []string{http.MethodGet, http.MethodHead}, []string{http.MethodPost}
	either := []string{http.MethodGet, http.MethodPost}
	return []route{
		{pathDiscovery, read, (*Provider).serveDiscovery, (*Provider).refuse, true},
		{pathMetadata, read, (*Provider).serveDiscovery, (*Provider).refuse, true},
		{pathKeys, read, (*Provider).serveKeys, (*Provider).refuse, true},
		{pathAuthorize, either, (*Provider).authorize, (*Provider).refusePage, false},
		{pathToken, form, (*Provider).token, (*Provider).refuse, true},
		{pathUserInfo, either, (*Provider).userInfo, (*Provider).refuseBearer, true},
		{pathUserInfo2, either, (*Provider).userInfo, (*Provider).refuseBearer, true},
		{pathIntrospect, form, (*Provider).introspect, (*Provider).refuse, false},
		{pathRevoke, form, (*Provider).revoke, (*Provider).refuse, true},
		{pathLogout, either, (*Provider).logout, (*Provider).refusePage, false},
	}
}

// Mount puts the provider's addresses on a mux.
func (p *Provider) Mount(mux *http.ServeMux) {
	for _, r := range routes() {
		mux.Handle(r.path, p.answering(r))
	}
}

// Logout answers RP-initiated logout under a further address.
func (p *Provider) Logout() http.Handler {
	return p.answering(route{pathLogout, []string{http.MethodGet, http.MethodPost}, (*Provider).logout, (*Provider).refusePage, false})
}

// answering makes a handler of a route.
func (p *Provider) answering(at route) http.Handler {
	allow := []string{strings.Join(at.methods, ", ")}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if at.shared {
			h := w.Header()
			h["Access-Control-Allow-Origin"], h["Access-Control-Expose-Headers"] = anyOrigin, shownHeaders
			if r.Method == http.MethodOptions {
				h["Access-Control-Allow-Headers"], h["Access-Control-Max-Age"] = sentHeaders, sharedFor
				h["Access-Control-Allow-Methods"] = allow
				w.WriteHeader(http.StatusNoContent)
				return
			}
		}
		if !slices.Contains(at.methods, r.Method) {
			w.Header()["Allow"] = allow
			at.refuse(p, w, r, fault.New(fault.Invalid, fault.CodeMethod))
			return
		}
		if err := at.serve(p, w, r); err != nil && !errors.Is(err, protocol.ErrAnswered) {
			at.refuse(p, w, r, err)
		}
	})
}

// What a script of another origin is told (Fetch standard, "CORS protocol").
// Each slice is shared by all answers, which is safe because none is appended
// to.
var (
	anyOrigin    = []string{"*"}
	sentHeaders  = []string{"Authorization, Content-Type"}
	shownHeaders = []string{"WWW-Authenticate"}
	sharedFor    = []string{"7200"} // seconds
)

// find returns an application that speaks one of our protocols. NotFound
// (oauth_client_unknown) for any other.
func (p *Provider) find(ctx context.Context, clientID string) (identity.Application, error) {
	// Longer ones are registered nowhere; nobody need look for them.
	if clientID == "" || len(clientID) > maxClientID {
		return identity.Application{}, errClient
	}
	a, err := p.host.Applications.Find(ctx, clientID)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return identity.Application{}, errClient
	case err != nil:
		return identity.Application{}, err
	case a.OAuth == nil, a.Protocol != identity.ProtocolOAuth2 && a.Protocol != identity.ProtocolOIDC:
		return identity.Application{}, errClient
	}
	return a, nil
}

// maxClientID is the longest that is registered, in bytes.
const maxClientID = 64

var errClient = fault.New(fault.NotFound, fault.CodeOAuthClient)
