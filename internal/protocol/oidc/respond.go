package oidc

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/orgate/orgate/internal/fault"
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
	to := withQuery(a.redirect, answer.Encode())
	if mode == modeFragment {
		to = a.redirect + "#" + answer.Encode()
	}
	lead(w, to, http.StatusFound)
}

// withQuery appends a query to an address without touching a byte of it.
func withQuery(address, query string) string {
	switch {
	case !strings.Contains(address, "?"):
		return address + "?" + query
	case strings.HasSuffix(address, "?"), strings.HasSuffix(address, "&"):
		return address + query
	}
	return address + "&" + query
}

// lead answers with another address. Neither a cache nor a referrer keeps what
// stands in it.
func lead(w http.ResponseWriter, to string, status int) {
	h := w.Header()
	h.Set("Location", to)
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache")
	h.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(status)
}
