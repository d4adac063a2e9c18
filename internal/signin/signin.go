package signin

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/orgate/orgate/internal/approval"
	"github.com/orgate/orgate/internal/captcha"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/entry"
	"github.com/orgate/orgate/internal/factor"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/policy"
	"github.com/orgate/orgate/internal/privacy"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/ticket"
	"github.com/orgate/orgate/internal/trace"
)

// Options are what the surface works with. All are required but Codes, Second, Note,
// Rate and Log.
type Options struct {
	Directory *directory.Directory
	Entry     *entry.Entry
	Approval  *approval.Approval
	Sources   *source.Sources
	Sessions  *session.Sessions
	Cookies   session.Cookies
	Flows     session.Cookies // the cookie of the conversation
	Tickets   *ticket.Tickets
	Factors   *factor.Own     // that people set up for themselves
	Codes     *factor.Codes   // by which contacts are proven; nil lets nobody register
	Second    *factor.Second  // the proof beside the first; nil lets nobody give one
	Captcha   *captcha.Studio // draws puzzles for whoever asks for codes often; nil lets them wait
	Traces    *trace.Keeper
	Pages     *pages.Pages
	// Statements are the privacy statements that people are asked to accept.
	Statements *privacy.Statements
	// Origin is where a request came from, by the listener's own judgement.
	Origin func(*http.Request) identity.Origin
	// Note tells the access log who acted and in which organisation; nil
	// tells nobody.
	Note func(r *http.Request, actor, organization string)
	// App draws the user centre by script, from the management API; nil has
	// none, and who is signed in sees their account.
	App http.Handler
	// Launch opens applications, and Icon reads their pictures; nil has none.
	Launch Launch
	Icon   func(ctx context.Context, clientID string) (Icon, error)
	Log    *slog.Logger // nil discards
	Now    func() time.Time
	// Rate bounds what costs something, by client address: guesses, mails and
	// sign-ins begun. The zero value is the default.
	Rate policy.Rate
	// SkipRateLimit is for benches and tests on loopback.
	SkipRateLimit bool
}

// Surface answers the routes of the package, and is the gate before every
// application (protocol.Gate).
type Surface struct {
	Options
	rates   *policy.Rates
	codes   *policy.Rates // of codes for people who register
	handler http.Handler
}

// step does one thing for a visit and says what the browser is answered.
type step func(*visit) (reply, error)

// reply is what a browser is answered: a page, or an address to go to.
type reply struct {
	page pages.Page
	to   string
	code int // of the redirect; 0 means 303, after which a browser asks by GET

	drawn bool // by App
}

// show answers with a page.
func show(content pages.Content) reply { return reply{page: pages.Page{Content: content}} }

// goTo answers with another address.
func goTo(address string) reply { return reply{to: address} }

// with sets the page's status.
func (r reply) with(status int) reply {
	r.page.Status = status
	return r
}

// at sets the address that shows the page by GET.
func (r reply) at(self string) reply {
	r.page.Self = self
	return r
}

// maxForm bounds a posted form in bytes; the longest has two passwords.
const maxForm = 16 << 10

