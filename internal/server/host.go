package server

import (
	"context"

	"github.com/orgate/orgate/internal/httpd"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/policy"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/signin"
)

// host joins what stands behind the protocols.
func (s *Server) host(gate protocol.Gate) protocol.Host {
	h := s.House
	var rates *policy.Rates // nil bounds nothing
	if !s.options.Unlimited {
		rates = policy.NewRates(policy.Rate{}, s.options.Now)
	}
	return protocol.Host{
		BaseURL: s.base, Applications: h.Applications, Gate: gate, Subjects: h.Applications, Codes: h.Grants, Grants: h.Grants,
		Entries: h.Grants, Proxies: h.Grants,
		Tickets: h.Tickets, Keys: h.Signing, HTTP: h.Outgoing, Origin: origin, Note: httpd.Note, Log: s.options.Log, Now: s.options.Now,
		Allow: func(o identity.Origin) bool { return rates.Allow(o.Address) },
	}
}

// icon is the picture of an application.
func (s *Server) icon(ctx context.Context, clientID string) (signin.Icon, error) {
	content, digest, err := s.House.Applications.Icon(ctx, clientID)
	return signin.Icon{Digest: digest, Content: content}, err
}
