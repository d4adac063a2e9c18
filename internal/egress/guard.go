package egress

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

const (
	// dialTimeout is for one address of a name, so that one that is silent
	// leaves time for the next.
	dialTimeout = 4 * time.Second
	// maxAddresses bounds how many addresses of one name are tried.
	maxAddresses = 4
)

// Resolver finds the addresses of a name; *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// TextResolver finds the TXT records of a name; *net.Resolver is one.
type TextResolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

// ExchangeResolver finds the MX records of a name; *net.Resolver is one.
type ExchangeResolver interface {
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
}

// Options are what a Guard needs. The zero value reaches the public Internet
// only.
type Options struct {
	// Allow holds networks (CIDR), addresses and host names inside that may be
	// reached. An allowed name may have any address.
	Allow []string
	// CAFiles are PEM files with certificate authorities that are believed
	// beside those of the system.
	CAFiles []string
	// AllowLoopback lets this machine be reached: for the demonstration and
	// for tests, where everything runs on it.
	AllowLoopback bool
	// Resolver is net.DefaultResolver when nil.
	Resolver Resolver
	// Texts is net.DefaultResolver when nil.
	Texts TextResolver
	// Exchanges is net.DefaultResolver when nil.
	Exchanges ExchangeResolver
}

// Guard opens connections to where configured addresses may lead. It is safe
// for concurrent use.
type Guard struct {
	names     map[string]bool
	prefixes  []netip.Prefix
	loopback  bool
	networks  networks
	resolver  Resolver
	texts     TextResolver
	exchanges ExchangeResolver
	roots     *x509.CertPool // nil for those of the system
	dial      func(ctx context.Context, network, addr string) (net.Conn, error)
}

// New makes a guard. It fails when an entry of Allow is neither a network nor
// a name, or a file of CAFiles holds no certificate.
func New(o Options) (*Guard, error) {
	dialer := &net.Dialer{Timeout: dialTimeout}
	g := &Guard{
		names: map[string]bool{}, loopback: o.AllowLoopback, networks: newNetworks(),
		resolver: o.Resolver, texts: o.Texts, exchanges: o.Exchanges, dial: dialer.DialContext,
	}
	if g.texts == nil {
		g.texts = net.DefaultResolver
	}
	if g.exchanges == nil {
		g.exchanges = net.DefaultResolver
	}
	if g.resolver == nil {
		g.resolver = net.DefaultResolver
	}
	for _, entry := range o.Allow {
		if err := g.allow(entry); err != nil {
			return nil, err
		}
	}
	var err error
	g.roots, err = readRoots(o.CAFiles)
	return g, err
}

func (g *Guard) allow(entry string) error {
	if addr, err := netip.ParseAddr(entry); err == nil && addr.Zone() == "" {
		addr = addr.Unmap()
		g.prefixes = append(g.prefixes, netip.PrefixFrom(addr, addr.BitLen()))
		return nil
	}
	if prefix, err := netip.ParsePrefix(entry); err == nil && !prefix.Addr().Is4In6() {
		g.prefixes = append(g.prefixes, prefix.Masked())
		return nil
	}
	name := cleanName(entry)
	if name == "" {
		return fmt.Errorf("egress: %q is neither a network nor a host name", entry)
	}
	g.names[name] = true
	return nil
}

// readRoots returns the system's authorities and those of the files.
func readRoots(files []string) (*x509.CertPool, error) {
	if len(files) == 0 {
		return nil, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("egress: system certificates: %w", err)
	}
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("egress: certificate authority: %w", err)
		}
		if !pool.AppendCertsFromPEM(raw) {
			return nil, fmt.Errorf("egress: %s holds no certificate in PEM", path)
		}
	}
	return pool, nil
}

// Roots returns the certificate authorities of outgoing TLS, nil for those of
// the system; for protocols that open TLS themselves, such as SMTP.
func (g *Guard) Roots() *x509.CertPool { return g.roots }

// DialContext connects to addr, host:port, over TCP. It has the shape that
// net/http and mail libraries ask for. Its faults are egress_address,
// egress_blocked and those of Explain.
func (g *Guard) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	if network != "tcp" && network != "tcp4" && network != "tcp6" {
		return nil, blamed(fault.Invalid, fault.CodeEgressAddress, addr).Because(net.UnknownNetworkError(network))
	}
	t, ok := parseTarget(addr)
	if !ok {
		return nil, blamed(fault.Invalid, fault.CodeEgressAddress, addr)
	}
	open, err := g.addresses(ctx, t)
	if err != nil {
		return nil, err
	}
	var failures []error
	for _, ip := range open[:min(len(open), maxAddresses)] {
		// An address and not the name: what is dialled is what was judged.
		conn, err := g.dial(ctx, network, netip.AddrPortFrom(ip, t.port).String())
		if err == nil {
			return conn, nil
		}
		failures = append(failures, err)
		if ctx.Err() != nil {
			break
		}
	}
	return nil, explain(errors.Join(failures...), hostOf(addr))
}

// LookupTXT returns the TXT records of a name, none where it has none. It asks
// the resolver of this machine and connects to nothing. Its faults are those of
// Explain.
func (g *Guard) LookupTXT(ctx context.Context, name string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	// The point at the end keeps search domains of this machine out.
	texts, err := g.texts.LookupTXT(ctx, name+".")
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, explain(err, name)
	}
	return texts, nil
}

// LookupMX is LookupTXT for the mail servers of a name, without their
// preferences.
func (g *Guard) LookupMX(ctx context.Context, name string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	records, err := g.exchanges.LookupMX(ctx, name+".")
	var hosts []string
	for _, r := range records { // beside a record that is none there may be good ones
		hosts = append(hosts, r.Host)
	}
	var dns *net.DNSError
	if err == nil || len(hosts) > 0 || errors.As(err, &dns) && dns.IsNotFound {
		return hosts, nil
	}
	return nil, explain(err, name)
}

// addresses returns those addresses of t that may be dialled, at least one.
func (g *Guard) addresses(ctx context.Context, t target) ([]netip.Addr, error) {
	if t.name == "" {
		if !g.permits(t.addr) {
			return nil, blamed(fault.Invalid, fault.CodeEgressBlocked, t.addr.String())
		}
		return []netip.Addr{t.addr}, nil
	}
	all, err := g.resolver.LookupNetIP(ctx, "ip", t.name)
	if err != nil {
		return nil, explain(err, t.name)
	}
	var open []netip.Addr
	for _, addr := range all {
		addr = addr.Unmap()
		if g.names[t.name] || g.permits(addr) {
			open = append(open, addr)
		}
	}
	switch {
	case len(all) == 0:
		return nil, blamed(fault.Unavailable, fault.CodeEgressUnresolved, t.name)
	case len(open) == 0:
		// The addresses are for the log: to show them would map the inside.
		return nil, blamed(fault.Invalid, fault.CodeEgressBlocked, t.name).Because(fmt.Errorf("it resolves to %v", all))
	}
	return open, nil
}

// permits judges one address.
func (g *Guard) permits(addr netip.Addr) bool {
	return g.networks.public(addr) || within(addr, g.prefixes) || g.loopback && addr.IsLoopback()
}
