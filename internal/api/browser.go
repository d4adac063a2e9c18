package api

import (
	"net/http"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/session"
)

// headerCSRF carries the word that GET /me tells a browser. No other site can
// send it: a header that is not in the short list of the standard is asked
// about beforehand (Fetch, "CORS-preflight fetch"), and nobody answers here.
const headerCSRF = "X-CSRF-Token"

// browser tells who calls by the session of a browser. A cookie goes along
// whatever page makes the browser call, so it counts for our own pages alone:
// for any other it is as if there were none (token_missing). What changes
// something carries the session's word besides (Forbidden, csrf_token). While
// the password has to be changed nothing is served (Forbidden,
// password_change_required), nor while the privacy statement has to be accepted
// (Forbidden, privacy_statement_due).
func (s *surface) browser(c *call, word string) (identity.Actor, error) {
	if !s.ofOwnPage(c.r.Header) {
		return identity.Actor{}, fault.New(fault.Unauthenticated, fault.CodeTokenMissing)
	}
	signed, err := s.o.Sessions.Check(c.r.Context(), word)
	switch {
	case err != nil:
		return identity.Actor{}, err
	case signed.Session.MustChange:
		return identity.Actor{}, fault.New(fault.Forbidden, fault.CodePasswordChange)
	case signed.StatementDue:
		return identity.Actor{}, fault.New(fault.Forbidden, fault.CodePrivacyDue).With("address", s.o.BaseURL.JoinPath("/privacy").String())
	case changes(c.r.Method) && !session.CheckFormToken(word, c.r.Header.Get(headerCSRF)):
		return identity.Actor{}, fault.New(fault.Forbidden, fault.CodeCSRFToken)
	}
	c.session, c.csrf, c.personal = signed.Session, session.FormToken(word), signed.Account.Kind == identity.Personal
	return signed.Actor(c.origin), nil
}

// changes reports whether a method is for changing something (RFC 9110, 9.2.1).
func changes(method string) bool { return method != http.MethodGet && method != http.MethodHead }

// ofOwnPage reports whether a page of this very origin makes the call. Browsers
// tell by Sec-Fetch-Site; where they do not, because the address has no https,
// the header of our own pages proves it. A foreign Origin refutes whatever else
// is said.
func (s *surface) ofOwnPage(h http.Header) bool {
	for _, origin := range h.Values("Origin") {
		if origin != s.o.BaseURL.Scheme+"://"+s.o.BaseURL.Host {
			return false
		}
	}
	if site := h.Values("Sec-Fetch-Site"); len(site) > 0 {
		return len(site) == 1 && site[0] == "same-origin"
	}
	return h.Get(headerCSRF) != ""
}
