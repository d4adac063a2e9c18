package setup

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
)

// Path is where the page stands.
const Path = "/setup"

// Options are what the page works with; all are required.
type Options struct {
	Directory *directory.Directory
	Pages     *pages.Pages
	BaseURL   string // shown beside the address that the browser is at
	Origin    func(*http.Request) identity.Origin
	Log       *slog.Logger
}

type surface struct{ Options }

// New returns the handler of the page. A post from another site is refused by
// the browser's own word (http.CrossOriginProtection) and would lack the
// secret besides.
func New(o Options) http.Handler {
	s := &surface{o}
	return http.NewCrossOriginProtection().Handler(http.HandlerFunc(s.answer))
}

func (s *surface) answer(w http.ResponseWriter, r *http.Request) {
	var page pages.Page
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		page = s.form(r)
	case http.MethodPost:
		page = s.make(r)
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		page = s.refusal(r, fault.New(fault.Invalid, fault.CodeMethod))
		page.Status = http.StatusMethodNotAllowed
	}
	s.Pages.Serve(w, r, page, s.Log)
}

// form shows the form to whoever has the secret, without spending it.
func (s *surface) form(r *http.Request) pages.Page {
	secret := r.URL.Query().Get("code")
	if err := s.Directory.CheckSetup(r.Context(), secret); err != nil {
		return s.refusal(r, err)
	}
	return pages.Page{Content: s.content(secret, directory.NewOperator{}, nil)}
}

// make makes the administrator, or shows the form again with what is wrong.
func (s *surface) make(r *http.Request) pages.Page {
	if err := r.ParseForm(); err != nil {
		return s.refusal(r, fault.New(fault.Invalid, fault.CodeMalformed).Because(err))
	}
	secret := r.PostForm.Get(pages.CSRFField)
	n := directory.NewOperator{
		Account: r.PostForm.Get("account"), Name: r.PostForm.Get("name"),
		Password: r.PostForm.Get("password"), Default: true,
	}
	err := s.Directory.FirstAdministrator(r.Context(), s.Origin(r), secret, n)
	switch {
	case err == nil:
		return pages.Page{Content: pages.SetupDone{Account: n.Account, Next: pages.Action{Label: pages.ActionConsole, Address: ConsolePath}}}
	case fault.KindOf(err) == fault.Invalid || fault.KindOf(err) == fault.Conflict && fault.Of(err).Field != "":
		return pages.Page{Content: s.content(secret, n, fault.Of(err)), Status: http.StatusUnprocessableEntity}
	}
	return s.refusal(r, err)
}

func (s *surface) content(secret string, n directory.NewOperator, f *fault.Error) pages.Setup {
	rules := identity.DefaultPasswordRules()
	return pages.Setup{
		Action: Path, Address: s.BaseURL, Token: secret, Account: n.Account, Name: n.Name, PasswordMin: rules.MinLength,
		PasswordMax: rules.MaxLength, Fault: f,
	}
}

func (s *surface) refusal(r *http.Request, err error) pages.Page {
	if fault.KindOf(err) == fault.Internal {
		s.logFailure(r.Context(), err)
	}
	return pages.Page{Content: pages.Refusal{
		Fault: fault.Of(err), Mender: pages.MenderOperator, Code: s.Origin(r).RequestID,
		Action: pages.Action{Label: pages.ActionHome, Address: "/"},
	}}
}

func (s *surface) logFailure(ctx context.Context, err error) {
	s.Log.ErrorContext(ctx, "set-up", "error", err)
}
