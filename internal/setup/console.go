package setup

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/approval"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/trace"
	"github.com/orgate/orgate/internal/tryout"
)

// ConsolePath is below which the pages of administrators stand.
const ConsolePath = "/console/"

// maxForm bounds a posted form in bytes: some twenty fields of 2,048 characters.
const maxForm = 256 << 10

// ConsoleOptions are what the pages of administrators work with; all are
// required but Note, App and Log.
type ConsoleOptions struct {
	Sources      *source.Sources
	Directory    *directory.Directory
	Approval     *approval.Approval
	Applications *application.Applications
	Tryout       *tryout.Tryout
	Sessions     *session.Sessions
	Cookies      session.Cookies
	Traces       *trace.Keeper
	Pages        *pages.Pages
	Catalogue    *i18n.Catalogue
	BaseURL      *url.URL // the public address
	Origin       func(*http.Request) identity.Origin
	// Note tells the access log who acted and in which organisation.
	Note func(r *http.Request, actor, organization string)
	// App draws the pages by script, from the management API: home, and every
	// address that has no page here. Nil draws none.
	App http.Handler
	// Log hears of faults of the server; nil discards.
	Log *slog.Logger
}

// console is the surface of the pages of administrators.
type console struct {
	ConsoleOptions
	posts *http.CrossOriginProtection
}

