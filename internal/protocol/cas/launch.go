package cas

import (
	"context"
	"net/url"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Launch returns where a person goes who wishes to use an application without
// having been sent by it: at counts its home addresses from 1, and an odd one is
// the first. They enter there as if they had come from it.
func (s *Server) Launch(ctx context.Context, clientID string, at int) (string, error) {
	a, err := s.host.Applications.Find(ctx, clientID)
	if err != nil {
		return "", err
	}
	if a.CAS == nil || a.Protocol != identity.ProtocolCAS {
		return "", fault.New(fault.NotFound, fault.CodeApplicationNotFound)
	}
	home := a.HomeURLs[0]
	if at >= 1 && at <= len(a.HomeURLs) {
		home = a.HomeURLs[at-1]
	}
	return pathLogin + "?" + url.Values{fieldService: {home}}.Encode(), nil
}
