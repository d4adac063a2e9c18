package cas

import (
	"net/http"
	"net/url"

	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/protocol"
)

// send leads the browser to the service with its ticket (2.1.4): in the address,
// or in a form that the browser posts.
func (s *Server) send(w http.ResponseWriter, r *http.Request, a *ask, ticket string) error {
	if a.parameters[fieldMethod] != http.MethodPost {
		protocol.Lead(w, protocol.WithQuery(a.service(), url.Values{fieldTicket: {ticket}}.Encode()), http.StatusFound)
		return nil
	}
	return s.pages.Render(w, r, pages.Page{
		Content:    pages.HandOver{Application: a.application.Name, Action: a.service(), Fields: []pages.HandedField{{Name: fieldTicket, Value: ticket}}},
		FormAction: []string{a.service()},
	})
}
