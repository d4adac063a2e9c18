package setup

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/source"
)

// ConnectPath is where somebody outside fills in a source by a set-up link; the
// link's secret follows it.
const ConnectPath = "/connect"

// ConnectOptions are what the pages of set-up links work with; all are
// required.
type ConnectOptions struct {
	Sources   *source.Sources
	Directory *directory.Directory
	Cookies   session.Cookies // of session.NewConnectCookies
	Pages     *pages.Pages
	Catalogue *i18n.Catalogue
	Origin    func(*http.Request) identity.Origin
	Log       *slog.Logger
}

// connect is the surface of set-up links.
type connect struct {
	ConnectOptions
	posts *http.CrossOriginProtection
}

// NewConnect returns the handler of ConnectPath and everything below it. Who
// follows a link is nobody here: what they may do follows from the link, and
// the use cases are asked each time.
func NewConnect(o ConnectOptions) http.Handler {
	return &connect{o, http.NewCrossOriginProtection()}
}

// guest is one request of somebody who fills in a source.
type guest struct {
	*connect
	w     http.ResponseWriter
	r     *http.Request
	word  string // the browser's
	actor identity.Actor
	reply pages.Page
	to    string // where the browser goes instead of a page
}

// ServeHTTP answers one request.
func (c *connect) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g := &guest{connect: c, w: w, r: r}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	if err := g.answer(); err != nil {
		g.refuse(err)
	}
	if g.to != "" {
		http.Redirect(w, r, g.to, http.StatusSeeOther)
		return
	}
	c.Pages.Serve(w, r, g.reply, c.Log)
}

func (g *guest) answer() error {
	secret := strings.Trim(strings.TrimPrefix(g.r.URL.Path, ConnectPath), "/")
	switch g.r.Method {
	case http.MethodGet, http.MethodHead:
		if secret != "" {
			return g.invite(secret)
		}
		return g.form()
	case http.MethodPost:
		if err := g.readForm(); err != nil {
			return err
		}
		if secret != "" {
			return g.open(secret)
		}
		return g.act()
	}
	g.w.Header().Set("Allow", "GET, HEAD, POST")
	g.refuse(fault.New(fault.Invalid, fault.CodeMethod))
	g.reply.Status = http.StatusMethodNotAllowed
	return nil
}

func (g *guest) readForm() error {
	if err := g.posts.Check(g.r); err != nil {
		return fault.New(fault.Forbidden, fault.CodeFormForeign).Because(err)
	}
	g.r.Body = http.MaxBytesReader(g.w, g.r.Body, maxForm)
	if err := g.r.ParseForm(); err != nil {
		return fault.New(fault.Invalid, fault.CodeMalformed).Because(err)
	}
	return nil
}

// invite shows what a link is for, and spends nothing.
func (g *guest) invite(secret string) error {
	sub, err := g.Sources.PeekSetupLink(g.r.Context(), secret)
	if err != nil {
		return err
	}
	g.reply.Content = pages.Connect{
		Action: ConnectPath + "/" + url.PathEscape(secret), Organization: sub.Organization.Name, Source: sub.Source.Name, EndsAt: sub.Link.EndsAt,
	}
	return nil
}

// open spends a link's secret and gives the browser its word.
func (g *guest) open(secret string) error {
	word, err := g.Sources.OpenSetupLink(g.r.Context(), g.Origin(g.r), secret)
	if err != nil {
		return err
	}
	g.Cookies.Write(g.w, word)
	g.to = ConnectPath
	return nil
}

// enter finds out whose browser this is.
func (g *guest) enter() (sub source.Submission, err error) {
	word, ok := g.Cookies.Read(g.r)
	if !ok {
		return sub, fault.New(fault.Expired, fault.CodeSetupLinkEnded)
	}
	if g.actor, err = g.Sources.SetupGuest(g.r.Context(), g.Origin(g.r), word); err != nil {
		return sub, err
	}
	g.word = word
	return g.Sources.SetupLink(g.r.Context(), g.actor, g.actor.OrganizationID, g.actor.SetupLink)
}

func (g *guest) refuse(err error) {
	f := fault.Of(err)
	if f.Kind == fault.Internal {
		g.Log.ErrorContext(g.r.Context(), "set-up link", "error", err)
	}
	g.reply = pages.Page{Self: g.reply.Self, Content: pages.Refusal{Fault: f, Mender: pages.MenderAdministrator, Code: g.Origin(g.r).RequestID}}
}
