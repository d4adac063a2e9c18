package egress

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
)

// answers is a resolver with one list of answers for each question in turn;
// the last is repeated.
type answers struct {
	lists [][]netip.Addr
	asked int
}

func (a *answers) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	if len(a.lists) == 0 {
		return nil, &net.DNSError{Err: "no such host", IsNotFound: true}
	}
	list := a.lists[min(a.asked, len(a.lists)-1)]
	a.asked++
	return list, nil
}

func addrs(texts ...string) []netip.Addr {
	var all []netip.Addr
	for _, text := range texts {
		all = append(all, netip.MustParseAddr(text))
	}
	return all
}

// recorded makes a guard that dials nobody and remembers where it would have.
func recorded(t testing.TB, o Options) (g *Guard, dialled *[]string) {
	t.Helper()
	if o.Resolver == nil {
		o.Resolver = &answers{}
	}
	g, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	dialled = new([]string)
	g.dial = func(_ context.Context, _, addr string) (net.Conn, error) {
		*dialled = append(*dialled, addr)
		near, far := net.Pipe()
		return near, far.Close()
	}
	return g, dialled
}

// dial connects and reports the code of the fault, "" when it succeeded.
func dial(t testing.TB, g *Guard, addr string) fault.Code {
	t.Helper()
	conn, err := g.DialContext(context.Background(), "tcp", addr)
	if err == nil {
		_ = conn.Close()
		return ""
	}
	var f *fault.Error
	if !errors.As(err, &f) {
		t.Fatalf("DialContext(%q) = %v, want a fault", addr, err)
	}
	return f.Code
}

func TestAddresses(t *testing.T) {
	const open, blocked, malformed = fault.Code(""), fault.CodeEgressBlocked, fault.CodeEgressAddress
	tests := []struct {
		host string
		want fault.Code
	}{
		{"8.8.8.8", open},
		{"1.1.1.1", open},
		{"100.63.255.255", open},
		{"100.128.0.0", open},
		{"172.15.255.255", open},
		{"172.32.0.0", open},
		{"[2606:4700::1111]", open},
		{"[::ffff:8.8.8.8]", open},
		{"[64:ff9b::808:808]", open},

		{"127.0.0.1", blocked},
		{"127.255.255.255", blocked},
		{"0.0.0.0", blocked},
		{"0.1.2.3", blocked},
		{"10.0.0.1", blocked},
		{"172.16.0.1", blocked},
		{"172.31.255.255", blocked},
		{"192.168.1.1", blocked},
		{"100.64.0.1", blocked},
		{"100.100.100.200", blocked},
		{"169.254.169.254", blocked},
		{"168.63.129.16", blocked},
		{"192.0.0.192", blocked},
		{"192.0.2.1", blocked},
		{"198.18.0.1", blocked},
		{"198.19.255.255", blocked},
		{"198.51.100.1", blocked},
		{"203.0.113.1", blocked},
		{"192.88.99.1", blocked},
		{"224.0.0.1", blocked},
		{"240.0.0.1", blocked},
		{"255.255.255.255", blocked},
		{"[::]", blocked},
		{"[::1]", blocked},
		{"[fe80::1]", blocked},
		{"[fc00::1]", blocked},
		{"[fd00:ec2::254]", blocked},
		{"[fec0::1]", blocked},
		{"[ff02::1]", blocked},
		{"[2001:db8::1]", blocked},
		{"[2001:2::1]", blocked},
		{"[3fff::1]", blocked},
		{"[100::1]", blocked},
		{"[::ffff:127.0.0.1]", blocked},
		{"[::ffff:7f00:1]", blocked},
		{"[::ffff:169.254.169.254]", blocked},
		{"[::127.0.0.1]", blocked}, // IPv4-compatible
		{"[64:ff9b::7f00:1]", blocked},
		{"[64:ff9b::a9fe:a9fe]", blocked}, // NAT64
		{"[64:ff9b:1::808:808]", blocked}, // local NAT64
		{"[2002:7f00:1::1]", blocked},
		{"[2002:a9fe:a9fe::1]", blocked}, // 6to4
		{"[2001:0:7f00:1::80ff:fffe]", blocked},
		{"[2001::5601:5601]", blocked}, // Teredo

		{"2130706433", malformed},
		{"0177.1", malformed},
		{"0x7f.1", malformed},
		{"0x7f000001", malformed},
		{"127.1", malformed},
		{"127.0.0.1.", malformed},
		{"0177.0.0.01", malformed},
		{"127.000.000.001", malformed},
		{"017700000001", malformed},
		{"[fe80::1%eth0]", malformed},
		{"[fe80::1%25eth0]", malformed},
		{"[::1%]", malformed},
		{"good.example@127.0.0.1", malformed},
		{"127.0.0.1#good.example", malformed},
		{"good.example/", malformed},
		{"good.example\x00", malformed},
		{"a b", malformed},
		{"", malformed},
		{".", malformed},
		{"a..b", malformed},
		{"-a.example", malformed},
		{"１２７.0.0.1", malformed},
		{"ⓛocalhost", malformed},
		{"127。0。0。1", malformed},
		{"[127.0.0.1", malformed},
		{strings.Repeat("a", 64) + ".example", malformed},
		{strings.Repeat("a.", 130) + "example", malformed},
		{"unknown.example", fault.CodeEgressUnresolved},
	}
	for _, test := range tests {
		g, dialled := recorded(t, Options{})
		if got := dial(t, g, test.host+":443"); got != test.want {
			t.Errorf("%q = %q, want %q", test.host, got, test.want)
		}
		if test.want != open && len(*dialled) > 0 {
			t.Errorf("%q was dialled: %v", test.host, *dialled)
		}
	}
}

