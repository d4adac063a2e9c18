package orgid

import (
	"net/http"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// accessOffline is the access_type that asks for a refresh token.
const accessOffline = "offline"

// tokens is the answer of the token call.
type tokens struct {
	Access    string `json:"access_token"`
	Refresh   string `json:"refresh_token,omitempty"`
	Scope     string `json:"scope"`
	Type      string `json:"token_type"`
	ExpiresIn int64  `json:"expires_in"` // seconds
}

// token gives an application tokens for a code, or for a refresh token
// (ShowOauth2Token).
func (s *Surface) token(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(w, r)
	if err != nil {
		return err
	}
	a, err := s.caller(r, f)
	if err != nil {
		return err
	}
	issued, err := s.exchange(r, a, f)
	if err != nil {
		return of(a, err)
	}
	access, err := s.host.AccessToken(r.Context(), a, issued)
	if err != nil {
		return of(a, err)
	}
	sendJSON(w, http.StatusOK, tokens{
		Access: access, Refresh: issued.Refresh, Scope: strings.Join(issued.Grant.Scopes, " "), Type: "Bearer",
		ExpiresIn: int64(issued.AccessEnd.Sub(s.host.Now()) / time.Second),
	})
	return nil
}

func (s *Surface) exchange(r *http.Request, a identity.Application, f form) (identity.Issued, error) {
	kind := identity.GrantType(f["grant_type"])
	switch {
	case kind != identity.GrantCode && kind != identity.GrantRefresh:
		return identity.Issued{}, fault.New(fault.Invalid, fault.CodeOAuthGrantType).At("grant_type")
	case !a.OAuth.Offers(kind):
		return identity.Issued{}, fault.New(fault.Invalid, fault.CodeOAuthGrantOff).At("grant_type")
	case kind == identity.GrantRefresh:
		issued, err := s.host.Grants.Rotate(r.Context(), a, f["refresh_token"], nil)
		return issued, asGrant(err)
	}
	redirect, err := redirectOf(a, f)
	if err != nil {
		return identity.Issued{}, err
	}
	offline := f["access_type"] == accessOffline
	issued, err := s.host.Codes.Redeem(r.Context(), identity.Redemption{
		Application: a, Code: f["code"], RedirectURI: redirect, Verifier: f["code_verifier"], Offline: offline,
	})
	if !offline {
		issued.Refresh = ""
	}
	return issued, asGrant(err)
}

// redirectOf reads redirect_uri, which some integrations spell redirect_url. It
// has to be one of the application's home URLs.
func redirectOf(a identity.Application, f form) (string, error) {
	redirect, alias := f["redirect_uri"], f["redirect_url"]
	if redirect == "" {
		redirect = alias
	}
	if alias != "" && alias != redirect || !a.Redirects(redirect) {
		return "", fault.New(fault.Invalid, fault.CodeOAuthRedirect).At("redirect_uri")
	}
	return redirect, nil
}

// asGrant tells whatever refuses a code or a refresh token in one way. What is
// wrong with the server stays what it is, and so does that the member may not
// enter any more.
func asGrant(err error) error {
	switch f := fault.Of(err); {
	case f == nil:
		return nil
	case f.Kind == fault.Internal, f.Kind == fault.Unavailable, f.Kind == fault.TooMany, f.Kind == fault.Forbidden:
		return err
	default:
		return fault.New(fault.Invalid, fault.CodeGrantInvalid).Because(err)
	}
}
