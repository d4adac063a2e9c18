package orgid

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

var (
	errProof = fault.New(fault.Unauthenticated, fault.CodeOAuthClientProof)
	// nobody is compared with where no application is known, so that an unknown
	// one costs what a wrong secret costs.
	nobody = identity.Application{Secrets: []identity.ClientSecret{{Digest: make([]byte, 32)}}}
)

// maxClientID is the longest that is registered, in bytes.
const maxClientID = 64

// caller proves which application sent a form: by its fields or by the header,
// not by both. One that can keep no secret sends its client_id alone.
func (s *Surface) caller(r *http.Request, f form) (identity.Application, error) {
	id, secret, method := f["client_id"], f["client_secret"], identity.AuthPost
	if header := r.Header.Get("Authorization"); header != "" {
		name, word, ok := basic(header)
		if !ok || secret != "" || id != "" && id != name {
			return identity.Application{}, errProof
		}
		id, secret, method = name, word, identity.AuthBasic
	} else if secret == "" {
		method = identity.AuthNone
	}
	a, err := s.find(r.Context(), id)
	if fault.KindOf(err) == fault.NotFound {
		s.host.Applications.Prove(nobody, secret)
		return identity.Application{}, errProof
	}
	if err != nil {
		return identity.Application{}, err
	}
	good := method == identity.AuthNone && a.OAuth.Public
	if method != identity.AuthNone {
		good = s.host.Applications.Prove(a, secret)
	}
	if !good || !slices.Contains(a.OAuth.AuthMethods, method) {
		return identity.Application{}, errProof
	}
	s.host.Note(r, string(a.ID), string(a.OrganizationID))
	if !a.Active() {
		return a, of(a, fault.New(fault.Forbidden, fault.CodeOAuthDisabled))
	}
	return a, nil
}

// basic reads the header (RFC 6749, 2.3.1).
func basic(header string) (name, secret string, ok bool) {
	scheme, token, _ := strings.Cut(header, " ")
	joined, err := base64.StdEncoding.DecodeString(strings.TrimSpace(token))
	if err != nil || !strings.EqualFold(scheme, "Basic") {
		return "", "", false
	}
	name, secret, ok = strings.Cut(string(joined), ":")
	name, nameErr := url.QueryUnescape(name)
	secret, secretErr := url.QueryUnescape(secret)
	return name, secret, ok && nameErr == nil && secretErr == nil
}

// find returns an application that speaks OAuth 2.0 or OpenID Connect.
func (s *Surface) find(ctx context.Context, clientID string) (identity.Application, error) {
	if clientID == "" || len(clientID) > maxClientID {
		return identity.Application{}, errProof
	}
	a, err := s.host.Applications.Find(ctx, clientID)
	if err != nil {
		return identity.Application{}, err
	}
	if a.OAuth == nil || a.Protocol != identity.ProtocolOAuth2 && a.Protocol != identity.ProtocolOIDC {
		return identity.Application{}, fault.New(fault.NotFound, fault.CodeOAuthClient)
	}
	return a, nil
}
