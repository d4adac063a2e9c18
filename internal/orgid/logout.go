package orgid

import (
	"net/http"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/protocol"
)

// maxService bounds the address to go to, in bytes.
const maxService = 1024

// logout signs the browser out without a question, as the API promises, and
// leads on to the application's exit URL. Without service it leads to the
// sign-in.
func (s *Surface) logout(w http.ResponseWriter, r *http.Request) error {
	d := protocol.Departure{Sure: true}
	service := r.URL.Query().Get("service")
	switch {
	case service == "":
		d.To = s.issuer + "/login"
	case len(service) <= maxService && identity.CleanText(service):
		d.Wish = service
	}
	s.host.Gate.Leave(w, r, d)
	return nil
}
