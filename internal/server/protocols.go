package server

import (
	"net/http"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/orgid"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/protocol/oidc"
)

// speaker is a protocol with the names of those that it speaks.
type speaker struct {
	protocol.Protocol
	names []identity.ProtocolName
}

// protocols builds what applications speak, mounts it, and lets it tell them of
// the end of sessions.
func (s *Server) protocols(mux *http.ServeMux, gate protocol.Gate, html *pages.Pages) (*oidc.Provider, error) {
	host, h := s.host(gate), s.House
	provider, err := oidc.New(oidc.Options{Host: host, Pages: html, Catalogue: h.Catalogue, Traces: h.Traces})
	if err != nil {
		return nil, err
	}
	open, err := orgid.New(orgid.Options{Host: host, Traces: h.Traces})
	if err != nil {
		return nil, err
	}
	for _, p := range []speaker{
		{provider, []identity.ProtocolName{identity.ProtocolOIDC, identity.ProtocolOAuth2}},
	} {
		p.Mount(mux)
		h.notices.speak(p.Protocol, p.names...)
	}
	open.Mount(mux)
	mux.Handle("/oauth/logout", eitherLogout(open.Logout(), provider.Logout()))
	return provider, nil
}

// eitherLogout answers the address of both: with service, or without anything,
// it is OrgID's, else RP-initiated logout.
func eitherLogout(orgID, standard http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if query := r.URL.Query(); r.Method == http.MethodGet && (query.Has("service") || len(query) == 0) {
			orgID.ServeHTTP(w, r)
			return
		}
		standard.ServeHTTP(w, r)
	})
}
