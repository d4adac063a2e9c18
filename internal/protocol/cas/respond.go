package cas

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/orgate/orgate/internal/pages"
)

// send leads the browser to the service with its ticket (2.1.4): in the address,
// or in a form that the browser posts.
func (s *Server) send(w http.ResponseWriter, r *http.Request, a *ask, ticket string) error {
	if a.parameters[fieldMethod] != http.MethodPost {
		lead(w, withQuery(a.service(), url.Values{fieldTicket: {ticket}}.Encode()), http.StatusFound)
		return nil
	}
	return s.pages.Render(w, r, pages.Page{
		Content:    pages.HandOver{Application: a.application.Name, Action: a.service(), Fields: []pages.HandedField{{Name: fieldTicket, Value: ticket}}},
		FormAction: []string{a.service()},
	})
}

// withQuery appends a query to an address without touching a byte of it.
func withQuery(address, query string) string {
	switch {
	case !strings.Contains(address, "?"):
		return address + "?" + query
	case strings.HasSuffix(address, "?"), strings.HasSuffix(address, "&"):
		return address + query
	}
	return address + "&" + query
}

// lead answers with another address. Neither a cache nor a referrer keeps what
// stands in it.
func lead(w http.ResponseWriter, to string, status int) {
	h := w.Header()
	h.Set("Location", to)
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache")
	h.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(status)
}
