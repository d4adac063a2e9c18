package identity

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
)

func TestParseNetwork(t *testing.T) {
	for text, want := range map[string]string{
		"10.0.0.0/8":            "10.0.0.0/8",
		" 10.1.2.3/8 ":          "10.0.0.0/8", // the bits behind the mask say nothing
		"192.0.2.7/32":          "192.0.2.7/32",
		"0.0.0.0/0":             "0.0.0.0/0",
		"2001:DB8:0:0::1/48":    "2001:db8::/48",
		"::/0":                  "::/0",
		"::ffff:10.1.2.3/104":   "10.0.0.0/8", // IPv4 in the clothes of IPv6
		"::ffff:0.0.0.0/96":     "0.0.0.0/0",
		"::ffff:10.0.0.0/80":    "::/80", // more than what is IPv4
		"10.0.0.0":              "",
		"10.0.0.0/33":           "",
		"10.0.0.0/-1":           "",
		"10.0.0.0/08":           "",
		"010.0.0.0/8":           "",
		"10.0.0/8":              "",
		"2001:db8::/129":        "",
		"fe80::1%eth0/64":       "",
		"10.0.0.0/255.0.0.0":    "",
		"10.0.0.0-10.0.0.9":     "",
		"office":                "",
		"":                      "",
		"10.0.0.0/8,10.0.0.0/9": "",
	} {
		got, err := ParseNetwork(text)
		if want == "" {
			if f := fault.Of(err); err == nil || f.Code != fault.CodeFieldFormat || f.Field != "network" || f.Kind != fault.Invalid {
				t.Errorf("%q: got %v, %v, want a refusal", text, got, err)
			}
			continue
		}
		if err != nil || got.String() != want {
			t.Errorf("%q: got %v, %v, want %s", text, got, err, want)
		}
	}
}

func TestRegionHolds(t *testing.T) {
	for _, tt := range []struct {
		network, address string
		want             bool
	}{
		{"10.0.0.0/8", "10.255.255.255", true},
		{"10.0.0.0/8", "11.0.0.0", false},
		{"10.0.0.0/8", "::ffff:10.0.0.1", true},
		{"10.0.0.0/8", "2001:db8::1", false},
		{"0.0.0.0/0", "192.0.2.1", true},
		{"0.0.0.0/0", "2001:db8::1", false}, // all of IPv4 is not all
		{"::/0", "2001:db8::1", true},
		{"::/0", "192.0.2.1", false},
		{"192.0.2.7/32", "192.0.2.7", true},
		{"192.0.2.7/32", "192.0.2.8", false},
		{"2001:db8::/48", "2001:db8:0:ffff::1", true},
		{"2001:db8::/48", "2001:db8:1::1", false},
		{"fe80::/10", "fe80::1%eth0", true}, // the zone is this machine's affair
		{"0.0.0.0/0", "", false},
		{"::/0", "", false},
	} {
		var address netip.Addr
		if tt.address != "" {
			address = netip.MustParseAddr(tt.address)
		}
		if got := (Region{Network: netip.MustParsePrefix(tt.network)}).Holds(address); got != tt.want {
			t.Errorf("%s holds %q: got %v, want %v", tt.network, tt.address, got, tt.want)
		}
	}
	if (Region{}).Holds(netip.MustParseAddr("192.0.2.1")) {
		t.Error("a region without a network holds an address")
	}
}

func TestRegionValidate(t *testing.T) {
	good := Region{Name: "Development", Network: netip.MustParsePrefix("10.0.0.0/8")}
	for name, tt := range map[string]struct {
		change func(*Region)
		want   fault.Code
		field  string
	}{
		"good":             {func(*Region) {}, "", ""},
		"no name":          {func(r *Region) { r.Name = "" }, fault.CodeFieldLength, "name"},
		"a long name":      {func(r *Region) { r.Name = strings.Repeat("x", 65) }, fault.CodeFieldLength, "name"},
		"an unclean name":  {func(r *Region) { r.Name = "a\x00b" }, fault.CodeMalformed, "name"},
		"long words":       {func(r *Region) { r.Description = strings.Repeat("区", 256) }, fault.CodeFieldLength, "description"},
		"no network":       {func(r *Region) { r.Network = netip.Prefix{} }, fault.CodeFieldFormat, "network"},
		"another spelling": {func(r *Region) { r.Network = netip.MustParsePrefix("10.0.0.1/8") }, fault.CodeFieldFormat, "network"},
	} {
		r := good
		tt.change(&r)
		err := r.Validate()
		if tt.want == "" {
			if err != nil {
				t.Errorf("%s: got %v", name, err)
			}
			continue
		}
		if f := fault.Of(err); err == nil || f.Code != tt.want || f.Field != tt.field {
			t.Errorf("%s: got %v, want %s at %s", name, err, tt.want, tt.field)
		}
	}
}

// FuzzParseNetwork: what is read has one spelling, which is read as the same,
// and holds its own first address.
func FuzzParseNetwork(f *testing.F) {
	for _, seed := range []string{"10.1.2.3/8", "::ffff:10.0.0.1/100", "2001:db8::1/48", "::/0", "0.0.0.0/0", "fe80::1%x/64", "/8", "1.2.3.4/"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		network, err := ParseNetwork(text)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("%q: got %v", text, err)
			}
			return
		}
		again, err := ParseNetwork(network.String())
		if err != nil || again != network {
			t.Fatalf("%q: got %v, and of its spelling %v, %v", text, network, again, err)
		}
		r := Region{Name: "x", Network: network}
		if err := r.Validate(); err != nil || !r.Holds(network.Addr()) {
			t.Fatalf("%q: %v, holds its first address: %v", text, err, r.Holds(network.Addr()))
		}
	})
}
