package egress

import "net/netip"

// closed4 are the parts of IPv4 that are not the public Internet (IANA IPv4
// Special-Purpose Address Registry, RFC 6890) or that answer for the inside.
var closed4 = [...]string{
	"0.0.0.0/8",        // this network, RFC 791; Linux takes 0.0.0.0 for loopback
	"10.0.0.0/8",       // private, RFC 1918
	"100.64.0.0/10",    // carrier-grade NAT, RFC 6598; a cloud's metadata too
	"127.0.0.0/8",      // loopback, RFC 1122
	"168.63.129.16/32", // a cloud's own platform, public in looks only
	"169.254.0.0/16",   // link-local, RFC 3927; the metadata of most clouds
	"172.16.0.0/12",    // private, RFC 1918
	"192.0.0.0/24",     // protocol assignments, RFC 6890
	"192.0.2.0/24",     // documentation, RFC 5737
	"192.88.99.0/24",   // 6to4 relays, RFC 7526
	"192.168.0.0/16",   // private, RFC 1918
	"198.18.0.0/15",    // benchmarks, RFC 2544
	"198.51.100.0/24",  // documentation, RFC 5737
	"203.0.113.0/24",   // documentation, RFC 5737
	"224.0.0.0/4",      // multicast, RFC 5771
	"240.0.0.0/4",      // reserved and broadcast, RFC 1112
}

// closed6 are the parts of global unicast IPv6 (2000::/3) that are closed;
// outside of it everything is, metadata at fd00:ec2::254 with it.
var closed6 = [...]string{
	"2001::/23",     // protocol assignments, RFC 2928: Teredo, benchmarks, ORCHID
	"2001:db8::/32", // documentation, RFC 3849
	"2002::/16",     // 6to4, RFC 7526: an IPv4 address in disguise
	"3fff::/20",     // documentation, RFC 9637
}

// The one other network outside 2000::/3 that may lead to the Internet: IPv4
// behind a translator (RFC 6052), common where there is no IPv4.
const (
	globalUnicast = "2000::/3"
	translated    = "64:ff9b::/96"
)

// networks are the tables above, parsed once for each Guard.
type networks struct {
	closed        []netip.Prefix
	globalUnicast netip.Prefix
	translated    netip.Prefix
}

func newNetworks() networks {
	n := networks{globalUnicast: netip.MustParsePrefix(globalUnicast), translated: netip.MustParsePrefix(translated)}
	for _, text := range closed4 {
		n.closed = append(n.closed, netip.MustParsePrefix(text))
	}
	for _, text := range closed6 {
		n.closed = append(n.closed, netip.MustParsePrefix(text))
	}
	return n
}

// public reports whether addr is on the public Internet. addr is unmapped.
func (n networks) public(addr netip.Addr) bool {
	if n.translated.Contains(addr) {
		b := addr.As16()
		addr = netip.AddrFrom4([4]byte(b[12:]))
	}
	if addr.Zone() != "" || addr.Is6() && !n.globalUnicast.Contains(addr) {
		return false
	}
	return addr.IsValid() && !within(addr, n.closed)
}

func within(addr netip.Addr, prefixes []netip.Prefix) bool {
	for _, p := range prefixes {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}
