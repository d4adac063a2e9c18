package oidc

import (
	"net/http"

	"github.com/orgate/orgate/internal/fault"
)

// revoke ends what a token belongs to (RFC 7009): the access token and the
// refresh token of one grant die together (2.1). token_type_hint helps nothing,
// since a token tells its kind itself. A token that does not count is ended
// already (2.2); a fault of the server is never told as success.
func (p *Provider) revoke(w http.ResponseWriter, r *http.Request) error {
	a, form, err := p.caller(r)
	if err != nil {
		return err
	}
	token := form.get("token")
	if token == "" {
		return missing("token")
	}
	t, err := p.host.Inspect(r.Context(), token)
	switch {
	case fault.KindOf(err) == fault.Unauthenticated:
		sendEmpty(w)
		return nil
	case err != nil:
		return unavailable(err)
	case t.Application.ID != a.ID: // 2.1
		return fault.New(fault.Forbidden, fault.CodeOAuthTokenForeign)
	case t.Claims != nil && t.Own(): // 2.2.1: nothing of it is stored
		return fault.New(fault.Invalid, fault.CodeOAuthTokenKind)
	}
	if err := p.host.Grants.Revoke(r.Context(), a, t.Grant.ID); err != nil {
		return unavailable(err)
	}
	sendEmpty(w)
	return nil
}

// unavailable tells any failure of the server as one after which the
// application tries again (RFC 7009, 2.2.1).
func unavailable(err error) error {
	if fault.KindOf(err) == fault.Internal {
		return fault.New(fault.Unavailable, fault.CodeUnavailable).Because(err)
	}
	return err
}

func sendEmpty(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
}
