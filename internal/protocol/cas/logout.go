package cas

import (
	"net/http"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/trace"
)

// logout signs the browser out without a question (2.3.1). It leads on to the
// service only where that is the exit address or a service of an application that
// was entered in the session; else our page says who was told.
func (s *Server) logout(w http.ResponseWriter, r *http.Request) error {
	asked, err := parse(r.URL.RawQuery)
	if err != nil {
		return protocol.WithCode(err, s.keepStory(r, scene{kind: trace.Leaving, parameters: asked}, err))
	}
	d := protocol.Departure{Sure: true}
	if service := asked[fieldService]; len(service) <= identity.MaxService {
		d.Wish = service
	}
	if a, err := s.host.Applications.Serving(r.Context(), d.Wish); err == nil {
		d.Application = &a
		s.note(r, a)
	}
	s.host.Gate.Leave(w, r, d)
	return nil
}
