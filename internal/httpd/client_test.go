package httpd

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

// trusted are the proxies of the tests below.
func trusted() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
}

func clientOf(remote string, headers http.Header) string {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr, r.Header = remote, headers
	return clientAddr(r, trusted()).String()
}

func TestClientAddr(t *testing.T) {
	const proxy, stranger = "10.0.0.1:1", "198.51.100.7:1"
	hundred := strings.TrimSuffix(strings.Repeat("10.0.0.9,", 100), ",")
	tests := []struct {
		name   string
		remote string
		header string
		values []string
		want   string
	}{
		{"no proxy", stranger, "", nil, "198.51.100.7"},
		{"no header", proxy, "", nil, "10.0.0.1"},
		{"stranger claims", stranger, "X-Forwarded-For", []string{"203.0.113.5"}, "198.51.100.7"},
		{"one hop", proxy, "X-Forwarded-For", []string{"203.0.113.5"}, "203.0.113.5"},
		{"client wrote the left one", proxy, "X-Forwarded-For", []string{"1.1.1.1, 203.0.113.5"}, "203.0.113.5"},
		{"two proxies", proxy, "X-Forwarded-For", []string{"203.0.113.5, 10.0.0.2"}, "203.0.113.5"},
		{"several lines", proxy, "X-Forwarded-For", []string{"1.1.1.1", "203.0.113.5", "10.0.0.2"}, "203.0.113.5"},
		{"only proxies", proxy, "X-Forwarded-For", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"garbage", proxy, "X-Forwarded-For", []string{"a"}, "10.0.0.1"},
		{"garbage behind a proxy", proxy, "X-Forwarded-For", []string{"203.0.113.5, a, 10.0.0.2"}, "10.0.0.2"},
		{"empty", proxy, "X-Forwarded-For", []string{""}, "10.0.0.1"},
		{"empty item", proxy, "X-Forwarded-For", []string{"203.0.113.5,"}, "10.0.0.1"},
		{"10 kB", proxy, "X-Forwarded-For", []string{strings.Repeat("9", 10_000)}, "10.0.0.1"},
		{"100 hops", proxy, "X-Forwarded-For", []string{"203.0.113.5," + hundred}, "10.0.0.9"},
		{"port", proxy, "X-Forwarded-For", []string{"203.0.113.5:443"}, "203.0.113.5"},
		{"IPv6", proxy, "X-Forwarded-For", []string{"2001:db8::1"}, "2001:db8::1"},
		{"IPv6 in brackets", proxy, "X-Forwarded-For", []string{"[2001:db8::1]"}, "2001:db8::1"},
		{"IPv6 with port", proxy, "X-Forwarded-For", []string{"[2001:db8::1]:443"}, "2001:db8::1"},
		{"IPv6 zone", proxy, "X-Forwarded-For", []string{"fe80::1%eth0"}, "fe80::1"},
		{"mapped", proxy, "X-Forwarded-For", []string{"::ffff:203.0.113.5"}, "203.0.113.5"},
		{"mapped proxy", "[::ffff:10.0.0.1]:1", "X-Forwarded-For", []string{"203.0.113.5, ::ffff:10.0.0.2"}, "203.0.113.5"},
		{"IPv6 proxy", "[fd00::1%lan]:1", "X-Forwarded-For", []string{"203.0.113.5"}, "203.0.113.5"},
		{"IPv4 in brackets", proxy, "X-Forwarded-For", []string{"[203.0.113.5]"}, "10.0.0.1"},
		{"odd IPv4", proxy, "X-Forwarded-For", []string{"0313.0.0161.5"}, "10.0.0.1"},
		{"header of another name", proxy, "X-Real-Ip", []string{"203.0.113.5"}, "10.0.0.1"},
		{"header of a third name", proxy, "True-Client-Ip", []string{"203.0.113.5"}, "10.0.0.1"},
		{"underscores", proxy, "X_forwarded_for", []string{"203.0.113.5"}, "10.0.0.1"},
		{"Forwarded", proxy, "Forwarded", []string{`for=203.0.113.5;proto=https;by=10.0.0.1`}, "203.0.113.5"},
		{"Forwarded IPv6", proxy, "Forwarded", []string{`For="[2001:db8::1]:4711"`}, "2001:db8::1"},
		{"Forwarded twice", proxy, "Forwarded", []string{`for=1.1.1.1, for=203.0.113.5, for=10.0.0.2`}, "203.0.113.5"},
		{"Forwarded in lines", proxy, "Forwarded", []string{`for=1.1.1.1`, `for=203.0.113.5`, `for=10.0.0.2`}, "203.0.113.5"},
		{"Forwarded unknown", proxy, "Forwarded", []string{`for=1.1.1.1, for=unknown`}, "10.0.0.1"},
		{"Forwarded obfuscated", proxy, "Forwarded", []string{`for=1.1.1.1, for=_a;by=_b, for=10.0.0.2`}, "10.0.0.2"},
		{"Forwarded without for", proxy, "Forwarded", []string{`proto=https`}, "10.0.0.1"},
		{"Forwarded IPv6 without quotes", proxy, "Forwarded", []string{`for=[2001:db8::1]`}, "10.0.0.1"},
		{"Forwarded IPv6 without brackets", proxy, "Forwarded", []string{`for="2001:db8::1"`}, "10.0.0.1"},
		{"Forwarded with two for", proxy, "Forwarded", []string{`for=203.0.113.5;for=1.1.1.1`}, "10.0.0.1"},
		{"Forwarded, quote left open", proxy, "Forwarded", []string{`for="1.1.1.1, for=203.0.113.5`}, "10.0.0.1"},
		{"Forwarded, quote closed by the next", proxy, "Forwarded", []string{`for="1.1.1.1, for="[2001:db8::1]"`}, "10.0.0.1"},
		{"Forwarded with an escape", proxy, "Forwarded", []string{`for="203.0.113\.5"`}, "10.0.0.1"},
		{"Forwarded without value", proxy, "Forwarded", []string{`for=`}, "10.0.0.1"},
		{"Forwarded without sign", proxy, "Forwarded", []string{`for`}, "10.0.0.1"},
		{"Forwarded, broken line beyond a good one", proxy, "Forwarded", []string{`for="`, `for=10.0.0.2`}, "10.0.0.2"},
		{"Forwarded, 100 hops", proxy, "Forwarded", []string{`for=203.0.113.5` + strings.Repeat(",for=10.0.0.9", 99) + ",for=203.0.113.6"}, "203.0.113.6"},
		{"Forwarded, 100 proxies", proxy, "Forwarded", []string{`for=203.0.113.5` + strings.Repeat(",for=10.0.0.9", 100)}, "10.0.0.9"},
		{"no address at all", "@", "X-Forwarded-For", []string{"203.0.113.5"}, "invalid IP"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			headers := http.Header{}
			if test.header != "" {
				headers[test.header] = test.values
			}
			if got := clientOf(test.remote, headers); got != test.want {
				t.Errorf("client = %s, want %s", got, test.want)
			}
		})
	}
}

