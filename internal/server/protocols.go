package server

import (
	"context"
	"net/http"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/orgid"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/protocol/cas"
	"github.com/orgate/orgate/internal/protocol/oidc"
	"github.com/orgate/orgate/internal/signin"
)

// speaker is a protocol with the names of those that it speaks, and with the way
// into an application.
type speaker struct {
	protocol.Protocol
	launch signin.Launch
	names  []identity.ProtocolName
}

// protocols builds what applications speak, mounts it, lets it tell them of the
// end of sessions, and returns the way into each application.
func (s *Server) protocols(mux *http.ServeMux, gate protocol.Gate, html *pages.Pages) (signin.Launch, error) {
	host, h := s.host(gate), s.House
	provider, err := oidc.New(oidc.Options{Host: host, Pages: html, Catalogue: h.Catalogue, Traces: h.Traces})
	if err != nil {
		return nil, err
	}
	tickets, err := cas.New(cas.Options{Host: host, Pages: html, Catalogue: h.Catalogue, Traces: h.Traces})
	if err != nil {
		return nil, err
	}
	open, err := orgid.New(orgid.Options{Host: host, Catalogue: h.Catalogue, Traces: h.Traces})
	if err != nil {
		return nil, err
	}
	ways := map[identity.ProtocolName]signin.Launch{}
	for _, p := range []speaker{
		{provider, provider.Launch, []identity.ProtocolName{identity.ProtocolOIDC, identity.ProtocolOAuth2}},
		{tickets, tickets.Launch, []identity.ProtocolName{identity.ProtocolCAS}},
	} {
		p.Mount(mux)
		h.notices.speak(p.Protocol, p.names...)
		for _, name := range p.names {
			ways[name] = p.launch
		}
	}
	open.Mount(mux)
	mux.Handle("/oauth/logout", eitherLogout(open.Logout(), provider.Logout()))
	return func(ctx context.Context, clientID string, at int) (string, error) {
		a, err := host.Applications.Find(ctx, clientID)
		if err != nil {
			return "", err
		}
		return ways[a.Protocol](ctx, clientID, at)
	}, nil
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
