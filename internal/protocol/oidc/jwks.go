package oidc

import "net/http"

// keysAge is how long the key set may be kept, in seconds. A key is published
// far longer than that before it signs.
const keysAge = 300

// serveKeys answers with the key set (RFC 7517, 5).
func (p *Provider) serveKeys(w http.ResponseWriter, r *http.Request) error {
	set, err := p.host.Keys.Public(r.Context())
	if err != nil {
		return err
	}
	d := p.keys.Load()
	if !d.holds(set) {
		d = newDocument(set, keysAge)
		p.keys.Store(d)
	}
	d.send(w, r)
	return nil
}
