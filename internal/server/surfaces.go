package server

import (
	"context"
	"crypto/rand"
	"net/http"

	web "github.com/orgate/orgate/console"
	"github.com/orgate/orgate/internal/api"
	"github.com/orgate/orgate/internal/captcha"
	"github.com/orgate/orgate/internal/httpd"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/meeting"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/protocol/oidc"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/setup"
	"github.com/orgate/orgate/internal/signin"
	"github.com/orgate/orgate/internal/tryout"
)

// surfaces mounts one handler for each prefix, without a method: each answers
// its own 404 and 405 in its own format.
func (s *Server) surfaces() (http.Handler, error) {
	html, err := pages.New(s.House.Catalogue, pages.Options{Product: "Orgate", BaseURL: s.base.String(), Language: i18n.EnUS})
	if err != nil {
		return nil, err
	}
	rest, err := s.meeting()
	if err != nil {
		return nil, err
	}
	s.explainer = rest
	mux := http.NewServeMux()
	// The relying party of tries asks the very handlers that applications ask.
	app, err := s.app(html)
	if err != nil {
		return nil, err
	}
	tries := tryout.New(s.House.DB, tryout.Options{Now: s.options.Now, BaseURL: s.base, Front: mux, Scope: oidc.ScopeOf})
	management, err := s.api(html, tries)
	if err != nil {
		return nil, err
	}
	mux.Handle("/v1/usg/", limited(meeting.BodyLimit, rest))
	mux.Handle("/v2/usg/", rest)
	mux.Handle("/api/", management)
	mux.Handle(setup.Path, setup.New(setup.Options{Directory: s.House.Directory, Pages: html, BaseURL: s.base.String(), Origin: origin, Log: s.options.Log}))
	mux.Handle(setup.ConsolePath, s.console(html, tries, app))
	if app != nil {
		mux.Handle(pages.AppRoot, app.Files())
	}
	links := s.connect(html)
	mux.Handle(setup.ConnectPath, links)
	mux.Handle(setup.ConnectPath+"/", links)
	mux.Handle("/assets/", html.Assets())
	var launch signin.Launch
	people := s.signin(html, app, func(ctx context.Context, clientID string, at int) (string, error) {
		return launch(ctx, clientID, at)
	})
	mux.Handle("/", people)
	if launch, err = s.protocols(mux, people, html); err != nil {
		return nil, err
	}
	return mux, nil
}

// app is the build of the web applications, nil where the program has none.
func (*Server) app(html *pages.Pages) (*pages.App, error) {
	build := web.Build()
	if build == nil {
		return nil, nil
	}
	return html.NewApp(build)
}

// console is the pages of administrators.
func (s *Server) console(html *pages.Pages, tries *tryout.Tryout, app *pages.App) http.Handler {
	h := s.House
	var drawn http.Handler
	if app != nil {
		drawn = app.Page("index.html")
	}
	return setup.NewConsole(setup.ConsoleOptions{
		App:     drawn,
		Sources: h.Sources, Directory: h.Directory, Approval: h.Approval, Applications: h.Applications, Tryout: tries, Sessions: h.Sessions, Cookies: session.NewCookies(s.base), Traces: h.Traces,
		Pages: html, Catalogue: h.Catalogue, BaseURL: s.base, Origin: origin, Note: httpd.Note, Log: s.options.Log,
	})
}

// connect is the pages on which the other side fills in a source.
func (s *Server) connect(html *pages.Pages) http.Handler {
	h := s.House
	return setup.NewConnect(setup.ConnectOptions{
		Sources: h.Sources, Directory: h.Directory, Cookies: session.NewConnectCookies(s.base), Pages: html, Catalogue: h.Catalogue,
		Origin: origin, Log: s.options.Log,
	})
}

func (s *Server) meeting() (*meeting.Surface, error) {
	h := s.House
	return meeting.New(meeting.Options{
		Directory: h.Directory, Applications: h.Applications, Sources: h.Sources, Resources: h.Resources, Addressbook: h.Addressbook, Tokens: h.Tokens, Codes: h.Codes,
		Captcha: captcha.NewStudio(rand.Reader, 1, 16), Tickets: h.Tickets, Traces: h.Traces, Catalogue: h.Catalogue, Origin: origin,
		Note: httpd.Note, Log: s.options.Log, Now: s.options.Now, BaseURL: s.base,
		SkipRateLimit: s.options.Unlimited,
	})
}

func (s *Server) api(html *pages.Pages, tries *tryout.Tryout) (http.Handler, error) {
	h := s.House
	management, err := api.New(api.Options{
		Directory: h.Directory, Applications: h.Applications, Tryout: tries, Tokens: h.Tokens, Sessions: h.Sessions, Cookies: session.NewCookies(s.base), Grants: h.Grants, Entry: h.Entry, Approval: h.Approval, Events: h.Events,
		Traces: h.Traces, Settings: h.Settings, Sources: h.Sources, Tasks: h.Tasks, Addressbook: h.Addressbook, Resources: h.Resources, Policies: h.Policies, Reports: h.Reports, Factors: h.Factors, Syncs: h.Syncs, Hooks: h.Hooks, Statements: h.Statements, Manifests: h.manifests(), Catalogue: h.Catalogue, Docs: docs(html), Origin: origin,
		Note: httpd.Note, Version: s.options.Version, Log: s.options.Log, BaseURL: s.base,
	})
	return limited(api.BodyLimit, management), err
}

// limited lets larger bodies through where a surface says so.
func limited(limit func(*http.Request) int64, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n := limit(r); n > httpd.DefaultBodyLimit {
			httpd.LimitBody(n, next).ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// origin is where a call came from, by the listener's own judgement.
func origin(r *http.Request) identity.Origin {
	return identity.Origin{Address: httpd.ClientAddr(r), RequestID: httpd.RequestID(r)}
}

// signin is the sign-in conversation and whatever no other surface has.
func (s *Server) signin(html *pages.Pages, app *pages.App, launch signin.Launch) *signin.Surface {
	h := s.House
	var drawn http.Handler
	if app != nil {
		drawn = app.Page("centre.html")
	}
	return signin.New(signin.Options{
		App:        drawn,
		Statements: h.Statements,
		Directory:  h.Directory, Entry: h.Entry, Approval: h.Approval, Sources: h.Sources, Sessions: h.Sessions, Cookies: session.NewCookies(s.base),
		Codes: h.ContactCodes, Second: h.Second, Factors: h.Factors, Flows: session.NewFlowCookies(s.base), Tickets: h.Tickets, Traces: h.Traces, Pages: html, Origin: origin,
		Captcha: captcha.NewStudio(rand.Reader, 1, 4), Note: httpd.Note, Launch: launch, Icon: s.icon, Log: s.options.Log, Now: s.options.Now, SkipRateLimit: s.options.Unlimited,
	})
}

// docs is the page that lists the operations of the management API.
func docs(html *pages.Pages) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := html.Render(w, r, pages.Page{Content: pages.Docs{Source: "/api/openapi.json"}}); err != nil {
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		}
	})
}
