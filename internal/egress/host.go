package egress

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// target is where a connection is wanted: an address or a name, and a port.
type target struct {
	name string // lower case, without a final dot; "" when addr is valid
	addr netip.Addr
	port uint16
}

// parseTarget takes host:port apart. It knows one spelling of an address and
// one of a name; whatever else a resolver or a C library might understand
// (2130706433, 0177.1, 0x7f.1, a zone, a user before an @) is refused.
func parseTarget(hostport string) (target, bool) {
	host, portText, err := net.SplitHostPort(hostport)
	if err != nil {
		return target{}, false
	}
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil || port == 0 {
		return target{}, false
	}
	t := target{port: uint16(port)}
	if addr, err := netip.ParseAddr(host); err == nil {
		t.addr = addr.Unmap()
		return t, addr.Zone() == ""
	}
	t.name = cleanName(host)
	return t, t.name != ""
}

// cleanName returns name as it is compared and resolved, "" when it is no DNS
// name in ASCII (RFC 1123, 2.1). The last label is not numeric, as in the
// URL standard ("ends in a number"), for then it would be an address.
func cleanName(name string) string {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if name == "" || len(name) > 253 {
		return ""
	}
	last := ""
	for label := range strings.SplitSeq(name, ".") {
		if !isLabel(label) {
			return ""
		}
		last = label
	}
	if last[0] >= '0' && last[0] <= '9' {
		return ""
	}
	return name
}

func isLabel(label string) bool {
	if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for i := range len(label) {
		c := label[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}
