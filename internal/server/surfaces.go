package server

import (
	"crypto/rand"
	"net/http"

	"github.com/orgate/orgate/internal/api"
	"github.com/orgate/orgate/internal/captcha"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/httpd"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/meeting"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/setup"
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
	management, err := s.api(html)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/v1/usg/", rest)
	mux.Handle("/v2/usg/", rest)
	mux.Handle("/api/", management)
	mux.Handle(setup.Path, setup.New(setup.Options{Directory: s.House.Directory, Pages: html, Origin: origin, Log: s.options.Log}))
	mux.Handle("/assets/", html.Assets())
	mux.Handle("/", home(html))
	return mux, nil
}

func (s *Server) meeting() (*meeting.Surface, error) {
	h := s.House
	return meeting.New(meeting.Options{
		Directory: h.Directory, Applications: h.Applications, Sources: h.Sources, Tokens: h.Tokens, Codes: h.Codes,
		Captcha: captcha.NewStudio(rand.Reader, 1, 16), Tickets: h.Tickets, Traces: h.Traces, Catalogue: h.Catalogue, Origin: origin,
		Note: httpd.Note, Log: s.options.Log, Now: s.options.Now, BaseURL: s.base,
		SkipRateLimit: s.options.Unlimited,
	})
}

func (s *Server) api(html *pages.Pages) (http.Handler, error) {
	h := s.House
	return api.New(api.Options{
		Directory: h.Directory, Applications: h.Applications, Tokens: h.Tokens, Sessions: h.Sessions, Events: h.Events,
		Traces: h.Traces, Settings: h.Settings, Manifests: h.manifests(), Catalogue: h.Catalogue, Docs: docs(html), Origin: origin,
		Note: httpd.Note, Version: s.options.Version, Log: s.options.Log, BaseURL: s.base,
	})
}

// origin is where a call came from, by the listener's own judgement.
func origin(r *http.Request) identity.Origin {
	return identity.Origin{Address: httpd.ClientAddr(r), RequestID: httpd.RequestID(r)}
}

// home answers the root and whatever no other surface has.
func home(html *pages.Pages) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page := pages.Page{Content: pages.Home{}}
		if r.URL.Path != "/" {
			page.Content = pages.Refusal{
				Fault: fault.New(fault.NotFound, fault.CodeNotFound), Code: httpd.RequestID(r),
				Action: pages.Action{Label: pages.ActionHome, Address: "/"},
			}
		}
		if err := html.Render(w, r, page); err != nil {
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		}
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
