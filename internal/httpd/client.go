package httpd

import (
	"net/http"
	"net/netip"
	"strings"
)

const (
	// maxHops bounds how far back a forwarding header is followed.
	maxHops = 32
	// maxHop is longer than any address with brackets, zone and port.
	maxHop = 64

	headerForwardedFor = "X-Forwarded-For"
	headerForwarded    = "Forwarded"
)

// hops are the addresses a forwarding header names, the last first: the hop
// nearest to us is the one a proxy of ours wrote. One that is not an address
// is the zero Addr.
type hops struct {
	addrs [maxHops]netip.Addr
	n     int
}

func (h *hops) add(addr netip.Addr) {
	h.addrs[h.n] = addr
	h.n++
}

// clientAddr walks from the peer backwards for as long as each hop is one of
// the trusted proxies. The first that is not is the client. A hop that is not
// an address, or the end of the header, leaves the last trusted one: what
// stands further left was written by somebody we know nothing of.
//
// X-Forwarded-For counts, and Forwarded (RFC 7239) only where there is none of
// it. No other header is read, X-Real-IP and True-Client-IP least of all.
func clientAddr(r *http.Request, trusted []netip.Prefix) netip.Addr {
	client := peer(r)
	if !among(client, trusted) {
		return client
	}
	var h hops
	if lines := r.Header[headerForwardedFor]; len(lines) > 0 {
		h.forwardedFor(lines)
	} else {
		h.forwarded(r.Header[headerForwarded])
	}
	for _, hop := range h.addrs[:h.n] {
		if !hop.IsValid() {
			return client
		}
		client = hop
		if !among(client, trusted) {
			return client
		}
	}
	return client
}

// peer returns the address at the other end of the connection.
func peer(r *http.Request) netip.Addr {
	addr, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return plainAddr(addr.Addr())
}

// plainAddr gives one address one spelling: IPv4 as such and no zone.
func plainAddr(addr netip.Addr) netip.Addr { return addr.Unmap().WithZone("") }

func among(addr netip.Addr, networks []netip.Prefix) bool {
	for _, network := range networks {
		if network.Contains(addr) {
			return true
		}
	}
	return false
}

// forwardedFor reads lines of X-Forwarded-For from their right end.
func (h *hops) forwardedFor(lines []string) {
	for i := len(lines) - 1; i >= 0; i-- {
		rest, more := lines[i], true
		for more && h.n < maxHops {
			comma := strings.LastIndexByte(rest, ',')
			hop := rest[comma+1:]
			if more = comma >= 0; more {
				rest = rest[:comma]
			}
			h.add(parseHop(strings.Trim(hop, " \t")))
		}
	}
}

// parseHop reads an address as proxies write it: bare, with a port, or IPv6 in
// brackets with or without one. Anything else is the zero Addr.
func parseHop(text string) netip.Addr {
	if text == "" || len(text) > maxHop {
		return netip.Addr{}
	}
	if addr, err := netip.ParseAddr(text); err == nil {
		return plainAddr(addr)
	}
	if addr, err := netip.ParseAddrPort(text); err == nil {
		return plainAddr(addr.Addr())
	}
	if inner, ok := strings.CutPrefix(text, "["); ok {
		if inner, ok = strings.CutSuffix(inner, "]"); ok {
			if addr, err := netip.ParseAddr(inner); err == nil && addr.Is6() {
				return plainAddr(addr)
			}
		}
	}
	return netip.Addr{}
}