func TestForwardedForWinsOverForwarded(t *testing.T) {
	headers := http.Header{"X-Forwarded-For": {"garbage"}, "Forwarded": {"for=203.0.113.5"}}
	if got := clientOf("10.0.0.1:1", headers); got != "10.0.0.1" {
		t.Errorf("client = %s, want the peer: a broken X-Forwarded-For does not give way", got)
	}
}

// FuzzForwarded gives both headers anything and a last hop of a trusted proxy:
// the answer is never what a client could have written left of a stranger.
func FuzzForwarded(f *testing.F) {
	for _, seed := range []string{"", "1.1.1.1", `for="[::1]:1";by=a, for=1.1.1.1`, `for="`, ",,,", "a%b", `for=";"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for header, last := range map[string]string{"X-Forwarded-For": "203.0.113.5", "Forwarded": "for=203.0.113.5"} {
			got := clientOf("10.0.0.1:1", http.Header{header: {text + "," + last}})
			// A broken line of Forwarded leaves the peer; nothing gives another address.
			if got != "203.0.113.5" && (header == "X-Forwarded-For" || got != "10.0.0.1") {
				t.Errorf("%s %q: client = %s", header, text, got)
			}
			alone := clientOf("10.0.0.1:1", http.Header{header: {text}})
			if addr, err := netip.ParseAddr(alone); err != nil || addr.Is4In6() || addr.Zone() != "" {
				t.Errorf("%s %q: client = %s is no plain address", header, text, alone)
			}
		}
	})
}
