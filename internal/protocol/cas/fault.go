package cas

import (
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
	s.pages.Serve(w, r, pages.RefusedRequest(f, s.host.CodeOf(r, err)), s.host.Log)
}
