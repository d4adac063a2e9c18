package cas

import (
	"errors"
	"net/http"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/pages"
)

// sentence is a fault for developers: in English, whatever the person reads.
func (s *Server) sentence(f *fault.Error) string { return s.catalogue.Fault(i18n.EnUS, f) }

// tell writes a fault of the server to the log. Any other is the caller's own
// and is told to the caller alone.
func (s *Server) tell(r *http.Request, f *fault.Error) {
	if f.Kind == fault.Internal {
		s.host.Log.ErrorContext(r.Context(), "cas", "path", r.URL.Path, "error", f)
	}
}

// refusePage tells the person at the browser what went wrong: CAS has no words
// in which an application could be told.
func (s *Server) refusePage(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.Of(err)
	s.tell(r, f)
	page := pages.Page{Content: pages.Refusal{
		Fault: f, Mender: menderOf(f), Code: s.codeOf(r, err), Action: pages.Action{Label: pages.ActionHome, Address: "/"},
	}}
	if f.Code == fault.CodeMethod {
		page.Status = http.StatusMethodNotAllowed
	}
	if err := s.pages.Render(w, r, page); err != nil {
		s.host.Log.ErrorContext(r.Context(), "render a page of a refusal", "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	}
}

// menderOf says that whoever runs the application has to mend a request that is
// wrong, for the person did not write it.
func menderOf(f *fault.Error) pages.Mender {
	switch f.Kind {
	case fault.Invalid, fault.NotFound, fault.Forbidden:
		return pages.MenderAdministrator
	}
	return pages.MenderByKind
}

// coded is an error whose story was kept.
type coded struct {
	error
	code string
}

// Unwrap returns the fault.
func (c coded) Unwrap() error { return c.error }

// codeOf is what a person is told to name: the code of the story, or of the
// request where none was kept.
func (s *Server) codeOf(r *http.Request, err error) string {
	var c coded
	if errors.As(err, &c) {
		return c.code
	}
	return s.host.Origin(r).RequestID
}