// NewConsole returns the handler of everything under /console/. Every page
// needs a session; what its person may do is asked of the use cases. A post
// needs the browser's own word that it came from here
// (http.CrossOriginProtection) and the token of the form.
func NewConsole(o ConsoleOptions) http.Handler {
	if o.Note == nil {
		o.Note = func(*http.Request, string, string) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &console{o, http.NewCrossOriginProtection()}
}

// visit is one request of somebody who is signed in.
type visit struct {
	*console
	r      *http.Request
	signed session.Signed
	actor  identity.Actor
	word   string // the session's, from which the token of a form is made
	// reply is what is written: a page, or when to is set a redirect.
	reply pages.Page
	to    string
	drawn bool // by App
}

// step is what a route does: it fills in the reply, or fails.
type step func(v *visit, args []string) error

// consoleRoute is one address; * stands for any one part of a path.
type consoleRoute struct {
	path string // below /console/
	get  step
	post step // nil when nothing is posted there
	// drawn pages are those that App draws where there is one.
	drawn bool
}

// consoleRoutes is every page. The first that fits counts.
var consoleRoutes = []consoleRoute{
	{path: "", get: (*visit).home, drawn: true},
	{path: "traces", get: (*visit).findTrace},
	{path: "*/sso", get: (*visit).showSSO, post: (*visit).postSSO, drawn: true},
	{path: "*/requests", get: (*visit).listRequests, post: (*visit).decideRequest, drawn: true},
	{path: "*/sources", get: (*visit).listSources, post: (*visit).addSource, drawn: true},
	{path: "*/sources/*", get: (*visit).showSource, post: (*visit).postSource, drawn: true},
	{path: "*/setup-links/*", get: (*visit).showSetupLink, post: (*visit).decideSetupLink},
	{path: "*/applications", get: (*visit).listApplications, drawn: true},
	{path: "*/applications/*/try", get: (*visit).showTryForm, post: (*visit).startApplicationTry},
	{path: "*/application-tries/*", get: (*visit).showApplicationTry, post: (*visit).postApplicationTry},
	{path: "*/application-tries/*/callback", get: (*visit).answerApplicationTry},
	{path: "*/traces", get: (*visit).listTraces, drawn: true},
	{path: "traces/*", get: (*visit).showTrace},
	{path: "sso/*/tries/*", get: (*visit).showTry},
}

// match returns the route of a path with what stood for each *.
func match(path string) (consoleRoute, []string, bool) {
	parts := strings.Split(strings.TrimPrefix(path, ConsolePath), "/")
	for _, route := range consoleRoutes {
		if args, ok := fits(strings.Split(route.path, "/"), parts); ok {
			return route, args, true
		}
	}
	return consoleRoute{}, nil, false
}

func fits(pattern, parts []string) (args []string, ok bool) {
	if len(pattern) != len(parts) {
		return nil, false
	}
	for i, want := range pattern {
		switch {
		case want == "*" && parts[i] != "":
			args = append(args, parts[i])
		case want != parts[i]:
			return nil, false
		}
	}
	return args, true
}

// ServeHTTP answers one request.
func (c *console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v := &visit{console: c, r: r}
	// What was posted is no address to come back to.
	v.reply.Self = r.URL.RequestURI()
	err := v.enter()
	if err == nil {
		err = v.dispatch(w)
	}
	if err != nil {
		v.refuse(err)
	}
	if v.to != "" {
		// The address may hold what was searched for; it is nobody else's.
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Referrer-Policy", "no-referrer")
		http.Redirect(w, r, v.to, http.StatusSeeOther)
		return
	}
	if v.drawn {
		c.App.ServeHTTP(w, r)
		return
	}
	c.Pages.Serve(w, r, v.reply, c.Log)
}

// errToSignIn ends a visit at the door: the reply is the way to sign in.
var errToSignIn = errors.New("to the sign-in page")

// enter proves the session of the visit.
func (v *visit) enter() error {
	word, ok := v.Cookies.Read(v.r)
	if !ok {
		return errToSignIn
	}
	signed, err := v.Sessions.Check(v.r.Context(), word)
	switch {
	case fault.KindOf(err) == fault.Unauthenticated:
		return errToSignIn
	case err != nil:
		return err
	case signed.Session.MustChange:
		// Another password comes first, before anything is shown.
		v.to = "/password/change"
		return nil
	case signed.StatementDue:
		v.to = "/privacy"
		return nil
	}
	v.word, v.signed, v.actor = word, signed, signed.Actor(v.Origin(v.r))
	v.Note(v.r, string(signed.Session.AccountID), string(signed.Session.OrganizationID))
	return nil
}

// dispatch runs the route of the visit.
func (v *visit) dispatch(w http.ResponseWriter) error {
	if v.to != "" {
		return nil
	}
	route, args, ok := match(v.r.URL.Path)
	if reads := v.r.Method == http.MethodGet || v.r.Method == http.MethodHead; v.App != nil && reads && (!ok || route.drawn) {
		v.drawn = true
		return nil
	}
	if !ok {
		return fault.New(fault.NotFound, fault.CodeNotFound)
	}
	switch {
	case v.r.Method == http.MethodGet || v.r.Method == http.MethodHead:
		return route.get(v, args)
	case v.r.Method == http.MethodPost && route.post != nil:
		if err := v.openForm(w); err != nil {
			return err
		}
		return route.post(v, args)
	}
	allow := "GET, HEAD"
	if route.post != nil {
		allow += ", POST"
	}
	w.Header().Set("Allow", allow)
	v.refuse(fault.New(fault.Invalid, fault.CodeMethod))
	v.reply.Status = http.StatusMethodNotAllowed
	return nil
}

// openForm reads the posted form, if it is one of ours.
func (v *visit) openForm(w http.ResponseWriter) error {
	if err := v.posts.Check(v.r); err != nil {
		return fault.New(fault.Forbidden, fault.CodeFormForeign).Because(err)
	}
	v.r.Body = http.MaxBytesReader(w, v.r.Body, maxForm)
	if err := v.r.ParseForm(); err != nil {
		return fault.New(fault.Invalid, fault.CodeMalformed).Because(err)
	}
	if !session.CheckFormToken(v.word, v.r.PostForm.Get(pages.CSRFField)) {
		return fault.New(fault.Forbidden, fault.CodeFormForeign)
	}
	return nil
}

// refuse makes the reply of an error.
func (v *visit) refuse(err error) {
	if errors.Is(err, errToSignIn) {
		// After a post the page itself is where to go on.
		v.to = "/login?return_to=" + url.QueryEscape(v.r.URL.RequestURI())
		return
	}
	f := fault.Of(err)
	if f.Kind == fault.Internal {
		v.logFailure(v.r.Context(), err)
	}
	v.reply = pages.Page{Self: v.reply.Self, Content: pages.Refusal{
		Fault: f, Code: v.Origin(v.r).RequestID, Action: pages.Action{Label: pages.ActionConsole, Address: ConsolePath},
	}}
}

func (c *console) logFailure(ctx context.Context, err error) {
	c.Log.ErrorContext(ctx, "console", "error", err)
}

// show sets the page of the reply.
func (v *visit) show(content pages.Content) error {
	v.reply.Content = content
	return nil
}

// again shows a form again for what is wrong with it.
func (v *visit) again(f *fault.Error, content pages.Content) error {
	v.reply.Status = http.StatusUnprocessableEntity
	if f.Kind != fault.Invalid {
		v.reply.Status = pages.Status(f.Kind)
	}
	return v.show(content)
}

// frame is the top of a page; the last crumb is the page itself.
func (v *visit) frame(crumbs ...pages.Crumb) pages.Frame {
	name := v.signed.Account.DisplayName
	if v.signed.Member.Name != "" {
		name = v.signed.Member.Name
	}
	if name == "" {
		name = v.signed.Account.Name
	}
	start := pages.Crumb{Label: "console.title"}
	if len(crumbs) > 0 {
		start.Address = ConsolePath
	}
	return pages.Frame{Name: name, Crumbs: append([]pages.Crumb{start}, crumbs...)}
}

func (v *visit) token() string { return session.FormToken(v.word) }

// organization finds the organisation of a path for those who may read it.
func (v *visit) organization(ref string) (identity.Organization, error) {
	return v.Directory.OrganizationByRef(v.r.Context(), v.actor, ref)
}

// within is an address of an organisation's pages.
func within(o identity.Organization, page string) string {
	return ConsolePath + url.PathEscape(o.Code) + "/" + page
}