func TestPorts(t *testing.T) {
	for _, addr := range []string{"8.8.8.8", "8.8.8.8:", "8.8.8.8:0", "8.8.8.8:65536", "8.8.8.8:http", "8.8.8.8:-1", "8.8.8.8:+80"} {
		g, _ := recorded(t, Options{})
		if got := dial(t, g, addr); got != fault.CodeEgressAddress {
			t.Errorf("%q = %q, want %q", addr, got, fault.CodeEgressAddress)
		}
	}
}

func TestNetworks(t *testing.T) {
	for network, want := range map[string]bool{"tcp": true, "tcp4": true, "tcp6": true, "udp": false, "unix": false, "ip": false} {
		g, _ := recorded(t, Options{})
		conn, err := g.DialContext(t.Context(), network, "8.8.8.8:53")
		if got := err == nil; got != want {
			t.Errorf("network %s = %v, want success to be %v", network, err, want)
		}
		if conn != nil {
			_ = conn.Close()
		}
	}
}

func TestNames(t *testing.T) {
	tests := []struct {
		name    string
		options Options
		answer  []netip.Addr
		host    string
		want    fault.Code
		dialled string
	}{
		{"public", Options{}, addrs("8.8.8.8"), "mail.example", "", "8.8.8.8:25"},
		{"final dot and capitals", Options{}, addrs("8.8.8.8"), "Mail.Example.", "", "8.8.8.8:25"},
		{"underscore", Options{}, addrs("8.8.8.8"), "_mail.example", "", "8.8.8.8:25"},
		{"inside", Options{}, addrs("10.0.0.1"), "mail.example", fault.CodeEgressBlocked, ""},
		{"localhost", Options{}, addrs("127.0.0.1", "::1"), "localhost", fault.CodeEgressBlocked, ""},
		{"localhost with a dot", Options{}, addrs("127.0.0.1"), "LOCALHOST.", fault.CodeEgressBlocked, ""},
		{"metadata by name", Options{}, addrs("169.254.169.254"), "metadata.google.internal", fault.CodeEgressBlocked, ""},
		{"mapped answer", Options{}, addrs("::ffff:127.0.0.1"), "mail.example", fault.CodeEgressBlocked, ""},
		{"both, only the public one", Options{}, addrs("127.0.0.1", "8.8.8.8"), "mail.example", "", "8.8.8.8:25"},
		{"no answer", Options{}, nil, "mail.example", fault.CodeEgressUnresolved, ""},
		{"allowed network", Options{Allow: []string{"10.0.0.0/8"}}, addrs("10.0.0.1"), "mail.example", "", "10.0.0.1:25"},
		{"allowed network, other address", Options{Allow: []string{"10.0.0.0/8"}}, addrs("192.168.0.1"), "mail.example", fault.CodeEgressBlocked, ""},
		{"allowed address", Options{Allow: []string{"10.0.0.1"}}, addrs("10.0.0.1"), "mail.example", "", "10.0.0.1:25"},
		{"allowed address, its neighbour", Options{Allow: []string{"10.0.0.1"}}, addrs("10.0.0.2"), "mail.example", fault.CodeEgressBlocked, ""},
		{"allowed IPv6 network", Options{Allow: []string{"fd00::/8"}}, addrs("fd00::1"), "mail.example", "", "[fd00::1]:25"},
		{"allowed name", Options{Allow: []string{"MAIL.example."}}, addrs("10.0.0.1"), "mail.example", "", "10.0.0.1:25"},
		{"allowed name, one below", Options{Allow: []string{"mail.example"}}, addrs("10.0.0.1"), "a.mail.example", fault.CodeEgressBlocked, ""},
		{"loopback allowed", Options{AllowLoopback: true}, addrs("127.0.0.1"), "localhost", "", "127.0.0.1:25"},
		{"loopback allowed, not the rest", Options{AllowLoopback: true}, addrs("10.0.0.1"), "mail.example", fault.CodeEgressBlocked, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.options.Resolver = &answers{lists: [][]netip.Addr{test.answer}}
			g, dialled := recorded(t, test.options)
			if got := dial(t, g, test.host+":25"); got != test.want {
				t.Errorf("code = %q, want %q", got, test.want)
			}
			if got := strings.Join(*dialled, " "); got != test.dialled {
				t.Errorf("dialled %q, want %q", got, test.dialled)
			}
		})
	}
}

