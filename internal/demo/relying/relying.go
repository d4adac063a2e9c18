package relying

import (
	"context"
	"embed"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/orgate/orgate/internal/demo/standin"
)

//go:embed pages
var files embed.FS

// App is one application of the site.
type App struct {
	Path     string // the first part of its addresses, without slashes
	Title    string
	ClientID string
	Secret   string
	// Plain uses OAuth 2.0 without OpenID Connect: there is no ID token, and
	// who signed in is asked of user info alone.
	Plain  bool
	Scopes []string
}

// String keeps the secret out of messages.
func (a App) String() string { return "application " + a.Path }

// GoString keeps the secret out of %#v.
func (a App) GoString() string { return a.String() }

// LogValue keeps the secret out of logs.
func (a App) LogValue() slog.Value { return slog.StringValue(a.String()) }

// Options say where a site is and whom it relies on.
type Options struct {
	Address string // of the site itself, without a final slash
	Issuer  string // of the provider
	Apps    []App
	Client  *http.Client // reaches the provider; nil means the usual one
	Now     func() time.Time
}

// Site is the applications together. It is safe for concurrent use.
type Site struct {
	options Options
	apps    []*application
	pages   *standin.Pages
}

// New makes a site. The provider need not run yet: it is asked for its
// addresses when somebody signs in. An error is a defect of the site's pages.
func New(o Options) (*Site, error) {
	pages, err := standin.ParsePages(files)
	if err != nil {
		return nil, fmt.Errorf("pages of the applications: %w", err)
	}
	s := &Site{options: o, pages: pages}
	for _, app := range o.Apps {
		s.apps = append(s.apps, &application{App: app, site: s, visits: map[string]*visit{}, seen: map[string]time.Time{}})
	}
	return s, nil
}

// Callback is the redirect URI of an application at an address.
func Callback(address, path string) string { return address + "/" + path + "/callback" }

// Handler answers every address of the site. Forms of other sites are refused;
// the provider's own notice comes from no browser and passes.
func (s *Site) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.about)
	mux.HandleFunc("GET /style.css", s.pages.Style)
	for _, a := range s.apps {
		for pattern, answer := range map[string]http.HandlerFunc{
			"GET /%s/{$}": a.home, "GET /%s/login": a.login, "GET /%s/callback": a.callback, "POST /%s/refresh": a.refresh,
			"POST /%s/logout": a.logout, "GET /%s/bye": a.bye, "POST /%s/backchannel": a.backchannel,
		} {
			mux.HandleFunc(fmt.Sprintf(pattern, a.Path), answer)
		}
	}
	return http.MaxBytesHandler(http.NewCrossOriginProtection().Handler(mux), standin.FormLimit)
}

func (s *Site) about(w http.ResponseWriter, _ *http.Request) {
	s.pages.Show(w, http.StatusOK, "about.html", s.options)
}

// Serve answers on a listener until ctx ends; then it returns nil. The
// listener is closed in any case.
func (s *Site) Serve(ctx context.Context, listener net.Listener) error {
	return standin.Serve(ctx, listener, s.Handler())
}
