package server

import (
	"context"
	"net/http"

	"github.com/orgate/orgate/internal/httpd"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/signin"
)

// host joins what stands behind the protocols.
func (s *Server) host(gate protocol.Gate) protocol.Host {
	h := s.House
	return protocol.Host{
		BaseURL: s.base, Applications: h.Applications, Gate: gate, Subjects: h.Applications, Codes: h.Grants, Grants: h.Grants,
		Tickets: h.Tickets, Keys: h.Signing, HTTP: h.Outgoing, Origin: origin, Note: httpd.Note, Log: s.options.Log, Now: s.options.Now,
	}
}

// icon is the picture of an application.
func (s *Server) icon(ctx context.Context, clientID string) (signin.Icon, error) {
	content, digest, err := s.House.Applications.Icon(ctx, clientID)
	return signin.Icon{Digest: digest, Content: content}, err
}

// leaving is the sign-in as the gate before applications. Who is to leave is
// asked at its own page.
type leaving struct{ *signin.Surface }

// Leave leads to the page that asks whether to sign out.
func (leaving) Leave(w http.ResponseWriter, _ *http.Request, _ protocol.Departure) {
	w.Header().Set("Location", "/logout")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusSeeOther)
}