// TestRebinding answers with a public address when asked first and with
// loopback ever after: the name is asked once and its first answer is dialled.
func TestRebinding(t *testing.T) {
	resolver := &answers{lists: [][]netip.Addr{addrs("8.8.8.8"), addrs("127.0.0.1")}}
	g, dialled := recorded(t, Options{Resolver: resolver})
	if got := dial(t, g, "rebind.example:80"); got != "" || (*dialled)[0] != "8.8.8.8:80" || resolver.asked != 1 {
		t.Errorf("code %q, dialled %v, asked %d times; want 8.8.8.8:80 after one question", got, *dialled, resolver.asked)
	}
	if got := dial(t, g, "rebind.example:80"); got != fault.CodeEgressBlocked {
		t.Errorf("second answer = %q, want %q", got, fault.CodeEgressBlocked)
	}
}

func TestTheNextAddressIsTried(t *testing.T) {
	many := addrs("8.8.8.1", "8.8.8.2", "8.8.8.3", "8.8.8.4", "8.8.8.5")
	g, _ := recorded(t, Options{Resolver: &answers{lists: [][]netip.Addr{many}}})
	tried := 0
	g.dial = func(context.Context, string, string) (net.Conn, error) {
		tried++
		return nil, errors.New("refused")
	}
	if got := dial(t, g, "mail.example:25"); got != fault.CodeEgressUnreachable || tried != maxAddresses {
		t.Errorf("code = %q after %d tries, want %q after %d", got, tried, fault.CodeEgressUnreachable, maxAddresses)
	}
	tried = 0
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := g.DialContext(ctx, "tcp", "mail.example:25"); err == nil || tried != 1 {
		t.Errorf("after its end the context allowed %d tries (%v), want 1", tried, err)
	}
}

// TestBlockedNamesDoNotShowTheirAddress keeps the inside from being mapped by
// whoever may configure an address.
func TestBlockedNamesDoNotShowTheirAddress(t *testing.T) {
	g, _ := recorded(t, Options{Resolver: &answers{lists: [][]netip.Addr{addrs("10.1.2.3")}}})
	_, err := g.DialContext(t.Context(), "tcp", "intranet.example:80")
	f := fault.Of(err)
	if f.Params["host"] != "intranet.example" || len(f.Params) != 1 {
		t.Errorf("params = %v, want only the host as configured", f.Params)
	}
	if !strings.Contains(err.Error(), "10.1.2.3") {
		t.Errorf("cause = %v, want the address for the log", err)
	}
}