// New returns the surface. Its handler answers whatever no other surface has.
//
// A form from another site is refused by the browser's own word
// (http.CrossOriginProtection), and besides each form carries a token of the
// cookie under which it was shown.
func New(o Options) *Surface {
	if o.Note == nil {
		o.Note = func(*http.Request, string, string) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Surface{Options: o}
	if !o.SkipRateLimit {
		s.rates = policy.NewRates(o.Rate, o.Now)
		s.codes = policy.NewRates(policy.Rate{PerSecond: 1 / freeEvery.Seconds(), Burst: freeCodes}, o.Now)
	}
	mux := http.NewServeMux()
	mux.HandleFunc(appsPath+"{app}/icon", s.serveIcon)
	mux.HandleFunc(directory.PicturePath+"{word}", s.servePicture)
	mux.HandleFunc(sourcePath+"{source_id}/icon", s.serveSourceIcon)
	mux.HandleFunc(sourcePath+"{source_id}/logout", s.serveSourceLogout)
	for _, route := range s.routes() {
		mux.Handle(route.pattern, s.answering(route))
	}
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(s.answering(route{post: foreign, get: foreign}))
	s.handler = protection.Handler(mux)
	return s
}

// ServeHTTP answers a browser.
func (s *Surface) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// route is an address with what it does by method; nil does not exist.
type route struct {
	pattern string
	get     step
	post    step
}

// routes lists every address of the surface. The patterns have no method, so
// that other methods are refused with a page.
func (s *Surface) routes() []route {
	return []route{
		{pattern: "/{$}", get: s.home},
		{pattern: "/account", get: s.account},
		{pattern: centrePath, get: s.centre},
		{pattern: "/account/sessions", get: s.devices, post: s.endDevices},
		{pattern: appsPath + "{app}/login", get: s.launch},
		{pattern: linksPath, get: s.links, post: s.removeLink},
		{pattern: connectPath, get: s.askConnect, post: s.connect},
		{pattern: requestsPath, get: s.requests, post: s.answerRequests},
		{pattern: applicationsPath, get: s.consents, post: s.withdrawConsent},
		{pattern: situationPath, get: s.situation, post: s.answerSituation},
		{pattern: chooserPath, get: s.askAccount, post: s.chooseAccount},
		{pattern: verificationPath, get: s.askVerification, post: s.verify},
		{pattern: consentPath, get: s.askConsent, post: s.consent},
		{pattern: "/login", get: s.askPassword, post: s.login},
		{pattern: "/logout", get: s.askSignOut, post: s.signOut},
		{pattern: "/sso", get: s.askDomain, post: s.leave},
		{pattern: callbackPath + "{source_id}", get: s.back},
		{pattern: sourcePath + "{source_id}", get: s.leaveForSource},
		{pattern: sourcePath + "{source_id}/callback", get: s.back},
		{pattern: registerPath, get: s.askRegister, post: s.register},
		{pattern: organizationsPath + "{$}", get: s.organizations, post: s.actOnOrganization},
		{pattern: leavePath("{organization}"), get: s.askToLeave, post: s.leaveOrganization},
		{pattern: privacyPath, get: s.askPrivacy, post: s.answerPrivacy},
		{pattern: quotasPath, get: s.quotas, post: s.askQuota},
		{pattern: factorsPath, get: s.factors, post: s.changeFactors},
		{pattern: invitationsPath + "{word}", get: s.invitation, post: s.answerInvitation},
		{pattern: handoverPath + "{word}", get: s.handover, post: s.answerHandover},
		{pattern: removePath, get: s.askRemoval, post: s.removeAccount},
		{pattern: "/password/forgotten", get: s.askForgotten, post: s.forgotten},
		{pattern: "/password/reset", get: s.askReset, post: s.reset},
		{pattern: "/password/change", get: s.askChange, post: s.change},
		{pattern: "/", get: missing, post: missing},
	}
}

// missing is every address that nobody has.
func missing(*visit) (reply, error) { return reply{}, fault.New(fault.NotFound, fault.CodeNotFound) }

// foreign is a form that another site sent.
func foreign(*visit) (reply, error) { return reply{}, errForm }

// answering makes a handler of a route.
func (s *Surface) answering(route route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := s.visit(w, r)
		answer, err := s.take(v, route)
		if err != nil {
			answer = s.refusal(v, err)
		}
		s.write(v, answer)
	})
}

// take runs the step of the request's method.
func (s *Surface) take(v *visit, route route) (reply, error) {
	act := route.get
	switch v.r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodPost:
		act = route.post
	default:
		act = nil
	}
	if act == nil {
		return refuseMethod(v, route)
	}
	if v.r.Method == http.MethodPost {
		if err := s.readForm(v); err != nil {
			return reply{}, err
		}
	}
	if err := s.recognize(v); err != nil {
		return reply{}, err
	}
	if v.statementDue() && !free(route.pattern) {
		return s.toStatement(v)
	}
	return act(v)
}

func refuseMethod(v *visit, route route) (reply, error) {
	allow := "GET, HEAD"
	if route.post != nil {
		allow += ", POST"
	}
	v.w.Header().Set("Allow", allow)
	return reply{}, fault.New(fault.Invalid, fault.CodeMethod)
}

// readForm reads the form of a post. Each costs something, so each counts.
func (s *Surface) readForm(v *visit) error {
	if err := s.count(v); err != nil {
		return err
	}
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxForm)
	if err := v.r.ParseForm(); err != nil {
		return fault.New(fault.Invalid, fault.CodeMalformed).Because(err)
	}
	for _, values := range v.r.PostForm {
		for _, value := range values {
			if !identity.CleanText(value) {
				return fault.New(fault.Invalid, fault.CodeMalformed)
			}
		}
	}
	return nil
}

// count counts something that costs against the rate of the client's address.
func (s *Surface) count(v *visit) error {
	if s.rates.Allow(v.origin.Address) {
		return nil
	}
	v.w.Header().Set("Retry-After", "1")
	return fault.New(fault.TooMany, fault.CodeRateLimited)
}

// language is the one in which the visitor is answered, and is sent what they
// ask for where their account has none of its own.
func (s *Surface) language(v *visit) string {
	var said []string
	if p := v.flow.Passage; p != nil {
		said = p.Languages
	}
	return string(s.Pages.Language(v.r, said...))
}

// write sends the answer.
func (s *Surface) write(v *visit, answer reply) {
	if answer.to != "" {
		code := answer.code
		if code == 0 {
			code = http.StatusSeeOther
		}
		s.Pages.Remember(v.w, v.r)
		h := v.w.Header()
		h.Set("Location", answer.to)
		h.Set("Cache-Control", "no-store")
		h.Set("Referrer-Policy", "no-referrer")
		v.w.WriteHeader(code)
		return
	}
	if answer.drawn {
		s.App.ServeHTTP(v.w, v.r)
		return
	}
	if p := v.flow.Passage; p != nil {
		answer.page.FormAction, answer.page.Languages = onward(p.EndsAt), p.Languages
	}
	s.Pages.Serve(v.w, v.r, answer.page, s.Log)
}
