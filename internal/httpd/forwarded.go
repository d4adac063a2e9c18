package httpd

import (
	"net/netip"
	"strings"
)

// forwarded reads lines of Forwarded (RFC 7239, 4) from the last to the first.
func (h *hops) forwarded(lines []string) {
	for i := len(lines) - 1; i >= 0 && h.n < maxHops; i-- {
		var line hops
		skipped, ok := line.forwardedLine(lines[i])
		if !ok {
			// A quote left open by a client would swallow what a proxy appended:
			// nothing in a broken line can be told apart.
			h.add(netip.Addr{})
			return
		}
		for k := range min(line.n, maxHops-h.n) {
			h.add(line.addrs[(skipped+line.n-1-k)%maxHops])
		}
	}
}

// forwardedLine reads the elements of one line from the left, for quotes can
// be followed only from there, and keeps the last of them in a ring. It
// returns how many it let go.
func (h *hops) forwardedLine(line string) (skipped int, ok bool) {
	p := pairs{rest: line}
	for {
		addr, more, ok := p.element()
		if !ok {
			return 0, false
		}
		h.addrs[(skipped+h.n)%maxHops] = addr
		if h.n < maxHops {
			h.n++
		} else {
			skipped++
		}
		if !more {
			return skipped, true
		}
	}
}

// pairs takes a line of Forwarded apart.
type pairs struct{ rest string }

// element reads name=value pairs up to a comma or the end. An element that
// names no address in "for" yields the zero Addr; ok is false when the line
// breaks the grammar.
func (p *pairs) element() (addr netip.Addr, more, ok bool) {
	seen := false
	for {
		p.blanks()
		name := p.token()
		if name != "" {
			value, valid := p.value()
			if !valid {
				return addr, false, false
			}
			if strings.EqualFold(name, "for") {
				if seen {
					return addr, false, false
				}
				seen, addr = true, parseNode(value)
			}
		}
		p.blanks()
		if p.rest == "" {
			return addr, false, true
		}
		separator := p.rest[0]
		p.rest = p.rest[1:]
		switch separator {
		case ',':
			return addr, true, true
		case ';':
		default:
			return addr, false, false
		}
	}
}

func (p *pairs) blanks() { p.rest = strings.TrimLeft(p.rest, " \t") }

// token reads the longest token (RFC 9110, 5.6.2), which may be empty.
func (p *pairs) token() string {
	n := 0
	for n < len(p.rest) && isTokenByte(p.rest[n]) {
		n++
	}
	token := p.rest[:n]
	p.rest = p.rest[n:]
	return token
}

// value reads = and a token or a quoted string. An escape within quotes is
// refused: no address needs one.
func (p *pairs) value() (string, bool) {
	rest, ok := strings.CutPrefix(p.rest, "=")
	if !ok {
		return "", false
	}
	p.rest = rest
	if !strings.HasPrefix(rest, `"`) {
		value := p.token()
		return value, value != ""
	}
	end := strings.IndexByte(rest[1:], '"')
	if end < 0 || strings.IndexByte(rest[1:1+end], '\\') >= 0 {
		return "", false
	}
	p.rest = rest[end+2:]
	return rest[1 : 1+end], true
}

// parseNode reads a node (RFC 7239, 6); "unknown" and names that begin with _
// are no address. An IPv6 address stands in brackets.
func parseNode(node string) netip.Addr {
	if strings.IndexByte(node, '[') != 0 && strings.Count(node, ":") > 1 {
		return netip.Addr{}
	}
	return parseHop(node)
}

func isTokenByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		c != 0 && strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}