func TestNew(t *testing.T) {
	for _, entry := range []string{"", "http://a", "10.0.0.0/33", "0177.1", "::ffff:10.0.0.0/104", "fe80::1%eth0", "*.example"} {
		if _, err := New(Options{Allow: []string{entry}}); err == nil {
			t.Errorf("New with Allow %q = nil, want an error", entry)
		}
	}
	empty := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(empty, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"/does/not/exist", empty} {
		if _, err := New(Options{CAFiles: []string{file}}); err == nil {
			t.Errorf("New with CAFiles %q = nil, want an error", file)
		}
	}
	g, err := New(Options{})
	if err != nil || g.Roots() != nil {
		t.Errorf("Roots = %v, %v, want those of the system", g.Roots(), err)
	}
}

// FuzzDial tries any spelling with a resolver that leads every name inside:
// nothing but a public address is ever dialled.
func FuzzDial(f *testing.F) {
	for _, seed := range []string{"localhost:80", "[::ffff:127.0.0.1]:80", "2130706433:80", "0x7f.1:80", "a@b:80", "8.8.8.8:80", "[64:ff9b::7f00:1]:1", "[::1%25lo]:80"} {
		f.Add(seed)
	}
	table := newNetworks()
	f.Fuzz(func(t *testing.T, addr string) {
		g, dialled := recorded(t, Options{Resolver: &answers{lists: [][]netip.Addr{addrs("127.0.0.1", "::1", "10.0.0.1")}}})
		code := dial(t, g, addr)
		for _, to := range *dialled {
			ip, err := netip.ParseAddrPort(to)
			if err != nil || !table.public(ip.Addr()) || ip.Addr().IsLoopback() || ip.Addr().IsPrivate() {
				t.Errorf("%q dialled %s", addr, to)
			}
		}
		if code == "" && len(*dialled) == 0 {
			t.Errorf("%q connected to nowhere", addr)
		}
	})
}

// texts answers for TXT records.
type texts func(name string) ([]string, error)

func (t texts) LookupTXT(_ context.Context, name string) ([]string, error) { return t(name) }

func TestTextRecords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		err  error
		code fault.Code // "" for none
	}{
		{"records", nil, ""},
		{"no such name", &net.DNSError{Err: "no such host", IsNotFound: true}, ""},
		{"a resolver that does not answer", &net.DNSError{Err: "i/o timeout", IsTimeout: true}, fault.CodeEgressTimeout},
		{"a resolver that fails", &net.DNSError{Err: "server misbehaving"}, fault.CodeEgressUnresolved},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g, err := New(Options{Texts: texts(func(name string) ([]string, error) {
				if name != "acme.example." {
					t.Errorf("asked for %q, which search domains may follow", name)
				}
				if test.err != nil {
					return nil, test.err
				}
				return []string{"a", "b"}, nil
			})})
			if err != nil {
				t.Fatal(err)
			}
			got, err := g.LookupTXT(t.Context(), "acme.example")
			switch {
			case test.code == "" && err != nil, test.code != "" && !fault.Is(err, test.code):
				t.Errorf("got %v, want %q", err, test.code)
			case test.err == nil && len(got) != 2, test.err != nil && len(got) > 0:
				t.Errorf("got %v", got)
			}
		})
	}
}

// exchanges answers for MX records.
type exchanges func(name string) ([]*net.MX, error)

func (x exchanges) LookupMX(_ context.Context, name string) ([]*net.MX, error) { return x(name) }

func TestExchangeRecords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		found []*net.MX
		err   error
		code  fault.Code // "" for none
	}{
		{"records", []*net.MX{{Host: "a.example."}, {Host: "b.example."}}, nil, ""},
		{"a bad record beside good ones", []*net.MX{{Host: "a.example."}, {Host: "b.example."}}, &net.DNSError{Err: "DNS response contained records which contain invalid names"}, ""},
		{"no such name", nil, &net.DNSError{Err: "no such host", IsNotFound: true}, ""},
		{"a resolver that does not answer", nil, &net.DNSError{Err: "i/o timeout", IsTimeout: true}, fault.CodeEgressTimeout},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g, err := New(Options{Exchanges: exchanges(func(name string) ([]*net.MX, error) {
				if name != "acme.example." {
					t.Errorf("asked for %q, which search domains may follow", name)
				}
				return test.found, test.err
			})})
			if err != nil {
				t.Fatal(err)
			}
			got, err := g.LookupMX(t.Context(), "acme.example")
			if test.code == "" && err != nil || test.code != "" && !fault.Is(err, test.code) || len(got) != len(test.found) {
				t.Errorf("got %v, %v, want %q", got, err, test.code)
			}
		})
	}
}
