package oidc

import (
	"net/http"
	"net/url"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/protocol"
)

// sendCode leads the browser back with a code (RFC 6749, 4.1.2).
func (p *Provider) sendCode(w http.ResponseWriter, a *ask, code string) {
	p.sendBack(w, a, url.Values{"code": {code}}, modeQuery)
}

// sendFault leads the browser back with an error (RFC 6749, 4.1.2.1). The
// address must be proven to be the application's.
func (p *Provider) sendFault(w http.ResponseWriter, r *http.Request, a *ask, err error) {
	f := fault.Of(err)
	p.tell(r, f)
	p.sendBack(w, a, url.Values{"error": {replyOf(f).code}, "error_description": {p.sentence(f)}}, a.mode)
}

// sendBack adds the parameters to the redirect URI, whose own query stays
// (RFC 6749, 3.1.2), with the state as it came and our name (RFC 9207, 2).
func (p *Provider) sendBack(w http.ResponseWriter, a *ask, answer url.Values, mode string) {
	if state := a.get("state"); state != "" {
		answer.Set("state", state)
	}
	answer.Set("iss", p.issuer)
	to := protocol.WithQuery(a.redirect, answer.Encode())
	if mode == modeFragment {
		to = a.redirect + "#" + answer.Encode()
	}
	protocol.Lead(w, to, http.StatusFound)
}
